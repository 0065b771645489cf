/** One column that is predicted: the names of its classes and their weights, or the scale of its numbers. */
import { DataError, OptionError } from "../core/index.ts";
import { isNumeric } from "./columnKinds.ts";
import type { ColumnSummary, ColumnType } from "./columnTypes.ts";
import { scaleOf, valuesOf } from "./fitInput.ts";
import type { TargetColumn } from "./preprocessingTypes.ts";

export type ClassWeights = "balanced" | "none";

/** @throws {DataError} When there is nothing to predict. @throws {OptionError} When type or weights do not fit a target. */
export function fitTarget(
  column: ColumnSummary,
  type: ColumnType | undefined,
  classWeights: ClassWeights,
): TargetColumn {
  requireWeights(classWeights);
  const { name, rows, missing, kind, why } = column;
  if (rows === missing) {
    throw new DataError(
      `the target ${JSON.stringify(name)} has no values in ${rows} rows, expected one a row to learn from; fill it in, or name another column.`,
    );
  }
  if (isClass(column, type)) return classTarget(column, classWeights);
  if (classWeights === "balanced") {
    throw new OptionError(
      "classWeights",
      `classWeights is "balanced", but the target ${JSON.stringify(name)} is a number, expected classes to weigh; leave it out` +
        `, or call the target a category: { types: { ${JSON.stringify(name)}: "category" } }.`,
    );
  }
  if (column.number === null) {
    throw new DataError(
      `the target ${JSON.stringify(name)} is to be a number, but holds none: ${why}; give it the type "category", or name another column.`,
    );
  }
  const { least, most } = column.number;
  if (least === most || (kind === "constant" && type === undefined)) {
    throw new DataError(
      `the target ${JSON.stringify(name)} is always ${least}, expected at least two different numbers, since there is nothing to learn; name another column.`,
    );
  }
  return { name, kind: "number", ...scaleOf(column.number) };
}

function isClass(column: ColumnSummary, type: ColumnType | undefined): boolean {
  const { name, kind, why, hint } = column;
  if (type === "date" || (type === undefined && kind === "date")) {
    throw new DataError(
      `the target ${JSON.stringify(name)} is a date, expected classes or numbers, which are what networks predict; ` +
        'turn it into a number such as days until then, or give it the type "category".',
    );
  }
  if (type !== undefined) return type !== "number";
  if (kind === "boolean" || kind === "category") return true;
  if (isNumeric(column) && column.bits < column.numbers) return false;
  if (kind === "constant") return true;
  if (isNumeric(column)) return false;
  throw new DataError(
    `the target ${JSON.stringify(name)} cannot be learned: ${why}${hint === null ? "" : `; ${hint}`}, expected numbers, or classes with several rows each; ` +
      `name another column, or insist with { types: { ${JSON.stringify(name)}: "category" } }.`,
  );
}

function classTarget(column: ColumnSummary, classWeights: ClassWeights): TargetColumn {
  const { name, rows, missing, values } = column;
  const classes = valuesOf(column, "target of classes");
  if (classes.length < 2) {
    throw new DataError(
      `the target ${JSON.stringify(name)} is always ${JSON.stringify(classes[0])}, expected at least two classes, since there is nothing to tell apart; name another column.`,
    );
  }
  const present = rows - missing;
  const weights = values.map(({ count }) =>
    classWeights === "balanced" ? present / (classes.length * count) : 1,
  );
  return { name, kind: "class", classes, weights };
}

function requireWeights(classWeights: ClassWeights): void {
  if (classWeights === "balanced" || classWeights === "none") return;
  throw new OptionError(
    "classWeights",
    `classWeights is ${JSON.stringify(classWeights)}, expected "balanced" or "none"; pass one of them.`,
  );
}
