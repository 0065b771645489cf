/** The figures of scores, as charts: ROC curves, calibration, folds, importance, and numbers against what they should be. */
import { wilsonShare } from "../experiment/index.ts";
import type { ChartOptions, Mark } from "../plot/index.ts";
import {
  type Calibration,
  type CrossValidation,
  type Importances,
  listScores,
  type RocCurve,
  type ScoreSpread,
} from "../train/index.ts";
import { grouped, plural, short } from "./numbers.ts";
import { scoreName } from "./scoreText.ts";

/** Of rates and probabilities. */
const unit: [number, number] = [0, 1];

/** One curve a class, with its area; the dashed diagonal ranks nothing. */
export function rocChart(curves: readonly RocCurve[], title = "ROC curve"): ChartOptions {
  const drawn = curves.filter(({ area }) => area !== null);
  const lines = drawn.map(({ class: name, area, points }): Mark => {
    const x = points.map(({ falsePositiveRate }) => falsePositiveRate);
    const y = points.map(({ truePositiveRate }) => truePositiveRate);
    return { kind: "line", name: `${name}, area ${short(area!)}`, x, y };
  });
  const chance: Mark = {
    kind: "line",
    name: "constant answer, area 0.5",
    x: [0, 1],
    y: [0, 1],
    style: 6,
    thin: true,
  };
  return {
    title,
    subtitle: rocSubtitle(drawn),
    x: { label: "false positive rate", range: unit },
    y: { label: "true positive rate", range: unit },
    marks: [chance, ...lines],
    width: 760,
    height: 700,
  };
}

function rocSubtitle(drawn: readonly RocCurve[]): string {
  const [one, more] = drawn;
  if (one === undefined) return "no curve: all examples are of one class";
  if (more !== undefined) return "each class against the rest";
  return `${plural(one.positives, "example")} of ${one.class}, ${plural(one.negatives, "other")}`;
}

/** Shares that came true against the probabilities given; on the diagonal probabilities mean what they say. */
export function calibrationChart(found: Calibration, title = "Calibration"): ChartOptions {
  const filled = found.bins.filter(({ rows }) => rows > 0);
  const of = found.class === null ? "the answer" : found.class;
  const intervals = filled.map(({ rows, observed, predicted }): Mark => {
    const { low, high } = wilsonShare(Math.round(observed! * rows), rows);
    return { kind: "line", name: "95 % interval", x: [predicted!, predicted!], y: [low, high], style: 0 };
  });
  return {
    title,
    subtitle: `${plural(found.rows, "example")}, mean distance from the diagonal ${short(found.error)}`,
    x: { label: `probability given to ${of}`, range: unit },
    y: { label: "share that came true", range: unit },
    marks: [
      {
        kind: "bars",
        name: "share of the examples",
        x: found.bins.map(({ from, to }) => (from + to) / 2),
        y: found.bins.map(({ rows }) => rows / found.rows),
        style: 5,
      },
      { kind: "line", name: "well calibrated", x: [0, 1], y: [0, 1], style: 6, thin: true },
      {
        kind: "dots",
        name: "came true",
        x: filled.map(({ predicted }) => predicted!),
        y: filled.map(({ observed }) => observed!),
        style: 0,
      },
      ...intervals,
    ],
    width: 760,
    height: 700,
  };
}

/** How much worse the loss becomes without each column: mean and deviation over the shuffles, the largest on top. */
export function importanceChart(found: Importances, title = "Permutation importance"): ChartOptions {
  const shown = found.inputs.slice(0, MOST_COLUMNS).reverse();
  const left = found.inputs.length - shown.length;
  const y = shown.map((_, place) => place);
  const mean = shown.map(({ loss }) => loss.mean ?? Number.NaN);
  const { name, value } = found.metric;
  return {
    title,
    subtitle:
      `${plural(found.rows, "example")}, each column shuffled ${plural(found.repeats, "time")}; unshuffled: loss ${short(found.loss)}, ${scoreName(name)} ${short(value)}` +
      (left > 0 ? `; ${plural(left, "column")} left out` : ""),
    x: { label: "rise of the loss" },
    y: { label: "", categories: shown.map((own) => own.name), range: [-0.6, shown.length - 0.4] },
    marks: [
      { kind: "rule", x: 0 },
      ...shown.map(({ loss }, place): Mark => {
        const half = loss.deviation ?? 0;
        const middle = loss.mean ?? Number.NaN;
        return {
          kind: "line",
          name: "± deviation",
          x: [middle - half, middle + half],
          y: [place, place],
          style: 0,
        };
      }),
      { kind: "dots", name: "mean", x: mean, y, style: 0 },
    ],
    height: 170 + 34 * Math.max(4, shown.length),
  };
}

const MOST_COLUMNS = 25;

const known = (value: number | null): string => (value === null ? "unknown" : short(value));

/** The score to compare models by, of each fold, beside the mean over the folds and the baseline. */
export function foldsChart(
  { folds, spread, stratified }: CrossValidation,
  title = "Cross-validation",
): ChartOptions {
  const line = spread[0] as ScoreSpread;
  const values = folds.map(({ scores }) => listScores(scores)[0]!.value ?? Number.NaN);
  const label = scoreName(line.name);
  const rule = (y: number | null, name: string, style: number): Mark[] =>
    y === null ? [] : [{ kind: "rule", y, label: `${name} ${short(y)}`, style }];
  return {
    title,
    subtitle: `${plural(folds.length, stratified ? "stratified fold" : "fold")}: ${label} ${known(line.mean)}, deviation ${known(line.deviation)}`,
    x: { label: "fold", categories: folds.map(({ fold }) => String(fold)) },
    y: { label },
    marks: [
      ...rule(line.baseline, "baseline", 1),
      ...rule(line.mean, "mean", 0),
      { kind: "dots", name: "fold", x: folds.map((_, place) => place), y: values, style: 0 },
    ],
    height: 520,
  };
}

/** More dots than these say nothing more. */
const MOST_DOTS = 4000;

/**
 * Answers against what they should have been, `[rows]` each; on the diagonal they are right.
 *
 * @param name Of the target, with its unit.
 */
export function answersChart(
  answers: ArrayLike<number>,
  truth: ArrayLike<number>,
  name: string,
  title = "Predicted and true",
): ChartOptions {
  const stride = Math.ceil(truth.length / MOST_DOTS);
  const every = (of: ArrayLike<number>): number[] => Array.from(of).filter((_, row) => row % stride === 0);
  const [x, y] = [every(truth), every(answers)];
  const least = Math.min(...x, ...y);
  const most = Math.max(...x, ...y);
  const room = (most - least) / 40 || 1;
  const range: [number, number] = [least - room, most + room];
  const part = stride === 1 ? "" : `, ${grouped(x.length)} of them shown`;
  return {
    title,
    subtitle: `${plural(truth.length, "example")}${part}; on the diagonal the answer is right`,
    x: { label: `true ${name}`, range },
    y: { label: `predicted ${name}`, range },
    marks: [
      { kind: "dots", name: "example", x, y, style: 0, hollow: true },
      { kind: "line", name: "right", x: [least, most], y: [least, most], style: 6, thin: true },
    ],
    width: 760,
    height: 740,
  };
}
