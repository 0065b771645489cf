/** What a network answers, in the terms of the table: class names with probabilities, prices in prices. */
import { countOf, DataError, ShapeError, type Vector } from "../core/index.ts";
import { outputCount } from "./preprocessingLayout.ts";
import type { Preprocessing, TargetColumn } from "./preprocessingTypes.ts";

/** The answer for one row. Its records have no prototype, so that `__proto__` is a name like any other. */
export interface DecodedRow {
  /** By target column: the name of the most probable class, or the number in the column's own units. */
  values: Record<string, string | number>;
  /** By class; null where the targets are numbers. */
  probabilities: Record<string, number> | null;
}

/**
 * Answers in the terms of the table.
 *
 * Of two classes the second is answered from probability 1/2 on; of more the most probable, the first of equals.
 *
 * @param outputs `[rows, outputs]`, as the network gives them: the probability of the second of two classes (sigmoid), of each
 *   of more (softmax), or standardized numbers.
 * @throws {ShapeError} When there are not rows times outputs numbers.
 * @throws {DataError} When a number is NaN or infinite.
 */
export function decodeOutputs(p: Preprocessing, outputs: Vector, rows: number): DecodedRow[] {
  const width = outputCount(p);
  if (outputs.length !== rows * width) {
    throw new ShapeError(
      `outputs has ${countOf(outputs.length, "number")}, expected ${rows * width} (${rows} rows times ${width} outputs); ` +
        "pass what the network with this preprocessing predicts.",
    );
  }
  const [first] = p.targets;
  return Array.from({ length: rows }, (_, row) => {
    const own = Array.from(outputs.subarray(row * width, (row + 1) * width));
    requireFinite(own, row);
    return first?.kind === "class" ? decodeClass(first, own) : decodeNumbers(p.targets, own);
  });
}

function decodeClass(target: Extract<TargetColumn, { kind: "class" }>, own: readonly number[]): DecodedRow {
  const { name, classes } = target;
  const shares = own.length === 1 ? [1 - own[0]!, own[0]!] : own;
  let best = 0;
  for (let i = 1; i < shares.length; i++) if (shares[i]! > shares[best]!) best = i;
  // As the scores have it, where one output parts two classes at 1/2 exactly.
  if (own.length === 1) best = own[0]! >= 0.5 ? 1 : 0;
  const probabilities = record<number>();
  for (const [i, className] of classes.entries()) probabilities[className] = shares[i]!;
  const values = record<string | number>();
  values[name] = classes[best]!;
  return { values, probabilities };
}

function decodeNumbers(targets: readonly TargetColumn[], own: readonly number[]): DecodedRow {
  const values = record<string | number>();
  for (const [i, target] of targets.entries()) {
    if (target.kind !== "number") continue;
    const { mean, deviation } = target;
    const number = own[i]! * deviation + mean;
    values[target.name] = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number));
  }
  return { values, probabilities: null };
}

function requireFinite(own: readonly number[], row: number): void {
  const column = own.findIndex((number) => !Number.isFinite(number));
  if (column < 0) return;
  throw new DataError(
    `outputs: row ${row}, column ${column} (both from 0) is ${own[column]}, expected a finite number; ` +
      "the network overflows, so train it again with smaller steps.",
    { row, column },
  );
}

function record<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}
