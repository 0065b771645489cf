import type { Rows, Seed, Vector } from "../core/index.ts";
import type { LayerShape, Loss } from "../kernels/index.ts";

/** How the weights of a layer start; biases start at 0, save with "document". */
export type Init =
  | "he"
  | "heUniform"
  | "glorot"
  | "glorotUniform"
  | "lecun"
  | "lecunUniform"
  | "zeros"
  | "document";

export const initNames: readonly Init[] = [
  "he",
  "heUniform",
  "glorot",
  "glorotUniform",
  "lecun",
  "lecunUniform",
  "zeros",
  "document",
];

/** A dense layer as plain data: what it computes and how it starts. */
export interface Layer extends LayerShape {
  readonly init: Init;
}

/** What a model file says beside the numbers; plain data that survives JSON. */
export interface Metadata {
  /** The loss that it was trained with; absent before training. */
  loss?: Loss;
  /** The seed of its start; a bigint seed is written as text. */
  seed: Seed;
  /** Names of the classes, `[outputs]`. */
  classes?: string[];
  /** What turned raw columns into inputs: a `Preprocessing` that fits the network, or the model is neither saved nor loaded. */
  preprocessing?: unknown;
  /** The training options that were in force, as plain data. */
  options?: Record<string, unknown>;
}

/** A feed-forward network: a description of its layers and one flat vector of parameters. */
export interface Network {
  readonly layers: readonly Layer[];
  readonly parameterCount: number;
  readonly inputs: number;
  readonly outputs: number;
  /** "float32" or "float64", the precision of its numbers and of its arithmetic. */
  readonly precision: "float32" | "float64";
  /** `[parameterCount]`: W1 row-major, b1, W2, b2, … Read it anew after each await: memory may have moved. */
  readonly parameters: Vector;
  readonly metadata: Metadata;
  /** A view of layer `layer` (from 1), `[inputs, units]`, row-major. */
  weights(layer: number): Vector;
  /** A view of layer `layer` (from 1), `[units]`. */
  biases(layer: number): Vector;
  /** The outputs for rows of inputs, `[rows, outputs]`. */
  predict(x: Rows): Vector;
  /** Pre-activations and activations of every layer; `z[0]` and `a[0]` belong to layer 1, each `[rows, units]`. */
  forward(x: Rows): { z: Vector[]; a: Vector[] };
}
