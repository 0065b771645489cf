import fc from "fast-check";
import { NotFiniteError, type Objective } from "talweg/core";
import { curvature, largestCurvature } from "talweg/explain";
import { expect, test } from "vitest";
import { objectiveOf } from "../optim/problems.ts";

/** Half the sum of c_i x_i². */
const diagonal = (c: readonly number[]): Objective =>
  objectiveOf(
    c.length,
    (x) => c.reduce((sum, ci, i) => sum + (ci * x[i]! * x[i]!) / 2, 0),
    (x) => c.map((ci, i) => ci * x[i]!),
  );

test.each([
  ["minimum", [1, 2, 300]],
  ["saddle", [-1, 0.5, 3]],
  ["maximum", [-1, -2]],
  ["flat", [0, 1]],
  ["flat", [-1, 0]],
  ["flat", [0, 0]],
] as const)("a stationary point is a %s where the eigenvalues are %j", (kind, c) => {
  const found = curvature(diagonal(c), new Float64Array(c.length));
  expect(found.kind).toBe(kind);
  const sorted = [...c].sort((a, b) => a - b);
  for (const [i, value] of sorted.entries()) expect(found.eigenvalues![i]).toBeCloseTo(value, 6);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("x² + y² - 3xy has the eigenvalues -1 and 5, although it rises along both axes", () => {
  const f = objectiveOf(
    2,
    ([x, y]) => x! * x! + y! * y! - 3 * x! * y!,
    ([x, y]) => [2 * x! - 3 * y!, 2 * y! - 3 * x!],
  );
  const { kind, smallest, largest } = curvature(f, new Float64Array(2));
  expect(kind).toBe("saddle");
  expect(smallest).toBeCloseTo(-1, 8);
  expect(largest).toBeCloseTo(5, 8);
});

test("beyond 300 parameters the two ends are found by Lanczos' method", () => {
  const c = Array.from({ length: 320 }, (_, i) => (i === 7 ? -3 : i === 9 ? 10 : 1 + i / 1000));
  const found = curvature(diagonal(c), new Float64Array(320));
  expect(found).toMatchObject({ kind: "saddle", eigenvalues: null });
  expect(found.smallest).toBeCloseTo(-3, 3);
  expect(found.largest).toBeCloseTo(10, 3);
});

test("the largest curvature is the largest eigenvalue, not the largest in size, also where two differ in sign alone", () => {
  expect(largestCurvature(diagonal([-5, 5]), new Float64Array(2))).toBeCloseTo(5, 6);
  const eigenvalue = fc.double({ min: -5, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(eigenvalue, { minLength: 1, maxLength: 5 }), (c) => {
      const found = largestCurvature(diagonal(c), new Float64Array(c.length));
      expect(Math.abs(found - Math.max(...c))).toBeLessThan(1e-3);
    }),
  );
});

test("a function with NaN around the point has no curvature", () => {
  const f = objectiveOf(
    1,
    () => 0,
    ([x]) => [x === 0 ? 0 : Number.NaN],
  );
  expect(() => curvature(f, new Float64Array(1))).toThrow(NotFiniteError);
  expect(() => curvature(f, new Float64Array(1))).toThrow("curvature: a second derivative is NaN");
});
