/**
 * The receiver operating characteristic: how well outputs rank the examples of one class before the others.
 *
 * Source: Fawcett, An introduction to ROC analysis, Pattern Recognition Letters 27 (2006) 861-874, algorithms 1 and 2. The area is
 * counted in pairs (the statistic of Mann and Whitney), in whole numbers, so that ties are exact.
 */
import { OptionError, type Rows, requireNames } from "../core/index.ts";
import { type ClassOptions, type ClassProblem, classProblem, requireClass } from "./classProblem.ts";
import type { Targets } from "./scoreInput.ts";

export interface RocPoint {
  /** Share of the other examples that are taken for the class. */
  falsePositiveRate: number;
  /** Share of its own examples that are. */
  truePositiveRate: number;
  /** The probability (the output, where it is a single logit) from which on an example is taken for the class; null for none. */
  threshold: number | null;
}

export interface RocCurve {
  class: string;
  positives: number;
  negatives: number;
  /** null where there are no positives or no negatives. */
  area: number | null;
  /** From (0, 0) to (1, 1), corners only; empty where the area is null. */
  points: RocPoint[];
}

export interface RocOptions extends ClassOptions {
  /** The class that counts as positive, from 0; 1. */
  class?: number;
  /** Most points; where there are more corners some are left out. 500. */
  points?: number;
}

/** Outputs of the examples of one class and of the others, each ascending. */
interface Ranked {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

function ranked({ rows, labels, rank }: ClassProblem, label: number): Ranked {
  let count = 0;
  for (const own of labels) if (own === label) count++;
  const positives = new Float64Array(count);
  const negatives = new Float64Array(rows - count);
  for (let row = 0, p = 0, n = 0; row < rows; row++) {
    if (labels[row] === label) positives[p++] = rank(row, label);
    else negatives[n++] = rank(row, label);
  }
  return { positives: positives.sort(), negatives: negatives.sort() };
}

/**
 * Share of the pairs of an example of the class and one of another that the outputs put in order, ties counted half.
 *
 * @returns A number in [0, 1]; null where there are no such pairs.
 */
export function areaUnderRoc(problem: ClassProblem, label: number): number | null {
  return areaOf(ranked(problem, label));
}

function areaOf({ positives, negatives }: Ranked): number | null {
  if (positives.length === 0 || negatives.length === 0) return null;
  let below = 0;
  let upTo = 0;
  let halves = 0;
  for (const value of positives) {
    while (below < negatives.length && negatives[below]! < value) below++;
    while (upTo < negatives.length && negatives[upTo]! <= value) upTo++;
    halves += below + upTo;
  }
  return halves / (2 * positives.length * negatives.length);
}

const optionNames: readonly string[] = [
  "classes",
  "logits",
  "class",
  "points",
] satisfies (keyof RocOptions)[];

/**
 * The ROC curve of one class against the rest, for a plot.
 *
 * @param outputs What predict gives, `[rows, outputs]`.
 * @throws {ShapeError | DataError | OptionError} When outputs and targets do not fit, or there is no such class or option.
 */
export function rocCurve(outputs: Rows, targets: Targets, options: RocOptions = {}): RocCurve {
  requireNames("rocCurve", options, optionNames);
  const { class: label = 1, points = 500 } = options;
  if (!Number.isSafeInteger(points) || points < 2) {
    throw new OptionError(
      "points",
      `rocCurve: points is ${String(points)}, expected a whole number of at least 2; 500 is enough for a figure.`,
    );
  }
  const problem = classProblem(outputs, targets, options, "rocCurve");
  const sides = ranked(problem, requireClass(label, problem.names, "rocCurve"));
  const area = areaOf(sides);
  const shown = (point: RocPoint): RocPoint =>
    point.threshold === null ? point : { ...point, threshold: problem.threshold(point.threshold, label) };
  return {
    class: problem.names[label]!,
    positives: sides.positives.length,
    negatives: sides.negatives.length,
    area,
    points: area === null ? [] : thinned(corners(sides), points).map(shown),
  };
}

/** The points where the curve turns, from the highest output down. */
function corners({ positives, negatives }: Ranked): RocPoint[] {
  const found = [{ p: 0, n: 0, threshold: null as number | null }];
  let [p, n] = [0, 0];
  while (p < positives.length || n < negatives.length) {
    const threshold = Math.max(
      positives[positives.length - 1 - p] ?? Number.NEGATIVE_INFINITY,
      negatives[negatives.length - 1 - n] ?? Number.NEGATIVE_INFINITY,
    );
    while (p < positives.length && positives[positives.length - 1 - p]! >= threshold) p++;
    while (n < negatives.length && negatives[negatives.length - 1 - n]! >= threshold) n++;
    const [before, last] = [found.at(-2), found.at(-1)!];
    // A point on the line from the one before to the next is no corner.
    const straight =
      before !== undefined && (p - last.p) * (last.n - before.n) === (last.p - before.p) * (n - last.n);
    if (straight) found.pop();
    found.push({ p, n, threshold });
  }
  return found.map((corner) => ({
    falsePositiveRate: corner.n / negatives.length,
    truePositiveRate: corner.p / positives.length,
    threshold: corner.threshold,
  }));
}

/** At most so many, evenly by their place, the first and the last among them. */
function thinned(all: RocPoint[], most: number): RocPoint[] {
  if (all.length <= most) return all;
  const step = (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => all[Math.round(i * step)]!);
}
