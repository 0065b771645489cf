/** What the page asks of the digits' worker, and what it answers: plain data and typed arrays. */
import { type Dataset, dense, type Layer, type Loss, type Network, type Precision } from "talweg";
import type { Extent, ImageSource } from "./images.ts";

/** A network on its way between threads. */
export interface SentNetwork {
  readonly layers: readonly Layer[];
  readonly precision: Precision;
  readonly parameters: Network["parameters"];
}

export const sent = (n: Network): SentNetwork => ({
  layers: n.layers.map((layer) => ({ ...layer })),
  precision: n.precision,
  parameters: n.parameters.slice(),
});

/** How a network does on the test images. */
export interface Tested {
  readonly rows: number;
  /** Mean over the images; null where it is not finite. */
  readonly loss: number | null;
  readonly accuracy: number;
  /** confusion[actual][predicted]. */
  readonly confusion: readonly (readonly number[])[];
  /** `[rows]`. */
  readonly predictions: Uint8Array;
  /** The largest output of each image, `[rows]`. */
  readonly sureness: Float32Array;
  /** Mean activations, [hidden layer][class][unit]. */
  readonly means: readonly (readonly (readonly number[])[])[];
}

/** All that training depends on: the same plan gives the same bits. */
export interface TrainingPlan {
  /** The images that it learns from. */
  readonly extent: Extent;
  readonly hidden: number;
  readonly epochs: number;
  readonly seed: number;
}

export const BATCH = 64;
/** Images that a plan learns from. */
export const plannedImages: Readonly<Record<Extent, number>> = { full: 60_000, shipped: 2000 };

export const plannedSteps = ({ extent, epochs }: TrainingPlan): number =>
  epochs * Math.ceil(plannedImages[extent] / BATCH);

/** The network of a plan, for the worker that trains it and the page that shows it. */
export const plannedLayers = ({ hidden }: TrainingPlan): Layer[] => [
  dense(784, hidden, "relu"),
  dense(hidden, 10, "softmax"),
];

export type DigitsAsk =
  /** The images that are tested on from now on. */
  | { readonly kind: "images"; readonly test: Dataset }
  | { readonly kind: "test"; readonly network: SentNetwork; readonly loss: Loss }
  | {
      readonly kind: "train";
      readonly plan: TrainingPlan;
      readonly source: ImageSource;
      /** The step after which it ends, if before the last. */
      readonly until: number | undefined;
    }
  | { readonly kind: "stop" };

export type DigitsReply =
  | { readonly kind: "tested"; readonly tested: Tested; readonly milliseconds: number }
  | { readonly kind: "loading"; readonly loaded: number; readonly total: number }
  /** Training goes on: the mean loss of the steps since the last report, and the network as it is now. */
  | {
      readonly kind: "trained";
      readonly step: number;
      readonly steps: number;
      readonly epoch: number;
      readonly loss: number;
      readonly seconds: number;
      readonly parameters: Float32Array<ArrayBuffer>;
    }
  | {
      readonly kind: "epoch";
      readonly epoch: number;
      readonly step: number;
      readonly accuracy: number;
      readonly seconds: number;
    }
  | {
      readonly kind: "ended";
      readonly step: number;
      readonly rows: number;
      readonly stopped: boolean;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: "refused"; readonly message: string };
