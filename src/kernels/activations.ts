/**
 * Activation functions and their exact derivatives, one entry each: the scalar side of the list in `spec.ts`.
 *
 * A derivative is given z and a = s(z), whichever is cheaper. At the kink of relu, leakyRelu, elu and selu it is the one
 * from the left; so relu'(0) = 0. Softmax mixes all units of a row and has functions of its own below.
 *
 * Sources: gelu, Hendrycks and Gimpel (arXiv 1606.08415), the exact form; selu, Klambauer et al. (arXiv 1706.02515);
 * silu, Elfwing et al. (arXiv 1702.03118); elu with alpha = 1, Clevert et al. (arXiv 1511.07289).
 */
import {
  type Mathematics,
  mathematics32,
  mathematics64,
  type Precision,
  type Vector,
} from "../core/index.ts";
import type { Activation } from "./spec.ts";

export interface ActivationFunction {
  /** a = s(z). */
  value(z: number): number;
  /** s'(z), where a = s(z). */
  derivative(z: number, a: number): number;
}

export type ActivationTable = Readonly<Record<Exclude<Activation, "softmax">, ActivationFunction>>;

export const LEAKY_SLOPE = 0.01;
export const SELU_SCALE = 1.0507009873554805;
export const SELU_ALPHA = 1.6732632423543772;
export const INVERSE_SQRT_2: number = Math.SQRT1_2;
export const INVERSE_SQRT_2_PI = 0.3989422804014327;

/** The table for one precision; `r` rounds every single operation to it. */
function table(r: (x: number) => number, m: Mathematics): ActivationTable {
  const leak = r(LEAKY_SLOPE);
  const seluScale = r(SELU_SCALE);
  const seluScaleAlpha = r(SELU_SCALE * SELU_ALPHA);
  const inverseSqrt2 = r(INVERSE_SQRT_2);
  const inverseSqrt2Pi = r(INVERSE_SQRT_2_PI);
  /** The standard normal distribution function. */
  const cumulative = (z: number): number => r(0.5 * r(1 + m.erf(r(z * inverseSqrt2))));
  return {
    linear: { value: (z) => z, derivative: () => 1 },
    sigmoid: { value: m.logistic, derivative: (_z, a) => r(a * r(1 - a)) },
    tanh: { value: m.tanh, derivative: (_z, a) => r(1 - r(a * a)) },
    relu: { value: (z) => (z > 0 ? z : Number.isNaN(z) ? z : 0), derivative: (z) => (z > 0 ? 1 : 0) },
    leakyRelu: { value: (z) => (z > 0 ? z : r(leak * z)), derivative: (z) => (z > 0 ? 1 : leak) },
    elu: { value: (z) => (z > 0 ? z : m.expm1(z)), derivative: (z, a) => (z > 0 ? 1 : r(a + 1)) },
    selu: {
      value: (z) => (z > 0 ? r(seluScale * z) : r(seluScaleAlpha * m.expm1(z))),
      derivative: (z, a) => (z > 0 ? seluScale : r(a + seluScaleAlpha)),
    },
    gelu: {
      value: (z) => r(z * cumulative(z)),
      derivative: (z) => {
        const density = r(inverseSqrt2Pi * m.exp(r(-0.5 * r(z * z))));
        return r(cumulative(z) + r(z * density));
      },
    },
    silu: {
      value: (z) => r(z * m.logistic(z)),
      derivative: (z, a) => {
        const s = m.logistic(z);
        return r(s + r(a * r(1 - s)));
      },
    },
    softplus: {
      value: (z) => r((z > 0 ? z : 0) + m.log1p(m.exp(-Math.abs(z)))),
      derivative: (z) => m.logistic(z),
    },
  };
}

const table32 = table(Math.fround, mathematics32);
const table64 = table((x) => x, mathematics64);

/** The activation functions of one precision, all but softmax. */
export function activationTable(precision: Precision): ActivationTable {
  return precision === "float32" ? table32 : table64;
}

/**
 * a = softmax(z) for one row: exp(z - max) over their sum, which cannot overflow.
 *
 * @param z `[n]` at `at`.
 * @param a `[n]` at `at`, overwritten.
 */
export function softmaxRow(
  r: (x: number) => number,
  m: Mathematics,
  z: Vector,
  a: Vector,
  at: number,
  n: number,
): void {
  const top = rowMaximum(z, at, n);
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const e = m.exp(r(z[at + j]! - top));
    a[at + j] = e;
    sum = r(sum + e);
  }
  for (let j = 0; j < n; j++) a[at + j] = r(a[at + j]! / sum);
}

/**
 * delta = dA times the Jacobian of softmax: delta_j = a_j (dA_j - sum_k dA_k a_k).
 *
 * @param a     `[n]` at `at`: the softmax's outputs.
 * @param delta `[n]` at `at`: dC/da on entry, dC/dz on return.
 */
export function softmaxBackwardRow(
  r: (x: number) => number,
  a: Vector,
  delta: Vector,
  at: number,
  n: number,
): void {
  let mean = 0;
  for (let j = 0; j < n; j++) mean = r(mean + r(delta[at + j]! * a[at + j]!));
  for (let j = 0; j < n; j++) delta[at + j] = r(a[at + j]! * r(delta[at + j]! - mean));
}

/** The largest of z[at] … z[at + n - 1]; NaN where one is NaN. */
export function rowMaximum(z: Vector, at: number, n: number): number {
  let top = -Infinity;
  for (let j = 0; j < n; j++) top = Math.max(top, z[at + j]!);
  return top;
}
