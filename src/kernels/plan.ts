/**
 * The interface that the arithmetic offers: one specification in two speeds, readable (scalar) and generated (SIMD).
 *
 * A plan is made once for a network's shape, a loss and a precision. It owns all memory that a step needs.
 */
import type { Dataset, Precision, Seed, Vector } from "../core/index.ts";
import type { LayerShape, Loss } from "./spec.ts";
import type { Update } from "./updates.ts";

export interface PlanSpec {
  readonly layers: readonly LayerShape[];
  /** Absent for a plan that only predicts. */
  readonly loss?: Loss;
  readonly precision: Precision;
}

/** Which rows of a dataset make the batch: `order[from]` … `order[from + rows - 1]`, or those numbers themselves. */
export interface BatchRows {
  readonly order?: Uint32Array;
  readonly from: number;
  readonly rows: number;
}

/** The first place where a number stopped being finite. */
export interface NotFinitePlace {
  /** From 1. */
  readonly layer: number;
  readonly what: "parameters" | "pre-activations" | "activations" | "loss" | "deltas" | "gradient";
}

/** Steps of one batch each, all by a declared rule: what a plan can do without being asked for every step. */
export interface DeclaredRun {
  /** Advances the optimizer by one step and gives its rule. */
  declare(): Update;
  readonly data: Dataset;
  readonly order: Uint32Array | undefined;
  /** Rows of a batch. The batches begin at `from` and end before `to`, the last one possibly shorter. */
  readonly batch: number;
  readonly from: number;
  readonly to: number;
}

export interface Plan {
  readonly spec: PlanSpec;
  readonly parameterCount: number;
  /** Makes these rows the batch that value and gradient go over. */
  load(data: Dataset, batch: BatchRows): void;
  /** Draws the dropout masks of this step, the same for each evaluation until the next call; without a step, no dropout. */
  dropout(masks?: { seed: Seed; step: number }): void;
  /** Mean loss of the batch at parameters `w` `[parameterCount]`. */
  value(w: Vector): number;
  /** The same, and its gradient into `g` `[parameterCount]`. */
  gradient(w: Vector, g: Vector): number;
  /** One update of `w` by a declared rule. */
  update(rule: Update, w: Vector, g: Vector): void;
  /**
   * A run of steps: for each batch its gradient at w into g, then one update of w. No number is looked at on the way.
   *
   * @returns `loss` plus each batch's mean loss times its rows, added up in their order; undefined, with nothing done, where
   *   the plan takes one step at a time.
   */
  steps(run: DeclaredRun, w: Vector, g: Vector, loss: number): number | undefined;
  /** Whether it can go over any number of rows without making memory for them. */
  readonly anyRows: boolean;
  /** Whether vectors of this plan's spare it copies, so that it pays to move the parameters there. */
  readonly holdsVectors: boolean;
  /** A vector of zeros `[parameterCount]` which the plan need not copy when it is given as w or g. */
  vector(): Vector;
  /** Ends the plan's threads, if it has any; it must not be used afterwards, save for its vectors. */
  close(): void;
  /**
   * Outputs `[rows, outputs]` for inputs `x` `[rows, inputs]`, bytes times `scale`. A plan that holds vectors looks at the
   * numbers of x itself.
   *
   * @throws {DataError} When it holds vectors and an input is NaN or infinite, with its row and column.
   */
  predict(w: Vector, x: Vector | Uint8Array, rows: number, out: Vector, scale?: number): void;
  /** Pre-activations and activations of each layer, `[rows, units]`. */
  forward(w: Vector, x: Vector, rows: number): { z: Vector[]; a: Vector[] };
  /** Looks the batch through for the first number that is not finite; undefined where all are finite. */
  firstNotFinite(w: Vector): NotFinitePlace | undefined;
}
