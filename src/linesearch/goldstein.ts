/**
 * Bisection to a step that meets Goldstein's conditions: neither too long (Armijo's bound) nor too short.
 *
 * Source: Goldstein, "On steepest descent" (1965); Nocedal and Wright, Numerical Optimization (2006), equation 3.11. Two
 * lines through phi(0) enclose what is allowed: a step whose value lies above the upper one is too long, one whose value
 * lies below the lower one is too short. phi leaves 0 below the lower line, so that it crosses from one to the other between
 * any step that is too short and any that is too long, and halving the interval ends. On a parabola the exact minimizer lies
 * between the lines for every c below 1/2; on other functions it may be shut out, which Wolfe's conditions mend.
 */
import { LineSearchError } from "../core/index.ts";
import { checkGrowth, checkInitial, checkMaxTrials, checkStart } from "./checks.ts";
import { failed, found } from "./outcome.ts";
import type { Search, Trial } from "./types.ts";

export interface GoldsteinOptions {
  /** The first trial step, above 0. Default 1. */
  initial?: number;
  /** Share of the slope's promise that must come true; a step where more than 1 - c of it does is too short. In (0, 1/2), default 0.25. */
  c?: number;
  /** Factor to the next trial while none was too long, above 1. Default 2. */
  grow?: number;
  /** Trials before the search gives up. Default 40. */
  maxTrials?: number;
  /** Keep every trial in the result. Default false. */
  trace?: boolean;
}

/**
 * A step t with phi(0) + (1 - c) t phi'(0) <= phi(t) <= phi(0) + c t phi'(0), Goldstein's conditions.
 *
 * Trials grow by `grow` until one is too long; from then on each halves the interval between the longest step known to be
 * too short and the shortest known to be too long. Equality accepts; a value that is NaN or infinite counts as too long.
 *
 * @param phi    Loss along the direction: phi(t) = f(w + t * d). The accepted step is the last one that it is asked for.
 * @param phi0   phi(0).
 * @param slope0 phi'(0), the gradient times the direction; negative.
 * @returns The search; its trials carry both lines, `bound` and `lower`. `accepted` is false, with its `reason`, when no trial passes.
 * @throws {LineSearchError} When slope0 is not negative, phi0 or slope0 is not finite, or a constant is out of range.
 * @see Nocedal and Wright, Numerical Optimization (2006), equation 3.11.
 */
export function goldstein(
  phi: (stepSize: number) => number,
  phi0: number,
  slope0: number,
  { initial = 1, c = 0.25, grow = 2, maxTrials = 40, trace = false }: GoldsteinOptions = {},
): Search {
  checkGoldsteinConstants({ initial, c, grow, maxTrials });
  checkStart("goldstein", phi0, slope0);
  const trials: Trial[] | undefined = trace ? [] : undefined;
  let short = 0;
  let long = Infinity;
  let t = initial;
  for (let count = 1; count <= maxTrials; count++) {
    const value = phi(t);
    const bound = phi0 + c * t * slope0;
    const lower = phi0 + (1 - c) * t * slope0;
    const isShort = Number.isFinite(value) && value < lower;
    const accepted = Number.isFinite(value) && !isShort && value <= bound;
    trials?.push({ stepSize: t, value, bound, lower, accepted });
    if (accepted) return found(t, value, count, trials);
    if (isShort) short = t;
    else long = t;
    t = long === Infinity ? t * grow : short + (long - short) / 2;
    if (t === Infinity) {
      return failed(phi0, count, `no step is too long: the steps overflow after ${count} trials`, trials);
    }
    if (t === short || t === long) {
      const reason = `no number is left between ${short}, too short, and ${long}, too long, after ${count} trials`;
      return failed(phi0, count, reason, trials);
    }
  }
  const ends = `${short} is too short, ${long === Infinity ? "none was too long" : `${long} too long`}`;
  return failed(phi0, maxTrials, `no trial passed after ${maxTrials} from ${initial}: ${ends}`, trials);
}

/** @throws {LineSearchError} When a constant of the search is out of range. */
export function checkGoldsteinConstants({
  initial,
  c,
  grow,
  maxTrials,
}: Required<Omit<GoldsteinOptions, "trace">>): void {
  checkInitial("goldstein", initial);
  if (!(c > 0 && c < 0.5)) {
    throw new LineSearchError(
      `goldstein: c is ${c}, expected a number between 0 and 1/2, since otherwise the upper line would lie below the lower one; ` +
        "pass for example 0.25.",
    );
  }
  checkGrowth("goldstein", "grow", grow, 2);
  checkMaxTrials("goldstein", maxTrials);
}
