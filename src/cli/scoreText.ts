/** Scores, cross-validation and importance as tables for a terminal, each number beside its baseline. */
import {
  type ClassScores,
  type CrossValidation,
  type Importances,
  listScores,
  type MissingScore,
  type Scores,
} from "../train/index.ts";
import { percent, plural, short } from "./numbers.ts";
import { paragraph, textTable } from "./textTable.ts";

const titles: Readonly<Record<string, string>> = {
  macroF1: "F1, mean over the classes",
  rocAuc: "ROC AUC",
  logLoss: "log loss",
  brier: "Brier score",
  rSquared: "R²",
  meanAbsoluteError: "mean absolute error",
  rootMeanSquaredError: "root mean squared error",
  medianAbsoluteError: "median absolute error",
};

/** A score's name as people write it. */
export function scoreName(name: string): string {
  return Object.hasOwn(titles, name) ? titles[name]! : name;
}

/** Shares as percentages, other scores in four digits; "–" where there is none. */
export function scoreValue(name: string, value: number | null): string {
  if (value === null) return "–";
  return name === "accuracy" ? percent(value) : short(value);
}

/** The scores with their baselines, then a line for each class, then what is missing and why. @param columns Of the terminal. */
export function scoreLines(scores: Scores, columns: number): string[] {
  const rows = listScores(scores).map(({ name, target, value, baseline }) => [
    target === undefined ? scoreName(name) : `${cut(target)}: ${scoreName(name)}`,
    scoreValue(name, value),
    scoreValue(name, baseline),
  ]);
  const head = textTable([["", "model", "baseline"], ...rows]);
  const classes = scores.kind === "classes" ? ["", ...classLines(scores)] : [];
  return [
    ...head,
    ...paragraph(baselineText(scores), columns - 2).map((line) => `  ${line}`),
    ...classes,
    ...missingLines(scores.missing, columns),
  ];
}

/** What the baseline answers. */
function baselineText(scores: Scores): string {
  if (scores.kind === "classes") {
    const { majority } = scores.baseline;
    return `Baseline: looks at no input and answers ${cut(majority)}, the most frequent class; as probabilities, the shares of the classes.`;
  }
  const [one, more] = scores.targets;
  const mean = one!.baseline.mean;
  return more !== undefined || mean === null
    ? "Baseline: looks at no input and answers the mean of each target."
    : `Baseline: looks at no input and answers the mean, ${short(mean)}.`;
}

/** Names of classes and columns may be of any length. */
function cut(name: string): string {
  const letters = [...name];
  return letters.length <= 30 ? name : `${letters.slice(0, 29).join("")}…`;
}

function classLines({ perClass, macro, weighted }: ClassScores): string[] {
  const number = (value: number | null): string => (value === null ? "–" : value.toFixed(3));
  const rows = perClass.map(({ name, rows: count, precision, recall, f1, rocAuc }) => [
    cut(name),
    String(count),
    ...[precision, recall, f1, rocAuc].map(number),
  ]);
  const means = Object.entries({ "mean over classes": macro, "weighted by examples": weighted }).map(
    ([name, { precision, recall, f1 }]) => [name, "", ...[precision, recall, f1].map(number), ""],
  );
  return textTable([["class", "examples", "precision", "recall", "F1", "ROC AUC"], ...rows, ...means]);
}

/** More than these would push the scores off the screen. */
const MOST_REASONS = 6;

function missingLines(missing: readonly MissingScore[], columns: number): string[] {
  if (missing.length === 0) return [];
  const lines = missing.slice(0, MOST_REASONS).flatMap(({ score, of, reason }) => {
    const text = `${scoreName(score)}${of === undefined ? "" : ` of ${cut(of)}`} is unknown: ${reason}.`;
    return paragraph(text, columns - 2).map((line) => `  ${line}`);
  });
  const more = missing.length - MOST_REASONS;
  return ["", ...lines, ...(more > 0 ? [`  … and ${plural(more, "more unknown score")}.`] : [])];
}

/** Each score over the folds: mean, deviation, worst and best fold, baseline. */
export function crossValidationLines(found: CrossValidation, columns: number): string[] {
  const rows = found.spread.map(({ name, target, mean, deviation, least, most, baseline, best }) => [
    target === undefined ? scoreName(name) : `${cut(target)}: ${scoreName(name)}`,
    scoreValue(name, mean),
    scoreValue(name, deviation),
    scoreValue(name, best === "high" ? least : most),
    scoreValue(name, best === "high" ? most : least),
    scoreValue(name, baseline),
  ]);
  const few = found.smallClasses.slice(0, 10).map(({ name, rows: count }) => `${cut(name)} (${count})`);
  const warning =
    few.length === 0
      ? []
      : [
          "",
          ...paragraph(
            `Fewer examples than folds, so that some folds cannot test them: ${few.join(", ")}.`,
            columns,
          ),
        ];
  return [
    ...textTable([["", "mean", "deviation", "worst fold", "best fold", "baseline"], ...rows]),
    ...warning,
  ];
}

/** How much worse loss and metric become without each column, the most important first. @param most Lines; 20. */
export function importanceLines(found: Importances, most = 20): string[] {
  const { metric, inputs, loss } = found;
  const rows = inputs
    .slice(0, most)
    .map((own) => [
      cut(own.name),
      scoreValue("loss", own.loss.mean),
      scoreValue("loss", own.loss.deviation),
      scoreValue(metric.name, own.metric.mean),
    ]);
  const left = inputs.length - rows.length;
  return [
    `${plural(found.rows, "example")}, unshuffled: loss ${short(loss)}, ${scoreName(metric.name)} ${scoreValue(metric.name, metric.value)}`,
    ...textTable([["column", "loss rises by", "deviation", `${scoreName(metric.name)} falls by`], ...rows]),
    ...(left > 0 ? [`  … and ${plural(left, "more column")}`] : []),
  ];
}
