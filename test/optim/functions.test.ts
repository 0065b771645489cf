import fc from "fast-check";
import { OptionError } from "talweg/core";
import { testFunctions } from "talweg/optim";
import { expect, test } from "vitest";

type Name = keyof typeof testFunctions;
const names = Object.keys(testFunctions) as Name[];

/** Sizes at which a function is tried. */
function sizes(name: Name): number[] {
  const { dimension, leastDimension } = testFunctions[name];
  return leastDimension === undefined ? [dimension] : [leastDimension, dimension, 5];
}

function made(name: Name, dimension: number) {
  const { leastDimension, objective } = testFunctions[name];
  return objective(leastDimension === undefined ? {} : { dimension });
}

/** Where a function has no pole and no jump. */
function points(name: Name, dimension: number): fc.Arbitrary<number[]> {
  const low = /^(bard|kowalikOsborne|gaussian|helicalValley)$/.test(name) ? 0.1 : -3;
  const number = fc.double({ min: low, max: 3, noNaN: true });
  return fc.array(number, { minLength: dimension, maxLength: dimension });
}

/** Wide where values are so large that a short difference drowns in their rounding; its function is a parabola in each variable. */
const widths: Partial<Record<Name, number>> = { brownBadlyScaled: 100 };

test.each(names)("the gradient of %s agrees with central differences", (name) => {
  const h = widths[name] ?? 1e-5;
  for (const dimension of sizes(name)) {
    const f = made(name, dimension);
    fc.assert(
      fc.property(points(name, dimension), (point) => {
        const w = Float64Array.from(point);
        const g = new Float64Array(dimension).fill(NaN);
        const value = f.gradient(w, g);
        expect(value).toBe(f.value(w));
        // Differences are as exact as the values that they are taken of.
        const scale = Math.max(1, Math.abs(value), ...g.map(Math.abs));
        for (let i = 0; i < dimension; i++) {
          const at = (x: number): number => f.value(w.with(i, x));
          const numeric = (at(w[i]! + h) - at(w[i]! - h)) / (2 * h);
          expect(Math.abs(g[i]! - numeric) / scale).toBeLessThan(1e-7);
        }
      }),
    );
  }
});

const squares = names.filter((name) => testFunctions[name].objective().leastSquares !== undefined);

test("all but the landscapes of several valleys have a view as a sum of squares", () => {
  expect(names.filter((name) => !squares.includes(name))).toEqual([
    "goldsteinPrice",
    "styblinskiTang",
    "threeHumpCamel",
  ]);
});

test.each(squares)(
  "%s is the sum of its squared residuals, and their Jacobian is that of differences",
  (name) => {
    const h = 1e-5;
    for (const dimension of sizes(name)) {
      const f = made(name, dimension);
      const { residuals, evaluate } = f.leastSquares!;
      fc.assert(
        fc.property(points(name, dimension), (point) => {
          const w = Float64Array.from(point);
          const r = new Float64Array(residuals).fill(NaN);
          const jacobian = new Float64Array(residuals * dimension).fill(NaN);
          evaluate(w, r, jacobian);
          const g = new Float64Array(dimension);
          const value = f.gradient(w, g);
          const sum = r.reduce((total, ri) => total + ri * ri, 0);
          expect(Math.abs(sum - value)).toBeLessThanOrEqual(1e-13 * Math.max(value, 1e-300));
          const at = (i: number, x: number): Float64Array => {
            const out = new Float64Array(residuals);
            evaluate(w.with(i, x), out);
            return out;
          };
          for (let j = 0; j < dimension; j++) {
            const [above, below] = [at(j, w[j]! + h), at(j, w[j]! - h)];
            let [slope, size] = [0, 1];
            for (let i = 0; i < residuals; i++) {
              const claimed = jacobian[i * dimension + j]!;
              const numeric = (above[i]! - below[i]!) / (2 * h);
              expect(Math.abs(claimed - numeric)).toBeLessThan(
                1e-7 * Math.max(1, Math.abs(claimed), Math.abs(r[i]!)),
              );
              slope += 2 * r[i]! * claimed;
              size += 2 * Math.abs(r[i]! * claimed);
            }
            expect(Math.abs(g[j]! - slope)).toBeLessThanOrEqual(1e-13 * size);
          }
        }),
      );
    }
  },
);

test.each(names)("%s has its published minimum where it is published, and no lower value nearby", (name) => {
  const { minima, minimum, leastDimension } = testFunctions[name];
  for (const dimension of sizes(name)) {
    const f = made(name, dimension);
    for (const place of minima(leastDimension === undefined ? undefined : dimension)) {
      expect(place).toHaveLength(dimension);
      // Himmelblau's places are published with six decimals.
      expect(Math.abs(f.value(place) - minimum)).toBeLessThan(1e-9 * Math.max(1, Math.abs(minimum)));
      const g = new Float64Array(dimension);
      f.gradient(place, g);
      for (const gi of g) expect(Math.abs(gi)).toBeLessThan(1e-4);
      for (let i = 0; i < dimension; i++) {
        for (const h of [-0.01, 0.01]) expect(f.value(place.with(i, place[i]! + h))).toBeGreaterThan(minimum);
      }
    }
  }
});

/** As printed by Moré, Garbow and Hillstrom, to the digits that they give; f there is the sum of squares, as here. */
test.each([
  ["freudensteinRoth", "48.9842"],
  ["jennrichSampson", "124.362"],
  ["bard", "0.00821487"],
  ["gaussian", "1.12793e-8"],
  ["kowalikOsborne", "0.000307505"],
  ["brownDennis", "85822.2"],
  ["penalty1", "0.0000224997"],
  ["trigonometric", "0.0000279506"],
] as [Name, string][])("the lowest or local minimum of %s is the published %s", (name, published) => {
  const { minimum, localMinima } = testFunctions[name];
  const unit = 10 ** (Math.floor(Math.log10(Number(published))) - 5);
  const known = [minimum, ...localMinima].map((value) => Math.abs(value - Number(published)));
  expect(Math.min(...known)).toBeLessThan(unit);
});

test("the helical valley has no seam but the one of its angle, at x = 0 and y < 0", () => {
  const f = testFunctions.helicalValley.objective();
  for (let i = 0; i < 360; i++) {
    const angle = ((i - 89.5) * Math.PI) / 180;
    const turn = angle / (2 * Math.PI);
    // On the circle only the height is left.
    const [x, y, z] = [Math.cos(angle), Math.sin(angle), 3];
    const height = 10 * (z - 10 * turn);
    expect(Math.abs(f.value(Float64Array.of(x, y, z)) - height * height - z * z)).toBeLessThan(1e-10);
  }
  expect(f.value(Float64Array.of(0, -2, 0))).toBeCloseTo(625 + 100, 10);
  expect(f.value(Float64Array.of(0, 0, 0))).toBe(100);
});

test("values at the customary starts are the published ones", () => {
  const at = (name: Name, dimension?: number): number => {
    const f = testFunctions[name];
    return f.objective(dimension === undefined ? {} : { dimension }).value(f.start(dimension));
  };
  expect(at("rosenbrock")).toBeCloseTo(24.2, 12);
  expect(at("beale")).toBeCloseTo(14.203125, 12);
  expect(at("powellSingular")).toBe(215);
  expect(at("wood")).toBe(19192);
  expect(at("booth")).toBe(74);
  expect(at("himmelblau")).toBe(170);
  expect(at("sphere", 7)).toBe(7);
  expect(at("freudensteinRoth")).toBe(400.5);
  expect(at("helicalValley")).toBeCloseTo(2500, 10);
  expect(at("goldsteinPrice")).toBe(600);
  expect(at("bard")).toBeCloseTo(41.6817, 4);
  expect(at("brownDennis")).toBeCloseTo(7926693.336, 2);
});

test("the quadratic's curvatures run from 1 to the condition in equal ratios", () => {
  const f = testFunctions.quadratic.objective({ dimension: 5, condition: 1e4 });
  const g = new Float64Array(5);
  f.gradient(new Float64Array(5).fill(1), g);
  expect(g[0]).toBe(1);
  expect(g[4]).toBe(1e4);
  for (let i = 1; i < 5; i++) expect(g[i]! / g[i - 1]!).toBeCloseTo(10, 10);
});

test("float32 points and gradients are accepted", () => {
  const g = new Float32Array(2);
  expect(testFunctions.booth.objective().gradient(Float32Array.of(0, 0), g)).toBe(74);
  expect(Array.from(g)).toEqual([-34, -38]);
});

test.each([
  [
    () => testFunctions.beale.objective({ dimension: 3 }),
    "beale: dimension is 3, but the function has exactly 2 variables; leave the option out.",
  ],
  [
    () => testFunctions.rosenbrock.objective({ dimension: 1 }),
    "rosenbrock: dimension is 1, expected a whole number of at least 2; pass for example 2.",
  ],
  [
    () => testFunctions.sphere.start(0),
    "sphere: dimension is 0, expected a whole number of at least 1; pass for example 2.",
  ],
  [
    () => testFunctions.quadratic.objective({ condition: 0.5 }),
    "quadratic: condition is 0.5, expected a finite number of at least 1, " +
      "since it is the largest curvature over the smallest; pass for example 100.",
  ],
  [
    () => testFunctions.trigonometric.objective({ dimension: 1001 }),
    "trigonometric: dimension is 1001, expected at most 1000, since its Jacobian is kept whole; pass for example 10.",
  ],
  [
    () => testFunctions.penalty1.objective({ dimension: 10 }),
    "penalty1: dimension is 10, but the function has exactly 4 variables; leave the option out.",
  ],
])("a size that a function cannot have is refused: case %#", (make, text) => {
  expect(make).toThrow(OptionError);
  expect(make).toThrow(text);
});
