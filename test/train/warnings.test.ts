/** What training warns of while it runs: the doctor's findings, each once, without changing a bit. */
import {
  adam,
  type Dataset,
  dense,
  gradientDescent,
  momentum,
  moons,
  type Network,
  network,
  parabola,
  selectRows,
  sine,
  type TrainEvent,
  type TrainOptions,
  type TrainState,
  trainEvents,
  type WarningEvent,
  xor,
} from "talweg";
import { expect, test } from "vitest";

async function collect(n: Network, data: Dataset, options: TrainOptions = {}): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of trainEvents(n, data, { report: "epoch", ...options })) events.push(event);
  return events;
}

const warnings = (events: readonly TrainEvent[]): WarningEvent[] =>
  events.filter((event) => event.event === "warning");

const codes = (events: readonly TrainEvent[]): string[] => warnings(events).map(({ code }) => code);

const tanh = (): Network => network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
const both = parabola({ interval: [-1, 1], rows: 200, seed: 2 });

/** A table with a constant column and one in thousands. */
function table(): Dataset {
  const rows = 100;
  const x = Float32Array.from({ length: 3 * rows }, (_, i) =>
    i % 3 === 0 ? 5 : i % 3 === 1 ? 2000 + (i % 97) : ((i * 7) % 19) / 10 - 1,
  );
  return { x, y: Float32Array.from({ length: rows }, (_, i) => (i % 7) / 7), rows, inputs: 3, outputs: 1 };
}

test("before the first step constant and unscaled inputs are told, with columns and numbers", async () => {
  const events = await collect(network([dense(3, 8, "leakyRelu"), dense(8, 1)]), table(), { epochs: 1 });
  expect(codes(events).slice(0, 2)).toEqual(["constant-feature", "unscaled-feature"]);
  expect(events[1]).toEqual({
    event: "warning",
    code: "constant-feature",
    level: "warning",
    message:
      "1 of 3 inputs is constant in 100 examples (column 0: 5), so that they tell no two examples apart; leave constant " +
      "columns out, or mend how they were read; their weights only act as a second bias.",
    numbers: { constant: 1, inputs: 3, rows: 100, values: [5] },
  });
});

test("before the first step targets out of reach are told, and classes out of balance", async () => {
  const far = await collect(
    network([dense(1, 8, "tanh"), dense(8, 1, "sigmoid")]),
    parabola({ rows: 100, interval: [-2, 2] }),
    { epochs: 1 },
  );
  expect(far[1]).toMatchObject({ event: "warning", code: "target-out-of-range", level: "error" });
  const all = moons({ rows: 400 });
  const rows = [...all.y.keys()].filter((i) => all.y[i] === 0 || i < 10);
  const rare = await collect(network([dense(2, 8, "tanh"), dense(8, 1, "sigmoid")]), selectRows(all, rows), {
    epochs: 1,
    loss: "binaryCrossEntropy",
  });
  expect(rare[1]).toMatchObject({ event: "warning", code: "class-imbalance", level: "warning" });
});

test("after an epoch dead ReLUs and a gradient that vanishes are told, each once for a layer and run", async () => {
  const n = network([dense(1, 8, "relu"), dense(8, 8, "relu"), dense(8, 1)], { seed: 1 });
  const biases = n.biases(2);
  for (let i = 0; i < 6; i++) biases[i] = -30;
  const dead = warnings(await collect(n, both, { epochs: 40 }));
  expect(dead.filter(({ layer }) => layer === 2)).toMatchObject([
    { code: "dead-relu", level: "warning", numbers: { units: 8 } },
  ]);
  expect(new Set(dead.map(({ code, layer }) => `${code} ${layer}`)).size).toBe(dead.length);
  const hidden = Array.from({ length: 9 }, () => dense(4, 4, "sigmoid"));
  const deep = network([dense(1, 4, "sigmoid"), ...hidden, dense(4, 1)], { seed: 1 });
  const events = await collect(deep, both, { epochs: 16 });
  expect(codes(events)).toContain("vanishing-gradient");
  const first = events.findIndex((event) => event.event === "warning");
  expect(events[first - 1]).toMatchObject({ event: "epoch", epoch: 1 });
});

const overfitting = (): [Network, Dataset, TrainOptions] => [
  network([dense(1, 40, "tanh"), dense(40, 40, "tanh"), dense(40, 1)], { seed: 1 }),
  sine({ rows: 30, noise: 0.5, seed: 3 }),
  { epochs: 400, batchSize: "full", validation: 0.4, seed: 2 },
];

test("over-fitting is told once, when the validation loss has stood far above its lowest for some epochs", async () => {
  const [n, data, options] = overfitting();
  const events = await collect(n, data, options);
  expect(codes(events)).toEqual(["over-fitting"]);
  const at = events.findIndex((event) => event.event === "warning");
  const { numbers } = events[at] as WarningEvent & { numbers: Record<string, number> };
  expect(numbers.validation).toBeGreaterThan(1.5 * numbers.lowest!);
  expect(events[at - 1]).toMatchObject({ event: "epoch", loss: numbers.training });
});

test("a run that was stopped and resumed warns of nothing twice, and of what the whole run warns of", async () => {
  const [n, data, options] = overfitting();
  const whole = warnings(await collect(n, data, options));
  const parts: WarningEvent[] = [];
  const [again] = overfitting();
  let saved: TrainState | undefined;
  for (const steps of [60, 200, 400]) {
    const resume = saved === undefined ? {} : { resume: saved };
    const onCheckpoint = (state: TrainState): void => {
      saved = structuredClone(state);
    };
    parts.push(
      ...warnings(await collect(again, data, { ...options, ...resume, stop: { steps }, onCheckpoint })),
    );
  }
  expect(parts).toEqual(whole);
  const start = { epochs: 4, batchSize: 50 };
  const made = network([dense(3, 8, "leakyRelu"), dense(8, 1)]);
  let state: TrainState | undefined;
  const first = await collect(made, table(), {
    ...start,
    stop: { steps: 3 },
    onCheckpoint: (given) => {
      state = structuredClone(given);
    },
  });
  expect(codes(first)).toContain("constant-feature");
  expect(codes(await collect(made, table(), { ...start, resume: state! }))).not.toContain("constant-feature");
});

test("what was spent on looking goes on counting in a resumed run, and a state that does not know it counts from 0", async () => {
  const states: TrainState[] = [];
  const onCheckpoint = (state: TrainState): void => {
    states.push(structuredClone(state));
  };
  const options: TrainOptions = { epochs: 4, batchSize: 50, checkpointEvery: 1, onCheckpoint };
  await collect(tanh(), both, options);
  const whole = states.at(-1)!.watched!.spent!;
  expect(whole).toBeGreaterThan(0);
  const n = tanh();
  await collect(n, both, { ...options, stop: { steps: 6 } });
  const resume = structuredClone(states.at(-1)!);
  const before = resume.watched!.spent!;
  const copy = structuredClone(resume);
  delete copy.watched!.spent;
  const model = n.parameters.slice();
  await collect(n, both, { ...options, resume });
  expect(states.at(-1)!.watched!.spent).toBe(whole);
  n.parameters.set(model);
  await collect(n, both, { ...options, resume: copy });
  expect([before > 0, states.at(-1)!.watched!.spent]).toEqual([true, whole - before]);
});

test("the best constant answer is looked for once in a run, however often the loss rises", async () => {
  const rows = 200;
  const x = Float32Array.from({ length: rows }, (_, i) => i / 100 - 1);
  const y = x.map((xi) => 3 * xi);
  let reads = 0;
  const data: Dataset = { x, y, rows, inputs: 1, outputs: 1 };
  Object.defineProperty(data, "y", {
    get: () => {
      reads++;
      return y;
    },
  });
  // Near the best line from the first, so that the losses that rise and fall are far below that of a constant.
  const n = network([dense(1, 1)], { seed: 1 });
  n.parameters.set([3.1, 0]);
  const optimizer = momentum({ learningRate: 0.05, momentum: 0.97 });
  const events = await collect(n, data, { optimizer, epochs: 60, batchSize: "full", kernels: "scalar" });
  const losses = events.flatMap((event) => (event.event === "epoch" ? [event.loss] : []));
  const rises = losses.filter((loss, i) => loss > 2 * Math.min(...losses.slice(0, i)));
  expect(rises.length).toBeGreaterThan(20);
  // Each epoch reads every target once, looking for that answer twice, and a few looks before the first step do so too.
  expect(reads).toBeLessThan((losses.length + 6) * rows);
});

test("a state of version 0.1.0, which remembers no warnings, goes on", async () => {
  const n = tanh();
  let saved: TrainState | undefined;
  const options: TrainOptions = { epochs: 4, batchSize: 50 };
  await collect(n, both, {
    ...options,
    stop: { steps: 6 },
    onCheckpoint: ({ watched: _, ...state }) => {
      saved = structuredClone(state);
    },
  });
  const events = await collect(n, both, { ...options, resume: saved! });
  expect(events.at(-1)).toMatchObject({ event: "result", epochs: 4 });
});

test.each<[string, () => Network, Dataset, TrainOptions]>([
  [
    "x² on [0, 1] by ReLU",
    () => network([dense(1, 16, "relu"), dense(16, 16, "relu"), dense(16, 1)]),
    parabola(),
    {},
  ],
  ["x² on [-1, 1] by tanh", tanh, both, { validation: 0.2, epochs: 60 }],
  ["sine", () => network([dense(1, 16, "relu"), dense(16, 16, "relu"), dense(16, 1)]), sine(), {}],
  ["xor", () => network([dense(2, 4, "tanh"), dense(4, 1, "sigmoid")], { seed: 1 }), xor(), { epochs: 300 }],
  [
    "moons",
    () => network([dense(2, 16, "relu"), dense(16, 1, "sigmoid")]),
    moons({ noise: 0.1 }),
    { validation: 0.2 },
  ],
  [
    "one example",
    tanh,
    parabola({ rows: 1 }),
    { optimizer: gradientDescent({ learningRate: 0.1 }), epochs: 3 },
  ],
])("healthy training is silent: %s", async (_name, make, data, options) => {
  expect(warnings(await collect(make(), data, options))).toEqual([]);
});

/** x² on [-1, 1] by gradient descent on all examples. */
const descent = (learningRate: number): TrainOptions => ({
  optimizer: gradientDescent({ learningRate }),
  batchSize: "full",
  epochs: 40,
});

test("a learning rate that crawls is told at the end, one that lets the loss rise when it rises, a good one and one that adapts never", async () => {
  const slow = await collect(tanh(), both, descent(1e-6));
  expect(codes(slow)).toEqual(["learning-rate-too-small"]);
  expect(slow.at(-2)).toMatchObject({ event: "warning", level: "warning", numbers: { learningRate: 1e-6 } });
  const fast = await collect(tanh(), both, descent(1.5));
  const at = fast.findIndex((event) => event.event === "warning");
  const told = fast[at] as WarningEvent;
  expect(told).toMatchObject({ code: "learning-rate-too-large", numbers: { learningRate: 1.5 } });
  expect(told.message).toMatch(
    /^by epoch \d+ the training loss rose from \S+ to \S+, and the learning rate 1\.5 of /,
  );
  const before = fast.slice(0, at).flatMap((event) => (event.event === "epoch" ? [event.loss] : []));
  expect(before.at(-1)).toBeGreaterThan(2 * Math.min(...before));
  expect(codes(await collect(tanh(), both, descent(0.1)))).toEqual([]);
  expect(
    codes(await collect(tanh(), both, { ...descent(1), optimizer: adam({ learningRate: 1e-8 }) })),
  ).toEqual([]);
});

test("a learning rate that crawls is told after a resume as in an unbroken run", async () => {
  const whole = warnings(await collect(tanh(), both, descent(1e-6)));
  const n = tanh();
  let saved: TrainState | undefined;
  const onCheckpoint = (state: TrainState): void => {
    saved = structuredClone(state);
  };
  const first = await collect(n, both, { ...descent(1e-6), stop: { steps: 15 }, onCheckpoint });
  expect(codes(first)).toEqual([]);
  expect(warnings(await collect(n, both, { ...descent(1e-6), resume: saved! }))).toEqual(whole);
});

test("where the inputs of a training lay is kept with the model, in plain data, for tables and not for images", async () => {
  const n = tanh();
  await collect(n, both, { epochs: 1 });
  const { low, high } = n.metadata.options!.inputRange as { low: number[]; high: number[] };
  expect([low, high]).toEqual([[Math.min(...both.x)], [Math.max(...both.x)]]);
  const wide = network([dense(65, 2, "tanh"), dense(2, 1)]);
  const x = Float32Array.from({ length: 650 }, (_, i) => ((i * 31) % 17) / 17);
  await collect(wide, { x, y: new Float32Array(10), rows: 10, inputs: 65, outputs: 1 }, { epochs: 1 });
  expect(wide.metadata.options).not.toHaveProperty("inputRange");
});
