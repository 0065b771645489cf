/** A line search in the space of parameters: what stands between `armijo`, which sees phi(t), and an Objective. */
import type { Objective, Vector } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import { type ArmijoOptions, armijo, type Search } from "../linesearch/index.ts";

/**
 * Searches along w - t d and leaves `w` at the accepted step, or where it was when no trial passes.
 *
 * Trials are written into `w` itself, so that an objective which owns that memory copies nothing.
 *
 * @param origin `[n]`, overwritten with the point where the search begins.
 * @param d      `[n]`, what is subtracted: the gradient, or a preconditioned one.
 * @param slope  Minus the gradient times d; negative.
 * @param signed Take the sign of each number of d instead.
 */
export function searchAlong(
  f: Objective,
  w: Vector,
  origin: Vector,
  d: Vector,
  loss: number,
  slope: number,
  options: ArmijoOptions,
  signed = false,
): Search {
  const operations = elementwise(w);
  const phi = (t: number): number => {
    if (signed) operations.descendBySign(w, origin, t, d);
    else operations.descend(w, origin, t, d);
    return f.value(w);
  };
  origin.set(w);
  let accepted = false;
  try {
    const search = armijo(phi, loss, slope, options);
    accepted = search.accepted;
    return search;
  } finally {
    if (!accepted) w.set(origin);
  }
}
