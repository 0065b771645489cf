/** Targets as numbers and as classes: labels stand for rows with a 1 at their place and 0 elsewhere. */
import type { Dataset } from "./dataset.ts";
import type { Vector } from "./vector.ts";

type Targets = Pick<Dataset, "y" | "outputs">;

/** The target of one output of one row, both from 0. */
export function targetAt({ y, outputs }: Targets, row: number, output: number): number {
  if (y instanceof Uint8Array) return y[row] === output ? 1 : 0;
  return y[row * outputs + output]!;
}

/** The class that outputs `[rows, outputs]` say of a row: the place of the largest, the first of equals; with one output 0 or 1. */
export function predictedLabel(output: Vector, row: number, outputs: number, threshold: number): number {
  if (outputs === 1) return output[row]! >= threshold ? 1 : 0;
  let label = 0;
  for (let j = 1; j < outputs; j++) {
    if (output[row * outputs + j]! > output[row * outputs + label]!) label = j;
  }
  return label;
}

/** The class that the target of a row names. */
export function targetLabel({ y, outputs }: Targets, row: number): number {
  return y instanceof Uint8Array ? y[row]! : predictedLabel(y, row, outputs, 0.5);
}
