/**
 * Vectors and rows: the only containers of numbers that the library knows.
 *
 * A matrix is a Vector, row-major, and its widths travel beside it.
 */
import { countOf } from "./countOf.ts";
import { DataError, ShapeError } from "./errors.ts";

export type Vector = Float32Array | Float64Array;

/** Row-major numbers, or one array for each row. */
export type Rows = Vector | readonly (readonly number[])[];

export type Precision = "float32" | "float64";

/** A vector of zeros, `[length]`. */
export function zeros(precision: Precision, length: number): Vector {
  return precision === "float32" ? new Float32Array(length) : new Float64Array(length);
}

/** The precision of a vector's numbers. */
export function precisionOf(vector: Vector): Precision {
  return vector instanceof Float32Array ? "float32" : "float64";
}

/** Whether no number is infinite or NaN. */
export function allFinite(v: Vector): boolean {
  // Zero times anything finite is zero, and times anything else NaN: a sum instead of a test for each.
  // Four sums, since each addition of one would have to wait for the one before.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = v.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += 0 * v[i]!;
    b += 0 * v[i + 1]!;
    c += 0 * v[i + 2]!;
    d += 0 * v[i + 3]!;
  }
  for (let i = whole; i < v.length; i++) a += 0 * v[i]!;
  return a + b + c + d === 0;
}

/** How many rows of `width` numbers there are. @throws {ShapeError} When the numbers do not fill whole rows. */
export function rowCount(rows: Rows, width: number, name: string): number {
  if (!ArrayBuffer.isView(rows)) return rows.length;
  if (rows.length % width !== 0) {
    throw new ShapeError(
      `${name} has ${countOf(rows.length, "number")}, which is not a whole number of rows of ${width}; ` +
        `pass ${width} numbers for each example.`,
    );
  }
  return rows.length / width;
}

/**
 * Rows as one row-major vector, `[rows, width]`; a vector of the right precision is returned as it is.
 *
 * @throws {ShapeError} When a row has another width.
 * @throws {DataError} When a number is NaN or infinite, with its row and column.
 */
export function toVector(rows: Rows, width: number, precision: Precision, name: string): Vector {
  const count = rowCount(rows, width, name);
  if (ArrayBuffer.isView(rows)) {
    const vector =
      precisionOf(rows) === precision
        ? rows
        : precision === "float32"
          ? Float32Array.from(rows)
          : Float64Array.from(rows);
    requireFinite(vector, width, name, (i) => rows[i]);
    return vector;
  }
  const out = zeros(precision, count * width);
  for (const [r, row] of rows.entries()) {
    if (!Array.isArray(row) && !ArrayBuffer.isView(row)) {
      throw new ShapeError(
        `${name}: row ${r} is ${String(row)}, expected an array of ${countOf(width, "number")}; write [[0.5], [0.25]], not [0.5, 0.25].`,
      );
    }
    if (row.length !== width) {
      throw new ShapeError(
        `${name}: row ${r} has ${countOf(row.length, "number")}, expected ${width}; every row needs one number a column.`,
      );
    }
    out.set(row, r * width);
  }
  requireFinite(out, width, name, (i) => (rows[Math.floor(i / width)] as ArrayLike<number>)[i % width]);
  return out;
}

/**
 * @param given What a number was before it was rounded to the precision of `values`.
 * @throws {DataError} When a number is NaN or infinite, with its row and column (both from 0).
 */
export function requireFinite(
  values: ArrayLike<number>,
  width: number,
  name: string,
  given: (index: number) => number | undefined = (index) => values[index],
): void {
  if (ArrayBuffer.isView(values) && allFinite(values as Vector)) return;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const row = Math.floor(i / width);
    const column = i % width;
    const before = given(i);
    const place = `${name}: row ${row}, column ${column} (both from 0) is`;
    throw new DataError(
      Number.isFinite(before)
        ? `${place} ${before}, which float32 cannot hold (it ends at 3.4e38); scale the column, or take precision "float64".`
        : `${place} ${before}, expected a finite number; drop the row or fill the value in.`,
      { row, column },
    );
  }
}
