/** Gradient descent by Goldstein's and Wolfe's conditions: what its steps promise, beyond those of Armijo's. */
import fc from "fast-check";
import type { Objective } from "talweg/core";
import { gradientDescent, type MinimizeStep, minimize, testFunctions } from "talweg/optim";
import { expect, test } from "vitest";
import { bowl, objectiveOf } from "./problems.ts";

const share = fc.double({ min: 0.01, max: 0.45, noNaN: true });
const number = fc.double({ min: -3, max: 3, noNaN: true });
const functions = [bowl(2, 30), testFunctions.rosenbrock.objective(), testFunctions.himmelblau.objective()];

/** Each step with the value and the gradient norm where it ended. */
function pairs(trace: readonly MinimizeStep[]): [MinimizeStep, MinimizeStep][] {
  return trace.slice(1).map((next, i) => [trace[i]!, next]);
}

test("by Goldstein each step falls by at least c t ||g||² and at most (1 - c) t ||g||²", () => {
  fc.assert(
    fc.property(fc.constantFrom(...functions), number, number, share, (f, x, y, c) => {
      const method = gradientDescent({ search: "goldstein", c, maxTrials: 200 });
      const stop = { steps: 15, gradientNorm: 1e-4 };
      const { trace = [] } = minimize(f, Float64Array.of(x, y), { method, stop, trace: true });
      for (const [step, next] of pairs(trace)) {
        const promise = step.stepSize * step.gradientNorm! ** 2;
        const fall = step.value - next.value;
        const rounding = 1e-14 * Math.max(1, Math.abs(step.value));
        expect(fall).toBeGreaterThanOrEqual(c * promise - rounding);
        expect(fall).toBeLessThanOrEqual((1 - c) * promise + rounding);
      }
    }),
    { numRuns: 60 },
  );
});

test("where the curvature lies between 1 and L, Goldstein's steps lie from 2 c / L to 2 (1 - c), Wolfe's from (1 - c2) / L up", () => {
  const start = Float64Array.of(1, 1, 1);
  for (const condition of [4, 100]) {
    const f = testFunctions.quadratic.objective({ dimension: 3, condition });
    const steps = (search: "goldstein" | "wolfe", o: object): number[] => {
      const method = gradientDescent({ search, ...o });
      const found = minimize(f, start, { method, stop: { gradientNorm: 1e-6, steps: 5000 }, trace: true });
      expect(found.reason).toBe("gradientNorm");
      return (found.trace ?? []).map(({ stepSize }) => stepSize);
    };
    const slack = 1e-6;
    for (const c of [0.1, 0.25, 0.4]) {
      const taken = steps("goldstein", { c });
      expect(Math.min(...taken)).toBeGreaterThanOrEqual(((2 * c) / condition) * (1 - slack));
      expect(Math.max(...taken)).toBeLessThanOrEqual(2 * (1 - c) * (1 + slack));
    }
    for (const c2 of [0.1, 0.5, 0.9]) {
      const taken = steps("wolfe", { c2 });
      expect(Math.min(...taken)).toBeGreaterThanOrEqual(((1 - c2) / condition) * (1 - slack));
    }
  }
});

test("by Wolfe the slope where a step ends is at most c2 times the one where it began, and the function has fallen", () => {
  const shares = fc.double({ min: 0.05, max: 0.9, noNaN: true });
  let steps = 0;
  fc.assert(
    fc.property(fc.constantFrom(...functions), number, number, shares, (f, x, y, c2) => {
      const method = gradientDescent({ search: "wolfe", c1: 0.01, c2 });
      const w = Float64Array.of(x, y);
      const [g, there] = [new Float64Array(2), new Float64Array(2)];
      const state = method.init(2, { trace: true });
      for (let k = 0; k < 8; k++) {
        const { loss, stepSize, search } = method.step(f, w, g, state);
        if (stepSize === 0) return;
        const after = f.gradient(w, there);
        const slope0 = -(g[0]! ** 2 + g[1]! ** 2);
        const slope = -(g[0]! * there[0]! + g[1]! * there[1]!);
        expect(after).toBe(search?.value);
        expect(after).toBeLessThanOrEqual(loss + 0.01 * stepSize * slope0);
        expect(Math.abs(slope)).toBeLessThanOrEqual(-c2 * slope0 * (1 + 1e-12));
        steps++;
      }
    }),
    { numRuns: 60 },
  );
  expect(steps).toBeGreaterThan(60);
});

test.each(["goldstein", "wolfe"] as const)(
  "%s finds a step ten powers of ten away from the first trial",
  (search) => {
    for (const curvature of [1e-10, 1, 1e10]) {
      const f = objectiveOf(
        1,
        ([x]) => (curvature / 2) * x! * x!,
        ([x]) => [curvature * x!],
      );
      const found = minimize(f, Float64Array.of(1), {
        method: gradientDescent({ search }),
        stop: { steps: 500, gradientNorm: 1e-9 * curvature },
      });
      expect(found.reason).toBe("gradientNorm");
    }
  },
);

test.each(["goldstein", "wolfe"] as const)(
  "%s with a gradient of the wrong sign leaves the parameters and says why",
  (search) => {
    const wrong: Objective = objectiveOf(
      1,
      ([x]) => x! * x!,
      ([x]) => [-2 * x!],
    );
    const method = gradientDescent({ search, maxTrials: 6 });
    const w = Float64Array.of(1);
    const result = method.step(wrong, w, new Float64Array(1), method.init(1));
    expect(Array.from(w)).toEqual([1]);
    expect(result).toMatchObject({ loss: 1, stepSize: 0, search: { accepted: false, evaluations: 6 } });
    expect(result.search?.reason).toMatch(/^no trial passed after 6 from 1: /);
  },
);
