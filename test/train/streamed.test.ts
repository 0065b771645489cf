/** Training on examples that come in blocks: the bits of training in memory, whatever the blocks. */
import fc from "fast-check";
import {
  adam,
  auto,
  DataError,
  type Dataset,
  dense,
  type ExampleStream,
  gradientDescent,
  lbfgs,
  type Network,
  network,
  type Optimizer,
  OptionError,
  ShapeError,
  type StreamOptions,
  selectRows,
  spirals,
  stochasticArmijo,
  type TrainEvent,
  type TrainResult,
  type TrainState,
  train,
  trainEvents,
  trainStream,
  trainStreamEvents,
} from "talweg";
import { describe, expect, test } from "vitest";

const data = spirals({ rows: 150, seed: 2 });
const narrow = (): Network => network([dense(2, 9, "tanh"), dense(9, 1, "sigmoid")], { seed: 1 });
const wide = (): Network =>
  network([dense(2, 40, "relu", { dropout: 0.1 }), dense(40, 1, "sigmoid")], { seed: 1 });

/** Rows of a dataset as a stream of blocks of these sizes; the memory of all blocks is the same. */
function streamOf(all: Dataset, sizes: readonly number[]): ExampleStream {
  const { rows, inputs, outputs, classes } = all;
  const most = Math.max(...sizes);
  const make = (like: Dataset["x"], length: number): Dataset["x"] =>
    new (like.constructor as new (length: number) => Dataset["x"])(length);
  return {
    rows,
    inputs,
    outputs,
    ...(classes === undefined ? {} : { classes }),
    async *blocks() {
      const width = all.y.length / rows;
      const [x, y] = [make(all.x, most * inputs), make(all.y, most * width)];
      let from = 0;
      for (const size of sizes) {
        x.set(all.x.subarray(from * inputs, (from + size) * inputs));
        y.set(all.y.subarray(from * width, (from + size) * width));
        yield { ...all, rows: size, x: x.subarray(0, size * inputs), y: y.subarray(0, size * width) };
        x.fill(77);
        y.fill(0);
        from += size;
      }
    },
  };
}

/** All that training tells, without what depends on the clock or differs by intention. */
async function told(events: AsyncIterable<TrainEvent>): Promise<unknown[]> {
  const out: unknown[] = [];
  for await (const event of events) {
    if (event.event === "warning" || event.event === "start") continue;
    const timeless = "seconds" in event ? { ...event, seconds: 0 } : { ...event };
    if (event.event === "result") Object.assign(timeless, { loss: 0, metrics: {} });
    out.push(timeless);
  }
  return out;
}

const optimizers: [string, () => Optimizer][] = [
  ["auto", () => auto({ challenger: false })],
  ["adam", () => adam({ learningRate: 0.01, schedule: "cosine" })],
  ["gradient descent", () => gradientDescent({ learningRate: 0.1 })],
  ["stochastic Armijo", () => stochasticArmijo()],
];

describe.each(["scalar", "simd"] as const)("with %s kernels", (kernels) => {
  test.each(optimizers)(
    "%s: a stream of one block gives the bits and the events of train",
    async (_, make) => {
      for (const n of [narrow, wide]) {
        for (const report of ["step", "epoch"] as const) {
          const options = {
            kernels,
            optimizer: make(),
            epochs: 3,
            report,
            validation: data,
            penalty: 1e-4,
          };
          const whole = await told(trainEvents(n(), data, options));
          expect(
            await told(trainStreamEvents(n(), streamOf(data, [150]), { ...options, optimizer: make() })),
          ).toEqual(whole);
        }
      }
    },
  );

  test("bytes and labels stay what they are", async () => {
    const bytes: Dataset = {
      x: Uint8Array.from({ length: 300 }, (_, i) => (i * 37) % 256),
      y: Uint8Array.from({ length: 100 }, (_, i) => i % 4),
      rows: 100,
      inputs: 3,
      outputs: 4,
      scale: 1 / 255,
      classes: ["a", "b", "c", "d"],
    };
    const make = (): Network => network([dense(3, 6, "relu"), dense(6, 4, "softmax")], { seed: 3 });
    const [n, streamed] = [make(), make()];
    const { parametersSha256 } = await train(n, bytes, { epochs: 3, kernels, shuffle: false });
    const result = await trainStream(streamed, streamOf(bytes, [40, 60]), {
      epochs: 3,
      kernels,
      shuffle: false,
    });
    expect(result.parametersSha256).toBe(parametersSha256);
    expect(streamed.metadata.classes).toEqual(["a", "b", "c", "d"]);
  });
});

test("without shuffling it does not matter where blocks end", async () => {
  const options: StreamOptions = {
    epochs: 2,
    batchSize: 16,
    shuffle: false,
    optimizer: auto({ challenger: false }),
  };
  const whole = await told(trainEvents(narrow(), data, options));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 149 }), { maxLength: 8 }), async (cuts) => {
      const ends = [...cuts, 150].sort((a, b) => a - b);
      const sizes = ends.map((end, i) => end - (ends[i - 1] ?? 0));
      expect(await told(trainStreamEvents(narrow(), streamOf(data, sizes), options))).toEqual(whole);
    }),
    { numRuns: 15 },
  );
});

test("each block is shuffled inside, otherwise in each epoch and for each seed", async () => {
  // A step over one row with a rate of nothing tells by its loss which row it was.
  const rows = 12;
  const x = Float32Array.from({ length: rows }, () => 0);
  const y = Float32Array.from({ length: rows }, (_, i) => i);
  const n = network([dense(1, 1)], { seed: 1 });
  const seen = async (seed: number): Promise<number[]> => {
    const order: number[] = [];
    const optimizer = gradientDescent({ learningRate: 1e-30 });
    const source = streamOf({ x, y, rows, inputs: 1, outputs: 1 }, [6, 6]);
    for await (const event of trainStreamEvents(n, source, { epochs: 2, batchSize: 1, seed, optimizer })) {
      if (event.event === "step") order.push(Math.round(Math.sqrt(event.loss)));
    }
    return order;
  };
  const order = await seen(1);
  const parts = [order.slice(0, 6), order.slice(6, 12), order.slice(12, 18), order.slice(18)];
  const sorted = parts.map((part) => [...part].sort((a, b) => a - b));
  expect(sorted[0]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(sorted[1]).toEqual([6, 7, 8, 9, 10, 11]);
  expect(parts[1]!.map((row) => row - 6)).not.toEqual(parts[0]);
  expect(sorted.slice(2)).toEqual(sorted.slice(0, 2));
  for (const [i, part] of parts.entries()) expect(part).not.toEqual(sorted[i]);
  expect(parts[2]).not.toEqual(parts[0]);
  expect(await seen(1)).toEqual(order);
  expect(await seen(2)).not.toEqual(order);
});

test.each(optimizers)(
  "%s: a run that was stopped anywhere and resumed ends with the same bits",
  async (_, make) => {
    const source = streamOf(data, [70, 33, 47]);
    const options = (): StreamOptions => ({
      optimizer: make(),
      epochs: 3,
      batchSize: 20,
      validation: data,
      patience: 2,
    });
    const whole = await trainStream(wide(), source, options());
    expect(whole.steps).toBe(24);
    for (const cut of [1, 4, 8, 13, 23]) {
      const n = wide();
      const stop = new AbortController();
      let saved: TrainState | undefined;
      let parameters = n.parameters;
      const onCheckpoint = (state: TrainState): void => {
        saved = structuredClone(state);
        parameters = n.parameters.slice();
      };
      for await (const event of trainStreamEvents(n, source, {
        ...options(),
        stop: { signal: stop.signal },
        onCheckpoint,
      })) {
        if (event.event === "step" && event.step === cut) stop.abort();
      }
      // Whoever stops a run with patience gets the best parameters so far.
      n.parameters.set(parameters);
      const result = await trainStream(n, source, { ...options(), resume: saved! });
      expect({ ...result, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
    }
  },
);

test("the result's loss is the mean of what the last epoch's steps saw, and there are no metrics of the training rows", async () => {
  const epochs: number[] = [];
  let result: TrainResult | undefined;
  for await (const event of trainStreamEvents(narrow(), streamOf(data, [100, 50]), {
    epochs: 3,
    validation: data,
  })) {
    if (event.event === "epoch") epochs.push(event.loss);
    if (event.event === "result") result = event;
  }
  expect(result!.loss).toBe(epochs.at(-1));
  expect(result!.metrics).toEqual({});
  expect(Object.keys(result!.validation!)).toEqual(["loss", "accuracy"]);
  const cut = await trainStream(narrow(), streamOf(data, [100, 50]), { stop: { steps: 2 }, batchSize: 50 });
  expect(cut).toMatchObject({ reason: "steps", steps: 2, epochs: 0 });
  expect(cut.loss).toBeGreaterThan(0);
});

test("patience brings the best parameters back", async () => {
  const noisy = { ...data, y: Float32Array.from(data.y, (label, i) => (i % 3 === 0 ? 1 - label : label)) };
  const n = wide();
  const options: StreamOptions = {
    epochs: 60,
    validation: data,
    patience: 2,
    optimizer: adam({ learningRate: 0.05 }),
  };
  let lowest = Infinity;
  let result: TrainResult | undefined;
  for await (const event of trainStreamEvents(n, streamOf(noisy, [80, 70]), options)) {
    if (event.event === "epoch") lowest = Math.min(lowest, event.validation!.loss!);
    if (event.event === "result") result = event;
  }
  expect(result!.reason).toBe("patience");
  expect(result!.validation!.loss).toBe(lowest);
});

test("rows that may be missing leave the epochs shorter", async () => {
  const source = { ...streamOf(data, [100, 50]), rows: 160, atMost: true };
  const result = await trainStream(narrow(), source, { epochs: 2, batchSize: 25 });
  expect(result).toMatchObject({ reason: "epochs", epochs: 2, steps: 12 });
});

/** A stream whose second epoch is made by `blocks`. */
function faulty(blocks: (good: Dataset) => AsyncIterable<Dataset>): ExampleStream {
  const source = streamOf(data, [100, 50]);
  return { ...source, blocks: (epoch) => (epoch === 1 ? source.blocks(1) : blocks(data)) };
}

const faults: [string, ExampleStream, unknown, string][] = [
  [
    "ends early",
    faulty(async function* (good) {
      yield selectRows(good, [1, 2, 3]);
    }),
    DataError,
    "the stream ends after 3 of 150 rows in epoch 2, expected so many, as it says, since the steps are planned by them; give rows the number of rows of every epoch.",
  ],
  [
    "has more rows",
    faulty(async function* (good) {
      yield good;
      yield good;
    }),
    DataError,
    "the stream has more than 150 rows in epoch 2, expected so many, as it says, since the steps are planned by them; give rows the number of rows of every epoch.",
  ],
  [
    "changes its widths",
    faulty(async function* (good) {
      yield { ...good, inputs: 1, rows: 300 };
    }),
    ShapeError,
    "the stream's block 1 of epoch 2 has 1 inputs and 1 outputs a row, expected 2 and 1, as the stream says; give every block the same widths.",
  ],
  [
    "changes its kind of numbers",
    faulty(async function* (good) {
      yield { ...good, x: new Uint8Array(300) };
    }),
    DataError,
    "the stream's block 1 of epoch 2 has numbers of another kind (bytes, labels or scale) than the blocks before it, expected all alike; give every block the same kind of x and y.",
  ],
  [
    "fails in the middle",
    faulty(async function* (good) {
      yield selectRows(good, [1, 2, 3]);
      throw new Error("the disk is gone");
    }),
    DataError,
    "the stream's block 2 of epoch 2 could not be read, the disk is gone; mend the source of the stream, and resume from the last checkpoint or start anew.",
  ],
  [
    "has a number that is not finite",
    faulty(async function* (good) {
      yield { ...good, x: new Float32Array(300).fill(Number.NaN) };
    }),
    DataError,
    "dataset: x: row 0, column 0 (both from 0) is NaN",
  ],
];

test.each(faults)(
  "a stream that %s is refused by a typed error, and the network keeps what it has learned",
  async (_, source, kind, message) => {
    const n = narrow();
    const start = n.parameters.slice();
    const error = await trainStream(n, source, { epochs: 3 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toContain(message);
    expect(n.parameters.every(Number.isFinite)).toBe(true);
    expect(n.parameters).not.toEqual(start);
    // It is free for another run.
    await trainStream(n, streamOf(data, [150]), { epochs: 1 });
  },
);

const refused: [string, unknown, string][] = [
  [
    "the full batch",
    { batchSize: "full" },
    'trainStream: batchSize is "full", but the rows of a stream are never all there; pass a number of rows such as 32.',
  ],
  [
    "a method that needs all rows",
    { optimizer: lbfgs() },
    "trainStream: optimizer is lbfgs, which needs all rows in each step, but those of a stream are never all there; take adam or auto.",
  ],
  [
    "row weights",
    { rowWeights: [1] },
    "trainStream: rowWeights are given, but the rows of a stream are drawn by whoever makes its blocks; repeat rows there, or train in memory.",
  ],
  [
    "a share for validation",
    { validation: 0.1 },
    "trainStream: validation is 0.1, but no share can be split off a stream, whose rows pass; pass a dataset of other rows.",
  ],
];

test.each(refused)("%s is refused with the reason", async (_, options, message) => {
  const error = await trainStream(narrow(), streamOf(data, [150]), options as StreamOptions).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toBe(message);
});

test("a stream without blocks, without rows or of other widths is refused", async () => {
  const good = streamOf(data, [150]);
  const refuse = async (source: unknown): Promise<string> => {
    const error = await trainStream(narrow(), source as ExampleStream).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OptionError);
    return (error as Error).message;
  };
  expect(await refuse({ ...good, rows: 0 })).toContain("the stream has rows 0 and blocks, expected");
  expect(await refuse({ rows: 3 })).toContain("the stream has rows 3 and no blocks(epoch), expected");
  expect(await refuse({ ...good, inputs: 3 })).toBe(
    "trainStream: the stream has 3 inputs and 1 outputs a row, but the network has 2 and 1; make it for the stream.",
  );
  expect(await refuse({ ...good, async *blocks() {} })).toContain("the stream has no block in epoch 1");
});

test("the source is let go when training ends early, and by its error", async () => {
  let open = 0;
  const source = streamOf(data, [50, 50, 50]);
  const counted: ExampleStream = {
    ...source,
    async *blocks(epoch) {
      open++;
      try {
        yield* source.blocks(epoch);
      } finally {
        open--;
      }
    },
  };
  await trainStream(narrow(), counted, { stop: { steps: 1 } });
  await trainStream(narrow(), counted, { epochs: 2 });
  await trainStream(narrow(), { ...counted, rows: 100 }, { epochs: 2 }).catch(() => {});
  for await (const _ of trainStreamEvents(narrow(), counted)) break;
  expect(open).toBe(0);
});
