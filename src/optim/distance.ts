/**
 * What both forms of `auto` share: a first rate from one line search, and a lower bound of the distance to go, which only
 * ever raises it.
 *
 * The estimate is that of Mishchenko and Defazio, "Prodigy: An Expeditiously Adaptive Parameter-Free Learner" (2023), the
 * search is Armijo's along Adam's first direction, the signs of the gradient. Scalars are float64, sums run in one fixed
 * order; vectors are worked on in their own precision.
 */
import type { Objective, Vector } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import type { Search } from "../linesearch/index.ts";
import { searchAlong } from "./searchAlong.ts";

/** Constants that users never set; results on very different problems hardly depend on them. */
export const autoConstants: {
  readonly beta1: number;
  readonly beta2: number;
  /** The root of beta2. */
  readonly beta3: number;
  readonly epsilon: number;
  readonly c1: number;
  readonly shrink: number;
  readonly maxTrials: number;
} = { beta1: 0.9, beta2: 0.999, beta3: Math.sqrt(0.999), epsilon: 1e-8, c1: 0.3, shrink: 0.5, maxTrials: 40 };

export interface DistanceState {
  /** Steps so far; those before the search, with a gradient of 0, are not among them. */
  step: number;
  /** The estimate d, and the one that the run began with; both 0 before the search. */
  d: number;
  d0: number;
  /** Weighted sum of <g, x0 - w>. */
  r: number;
  /** beta2^t as a running product. */
  power2: number;
  /** Where the run began. */
  x0: Vector;
  /** Second moments, and the weighted sum of gradients. */
  v: Vector;
  s: Vector;
  trace: boolean;
}

/**
 * Seeds the estimate: d = d0 = kappa eta, with eta the largest of 1, 1/2, 1/4, … at which w - eta sign(g) passes the
 * Armijo condition with c1 0.3; where none of 40 passes, eta is 2^-40. Leaves `w` as it was.
 *
 * @returns The search; undefined, with nothing changed, where the gradient is zero or not finite.
 */
export function seedDistance(
  f: Objective,
  w: Vector,
  g: Vector,
  loss: number,
  kappa: number,
  state: DistanceState,
  origin: Vector,
): Search | undefined {
  const { c1, shrink, maxTrials } = autoConstants;
  const sum = elementwise(g).absoluteSum(g);
  if (sum === 0 || !Number.isFinite(sum) || !Number.isFinite(loss)) return undefined;
  const options = { initial: 1, c1, shrink, maxTrials, trace: state.trace };
  const search = searchAlong(f, w, origin, g, loss, -sum, options, true);
  w.set(origin);
  let eta = search.stepSize;
  if (!search.accepted) {
    eta = 1;
    for (let i = 0; i < maxTrials; i++) eta *= shrink;
  }
  state.d0 = kappa * eta;
  state.d = state.d0;
  state.x0.set(w);
  return search;
}

/**
 * Takes the gradient `g` at `point` into r and s and gives the next d = max(d, r / sum |s|).
 *
 * @param rate lam, the rate of this step.
 * @returns NaN, with nothing changed, where the gradient is not finite.
 */
export function nextDistance(state: DistanceState, rate: number, g: Vector, point: Vector): number {
  const { beta3 } = autoConstants;
  const operations = elementwise(point);
  const weight = (state.d / state.d0) * rate;
  const progress = operations.dotDifference(g, state.x0, point);
  if (!Number.isFinite(progress)) return NaN;
  state.r = beta3 * state.r + weight * progress;
  const sum = operations.accumulateAbsolute(state.s, beta3, weight, g);
  return sum === 0 ? state.d : Math.max(state.d, state.r / sum);
}
