import fc from "fast-check";
import { type Objective, OptionError } from "talweg/core";
import { levenbergMarquardt, minimize, testFunctions } from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, objectiveOf, regression } from "./problems.ts";

/** Rosenbrock's function as the squares of 10 (y - x²) and 1 - x. */
const rosenbrock: Objective = {
  ...testFunctions.rosenbrock.objective(),
  leastSquares: {
    residuals: 2,
    evaluate([x, y], r, jacobian) {
      r.set([10 * (y! - x! * x!), 1 - x!]);
      jacobian?.set([-20 * x!, 10, -1, 0]);
    },
  },
};
const start = Float64Array.of(-1.2, 1);
/** The same function, but nobody knows that it is a sum of squares. */
const withoutSquares = (f: Objective): Objective => ({
  dimension: f.dimension,
  value: (w) => f.value(w),
  gradient: (w, g) => f.gradient(w, g),
});

test("on Rosenbrock's function it ends within twenty steps, by Jacobians and by Hessians", () => {
  const stop = { loss: 1e-20, steps: 40 };
  const squares = minimize(rosenbrock, start, { method: levenbergMarquardt(), stop });
  expect(squares.reason).toBe("loss");
  expect(squares.steps).toBeLessThanOrEqual(20);
  for (const x of squares.point) expect(Math.abs(x - 1)).toBeLessThan(1e-9);
  const newton = minimize(withoutSquares(rosenbrock), start, { method: levenbergMarquardt(), stop });
  expect(newton.reason).toBe("loss");
  expect(newton.steps).toBeLessThanOrEqual(30);
});

test("counts what it asks: a gradient and a Jacobian a step, and a value for each trial; a Hessian is 2 n gradients", () => {
  const run = (f: Objective): { steps: number; trials: number; values: number; gradients: number } => {
    const found = minimize(f, start, { method: levenbergMarquardt(), stop: { steps: 5 }, trace: true });
    const trials = (found.trace ?? []).reduce((sum, { search }) => sum + search!.evaluations, 0);
    const { steps, valueEvaluations: values, gradientEvaluations: gradients } = found;
    return { steps, trials, values, gradients };
  };
  const squares = run(rosenbrock);
  expect(squares.values).toBe(squares.trials);
  expect(squares.gradients).toBe(1 + 2 * squares.steps);
  const newton = run(withoutSquares(rosenbrock));
  expect(newton.values).toBe(newton.trials);
  expect(newton.gradients).toBe(1 + 5 * newton.steps);
});

test("a step solves (2 J'J + mu I) d = 2 J'r with mu the damping times the largest number of the diagonal", () => {
  const method = levenbergMarquardt({ damping: 0.5 });
  const state = method.init(2, { trace: true });
  const w = start.slice();
  const { search } = method.step(rosenbrock, w, new Float64Array(2), state);
  // At (-1.2, 1): J = [[24, 10], [-1, 0]], r = [-4.4, 2.2]; 2 J'J = [[1154, 480], [480, 200]], 2 J'r = [-215.6, -88].
  const mu = search!.trials![0]!.damping!;
  expect(mu).toBeCloseTo(577, 10);
  const determinant = (1154 + mu) * (200 + mu) - 480 * 480;
  const d = [
    ((200 + mu) * -215.6 - 480 * -88) / determinant,
    ((1154 + mu) * -88 - 480 * -215.6) / determinant,
  ];
  expect(w[0]).toBeCloseTo(-1.2 - d[0]!, 13);
  expect(w[1]).toBeCloseTo(1 - d[1]!, 13);
});

test("each trial carries its damping; one that does not lower the loss makes it grow by 2, 4, 8, …", () => {
  const found = minimize(rosenbrock, start, {
    method: levenbergMarquardt(),
    stop: { loss: 1e-20, steps: 40 },
    trace: true,
  });
  let refused = 0;
  for (const { value, stepSize, search } of found.trace ?? []) {
    const trials = search!.trials!;
    expect(stepSize).toBe(1);
    expect(trials.at(-1)?.accepted).toBe(true);
    for (const [i, trial] of trials.entries()) {
      expect(trial.bound).toBeCloseTo(value, 10);
      expect(trial.accepted).toBe(trial.value < trial.bound);
      if (i === 0) continue;
      refused++;
      expect(trial.damping).toBeCloseTo(trials[i - 1]!.damping! * 2 ** i, 12);
    }
  }
  expect(refused).toBeGreaterThan(0);
});

test("the loss falls in every step, from wherever it begins", () => {
  const number = fc.double({ min: -5, max: 5, noNaN: true });
  const functions = [
    rosenbrock,
    withoutSquares(rosenbrock),
    testFunctions.beale.objective(),
    testFunctions.himmelblau.objective(),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...functions), number, number, (f, x, y) => {
      const stop = { steps: 15, gradientNorm: 1e-6 };
      const at = Float64Array.of(x, y);
      const found = minimize(f, at, { method: levenbergMarquardt(), stop, trace: true });
      const losses = [...(found.trace ?? []).map(({ value }) => value), found.value];
      const fell = found.reason === "searchFailed" ? losses.slice(0, -1) : losses;
      // The first value of the next step is what the accepted trial had, up to the rounding of the sum.
      for (let i = 1; i < fell.length; i++) expect(fell[i]).toBeLessThanOrEqual(fell[i - 1]! * (1 + 1e-12));
    }),
    { numRuns: 60 },
  );
});

test("leaves a saddle that Newton's method would run into: damping keeps the matrix positive definite", () => {
  const f = objectiveOf(
    2,
    ([x, y]) => x! * x! + (y! * y! - 1) ** 2,
    ([x, y]) => [2 * x!, 4 * y! * (y! * y! - 1)],
  );
  const found = minimize(f, Float64Array.of(1, 0.1), { method: levenbergMarquardt() });
  expect(found.reason).toBe("gradientNorm");
  expect(found.value).toBeLessThan(1e-12);
  expect(Math.abs(found.point[1]!)).toBeCloseTo(1, 6);
});

test("float32 parameters are judged in float64, as far as they can tell points apart", () => {
  const f = regression(4, 20, 20);
  const stop = { steps: 60, loss: 1e-6 };
  const found = minimize(f, Float32Array.from(f.start()), { method: levenbergMarquardt(), stop });
  expect(found.point).toBeInstanceOf(Float32Array);
  expect(found.value).toBeLessThan(1e-6);
});

test("without squares float32 is refused, since differences of its gradients tell no second derivatives", () => {
  const method = levenbergMarquardt();
  const f = withoutSquares(bowl(2));
  const step = (): unknown =>
    method.step(f, Float32Array.of(3, -2), new Float32Array(2), method.init(2, { precision: "float32" }));
  expect(step).toThrow(OptionError);
  expect(step).toThrow(
    "levenbergMarquardt: the function is no sum of squares, so its second derivatives come from differences of gradients, for " +
      'which float32 has too few digits; take precision "float64", or loss "meanSquaredError" for a network.',
  );
});

test("a function that falls nowhere, or only gives NaN, ends the step with a reason and the parameters as they were", () => {
  const wrong: Objective = {
    dimension: 1,
    value: ([x]) => x! * x!,
    gradient([x], g) {
      g[0] = 1;
      return x! * x!;
    },
    leastSquares: {
      residuals: 1,
      evaluate([x], r, jacobian) {
        r[0] = x!;
        jacobian?.fill(-1);
      },
    },
  };
  const method = levenbergMarquardt({ maxTrials: 3 });
  const w = Float64Array.of(1);
  const state = method.init(1);
  const { stepSize, search } = method.step(wrong, w, new Float64Array(1), state);
  expect([stepSize, w[0]]).toEqual([0, 1]);
  expect(search).toMatchObject({ accepted: false, evaluations: 3, value: 1 });
  expect(search?.reason).toMatch(/^no trial lowered the loss after 3 trials, with damping 0\.128$/);
  expect(state.damping).toBe(0);

  const holes = objectiveOf(
    1,
    ([x]) => (x === 1 ? 1 : NaN),
    ([x]) => [x === 1 ? 1 : NaN],
  );
  const lost = method.step(holes, w, new Float64Array(1), method.init(1));
  expect(lost).toMatchObject({ stepSize: 0, search: { accepted: false, evaluations: 0 } });
  expect(lost.search?.reason).toMatch(/^no damping makes the matrix positive definite after 0 trials/);
  expect(w[0]).toBe(1);

  const line = objectiveOf(
    1,
    ([x]) => x!,
    () => [1],
  );
  expect(method.step(line, w, new Float64Array(1), method.init(1)).stepSize).toBe(1);
});

test("more than 2,000 parameters, batches and wrong options are refused, each with its remedy", () => {
  expect(() => levenbergMarquardt().init(2001)).toThrow(OptionError);
  expect(() => levenbergMarquardt().init(2001)).toThrow(
    "levenbergMarquardt: there are 2001 parameters, expected at most 2000, since each step solves with a matrix of that number squared; " +
      "take lbfgs, whose steps are cheap.",
  );
  expect(() => levenbergMarquardt().init(3, { batchSize: 8, rows: 20 })).toThrow(
    'levenbergMarquardt: batchSize is 8, expected "full"',
  );
  expect(() => levenbergMarquardt({ damping: 0 })).toThrow(
    "levenbergMarquardt: damping is 0, expected a finite number above 0; pass for example 0.001.",
  );
  expect(() => levenbergMarquardt({ maxTrials: 0 })).toThrow(
    "levenbergMarquardt: maxTrials is 0, expected a whole number of at least 1; pass for example 40.",
  );
  const many: Objective = {
    dimension: 1000,
    value: () => 1,
    gradient: (_w, g) => {
      g.fill(1);
      return 1;
    },
    leastSquares: { residuals: 60_000, evaluate: () => undefined },
  };
  const method = levenbergMarquardt();
  expect(() => method.step(many, new Float64Array(1000), new Float64Array(1000), method.init(1000))).toThrow(
    "levenbergMarquardt: 60000 residuals times 1000 parameters are a Jacobian of 60000000 numbers, expected at most 50000000; " +
      "take fewer examples, or lbfgs, which needs none.",
  );
});
