/**
 * Gradient descent with Armijo's step size, with every quantity of its proof of convergence in every step.
 *
 * The steps are those of `gradientDescent({ search: "armijo" })`, to the bit; the lines are those of proofLines.ts.
 *
 * Rounding. Lines 1 and 2 are compared as the search compares them and have no allowance. Lines 3 to 5 are made of the same
 * numbers by a few more operations, so that they may miss by four units of the last place of the values of f in them. Lines
 * 6 to 8 compare values with gradients, each of which is rounded many times: 64 units (see meanValue.ts). Line 9 is what
 * line 5 allows, carried through the descent lemma.
 */
import { dot, NotFiniteError, type Objective, squaredNorm } from "../core/index.ts";
import { armijo, type Search } from "../linesearch/index.ts";
import { convergeOptions } from "./convergeOptions.ts";
import type { Convergence, ConvergeOptions, ConvergeStep } from "./convergeTypes.ts";
import { type Curvature, curvature } from "./curvature.ts";
import { type RejectedTrial, ROUNDING, rejectedTrial } from "./meanValue.ts";
import { Marks, observations } from "./observations.ts";
import { finiteOrNull, plain } from "./plainNumbers.ts";
import { type CheckedLine, checkLine } from "./proofLines.ts";
import { summarize } from "./proofSummary.ts";
import { lengthOf, ray } from "./ray.ts";
import { checkPoint, checkStart } from "./startChecks.ts";

/** Four units of the last place. */
const ULPS = 4 * 2.220446049250313e-16;
/** As `gradientDescent`: the longest first trial while steps may grow. */
const LONGEST = 1e10;
const MOST_SHOWN = 64;

interface Place {
  x: Float64Array;
  g: Float64Array;
  value: number;
}

interface Totals {
  startValue: number;
  sum: number;
  /** By how much the sum may miss. */
  allowance: number;
  lastStep: number;
  /** Values that searches asked for, the last one's too where it failed; and gradients. */
  values: number;
  gradients: number;
}

/**
 * Runs gradient descent from `start` and checks every line of the proof in every step.
 *
 * @param f     Any function; a network's by `objective`, in float64.
 * @param start `[n]`, left as it is.
 * @throws {LineSearchError | OptionError} When a constant is out of range.
 * @throws {ShapeError | DataError} When the start has another length than `f` has variables, or is not finite.
 * @throws {NotFiniteError} When the function or its gradient is NaN or infinite at the start.
 */
export function converge(f: Objective, start: Float64Array, o: ConvergeOptions = {}): Convergence {
  const options = convergeOptions(o);
  checkPoint("start", start, f.dimension);
  const first = placeAt(f, start.slice());
  checkStart(first.value, first.g);
  const { place, steps, marks, totals, reason, searchReason } = descend(f, first, options);
  const lines = summarize(steps);
  const seen = observations(marks, place, steps.length, options);
  const shown = (x: Float64Array): number[] | null => (x.length <= MOST_SHOWN ? Array.from(x, plain) : null);
  const gradientNorm = lengthOf(place.g);
  return {
    options,
    dimension: f.dimension,
    start: shown(first.x),
    point: shown(place.x),
    startValue: plain(first.value),
    startGradientNorm: lengthOf(first.g),
    value: plain(place.value),
    gradientNorm,
    reason,
    searchReason,
    steps,
    lines,
    observations: seen,
    broken: [
      ...lines.filter(({ holds }) => !holds).map(({ id }) => id),
      ...seen.filter(({ observed }) => observed === false).map(({ id }) => id),
    ],
    smallestStep: steps.reduce<number | null>(
      (least, { stepSize }) => Math.min(least ?? stepSize, stepSize),
      null,
    ),
    ...endCurvature(f, place.x, gradientNorm),
    valueEvaluations: totals.values,
    gradientEvaluations: totals.gradients,
  };
}

type Options = Convergence["options"];

interface Descent {
  place: Place;
  steps: ConvergeStep[];
  marks: Marks;
  totals: Totals;
  reason: Convergence["reason"];
  searchReason: string | null;
}

function descend(f: Objective, first: Place, options: Options): Descent {
  const startValue = first.value;
  const totals: Totals = { startValue, sum: 0, allowance: 0, lastStep: 0, values: 0, gradients: 1 };
  const steps: ConvergeStep[] = [];
  const marks = new Marks(first);
  let place = first;
  for (;;) {
    const reason = ended(place, steps.length, options);
    if (reason !== undefined) return { place, steps, marks, totals, reason, searchReason: null };
    const taken = takeStep(f, place, totals, steps.length + 1, options);
    if (taken.next === undefined) return { place, steps, marks, totals, ...taken };
    place = taken.next;
    steps.push(taken.step);
    marks.add(steps.length, place);
  }
}

function placeAt(f: Objective, x: Float64Array): Place {
  const g = new Float64Array(x.length);
  return { value: f.gradient(x, g), x, g };
}

function ended({ g }: Place, steps: number, o: Options): "gradientNorm" | "steps" | undefined {
  // Where the squares underflow there is no slope left to search by.
  if (lengthOf(g) <= o.gradientNorm || squaredNorm(g) === 0) return "gradientNorm";
  return steps >= o.steps ? "steps" : undefined;
}

type Taken =
  | { next: Place; step: ConvergeStep }
  | { next: undefined; reason: "searchFailed" | "notFinite"; searchReason: string | null };

function takeStep(f: Objective, place: Place, totals: Totals, step: number, o: Options): Taken {
  const { x, g, value } = place;
  const d = g.map((gi) => -gi);
  const slope = dot(g, d);
  if (!Number.isFinite(slope)) return { next: undefined, reason: "notFinite", searchReason: null };
  const line = ray(f, x, d);
  const grown = o.growth > 1 && totals.lastStep > 0;
  const firstTrial = Math.min(LONGEST, grown ? o.growth * totals.lastStep : o.initial);
  const { c1, shrink, maxTrials } = o;
  const search = armijo((t) => line.value(t), value, slope, {
    initial: firstTrial,
    c1,
    shrink,
    maxTrials,
    trace: true,
  });
  totals.values += search.evaluations;
  if (!search.accepted) return { next: undefined, reason: "searchFailed", searchReason: search.reason };
  const t = search.stepSize;
  totals.gradients += 1;
  const next = placeAt(
    f,
    x.map((xi, i) => xi + t * d[i]!),
  );
  if (!Number.isFinite(next.value) || !next.g.every(Number.isFinite))
    return { next: undefined, reason: "notFinite", searchReason: null };
  const refusedTrial = search.trials?.at(-2);
  const refused =
    refusedTrial === undefined
      ? null
      : rejectedTrial(line, refusedTrial.stepSize, refusedTrial.value, { value, slope, g });
  totals.lastStep = t;
  const taken = { place, next, slope, search, firstTrial, refused };
  return { next, step: stepOf(taken, totals, step, d, o) };
}

interface Parts {
  place: Place;
  next: Place;
  slope: number;
  search: Search;
  firstTrial: number;
  refused: RejectedTrial | null;
}

function stepOf(parts: Parts, totals: Totals, step: number, d: Float64Array, o: Options): ConvergeStep {
  const { place, next, slope, search, firstTrial, refused } = parts;
  const t = search.stepSize;
  const promised = o.c1 * t * -slope;
  const allowance = ULPS * (Math.abs(place.value) + Math.abs(next.value));
  totals.sum += promised;
  totals.allowance += allowance;
  const stepBound =
    o.lipschitz === null ? null : Math.min(firstTrial, (2 * o.shrink * (1 - o.c1)) / o.lipschitz);
  const decrease = place.value - next.value;
  const fallen = totals.startValue - next.value;
  const lines = [
    checkLine("slope", slope, 0, 0),
    checkLine("armijo", search.value, search.trials!.at(-1)!.bound, 0),
    checkLine("decrease", promised, decrease, allowance),
    checkLine("sum", totals.sum, fallen, totals.allowance),
    ...(refused === null ? [] : refusedLines(refused, place, slope, o)),
    ...(stepBound === null ? [] : [boundLine(t, stepBound, refused, place, slope, o)]),
  ];
  return {
    step,
    value: plain(place.value),
    gradientNorm: Math.sqrt(-slope),
    stepSize: t,
    firstTrial,
    trials: search.evaluations,
    decrease: plain(decrease),
    promised,
    sum: totals.sum,
    fallen: plain(fallen),
    stepBound,
    crossesValley: dot(next.g, d) > 0,
    refused,
    lines,
  };
}

/** Lines 5 to 8. */
function refusedLines(
  { tau, value: trialValue, quotient, slopeThere, gradientChange, allowance }: RejectedTrial,
  { value }: Place,
  slope: number,
  { c1 }: Options,
): CheckedLine[] {
  const ofQuotient = (ULPS * (Math.abs(value) + Math.abs(trialValue ?? 0))) / tau - ULPS * c1 * slope;
  const norm = Math.sqrt(-slope);
  const needed = (1 - c1) * norm;
  const ofChange = (allowance + ofQuotient) / norm + ROUNDING * norm;
  return [
    checkLine("rejected", quotient, c1 * slope, ofQuotient),
    checkLine("meanValue", slopeThere, quotient, allowance),
    checkLine("slopeThere", slopeThere, c1 * slope, allowance + ofQuotient),
    checkLine("gradientChange", gradientChange, needed, ofChange),
  ];
}

/**
 * Line 9. A trial that was refused by rounding alone lies below 2 (1 - c1) / L: by what line 5 allows, since the descent lemma
 * gives quotient <= slope + L tau ||d||² / 2.
 */
function boundLine(
  t: number,
  bound: number,
  refused: RejectedTrial | null,
  { value }: Place,
  slope: number,
  { shrink, lipschitz }: Options,
): CheckedLine {
  const noise =
    refused === null ? 0 : (ROUNDING * (Math.abs(value) + Math.abs(refused.value ?? 0))) / refused.tau;
  return checkLine("stepBound", t, bound, ULPS * bound + (shrink * 2 * noise) / (lipschitz! * -slope));
}

function endCurvature(
  f: Objective,
  x: Float64Array,
  gradientNorm: number,
): { curvature: Curvature | null; distance: number | null } {
  try {
    const found = curvature(f, x);
    const least = Math.min(...(found.eigenvalues ?? [found.smallest, found.largest]).map(Math.abs));
    const decided = found.eigenvalues !== null && least > found.tolerance;
    return { curvature: found, distance: decided ? finiteOrNull(gradientNorm / least) : null };
  } catch (error) {
    if (error instanceof NotFiniteError) return { curvature: null, distance: null };
    throw error;
  }
}
