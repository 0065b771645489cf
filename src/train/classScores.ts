/**
 * Scores of answers that are classes, with what a constant answer would score beside them.
 *
 * Sources: Powers, Evaluation: from precision, recall and F-measure to ROC, J. Machine Learning Technologies 2 (2011) 37-63; Hand
 * and Till, Machine Learning 45 (2001) 171-186, for one class against the rest; Brier, Monthly Weather Review 78 (1950) 1-3.
 */
import { mathematics64 } from "../core/index.ts";
import { type ClassProblem, labelsOf } from "./classProblem.ts";
import { areaUnderRoc } from "./rocCurve.ts";
import { type Targets, targetsAlone } from "./scoreInput.ts";
import type { ClassBaseline, ClassMeans, ClassScore, ClassScores, MissingScore } from "./scoreTypes.ts";
import { meanOfTerms, sumTerms } from "./sumTerms.ts";

/** @param baseline Targets that the constant answers are made from; by default the scored ones. */
export function classScores(problem: ClassProblem, baseline: Targets | undefined): ClassScores {
  const { rows, names, labels, answers, improper } = problem;
  const missing: MissingScore[] = [];
  const confusion = countPairs(labels, answers, names.length);
  const perClass = names.map((name, label) => classScore(problem, confusion, name, label, missing));
  if (improper !== undefined) {
    const reason = `${improper}; end the network in sigmoid or softmax, or say that the outputs are logits`;
    missing.push({ score: "logLoss", reason }, { score: "brier", reason });
  }
  const rocAuc = overallArea(perClass, missing);
  const logLoss = improper === undefined ? meanOfTerms(rows, problem.surprise) : null;
  const tooLarge = logLoss !== null && !Number.isFinite(logLoss);
  if (tooLarge) missing.push({ score: "logLoss", reason: "the logits are too large for float64" });
  return {
    kind: "classes",
    rows,
    classes: [...names],
    accuracy: rightOf(confusion) / rows,
    logLoss: tooLarge ? null : logLoss,
    rocAuc,
    brier: improper === undefined ? brierOf(labels, names.length, problem.probability) : null,
    confusion,
    perClass,
    ...classMeans(perClass),
    baseline: baselineOf(problem, baseline, rocAuc === null),
    missing,
  };
}

function countPairs(labels: Uint32Array, answers: Uint32Array, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let row = 0; row < labels.length; row++) {
    const actual = matrix[labels[row]!]!;
    actual[answers[row]!] = actual[answers[row]!]! + 1;
  }
  return matrix;
}

function rightOf(confusion: number[][]): number {
  return confusion.reduce((sum, counts, label) => sum + counts[label]!, 0);
}

function classScore(
  problem: ClassProblem,
  confusion: number[][],
  name: string,
  label: number,
  missing: MissingScore[],
): ClassScore {
  const score = { name, ...shares(confusion, label), rocAuc: areaUnderRoc(problem, label) };
  const { rows, predicted } = score;
  const lack = (what: string, reason: string): void => void missing.push({ score: what, of: name, reason });
  if (predicted === 0) lack("precision", `no example was taken for ${name}`);
  if (rows === 0) lack("recall", `no example is of ${name}`);
  if (score.f1 === null) lack("f1", `no example is of ${name} or was taken for it`);
  if (score.rocAuc === null) {
    lack("rocAuc", rows === 0 ? `no example is of ${name}` : `every example is of ${name}`);
  }
  return score;
}

/** Precision, recall and F1 of one class from the counts. */
function shares(confusion: number[][], label: number): Omit<ClassScore, "name" | "rocAuc"> {
  const right = confusion[label]![label]!;
  const rows = confusion[label]!.reduce((sum, count) => sum + count, 0);
  const predicted = confusion.reduce((sum, counts) => sum + counts[label]!, 0);
  return {
    rows,
    predicted,
    precision: predicted === 0 ? null : right / predicted,
    recall: rows === 0 ? null : right / rows,
    f1: rows + predicted === 0 ? null : (2 * right) / (rows + predicted),
  };
}

type Shares = ReturnType<typeof shares>;

function classMeans(perClass: readonly Shares[]): { macro: ClassMeans; weighted: ClassMeans } {
  const present = perClass.filter(({ rows, predicted }) => rows + predicted > 0);
  const all = present.reduce((sum, { rows }) => sum + rows, 0);
  const mean = (weight: (score: Shares) => number): ClassMeans => {
    const of = (name: keyof ClassMeans): number =>
      sumTerms(present.length, (i) => weight(present[i]!) * (present[i]![name] ?? 0));
    return { precision: of("precision"), recall: of("recall"), f1: of("f1") };
  };
  return { macro: mean(() => 1 / present.length), weighted: mean(({ rows }) => rows / all) };
}

/** Of the second of two classes; else the mean over all of them, which is missing where one is. */
function overallArea(perClass: readonly ClassScore[], missing: MissingScore[]): number | null {
  if (perClass.length === 2) {
    const area = perClass[1]!.rocAuc;
    if (area === null) {
      const only = perClass[perClass[0]!.rows === 0 ? 1 : 0]!.name;
      missing.push({ score: "rocAuc", reason: `every example is of ${only}, so there is no pair to rank` });
    }
    return area;
  }
  const without = perClass.filter(({ rocAuc }) => rocAuc === null).map(({ name }) => name);
  if (without.length === 0) return meanOfTerms(perClass.length, (label) => perClass[label]!.rocAuc!);
  const shown = without.slice(0, 5).join(", ") + (without.length > 5 ? ", …" : "");
  missing.push({ score: "rocAuc", reason: `it is a mean over all classes, and there is none for ${shown}` });
  return null;
}

/** For two classes the square of one difference; for more the sum of those of all. */
function brierOf(
  labels: Uint32Array,
  classes: number,
  probability: (row: number, label: number) => number,
): number {
  return meanOfTerms(labels.length, (row) => {
    let sum = 0;
    for (let label = classes === 2 ? 1 : 0; label < classes; label++) {
      const miss = probability(row, label) - (labels[row] === label ? 1 : 0);
      sum += miss * miss;
    }
    return sum;
  });
}

function baselineOf(
  { names, width, labels }: ClassProblem,
  targets: Targets | undefined,
  unranked: boolean,
): ClassBaseline {
  const known = targets === undefined ? labels : baselineLabels(targets, width, names.length);
  const counts = new Array<number>(names.length).fill(0);
  for (const label of known) counts[label] = counts[label]! + 1;
  const majority = counts.indexOf(Math.max(...counts));
  const share = counts.map((count) => count / known.length);
  const confusion = countPairs(labels, new Uint32Array(labels.length).fill(majority), names.length);
  const surprise = share.map((p) => -mathematics64.log(Math.max(Number.EPSILON, p)));
  return {
    majority: names[majority]!,
    shares: share,
    accuracy: rightOf(confusion) / labels.length,
    logLoss: meanOfTerms(labels.length, (row) => surprise[labels[row]!]!),
    brier: brierOf(labels, names.length, (_, label) => share[label]!),
    rocAuc: unranked ? null : 0.5,
    ...classMeans(names.map((_, label) => shares(confusion, label))),
  };
}

function baselineLabels(targets: Targets, width: number, classes: number): Uint32Array {
  return labelsOf(targetsAlone(targets, width, "scores"), width, classes, "scores: baseline");
}
