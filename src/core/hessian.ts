/** Second derivatives from first ones, by central differences of the gradient. */
import type { Objective } from "./objective.ts";

/** The cube root of float64's epsilon: there the error of cutting off and that of rounding are about equal. */
const STEP = 6.055454452393343e-6;

/** Memory of second derivatives, for who takes them at many points: the matrix `[n, n]`, and three vectors `[n]`. */
export interface HessianRoom {
  h: Float64Array;
  at: Float64Array;
  above: Float64Array;
  below: Float64Array;
}

export function hessianRoom(n: number): HessianRoom {
  const vector = (): Float64Array => new Float64Array(n);
  return { h: new Float64Array(n * n), at: vector(), above: vector(), below: vector() };
}

/**
 * The matrix of second derivatives at `w`, `[n, n]`, made symmetric; 2 n gradients.
 *
 * Entry (i, j) is the mean of (g_j(w + h e_i) - g_j(w - h e_i)) / 2h and the same with i and j exchanged, with
 * h = 6e-6 max(1, |w_i|): about ten digits, where f is smooth.
 *
 * @param w `[n]`, left as it is.
 * @param room What is overwritten, made anew where absent.
 * @returns `room.h`.
 */
export function hessian(
  f: Objective,
  w: Float64Array,
  { h, at, above, below }: HessianRoom = hessianRoom(f.dimension),
): Float64Array {
  const n = f.dimension;
  at.set(w);
  for (let i = 0; i < n; i++) {
    const wi = w[i]!;
    const step = STEP * Math.max(1, Math.abs(wi));
    at[i] = wi + step;
    f.gradient(at, above);
    at[i] = wi - step;
    f.gradient(at, below);
    // As they were rounded.
    const distance = wi + step - (wi - step);
    at[i] = wi;
    for (let j = 0; j < n; j++) h[i * n + j] = (above[j]! - below[j]!) / distance;
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (h[i * n + j]! + h[j * n + i]!) / 2;
      h[i * n + j] = mean;
      h[j * n + i] = mean;
    }
  }
  return h;
}

/**
 * Second derivatives along one direction: H(w) v, from two gradients.
 *
 * @param w `[n]`, left as it is.
 * @param v `[n]`, of length 1 or about that.
 */
export function hessianTimes(f: Objective, w: Float64Array, v: Float64Array): Float64Array {
  let largest = 1;
  for (const wi of w) largest = Math.max(largest, Math.abs(wi));
  const step = STEP * largest;
  const above = new Float64Array(w.length);
  const below = new Float64Array(w.length);
  f.gradient(
    w.map((wi, i) => wi + step * v[i]!),
    above,
  );
  f.gradient(
    w.map((wi, i) => wi - step * v[i]!),
    below,
  );
  return above.map((a, i) => (a - below[i]!) / (2 * step));
}
