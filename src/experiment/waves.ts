/**
 * Random smooth functions on a torus: f(x) = sum over k of (a_k cos k·x + b_k sin k·x) / sqrt(waves).
 *
 * The wave vectors k are whole numbers, so that f repeats itself after 2 pi in every variable: its domain is bounded and has
 * no edge. Their components are normal numbers of deviation 1, rounded; a_k and b_k are normal. With many waves f is a
 * Gaussian random function that looks nearly the same in every direction, whose statistics Kac and Rice's formula gives
 * (expectedShare.ts).
 */
import { mathematics64, type Objective, randomStream } from "../core/index.ts";

const { cos, sin } = mathematics64;

export interface WaveFunction extends Objective {
  readonly dimension: number;
  /**
   * Value, gradient and Hessian in one go.
   *
   * @param x `[n]`.
   * @param g `[n]`, overwritten with the gradient.
   * @param h `[n, n]`, overwritten with the Hessian.
   */
  curve(x: Float64Array, g: Float64Array, h: Float64Array): number;
}

/** How many waves a function has: enough that it is nearly Gaussian, few enough to be quick. */
export const WAVES = 60;

/** Functions of one dimension that have streams of their own. */
const MOST_FUNCTIONS = 100_000;

/** The sub-stream of function `index` of a dimension, for what is drawn for it. */
export function waveSubStream(dimension: number, index: number): number {
  return dimension * MOST_FUNCTIONS + index;
}

/**
 * The random function of a seed.
 *
 * @param dimension n, the number of variables; at least 1.
 * @param index     Which of the functions of that seed and dimension, from 0.
 */
export function waveFunction(dimension: number, seed = 0, index = 0): WaveFunction {
  const n = dimension;
  const { normal } = randomStream(seed, "data", waveSubStream(n, index));
  let draw = 0;
  const k = new Float64Array(WAVES * n);
  for (let wave = 0; wave < WAVES; wave++) {
    const own = k.subarray(wave * n, wave * n + n);
    // A wave of no direction is a constant.
    do for (let i = 0; i < n; i++) own[i] = Math.round(normal(draw++));
    while (own.every((ki) => ki === 0));
  }
  const scale = 1 / Math.sqrt(WAVES);
  const a = Float64Array.from({ length: WAVES }, () => scale * normal(draw++));
  const b = Float64Array.from({ length: WAVES }, () => scale * normal(draw++));

  const most = k.reduce((so, ki) => Math.max(so, Math.abs(ki)), 0);
  const turns = new Float64Array(2 * n * (most + 1));

  const value = (x: Float64Array, g?: Float64Array, h?: Float64Array): number => {
    multiples(x, most, turns);
    g?.fill(0);
    h?.fill(0);
    let sum = 0;
    for (let wave = 0; wave < WAVES; wave++) {
      const from = wave * n;
      let c = 1;
      let s = 0;
      for (let i = 0; i < n; i++) {
        const ki = k[from + i]!;
        if (ki === 0) continue;
        const at = 2 * (i * (most + 1) + Math.abs(ki));
        const ci = turns[at]!;
        const si = ki < 0 ? -turns[at + 1]! : turns[at + 1]!;
        const turned = c * ci - s * si;
        s = s * ci + c * si;
        c = turned;
      }
      const height = a[wave]! * c + b[wave]! * s;
      sum += height;
      if (g === undefined) continue;
      const slope = b[wave]! * c - a[wave]! * s;
      for (let i = 0; i < n; i++) g[i] = g[i]! + k[from + i]! * slope;
      if (h !== undefined) addOuter(h, k.subarray(from, from + n), -height);
    }
    return sum;
  };
  return {
    dimension: n,
    value: (x) => value(Float64Array.from(x)),
    gradient: (x, g) => {
      const exact = new Float64Array(n);
      const result = value(Float64Array.from(x), exact);
      g.set(exact);
      return result;
    },
    curve: value,
  };
}

/**
 * cos and sin of 0, x_i, 2 x_i, … of every variable, by the theorems of addition: k·x is a sum of these, and two of the slow
 * functions for each variable are enough.
 *
 * @param out `[n, most + 1, 2]`, overwritten.
 */
function multiples(x: Float64Array, most: number, out: Float64Array): void {
  for (const [i, xi] of x.entries()) {
    const [c1, s1] = [cos(xi), sin(xi)];
    let [c, s] = [1, 0];
    for (let m = 0; m <= most; m++) {
      const at = 2 * (i * (most + 1) + m);
      out[at] = c;
      out[at + 1] = s;
      [c, s] = [c * c1 - s * s1, s * c1 + c * s1];
    }
  }
}

/** h += factor k kᵀ. */
function addOuter(h: Float64Array, k: Float64Array, factor: number): void {
  const n = k.length;
  for (let i = 0; i < n; i++) {
    const row = factor * k[i]!;
    if (row !== 0) for (let j = 0; j < n; j++) h[i * n + j] = h[i * n + j]! + row * k[j]!;
  }
}
