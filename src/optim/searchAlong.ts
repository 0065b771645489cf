/** Line searches in the space of parameters: what stands between the searches, which see phi(t), and an Objective. */
import type { Objective, Vector } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import {
  type ArmijoOptions,
  armijo,
  type GoldsteinOptions,
  goldstein,
  type Search,
} from "../linesearch/index.ts";

/**
 * Searches along w - t d by Armijo's condition and leaves `w` at the accepted step, or where it was when no trial passes.
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
  return orBack(w, origin, () => armijo(phi, loss, slope, options));
}

/** The same by Goldstein's conditions. */
export function goldsteinAlong(
  f: Objective,
  w: Vector,
  origin: Vector,
  d: Vector,
  loss: number,
  slope: number,
  options: GoldsteinOptions,
): Search {
  const operations = elementwise(w);
  const phi = (t: number): number => {
    operations.descend(w, origin, t, d);
    return f.value(w);
  };
  return orBack(w, origin, () => goldstein(phi, loss, slope, options));
}

/** Runs a search that moves `w`, and puts it back where the search fails or throws. */
export function orBack(w: Vector, origin: Vector, search: () => Search): Search {
  origin.set(w);
  let accepted = false;
  try {
    const outcome = search();
    accepted = outcome.accepted;
    return outcome;
  } finally {
    if (!accepted) w.set(origin);
  }
}

/** The search that could not begin, since the slope is 0 or infinite in float64 although the gradient is neither. */
export function withoutSlope(loss: number, slope: number): Search {
  const reason = `the slope, minus the squared norm of the gradient, is ${slope}; scale the function`;
  return { accepted: false, stepSize: 0, value: loss, evaluations: 0, reason };
}
