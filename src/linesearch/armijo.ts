/**
 * Backtracking by the Armijo condition: the largest step of a geometric sequence that lowers the loss enough.
 *
 * Sources: Armijo, "Minimization of functions having Lipschitz continuous first partial derivatives" (1966); Nocedal and
 * Wright, Numerical Optimization (2006), algorithm 3.1. A suitable step exists wherever phi is differentiable at 0,
 * phi'(0) < 0 and c1 < 1: by then (phi(t) - phi(0)) / t tends to phi'(0) < c1 * phi'(0). With c1 above 1/2 the exact
 * minimizer of a parabola is refused, so 1/2 is the largest sensible constant.
 */
import { LineSearchError } from "../core/index.ts";
import { checkInitial, checkMaxTrials, checkStart } from "./checks.ts";
import { failed, found } from "./outcome.ts";
import type { Search, Trial } from "./types.ts";

export interface ArmijoOptions {
  /** The first trial step, above 0. Default 1. */
  initial?: number;
  /** Share of the slope's promise that must come true, in (0, 1); the text's sigma. Default 1e-4. */
  c1?: number;
  /** Factor from one trial to the next, in (0, 1); the text's alpha. Default 0.5. */
  shrink?: number;
  /** Trials before the search gives up. Default 40. */
  maxTrials?: number;
  /** Keep every trial in the result. Default false. */
  trace?: boolean;
}

/**
 * The largest t = initial * shrink^l, l = 0, 1, 2, …, with phi(t) <= phi(0) + c1 * t * phi'(0), the Armijo condition.
 *
 * Each t is the one before times `shrink` (not a power), so a step of the sequence has the same bits wherever the search
 * began. Equality accepts; a value that is NaN or infinite never does, -Infinity included.
 *
 * @param phi    Loss along the direction: phi(t) = f(w + t * d). The accepted step is the last one that it is asked for.
 * @param phi0   phi(0).
 * @param slope0 phi'(0), the gradient times the direction; negative.
 * @returns The search; `accepted` is false, with its `reason`, when no trial passes.
 * @throws {LineSearchError} When slope0 is not negative, phi0 or slope0 is not finite, or a constant is out of range.
 * @see Nocedal and Wright, Numerical Optimization (2006), algorithm 3.1.
 */
export function armijo(
  phi: (stepSize: number) => number,
  phi0: number,
  slope0: number,
  { initial = 1, c1 = 1e-4, shrink = 0.5, maxTrials = 40, trace = false }: ArmijoOptions = {},
): Search {
  checkArmijoConstants({ initial, c1, shrink, maxTrials });
  checkStart("armijo", phi0, slope0);
  const trials: Trial[] | undefined = trace ? [] : undefined;
  let t = initial;
  for (let count = 1; count <= maxTrials; count++) {
    const value = phi(t);
    const bound = phi0 + c1 * t * slope0;
    // NaN and +Infinity fail the comparison, so overflow backtracks too; -Infinity must be refused by name.
    const accepted = value !== -Infinity && value <= bound;
    trials?.push({ stepSize: t, value, bound, accepted });
    if (accepted) return found(t, value, count, trials);
    t *= shrink;
    // At t = 0 equality would accept a step that goes nowhere.
    if (t === 0) return failed(phi0, count, `step underflow after ${count} trials from ${initial}`, trials);
  }
  const reason = `no trial passed after ${maxTrials} from ${initial} down to ${t / shrink}`;
  return failed(phi0, maxTrials, reason, trials);
}

/** @throws {LineSearchError} When a constant of the search is out of range. */
export function checkArmijoConstants({
  initial,
  c1,
  shrink,
  maxTrials,
}: Required<Omit<ArmijoOptions, "trace">>): void {
  checkInitial("armijo", initial);
  if (!(c1 > 0 && c1 < 1)) {
    throw new LineSearchError(
      `armijo: c1 is ${c1}, expected a number between 0 and 1, since outside of it no step or every step may pass; ` +
        "pass for example 1e-4.",
    );
  }
  if (!(shrink > 0 && shrink < 1)) {
    throw new LineSearchError(
      `armijo: shrink is ${shrink}, expected a number between 0 and 1, since each trial must be shorter than the last; ` +
        "pass for example 0.5.",
    );
  }
  checkMaxTrials("armijo", maxTrials);
}
