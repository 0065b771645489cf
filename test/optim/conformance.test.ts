import { type Objective, OptionError, type Precision, type Vector } from "talweg/core";
import { applyUpdate } from "talweg/kernels";
import {
  adam,
  adamW,
  auto,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  momentum,
  nesterov,
  type Optimizer,
  perturb,
  type RunPlan,
  randomGuess,
  rmsProp,
  stochasticArmijo,
} from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, regression } from "./problems.ts";

/** Every optimizer of the library; a new one belongs here. */
const table: Record<string, () => Optimizer> = {
  "gradientDescent, fixed": () => gradientDescent({ learningRate: 0.05 }),
  "gradientDescent, linear": () => gradientDescent({ learningRate: 0.05, schedule: "linear" }),
  "gradientDescent, cosine": () => gradientDescent({ learningRate: 0.05, schedule: "cosine" }),
  "gradientDescent, armijo": () => gradientDescent({ search: "armijo" }),
  "gradientDescent, growing armijo": () => gradientDescent({ search: "armijo", growth: 2 }),
  "gradientDescent, goldstein": () => gradientDescent({ search: "goldstein" }),
  "gradientDescent, growing goldstein": () => gradientDescent({ search: "goldstein", growth: 2 }),
  "gradientDescent, wolfe": () => gradientDescent({ search: "wolfe" }),
  "gradientDescent, growing wolfe": () => gradientDescent({ search: "wolfe", growth: 2 }),
  momentum: () => momentum({ learningRate: 0.01 }),
  "momentum, cosine": () => momentum({ learningRate: 0.01, schedule: "cosine" }),
  nesterov: () => nesterov({ learningRate: 0.01 }),
  "nesterov, exponential": () => nesterov({ learningRate: 0.01, schedule: "exponential" }),
  rmsProp: () => rmsProp({ learningRate: 0.03 }),
  "rmsProp, steps after a warm-up": () =>
    rmsProp({ learningRate: 0.05, schedule: { name: "steps", warmup: 3, factor: 0.5, every: 4 } }),
  adam: () => adam({ learningRate: 0.03 }),
  "adam, linear": () => adam({ learningRate: 0.03, schedule: "linear" }),
  adamW: () => adamW({ learningRate: 0.03 }),
  "adamW, cosine after a warm-up": () =>
    adamW({ learningRate: 0.03, weightDecay: 0.1, schedule: { name: "cosine", warmup: 2, end: 0.1 } }),
  "stochasticArmijo, gradient": () => stochasticArmijo(),
  "stochasticArmijo, adam": () => stochasticArmijo({ direction: "adam" }),
  "auto, decay": () => auto({ variant: "decay" }),
  "auto, scheduleFree": () => auto({ variant: "scheduleFree" }),
  lbfgs: () => lbfgs(),
  "lbfgs with a short memory": () => lbfgs({ memory: 2 }),
  levenbergMarquardt: () => levenbergMarquardt(),
  randomGuess: () => randomGuess({ seed: 1 }),
  perturb: () => perturb({ seed: 1 }),
};
const names = Object.keys(table);
const precisions: Precision[] = ["float32", "float64"];
const STEPS = 40;

function vectorOf(precision: Precision, values: Iterable<number>): Vector {
  return precision === "float32" ? Float32Array.from(values) : Float64Array.from(values);
}

interface Run {
  w: Vector;
  g: Vector;
  state: unknown;
  losses: number[];
}

function begin(method: Optimizer, start: Vector, plan: RunPlan): Run {
  const state = method.init(start.length, plan);
  return { w: start.slice(), g: start.slice().fill(0), state, losses: [] };
}

function advance(
  method: Optimizer,
  f: Objective & { load?: (step: number) => void },
  run: Run,
  from: number,
  to: number,
): Run {
  for (let step = from; step < to; step++) {
    f.load?.(step);
    run.losses.push(method.step(f, run.w, run.g, run.state).loss);
  }
  return run;
}

/** JSON with typed arrays marked by name: what a checkpoint does. */
function throughJson(state: unknown): unknown {
  const text = JSON.stringify(state, (_key, value) =>
    ArrayBuffer.isView(value)
      ? { array: value.constructor.name, numbers: Array.from(value as Float64Array) }
      : (value as unknown),
  );
  return JSON.parse(text, (_key, value) => {
    if (value?.array === "Float32Array") return Float32Array.from(value.numbers);
    return value?.array === "Float64Array" ? Float64Array.from(value.numbers) : value;
  });
}

test.each(names)("%s lowers the loss on convex quadratics, in both precisions", (name) => {
  for (const precision of precisions) {
    for (const dimension of [1, 3, 10]) {
      const method = table[name]!();
      const f = bowl(dimension);
      const start = vectorOf(precision, new Float64Array(dimension).fill(-1.5));
      const run = advance(method, f, begin(method, start, { steps: STEPS, precision }), 0, STEPS);
      expect(run.w).toBeInstanceOf(precision === "float32" ? Float32Array : Float64Array);
      expect(f.value(run.w)).toBeLessThan(0.95 * f.value(start));
    }
  }
});

test.each(names)(
  "%s resumes from a copy of its state to the same bits, from any step, on batches where it bears them",
  (name) => {
    for (const precision of precisions) {
      const method = table[name]!();
      const batchSize = method.wholeFunction === true ? 20 : 8;
      const f = regression(4, 20, batchSize);
      const plan: RunPlan = { steps: 12, batchSize, rows: 20, precision };
      const start = vectorOf(precision, f.start());
      const whole = advance(method, f, begin(method, start, plan), 0, 12);
      for (const cut of [0, 1, 5, 11]) {
        for (const copy of [structuredClone, throughJson]) {
          const first = advance(method, f, begin(method, start, plan), 0, cut);
          const again = table[name]!();
          const resumed = { ...first, w: first.w.slice(), g: first.g.slice(), state: copy(first.state) };
          advance(again, f, resumed, cut, 12);
          expect(resumed.w).toEqual(whole.w);
          expect(resumed.losses).toEqual(whole.losses);
          expect(resumed.state).toEqual(whole.state);
        }
      }
    }
  },
);

test.each(names)("%s keeps plain data as state", (name) => {
  const plain = (value: unknown): boolean =>
    value === null ||
    ["number", "string", "boolean"].includes(typeof value) ||
    value instanceof Float32Array ||
    value instanceof Float64Array ||
    (typeof value === "object" &&
      [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)) &&
      Object.values(value).every(plain));
  const method = table[name]!();
  const f = bowl(3);
  const run = advance(method, f, begin(method, Float64Array.of(1, 2, 3), { steps: 5 }), 0, 5);
  expect(plain(run.state)).toBe(true);
  expect(plain(method.options)).toBe(true);
});

test.each(names)("%s gives the same bits for the same seed and start", (name) => {
  const once = (): Vector => {
    const method = table[name]!();
    return advance(method, bowl(5), begin(method, new Float64Array(5), { steps: 10 }), 0, 10).w;
  };
  expect(once()).toEqual(once());
});

test.each(names)("%s counts right: the evaluations that it reports are those that it makes", (name) => {
  const f = bowl(3, 50);
  let values = 0;
  let gradients = 0;
  const counting: Objective = {
    dimension: 3,
    value: (w) => {
      values++;
      return f.value(w);
    },
    gradient: (w, g) => {
      gradients++;
      return f.gradient(w, g);
    },
  };
  const method = table[name]!();
  const state = method.init(3, { steps: 20, trace: true });
  const w = Float64Array.of(3, -2, 1);
  const g = new Float64Array(3);
  for (let step = 1; step <= 20; step++) {
    const before = { values, gradients };
    const { search } = method.step(counting, w, g, state);
    const proposals = method.gradientFree === true ? 1 : 0;
    const trials = search?.evaluations ?? 0;
    expect(search?.trials?.length).toBe(search?.evaluations);
    expect(values - before.values).toBe((method.gradientTrials === true ? 0 : trials) + proposals);
    const asked = gradients - before.gradients;
    if (proposals === 1) expect(asked).toBe(0);
    // A search by gradients may have left the one that the next step begins with; a Hessian takes two for each variable.
    else if (method.name === "lbfgs") expect(asked).toBe(trials + (step === 1 ? 1 : 0));
    else if (method.gradientTrials === true) expect(asked).toBe(trials + 1);
    else if (method.name === "levenbergMarquardt") expect(asked).toBe(search === undefined ? 1 : 7);
    else expect(asked).toBe(1);
  }
});

test.each(names)("%s with a declared rule steps exactly as gradient, then that rule", (name) => {
  const method = table[name]!();
  const declare = method.declare?.bind(method);
  if (!declare) {
    expect(name).toMatch(/armijo|goldstein|wolfe|lbfgs|levenberg|auto|randomGuess|perturb/i);
    return;
  }
  const f = bowl(4);
  const byStep = advance(method, f, begin(method, Float64Array.of(1, 2, 3, 4), { steps: 9 }), 0, 9);
  const byRule = begin(method, Float64Array.of(1, 2, 3, 4), { steps: 9 });
  for (let step = 0; step < 9; step++) {
    f.gradient(byRule.w, byRule.g);
    applyUpdate(declare(byRule.state), byRule.w, byRule.g);
  }
  expect(byRule.w).toEqual(byStep.w);
});

test.each(names)("%s leaves a stationary start where it is, without NaN", (name) => {
  const flat: Objective = {
    dimension: 2,
    value: () => 1,
    gradient: (_w, g) => {
      g.fill(0);
      return 1;
    },
  };
  const method = table[name]!();
  const run = advance(method, flat, begin(method, Float64Array.of(1, 2), { steps: 5 }), 0, 5);
  expect(run.w.every(Number.isFinite)).toBe(true);
  if (name.startsWith("adamW")) {
    // Its decay goes on, and keeps the direction.
    expect(run.w[1]).toBeCloseTo(2 * run.w[0]!, 14);
    expect(run.w[0]).toBeLessThan(1);
    expect(run.w[0]).toBeGreaterThan(0.98);
  } else if (method.gradientFree !== true) expect(Array.from(run.w)).toEqual([1, 2]);
  expect(run.losses).toEqual([1, 1, 1, 1, 1]);
});

test.each(names)("%s puts the parameters back when the function throws in the middle of a step", (name) => {
  const f = bowl(2);
  let asked = 0;
  const failing = (at: number): Objective => ({
    dimension: 2,
    value: (w) => {
      if (++asked === at) throw new Error("no more");
      return f.value(w);
    },
    gradient: (w, g) => {
      if (++asked === at) throw new Error("no more");
      return f.gradient(w, g);
    },
  });
  for (const at of [1, 2, 3, 4, 5]) {
    const method = table[name]!();
    const run = begin(method, Float64Array.of(3, -2), { steps: 5 });
    asked = 0;
    const broken = failing(at);
    let before = run.w.slice();
    expect(() => {
      for (let step = 0; step < 5; step++) {
        before = run.w.slice();
        method.step(broken, run.w, run.g, run.state);
      }
    }).toThrow("no more");
    expect(run.w).toEqual(before);
  }
});

/** Vectors and matrices of 100 parameters that are made in the first two steps, and in the eight after them. */
function vectorsMade(method: Optimizer, f: Objective): { first: number; later: number } {
  const Original = globalThis.Float64Array;
  let made = 0;
  class Counting extends Original {
    constructor(length: number) {
      super(length);
      // Or a matrix of them.
      if (this.length === 100 || this.length === 10_000) made++;
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.getPrototypeOf(value) === Original.prototype;
    }
  }
  const run = begin(method, new Original(100).fill(3), { steps: 10 });
  try {
    globalThis.Float64Array = Counting as unknown as Float64ArrayConstructor;
    advance(method, f, run, 0, 2);
    method.init(100, { steps: 10 });
    const first = made;
    advance(method, f, run, 2, 10);
    return { first, later: made - first };
  } finally {
    globalThis.Float64Array = Original;
  }
}

test.each(names)("%s makes no vector of the parameters' length after its first two steps", (name) => {
  const { first, later } = vectorsMade(table[name]!(), bowl(100));
  expect(later).toBe(0);
  // The count works: first steps or states of these methods do make vectors.
  if (!/^gradientDescent, (fixed|linear|cosine)/.test(name)) expect(first).toBeGreaterThan(0);
});

test("levenbergMarquardt makes none by Hessians either", () => {
  const { value, gradient } = bowl(100);
  // No quadratic, on which a second step would be the last.
  const f: Objective = {
    dimension: 100,
    value: (w) => value(w) ** 2,
    gradient(w, g) {
      const inner = gradient(w, g);
      for (let i = 0; i < 100; i++) g[i] = 2 * inner * g[i]!;
      return inner * inner;
    },
  };
  const { first, later } = vectorsMade(levenbergMarquardt(), f);
  expect([first > 0, later]).toEqual([true, 0]);
});

const rated = {
  gradientDescent: (learningRate: number) => gradientDescent({ learningRate }),
  momentum: (learningRate: number) => momentum({ learningRate }),
  nesterov: (learningRate: number) => nesterov({ learningRate }),
  rmsProp: (learningRate: number) => rmsProp({ learningRate }),
  adam: (learningRate: number) => adam({ learningRate }),
  adamW: (learningRate: number) => adamW({ learningRate }),
} as const;

test.each([0, -0.1, NaN, Infinity])(
  "a learning rate of %s is refused by every method that takes one",
  (rate) => {
    for (const [name, make] of Object.entries(rated)) {
      const text = `${name}: learningRate is ${rate}, expected a finite number above 0; pass for example`;
      expect(() => make(rate)).toThrow(OptionError);
      expect(() => make(rate)).toThrow(text);
    }
  },
);
