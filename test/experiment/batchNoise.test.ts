import { OptionError } from "talweg/core";
import { sine } from "talweg/data";
import { type BatchNoise, batchNoise } from "talweg/experiment";
import { dense, network, objective } from "talweg/network";
import { expect, test } from "vitest";

const small = {
  runs: 20,
  learningRates: [0.1, 0.05],
  batchSizes: [4, 1],
  evaluations: 5140,
  starts: 20,
  sets: 2,
  rows: 24,
  minima: 2,
  seeds: 3,
  seed: 1,
} as const;
const first: BatchNoise = await batchNoise(small);

test("the same seed gives the same bits, and the result survives JSON", async () => {
  expect(JSON.stringify(await batchNoise(small))).toBe(JSON.stringify(first));
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
});

test("the valley has two minima and a ridge between them, where its slope is 0", () => {
  const { poor, ridge, good } = first.valley;
  const f = (w: number): number => (w * w - 1) ** 2 / 4 - 0.1 * w;
  for (const { at, loss } of [poor, ridge, good]) {
    expect(loss).toBeCloseTo(f(at), 14);
    expect(Math.abs(f(at + 1e-5) - f(at - 1e-5)) / 2e-5).toBeLessThan(1e-8);
  }
  expect(poor.at < ridge.at && ridge.at < good.at).toBe(true);
  for (const { at } of [poor, good]) expect(f(at + 0.01) > f(at) && f(at - 0.01) > f(at)).toBe(true);
  expect(good.loss).toBeLessThan(poor.loss);
});

test("between two valleys the full batch stays and batches of one get out, at equal example evaluations", () => {
  const { cells, rows } = first.valley;
  expect(cells.map(({ learningRate, batchSize }) => [learningRate, batchSize])).toEqual([
    [0.05, 1],
    [0.05, 4],
    [0.05, rows],
    [0.1, 1],
    [0.1, 4],
    [0.1, rows],
  ]);
  for (const { full, batchSize, steps, exampleEvaluations, escaped } of cells) {
    expect(exampleEvaluations).toBe(5120);
    expect(steps).toBe(5120 / batchSize);
    expect(escaped.of).toBe(20);
    if (full) expect(escaped.count).toBe(0);
    else if (batchSize === 1) expect(escaped.count).toBeGreaterThan(5);
  }
});

test("runs that a rate throws out of both valleys are counted as diverged", async () => {
  const few = {
    runs: 3,
    batchSizes: [1],
    learningRates: [5],
    evaluations: 256,
    sets: 1,
    minima: 1,
    seeds: 1,
  };
  const [cell] = (await batchNoise({ ...few, starts: 20, rows: 24, seed: 1 })).valley.cells;
  expect(cell).toMatchObject({ diverged: 3, escaped: { count: 0, of: 3 } });
});

test("the network's poor minima are minima above the best loss: the loss rises on every side of them", () => {
  const { minima, hidden } = first.network;
  const { interval, rows, noise, penalty, gradientNorm: least } = first.setting;
  expect(minima.length).toBeGreaterThan(0);
  const n = network([dense(1, hidden, "tanh"), dense(hidden, 1)], { precision: "float64" });
  for (const { parameters, loss, best, gradientNorm, smallestCurvature, dataSeed } of minima) {
    expect(loss).toBeGreaterThan(1.1 * best);
    expect(gradientNorm).toBeLessThanOrEqual(least);
    expect(smallestCurvature).toBeGreaterThan(0);
    const data = sine({ rows, interval, noise, seed: dataSeed, precision: "float64" });
    const f = objective(n, "meanSquaredError", data, { penalty });
    const w = Float64Array.from(parameters);
    expect(f.value(w)).toBe(loss);
    for (let k = 0; k < 200; k++) {
      const near = w.map((wi, i) => wi + 1e-3 * (((k * Math.sqrt(2 + 3 * i + i * i)) % 1) - 0.5));
      expect(f.value(near)).toBeGreaterThan(loss);
    }
  }
});

test("flat ends are no minima to escape from", async () => {
  const quick = { runs: 1, seeds: 1, batchSizes: [4], evaluations: 256, sets: 1, minima: 10 };
  const { network: found } = await batchNoise({ ...quick, hidden: 2, starts: 40, rows: 40, seed: 0 });
  for (const { loss, smallestCurvature } of found.minima) {
    expect(smallestCurvature).toBeGreaterThan(1e-6);
    // Where one of the two units does nothing.
    expect(loss).toBeLessThan(0.39);
  }
});

test("every run of the network is counted once, at equal example evaluations, and the full batch stays", () => {
  const { cells, minima } = first.network;
  expect(cells.map(({ batchSize, full }) => [batchSize, full])).toEqual([
    [1, false],
    [4, false],
    [24, true],
  ]);
  for (const { exampleEvaluations, steps, batchSize, full, better, worse, diverged, ...cell } of cells) {
    expect(exampleEvaluations).toBe(214 * 24);
    expect(steps).toBe(214 * Math.ceil(24 / batchSize));
    for (const { of, low, share, high } of [better, worse, diverged, cell.reachBest]) {
      expect(of).toBe(minima.length * 3);
      expect(0 <= low && low <= share && share <= high && high <= 1).toBe(true);
    }
    expect(cell.betterByMinimum.reduce((sum, count) => sum + count, 0)).toBe(better.count);
    expect(better.count + worse.count + diverged.count).toBeLessThanOrEqual(better.of);
    expect(cell.reachBest.count).toBeLessThanOrEqual(better.count);
    if (full) expect([better.count, worse.count, diverged.count]).toEqual([0, 0, 0]);
  }
});

test("an aborted signal ends the experiment with its reason", async () => {
  const reason = new Error("enough");
  await expect(batchNoise({ ...small, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each([
  [{ batchSizes: [24] }, "batchNoise: batchSizes is 24, expected a whole number from 1 to 23"],
  [{ learningRates: [0] }, "batchNoise: learningRates is [0], expected finite numbers above 0"],
  [{ learningRates: [] }, "batchNoise: learningRates is [], expected finite numbers above 0"],
  [{ evaluations: 10 }, "batchNoise: evaluations is 10, expected a whole number from 256"],
  [{ rateShare: 1.5 }, "batchNoise: rateShare is 1.5, expected a number above 0 and at most 1"],
  [
    { hidden: 1, starts: 2, rows: 3, sets: 1, batchSizes: [1] },
    "none ends in a minimum more than 10 % above the best loss",
  ],
])("refuses %j", async (options, text) => {
  const error: unknown = await batchNoise({ ...small, ...options }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toContain(text);
});
