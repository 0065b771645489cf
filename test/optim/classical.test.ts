/** The published minima of the classical functions, reached from their customary starts. */
import {
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  type Minimum,
  minimize,
  type Optimizer,
  type TestFunctionName,
  testFunctions,
} from "talweg/optim";
import { expect, test } from "vitest";

const names = Object.keys(testFunctions) as TestFunctionName[];

/** The test of Moré and Wild (2009): all but 1e-8 of the way from the start's value down to a published minimum. */
function reaches(name: TestFunctionName, { value }: Pick<Minimum, "value">): boolean {
  const { minimum, localMinima, objective, start } = testFunctions[name];
  const atStart = objective().value(start());
  return [minimum, ...localMinima].some((m) => Math.abs(value - m) <= 1e-8 * (atStart - m));
}

function run(name: TestFunctionName, method: Optimizer, steps: number, gradientNorm = 1e-9): Minimum {
  const { objective, start } = testFunctions[name];
  return minimize(objective(), start(), { method, stop: { gradientNorm, steps } });
}

test.each(names)("L-BFGS reaches a published minimum of %s in a few hundred gradients", (name) => {
  const result = run(name, lbfgs(), 500);
  expect(reaches(name, result), `${result.value} after ${result.steps} steps, ${result.reason}`).toBe(true);
  expect(result.gradientEvaluations).toBeLessThan(400);
});

/** Gradient descent zigzags down a curved valley: what it cannot do in 20,000 steps (nor in 100,000). */
const descents: [string, () => Optimizer, TestFunctionName[]][] = [
  [
    "Armijo",
    () => gradientDescent({ search: "armijo", growth: 2 }),
    ["powellBadlyScaled", "brownBadlyScaled", "jennrichSampson"],
  ],
  ["Goldstein", () => gradientDescent({ search: "goldstein" }), ["powellBadlyScaled", "brownBadlyScaled"]],
  ["Wolfe", () => gradientDescent({ search: "wolfe" }), ["powellBadlyScaled", "jennrichSampson"]],
];

/** Where it ends at a published minimum that is not the lowest. */
const elsewhere: Partial<Record<string, number>> = {
  "freudensteinRoth, Armijo": 48.98425367924,
  trigonometric: 2.795056121876e-5,
  goldsteinPrice: 30,
};

test.each(
  descents.flatMap(([search, make, beyond]) => names.map((name) => ({ search, make, name, beyond }))),
)("gradient descent by $search on $name ends at a published minimum, or is known not to", (row) => {
  const { search, make, name, beyond } = row;
  const { objective, start, minimum } = testFunctions[name];
  const target = elsewhere[`${name}, ${search}`] ?? elsewhere[name] ?? minimum;
  const loss = target + 1e-8 * (objective().value(start()) - target);
  const result = minimize(objective(), start(), { method: make(), stop: { loss, steps: 20_000 } });
  const told = `${result.value} after ${result.steps} steps, ${result.reason}`;
  expect(reaches(name, result), told).toBe(!beyond.includes(name));
});

test.each([
  ["freudensteinRoth", [5.1, 3.9], 0],
  ["goldsteinPrice", [-0.55, -0.45], 30],
  ["goldsteinPrice", [1.75, 0.15], 84],
  ["goldsteinPrice", [1.25, 0.85], 840],
  ["styblinskiTang", [2.7, -2.9], -64.1956123643],
  ["styblinskiTang", [2.7, 2.7], -50.058893321],
  ["threeHumpCamel", [1.7, -0.9], 0.298638442236861],
] as [TestFunctionName, number[], number][])(
  "%s from %j ends at the minimum near there",
  (name, point, value) => {
    const { objective, minimum, localMinima } = testFunctions[name];
    const method = gradientDescent({ search: "armijo", initial: 1e-3, growth: 2 });
    const result = minimize(objective(), Float64Array.from(point), {
      method,
      stop: { gradientNorm: 1e-8, steps: 5000 },
    });
    expect(Math.abs(result.value - value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)));
    expect([minimum, ...localMinima].some((m) => Math.abs(m - value) < 1e-9)).toBe(true);
  },
);

test("Levenberg–Marquardt fits the curves of Bard and of Kowalik and Osborne in a few steps", () => {
  for (const name of ["bard", "kowalikOsborne", "rosenbrock", "box3d"] as const) {
    const result = run(name, levenbergMarquardt(), 100);
    expect(reaches(name, result), `${name}: ${result.value}`).toBe(true);
    expect(result.steps).toBeLessThan(40);
  }
});
