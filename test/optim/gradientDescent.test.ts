import fc from "fast-check";
import { type Objective, OptionError } from "talweg/core";
import { gradientDescent, minimize, momentum, testFunctions } from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, objectiveOf } from "./problems.ts";

const square = objectiveOf(
  1,
  ([x]) => x! * x!,
  ([x]) => [2 * x!],
);

test("on x² from 1 Armijo refuses the step to -1, accepts half of it, and is done", () => {
  const found = minimize(square, Float64Array.of(1), {
    method: gradientDescent({ search: "armijo" }),
    trace: "points",
  });
  expect(Array.from(found.point)).toEqual([0]);
  expect(found).toMatchObject({ value: 0, gradientNorm: 0, steps: 1, reason: "gradientNorm" });
  expect(found.trace).toHaveLength(1);
  expect(found.trace?.[0]).toMatchObject({
    step: 1,
    value: 1,
    gradientNorm: 2,
    stepSize: 0.5,
    point: Float64Array.of(1),
  });
  expect(found.trace?.[0]?.search?.trials).toEqual([
    { stepSize: 1, value: 1, bound: 1 + 1e-4 * -4, accepted: false },
    { stepSize: 0.5, value: 0, bound: 1 + 1e-4 * 0.5 * -4, accepted: true },
  ]);
});

test("a fixed rate above 2 over the curvature diverges and one below converges; a searched step never rises", () => {
  const at = (learningRate: number): number => {
    const stop = { steps: 50 };
    return minimize(square, Float64Array.of(1), { method: gradientDescent({ learningRate }), stop }).value;
  };
  expect(at(0.99)).toBeLessThan(0.2);
  expect(at(1)).toBe(1);
  expect(at(1.01)).toBeGreaterThan(1);
});

test("Armijo accepts exactly the steps up to 2 (1 - c1) / curvature, also those that cross the valley", () => {
  const c1 = 0.25;
  for (const [initial, crosses] of [
    [0.4, false],
    [0.7, true],
  ] as const) {
    const method = gradientDescent({ search: "armijo", c1, initial });
    const w = Float64Array.of(1);
    const { stepSize } = method.step(square, w, new Float64Array(1), method.init(1));
    expect(stepSize).toBe(initial);
    expect(w[0]! < 0).toBe(crosses);
  }
});

test("Armijo reaches a gradient norm of 1e-6 on Rosenbrock's function from its customary start", () => {
  const f = testFunctions.rosenbrock.objective();
  const start = testFunctions.rosenbrock.start();
  const found = minimize(f, start, { method: gradientDescent({ search: "armijo" }) });
  expect(found.reason).toBe("gradientNorm");
  expect(found.gradientNorm).toBeLessThanOrEqual(1e-6);
  for (const x of found.point) expect(Math.abs(x - 1)).toBeLessThan(1e-5);
});

test("a limit may be a saddle: on x² + (y² - 1)² from (1, 0) the run ends at (0, 0) with value 1, minimum 0", () => {
  const f = objectiveOf(
    2,
    ([x, y]) => x! * x! + (y! * y! - 1) ** 2,
    ([x, y]) => [2 * x!, 4 * y! * (y! * y! - 1)],
  );
  const method = gradientDescent({ search: "armijo", c1: 0.1, shrink: 0.5 });
  const found = minimize(f, Float64Array.of(1, 0), { method });
  expect(Array.from(found.point, Math.abs)).toEqual([0, 0]);
  expect(found).toMatchObject({ value: 1, gradientNorm: 0, steps: 1, reason: "gradientNorm" });
});

test("c1 times the sum of t ||g||² never exceeds what the function fell by, and the function falls in every step", () => {
  const number = fc.double({ min: -3, max: 3, noNaN: true });
  const share = fc.double({ min: 1e-4, max: 0.9, noNaN: true });
  const functions = [bowl(2, 30), testFunctions.rosenbrock.objective(), testFunctions.himmelblau.objective()];
  fc.assert(
    fc.property(fc.constantFrom(...functions), number, number, share, share, (f, x, y, c1, shrink) => {
      const start = Float64Array.of(x, y);
      const method = gradientDescent({ search: "armijo", c1, shrink, maxTrials: 1000 });
      const found = minimize(f, start, { method, stop: { steps: 20, gradientNorm: 1e-6 }, trace: true });
      const trace = found.trace ?? [];
      let promised = 0;
      for (const [k, step] of trace.entries()) {
        promised += c1 * step.stepSize * step.gradientNorm! ** 2;
        const next = trace[k + 1]?.value ?? found.value;
        expect(next).toBeLessThanOrEqual(step.value);
      }
      expect(promised).toBeLessThanOrEqual((f.value(start) - found.value) * (1 + 1e-12) + 1e-12);
    }),
    { numRuns: 60 },
  );
});

test("on the quadratic with curvatures 1, 10, 100 the steps stay above min(1, 2 shrink (1 - c1) / 100)", () => {
  const f = testFunctions.quadratic.objective({ dimension: 3, condition: 100 });
  for (const [c1, shrink, shortest] of [
    [1e-4, 0.5, 0.0156],
    [0.5, 0.5, 0.0078],
    [0.36, 0.125, 0.002],
    [0.3, 0.9, 0.0133],
  ] as const) {
    const method = gradientDescent({ search: "armijo", c1, shrink, maxTrials: 100 });
    const stop = { steps: 200, gradientNorm: 1e-6 };
    const found = minimize(f, Float64Array.of(1, 1, 1), { method, stop, trace: true });
    const steps = (found.trace ?? []).map((step) => step.stepSize);
    expect(steps).toHaveLength(200);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual((2 * shrink * (1 - c1)) / 100);
    expect(Math.min(...steps)).toBeCloseTo(shortest, 4);
  }
});

function firstTrials(
  method: ReturnType<typeof gradientDescent>,
  f: Objective,
  start: Float64Array,
  steps: number,
): number[][] {
  const found = minimize(f, start, { method, stop: { steps }, trace: true });
  return (found.trace ?? []).map(({ search }) => [
    search?.trials?.[0]?.stepSize ?? NaN,
    search?.stepSize ?? NaN,
  ]);
}

test("without growth each search begins at initial; with growth at growth times the last accepted step, up to largest", () => {
  const start = Float64Array.of(5, -4);
  const printed = firstTrials(gradientDescent({ search: "armijo", initial: 0.75 }), bowl(2, 100), start, 5);
  expect(printed.map(([first]) => first)).toEqual([0.75, 0.75, 0.75, 0.75, 0.75]);
  expect(Math.min(...printed.map(([, accepted]) => accepted!))).toBeLessThan(0.75);

  const line = objectiveOf(
    1,
    ([x]) => -x!,
    () => [-1],
  );
  const growing = gradientDescent({ search: "armijo", growth: 3, largest: 20 });
  expect(firstTrials(growing, line, Float64Array.of(0), 5)).toEqual([
    [1, 1],
    [3, 3],
    [9, 9],
    [20, 20],
    [20, 20],
  ]);

  const steep = firstTrials(gradientDescent({ search: "armijo", growth: 2 }), bowl(2, 100), start, 6);
  for (let k = 1; k < steep.length; k++) expect(steep[k]![0]).toBe(2 * steep[k - 1]![1]!);
});

test("a search that fails leaves the parameters and says why", () => {
  // The gradient has the wrong sign, so every step goes uphill.
  const wrong = objectiveOf(
    1,
    ([x]) => x! * x!,
    ([x]) => [-2 * x!],
  );
  const method = gradientDescent({ search: "armijo", maxTrials: 5 });
  const w = Float64Array.of(1);
  const result = method.step(wrong, w, new Float64Array(1), method.init(1));
  expect(Array.from(w)).toEqual([1]);
  expect(result).toMatchObject({ loss: 1, stepSize: 0 });
  expect(result.search).toEqual({
    accepted: false,
    stepSize: 0,
    value: 1,
    evaluations: 5,
    reason: "no trial passed after 5 from 1 down to 0.0625",
  });
});

test("a slope that overflows is not searched along", () => {
  const huge = objectiveOf(
    1,
    ([x]) => 1e200 * x!,
    () => [1e200],
  );
  const method = gradientDescent({ search: "armijo" });
  const w = Float64Array.of(1);
  expect(method.step(huge, w, new Float64Array(1), method.init(1))).toEqual({
    loss: 1e200,
    stepSize: 0,
    search: {
      accepted: false,
      stepSize: 0,
      value: 1e200,
      evaluations: 0,
      reason: "the slope, minus the squared norm of the gradient, is -Infinity; scale the function",
    },
  });
  expect(Array.from(w)).toEqual([1]);
});

test("gradients that are never reset are momentum 1: bounded below a rate of 4 over the curvature, and never at rest", () => {
  const furthest = (learningRate: number, steps: number): { last: number; most: number } => {
    const method = momentum({ learningRate, momentum: 1 });
    const state = method.init(1);
    const w = Float64Array.of(1);
    let [last, most] = [0, 0];
    for (let step = 0; step < steps; step++) {
      method.step(bowl(1, 1, 0), w, new Float64Array(1), state);
      if (step >= steps - 100) last = Math.max(last, Math.abs(w[0]!));
      most = Math.max(most, Math.abs(w[0]!));
    }
    return { last, most };
  };
  for (const rate of [0.1, 1, 3.5]) {
    const { last, most } = furthest(rate, 4000);
    expect(most).toBeLessThan(10);
    expect(last).toBeGreaterThan(0.5);
  }
  expect(furthest(4.2, 400).most).toBeGreaterThan(1e6);
});

test("momentum 0 is gradient descent", () => {
  const run = (method: ReturnType<typeof gradientDescent> | ReturnType<typeof momentum>): Float64Array =>
    minimize(bowl(3), Float64Array.of(1, 2, 3), { method, stop: { steps: 10 } }).point as Float64Array;
  expect(run(momentum({ learningRate: 0.1, momentum: 0 }))).toEqual(
    run(gradientDescent({ learningRate: 0.1 })),
  );
});

test.each([
  [
    () => gradientDescent({} as never),
    "gradientDescent: got no learningRate and no search, expected one of them, since the gradient says where and not how far; " +
      'pass for example {learningRate: 0.1} or {search: "armijo"}.',
  ],
  [
    () => gradientDescent({ search: "armijo", learningRate: 0.1 } as never),
    'gradientDescent: got both learningRate 0.1 and search "armijo", but a search finds the step size by itself; ' +
      "leave one of them out.",
  ],
  [
    () => gradientDescent({ search: "newton" } as never),
    'gradientDescent: search is "newton", expected one of "armijo", "goldstein", "wolfe".',
  ],
  [
    () => gradientDescent({ search: "armijo", growth: 0.5 }),
    "gradientDescent: growth is 0.5, expected a finite number of at least 1, since smaller ones could only shorten the steps; " +
      "pass 1 to begin each search at initial, or for example 2.",
  ],
  [
    () => gradientDescent({ search: "armijo", largest: 0 }),
    "gradientDescent: largest is 0, expected a finite number above 0; pass for example 10000000000.",
  ],
  [
    () => gradientDescent({ learningRate: 1, schedule: "step" as never }),
    'gradientDescent: schedule is "step", expected one of "constant", "linear", "cosine", "exponential", "steps".',
  ],
  [
    () => momentum({ learningRate: 1, momentum: 1.5 }),
    "momentum: momentum is 1.5, expected a number from 0 to 1, since it is the share of the velocity that is kept; " +
      "pass for example 0.9.",
  ],
])("wrong options are refused before the first step: case %#", (make, text) => {
  expect(make).toThrow(OptionError);
  expect(make).toThrow(text);
});

test("a constant of the search that is out of range is refused at once", () => {
  expect(() => gradientDescent({ search: "armijo", c1: 2 })).toThrow(
    "armijo: c1 is 2, expected a number between 0 and 1",
  );
});
