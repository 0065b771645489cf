/**
 * Elementwise update arithmetic in float64: the formulas as they are printed, one straight line of + - * / and sqrt an
 * element. `updates32.ts` holds the same lines with every operation rounded to float32.
 *
 * Two files and not one with a rounding function as parameter: with both precisions in one program the shared loop was
 * measured 14 times slower, since the engine can no longer see through the call.
 */
import { absoluteSum, allFinite, dot, LaneSum, LEAF } from "../core/index.ts";
import type { Elementwise } from "./updates.ts";

type V = Float64Array;

/** Nothing of it outlives a call. */
const sum = new LaneSum();

function descend(out: V, x: V, t: number, d: V): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i]! - t * d[i]!;
}

function descendBySign(out: V, x: V, t: number, d: V): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i]! - t * Math.sign(d[i]!);
}

function subtract(out: V, a: V, b: V): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
}

function mix(out: V, a: number, x: V, b: number, z: V): void {
  for (let i = 0; i < out.length; i++) out[i] = a * x[i]! + b * z[i]!;
}

function approach(x: V, a: number, z: V): void {
  for (let i = 0; i < x.length; i++) x[i] = x[i]! + a * (z[i]! - x[i]!);
}

function accumulate(s: V, decay: number, c: number, g: V): void {
  for (let i = 0; i < s.length; i++) s[i] = decay * s[i]! + c * g[i]!;
}

function accumulateAbsolute(s: V, decay: number, c: number, g: V): number {
  const { lanes } = sum;
  for (let start = 0; start < s.length; start += LEAF) {
    const end = Math.min(start + LEAF, s.length);
    for (let i = start; i < end; i++) {
      const next = decay * s[i]! + c * g[i]!;
      s[i] = next;
      lanes[i & 7] = lanes[i & 7]! + Math.abs(next);
    }
    sum.endLeaf();
  }
  return sum.total();
}

function dotDifference(g: V, x0: V, w: V): number {
  const { lanes } = sum;
  for (let start = 0; start < g.length; start += LEAF) {
    const end = Math.min(start + LEAF, g.length);
    for (let i = start; i < end; i++) lanes[i & 7] = lanes[i & 7]! + g[i]! * (x0[i]! - w[i]!);
    sum.endLeaf();
  }
  return sum.total();
}

function accumulateSquares(v: V, decay: number, c: number, g: V): void {
  for (let i = 0; i < v.length; i++) v[i] = decay * v[i]! + c * (g[i]! * g[i]!);
}

function divideByRoot(out: V, m: V, v: V, inverse: number, epsilon: number): void {
  for (let i = 0; i < out.length; i++) out[i] = m[i]! / (Math.sqrt(inverse * v[i]!) + epsilon);
}

function momentum(w: V, g: V, velocity: V, rate: number, decay: number): void {
  for (let i = 0; i < w.length; i++) {
    const next = decay * velocity[i]! + g[i]!;
    velocity[i] = next;
    w[i] = w[i]! - rate * next;
  }
}

function nesterov(w: V, g: V, velocity: V, rate: number, decay: number): void {
  for (let i = 0; i < w.length; i++) {
    const gi = g[i]!;
    const next = decay * velocity[i]! + gi;
    velocity[i] = next;
    w[i] = w[i]! - rate * (gi + decay * next);
  }
}

function rmsProp(w: V, g: V, v: V, rate: number, decay: number, epsilon: number): void {
  const rest = 1 - decay;
  for (let i = 0; i < w.length; i++) {
    const gi = g[i]!;
    const vi = decay * v[i]! + rest * (gi * gi);
    v[i] = vi;
    w[i] = w[i]! - (rate * gi) / (Math.sqrt(vi) + epsilon);
  }
}

function adam(
  w: V,
  g: V,
  m: V,
  v: V,
  rate: number,
  beta1: number,
  beta2: number,
  inverse2: number,
  epsilon: number,
): void {
  const rest1 = 1 - beta1;
  const rest2 = 1 - beta2;
  for (let i = 0; i < w.length; i++) {
    const gi = g[i]!;
    const mi = beta1 * m[i]! + rest1 * gi;
    const vi = beta2 * v[i]! + rest2 * (gi * gi);
    m[i] = mi;
    v[i] = vi;
    w[i] = w[i]! - (rate * mi) / (Math.sqrt(inverse2 * vi) + epsilon);
  }
}

export const elementwise64: Elementwise<V> = {
  descend,
  descendBySign,
  subtract,
  mix,
  approach,
  accumulate,
  accumulateAbsolute,
  dotDifference,
  dot,
  absoluteSum,
  allFinite,
  accumulateSquares,
  divideByRoot,
  momentum,
  nesterov,
  rmsProp,
  adam,
};
