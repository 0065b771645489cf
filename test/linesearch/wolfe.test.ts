import { readFileSync } from "node:fs";
import fc from "fast-check";
import { LineSearchError } from "talweg/core";
import { wolfe } from "talweg/linesearch";
import { expect, test } from "vitest";
import { type Curve, hardCurves } from "./curves.ts";

/** phi(t) = (1 - 2 t)², from x = 1 along minus the gradient of x²: slope -4, minimizer 1/2. */
const parabola: Curve = (t) => ({ value: (1 - 2 * t) * (1 - 2 * t), slope: -4 * (1 - 2 * t) });

test("on x² from 1 the full step only mirrors the start; the cubic through both ends goes to the minimum at once", () => {
  expect(wolfe(parabola, 1, -4, { trace: true })).toEqual({
    accepted: true,
    stepSize: 0.5,
    value: 0,
    evaluations: 2,
    reason: "accepted",
    trials: [
      { stepSize: 1, value: 1, bound: 1 - 4e-4, slope: 4, slopeBound: 3.6, accepted: false },
      { stepSize: 0.5, value: 0, bound: 1 - 2e-4, slope: -0, slopeBound: 3.6, accepted: true },
    ],
  });
});

test("on x² the accepted steps are exactly those between (1 - c2) / 2 and the smaller of (1 + c2) / 2 and 1 - c1", () => {
  const accepts = (initial: number, c1: number, c2: number): boolean =>
    wolfe(parabola, 1, -4, { initial, c1, c2, maxTrials: 1 }).accepted;
  for (const [c1, c2] of [
    [1e-4, 0.9],
    [0.1, 0.3],
    [0.4, 0.5],
  ] as const) {
    const [first, last] = [(1 - c2) / 2, Math.min((1 + c2) / 2, 1 - c1)];
    const steps = [first - 1e-9, first + 1e-9, last - 1e-9, last + 1e-9];
    expect(steps.map((t) => accepts(t, c1, c2))).toEqual([false, true, true, false]);
  }
});

test("a step on which phi still falls steeply is made longer, by `expand` each time", () => {
  const far: Curve = (t) => ({ value: ((t - 100) * (t - 100)) / 200, slope: (t - 100) / 100 });
  const search = wolfe(far, 50, -1, { c2: 0.1, expand: 3, trace: true });
  expect(search.trials?.slice(0, 6).map(({ stepSize }) => stepSize)).toEqual([1, 3, 9, 27, 81, 243]);
  // The cubic of a parabola is that parabola.
  expect(search.stepSize).toBeCloseTo(100, 10);
  expect(search.evaluations).toBe(7);
});

test("a trial inside of an interval keeps a tenth of it away from either end", () => {
  // The cubic's minimizer lies at 1/200 here.
  const steep: Curve = (t) => ({ value: (200 * t - 1) * (200 * t - 1), slope: 400 * (200 * t - 1) });
  const { trials } = wolfe(steep, 1, -400, { trace: true });
  expect(trials?.slice(0, 2).map(({ stepSize }) => stepSize)).toEqual([1, 0.1]);
});

test("a trial that lies higher than one before it ends the growing, even where phi falls there", () => {
  const points = new Map([
    [1, { value: -10, slope: -1 }],
    [4, { value: -5, slope: -1 }],
  ]);
  const phi: Curve = (t) => points.get(t) ?? { value: -12, slope: 0 };
  const steps = wolfe(phi, 0, -1, { c2: 0.1, trace: true }).trials?.map(({ stepSize }) => stepSize) ?? [];
  expect(steps.slice(0, 2)).toEqual([1, 4]);
  expect(steps[2]).toBeGreaterThanOrEqual(1.3);
  expect(steps[2]).toBeLessThanOrEqual(3.7);
});

test("a long gentle slope before a wall is searched in fewer than twenty trials", () => {
  const wall: Curve = (t) => {
    const x = Math.max(0, t - 0.9) * 1e3;
    return { value: -1e-3 * t + x * x * x * x, slope: -1e-3 + 4e3 * x * x * x };
  };
  const search = wolfe(wall, 0, -1e-3, { c2: 0.1, trace: true });
  expect(search.accepted).toBe(true);
  expect(search.evaluations).toBeLessThan(20);
});

test("the accepted step meets both conditions on random smooth functions, and phi was asked once for each trial", () => {
  const positive = fc.double({ min: 1e-2, max: 1e2, noNaN: true });
  const wave = fc.double({ min: 0, max: 0.9, noNaN: true });
  const shares = fc
    .tuple(fc.double({ min: 1e-4, max: 0.3, noNaN: true }), fc.double({ min: 0.01, max: 0.6, noNaN: true }))
    .map(([c1, more]) => ({ c1, c2: c1 + more }));
  fc.assert(
    fc.property(
      positive,
      positive,
      positive,
      shares,
      wave,
      (curvature, distance, initial, { c1, c2 }, height) => {
        const asked: number[] = [];
        const phi: Curve = (t) => {
          asked.push(t);
          const size = height * curvature * distance;
          return {
            value: (curvature / 2) * (t - distance) * (t - distance) + 0.2 * size * Math.sin(5 * t),
            slope: curvature * (t - distance) + size * Math.cos(5 * t),
          };
        };
        const { value: phi0, slope: slope0 } = phi(0);
        asked.length = 0;
        const search = wolfe(phi, phi0, slope0, { initial, c1, c2, maxTrials: 100, trace: true });
        expect(search.accepted).toBe(true);
        expect(asked).toEqual(search.trials?.map(({ stepSize }) => stepSize));
        expect(search.evaluations).toBe(asked.length);
        const { value, slope } = phi(search.stepSize);
        expect(search.value).toBe(value);
        expect(value).toBeLessThanOrEqual(phi0 + c1 * search.stepSize * slope0);
        expect(Math.abs(slope)).toBeLessThanOrEqual(c2 * Math.abs(slope0));
      },
    ),
  );
});

test.each(hardCurves)(
  "$name of Moré and Thuente is searched from first trials over six powers of ten",
  ({ phi, c1, c2 }) => {
    const { value: phi0, slope: slope0 } = phi(0);
    for (const initial of [1e-3, 1e-1, 1e1, 1e3]) {
      const search = wolfe(phi, phi0, slope0, { initial, c1, c2 });
      expect(search.accepted).toBe(true);
      const { value, slope } = phi(search.stepSize);
      expect(value).toBeLessThanOrEqual(phi0 + c1 * search.stepSize * slope0);
      expect(Math.abs(slope)).toBeLessThanOrEqual(c2 * Math.abs(slope0));
      expect(search.evaluations).toBeLessThan(25);
    }
  },
);

interface Reference {
  cases: { name: string; c1: number; c2: number; phi0: number; slope0: number; step: number }[];
}
const reference = JSON.parse(
  readFileSync(new URL("../reference/wolfe.json", import.meta.url), "utf8"),
) as Reference;

test("a step that SciPy's search accepts is accepted at once, from the same value and slope", () => {
  expect(reference.cases.length).toBeGreaterThanOrEqual(5);
  for (const { name, c1, c2, phi0, slope0, step } of reference.cases) {
    const { phi } = hardCurves.find((curve) => curve.name === name)!;
    const start = phi(0);
    expect(Math.abs(start.value - phi0)).toBeLessThanOrEqual(1e-14 * Math.abs(phi0));
    expect(Math.abs(start.slope - slope0)).toBeLessThanOrEqual(1e-13 * Math.abs(slope0));
    const search = wolfe(phi, phi0, slope0, { c1, c2, initial: step });
    expect(search, name).toMatchObject({ accepted: true, stepSize: step, evaluations: 1 });
  }
});

test.each([NaN, Infinity, -Infinity])(
  "a trial with the value or slope %s is a step too long, never accepted",
  (bad) => {
    const wells: [Curve, number][] = [
      [(t) => ({ value: t > 0.3 ? bad : -0.5 * t, slope: -0.5 }), 0.25],
      [(t) => ({ value: -0.5 * t, slope: t > 0.3 ? bad : -0.5 }), 0.25],
    ];
    for (const [phi, step] of wells) {
      expect(wolfe(phi, 0, -1)).toMatchObject({ accepted: true, stepSize: step, evaluations: 3 });
    }
  },
);

test("a function that falls without end is followed until the steps or the trials run out, and the search says so", () => {
  const line: Curve = (t) => ({ value: -t, slope: -1 });
  expect(wolfe(line, 0, -1, { maxTrials: 3 })).toEqual({
    accepted: false,
    stepSize: 0,
    value: 0,
    evaluations: 3,
    reason: "no trial passed after 3 from 1: phi still falls at 16",
  });
  expect(wolfe(line, 0, -1, { expand: 1e200 }).reason).toBe(
    "phi falls on and on: the steps overflow after 2 trials",
  );
});

test("a kink whose slope never becomes flat ends the search with the ends of the interval, not in a loop", () => {
  const kink: Curve = (t) => ({ value: Math.abs(t - 0.3), slope: t < 0.3 ? -1 : 1 });
  const short = wolfe(kink, 0.3, -1, { maxTrials: 6 });
  expect(short.accepted).toBe(false);
  expect(short.reason).toMatch(
    /^no trial passed after 6 from 1: a minimum lies between [\d.e-]+ and [\d.e-]+$/,
  );
  const long = wolfe(kink, 0.3, -1, { maxTrials: 2000 });
  expect(long.accepted).toBe(false);
  expect(long.reason).toMatch(/^no number is left between [\d.]+ and [\d.]+ after \d+ trials from 1$/);
  expect(long.evaluations).toBeLessThan(200);
});

test("a slope that contradicts the values ends the search too", () => {
  const search = wolfe((t) => ({ value: t, slope: 1 }), 0, -1, { maxTrials: 2000 });
  expect(search).toMatchObject({ accepted: false, stepSize: 0, value: 0 });
});

test("trials are kept only on request", () => {
  expect(wolfe(parabola, 1, -4)).not.toHaveProperty("trials");
});

const call =
  (phi0: number, slope0: number, o = {}) =>
  (): unknown =>
    wolfe(parabola, phi0, slope0, o);

test.each([
  [
    "an ascending direction",
    call(1, 2),
    "wolfe: slope0 is 2, expected a number below 0, since this direction ascends and only a descent direction lowers the loss; " +
      "pass the gradient times the direction, and stop where the gradient is 0.",
  ],
  [
    "a slope of 0",
    call(1, 0),
    "wolfe: slope0 is 0, expected a number below 0, since only a descent direction",
  ],
  ["a loss of NaN", call(NaN, -1), "wolfe: phi0 is NaN, expected a finite loss"],
  [
    "c2 below c1",
    call(1, -1, { c1: 0.5, c2: 0.4 }),
    "wolfe: c1 is 0.5 and c2 is 0.4, expected 0 < c1 < c2 < 1, since only then some step must meet both conditions; " +
      "pass for example c1 1e-4 and c2 0.9.",
  ],
  ["c2 1", call(1, -1, { c2: 1 }), "wolfe: c1 is 0.0001 and c2 is 1, expected 0 < c1 < c2 < 1"],
  ["c1 0", call(1, -1, { c1: 0 }), "wolfe: c1 is 0 and c2 is 0.9, expected 0 < c1 < c2 < 1"],
  [
    "expand 1",
    call(1, -1, { expand: 1 }),
    "wolfe: expand is 1, expected a finite number above 1, since a step that is too short must grow; pass for example 4.",
  ],
  [
    "initial Infinity",
    call(1, -1, { initial: Infinity }),
    "wolfe: initial is Infinity, expected a finite number",
  ],
  ["maxTrials 1.5", call(1, -1, { maxTrials: 1.5 }), "wolfe: maxTrials is 1.5, expected a whole number"],
])("%s is refused with what was given, what was expected and how to mend it", (_name, search, text) => {
  expect(search).toThrow(LineSearchError);
  expect(search).toThrow(text);
});
