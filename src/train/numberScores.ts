/**
 * Scores of answers that are numbers, with what the mean would score beside them.
 *
 * Sums of squares are taken of numbers divided by the largest of them where they would leave float64 otherwise.
 */
import { allFinite, OptionError } from "../core/index.ts";
import { type Held, type Targets, targetsAlone } from "./scoreInput.ts";
import type { MissingScore, NumberMeasures, NumberScores, TargetScore } from "./scoreTypes.ts";
import { meanOfTerms, sumTerms } from "./sumTerms.ts";

export interface NumberOptions {
  /** Names of the targets, `[outputs]`; "target", or "target 1", "target 2", … */
  names?: readonly string[];
  /** What each target was standardized by, `[outputs]`: scores are then in its own unit. */
  scale?: readonly { readonly mean: number; readonly deviation: number }[];
}

/** @param baseline Targets whose mean is the constant answer; by default the scored ones. */
export function numberScores(
  held: Held,
  { names, scale }: NumberOptions,
  baseline: Targets | undefined,
): NumberScores {
  const { rows, width, outputs, y } = held;
  const missing: MissingScore[] = [];
  const titles = titlesOf(names, width);
  if (scale !== undefined) checkScale(scale, width);
  const before = baseline === undefined ? held : targetsAlone(baseline, width, "scores");
  if (before.y instanceof Uint8Array) {
    throw new OptionError(
      "baseline",
      "scores: baseline has labels, but the targets are numbers; pass the numbers of the training rows.",
    );
  }
  const targets = titles.map((name, j): TargetScore => {
    const { mean, deviation } = scale?.[j] ?? { mean: 0, deviation: 1 };
    const column = (of: ArrayLike<number>, count: number): Float64Array =>
      Float64Array.from({ length: count }, (_, row) => of[row * width + j]! * deviation + mean);
    const truth = column(y, rows);
    const known = before === held ? truth : column(before.y, before.rows);
    return targetScore(name, column(outputs, rows), truth, meanOf(known), missing);
  });
  const undefinedFor = targets.filter(({ rSquared }) => rSquared === null).map(({ name }) => name);
  if (undefinedFor.length > 0 && targets.length > 1) {
    missing.push({
      score: "rSquared",
      reason: `it is a mean over all targets, and there is none for ${undefinedFor.join(", ")}`,
    });
  }
  const overall = (of: (target: TargetScore) => number | null): number | null =>
    undefinedFor.length > 0 ? null : finite(meanOfTerms(width, (j) => of(targets[j]!) ?? Number.NaN));
  return {
    kind: "numbers",
    rows,
    rSquared: overall(({ rSquared }) => rSquared),
    targets,
    baseline: { rSquared: overall((target) => target.baseline.rSquared) },
    missing,
  };
}

function titlesOf(names: readonly string[] | undefined, width: number): readonly string[] {
  if (names === undefined) {
    return width === 1 ? ["target"] : Array.from({ length: width }, (_, j) => `target ${j + 1}`);
  }
  if (names.length === width) return names;
  throw new OptionError(
    "names",
    `scores: names has ${names.length} names, expected ${width}, one an output; pass the names of the targets.`,
  );
}

function checkScale(scale: NonNullable<NumberOptions["scale"]>, width: number): void {
  const usable = scale.every(
    ({ mean, deviation }) => Number.isFinite(mean) && deviation > 0 && deviation < Infinity,
  );
  if (scale.length === width && usable) return;
  throw new OptionError(
    "scale",
    `scores: scale has ${scale.length} entries${usable ? "" : ", one of them without a finite mean and a deviation above 0"}, ` +
      `expected ${width}, one an output; pass the mean and deviation that each target was standardized by.`,
  );
}

function targetScore(
  name: string,
  answers: Float64Array,
  truth: Float64Array,
  mean: number,
  missing: MissingScore[],
): TargetScore {
  const own = measures(answers, truth);
  const lack = (score: string, reason: string): void => void missing.push({ score, of: name, reason });
  if (own.rSquared === null) lack("rSquared", noSpread(truth, answers));
  for (const score of ["meanAbsoluteError", "rootMeanSquaredError", "medianAbsoluteError"] as const) {
    if (own[score] === null) lack(score, "the errors are larger than float64 can hold");
  }
  const constant = measures(new Float64Array(truth.length).fill(mean), truth);
  return { name, ...own, baseline: { mean: finite(mean), ...constant } };
}

function noSpread(truth: Float64Array, answers: Float64Array): string {
  if (truth.length < 2) return "there is one example, and one number has no spread";
  if (truth.every((value) => value === truth[0]))
    return `the targets are all ${truth[0]}, so there is no spread to explain`;
  const large = !allFinite(truth) || !allFinite(answers);
  return large
    ? "targets or answers are larger than float64 can hold"
    : "the errors are too large beside the spread for float64";
}

/** @param answers `[rows]`. @param truth `[rows]`. */
function measures(answers: Float64Array, truth: Float64Array): NumberMeasures {
  const rows = truth.length;
  const errors = Float64Array.from(truth, (value, row) => Math.abs(answers[row]! - value));
  const mean = meanOf(truth);
  const alike = truth.every((value) => value === truth[0]);
  const squares = sumOfSquares(errors);
  const spread = sumOfSquares(truth.map((value) => value - mean));
  const ratio = (squares.sum / spread.sum) * square(squares.unit / spread.unit);
  return {
    rSquared: alike ? null : finite(1 - ratio),
    meanAbsoluteError: finite(meanOf(errors)),
    rootMeanSquaredError: finite(squares.unit * Math.sqrt(squares.sum / rows)),
    medianAbsoluteError: finite(medianOf(errors)),
  };
}

const square = (x: number): number => x * x;

const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** What to divide by so that squares and sums stay in float64: 1 for all but the largest and the smallest numbers. */
function unitOf(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most === 0 || (most > 1e-140 && most < 1e140) ? 1 : most;
}

/** The sum of squares is `sum` times `unit` squared. */
function sumOfSquares(values: Float64Array): { sum: number; unit: number } {
  const unit = unitOf(values);
  return { unit, sum: sumTerms(values.length, (row) => square(values[row]! / unit)) };
}

function meanOf(values: Float64Array): number {
  const unit = unitOf(values);
  return unit * meanOfTerms(values.length, (row) => values[row]! / unit);
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half]!;
  // Halved first, so that the sum of two large numbers does not overflow.
  return sorted[half - 1]! / 2 + sorted[half]! / 2;
}
