/**
 * One line search in full: what was tried, what was allowed, which steps would have been acceptable, and where the valley is.
 *
 * Sources: Armijo, "Minimization of functions having Lipschitz continuous first partial derivatives" (1966); Nocedal and
 * Wright, Numerical Optimization (2006), section 3.1, figures 3.3 to 3.6. That an acceptable step exists where the slope is
 * negative and c1 < 1 follows from differentiability: (phi(t) - phi(0)) / t tends to phi'(0), which is below c1 phi'(0).
 */
import { dot, type Objective } from "../core/index.ts";
import type { Search, Trial } from "../linesearch/index.ts";
import { acceptableIntervals, type Interval, leastAlong, stepGrid } from "./acceptable.ts";
import { finiteOrNull, plain } from "./plainNumbers.ts";
import { lengthOf, type Ray, ray } from "./ray.ts";
import { type SearchConstants, type SearchName, type SearchRule, searchRules } from "./searchRules.ts";
import { checkConstants, checkPoint, checkSearch, checkSlope, checkStart } from "./startChecks.ts";

export interface LineSearchOptions extends SearchConstants {
  /** `[n]`, along which to search. Default: minus the gradient. */
  direction?: readonly number[] | Float64Array;
  /** Default "armijo". */
  search?: SearchName;
  /** Steps at which phi is sampled, evenly and, where a step is accepted, as often again near it and in equal ratios. Default 200. */
  samples?: number;
}

/** A step that was tried. */
export interface ExplainedTrial {
  /** From 0; with Armijo the step is initial times shrink to this power. */
  l: number;
  stepSize: number;
  /** phi(stepSize); null where it is NaN or infinite, which is never accepted. */
  value: number | null;
  /** The largest value that the condition allows there. */
  bound: number;
  /** The smallest, of Goldstein's conditions. */
  lower?: number;
  /** phi'(stepSize) and the largest size that is allowed, of Wolfe's conditions; the slope is null where it is not finite. */
  slope?: number | null;
  slopeBound?: number;
  accepted: boolean;
}

export interface LineSearchExplanation {
  search: SearchName;
  /** The constants in force. */
  constants: Record<string, number>;
  dimension: number;
  /** Where the search begins and its direction, `[n]`; null above 64 variables. */
  point: number[] | null;
  direction: number[] | null;
  /** Whether the direction is minus the gradient. */
  steepest: boolean;
  /** f there, phi(0). */
  value: number;
  gradientNorm: number;
  directionNorm: number;
  /** phi'(0), the gradient times the direction. */
  slope: number;
  trials: ExplainedTrial[];
  accepted: boolean;
  /** The accepted step, 0 where there is none. */
  stepSize: number;
  /** "accepted", or why there is no step. */
  reason: string;
  /** phi at the accepted step. */
  valueAfter: number;
  /** phi' at the accepted step. */
  slopeAfter: number | null;
  /** Whether the accepted step has crossed the valley: phi rises there. Armijo's condition allows that. */
  crossesValley: boolean;
  /** phi and what the conditions allow over steps from 0 to `range`; null where phi is not finite. */
  samples: { stepSize: number[]; value: (number | null)[]; bound: number[]; lower?: number[] };
  range: number;
  /** The acceptable steps within the range, as far as the samples see them. */
  acceptable: Interval[];
  /** Where phi is least within the range. */
  least: { stepSize: number; value: number };
}

/** A slope of this share of the first one is that of the bottom, but for rounding. */
const FLAT = 1e-12;
/** Points and directions up to this length are part of the result. */
const MOST_SHOWN = 64;
/** The range ends a bit beyond the first trial. */
const BEYOND = 1.25;
/** The range near the accepted step, in accepted steps. */
const NEAR = 16;

/**
 * Searches along one direction and tells everything about it.
 *
 * @param f Any function; a network's by `objective`, best in float64.
 * @param x `[n]`, left as it is.
 * @throws {LineSearchError} When the direction does not descend, the gradient is zero, or a constant is out of range or another search's.
 * @throws {NotFiniteError} When the function or its gradient is NaN or infinite at `x`.
 * @throws {ShapeError | DataError} When `x` or the direction has another length than `f` has variables, or is not finite.
 */
export function explainLineSearch(
  f: Objective,
  x: Float64Array,
  o: LineSearchOptions = {},
): LineSearchExplanation {
  const { search = "armijo", samples = 200 } = o;
  checkSearch(search, samples);
  checkConstants(search, o);
  const { g, d, ...begin } = beginning(f, x, o.direction);
  const line = ray(f, begin.start, d);
  const rule = searchRules[search](line, begin.value, begin.slope, o);
  const found = rule.run();
  const small = f.dimension <= MOST_SHOWN;
  const slopeAfter = found.accepted ? finiteOrNull(line.slope(found.stepSize)) : null;
  return {
    search,
    constants: rule.constants,
    dimension: f.dimension,
    point: small ? Array.from(begin.start, plain) : null,
    direction: small ? Array.from(d, plain) : null,
    steepest: o.direction === undefined,
    value: plain(begin.value),
    gradientNorm: lengthOf(g),
    directionNorm: lengthOf(d),
    slope: begin.slope,
    trials: found.trials.map((trial, l) => ({ l, ...plainTrial(trial) })),
    accepted: found.accepted,
    stepSize: found.stepSize,
    reason: found.reason,
    valueAfter: plain(found.value),
    slopeAfter,
    crossesValley: slopeAfter !== null && slopeAfter > FLAT * -begin.slope,
    ...lookAlong(line, begin.value, rule, found, samples),
  };
}

/** Value, gradient, direction and slope where the search begins. */
function beginning(
  f: Objective,
  x: Float64Array,
  direction: LineSearchOptions["direction"],
): { start: Float64Array; value: number; g: Float64Array; d: Float64Array; slope: number } {
  checkPoint("x", x, f.dimension);
  if (direction !== undefined) checkPoint("direction", direction, f.dimension);
  const start = x.slice();
  const g = new Float64Array(f.dimension);
  const value = f.gradient(start, g);
  checkStart(value, g);
  const d = direction === undefined ? g.map((gi) => -gi) : Float64Array.from(direction);
  const slope = dot(g, d);
  checkSlope(slope, direction !== undefined, g);
  return { start, value, g, d, slope };
}

/** JSON has no infinity. */
function held(x: number): number {
  return plain(Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, x)));
}

/** phi over many steps, and what that shows. */
function lookAlong(
  line: Ray,
  value: number,
  rule: SearchRule,
  found: Search & { trials: Trial[] },
  count: number,
): Pick<LineSearchExplanation, "samples" | "range" | "acceptable" | "least"> {
  const longest = Math.max(...found.trials.map((trial) => trial.stepSize));
  const range = held(BEYOND * longest);
  const stepSize = stepGrid(
    range,
    found.accepted ? Math.min(NEAR * found.stepSize, range / 2) : range,
    count,
  );
  const values = stepSize.map((t) => (t === 0 ? value : line.value(t)));
  const { lower } = rule;
  const least = leastAlong(stepSize, values, (t) => line.value(t));
  return {
    samples: {
      stepSize,
      value: values.map(finiteOrNull),
      bound: stepSize.map((t) => held(rule.bound(t))),
      ...(lower === undefined ? {} : { lower: stepSize.map((t) => held(lower(t))) }),
    },
    range,
    acceptable: acceptableIntervals(stepSize, rule.passes, rule.fromZero),
    least: { stepSize: least.stepSize, value: plain(least.value) },
  };
}

function plainTrial({ stepSize, value, bound, accepted, ...more }: Trial): Omit<ExplainedTrial, "l"> {
  return {
    stepSize,
    value: finiteOrNull(value),
    bound: held(bound),
    ...(more.lower === undefined ? {} : { lower: held(more.lower) }),
    ...(more.slope === undefined ? {} : { slope: finiteOrNull(more.slope) }),
    ...(more.slopeBound === undefined ? {} : { slopeBound: held(more.slopeBound) }),
    accepted,
  };
}
