import fc from "fast-check";
import {
  DataError,
  precisionOf,
  type Rows,
  requireFinite,
  rowCount,
  ShapeError,
  toVector,
  zeros,
} from "talweg/core";
import { expect, test } from "vitest";

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("zeros gives a vector of the precision and length, all zero", () => {
  expect(zeros("float32", 3)).toEqual(new Float32Array(3));
  expect(zeros("float64", 2)).toEqual(new Float64Array(2));
  expect(precisionOf(zeros("float32", 1))).toBe("float32");
  expect(precisionOf(zeros("float64", 1))).toBe("float64");
});

test("rows become one row-major vector, rounded to the precision", () => {
  const row = fc.array(fc.double({ noNaN: true, min: -1e30, max: 1e30 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      expect([...toVector(rows, 3, "float64", "x")]).toEqual(rows.flat());
      expect([...toVector(rows, 3, "float32", "x")]).toEqual(rows.flat().map(Math.fround));
      expect(rowCount(rows, 3, "x")).toBe(rows.length);
    }),
  );
});

test("a vector of the right precision is returned as it is, and another is converted", () => {
  const single = Float32Array.of(1, 2.5);
  const double = Float64Array.of(0.1, 2);
  expect(toVector(single, 2, "float32", "x")).toBe(single);
  expect(toVector(double, 1, "float64", "x")).toBe(double);
  expect(toVector(single, 2, "float64", "x")).toEqual(Float64Array.of(1, 2.5));
  expect(toVector(double, 2, "float32", "x")).toEqual(Float32Array.of(0.1, 2));
});

test("rows that are typed arrays are rows too", () => {
  const rows = [Float64Array.of(1, 2), Float64Array.of(3, 4)] as unknown as Rows;
  expect([...toVector(rows, 2, "float64", "x")]).toEqual([1, 2, 3, 4]);
});

test("a vector that does not fill whole rows is refused with both numbers", () => {
  const error = caught(() => rowCount(new Float32Array(7), 3, "x"));
  expect(error).toBeInstanceOf(ShapeError);
  expect((error as ShapeError).message).toBe(
    "x has 7 numbers, which is not a whole number of rows of 3; pass 3 numbers for each example.",
  );
});

test("a plain number where a row is expected is refused with an example of the right form", () => {
  const error = caught(() => toVector([0.5, 0.25] as unknown as Rows, 1, "float64", "y"));
  expect(error).toBeInstanceOf(ShapeError);
  expect((error as ShapeError).message).toBe(
    "y: row 0 is 0.5, expected an array of 1 number; write [[0.5], [0.25]], not [0.5, 0.25].",
  );
});

test("a row of another width is refused with its place", () => {
  const error = caught(() => toVector([[1, 2], [3]], 2, "float32", "x"));
  expect(error).toBeInstanceOf(ShapeError);
  expect((error as ShapeError).message).toBe(
    "x: row 1 has 1 number, expected 2; every row needs one number a column.",
  );
});

test.each([Number.NaN, Infinity, -Infinity])("the value %s is refused with its row and column", (bad) => {
  const message = `x: row 1, column 0 (both from 0) is ${bad}, expected a finite number; drop the row or fill the value in.`;
  const runs = [
    () =>
      toVector(
        [
          [1, 2],
          [bad, 3],
        ],
        2,
        "float64",
        "x",
      ),
    () => toVector(Float32Array.of(1, 2, bad, 3), 2, "float32", "x"),
    () => requireFinite([1, 2, bad], 2, "x"),
  ];
  for (const run of runs) {
    const error = caught(run);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toBe(message);
    expect([(error as DataError).row, (error as DataError).column]).toEqual([1, 0]);
  }
});

test("a number that is finite in float64 but too large for float32 is refused", () => {
  const error = caught(() => toVector([[1e39]], 1, "float32", "x"));
  expect(error).toBeInstanceOf(DataError);
  expect((error as DataError).message).toBe(
    'x: row 0, column 0 (both from 0) is 1e+39, which float32 cannot hold (it ends at 3.4e38); scale the column, or take precision "float64".',
  );
  expect(() => toVector(Float64Array.of(0, -1e39), 1, "float32", "x")).toThrow(
    /row 1, column 0 .* is -1e\+39, which float32/,
  );
});
