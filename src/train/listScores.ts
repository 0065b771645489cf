/** The scores that sum a model up, one a line, each beside its baseline: what tables and cross-validation are made of. */
import type { NumberMeasures, Scores } from "./scoreTypes.ts";

/** One number of `Scores`. */
export interface ScoreLine {
  /** "accuracy", "macroF1", "logLoss", "brier", "rocAuc"; "rSquared", "meanAbsoluteError", … */
  name: string;
  /** The target that it is of, where there are several. */
  target?: string;
  value: number | null;
  /** Of the constant answer. */
  baseline: number | null;
  /** Whether a good model's is high or low. */
  best: "high" | "low";
}

const measures: readonly [keyof NumberMeasures, "high" | "low"][] = [
  ["rSquared", "high"],
  ["meanAbsoluteError", "low"],
  ["rootMeanSquaredError", "low"],
  ["medianAbsoluteError", "low"],
];

/** The scores that matter, the first of them the one to compare models by. */
export function listScores(scores: Scores): ScoreLine[] {
  if (scores.kind === "classes") {
    const { baseline } = scores;
    return [
      { name: "accuracy", value: scores.accuracy, baseline: baseline.accuracy, best: "high" },
      { name: "macroF1", value: scores.macro.f1, baseline: baseline.macro.f1, best: "high" },
      { name: "rocAuc", value: scores.rocAuc, baseline: baseline.rocAuc, best: "high" },
      { name: "logLoss", value: scores.logLoss, baseline: baseline.logLoss, best: "low" },
      { name: "brier", value: scores.brier, baseline: baseline.brier, best: "low" },
    ];
  }
  const { targets, rSquared, baseline } = scores;
  const lines = targets.flatMap((target) =>
    measures.map(
      ([name, best]): ScoreLine => ({
        name,
        ...(targets.length > 1 ? { target: target.name } : {}),
        value: target[name],
        baseline: target.baseline[name],
        best,
      }),
    ),
  );
  if (targets.length === 1) return lines;
  return [{ name: "rSquared", value: rSquared, baseline: baseline.rSquared, best: "high" }, ...lines];
}
