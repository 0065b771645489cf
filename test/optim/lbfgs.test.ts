import { type Objective, OptionError } from "talweg/core";
import { lbfgs, minimize, testFunctions } from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, objectiveOf } from "./problems.ts";

const rosenbrock = testFunctions.rosenbrock;

test("on Rosenbrock's function it reaches 1e-10 in fewer than 60 gradients, and asks for nothing else", () => {
  const found = minimize(rosenbrock.objective(), rosenbrock.start(), {
    method: lbfgs(),
    stop: { loss: 1e-10, steps: 200 },
  });
  expect(found.reason).toBe("loss");
  expect(found.gradientEvaluations).toBeLessThan(60);
  expect(found.valueEvaluations).toBe(0);
});

// With the same memory SciPy 1.17.1's L-BFGS-B takes 610 gradients here, and 46 in two variables, where the one above takes 45.
test("in a hundred variables it takes no more gradients than SciPy's L-BFGS-B", () => {
  const found = minimize(rosenbrock.objective({ dimension: 100 }), rosenbrock.start(100), {
    method: lbfgs(),
    stop: { gradientNorm: 1e-6, steps: 1000 },
  });
  expect(found.reason).toBe("gradientNorm");
  expect(found.gradientEvaluations).toBeLessThanOrEqual(610);
});

test("with as many pairs as variables and exact searches it ends on a quadratic after as many steps, as theory has it", () => {
  for (const dimension of [2, 4, 6]) {
    const method = lbfgs({ memory: dimension, c1: 1e-4, c2: 1e-3 });
    const found = minimize(bowl(dimension, 50), new Float64Array(dimension).fill(-3), {
      method,
      stop: { gradientNorm: 1e-8, steps: 50 },
    });
    expect(found.reason).toBe("gradientNorm");
    expect(found.steps).toBeLessThanOrEqual(dimension + 1);
  }
});

/** H g from the pairs, by the definition: BFGS's update of the inverse, one pair after the other, from gamma I. */
function inverseTimes(s: number[][], y: number[][], g: number[]): number[] {
  const n = g.length;
  const dot = (a: number[], b: number[]): number => a.reduce((sum, ai, i) => sum + ai * b[i]!, 0);
  const last = y.length - 1;
  const gamma = dot(s[last]!, y[last]!) / dot(y[last]!, y[last]!);
  let h = g.map((_, i) => g.map((__, j) => (i === j ? gamma : 0)));
  for (const [k, sk] of s.entries()) {
    const yk = y[k]!;
    const rho = 1 / dot(yk, sk);
    const v = g.map((_, i) => g.map((__, j) => (i === j ? 1 : 0) - rho * yk[i]! * sk[j]!));
    const hv = h.map((row) => v[0]!.map((_, j) => row.reduce((sum, x, i) => sum + x * v[i]![j]!, 0)));
    h = h.map((_, i) =>
      v[0]!.map((__, j) => {
        let sum = rho * sk[i]! * sk[j]!;
        for (let m = 0; m < n; m++) sum += v[m]![i]! * hv[m]![j]!;
        return sum;
      }),
    );
  }
  return h.map((row) => dot(row, g));
}

test("each direction is the gradient times the inverse Hessian that BFGS builds from the pairs in memory", () => {
  const f = rosenbrock.objective({ dimension: 4 });
  const memory = 3;
  const method = lbfgs({ memory });
  const [w, g] = [rosenbrock.start(4), new Float64Array(4)];
  const state = method.init(4);
  const [s, y]: [number[][], number[][]] = [[], []];
  const gradientAt = (at: Float64Array): number[] => {
    const there = new Float64Array(4);
    f.gradient(at, there);
    return Array.from(there);
  };
  for (let step = 1; step <= 12; step++) {
    const before = w.slice();
    const { stepSize, search } = method.step(f, w, g, state);
    expect(search?.accepted).toBe(true);
    const [g0, g1] = [gradientAt(before), gradientAt(w)];
    expect(Array.from(g)).toEqual(g0);
    const direction = s.length === 0 ? g0 : inverseTimes(s, y, g0);
    for (const [i, d] of direction.entries()) {
      expect((before[i]! - w[i]!) / stepSize).toBeCloseTo(
        d,
        6 - Math.ceil(Math.log10(Math.max(1, Math.abs(d)))),
      );
    }
    s.push(Array.from(w, (x, i) => x - before[i]!));
    y.push(g1.map((x, i) => x - g0[i]!));
    if (s.length > memory) {
      s.shift();
      y.shift();
    }
  }
});

test("the first trial is 1 / ||g||_1 and at most 1, and 1 from the second step on", () => {
  const trials = (f: Objective, start: number[]): number[] => {
    const method = lbfgs();
    const stop = { steps: 2, gradientNorm: 0 };
    const found = minimize(f, Float64Array.from(start), { method, stop, trace: true });
    return (found.trace ?? []).map(({ search }) => search?.trials?.[0]?.stepSize ?? NaN);
  };
  expect(trials(bowl(2, 10, 0), [3, -2])).toEqual([1 / 23, 1]);
  expect(trials(bowl(2, 10, 0), [0.03, -0.02])).toEqual([1, 1]);
});

test("a pair without curvature along its step is left out", () => {
  // Away from the start the gradient turns sideways by 5 and changes along the step by hardly anything.
  const f: Objective = {
    dimension: 2,
    value: ([x]) => x!,
    gradient([x, y], g) {
      g.set(x === 0 && y === 0 ? [1, 0] : [1 - 1e-12, 5]);
      return x!;
    },
  };
  const method = lbfgs({ c2: 1 - 1e-13 });
  const state = method.init(2);
  const { search } = method.step(f, new Float64Array(2), new Float64Array(2), state);
  expect(search).toMatchObject({ accepted: true, stepSize: 1, evaluations: 1 });
  expect(state.held).toBe(0);
  expect(state.known).toBe(true);
});

test("where a search fails the pairs are forgotten and the gradient is searched along once, in the same step", () => {
  const f = bowl(2, 10, 0);
  const method = lbfgs({ maxTrials: 5 });
  const state = method.init(2, { trace: true });
  const [w, g] = [Float64Array.of(3, -2), new Float64Array(2)];
  method.step(f, w, g, state);
  expect(state.held).toBe(1);
  // What is remembered points uphill now, so that no step along it passes.
  let asked = 0;
  const misleading: Objective = {
    dimension: 2,
    value: f.value,
    gradient(at, there) {
      asked++;
      const loss = f.gradient(at, there);
      return asked <= 5 ? loss + 1e6 : loss;
    },
  };
  const before = f.value(w);
  const { search } = method.step(misleading, w, g, state);
  expect(search?.accepted).toBe(true);
  expect(search?.evaluations).toBeGreaterThan(5);
  expect(search?.trials).toHaveLength(search!.evaluations);
  expect(f.value(w)).toBeLessThan(before);
  expect(state.held).toBe(1);
});

test("a search that fails twice leaves the parameters and says why", () => {
  // The gradient has the wrong sign, so every step goes uphill.
  const wrong = objectiveOf(
    1,
    ([x]) => x! * x!,
    ([x]) => [-2 * x!],
  );
  const method = lbfgs({ maxTrials: 5 });
  const w = Float64Array.of(1);
  const result = method.step(wrong, w, new Float64Array(1), method.init(1));
  expect(Array.from(w)).toEqual([1]);
  expect(result).toMatchObject({ loss: 1, stepSize: 0 });
  expect(result.search?.accepted).toBe(false);
  expect(result.search?.reason).toMatch(/^no trial passed after 5 from 0\.5: a minimum lies between/);
});

test("a trial where the function or its gradient is not finite is refused, and the search goes on before it", () => {
  const bounded = objectiveOf(
    1,
    ([x]) => (x! > 2 ? NaN : -Math.sqrt(2.5 - x!)),
    ([x]) => [x! > 2 ? NaN : 0.5 / Math.sqrt(2.5 - x!)],
  );
  const mirrored = objectiveOf(
    1,
    ([x]) => bounded.value(Float64Array.of(-x!)) + x! * x!,
    ([x]) => {
      const g = new Float64Array(1);
      bounded.gradient(Float64Array.of(-x!), g);
      return [-g[0]! + 2 * x!];
    },
  );
  const found = minimize(mirrored, Float64Array.of(100), { method: lbfgs() });
  expect(found.reason).toBe("gradientNorm");
  expect(found.gradientNorm).toBeLessThanOrEqual(1e-6);
});

test("the gradient of the accepted trial is not asked for again, unless the parameters were moved from outside", () => {
  let gradients = 0;
  const f: Objective = {
    ...bowl(3, 40),
    gradient(w, g) {
      gradients++;
      return bowl(3, 40).gradient(w, g);
    },
  };
  const method = lbfgs();
  const state = method.init(3);
  const [w, g] = [Float64Array.of(3, -2, 1), new Float64Array(3)];
  const first = method.step(f, w, g, state);
  expect(gradients).toBe(1 + first.search!.evaluations);
  gradients = 0;
  const second = method.step(f, w, g, state);
  expect(gradients).toBe(second.search!.evaluations);
  gradients = 0;
  w[0] = w[0]! + 1;
  const moved = f.value(w);
  const third = method.step(f, w, g, state);
  expect(third.loss).toBe(moved);
  expect(gradients).toBe(1 + third.search!.evaluations);
});

test("batches are refused, since they would make the gradients of different steps incomparable", () => {
  const text =
    'lbfgs: batchSize is 8, expected "full", since it compares the gradients of different steps, which must be of the same examples; ' +
    'pass batchSize "full", or take adam or auto for batches.';
  expect(() => lbfgs().init(3, { batchSize: 8, rows: 20 })).toThrow(OptionError);
  expect(() => lbfgs().init(3, { batchSize: 8, rows: 20 })).toThrow(text);
  expect(() => lbfgs().init(3, { batchSize: 20, rows: 20 })).not.toThrow();
  expect(() => lbfgs().init(3, { batchSize: "full", rows: 20 })).not.toThrow();
});

test("a memory that would take more than 2 GiB is refused with the largest that is not", () => {
  expect(() => lbfgs().init(10_000_000)).toThrow(OptionError);
  expect(() => lbfgs().init(10_000_000)).toThrow(
    "lbfgs: memory is 30, and each pair holds two vectors of 10000000 numbers, which is more than 2 GiB in all; pass at most 13.",
  );
});

test("wrong options are refused before the first step", () => {
  expect(() => lbfgs({ memory: 0 })).toThrow(
    "lbfgs: memory is 0, expected a whole number of at least 1; pass for example 30.",
  );
  expect(() => lbfgs({ c1: 0.9, c2: 0.5 })).toThrow(
    "wolfe: c1 is 0.9 and c2 is 0.5, expected 0 < c1 < c2 < 1",
  );
});
