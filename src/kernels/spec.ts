/** What a plan is made for: the closed lists of activations and losses, and the shape of a network. */

export type Activation =
  | "linear"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "selu"
  | "gelu"
  | "silu"
  | "softplus"
  | "softmax";

export type Loss =
  | "sumOfSquares"
  | "meanSquaredError"
  | "binaryCrossEntropy"
  | "categoricalCrossEntropy"
  | "huber";

export const activationNames: readonly Activation[] = [
  "linear",
  "sigmoid",
  "tanh",
  "relu",
  "leakyRelu",
  "elu",
  "selu",
  "gelu",
  "silu",
  "softplus",
  "softmax",
];

export const lossNames: readonly Loss[] = [
  "sumOfSquares",
  "meanSquaredError",
  "binaryCrossEntropy",
  "categoricalCrossEntropy",
  "huber",
];

/** Threads that a step may be shared out to. */
export const MOST_THREADS = 16;

/** The arithmetic of one dense layer: a = activation(x W + b), with W `[inputs, units]` and b `[units]`. */
export interface LayerShape {
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  /** Share of this layer's activations that a training step sets to zero; 0 for none. */
  readonly dropout: number;
}
