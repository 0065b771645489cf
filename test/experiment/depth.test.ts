import { OptionError } from "talweg/core";
import { type DepthComparison, depth, quartiles } from "talweg/experiment";
import { dense, network } from "talweg/network";
import { expect, test } from "vitest";

const small = {
  parameters: 150,
  rows: 60,
  evaluations: 660,
  seeds: 3,
  learningRates: [0.03, 0.003],
  seed: 2,
} as const;
const first: DepthComparison = await depth(small);

test("the same seed gives the same bits, and the result survives JSON", async () => {
  expect(JSON.stringify(await depth(small))).toBe(JSON.stringify(first));
  expect(JSON.parse(JSON.stringify(first))).toEqual(first);
});

test("every depth has nearly the wanted number of parameters, as its network counts them", () => {
  expect(first.depths.map(({ layers }) => layers)).toEqual([1, 2, 3, 4]);
  for (const { layers, width, parameterCount } of first.depths) {
    const hidden = Array.from({ length: layers }, (_, i) => dense(i === 0 ? 2 : width, width));
    expect(network([...hidden, dense(width, 1)]).parameterCount).toBe(parameterCount);
    expect(Math.abs(parameterCount / 150 - 1)).toBeLessThan(0.1);
  }
});

test("every run goes over the same number of examples, in whole epochs", () => {
  expect(first.epochs).toBe(11);
  for (const { runs } of first.depths) {
    for (const { exampleEvaluations, trainLosses, testLosses, medianLossByEpoch } of runs) {
      expect(exampleEvaluations).toEqual([660, 660]);
      expect(trainLosses).toHaveLength(3);
      expect(testLosses).toHaveLength(3);
      expect(medianLossByEpoch).toHaveLength(11);
    }
  }
});

test("a depth has the rate with its lowest median training loss, and the quartiles of those runs", () => {
  for (const { runs, learningRate, rateAtEnd, trainLoss, testLoss } of first.depths) {
    // Two rates have no middle.
    expect(rateAtEnd).toBe(true);
    expect(runs.map((run) => run.learningRate)).toEqual([0.003, 0.03]);
    const medians = runs.map(({ trainLosses }) => quartiles(trainLosses).median);
    expect(trainLoss.median).toBe(Math.min(...medians));
    const own = runs.find((run) => run.learningRate === learningRate)!;
    expect(testLoss).toEqual(quartiles(own.testLosses));
    for (const [i, loss] of own.testLosses.entries()) expect(loss).not.toBe(own.trainLosses[i]);
  }
});

test("the sine is another set with another loss", async () => {
  const { loss, depths } = await depth({
    ...small,
    data: "sine",
    layers: [1],
    learningRates: [0.01],
    seeds: 1,
  });
  expect(loss).toBe("meanSquaredError");
  expect(depths).toHaveLength(1);
});

test("runs that diverge are counted, and what is not known is null, never NaN", async () => {
  const { depths } = await depth({ ...small, data: "sine", layers: [1], learningRates: [1e300] });
  const [runs] = depths[0]!.runs;
  expect(runs!.diverged).toBe(3);
  expect(runs!.medianLossByEpoch.every((loss) => loss === null || Number.isFinite(loss))).toBe(true);
  expect(runs!.medianLossByEpoch[0]).toBeNull();
  expect(JSON.parse(JSON.stringify(depths))).toEqual(depths);
});

test("an aborted signal ends the experiment with its reason", async () => {
  const reason = new Error("enough");
  await expect(depth({ ...small, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test.each([
  [{ data: "moon" as "sine" }, 'depth: data is "moon", expected one of spirals, sine'],
  [{ layers: [0] }, "depth: layers is 0, expected a whole number from 1 to 20"],
  [{ parameters: 10 }, "depth: parameters is 10, expected a whole number from 50"],
  [{ seeds: 0 }, "depth: seeds is 0"],
])("refuses %j", async (options, text) => {
  const error: unknown = await depth({ ...small, ...options }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toContain(text);
});
