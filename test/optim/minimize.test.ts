import type { Objective } from "talweg/core";
import {
  adam,
  auto,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  minimize,
  type Optimizer,
  perturb,
  randomGuess,
  testFunctions,
} from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, objectiveOf } from "./problems.ts";

const armijoDescent = (): Optimizer => gradientDescent({ search: "armijo" });
const start = Float64Array.of(3, -2);

function counting(f: Objective): { f: Objective; values: () => number; gradients: () => number } {
  let [values, gradients] = [0, 0];
  return {
    f: {
      dimension: f.dimension,
      value: (w) => {
        values++;
        return f.value(w);
      },
      gradient: (w, g) => {
        gradients++;
        return f.gradient(w, g);
      },
    },
    values: () => values,
    gradients: () => gradients,
  };
}

function norm(f: Objective, w: Float64Array): number {
  const g = new Float64Array(w.length);
  f.gradient(w, g);
  return Math.hypot(...g);
}

test.each([
  ["armijo", armijoDescent, undefined],
  ["goldstein", () => gradientDescent({ search: "goldstein" }), undefined],
  ["wolfe", () => gradientDescent({ search: "wolfe" }), undefined],
  ["lbfgs", () => lbfgs(), undefined],
  ["levenbergMarquardt", () => levenbergMarquardt(), undefined],
  ["fixed", () => gradientDescent({ learningRate: 0.05 }), undefined],
  ["adam", () => adam({ learningRate: 0.1 }), { steps: 30 }],
  ["auto, planned", () => auto(), { steps: 30 }],
  ["auto by default", () => auto(), undefined],
  ["auto, unplanned", () => auto(), { gradientNorm: 1e-3, evaluations: 5000 }],
  ["auto, unplanned, to a loss", () => auto(), { loss: 1e-3, seconds: 60 }],
  ["perturb", () => perturb(), { steps: 30 }],
] as const)(
  "%s: value and gradient norm are those of the point, and the counts are those of the calls",
  (_n, method, stop) => {
    const { f, values, gradients } = counting(bowl(2));
    const found = minimize(f, start, { method: method(), ...(stop === undefined ? {} : { stop }), rows: 7 });
    const uncounted = found.gradientEvaluations === 0 ? 1 : 0;
    expect(found.valueEvaluations).toBe(values());
    expect(found.gradientEvaluations).toBe(gradients() - uncounted);
    expect(found.exampleEvaluations).toBe(7 * (found.valueEvaluations + found.gradientEvaluations));
    expect(found.value).toBe(bowl(2).value(found.point));
    expect(found.gradientNorm).toBeCloseTo(norm(bowl(2), found.point as Float64Array), 14);
    expect(found.value).toBeLessThan(bowl(2).value(start));
  },
);

test("one gradient a step and one for the start is all that a plain descent costs", () => {
  const found = minimize(bowl(2), start, {
    method: gradientDescent({ learningRate: 0.05 }),
    stop: { steps: 10 },
  });
  expect(found).toMatchObject({ steps: 10, valueEvaluations: 0, gradientEvaluations: 11, reason: "steps" });
});

test("schedule-free auto is not charged twice a step, although its gradients are taken beside the point", () => {
  const found = minimize(bowl(2), start, { method: auto({ variant: "scheduleFree" }), stop: { steps: 100 } });
  expect(found.steps).toBe(100);
  expect(found.gradientEvaluations).toBeLessThanOrEqual(103);
});

test("a gradient taken beside the point cannot end the run: the point itself has the last word", () => {
  // Looks at the minimum only, and halves the way to it in each step.
  const glancing: Optimizer = {
    name: "glancing",
    init: () => ({}),
    step: (f, w, g) => {
      const loss = f.gradient(
        w.map(() => 0.5),
        g,
      );
      for (let i = 0; i < w.length; i++) w[i] = (w[i]! + 0.5) / 2;
      return { loss, stepSize: 1 };
    },
  };
  for (const [stop, reason] of [
    [{ gradientNorm: 1e-3, steps: 100 }, "gradientNorm"],
    [{ loss: 1e-3, steps: 100 }, "loss"],
  ] as const) {
    const found = minimize(bowl(2), start, { method: glancing, stop });
    expect(found.reason).toBe(reason);
    expect(found.steps).toBeGreaterThan(5);
    if (reason === "loss") expect(found.value).toBeLessThanOrEqual(1e-3);
    else expect(found.gradientNorm).toBeLessThanOrEqual(1e-3);
  }
});

test("by default a run needs no method and no criterion, and ends at a gradient norm of 1e-6", () => {
  const found = minimize(testFunctions.himmelblau.objective(), testFunctions.himmelblau.start());
  expect(found.reason).toBe("gradientNorm");
  expect(found.gradientNorm).toBeLessThanOrEqual(1e-6);
  expect(found).not.toHaveProperty("trace");
  expect(found).not.toHaveProperty("exampleEvaluations");
});

test("start is left as it is, and the point has its precision", () => {
  const single = Float32Array.of(3, -2);
  const found = minimize(bowl(2), single, { method: armijoDescent(), stop: { steps: 3 } });
  expect(Array.from(single)).toEqual([3, -2]);
  expect(found.point).toBeInstanceOf(Float32Array);
  expect(found.point).not.toEqual(single);
});

test("a start that meets the criterion is returned after no step", () => {
  const found = minimize(bowl(2), Float64Array.of(0.5, 0.5), { method: armijoDescent() });
  expect(found).toMatchObject({ steps: 0, gradientNorm: 0, reason: "gradientNorm", gradientEvaluations: 1 });
});

test("each criterion ends the run with its own word", () => {
  const rising = objectiveOf(
    1,
    ([x]) => x!,
    () => [-1],
  );
  const run = (
    stop: Parameters<typeof minimize>[2] & object,
    f = bowl(2),
    at = start,
  ): ReturnType<typeof minimize> =>
    minimize(f, at, { method: gradientDescent({ learningRate: 0.01 }), ...stop });
  expect(run({ stop: { steps: 4 } })).toMatchObject({ reason: "steps", steps: 4 });
  const loss = run({ stop: { loss: 1 } });
  expect(loss.reason).toBe("loss");
  expect(loss.value).toBeLessThanOrEqual(1);
  const small = run({ stop: { gradientNorm: 0.1 } });
  expect(small.reason).toBe("gradientNorm");
  expect(small.gradientNorm).toBeLessThanOrEqual(0.1);
  expect(run({ stop: { evaluations: 6 } })).toMatchObject({
    reason: "evaluations",
    gradientEvaluations: 6,
    steps: 5,
  });
  expect(run({ stop: { plateau: 3, steps: 50 } }, rising, Float64Array.of(0))).toMatchObject({
    reason: "plateau",
    steps: 3,
  });
  const timed = run({ stop: { seconds: 0.02 } }, rising, Float64Array.of(0));
  expect(timed.reason).toBe("seconds");
  expect(timed.steps).toBeGreaterThan(1);
});

test("a plateau counts from the last best loss, not from the start", () => {
  const floor = objectiveOf(
    1,
    ([x]) => Math.max(x!, 1),
    () => [1],
  );
  const method = gradientDescent({ learningRate: 0.5 });
  // From 3 the loss falls for 4 steps, to 1, and then stays.
  const found = minimize(floor, Float64Array.of(3), { method, stop: { plateau: 3 } });
  expect(found).toMatchObject({ reason: "plateau", steps: 7, value: 1 });
});

test("an aborted signal ends the run after the step in which it came, and before the first step if it came earlier", () => {
  const controller = new AbortController();
  let asked = 0;
  const f = bowl(2);
  const aborting: Objective = {
    ...f,
    gradient: (w, g) => {
      if (++asked === 4) controller.abort();
      return f.gradient(w, g);
    },
  };
  const o = { method: gradientDescent({ learningRate: 0.01 }), stop: { signal: controller.signal } };
  expect(minimize(aborting, start, o)).toMatchObject({ reason: "signal", steps: 3 });
  expect(minimize(f, start, o)).toMatchObject({ reason: "signal", steps: 0 });
  expect(minimize(f, start, { ...o, method: randomGuess() })).toMatchObject({
    reason: "signal",
    steps: 0,
    value: f.value(start),
  });
});

test("a criterion of one's own replaces the default, but what cannot run out is held to 100,000 steps", () => {
  const rising: Objective = {
    dimension: 1,
    value: (w) => w[0]!,
    gradient: (w, g) => {
      g[0] = -1;
      return w[0]!;
    },
  };
  const found = minimize(rising, Float64Array.of(0), {
    method: gradientDescent({ learningRate: 1 }),
    stop: { loss: -1 },
  });
  expect(found).toMatchObject({ reason: "steps", steps: 100_000 });
  const past = minimize(bowl(2), Float64Array.of(0.5, 0.5), { method: armijoDescent(), stop: { steps: 3 } });
  expect(past).toMatchObject({ reason: "steps", steps: 3 });
});

test("the limit of steps is what the method plans with; where something else runs out, it plans with nothing", () => {
  const seen: unknown[] = [];
  const spy: Optimizer = {
    name: "spy",
    init: (_n, run) => {
      seen.push(run);
      return {};
    },
    step: () => ({ loss: 0, stepSize: 0 }),
  };
  minimize(bowl(2), start, { method: spy, stop: { steps: 3 }, rows: 5, trace: true });
  minimize(bowl(2), Float32Array.from(start), { method: spy, stop: { loss: 100 } });
  minimize(bowl(2), Float64Array.of(0.5, 0.5), { method: spy });
  minimize(bowl(2), start, { method: spy, stop: { evaluations: 1 } });
  const full = { batchSize: "full", rows: undefined, precision: "float64", trace: false };
  expect(seen).toEqual([
    { ...full, steps: 3, rows: 5, trace: true },
    { ...full, steps: 100_000, precision: "float32" },
    { ...full, steps: 100_000 },
    { ...full, steps: undefined },
  ]);
});

/** Valleys in which the step of one rate for all variables is far too short. */
const beyond = [
  "powellBadlyScaled",
  "brownBadlyScaled",
  "penalty1",
  "variablyDimensioned",
  "brownAlmostLinear",
];

test.each(Object.values(testFunctions).filter(({ name }) => !beyond.includes(name)))(
  "with no option at all $name is solved within 10,000 steps",
  (tried) => {
    const found = minimize(tried.objective(), tried.start());
    expect(found.reason).toBe("gradientNorm");
    expect(found.gradientNorm).toBeLessThanOrEqual(1e-6);
    const away = [tried.minimum, ...tried.localMinima].map((minimum) => Math.abs(found.value - minimum));
    expect(Math.min(...away)).toBeLessThan(1e-9);
    expect(found.steps).toBeLessThan(10_000);
  },
);

test("a failed search ends the run at the last good point and keeps its trials", () => {
  const wrong = objectiveOf(
    1,
    ([x]) => x! * x!,
    ([x]) => [x! > 0.5 ? 2 * x! : -2 * x!],
  );
  const method = gradientDescent({ search: "armijo", initial: 0.25, maxTrials: 4 });
  const found = minimize(wrong, Float64Array.of(2), { method, trace: true });
  expect(found).toMatchObject({ reason: "searchFailed", steps: 2, value: 0.25 });
  expect(Array.from(found.point)).toEqual([0.5]);
  expect(found.trace).toHaveLength(3);
  expect(found.trace?.[2]?.search).toMatchObject({ accepted: false, evaluations: 4 });
  expect(found.trace?.[2]?.search?.trials).toHaveLength(4);
});

test("the seeding search of auto may fail without ending the run", () => {
  const odd = objectiveOf(
    1,
    ([x]) => Math.abs(x!),
    () => [1],
  );
  expect(minimize(odd, Float64Array.of(0), { stop: { steps: 3 } })).toMatchObject({
    reason: "steps",
    steps: 3,
  });
});

test("a step into a loss that is not finite is taken back", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const cliff = objectiveOf(
      1,
      ([x]) => (x! < 0.5 ? bad : x!),
      () => [1],
    );
    const found = minimize(cliff, Float64Array.of(2), { method: gradientDescent({ learningRate: 0.5 }) });
    expect(found).toMatchObject({ reason: "notFinite", steps: 3, value: 0.5, gradientNorm: 1 });
    expect(Array.from(found.point)).toEqual([0.5]);
  }
});

test("a step into a gradient that is not finite is taken back", () => {
  const cliff = objectiveOf(
    1,
    ([x]) => x!,
    ([x]) => [x! < 0.5 ? NaN : 1],
  );
  const found = minimize(cliff, Float64Array.of(2), { method: gradientDescent({ learningRate: 0.5 }) });
  expect(found).toMatchObject({ reason: "notFinite", steps: 3, value: 0.5 });
});

test("schedule-free auto, too, returns a point with a finite value when it falls off a cliff", () => {
  const cliff = objectiveOf(
    1,
    ([x]) => (x! < 0.5 ? NaN : x!),
    () => [1],
  );
  const found = minimize(cliff, Float64Array.of(2), { method: auto({ variant: "scheduleFree" }) });
  expect(found.reason).toBe("notFinite");
  expect(found.value).toBe(found.point[0]);
  expect(found.value).toBeGreaterThanOrEqual(0.5);
});

test("a diverging rate ends with notFinite and a finite point", () => {
  const found = minimize(bowl(2), start, { method: gradientDescent({ learningRate: 1 }) });
  expect(found.reason).toBe("notFinite");
  expect(found.point.every(Number.isFinite)).toBe(true);
  expect(Number.isFinite(found.value)).toBe(true);
});

test("gradients whose squares overflow or vanish still have a norm", () => {
  const scaled = (scale: number): Objective =>
    objectiveOf(
      2,
      ([x, y]) => scale * (3 * x! + 4 * y!),
      () => [3 * scale, 4 * scale],
    );
  for (const scale of [1e200, 1e-200]) {
    const found = minimize(scaled(scale), Float64Array.of(1, 1), {
      method: randomGuess(),
      stop: { steps: 1 },
    });
    expect(found.gradientNorm! / scale).toBeCloseTo(5, 12);
  }
});

test("a trace tells where each step began and how far it went; points are kept on request", () => {
  const found = minimize(bowl(2), start, {
    method: gradientDescent({ learningRate: 0.05 }),
    stop: { steps: 3 },
    trace: "points",
  });
  let w = start;
  for (const step of found.trace ?? []) {
    expect(step.point).toEqual(w);
    expect(step.value).toBe(bowl(2).value(w));
    expect(step.gradientNorm).toBeCloseTo(norm(bowl(2), w), 13);
    expect(step.stepSize).toBe(0.05);
    const g = new Float64Array(2);
    bowl(2).gradient(w, g);
    w = w.map((wi, i) => wi - 0.05 * g[i]!);
  }
  expect(found.point).toEqual(w);
  expect((found.trace ?? []).map((step) => step.step)).toEqual([1, 2, 3]);
  const plain = minimize(bowl(2), start, { method: armijoDescent(), stop: { steps: 3 }, trace: true });
  expect(plain.trace?.[0]).not.toHaveProperty("point");
});

test("clipNorm shortens what the method sees, and neither criteria nor the result", () => {
  const f = bowl(2, 50);
  const method = (): Optimizer => gradientDescent({ learningRate: 0.5 });
  const found = minimize(f, start, { method: method(), clipNorm: 0.1, stop: { steps: 5 }, trace: "points" });
  for (const [i, { gradientNorm, point }] of found.trace!.entries()) {
    const next = found.trace![i + 1]?.point ?? found.point;
    expect(gradientNorm).toBeCloseTo(0.1, 14);
    expect(Math.hypot(next[0]! - point![0]!, next[1]! - point![1]!)).toBeCloseTo(0.05, 14);
  }
  expect(found.gradientNorm).toBeCloseTo(norm(f, found.point as Float64Array), 12);
  expect(found.gradientNorm).toBeGreaterThan(1);
  // It would fly away without.
  expect(minimize(f, start, { method: method(), stop: { steps: 500 } }).value).toBeGreaterThan(
    f.value(start),
  );
});

test("clipNorm above every gradient changes no bit", () => {
  const run = (more: object): unknown =>
    minimize(bowl(3, 50), Float64Array.of(3, -2, 1), {
      method: adam({ learningRate: 0.1 }),
      stop: { steps: 40 },
      ...more,
    });
  expect(run({ clipNorm: 1e6 })).toEqual(run({}));
});
