import fc from "fast-check";
import { DataError, LineSearchError, NotFiniteError, type Objective, ShapeError } from "talweg/core";
import { explainLineSearch, type LineSearchExplanation } from "talweg/explain";
import { armijo, goldstein } from "talweg/linesearch";
import { testFunctions } from "talweg/optim";
import { expect, test } from "vitest";
import { objectiveOf } from "../optim/problems.ts";

const rosenbrock = testFunctions.rosenbrock.objective();
const valleyStart = Float64Array.of(-1.2, 1);

/** curvature / 2 x². */
const parabola = (curvature: number): Objective =>
  objectiveOf(
    1,
    ([x]) => (curvature / 2) * x! * x!,
    ([x]) => [curvature * x!],
  );

test("the trials are those of armijo along minus the gradient, with their bounds and verdicts", () => {
  const found = explainLineSearch(rosenbrock, valleyStart);
  const g = new Float64Array(2);
  const value = rosenbrock.gradient(valleyStart, g);
  const slope = -(g[0]! * g[0]! + g[1]! * g[1]!);
  const phi = (t: number): number => rosenbrock.value(Float64Array.of(-1.2 - t * g[0]!, 1 - t * g[1]!));
  const search = armijo(phi, value, slope, { trace: true });
  expect(found).toMatchObject({
    value,
    slope,
    stepSize: search.stepSize,
    valueAfter: search.value,
    accepted: true,
  });
  expect(found.trials).toEqual(search.trials!.map((trial, l) => ({ l, ...trial })));
  expect(found.gradientNorm).toBe(Math.sqrt(-slope));
});

test("on Rosenbrock there are two separate intervals of acceptable steps, and the second holds the lowest point", () => {
  const { acceptable, least, stepSize } = explainLineSearch(rosenbrock, valleyStart);
  expect(acceptable).toHaveLength(2);
  const [[from, to], [low, high]] = acceptable as [[number, number], [number, number]];
  expect(from).toBe(0);
  expect(stepSize).toBeLessThan(to);
  expect(least.stepSize).toBeGreaterThan(low);
  expect(least.stepSize).toBeLessThan(high);
  expect(least.value).toBeCloseTo(0.1947, 3);
});

test("on a parabola the acceptable steps end at 2 (1 - c1) / curvature, and the valley is crossed beyond 1 / curvature", () => {
  const positive = fc.double({ min: 1e-2, max: 1e2, noNaN: true });
  const share = fc.double({ min: 0.01, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(positive, positive, share, (curvature, x, c1) => {
      // A first trial beyond the last acceptable step.
      const initial = 2 / curvature;
      const found = explainLineSearch(parabola(curvature), Float64Array.of(x), { c1, initial });
      const end = (2 * (1 - c1)) / curvature;
      expect(found.acceptable).toHaveLength(1);
      expect(found.acceptable[0]![0]).toBe(0);
      expect(Math.abs(found.acceptable[0]![1] - end)).toBeLessThanOrEqual(1e-6 * end);
      expect(Math.abs(found.least.stepSize - 1 / curvature)).toBeLessThanOrEqual(1e-6 / curvature);
      expect(found.crossesValley).toBe(found.stepSize > (1 / curvature) * (1 + 1e-9));
    }),
    { numRuns: 50 },
  );
});

test("every end of an acceptable interval passes, and the next step beyond it does not", () => {
  const { acceptable, value, slope, constants, range } = explainLineSearch(rosenbrock, valleyStart);
  const g = new Float64Array(2);
  rosenbrock.gradient(valleyStart, g);
  const passes = (t: number): boolean =>
    rosenbrock.value(Float64Array.of(-1.2 - t * g[0]!, 1 - t * g[1]!)) <= value + constants.c1! * t * slope;
  for (const [from, to] of acceptable) {
    expect(to).toBeLessThan(range);
    expect(passes(to)).toBe(true);
    expect(passes(to * (1 + 1e-9))).toBe(false);
    if (from === 0) continue;
    expect(passes(from)).toBe(true);
    expect(passes(from * (1 - 1e-9))).toBe(false);
  }
});

test("goldstein's and wolfe's accepted steps lie in their acceptable intervals, which do not begin at 0", () => {
  for (const search of ["goldstein", "wolfe"] as const) {
    const found = explainLineSearch(testFunctions.booth.objective(), new Float64Array(2), { search });
    expect(found.accepted).toBe(true);
    expect(found.acceptable[0]![0]).toBeGreaterThan(0);
    const inside = found.acceptable.some(([from, to]) => from <= found.stepSize && found.stepSize <= to);
    expect(inside, search).toBe(true);
  }
});

test.each([
  // phi(t) = (1 - t)² / 2: above the lower line from t = 1/2 on, below the upper one up to 3/2.
  ["goldstein", { c1: 0.25 }],
  // |phi'(t)| = |1 - t| is at most 1/2 from 1/2 to 3/2.
  ["wolfe", { c2: 0.5 }],
] as const)("by %s the acceptable steps on x²/2 are those from 1/2 to 3/2", (search, constants) => {
  const { acceptable } = explainLineSearch(parabola(1), Float64Array.of(1), {
    search,
    initial: 3,
    ...constants,
  });
  expect(acceptable).toHaveLength(1);
  expect(acceptable[0]![0]).toBeCloseTo(0.5, 8);
  expect(acceptable[0]![1]).toBeCloseTo(1.5, 8);
});

test("goldstein's trials carry both lines, wolfe's the slopes", () => {
  const f = parabola(1);
  const [first] = explainLineSearch(f, Float64Array.of(1), { search: "goldstein", initial: 4 }).trials;
  const phi = (t: number): number => ((1 - t) * (1 - t)) / 2;
  expect(first).toEqual({ l: 0, ...goldstein(phi, 0.5, -1, { initial: 4, trace: true }).trials![0] });
  const [trial] = explainLineSearch(f, Float64Array.of(1), { search: "wolfe", c2: 0.5 }).trials;
  expect(trial).toMatchObject({ slope: 0, slopeBound: 0.5, accepted: true });
});

test("a direction that ascends is refused with its slope", () => {
  const search = (): unknown => explainLineSearch(parabola(1), Float64Array.of(2), { direction: [3] });
  expect(search).toThrow(LineSearchError);
  expect(search).toThrow(
    "the direction ascends: its slope, gradient times direction, is 6, expected a number below 0, " +
      "since a search along it could only raise the function; turn its sign around, or leave it away for minus the gradient.",
  );
});

test("a direction across the gradient and a stationary start are refused, each in its own words", () => {
  const f = testFunctions.sphere.objective();
  expect(() => explainLineSearch(f, Float64Array.of(1, 0), { direction: [0, 1] })).toThrow(
    "neither ascends nor descends",
  );
  expect(() => explainLineSearch(f, Float64Array.of(0, 0))).toThrow(
    "the gradient is 0 at the start, expected another number, since no direction descends from a stationary point",
  );
});

test("a direction of one's own is searched along", () => {
  const f = testFunctions.quadratic.objective({ condition: 4 });
  const found = explainLineSearch(f, Float64Array.of(1, 1), { direction: [-1, 0] });
  expect(found).toMatchObject({ steepest: false, slope: -1, stepSize: 1, valueAfter: 2, directionNorm: 1 });
});

test("a function that is NaN or infinite beyond some step refuses those trials and stays plain data", () => {
  const f = objectiveOf(
    1,
    ([x]) => (x! < 0.3 ? Number.NaN : x! < 0.6 ? Infinity : x! * x!),
    ([x]) => [2 * x!],
  );
  const found = explainLineSearch(f, Float64Array.of(1));
  expect(found.trials[0]).toMatchObject({ value: null, accepted: false });
  expect(found.accepted).toBe(true);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("a function that is NaN everywhere, or whose gradient is, is refused at the start", () => {
  const nan = objectiveOf(
    1,
    () => Number.NaN,
    () => [1],
  );
  expect(() => explainLineSearch(nan, Float64Array.of(1))).toThrow(NotFiniteError);
  expect(() => explainLineSearch(nan, Float64Array.of(1))).toThrow("the function is NaN at the start");
  const badGradient = objectiveOf(
    2,
    () => 1,
    () => [1, Number.NaN],
  );
  expect(() => explainLineSearch(badGradient, Float64Array.of(1, 1))).toThrow(
    "the gradient is NaN in variable 1 (from 0) at the start",
  );
});

test("a search that finds nothing says so and shades nothing that it did not see", () => {
  const up = objectiveOf(
    1,
    ([x]) => Math.abs(x! - 1),
    () => [1],
  );
  const found = explainLineSearch(up, Float64Array.of(1), { maxTrials: 3 });
  expect(found).toMatchObject({ accepted: false, stepSize: 0, slopeAfter: null, crossesValley: false });
  expect(found.reason).toBe("no trial passed after 3 from 1 down to 0.25");
  expect(found.acceptable).toEqual([]);
});

test("the result survives JSON for every search and function", () => {
  for (const [name, f] of Object.entries(testFunctions)) {
    for (const search of ["armijo", "goldstein", "wolfe"] as const) {
      const found: LineSearchExplanation = explainLineSearch(f.objective(), f.start(), { search });
      expect(JSON.parse(JSON.stringify(found)), `${name} ${search}`).toEqual(found);
    }
  }
});

test.each([
  [
    "a point of the wrong length",
    (): unknown => explainLineSearch(rosenbrock, Float64Array.of(1)),
    ShapeError,
    "x has 1 number, expected 2",
  ],
  [
    "a direction of the wrong length",
    (): unknown => explainLineSearch(rosenbrock, valleyStart, { direction: [1, 2, 3] }),
    ShapeError,
    "direction has 3 numbers, expected 2",
  ],
  [
    "a point that is not finite",
    (): unknown => explainLineSearch(rosenbrock, Float64Array.of(1, Number.NaN)),
    DataError,
    "x[1] is NaN, expected a finite number",
  ],
  [
    "a search that does not exist",
    (): unknown => explainLineSearch(rosenbrock, valleyStart, { search: "exact" as "armijo" }),
    LineSearchError,
    'search is "exact", expected one of armijo, goldstein, wolfe.',
  ],
  [
    "samples out of range",
    (): unknown => explainLineSearch(rosenbrock, valleyStart, { samples: 3 }),
    LineSearchError,
    "samples is 3, expected a whole number from 10 to 100000",
  ],
  [
    "c1 of 1",
    (): unknown => explainLineSearch(rosenbrock, valleyStart, { c1: 1 }),
    LineSearchError,
    "armijo: c1 is 1, expected a number between 0 and 1",
  ],
  [
    "shrink for a search without it",
    (): unknown => explainLineSearch(rosenbrock, valleyStart, { search: "wolfe", shrink: 0.3 }),
    LineSearchError,
    "shrink is 0.3, but the search is wolfe, which has no such constant; leave it away, or take the search armijo.",
  ],
  [
    "c1 of 1/2 for goldstein",
    (): unknown => explainLineSearch(rosenbrock, valleyStart, { search: "goldstein", c1: 0.5 }),
    LineSearchError,
    "c1 is 0.5, expected a number between 0 and 1/2 for the search goldstein",
  ],
  [
    "c2 for a search without it",
    (): unknown => explainLineSearch(rosenbrock, valleyStart, { search: "goldstein", c2: 0.9 }),
    LineSearchError,
    "c2 is 0.9, but the search is goldstein, which has no such constant; leave it away, or take the search wolfe.",
  ],
])("%s is refused", (_name, search, kind, text) => {
  expect(search).toThrow(kind);
  expect(search).toThrow(text);
});
