/**
 * A step that meets the strong Wolfe conditions: low enough (Armijo's bound), and where phi has become flat enough.
 *
 * Sources: Wolfe, "Convergence conditions for ascent methods" (1969); Nocedal and Wright, Numerical Optimization (2006),
 * algorithms 3.5 (bracketing) and 3.6 (zoom), which are one loop here; the trial between two ends is the minimizer of the
 * cubic through both values and slopes (equation 3.59). Such steps exist where phi is smooth and bounded below and
 * c1 < c2 (lemma 3.1). They are what quasi-Newton methods need: the slope has risen, so that s'y > 0.
 */
import { LineSearchError } from "../core/index.ts";
import { checkGrowth, checkInitial, checkMaxTrials, checkStart } from "./checks.ts";
import { failed, found } from "./outcome.ts";
import type { Search, Trial } from "./types.ts";

export interface WolfeOptions {
  /** The first trial step, above 0. Default 1. */
  initial?: number;
  /** Share of the slope's promise that must come true, above 0 and below c2. Default 1e-4. */
  c1?: number;
  /** Share of the first slope's size that may be left, above c1 and below 1; near 0 the search is nearly exact. Default 0.9. */
  c2?: number;
  /** Factor to the next trial while no minimum is enclosed, above 1. Default 4. */
  expand?: number;
  /** Trials before the search gives up. Default 40. */
  maxTrials?: number;
  /** Keep every trial in the result. Default false. */
  trace?: boolean;
}

/** A step with its value and slope; of one that is too long these may be NaN or infinite. */
interface Point {
  t: number;
  value: number;
  slope: number;
}

/** A trial keeps so much of the interval's length away from either end. */
const MARGIN = 0.1;

/**
 * A step t with phi(t) <= phi(0) + c1 t phi'(0) and |phi'(t)| <= c2 |phi'(0)|, the strong Wolfe conditions.
 *
 * Trials grow by `expand` until a minimum is enclosed; then the interval is narrowed, each trial at the minimizer of a cubic,
 * but no nearer to an end than a tenth of it. Equality accepts; a value or slope that is NaN or infinite counts as a step too long.
 *
 * @param phi    Value and slope along the direction: phi(t) = f(w + t d) and phi'(t), the gradient there times d. The accepted
 *               step is the last one that it is asked for.
 * @param phi0   phi(0).
 * @param slope0 phi'(0), the gradient times the direction; negative.
 * @returns The search; its trials carry `slope` and `slopeBound`. `accepted` is false, with its `reason`, when no trial passes.
 * @throws {LineSearchError} When slope0 is not negative, phi0 or slope0 is not finite, or a constant is out of range.
 * @see Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5 and 3.6.
 */
export function wolfe(
  phi: (stepSize: number) => { value: number; slope: number },
  phi0: number,
  slope0: number,
  { initial = 1, c1 = 1e-4, c2 = 0.9, expand = 4, maxTrials = 40, trace = false }: WolfeOptions = {},
): Search {
  checkWolfeConstants({ initial, c1, c2, expand, maxTrials });
  checkStart("wolfe", phi0, slope0);
  const trials: Trial[] | undefined = trace ? [] : undefined;
  const slopeBound = -c2 * slope0;
  /** The lowest step that keeps Armijo's bound, and the other end of the interval; without one nothing is enclosed yet. */
  let low: Point = { t: 0, value: phi0, slope: slope0 };
  let other: Point | undefined;
  let t = initial;
  for (let count = 1; count <= maxTrials; count++) {
    const { value, slope } = phi(t);
    const bound = phi0 + c1 * t * slope0;
    const keeps = Number.isFinite(value) && Number.isFinite(slope) && value <= bound;
    const accepted = keeps && Math.abs(slope) <= slopeBound;
    trials?.push({ stepSize: t, value, bound, slope, slopeBound, accepted });
    if (accepted) return found(t, value, count, trials);
    // Where phi lies no lower than before, a minimum lies between here and the lowest.
    if (!keeps || value >= low.value) other = { t, value, slope };
    else {
      // Where phi rises away from the other end, the minimum lies between here and the step that was lowest before.
      const isForward = other === undefined || other.t > t;
      if (isForward ? slope >= 0 : slope <= 0) other = low;
      low = { t, value, slope };
    }
    t = other === undefined ? t * expand : between(low, other);
    if (t === Infinity) {
      return failed(phi0, count, `phi falls on and on: the steps overflow after ${count} trials`, trials);
    }
    if (t === low.t || t === other?.t) {
      const reason = `no number is left between ${low.t} and ${other?.t} after ${count} trials from ${initial}`;
      return failed(phi0, count, reason, trials);
    }
  }
  const ends =
    other === undefined ? `phi still falls at ${low.t}` : `a minimum lies between ${low.t} and ${other.t}`;
  return failed(phi0, maxTrials, `no trial passed after ${maxTrials} from ${initial}: ${ends}`, trials);
}

/** The minimizer of the cubic with the values and slopes of both ends, kept away from them; the middle where there is none. */
function between(a: Point, b: Point): number {
  const length = b.t - a.t;
  const mean = a.slope + b.slope - 3 * ((b.value - a.value) / length);
  const root = Math.sqrt(mean * mean - a.slope * b.slope) * Math.sign(length);
  const t = b.t - length * ((b.slope + root - mean) / (b.slope - a.slope + 2 * root));
  if (!Number.isFinite(t)) return a.t + length / 2;
  const [first, last] = [a.t + MARGIN * length, b.t - MARGIN * length];
  return Math.min(Math.max(t, Math.min(first, last)), Math.max(first, last));
}

/** @throws {LineSearchError} When a constant of the search is out of range. */
export function checkWolfeConstants({
  initial,
  c1,
  c2,
  expand,
  maxTrials,
}: Required<Omit<WolfeOptions, "trace">>): void {
  checkInitial("wolfe", initial);
  if (!(c1 > 0 && c1 < c2 && c2 < 1)) {
    throw new LineSearchError(
      `wolfe: c1 is ${c1} and c2 is ${c2}, expected 0 < c1 < c2 < 1, since only then some step must meet both conditions; ` +
        "pass for example c1 1e-4 and c2 0.9.",
    );
  }
  checkGrowth("wolfe", "expand", expand, 4);
  checkMaxTrials("wolfe", maxTrials);
}
