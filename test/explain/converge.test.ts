import fc from "fast-check";
import { dense, network, objective, parabola } from "talweg";
import { LineSearchError, NotFiniteError, type Objective, OptionError, ShapeError } from "talweg/core";
import { type Convergence, type ConvergeOptions, converge, proofLines } from "talweg/explain";
import { gradientDescent, minimize, testFunctions } from "talweg/optim";
import { expect, test } from "vitest";
import { objectiveOf } from "../optim/problems.ts";

/** Fails with the line and its numbers. */
function expectProof(run: Convergence, name: string): void {
  for (const { id, failed, worst } of run.lines)
    expect(failed, `${name}: line ${id}, ${JSON.stringify(worst)}`).toBe(0);
}

test("every line of the proof holds in every step on Rosenbrock, down to a gradient norm of 1e-6 at (1, 1)", () => {
  const run = converge(testFunctions.rosenbrock.objective(), Float64Array.of(-1.2, 1), {
    steps: 20_000,
    lowerBound: 0,
  });
  expectProof(run, "rosenbrock");
  expect(run.reason).toBe("gradientNorm");
  expect(run.point![0]).toBeCloseTo(1, 5);
  expect(run.curvature?.kind).toBe("minimum");
  expect(run.broken).toEqual([]);
  // Each step there refuses a trial, so that each line was put to the test.
  for (const { id, checked } of run.lines)
    expect(checked, id).toBe(id === "stepBound" ? 0 : run.steps.length);
  for (const { observed } of run.observations) expect(observed).toBe(true);
});

test("every line holds on a quadratic with known L, and no step is shorter than min(first trial, 2 shrink (1 - c1) / L)", () => {
  for (const [c1, shrink] of [
    [1e-4, 0.5],
    [0.5, 0.5],
    [0.9, 0.8],
    [0.3, 0.9],
  ] as const) {
    const f = testFunctions.quadratic.objective({ dimension: 3, condition: 100 });
    const run = converge(f, Float64Array.of(1, 1, 1), { c1, shrink, lipschitz: 100, lowerBound: 0 });
    expectProof(run, `c1 ${c1}, shrink ${shrink}`);
    expect(run.reason).toBe("gradientNorm");
    const bound = (2 * shrink * (1 - c1)) / 100;
    expect(run.steps[0]!.stepBound).toBeCloseTo(bound, 12);
    expect(run.smallestStep!).toBeGreaterThanOrEqual(bound);
    expect(run.smallestStep!).toBeLessThan(1.6 * bound);
  }
});

test.each(Object.keys(testFunctions) as (keyof typeof testFunctions)[])("every line holds on %s", (name) => {
  const f = testFunctions[name];
  // Near the minimum of brownDennis, 85822, what f loses in a step is less than its rounding: that begins at step 460.
  const run = converge(f.objective(), f.start(), { steps: name === "brownDennis" ? 500 : 100 });
  expectProof(run, name);
});

test.each(["tanh", "sigmoid", "softplus"] as const)(
  "every line holds on the x² network with %s, whose loss is smooth",
  (activation) => {
    const run = onNetwork(activation, { steps: 25, growth: 2 });
    expectProof(run, activation);
    expect(run.steps.filter(({ refused }) => refused !== null).length).toBeGreaterThan(5);
    expect(run.observations[0]).toMatchObject({ id: "boundedBelow", observed: true });
  },
);

test("on the x² network with ReLU only the lines that need a differentiable function can fail", () => {
  const smooth = new Set(["slope", "armijo", "decrease", "sum", "rejected"]);
  for (const seed of [0, 1, 2]) {
    const run = onNetwork("relu", { steps: 25, growth: 2 }, seed);
    for (const { id, holds } of run.lines)
      if (smooth.has(id)) expect(holds, `${id}, seed ${seed}`).toBe(true);
  }
});

/** x² on [0, 1] by the source's 1-12-12-1 network. */
function onNetwork(
  activation: "relu" | "tanh" | "sigmoid" | "softplus",
  o: ConvergeOptions,
  seed = 1,
): Convergence {
  const layers = [dense(1, 12, activation), dense(12, 12, activation), dense(12, 1, "sigmoid")];
  const n = network(layers, { seed, precision: "float64" });
  const f = objective(n, "sumOfSquares", parabola({ rows: 20, seed, precision: "float64" }));
  return converge(f, Float64Array.from(n.parameters), { lowerBound: 0, ...o });
}

/** Half the sum of c_i (x_i - m_i)², turned by no rotation: rotations change neither values nor steps. */
function bowl(c: readonly number[], m: readonly number[], least: number): Objective {
  return objectiveOf(
    c.length,
    (x) => least + c.reduce((sum, ci, i) => sum + (ci * (x[i]! - m[i]!) * (x[i]! - m[i]!)) / 2, 0),
    (x) => c.map((ci, i) => ci * (x[i]! - m[i]!)),
  );
}

test("the trials of a search that failed are counted as well, and the gradient at which a number was not finite", () => {
  let [values, gradients] = [0, 0];
  const counted = (f: Objective): Objective => ({
    dimension: f.dimension,
    value: (w) => {
      values++;
      return f.value(w);
    },
    gradient: (w, g) => {
      gradients++;
      return f.gradient(w, g);
    },
  });
  // Its gradient points uphill, so that no trial is ever accepted.
  const uphill = objectiveOf(
    1,
    ([x]) => x!,
    () => [-1],
  );
  const failed = converge(counted(uphill), Float64Array.of(0), { maxTrials: 7 });
  expect(failed.reason).toBe("searchFailed");
  expect([failed.steps.length, failed.valueEvaluations, failed.gradientEvaluations]).toEqual([0, 7, 1]);
  expect(values).toBeGreaterThanOrEqual(7);
  // Falls to a place whose gradient is no number.
  const cliff = objectiveOf(
    1,
    ([x]) => -x!,
    ([x]) => [x! > 0 ? Number.NaN : -1],
  );
  gradients = 0;
  const broken = converge(counted(cliff), Float64Array.of(0));
  expect(broken.reason).toBe("notFinite");
  expect([broken.valueEvaluations, broken.gradientEvaluations]).toEqual([1, 2]);
  expect(gradients).toBeGreaterThanOrEqual(2);
});

test("on random quadratics from random starts every line holds, and a refused trial always has its mean-value point", () => {
  const curvature = fc.double({ min: 0.05, max: 50, noNaN: true });
  const place = fc.double({ min: -10, max: 10, noNaN: true });
  const share = fc.double({ min: 0.001, max: 0.9, noNaN: true });
  const axis = fc.tuple(curvature, place, place);
  let middles = 0;
  fc.assert(
    fc.property(
      fc.array(axis, { minLength: 1, maxLength: 4 }),
      share,
      fc.double({ min: 0.1, max: 0.9, noNaN: true }),
      fc.constantFrom(1, 2),
      place,
      (axes, c1, shrink, growth, least) => {
        const f = bowl(
          axes.map(([c]) => c),
          axes.map(([, m]) => m),
          least,
        );
        const lipschitz = Math.max(...axes.map(([c]) => c));
        const start = Float64Array.from(axes, ([, , x]) => x);
        const run = converge(f, start, {
          c1,
          shrink,
          growth,
          lipschitz,
          steps: 60,
          gradientNorm: 1e-5,
          maxTrials: 400,
        });
        expectProof(run, "quadratic");
        for (const { refused } of run.steps) {
          if (refused === null) continue;
          expect(refused.theta).toBeGreaterThan(0);
          expect(refused.theta).toBeLessThan(1);
          // On a quadratic the slope is a straight line, so that the mean lies in the middle, as far as rounding lets one see it.
          const seen = refused.allowance / Math.abs(refused.slopeThere! - run.options.c1);
          if (seen < 1e-9 && refused.tau * refused.gradientChange! > 1e-3) {
            expect(refused.theta).toBeCloseTo(0.5, 3);
            middles++;
          }
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(middles).toBeGreaterThan(0);
});

test.each([1, 2])(
  "the steps are those of gradientDescent with Armijo's search to the bit, growth %d",
  (growth) => {
    const f = testFunctions.rosenbrock.objective();
    const start = Float64Array.of(-1.2, 1);
    const run = converge(f, start, { growth, steps: 50 });
    const method = gradientDescent({ search: "armijo", growth });
    const plain = minimize(f, start, { method, stop: { steps: 50 }, trace: true });
    expect(run.point).toEqual(Array.from(plain.point));
    expect(run.steps.map(({ stepSize }) => stepSize)).toEqual(plain.trace!.map(({ stepSize }) => stepSize));
    expect(run.steps.map(({ value }) => value)).toEqual(plain.trace!.map(({ value }) => value));
    expect(run.valueEvaluations).toBe(plain.valueEvaluations);
  },
);

test("the running sum is that of c1 t ‖∇f‖², and never above what f has lost", () => {
  const run = converge(testFunctions.beale.objective(), Float64Array.of(1, 1), { steps: 100, c1: 0.2 });
  let sum = 0;
  for (const { promised, stepSize, gradientNorm, sum: told, fallen } of run.steps) {
    sum += promised;
    expect(told).toBe(sum);
    expect(promised).toBeCloseTo(0.2 * stepSize * gradientNorm * gradientNorm, 10);
    expect(told).toBeLessThanOrEqual(fallen);
  }
});

test("a gradient that is wrong breaks the line that compares it with values: no slope equals the quotient", () => {
  const f = testFunctions.quadratic.objective({ condition: 30 });
  const stepped: Objective = {
    ...f,
    gradient(w, g) {
      const value = f.gradient(w, g);
      for (let i = 0; i < g.length; i++) g[i] = Math.round(g[i]!);
      return value;
    },
  };
  const start = Float64Array.of(3, 0.7);
  expect(converge(f, start, { steps: 10 }).broken).not.toContain("meanValue");
  expect(converge(stepped, start, { steps: 10 }).broken).toContain("meanValue");
});

test("values that promise more than comes true break the lines about the decrease of f", () => {
  const f = testFunctions.quadratic.objective({ condition: 30 });
  const boasting: Objective = { ...f, value: (w) => f.value(w) - 1000 };
  const run = converge(boasting, Float64Array.of(1, 1), { steps: 1 });
  expect(run.broken).toEqual(expect.arrayContaining(["decrease", "sum"]));
  expect(run.lines.find(({ id }) => id === "decrease")).toMatchObject({
    checked: 1,
    failed: 1,
    worst: { step: 1, holds: false },
  });
});

test("the lines are numbered 1 to 9 and each says what it states and why", () => {
  expect(proofLines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const { statement, why } of proofLines)
    expect(Math.min(statement.length, why.length)).toBeGreaterThan(5);
});

test("the result survives JSON", () => {
  const run = converge(testFunctions.booth.objective(), new Float64Array(2), { lipschitz: 18 });
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
  expectProof(run, "booth");
});

test("a start whose gradient is within the tolerance takes no step, and too few steps say nothing of halves", () => {
  const run = converge(testFunctions.sphere.objective(), new Float64Array(2));
  expect(run).toMatchObject({
    reason: "gradientNorm",
    smallestStep: null,
    gradientEvaluations: 1,
    valueEvaluations: 0,
  });
  expect(run.steps).toEqual([]);
  expect(run.observations.find(({ id }) => id === "settles")).toMatchObject({ observed: null, left: null });
});

test("a function that becomes NaN or infinite on the way ends the run at the last good point", () => {
  const wall = objectiveOf(
    1,
    ([x]) => (x! < -5 ? Number.NaN : x!),
    ([x]) => [x! < -4 ? Number.NaN : 1],
  );
  const run = converge(wall, Float64Array.of(0.5));
  expect(run.reason).toBe("notFinite");
  expect(run.point).toEqual([-3.5]);
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
});

test("a gradient whose square overflows ends the run where it begins, in plain numbers", () => {
  const steep = objectiveOf(
    1,
    ([x]) => 1e200 * x!,
    () => [1e200],
  );
  const run = converge(steep, Float64Array.of(1));
  expect(run).toMatchObject({ reason: "notFinite", startGradientNorm: 1e200, steps: [] });
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
});

test("a refused trial where f is not finite has no quotient, and the lines from there on do not hold", () => {
  const edge = objectiveOf(
    1,
    ([x]) => (x! < 0.2 && x! > -0.5 ? Infinity : x! * x!),
    ([x]) => [2 * x!],
  );
  const run = converge(edge, Float64Array.of(1), { steps: 1 });
  expect(run.steps[0]!.refused).toMatchObject({ tau: 0.5, value: null, quotient: null, theta: null });
  expect(run.broken).toContain("rejected");
  expect(JSON.parse(JSON.stringify(run))).toEqual(run);
});

const f = testFunctions.sphere.objective();
const call =
  (o: ConvergeOptions): (() => unknown) =>
  (): unknown =>
    converge(f, Float64Array.of(1, 1), o);

test.each([
  ["c1 of 1", call({ c1: 1 }), LineSearchError, "armijo: c1 is 1, expected a number between 0 and 1"],
  ["shrink of 1", call({ shrink: 1 }), LineSearchError, "armijo: shrink is 1"],
  [
    "growth below 1",
    call({ growth: 0.5 }),
    OptionError,
    "converge: growth is 0.5, expected a finite number of at least 1",
  ],
  [
    "no steps",
    call({ steps: 0 }),
    OptionError,
    "converge: steps is 0, expected a whole number from 1 to 100000",
  ],
  ["a negative tolerance", call({ gradientNorm: -1 }), OptionError, "converge: gradientNorm is -1"],
  [
    "a Lipschitz constant of 0",
    call({ lipschitz: 0 }),
    OptionError,
    "converge: lipschitz is 0, expected a finite number above 0",
  ],
  [
    "a lower bound of -Infinity",
    call({ lowerBound: -Infinity }),
    OptionError,
    "converge: lowerBound is -Infinity",
  ],
  [
    "a start of the wrong length",
    (): unknown => converge(f, Float64Array.of(1)),
    ShapeError,
    "start has 1 number, expected 2",
  ],
  [
    "a function that is NaN",
    (): unknown =>
      converge(
        objectiveOf(
          1,
          () => Number.NaN,
          () => [1],
        ),
        Float64Array.of(1),
      ),
    NotFiniteError,
    "the function is NaN at the start, expected a finite number",
  ],
])("%s is refused", (_name, run, kind, text) => {
  expect(run).toThrow(kind);
  expect(run).toThrow(text);
});
