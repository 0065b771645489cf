/**
 * Elementwise update arithmetic in float32: the lines of `updates64.ts`, with every constant rounded once and every
 * operation rounded by itself, so that SIMD lanes of f32 give the same bits. Subnormals are kept, not flushed.
 */
import { absoluteSum, allFinite, dot, LaneSum, LEAF } from "../core/index.ts";
import type { Elementwise } from "./updates.ts";

type V = Float32Array;

/** Nothing of it outlives a call. */
const sum = new LaneSum();

const f = Math.fround;

function descend(out: V, x: V, t: number, d: V): void {
  const t32 = f(t);
  for (let i = 0; i < out.length; i++) out[i] = f(x[i]! - f(t32 * d[i]!));
}

function descendBySign(out: V, x: V, t: number, d: V): void {
  const t32 = f(t);
  for (let i = 0; i < out.length; i++) out[i] = f(x[i]! - f(t32 * Math.sign(d[i]!)));
}

function subtract(out: V, a: V, b: V): void {
  for (let i = 0; i < out.length; i++) out[i] = f(a[i]! - b[i]!);
}

function mix(out: V, a: number, x: V, b: number, z: V): void {
  const a32 = f(a);
  const b32 = f(b);
  for (let i = 0; i < out.length; i++) out[i] = f(f(a32 * x[i]!) + f(b32 * z[i]!));
}

function approach(x: V, a: number, z: V): void {
  const a32 = f(a);
  for (let i = 0; i < x.length; i++) x[i] = f(x[i]! + f(a32 * f(z[i]! - x[i]!)));
}

function accumulate(s: V, decay: number, c: number, g: V): void {
  const decay32 = f(decay);
  const c32 = f(c);
  for (let i = 0; i < s.length; i++) s[i] = f(f(decay32 * s[i]!) + f(c32 * g[i]!));
}

function accumulateAbsolute(s: V, decay: number, c: number, g: V): number {
  const decay32 = f(decay);
  const c32 = f(c);
  const { lanes } = sum;
  for (let start = 0; start < s.length; start += LEAF) {
    const end = Math.min(start + LEAF, s.length);
    for (let i = start; i < end; i++) {
      const next = f(f(decay32 * s[i]!) + f(c32 * g[i]!));
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
    for (let i = start; i < end; i++) lanes[i & 7] = lanes[i & 7]! + g[i]! * f(x0[i]! - w[i]!);
    sum.endLeaf();
  }
  return sum.total();
}

function accumulateSquares(v: V, decay: number, c: number, g: V): void {
  const decay32 = f(decay);
  const c32 = f(c);
  for (let i = 0; i < v.length; i++) v[i] = f(f(decay32 * v[i]!) + f(c32 * f(g[i]! * g[i]!)));
}

function divideByRoot(out: V, m: V, v: V, inverse: number, epsilon: number): void {
  const inverse32 = f(inverse);
  const epsilon32 = f(epsilon);
  for (let i = 0; i < out.length; i++) {
    out[i] = f(m[i]! / f(f(Math.sqrt(f(inverse32 * v[i]!))) + epsilon32));
  }
}

function momentum(w: V, g: V, velocity: V, rate: number, decay: number): void {
  const rate32 = f(rate);
  const decay32 = f(decay);
  for (let i = 0; i < w.length; i++) {
    const next = f(f(decay32 * velocity[i]!) + g[i]!);
    velocity[i] = next;
    w[i] = f(w[i]! - f(rate32 * next));
  }
}

function nesterov(w: V, g: V, velocity: V, rate: number, decay: number): void {
  const rate32 = f(rate);
  const decay32 = f(decay);
  for (let i = 0; i < w.length; i++) {
    const gi = g[i]!;
    const next = f(f(decay32 * velocity[i]!) + gi);
    velocity[i] = next;
    w[i] = f(w[i]! - f(rate32 * f(gi + f(decay32 * next))));
  }
}

function rmsProp(w: V, g: V, v: V, rate: number, decay: number, epsilon: number): void {
  const rate32 = f(rate);
  const decay32 = f(decay);
  const rest32 = f(1 - decay);
  const epsilon32 = f(epsilon);
  for (let i = 0; i < w.length; i++) {
    const gi = g[i]!;
    const vi = f(f(decay32 * v[i]!) + f(rest32 * f(gi * gi)));
    v[i] = vi;
    w[i] = f(w[i]! - f(f(rate32 * gi) / f(f(Math.sqrt(vi)) + epsilon32)));
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
  const rate32 = f(rate);
  const decay1 = f(beta1);
  const decay2 = f(beta2);
  const rest1 = f(1 - beta1);
  const rest2 = f(1 - beta2);
  const inverse32 = f(inverse2);
  const epsilon32 = f(epsilon);
  for (let i = 0; i < w.length; i++) {
    const gi = g[i]!;
    const mi = f(f(decay1 * m[i]!) + f(rest1 * gi));
    const vi = f(f(decay2 * v[i]!) + f(rest2 * f(gi * gi)));
    m[i] = mi;
    v[i] = vi;
    w[i] = f(w[i]! - f(f(rate32 * mi) / f(f(Math.sqrt(f(inverse32 * vi))) + epsilon32)));
  }
}

export const elementwise32: Elementwise<V> = {
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
