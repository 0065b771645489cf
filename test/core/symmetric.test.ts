import fc from "fast-check";
import {
  hessian,
  hessianTimes,
  type Objective,
  solvePositiveDefinite,
  symmetricEigenvalues,
} from "talweg/core";
import { describe, expect, test } from "vitest";

/** Matrices of numbers around 1, `[n, n]`. */
const square = fc
  .integer({ min: 1, max: 6 })
  .chain((n) =>
    fc
      .array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n * n, maxLength: n * n })
      .map((numbers) => ({ n, b: Float64Array.from(numbers) })),
  );

/** B Bᵀ + shift, which is positive definite for a shift above 0. */
function gram(b: Float64Array, n: number, shift: number): Float64Array {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = i === j ? shift : 0;
      for (let k = 0; k < n; k++) sum += b[i * n + k]! * b[j * n + k]!;
      a[i * n + j] = sum;
    }
  }
  return a;
}

describe("solvePositiveDefinite", () => {
  test("A times its answer is b again", () => {
    fc.assert(
      fc.property(square, ({ n, b }) => {
        const a = gram(b, n, 0.5);
        const right = Float64Array.from({ length: n }, (_, i) => i - 1.5);
        const x = solvePositiveDefinite(a, right)!;
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += a[i * n + k]! * x[k]!;
          expect(sum).toBeCloseTo(right[i]!, 9);
        }
      }),
    );
  });

  test("a matrix that is not positive definite, or not finite, has no answer", () => {
    const one = Float64Array.of(1, 1);
    expect(solvePositiveDefinite(Float64Array.of(1, 2, 2, 1), one)).toBeUndefined();
    expect(solvePositiveDefinite(Float64Array.of(0, 0, 0, 1), one)).toBeUndefined();
    expect(solvePositiveDefinite(Float64Array.of(NaN, 0, 0, 1), one)).toBeUndefined();
    expect(solvePositiveDefinite(Float64Array.of(Infinity, 0, 0, 1), one)).toBeUndefined();
  });
});

describe("symmetricEigenvalues", () => {
  test("of a matrix known by hand", () => {
    // [[2, 1, 0], [1, 2, 1], [0, 1, 2]] has 2 - sqrt 2, 2, 2 + sqrt 2.
    const values = symmetricEigenvalues(Float64Array.of(2, 1, 0, 1, 2, 1, 0, 1, 2), 3);
    expect([...values].map((value) => value.toFixed(12))).toEqual([
      "0.585786437627",
      "2.000000000000",
      "3.414213562373",
    ]);
    for (const [i, value] of symmetricEigenvalues(Float64Array.of(0, -3, -3, 0), 2).entries()) {
      expect(value).toBeCloseTo([-3, 3][i]!, 14);
    }
    expect([...symmetricEigenvalues(new Float64Array(4), 2)]).toEqual([0, 0]);
  });

  test("their sum is the trace, the sum of their squares that of all entries, and they ascend", () => {
    fc.assert(
      fc.property(square, ({ n, b }) => {
        const a = gram(b, n, -1);
        const values = symmetricEigenvalues(a, n);
        let trace = 0;
        for (let i = 0; i < n; i++) trace += a[i * n + i]!;
        const squares = a.reduce((sum, x) => sum + x * x, 0);
        expect(values.reduce((sum, x) => sum + x, 0)).toBeCloseTo(trace, 8);
        expect(values.reduce((sum, x) => sum + x * x, 0) / Math.max(1, squares)).toBeCloseTo(
          squares / Math.max(1, squares),
          10,
        );
        for (let i = 1; i < n; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]!);
      }),
    );
  });
});

/** x² y + 3 y², whose second derivatives are [[2 y, 2 x], [2 x, 6]]. */
const cubic: Objective = {
  dimension: 2,
  value: ([x, y]) => x! * x! * y! + 3 * y! * y!,
  gradient(w, g) {
    const [x, y] = [w[0]!, w[1]!];
    g[0] = 2 * x * y;
    g[1] = x * x + 6 * y;
    return cubic.value(w);
  },
};

test("hessian and hessianTimes give second derivatives to nine digits, and leave the point as it is", () => {
  const place = fc.double({ min: -50, max: 50, noNaN: true });
  fc.assert(
    fc.property(place, place, (x, y) => {
      const w = Float64Array.of(x, y);
      const h = hessian(cubic, w);
      const size = Math.max(1, Math.abs(x), Math.abs(y));
      for (const [i, expected] of [2 * y, 2 * x, 2 * x, 6].entries()) {
        expect(Math.abs(h[i]! - expected) / size).toBeLessThan(1e-8);
      }
      const along = hessianTimes(cubic, w, Float64Array.of(0.6, -0.8));
      expect(Math.abs(along[0]! - (1.2 * y - 1.6 * x)) / size).toBeLessThan(1e-8);
      expect(Math.abs(along[1]! - (1.2 * x - 4.8)) / size).toBeLessThan(1e-8);
      expect([...w]).toEqual([x, y]);
    }),
  );
});
