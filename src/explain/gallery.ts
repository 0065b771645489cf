/**
 * Runs that break one hypothesis of the convergence proof each, or show what it does not promise. Which line breaks is read off
 * the numbers of the run.
 *
 * The errata M10 and M11 are behind it: f must be continuously differentiable; what is found is a stationary point, if any.
 */
import { dot, LineSearchError, type Objective, OptionError } from "../core/index.ts";
import { armijo } from "../linesearch/index.ts";
import { converge } from "./converge.ts";
import type { Convergence, ConvergeOptions } from "./convergeTypes.ts";
import {
  absolute,
  decay,
  doubleWell,
  hill,
  line,
  parabolaOf,
  ridge,
  twoValleys,
} from "./galleryFunctions.ts";
import { plain } from "./plainNumbers.ts";
import { ray } from "./ray.ts";

export interface GalleryExample {
  name: GalleryName;
  /** In words. */
  title: string;
  formula: string;
  start: number[];
  /** What is not fulfilled, or not promised. */
  missing: string;
  /** What one sees. */
  lesson: string;
  /** The smallest value that f has, or tends to; null where there is none. */
  infimum: number | null;
  /** The run; null where not a single step exists. */
  run: Convergence | null;
  /** The trials of a search that the library refuses to make; null where it makes it. */
  refusal: GalleryRefusal | null;
  /** Lines, hypotheses and conclusions that fail in these numbers: ids of proofLines and observations, or "minimum". */
  broken: string[];
}

export interface GalleryRefusal {
  c1: number;
  /** grad f(x)^T d. */
  slope: number;
  /** Steps with the quotient [f(x + t d) - f(x)] / t, which must not lie above c1 times the slope. */
  trials: { stepSize: number; value: number; bound: number; quotient: number; accepted: boolean }[];
  /** What the library says to such a constant. */
  message: string;
}

export type GalleryName =
  | "kink"
  | "absolute"
  | "no-minimum"
  | "unbounded-level-set"
  | "no-lower-bound"
  | "c1-too-large"
  | "saddle"
  | "maximum";

interface Entry extends Omit<GalleryExample, "name" | "run" | "refusal" | "broken"> {
  objective: Objective;
  options: ConvergeOptions;
}

/** By name, in the order in which they are listed. */
const entries: Readonly<Record<GalleryName, Entry>> = {
  kink: {
    title: "A kink stops the descent at a point that is not stationary",
    formula: "5|x| + y²/2",
    start: [0.7, 1],
    missing: "f is continuously differentiable: at x = 0 the gradient jumps",
    lesson:
      "The steps tend to 0 although the gradient keeps a length above 5, and the run ends in mid-air, above the minimum. " +
      "No point between has the slope that the mean value theorem promises.",
    infimum: 0,
    objective: ridge,
    options: { c1: 0.1, lowerBound: 0, steps: 20 },
  },
  absolute: {
    title: "A kink at the minimum: found, but never stationary",
    formula: "|x|",
    start: [0.7],
    missing: "f is continuously differentiable: the derivative jumps from -1 to 1",
    lesson:
      "The points tend to the minimum, but the gradient keeps the length 1, so no tolerance ends the run.",
    infimum: 0,
    objective: absolute,
    // A few steps later the points hit 0 itself, where the derivative counts as 0.
    options: { lowerBound: 0, steps: 20 },
  },
  "no-minimum": {
    title: "No minimum: the points run away",
    formula: "e^-x",
    start: [0],
    missing: "an accumulation point: f has a lower bound, but reaches it nowhere",
    lesson: "Every line of the proof holds and the gradient tends to 0, but there is no place where it is 0.",
    infimum: 0,
    objective: decay,
    options: { growth: 2, lowerBound: 0, steps: 40, gradientNorm: 0 },
  },
  "unbounded-level-set": {
    title: "An unbounded level set: the points run past a minimum that exists",
    formula: "x² e^-x",
    start: [3],
    missing: "a bounded set of points that are no higher than the start: beyond x = 2 f falls for ever",
    lesson:
      "There is a minimum at 0, but downhill leads the other way, and the points have no accumulation point.",
    infimum: 0,
    objective: hill,
    options: { growth: 2, lowerBound: 0, steps: 40, gradientNorm: 0 },
  },
  "no-lower-bound": {
    title: "No lower bound: f falls for ever",
    formula: "x",
    start: [0],
    missing: "a lower bound of f",
    lesson: "Line 4 holds with both sides growing without end, so it says nothing about the gradient.",
    infimum: null,
    objective: line,
    options: { steps: 40 },
  },
  "c1-too-large": {
    title: "c1 = 1: no step is acceptable",
    formula: "x²/2",
    start: [1],
    missing: "c1 < 1: the bound is the tangent itself, and a convex function lies above it",
    lesson:
      "However short the step, the quotient stays above the slope; that a step exists needs c1 below 1.",
    infimum: 0,
    objective: parabolaOf(1),
    options: { c1: 1 },
  },
  saddle: {
    title: "A saddle: stationary, and no minimum",
    formula: "x² + (y² - 1)²",
    start: [1, 0],
    missing: "nothing: the proof promises a stationary point and no more",
    lesson:
      "The start lies on the ridge between two valleys, where the gradient has no part that leads down into one.",
    infimum: 0,
    objective: twoValleys,
    options: { c1: 0.1, lowerBound: 0 },
  },
  maximum: {
    title: "A start at a maximum: there is nothing to do",
    formula: "(x² - 1)²",
    start: [0],
    missing: "nothing: where the gradient is 0 the method stops at once",
    lesson: "The first test of the algorithm is met, so that not a single step is made.",
    infimum: 0,
    objective: doubleWell,
    options: { lowerBound: 0 },
  },
};

export const galleryNames: readonly GalleryName[] = Object.keys(entries) as GalleryName[];

/**
 * One example of the gallery, run.
 *
 * @throws {OptionError} When there is none of that name.
 */
export function galleryExample(name: GalleryName): GalleryExample {
  if (!Object.hasOwn(entries, name)) {
    throw new OptionError(
      "name",
      `gallery: there is no example ${JSON.stringify(name)}, expected one of ${galleryNames.join(", ")}.`,
    );
  }
  const { objective, options, ...told } = entries[name];
  const start = Float64Array.from(told.start);
  const base = { name, ...told, start: [...told.start] };
  if (!(options.c1 === undefined || options.c1 < 1)) {
    const refusal = refused(objective, start, options.c1);
    const none = refusal.trials.every(({ accepted }) => !accepted);
    return { ...base, run: null, refusal, broken: none ? ["armijo"] : [] };
  }
  const run = converge(objective, start, options);
  return { ...base, run, refusal: null, broken: [...run.broken, ...notMinimum(run)] };
}

/** "minimum" where the run ended at a stationary point that its curvature shows to be none. */
function notMinimum({ observations, curvature }: Convergence): string[] {
  const stationary = observations.some(({ id, observed }) => id === "stationary" && observed === true);
  const against = curvature !== null && curvature.smallest < -curvature.tolerance;
  return stationary && against ? ["minimum"] : [];
}

/** A search of our own with a constant that the library refuses. */
function refused(f: Objective, x: Float64Array, c1: number): GalleryRefusal {
  const g = new Float64Array(f.dimension);
  const value = f.gradient(x, g);
  const d = g.map((gi) => -gi);
  const slope = dot(g, d);
  const along = ray(f, x, d);
  const trials: GalleryRefusal["trials"] = [];
  // Beyond that the quotient and the slope differ by less than the rounding of f.
  for (let t = 1; trials.length < 20; t /= 2) {
    const here = along.value(t);
    const bound = value + c1 * t * slope;
    trials.push({
      stepSize: t,
      value: plain(here),
      bound: plain(bound),
      quotient: plain((here - value) / t),
      accepted: here <= bound,
    });
  }
  return { c1, slope, trials, message: refusalOf(() => armijo((t) => along.value(t), value, slope, { c1 })) };
}

function refusalOf(search: () => unknown): string {
  try {
    search();
  } catch (error) {
    if (error instanceof LineSearchError) return error.message;
    throw error;
  }
  return "";
}
