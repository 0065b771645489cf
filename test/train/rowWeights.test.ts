/** Rows that are drawn by weights: how often, from which seed, and what it does to an answer. */
import fc from "fast-check";
import {
  adam,
  auto,
  type Dataset,
  dense,
  gradientDescent,
  lbfgs,
  type Network,
  network,
  OptionError,
  parabola,
  type TrainOptions,
  type TrainResult,
  type TrainState,
  train,
  trainEvents,
} from "talweg";
import { randomStream } from "talweg/core";
import { expect, test } from "vitest";

const examples = parabola({ rows: 50, interval: [-1, 1], seed: 3 });
const small = (): Network => network([dense(1, 6, "tanh"), dense(6, 1)], { seed: 1 });
/** The last rows weigh more. */
const rising = Array.from({ length: 50 }, (_, i) => i);

/** The rows in the order in which epochs draw them: steps of one row, none of which moves anything, tell it by their loss. */
async function drawn(weights: ArrayLike<number>, epochs = 1, seed = 5): Promise<number[][]> {
  const rows = weights.length;
  const y = Float64Array.from({ length: rows }, (_, i) => i);
  const data: Dataset = { x: new Float64Array(rows), y, rows, inputs: 1, outputs: 1 };
  const n = network([dense(1, 1, "linear", { init: "zeros" })], { precision: "float64" });
  const optimizer = gradientDescent({ learningRate: 1e-30 });
  const order: number[][] = Array.from({ length: epochs }, () => []);
  const options: TrainOptions = { epochs, batchSize: 1, seed, optimizer, rowWeights: Array.from(weights) };
  for await (const event of trainEvents(n, data, options)) {
    if (event.event === "step") order[event.epoch - 1]!.push(Math.round(Math.sqrt(event.loss)));
  }
  return order;
}

function countsOf(order: readonly number[]): number[] {
  const counts = new Array<number>(order.length).fill(0);
  for (const i of order) counts[i]!++;
  return counts;
}

test("each row is drawn floor or ceil of its share of the rows, and there are as many draws as rows", async () => {
  const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(weights, fc.integer({ min: 0, max: 1e9 }), async (given, seed) => {
      const total = given.reduce((sum, weight) => sum + weight, 0);
      fc.pre(total > 1e-3);
      const rows = given.length;
      for (const order of await drawn(given, 2, seed)) {
        const counts = countsOf(order);
        expect(order).toHaveLength(rows);
        for (const [i, weight] of given.entries()) {
          const share = (weight * rows) / total;
          expect(counts[i]!).toBeGreaterThanOrEqual(Math.floor(share - 1e-9));
          expect(counts[i]!).toBeLessThanOrEqual(Math.ceil(share + 1e-9));
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("over many epochs a row is drawn as often as its weight says, and neighbors of equal weight are drawn apart", async () => {
  const sums = new Array<number>(40).fill(0);
  let together = 0;
  const epochs = 600;
  for (const order of await drawn(
    sums.map((_, i) => (i < 20 ? 1 : 3)),
    epochs,
  )) {
    const counts = countsOf(order);
    for (const [i, count] of counts.entries()) sums[i]! += count / epochs;
    if (counts[0] === 1 && counts[2] === 1) together++;
  }
  for (const [i, mean] of sums.entries()) expect(Math.abs(mean - (i < 20 ? 0.5 : 1.5))).toBeLessThan(0.08);
  // Half of a class in each epoch: two rows of it by chance meet in a quarter of them, not in a half or never.
  expect(together / epochs).toBeGreaterThan(0.18);
  expect(together / epochs).toBeLessThan(0.32);
});

test("where the first point stands is drawn for each epoch, so that small weights have their turn too", async () => {
  const epochs = 600;
  const orders = await drawn([1, 1, 28], epochs);
  for (const row of [0, 1]) {
    const share = orders.filter((order) => order.includes(row)).length / epochs;
    expect(Math.abs(share - 0.1)).toBeLessThan(0.04);
  }
});

test("draws of the same row do not stand together", async () => {
  const [order] = await drawn(Array.from({ length: 60 }, (_, i) => i % 2));
  expect(countsOf(order!)).toEqual(Array.from({ length: 60 }, (_, i) => 2 * (i % 2)));
  expect(order!.filter((row, i) => row === order![i + 1]).length).toBeLessThan(6);
});

test("equal weights draw each row once, in an order of the seed and the epoch", async () => {
  const weights = new Array<number>(30).fill(1);
  const [first, second] = await drawn(weights, 2);
  expect([...first!].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(await drawn(weights, 2)).toEqual([first, second]);
  expect(second).not.toEqual(first);
  expect(await drawn(weights, 1, 6)).not.toEqual([first]);
});

test("the same seed and weights give the same bits, and only the ratios of the weights matter", async () => {
  const run = async (rowWeights: TrainOptions["rowWeights"], seed = 4): Promise<TrainResult> =>
    train(small(), examples, { epochs: 5, seed, ...(rowWeights === undefined ? {} : { rowWeights }) });
  const { parametersSha256 } = await run(rising);
  expect((await run(rising)).parametersSha256).toBe(parametersSha256);
  expect((await run(Float64Array.from(rising, (x) => 2 * x))).parametersSha256).toBe(parametersSha256);
  expect((await run(rising, 5)).parametersSha256).not.toBe(parametersSha256);
  expect((await run(undefined)).parametersSha256).not.toBe(parametersSha256);
});

test.each([
  ["auto", () => auto()],
  ["adam", () => adam({ learningRate: 0.01 })],
] as const)("%s: a weighted run that was stopped and resumed ends with the same bits", async (_, make) => {
  const options = (): TrainOptions => ({
    optimizer: make(),
    epochs: 4,
    batchSize: 9,
    validation: 0.2,
    rowWeights: rising,
  });
  const whole = await train(small(), examples, options());
  for (const cut of [1, 5, 7, 12]) {
    const n = small();
    const stop = new AbortController();
    let saved: TrainState | undefined;
    const onCheckpoint = (state: TrainState): void => {
      saved = structuredClone(state);
    };
    const stopped: TrainOptions = { ...options(), stop: { signal: stop.signal }, onCheckpoint };
    for await (const event of trainEvents(n, examples, stopped)) {
      if (event.event === "step" && event.step === cut) stop.abort();
    }
    const others = { ...options(), rowWeights: rising.map((x) => x * x) };
    await expect(train(n, examples, { ...others, resume: saved! })).rejects.toThrow("resume: rowWeights was");
    const result = await train(n, examples, { ...options(), resume: saved! });
    expect({ ...result, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
  }
});

test("of rows split off for validation the weights go with them", async () => {
  // Rows that weigh nothing are wrong by far; were weights and rows confused by the split, they would be learned.
  const { x, y, rows } = examples;
  const wrong = { ...examples, y: Float64Array.from(y, (value, i) => (i % 2 === 0 ? value : 1000)) };
  const rowWeights = Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? 1 : 0));
  const n = small();
  await train(n, wrong, { epochs: 60, validation: 0.2, rowWeights });
  const answers = n.predict(x as Float64Array);
  for (const answer of answers) expect(Math.abs(answer)).toBeLessThan(2);
});

/** Two overlapping classes on a line, the second one rare. */
function overlapping(): Dataset {
  const rows = 400;
  const { normal } = randomStream(3, "data");
  const y = Uint8Array.from({ length: rows }, (_, i) => (i % 10 === 0 ? 1 : 0));
  const x = Float32Array.from({ length: rows }, (_, i) => normal(i) + (y[i] === 1 ? 1 : -1));
  return { x, y: Float32Array.from(y), rows, inputs: 1, outputs: 1, classes: ["common", "rare"] };
}

test("weights that make up for a rare class find more of it, and the result's loss counts each row once", async () => {
  const data = overlapping();
  const answers = async (rowWeights?: number[]): Promise<{ rare: number; n: Network; loss: number }> => {
    const n = network([dense(1, 4, "tanh"), dense(4, 1, "sigmoid")], { seed: 1 });
    const options = rowWeights === undefined ? {} : { rowWeights };
    const { loss } = await train(n, data, { epochs: 30, ...options });
    const outputs = n.predict(data.x as Float32Array);
    return { rare: outputs.filter((p) => p >= 0.5).length / data.rows, n, loss };
  };
  const plain = await answers();
  const weighted = await answers(Array.from(data.y, (label) => (label === 1 ? 9 : 1)));
  // Balanced, the border lies in the middle, where 16 % of the common class is beyond it; plainly it lies far up.
  expect(plain.rare).toBeLessThan(0.09);
  expect(weighted.rare).toBeGreaterThan(0.15);
  const outputs = weighted.n.predict(data.x as Float32Array);
  const losses = Array.from(outputs, (p, i) => -Math.log(data.y[i] === 1 ? p : 1 - p));
  expect(weighted.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / data.rows, 5);
});

const refused: [string, TrainOptions, string][] = [
  [
    "too few",
    { rowWeights: [1, 2] },
    "rowWeights has 2 numbers, expected 50, one for each row of the examples; pass a number from 0 up for each.",
  ],
  [
    "no list",
    { rowWeights: 3 as unknown as number[] },
    "rowWeights is 3, expected 50, one for each row of the examples; pass a number from 0 up for each.",
  ],
  [
    "a negative one",
    { rowWeights: rising.map((x) => x - 1) },
    "rowWeights: number 0 (from 0) is -1, expected a finite number from 0 up, since a row is drawn so often relative to the others; pass 0 for a row that is never to be drawn.",
  ],
  [
    "one that is not finite",
    { rowWeights: rising.map((x) => (x === 7 ? Number.NaN : 1)) },
    "rowWeights: number 7 (from 0) is NaN, expected a finite number from 0 up, since a row is drawn so often relative to the others; pass 0 for a row that is never to be drawn.",
  ],
  [
    "all zero",
    { rowWeights: new Float32Array(50) },
    "rowWeights are all 0, expected at least one above 0, since some row must be drawn; leave them out to draw each once.",
  ],
  [
    "full batches",
    { rowWeights: rising, batchSize: "full" },
    'batchSize is "full", but rowWeights says how often rows are drawn for the batches of an epoch; pass batchSize a number of rows such as 32, or leave rowWeights out.',
  ],
  [
    "no shuffling",
    { rowWeights: rising, shuffle: false },
    "shuffle is false, but rowWeights says how often rows are drawn for the batches of an epoch; pass shuffle true, or leave rowWeights out.",
  ],
  [
    "a method that compares steps",
    { rowWeights: rising, batchSize: 50, optimizer: lbfgs() },
    "optimizer is lbfgs, which compares the gradients of different steps, but rowWeights draws other rows in each epoch; leave rowWeights out, or take adam or auto.",
  ],
];

test.each(refused)("weights with %s are refused", async (_, options, message) => {
  const error = await train(small(), examples, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toBe(message);
});

test("few rows are drawn by weights too, in one batch an epoch that differs from epoch to epoch", async () => {
  const few = parabola({ rows: 10, interval: [-1, 1], seed: 3 });
  const losses: number[] = [];
  const options: TrainOptions = {
    epochs: 4,
    rowWeights: rising.slice(0, 10),
    optimizer: adam({ learningRate: 1e-9 }),
  };
  for await (const event of trainEvents(small(), few, options)) {
    if (event.event === "step") losses.push(event.loss);
  }
  expect(losses).toHaveLength(4);
  expect(new Set(losses.map((loss) => loss.toFixed(4))).size).toBeGreaterThan(1);
});
