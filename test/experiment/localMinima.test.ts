import { OptionError } from "talweg/core";
import { endKinds, type LocalMinima, localMinima } from "talweg/experiment";
import { expect, test } from "vitest";

const small = {
  starts: 12,
  hidden: [1, 3],
  rows: 24,
  dimensions: [1, 2],
  functions: 3,
  searches: 60,
  samples: 200,
  seed: 4,
} as const;
const first: LocalMinima = await localMinima(small);

test("the same seed gives the same bits, another seed others", async () => {
  expect(JSON.stringify(await localMinima(small))).toBe(JSON.stringify(first));
  expect((await localMinima({ ...small, seed: 5 })).networks[1]!.best).not.toBe(first.networks[1]!.best);
});

test("the result is plain data that survives JSON", () => {
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
});

test("every start has an end, by loss, and is counted once", () => {
  for (const { ends, levels, kinds, best, reachBest } of first.networks) {
    expect(ends.map(({ seed }) => seed).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, i) => 4 + i),
    );
    expect(ends.map(({ loss }) => loss)).toEqual(ends.map(({ loss }) => loss).sort((a, b) => a - b));
    expect(ends[0]!.loss).toBe(best);
    expect(endKinds.reduce((sum, kind) => sum + kinds[kind], 0)).toBe(12);
    expect(levels.reduce((sum, { runs }) => sum + runs, kinds.unfinished)).toBe(12);
    for (const [i, level] of levels.entries())
      if (i > 0) expect(level.loss).toBeGreaterThan(levels[i - 1]!.loss);
    expect(reachBest.share).toBeGreaterThan(0);
    expect(reachBest.high).toBeLessThanOrEqual(1);
  }
});

test("an end that came to rest has a gradient below the tolerance, and a minimum curves upwards everywhere", () => {
  for (const { ends } of first.networks) {
    for (const { kind, gradientNorm, smallestCurvature } of ends) {
      if (kind !== "unfinished") expect(gradientNorm).toBeLessThanOrEqual(first.setting.gradientNorm);
      if (kind === "minimum") expect(smallestCurvature).toBeGreaterThan(0);
      if (kind === "saddle") expect(smallestCurvature).toBeLessThan(0);
    }
  }
  expect(first.networks[1]!.kinds.minimum).toBeGreaterThan(0);
});

test("more hidden units reach a lower loss, since they can do what fewer can", () => {
  expect(first.networks[1]!.best).toBeLessThan(first.networks[0]!.best);
});

test("of one variable half of the stationary points are minima, and shares are shares", () => {
  const [one, two] = first.dimensions;
  expect(one).toMatchObject({ dimension: 1, coinFlip: 0.5, minima: { value: 0.5, standardError: 0 } });
  expect(two!.byIndex).toHaveLength(3);
  for (const own of first.dimensions) {
    expect(own.byIndex.reduce((sum, count) => sum + count, own.flat)).toBe(own.points);
    for (const { value } of [own.minima, own.risesAlongAxes, own.expected]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    // Rising along each axis is necessary for a minimum.
    expect(own.risesAlongAxes.value!).toBeGreaterThanOrEqual(own.minima.value!);
    expect(own.largestGradientNorm).toBeLessThanOrEqual(1e-9);
  }
});

test("without dimensions only the networks are looked at", async () => {
  const { networks, dimensions } = await localMinima({ ...small, dimensions: [], hidden: [1], starts: 2 });
  expect(networks).toHaveLength(1);
  expect(dimensions).toEqual([]);
});

test("progress counts up to the plan, and an aborted signal ends the experiment with its reason", async () => {
  const seen: number[] = [];
  const control = new AbortController();
  const reason = new Error("enough");
  const run = localMinima({
    ...small,
    signal: control.signal,
    progress: ({ done, planned }) => {
      expect(planned).toBe(2 * 12 + 2 * 4);
      seen.push(done);
      if (done === 5) control.abort(reason);
    },
  });
  await expect(run).rejects.toBe(reason);
  expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
});

test.each([
  [{ starts: 0 }, "localMinima: starts is 0, expected a whole number from 1 to 10000"],
  [{ starts: Number.NaN }, "localMinima: starts is NaN"],
  [{ hidden: [] }, "localMinima: hidden is [], expected at least one number and none twice"],
  [{ hidden: [2, 2] }, "localMinima: hidden is [2, 2]"],
  [{ hidden: [40] }, "localMinima: hidden is 40, expected a whole number from 1 to 32"],
  [{ dimensions: [13] }, "localMinima: dimensions is 13"],
  [{ rows: 1.5 }, "localMinima: rows is 1.5"],
  [{ seed: -1 }, "localMinima: seed is -1, expected a whole number from 0"],
  [
    { start: 3 } as object,
    "localMinima has no option start (did you mean starts?), expected some of starts, hidden",
  ],
])("refuses %j", async (options, text) => {
  const error: unknown = await localMinima(options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toContain(text);
});
