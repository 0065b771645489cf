import fc from "fast-check";
import { LineSearchError } from "talweg/core";
import { goldstein } from "talweg/linesearch";
import { expect, test } from "vitest";

/** phi(t) = f(1 - t * 2) for f(x) = x², along minus the gradient from x = 1: slope -4, minimizer 1/2. */
const parabola = (t: number): number => (1 - 2 * t) * (1 - 2 * t);

test("on x² from 1 the full step lies above the upper line, half of it between the lines", () => {
  expect(goldstein(parabola, 1, -4, { trace: true })).toEqual({
    accepted: true,
    stepSize: 0.5,
    value: 0,
    evaluations: 2,
    reason: "accepted",
    trials: [
      { stepSize: 1, value: 1, bound: 0, lower: -2, accepted: false },
      { stepSize: 0.5, value: 0, bound: 0.5, lower: -0.5, accepted: true },
    ],
  });
});

test("a step that is too short grows until it is between the lines: on x² these are the steps from c to 1 - c", () => {
  const search = goldstein(parabola, 1, -4, { initial: 0.1, trace: true });
  expect(search.trials?.map(({ stepSize }) => stepSize)).toEqual([0.1, 0.2, 0.4]);
  expect(search.trials?.map(({ value, lower }) => value < lower!)).toEqual([true, true, false]);
  for (const c of [0.05, 0.25, 0.4]) {
    const accepts = (t: number): boolean =>
      goldstein(parabola, 1, -4, { c, initial: t, maxTrials: 1 }).accepted;
    expect([c - 1e-9, c + 1e-9, 1 - c - 1e-9, 1 - c + 1e-9].map(accepts)).toEqual([false, true, true, false]);
  }
});

test("once a step was too long, trials halve the way between too short and too long", () => {
  const search = goldstein(parabola, 1, -4, { initial: 0.06, grow: 20, c: 0.45, trace: true });
  // 0.06 is too short, 1.2 too long; then 0.63, 0.345, 0.4875.
  const steps = search.trials?.map(({ stepSize }) => stepSize) ?? [];
  expect(steps).toHaveLength(5);
  for (const [i, t] of [0.06, 1.2, 0.63, 0.345, 0.4875].entries()) expect(steps[i]).toBeCloseTo(t, 14);
});

test("the accepted step lies between both lines, whatever the smooth function, and phi was asked once for each trial", () => {
  const positive = fc.double({ min: 1e-2, max: 1e2, noNaN: true });
  const share = fc.double({ min: 0.01, max: 0.49, noNaN: true });
  const wave = fc.double({ min: 0, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(positive, positive, positive, share, wave, (curvature, distance, initial, c, height) => {
      const asked: number[] = [];
      // A parabola with ripples that leave its slope at 0 negative.
      const phi = (t: number): number => {
        asked.push(t);
        const ripple = height * curvature * distance * Math.sin(5 * t) * 0.2;
        return (curvature / 2) * (t - distance) * (t - distance) + ripple;
      };
      const slope0 = -curvature * distance * (1 - height);
      const phi0 = (curvature / 2) * distance * distance;
      const search = goldstein(phi, phi0, slope0, { initial, c, maxTrials: 200, trace: true });
      expect(search.accepted).toBe(true);
      const { stepSize: t, value } = search;
      expect(value).toBe(phi(t));
      expect(value).toBeLessThanOrEqual(phi0 + c * t * slope0);
      expect(value).toBeGreaterThanOrEqual(phi0 + (1 - c) * t * slope0);
      expect(asked.slice(0, -1)).toEqual(search.trials?.map(({ stepSize }) => stepSize));
      expect(search.evaluations).toBe(search.trials?.length);
      expect(search.trials?.map(({ accepted }) => accepted).indexOf(true)).toBe(search.evaluations - 1);
    }),
  );
});

test.each([NaN, Infinity, -Infinity])(
  "a trial with the value %s is a step too long, never accepted",
  (bad) => {
    const phi = (t: number): number => (t > 0.3 ? bad : -0.5 * t);
    expect(goldstein(phi, 0, -1)).toMatchObject({ accepted: true, stepSize: 0.25, evaluations: 3 });
  },
);

test("a function that falls along its slope without end is never stepped too long, and the search says so", () => {
  expect(goldstein((t) => -t, 0, -1, { maxTrials: 3 })).toEqual({
    accepted: false,
    stepSize: 0,
    value: 0,
    evaluations: 3,
    reason: "no trial passed after 3 from 1: 4 is too short, none was too long",
  });
  const search = goldstein((t) => (t < 1e300 ? -t : -1e300), 0, -1, { grow: 1e200, trace: true });
  expect(search.reason).toBe("no step is too long: the steps overflow after 2 trials");
});

test("a jump between too short and too long is halved until no number is left, which is said", () => {
  const jump = (t: number): number => (t < 0.3 ? -t : 1);
  const search = goldstein(jump, 0, -1, { maxTrials: 200 });
  expect(search).toMatchObject({ accepted: false, stepSize: 0, value: 0 });
  expect(search.reason).toMatch(
    /^no number is left between 0\.29999999999999993, too short, and 0\.3, too long, after \d+ trials$/,
  );
  expect(goldstein(() => 1, 0, -1, { maxTrials: 2000 }).reason).toMatch(
    /^no number is left between 0, too short, and 5e-324/,
  );
});

test("trials are kept only on request", () => {
  expect(goldstein(parabola, 1, -4)).not.toHaveProperty("trials");
  expect(goldstein(() => 9, 1, -4, { maxTrials: 2 })).not.toHaveProperty("trials");
});

const call =
  (phi0: number, slope0: number, o = {}) =>
  (): unknown =>
    goldstein(parabola, phi0, slope0, o);

test.each([
  [
    "an ascending direction",
    call(1, 2),
    "goldstein: slope0 is 2, expected a number below 0, since this direction ascends and only a descent direction lowers the loss; " +
      "pass the gradient times the direction, and stop where the gradient is 0.",
  ],
  [
    "a slope of 0",
    call(1, 0),
    "goldstein: slope0 is 0, expected a number below 0, since only a descent direction",
  ],
  ["a slope of NaN", call(1, NaN), "goldstein: slope0 is NaN, expected a finite number below 0"],
  ["a loss of NaN", call(NaN, -1), "goldstein: phi0 is NaN, expected a finite loss"],
  [
    "c 1/2",
    call(1, -1, { c: 0.5 }),
    "goldstein: c is 0.5, expected a number between 0 and 1/2, since otherwise the upper line would lie below the lower one; " +
      "pass for example 0.25.",
  ],
  ["c 0", call(1, -1, { c: 0 }), "goldstein: c is 0, expected a number between 0 and 1/2"],
  [
    "grow 1",
    call(1, -1, { grow: 1 }),
    "goldstein: grow is 1, expected a finite number above 1, since a step that is too short must grow; pass for example 2.",
  ],
  ["initial 0", call(1, -1, { initial: 0 }), "goldstein: initial is 0, expected a finite number above 0"],
  [
    "maxTrials 0",
    call(1, -1, { maxTrials: 0 }),
    "goldstein: maxTrials is 0, expected a whole number of at least 1",
  ],
])("%s is refused with what was given, what was expected and how to mend it", (_name, search, text) => {
  expect(search).toThrow(LineSearchError);
  expect(search).toThrow(text);
});
