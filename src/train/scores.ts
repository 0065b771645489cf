/** How good answers are, with what an answer that looks at no input would score beside every number. */
import { type Dataset, OptionError, type Rows, requireNames } from "../core/index.ts";
import { givesLogits, type Network } from "../network/index.ts";
import { areClasses, type ClassOptions, classProblem } from "./classProblem.ts";
import { classScores } from "./classScores.ts";
import { predictDataset } from "./evaluate.ts";
import { datasetOf, type Examples } from "./examples.ts";
import { hasClasses, isClassification } from "./metrics.ts";
import { type NumberOptions, numberScores } from "./numberScores.ts";
import { holdAgainst, type Targets } from "./scoreInput.ts";
import type { Scores } from "./scoreTypes.ts";

export interface ScoresOptions extends ClassOptions, NumberOptions {
  /**
   * Targets of the training rows, from which the constant answers are made, as a model's are; by default the scored targets, so
   * that the baseline is the best constant answer there is (R² exactly 0).
   */
  baseline?: Targets;
}

/**
 * Scores of outputs against targets: of classes where the targets are labels or have names, else of numbers.
 *
 * Memory is that of the outputs and of one column of them.
 *
 * @param outputs `[rows, outputs]`, what predict gives: probabilities (of the second of two classes, or one a class), logits
 *   where `logits` says so, or numbers.
 * @returns Plain data; what is undefined is null and listed in `missing` with its reason.
 * @throws {ShapeError | DataError | OptionError} When outputs and targets do not fit, are empty, or a row has not one class.
 */
export function scores(outputs: Rows, targets: Targets, options: ScoresOptions = {}): Scores {
  requireNames("scores", options, names);
  const { baseline } = options;
  if (areClasses(targets, options))
    return classScores(classProblem(outputs, targets, options, "scores"), baseline);
  if (options.logits === true) {
    throw new OptionError(
      "logits",
      "scores: logits is true, but the targets are numbers, not classes; pass classes, or leave logits away.",
    );
  }
  return numberScores(holdAgainst(outputs, targets, "scores"), options, baseline);
}

/**
 * Scores of a network on examples, as `scores`; a linear last layer under a cross-entropy is known to give logits.
 *
 * @throws {ShapeError | DataError | OptionError} When the examples do not fit the network, or a row has not one class.
 */
export function networkScores(
  n: Network,
  examples: Examples,
  options: Omit<ScoresOptions, "logits"> = {},
): Scores {
  const data = datasetOf(n, examples, "networkScores");
  return scores(predictDataset(n, data), data, { ...scoreOptions(n, data), ...options });
}

/** What `scores`, `rocCurve` and `calibration` must know of the outputs of a network for these examples: whether they are logits. */
export function scoreOptions(n: Network, data: Dataset): ClassOptions {
  const { loss } = n.metadata;
  const logits = givesLogits(n);
  // Its targets are classes, though nobody gave them names.
  const unnamed = loss !== undefined && !hasClasses(data) && isClassification(data, loss);
  return {
    ...(unnamed ? { classes: Array.from({ length: data.outputs }, (_, label) => String(label)) } : {}),
    ...(logits ? { logits } : {}),
  };
}

const names: readonly string[] = [
  "classes",
  "logits",
  "names",
  "scale",
  "baseline",
] satisfies (keyof ScoresOptions)[];
