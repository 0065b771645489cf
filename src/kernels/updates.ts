/**
 * The arithmetic of updates on flat vectors, element by element: float32 vectors are worked on with every operation
 * rounded to float32, float64 vectors in float64. Scalars come in as float64 and are rounded once.
 *
 * An update rule is plain data, so that a plan can run it inside of its own memory.
 */
import type { Vector } from "../core/index.ts";
import { elementwise32 } from "./updates32.ts";
import { elementwise64 } from "./updates64.ts";
import { homeOf } from "./vectorHomes.ts";

/** Adam's constants of one step, and its moments. */
interface AdamStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** 1 - beta1^t and 1 - beta2^t at step t, from 1: what the moments lack because they began at 0. */
  correction1: number;
  correction2: number;
  m: Vector;
  v: Vector;
}

/** One update, ready to be applied: the rule, this step's constants, and the vectors that it keeps. */
export type Update =
  | { rule: "gradientDescent"; learningRate: number }
  | { rule: "momentum" | "nesterov"; learningRate: number; momentum: number; velocity: Vector }
  | { rule: "rmsProp"; learningRate: number; decay: number; epsilon: number; v: Vector }
  | ({ rule: "adam" } & AdamStep)
  | ({ rule: "adamW"; weightDecay: number } & AdamStep);

/** Elementwise operations over vectors of one length and one precision. `out` may be any of the other vectors. */
export interface Elementwise<V extends Vector = Vector> {
  /** out = x - t d. */
  descend(out: V, x: V, t: number, d: V): void;
  /** out = x - t sign(d), with sign(0) = 0. */
  descendBySign(out: V, x: V, t: number, d: V): void;
  /** out = a - b. */
  subtract(out: V, a: V, b: V): void;
  /** out = a x + b z. */
  mix(out: V, a: number, x: V, b: number, z: V): void;
  /** x = x + a (z - x). */
  approach(x: V, a: number, z: V): void;
  /** s = decay s + c g. */
  accumulate(s: V, decay: number, c: number, g: V): void;
  /** The same, and the sum of |s| afterwards, in the order of `core/sums.ts`. */
  accumulateAbsolute(s: V, decay: number, c: number, g: V): number;
  /** Sum of g (x0 - w), with the difference in the vectors' precision and the sum in the order of `core/sums.ts`. */
  dotDifference(g: V, x0: V, w: V): number;
  /** Sum of a b, in the order of `core/sums.ts`; likewise of |a|. */
  dot(a: V, b: V): number;
  absoluteSum(a: V): number;
  /** Whether no number is infinite or NaN. */
  allFinite(a: V): boolean;
  /** v = decay v + c g². */
  accumulateSquares(v: V, decay: number, c: number, g: V): void;
  /** out = m / (sqrt(inverse v) + epsilon). */
  divideByRoot(out: V, m: V, v: V, inverse: number, epsilon: number): void;
  /** velocity = decay velocity + g; w = w - rate velocity. */
  momentum(w: V, g: V, velocity: V, rate: number, decay: number): void;
  /** velocity = decay velocity + g; w = w - rate (g + decay velocity). */
  nesterov(w: V, g: V, velocity: V, rate: number, decay: number): void;
  /** v = decay v + (1 - decay) g²; w = w - rate g / (sqrt(v) + epsilon). */
  rmsProp(w: V, g: V, v: V, rate: number, decay: number, epsilon: number): void;
  /** m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w = w - rate m / (sqrt(inverse2 v) + epsilon). */
  adam(
    w: V,
    g: V,
    m: V,
    v: V,
    rate: number,
    beta1: number,
    beta2: number,
    inverse2: number,
    epsilon: number,
  ): void;
}

/**
 * The operations for vectors like `w`; all vectors of a call must have its precision. Vectors in a plan's memory are worked
 * on where they are.
 */
export function elementwise(w: Vector): Elementwise {
  if (w instanceof Float64Array) return elementwise64 as Elementwise;
  return (homeOf(w) ?? elementwise32) as Elementwise;
}

/** A vector of zeros like `w`, in the same memory where there is room. */
export function vectorLike(w: Vector): Vector {
  if (w instanceof Float64Array) return new Float64Array(w.length);
  return homeOf(w)?.zeros(w.length) ?? new Float32Array(w.length);
}

/**
 * Applies one update to the parameters, in place.
 *
 * Gradient descent: w = w - rate g. Momentum (Polyak's heavy ball): velocity = momentum velocity + g, w = w - rate
 * velocity. Nesterov's momentum, as Sutskever et al. (2013) have it: the same velocity, w = w - rate (g + momentum velocity).
 * RMSProp (Tieleman and Hinton 2012): v = decay v + (1 - decay) g², w = w - rate g / (sqrt(v) + epsilon). Adam (Kingma and Ba
 * 2015, algorithm 1): w = w - rate mHat / (sqrt(vHat) + epsilon), where the correction of m is taken into the rate and that of
 * v into one factor, so that an element costs one division and one root. AdamW (Loshchilov and Hutter 2019, algorithm 2):
 * w = w - rate weightDecay w, and then Adam.
 *
 * @param w `[n]`, changed.
 * @param g `[n]`, the gradient at w.
 */
export function applyUpdate(update: Update, w: Vector, g: Vector): void {
  const operations = elementwise(w);
  switch (update.rule) {
    case "gradientDescent":
      operations.descend(w, w, update.learningRate, g);
      return;
    case "momentum":
      operations.momentum(w, g, update.velocity, update.learningRate, update.momentum);
      return;
    case "nesterov":
      operations.nesterov(w, g, update.velocity, update.learningRate, update.momentum);
      return;
    case "rmsProp":
      operations.rmsProp(w, g, update.v, update.learningRate, update.decay, update.epsilon);
      return;
    case "adamW":
    case "adam": {
      if (update.rule === "adamW") operations.descend(w, w, update.learningRate * update.weightDecay, w);
      const { beta1, beta2, epsilon, m, v } = update;
      const rate = update.learningRate / update.correction1;
      operations.adam(w, g, m, v, rate, beta1, beta2, 1 / update.correction2, epsilon);
    }
  }
}
