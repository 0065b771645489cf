/** The line search of Wolfe in the space of parameters; apart, since `train` needs it only where L-BFGS does. */
import type { Objective, Vector } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import { type Search, type WolfeOptions, wolfe } from "../linesearch/index.ts";
import { orBack } from "./searchAlong.ts";

/**
 * Searches along w - t d by the strong Wolfe conditions, as `searchAlong` does by Armijo's; each trial asks for a gradient.
 *
 * @param origin   `[n]`, overwritten with the point where the search begins.
 * @param d        `[n]`, what is subtracted.
 * @param gradient `[n]`, overwritten with the gradient of the last trial: after a search that was accepted, the one at `w`.
 */
export function wolfeAlong(
  f: Objective,
  w: Vector,
  origin: Vector,
  d: Vector,
  gradient: Vector,
  loss: number,
  slope: number,
  options: WolfeOptions,
): Search {
  const operations = elementwise(w);
  const phi = (t: number): { value: number; slope: number } => {
    operations.descend(w, origin, t, d);
    const value = f.gradient(w, gradient);
    return { value, slope: -operations.dot(gradient, d) };
  };
  return orBack(w, origin, () => wolfe(phi, loss, slope, options));
}
