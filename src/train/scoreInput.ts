/** The forms that outputs and targets may come in, made one and checked once, so that no score is ever NaN. */
import {
  countOf,
  DataError,
  type Dataset,
  OptionError,
  type Rows,
  requireFinite,
  ShapeError,
  toVector,
  type Vector,
} from "../core/index.ts";

/** What outputs are held against: a dataset, labels (one from 0 for each row), or rows of numbers. */
export type Targets = Pick<Dataset, "y" | "rows" | "outputs" | "classes"> | Rows | Uint8Array;

/** Outputs and targets of the same rows. */
export interface Held {
  readonly rows: number;
  /** Outputs of a row. */
  readonly width: number;
  /** `[rows, width]`, all finite. */
  readonly outputs: Vector;
  /** `[rows]` labels, or `[rows, width]` numbers. */
  readonly y: Vector | Uint8Array;
  /** As the targets name them. */
  readonly classes: readonly string[] | undefined;
}

/** Rows and width are undefined where flat numbers do not tell. */
interface Side {
  readonly values: Vector | Uint8Array;
  readonly rows?: number;
  readonly width?: number;
  readonly classes?: readonly string[] | undefined;
}

/**
 * @param owner Who asks, for messages.
 * @throws {ShapeError} When outputs and targets do not fit together.
 * @throws {DataError} When there are no rows or a number is not finite.
 */
export function holdAgainst(outputs: Rows, targets: Targets, owner: string): Held {
  const right = targetSide(targets, owner);
  const left = outputSide(outputs, owner);
  const labels = right.values instanceof Uint8Array;
  const rows = right.rows ?? left.rows ?? right.values.length;
  if (rows === 0)
    throw new DataError(`${owner}: there are no rows; pass at least one output and its target.`);
  const width = left.width ?? right.width ?? left.values.length / rows;
  if (!Number.isInteger(width) || width < 1 || left.values.length !== rows * width) {
    const given =
      left.rows === undefined
        ? countOf(left.values.length, "output")
        : `${countOf(left.rows, "row")} of outputs`;
    throw new ShapeError(
      `${owner}: there ${given.startsWith("1 ") ? "is" : "are"} ${given} and ${countOf(rows, "row")} of targets, expected the same ${width >= 1 && Number.isInteger(width) ? countOf(width, "output") : "number of outputs"} for each row; ` +
        "pass outputs and targets of the same rows, in the same order.",
    );
  }
  const fits = labels ? (right.width ?? width) === width : right.values.length === rows * width;
  if (!fits) {
    const targetsARow = right.width ?? right.values.length / rows;
    throw new ShapeError(
      `${owner}: a row has ${width} outputs and ${targetsARow} targets, expected equally many; ` +
        "pass as many targets as outputs, or a Uint8Array of labels where they are classes.",
    );
  }
  if (!labels) requireFinite(right.values, width, `${owner}: targets`);
  return { rows, width, outputs: left.values as Vector, y: right.values, classes: right.classes };
}

/** Targets without outputs: the rows that a baseline is made from. @throws {ShapeError | DataError} When they do not fit. */
export function targetsAlone(targets: Targets, width: number, owner: string): Pick<Held, "rows" | "y"> {
  const { values, rows: told } = targetSide(targets, owner);
  const perRow = values instanceof Uint8Array ? 1 : width;
  const rows = told ?? values.length / width;
  if (!(rows >= 1) || values.length !== rows * perRow) {
    throw new ShapeError(
      `${owner}: the baseline has ${countOf(values.length, "number")} in ${countOf(rows, "row")}, expected ${perRow} for each row, as the targets have; ` +
        "pass the targets of the training rows.",
    );
  }
  if (!(values instanceof Uint8Array)) requireFinite(values, width, `${owner}: baseline`);
  return { rows, y: values };
}

function targetSide(targets: Targets, owner: string): Side {
  if (targets instanceof Uint8Array) return { values: targets, rows: targets.length };
  if (isVector(targets)) return { values: targets };
  if (isRows(targets)) return rowsSide(targets, `${owner}: targets`);
  const { y, rows, outputs, classes } = (targets ?? {}) as Partial<Dataset>;
  if (y !== undefined && rows !== undefined && outputs !== undefined) {
    return { values: y, rows, width: outputs, classes };
  }
  throw new OptionError(
    "targets",
    `${owner}: targets is ${describe(targets)}, expected a dataset, rows of numbers or a Uint8Array of labels; ` +
      "pass what the outputs should have been.",
  );
}

function outputSide(outputs: Rows, owner: string): Side {
  if (isRows(outputs)) return rowsSide(outputs, `${owner}: outputs`);
  if (!isVector(outputs)) {
    throw new OptionError(
      "outputs",
      `${owner}: outputs is ${describe(outputs)}, expected a Float32Array, a Float64Array or rows of numbers; pass what predict gives.`,
    );
  }
  const bad = outputs.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { values: outputs };
  throw new DataError(
    `${owner}: number ${bad} (from 0) of the outputs is ${outputs[bad]}, expected a finite one, since no score can be made of it; ` +
      "standardize the inputs or train again, so that the network does not overflow.",
  );
}

function isVector(values: unknown): values is Vector {
  return values instanceof Float32Array || values instanceof Float64Array;
}

function isRows(values: unknown): values is readonly (readonly number[])[] {
  return Array.isArray(values);
}

function rowsSide(rows: readonly (readonly number[])[], name: string): Side {
  const width = (rows[0] as readonly number[] | undefined)?.length;
  if (rows.length > 0 && (width === undefined || width === 0)) {
    throw new ShapeError(
      `${name}: row 0 is ${describe(rows[0])}, expected an array of numbers; write [[0.5], [0.25]], not [0.5, 0.25].`,
    );
  }
  return { values: toVector(rows, width ?? 1, "float64", name), rows: rows.length, width: width ?? 1 };
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
