/** One column that is learned from: its scale, its values, what stands for a missing one. */
import { DataError } from "../core/index.ts";
import type { ColumnSummary, ColumnType, Spread } from "./columnTypes.ts";
import type { InputColumn } from "./preprocessingTypes.ts";

/**
 * How the column is encoded as `type`. Missing numbers and dates become the mean, missing booleans the commoner value; an
 * indicator is added where values were missing.
 *
 * @throws {DataError} When the column has no value of the type, or too many to be categories.
 */
export function fitInput(column: ColumnSummary, type: ColumnType): InputColumn {
  const { name, missing, numbers, bits, booleans, trues } = column;
  const indicator = missing > 0;
  if (type === "category") return { name, kind: "category", values: valuesOf(column, "category") };
  if (type === "boolean") {
    if (bits + booleans + numbers === 0) throw without(column, "boolean", "true, false, yes, no, 1 or 0");
    return { name, kind: "boolean", fill: 2 * trues > column.rows - missing ? 1 : 0, indicator };
  }
  if (type === "date") {
    if (column.date === null) throw without(column, "date", "a date such as 2024-12-31");
    return { name, kind: "date", ...scaleOf(column.date), fill: column.date.mean, indicator };
  }
  if (column.number === null) throw without(column, "number", "a number such as 1.5");
  const { mean, least, most } = column.number;
  return { name, kind: "number", ...scaleOf(column.number), fill: mean, indicator, least, most };
}

/** Mean and deviation to standardize by; the deviation is 1 where the values do not differ by more than rounding. */
export function scaleOf({ mean, deviation, least, most }: Spread): { mean: number; deviation: number } {
  const rounding = 1e-12 * Math.max(Math.abs(least), Math.abs(most));
  return { mean, deviation: deviation > rounding ? deviation : 1 };
}

/**
 * The different values of a column, in order.
 *
 * @throws {DataError} When there are more than were kept, or none.
 */
export function valuesOf({ name, values, distinct, kind, why }: ColumnSummary, as: string): string[] {
  if (distinct !== null && distinct > 0) return values.map(({ value }) => value);
  const what =
    distinct === 0 ? "it has no values" : kind === "text" ? why : "it has too many or too long ones";
  throw new DataError(
    `column ${JSON.stringify(name)} cannot be a ${as}: ${what}, expected at most 10,000 different values of at most 200 letters, ` +
      "since every one takes an input or output of its own; drop the column, or group its values.",
  );
}

function without({ name, first }: ColumnSummary, type: string, example: string): DataError {
  const cell = first.text ?? first.date ?? first.number ?? first.boolean;
  const given = cell === null ? "it has no values" : `its first value is ${JSON.stringify(cell.text)}`;
  return new DataError(
    `column ${JSON.stringify(name)} is to be a ${type}, but holds none: ${given}, expected ${example}; ` +
      "give it another type, or drop it.",
  );
}
