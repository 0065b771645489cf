import { countOf } from "./countOf.ts";
import { DataError, ShapeError } from "./errors.ts";
import { requireFinite, type Vector } from "./vector.ts";

/**
 * Examples as rows: inputs `x` `[rows, inputs]` and targets `y` `[rows, outputs]`, both row-major.
 *
 * Bytes stay bytes: an `x` of Uint8Array counts as `x * scale`. A `y` of Uint8Array holds one label a row
 * (0 to outputs - 1), which stands for the row with a 1 at that place and 0 elsewhere.
 */
export interface Dataset {
  x: Vector | Uint8Array;
  y: Vector | Uint8Array;
  rows: number;
  inputs: number;
  outputs: number;
  /** Factor of a byte of `x`; 1 where absent. MNIST has 1/255. */
  scale?: number;
  /** Names of the classes, `[outputs]`, where the targets are classes. */
  classes?: string[];
}

/**
 * Looks a dataset through once, so that nothing behind this line has to.
 *
 * @throws {ShapeError} When lengths do not fit to rows, inputs and outputs.
 * @throws {DataError} When it is empty, holds NaN or an infinite number (with row and column) or a label out of range.
 */
export function checkDataset(data: Dataset): void {
  const { x, y, rows, inputs, outputs } = data;
  for (const [name, count] of Object.entries({ rows, inputs, outputs })) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new ShapeError(
        `dataset: ${name} is ${count}, expected a whole number; count the ${name} of x and y.`,
      );
    }
  }
  if (rows === 0) throw new DataError("dataset: there are no rows; give at least one example.");
  if (inputs === 0 || outputs === 0) {
    throw new DataError(
      `dataset: ${inputs} inputs and ${outputs} outputs; an example needs at least one of each.`,
    );
  }
  if (x.length !== rows * inputs) {
    throw new ShapeError(
      `dataset: x has ${countOf(x.length, "number")}, expected ${rows * inputs} (${rows} rows times ${inputs} inputs); ` +
        `pass ${inputs} numbers for each example.`,
    );
  }
  if (!(x instanceof Uint8Array)) requireFinite(x, inputs, "dataset: x");
  if (y instanceof Uint8Array) checkLabels(y, rows, outputs);
  else checkTargets(y, rows, outputs);
  if (data.scale !== undefined && !Number.isFinite(data.scale)) {
    throw new DataError(`dataset: scale is ${data.scale}, expected a finite number such as 1/255.`);
  }
}

/**
 * Looks whether examples that were looked through are still there: what is transferred to another thread has no numbers left.
 *
 * @throws {ShapeError} When inputs or targets are gone.
 */
export function requirePresent({ x, y, rows, inputs }: Dataset): void {
  if (x.length === rows * inputs && y.length > 0) return;
  const name = y.length > 0 ? "x" : "y";
  throw new ShapeError(
    `dataset: ${name} has lost its numbers since they were looked through, as when its memory is transferred to another thread; ` +
      `keep it, or transfer a copy such as ${name}.slice().`,
  );
}

function checkTargets(y: Vector, rows: number, outputs: number): void {
  if (y.length !== rows * outputs) {
    throw new ShapeError(
      `dataset: y has ${countOf(y.length, "number")}, expected ${rows * outputs} (${rows} rows times ${outputs} outputs); ` +
        `pass ${outputs} numbers for each example, or a Uint8Array with one label for each.`,
    );
  }
  requireFinite(y, outputs, "dataset: y");
}

function checkLabels(y: Uint8Array, rows: number, outputs: number): void {
  if (y.length !== rows) {
    throw new ShapeError(
      `dataset: y has ${y.length} labels, expected ${rows}, one for each row; ` +
        "pass a Float32Array where the targets are numbers.",
    );
  }
  for (let row = 0; row < rows; row++) {
    const label = y[row] as number;
    if (label < outputs) continue;
    throw new DataError(
      `dataset: row ${row} (from 0) has label ${label}, expected 0 to ${outputs - 1} since there are ${outputs} outputs; ` +
        "raise outputs or mend the label.",
      { row, column: 0 },
    );
  }
}
