/** A function seen along a line: phi(t) = f(x + t d), which is all that a line search looks at. */
import { dot, type Objective, squaredNorm } from "../core/index.ts";

export interface Ray {
  /** phi(t). */
  value(t: number): number;
  /** phi'(t), the gradient at x + t d times d; the gradient stays in `gradient`. */
  slope(t: number): number;
  /** `[n]`, as the last call of `slope` left it. */
  readonly gradient: Float64Array;
  /** `[n]`, where the last call looked. */
  readonly point: Float64Array;
}

/**
 * @param x `[n]`, read at each call, so it must stay as it is.
 * @param d `[n]`, the same.
 */
export function ray(f: Objective, x: Float64Array, d: Float64Array): Ray {
  const point = x.slice();
  const gradient = new Float64Array(x.length);
  // With d = -g this is x - t g to the bit, the arithmetic of the optimizer.
  const move = (t: number): void => {
    for (let i = 0; i < x.length; i++) point[i] = x[i]! + t * d[i]!;
  };
  return {
    point,
    gradient,
    value(t) {
      move(t);
      return f.value(point);
    },
    slope(t) {
      move(t);
      f.gradient(point, gradient);
      return dot(gradient, d);
    },
  };
}

/** The length of a vector, also where its square overflows. */
export function lengthOf(v: Float64Array): number {
  const length = Math.sqrt(squaredNorm(v));
  if (Number.isFinite(length)) return length;
  const largest = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return Math.min(Number.MAX_VALUE, largest * Math.sqrt(squaredNorm(v.map((x) => x / largest))));
}
