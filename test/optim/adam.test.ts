import { OptionError } from "talweg/core";
import { adam, adamW, momentum, nesterov, type Optimizer, rmsProp } from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, type Regression, regression } from "./problems.ts";

const STEPS = 60;

/** The largest difference between an optimizer's parameters and those of a formula, over a run on batches. */
function difference(method: Optimizer, formula: (w: number[], g: number[], t: number) => number[]): number {
  const f: Regression = regression(5, 40, 8);
  const w = f.start();
  let plain = Array.from(w);
  const g = new Float64Array(w.length);
  const state = method.init(w.length, { steps: STEPS, batchSize: 8, rows: 40 });
  let worst = 0;
  for (let t = 1; t <= STEPS; t++) {
    f.load(t - 1);
    f.gradient(Float64Array.from(plain), g);
    plain = formula(plain, Array.from(g), t);
    method.step(f, w, g, state);
    worst = Math.max(worst, ...plain.map((x, i) => Math.abs(x - w[i]!)));
  }
  return worst;
}

const rates = {
  constant: () => 0.05,
  linear: (t: number) => 0.05 * (1 - (t - 1) / STEPS),
  cosine: (t: number) => (0.05 * (1 + Math.cos((Math.PI * (t - 1)) / STEPS))) / 2,
} as const;
const schedules = ["constant", "linear", "cosine"] as const;

test.each(schedules)("Adam agrees with its printed formulas over a run, schedule %s", (schedule) => {
  let [m, v]: number[][] = [[], []];
  const formula = (w: number[], g: number[], t: number): number[] => {
    m = g.map((gi, i) => 0.8 * (m![i] ?? 0) + 0.2 * gi);
    v = g.map((gi, i) => 0.99 * (v![i] ?? 0) + 0.01 * gi ** 2);
    return w.map((wi, i) => {
      const mHat = m![i]! / (1 - 0.8 ** t);
      const vHat = v![i]! / (1 - 0.99 ** t);
      return wi - (rates[schedule](t) * mHat) / (Math.sqrt(vHat) + 1e-6);
    });
  };
  const method = adam({ learningRate: 0.05, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, schedule });
  expect(difference(method, formula)).toBeLessThan(1e-12);
});

test.each(schedules)("momentum agrees with its printed formula over a run, schedule %s", (schedule) => {
  let velocity: number[] = [];
  const formula = (w: number[], g: number[], t: number): number[] => {
    velocity = g.map((gi, i) => 0.7 * (velocity[i] ?? 0) + gi);
    return w.map((wi, i) => wi - rates[schedule](t) * velocity[i]!);
  };
  const method = momentum({ learningRate: 0.05, momentum: 0.7, schedule });
  expect(difference(method, formula)).toBeLessThan(1e-12);
});

test.each(schedules)(
  "Nesterov's momentum agrees with its printed formula over a run, schedule %s",
  (schedule) => {
    let velocity: number[] = [];
    const formula = (w: number[], g: number[], t: number): number[] => {
      velocity = g.map((gi, i) => 0.7 * (velocity[i] ?? 0) + gi);
      return w.map((wi, i) => wi - rates[schedule](t) * (g[i]! + 0.7 * velocity[i]!));
    };
    const method = nesterov({ learningRate: 0.05, momentum: 0.7, schedule });
    expect(difference(method, formula)).toBeLessThan(1e-12);
  },
);

test("Nesterov's momentum is Nesterov's of 1983 at the point ahead, where the gradient is taken", () => {
  // Sutskever et al. (2013), equations 3 and 4, with the gradient at theta + mu v; ours walks along those points.
  const [mu, rate] = [0.8, 0.05];
  const f = bowl(2, 20);
  const g = new Float64Array(2);
  const theta = [1.5, -2];
  let v = [0, 0];
  const ours = Float64Array.from(theta);
  const method = nesterov({ learningRate: rate, momentum: mu });
  const state = method.init(2);
  for (let step = 0; step < 20; step++) {
    const ahead = theta.map((x, i) => x + mu * v[i]!);
    for (const [i, x] of ahead.entries()) expect(ours[i]).toBeCloseTo(x, 12);
    f.gradient(Float64Array.from(ahead), g);
    v = v.map((vi, i) => mu * vi - rate * g[i]!);
    for (const [i, vi] of v.entries()) theta[i] = theta[i]! + vi;
    method.step(f, ours, g, state);
  }
});

test.each(schedules)("RMSProp agrees with its printed formulas over a run, schedule %s", (schedule) => {
  let v: number[] = [];
  const formula = (w: number[], g: number[], t: number): number[] => {
    v = g.map((gi, i) => 0.8 * (v[i] ?? 0) + 0.2 * gi ** 2);
    return w.map((wi, i) => wi - (rates[schedule](t) * g[i]!) / (Math.sqrt(v[i]!) + 1e-6));
  };
  const method = rmsProp({ learningRate: 0.05, decay: 0.8, epsilon: 1e-6, schedule });
  expect(difference(method, formula)).toBeLessThan(1e-12);
});

test.each(schedules)("AdamW agrees with its printed formulas over a run, schedule %s", (schedule) => {
  let [m, v]: number[][] = [[], []];
  const formula = (w: number[], g: number[], t: number): number[] => {
    m = g.map((gi, i) => 0.8 * (m![i] ?? 0) + 0.2 * gi);
    v = g.map((gi, i) => 0.99 * (v![i] ?? 0) + 0.01 * gi ** 2);
    return w.map((wi, i) => {
      const mHat = m![i]! / (1 - 0.8 ** t);
      const vHat = v![i]! / (1 - 0.99 ** t);
      return wi - rates[schedule](t) * (mHat / (Math.sqrt(vHat) + 1e-6) + 0.3 * wi);
    });
  };
  const constants = { learningRate: 0.05, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.3 };
  expect(difference(adamW({ ...constants, schedule }), formula)).toBeLessThan(1e-12);
});

test("AdamW without decay is Adam", () => {
  const f = bowl(4, 30);
  const run = (method: Optimizer): Float64Array => {
    const w = Float64Array.of(1, -2, 3, -4);
    const state = method.init(4, { steps: 25 });
    for (let step = 0; step < 25; step++) method.step(f, w, new Float64Array(4), state);
    return w;
  };
  expect(run(adamW({ learningRate: 0.1, weightDecay: 0, schedule: "cosine" }))).toEqual(
    run(adam({ learningRate: 0.1, schedule: "cosine" })),
  );
});

test("Adam's first step is the learning rate against the sign of the gradient, whatever its size", () => {
  for (const scale of [1e-3, 1, 1e6]) {
    const f = {
      dimension: 2,
      value: () => 0,
      gradient: (_w: unknown, g: Float64Array | Float32Array) => {
        g.set([scale, -scale]);
        return 0;
      },
    };
    const method = adam({ learningRate: 0.1 });
    const w = Float64Array.of(0, 0);
    method.step(f, w, new Float64Array(2), method.init(2));
    expect(w[0]).toBeCloseTo(-0.1, 5);
    expect(w[1]).toBeCloseTo(0.1, 5);
  }
});

test("without options RMSProp and AdamW have the constants of their papers, and records hold them", () => {
  expect(rmsProp().options).toEqual({ learningRate: 1e-3, decay: 0.9, epsilon: 1e-8, schedule: "constant" });
  expect(adamW().options).toEqual({ ...adam().options, weightDecay: 0.01 });
  expect(nesterov({ learningRate: 1 }).options).toEqual({
    learningRate: 1,
    momentum: 0.9,
    schedule: "constant",
  });
});

test("without options Adam has the constants of its paper, and records hold them", () => {
  const constants = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, schedule: "constant" };
  expect(adam().options).toEqual(constants);
});

test.each([
  [
    () => adam({ beta1: 1 }),
    "adam: beta1 is 1, expected a number from 0 to below 1, since it is the share of the past that is kept; pass for example 0.9.",
  ],
  [() => adam({ beta2: -0.1 }), "adam: beta2 is -0.1, expected a number from 0 to below 1"],
  [
    () => adam({ epsilon: 0 }),
    "adam: epsilon is 0, expected a finite number above 0; pass for example 1e-8.",
  ],
  [
    () => adam({ schedule: "step" as never }),
    'adam: schedule is "step", expected one of "constant", "linear", "cosine", "exponential", "steps".',
  ],
  [
    () => adam({ schedule: "cosine" }).init(3, { steps: 2.5 }),
    "adam: steps is 2.5, expected a whole number of at least 1; pass for example 1000.",
  ],
  [
    () => nesterov({ learningRate: 0.1, momentum: 1 }),
    "nesterov: momentum is 1, expected a number from 0 to below 1, since it is the share of the past that is kept; pass for example 0.9.",
  ],
  [() => rmsProp({ decay: -1 }), "rmsProp: decay is -1, expected a number from 0 to below 1"],
  [
    () => rmsProp({ epsilon: 0 }),
    "rmsProp: epsilon is 0, expected a finite number above 0; pass for example 1e-8.",
  ],
  [() => adamW({ beta1: NaN }), "adamW: beta1 is NaN, expected a number from 0 to below 1"],
  [
    () => adamW({ learningRate: 0.5, weightDecay: 3 }),
    "adamW: weightDecay is 3, expected a number from 0 to 1 / learningRate (2), since each step takes the share " +
      "learningRate times weightDecay of every parameter away; pass for example 0.01.",
  ],
  [
    () => adamW({ weightDecay: -0.1 }),
    "adamW: weightDecay is -0.1, expected a number from 0 to 1 / learningRate",
  ],
])("wrong options are refused: case %#", (make, text) => {
  expect(make).toThrow(OptionError);
  expect(make).toThrow(text);
});
