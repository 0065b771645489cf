import {
  adam,
  DataError,
  dense,
  evaluate,
  gradientDescent,
  network,
  type Optimizer,
  OptionError,
  parabola,
  perturb,
  ShapeError,
  type Stop,
  type TrainOptions,
  train,
} from "talweg";
import { expect, test } from "vitest";

const data = parabola({ rows: 10, seed: 1 });
const regression = () => network([dense(1, 2, "tanh"), dense(2, 1)]);

const refused: [string, TrainOptions, string][] = [
  [
    "epochs 0",
    { epochs: 0 },
    "epochs is 0, expected a number of passes such as 30, a whole number of at least 1.",
  ],
  [
    "epochs 1.5",
    { epochs: 1.5 },
    "epochs is 1.5, expected a number of passes such as 30, a whole number of at least 1.",
  ],
  [
    "batch size 0",
    { batchSize: 0 },
    'batchSize is 0, expected a number of rows such as 32, or "full", a whole number of at least 1.',
  ],
  ["clip norm 0", { clipNorm: 0 }, "clipNorm is 0, expected a norm above 0 such as 1."],
  ["clip value 0", { clipValue: 0 }, "clipValue is 0, expected a size above 0 such as 0.5."],
  [
    "negative penalty",
    { penalty: -1 },
    "penalty is -1, expected a number from 0 up; 0 means no weight decay.",
  ],
  [
    "patience without validation",
    { patience: 3 },
    "patience is 3, but there are no validation examples to watch; pass validation, such as 0.1.",
  ],
  [
    "unknown metric",
    { metrics: ["f1"] },
    'metrics has "f1", expected names out of accuracy, meanAbsoluteError, rSquared.',
  ],
  [
    "no threads",
    { threads: 0 },
    "threads is 0, expected a whole number from 1 to 16; leave it away for as many as pay.",
  ],
  [
    "unknown kernels",
    { kernels: "gpu" as "simd" },
    'kernels is "gpu", expected "auto", "scalar" or "simd"; leave the option away for the fastest.',
  ],
  [
    "negative seed",
    { seed: -1 },
    "seed is -1, expected a whole number from 0 to 2^53 - 1 (or a bigint below 2^64); pass for example 1.",
  ],
  [
    "a learning rate of train's own",
    { learningRate: 0.1 } as TrainOptions,
    "train has no option learningRate; give it to the optimizer, such as adam({ learningRate: 0.001 }).",
  ],
  [
    "an optimizer by name",
    { optimizer: "adam" as unknown as Optimizer },
    'optimizer is "adam", expected one such as adam({ learningRate: 0.001 }) or auto(); call its factory.',
  ],
  [
    "clipping under a search",
    { clipNorm: 1 },
    "clipNorm is 1, but auto searches its step along the gradient, whose slope a clipped one would misstate; " +
      "leave clipNorm away, or take adam, momentum or gradientDescent with a rate.",
  ],
  [
    "clipping values under a search",
    { clipValue: 1 },
    "clipValue is 1, but auto searches its step along the gradient, whose slope a clipped one would misstate; " +
      "leave clipValue away, or take adam, momentum or gradientDescent with a rate.",
  ],
  [
    "clipping where there is no gradient",
    { clipNorm: 1, optimizer: perturb() },
    "clipNorm is 1, but perturb only guesses and takes no gradient that could be clipped; leave clipNorm away.",
  ],
  [
    "clipping in two ways",
    { clipNorm: 1, clipValue: 0.5, optimizer: adam() },
    "clipNorm is 1 and clipValue is 0.5, expected one of them, since a gradient is clipped in one way; leave the other away.",
  ],
  [
    "a stop that is none",
    { stop: null as unknown as Stop },
    "stop is null, expected an object such as { loss: 0.001 }.",
  ],
  ["a loss that does not go with the output", { loss: "categoricalCrossEntropy" }, "MATCHES"],
];

test.each(refused)("%s is refused with a message that mends it", async (name, options, message) => {
  const n = name.startsWith("a loss") ? network([dense(1, 2, "tanh"), dense(2, 1, "tanh")]) : regression();
  const error = await train(n, data, options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(OptionError);
  const wanted =
    message === "MATCHES"
      ? "loss categoricalCrossEntropy needs an output layer that is softmax or linear (linear outputs are taken as logits), " +
        "but the last layer is tanh; change it to softmax or take another loss."
      : message;
  expect((error as Error).message).toBe(wanted);
});

test("a learning rate of 0 or below is refused", () => {
  expect(() => gradientDescent({ learningRate: 0 })).toThrow(OptionError);
  expect(() => gradientDescent({ learningRate: 0 })).toThrow(/learningRate is 0, expected/);
  expect(() => gradientDescent({ learningRate: -0.1 })).toThrow(/learningRate is -0.1, expected/);
});

test("rows that do not fit are refused with their numbers", async () => {
  await expect(train(regression(), { x: [[1, 2]], y: [[1]] })).rejects.toThrow(ShapeError);
  await expect(train(regression(), { x: [[1, 2]], y: [[1]] })).rejects.toThrow(
    /row 0 has 2 numbers, expected 1/,
  );
  await expect(train(regression(), { x: [[1], [2]], y: [[1]] })).rejects.toThrow(/x has 2 rows and y 1/);
  await expect(train(regression(), { x: [], y: [] })).rejects.toThrow(DataError);
  await expect(train(regression(), { x: [], y: [] })).rejects.toThrow(/0 rows/);
});

test("NaN in the data is refused with row and column", async () => {
  const n = network([dense(2, 1)]);
  const error = await train(n, {
    x: [
      [0, 1],
      [2, NaN],
    ],
    y: [[0], [1]],
  }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DataError);
  expect(error).toMatchObject({ row: 1, column: 1 });
  expect((error as Error).message).toMatch(
    /row 1, column 1 \(both from 0\) is NaN, expected a finite number/,
  );
});

test("labels out of range are refused with their row", async () => {
  const n = network([dense(1, 3, "softmax")]);
  const bad = { x: Float32Array.of(0, 1), y: Uint8Array.of(2, 3), rows: 2, inputs: 1, outputs: 3 };
  await expect(train(n, bad)).rejects.toThrow(DataError);
  await expect(train(n, bad)).rejects.toThrow(/label 3/);
});

test("targets outside of 0 to 1 are refused by cross-entropies", async () => {
  const n = network([dense(1, 1, "sigmoid")]);
  await expect(train(n, { x: [[0], [1]], y: [[0], [2]] }, { loss: "binaryCrossEntropy" })).rejects.toThrow(
    "y: row 1, column 0 (both from 0) is 2, but binaryCrossEntropy takes targets from 0 to 1; give classes as 0 and 1, or take meanSquaredError.",
  );
});

test("targets of validation examples are looked at before the first step", async () => {
  const n = network([dense(1, 1, "sigmoid")]);
  const before = n.parameters.slice();
  const validation = { x: Float32Array.of(1), y: Float32Array.of(5), rows: 1, inputs: 1, outputs: 1 };
  const run = train(n, { x: [[0], [1]], y: [[0], [1]] }, { loss: "binaryCrossEntropy", validation });
  await expect(run).rejects.toThrow(
    /^validation: y: row 0, column 0 \(both from 0\) is 5, but binaryCrossEntropy/,
  );
  expect(n.parameters).toEqual(before);
});

test("examples without targets are refused by name", async () => {
  await expect(train(regression(), { x: [[1]] } as never)).rejects.toThrow(
    "train: the examples have no y; pass a dataset such as parabola(), or { x, y } with one row an example in each.",
  );
});

test("the threshold of two classes is that of the loss in force: 0 for logits", () => {
  const n = network([dense(1, 1)], { precision: "float64" });
  n.parameters.set([1, -0.25]);
  const y = Float64Array.of(0, 1);
  const two = { x: Float64Array.of(0, 0.5), y, rows: 2, inputs: 1, outputs: 1, classes: ["no", "yes"] };
  expect(evaluate(n, two, { loss: "binaryCrossEntropy" }).metrics.accuracy).toBe(1);
  expect(evaluate(n, two, { loss: "meanSquaredError" }).metrics.accuracy).toBe(0.5);
});

test("evaluate needs a loss where the network was never trained", () => {
  expect(() => evaluate(regression(), data)).toThrow(
    'evaluate: the network has no loss, since it was not trained; pass one, such as { loss: "meanSquaredError" }.',
  );
});

test("accuracy and confusion count classes, with one output as with many", () => {
  const n = network([dense(1, 1, "sigmoid")], { precision: "float64" });
  n.parameters.set([1, 0]);
  const y = Float64Array.of(1, 0, 1, 0);
  const two = { x: Float64Array.of(2, 3, -1, -2), y, rows: 4, inputs: 1, outputs: 1, classes: ["no", "yes"] };
  expect(evaluate(n, two, { loss: "binaryCrossEntropy" })).toMatchObject({
    metrics: { accuracy: 0.5 },
    confusion: [
      [1, 1],
      [1, 1],
    ],
  });
  const three = network([dense(1, 3, "softmax")], { precision: "float64" });
  three.parameters.set([-1, 0, 1, 0, 0.5, 0]);
  const labels = { x: Float64Array.of(-2, 0, 2), y: Uint8Array.of(0, 1, 1), rows: 3, inputs: 1, outputs: 3 };
  expect(evaluate(three, labels, { loss: "categoricalCrossEntropy" }).confusion).toEqual([
    [1, 0, 0],
    [0, 1, 1],
    [0, 0, 0],
  ]);
});

test("rSquared is 1 for the truth and 0 for the mean", () => {
  const n = network([dense(1, 1)], { precision: "float64" });
  const line = { x: Float64Array.of(1, 2, 3), y: Float64Array.of(1, 2, 3), rows: 3, inputs: 1, outputs: 1 };
  const metrics = ["rSquared", "meanAbsoluteError"];
  n.parameters.set([1, 0]);
  expect(evaluate(n, line, { loss: "meanSquaredError", metrics }).metrics).toEqual({
    rSquared: 1,
    meanAbsoluteError: 0,
  });
  n.parameters.set([0, 2]);
  expect(evaluate(n, line, { loss: "meanSquaredError", metrics }).metrics).toEqual({
    rSquared: 0,
    meanAbsoluteError: 2 / 3,
  });
});

test("targets may be labels beside plain rows, with names of the classes", async () => {
  const n = network([dense(1, 8, "relu"), dense(8, 3, "softmax")], { seed: 2 });
  const x = Array.from({ length: 90 }, (_, i) => [i / 45 - 1]);
  const y = Uint8Array.from({ length: 90 }, (_, i) => Math.floor(i / 30));
  const examples = { x, y, classes: ["low", "middle", "high"] };
  const result = await train(n, examples, { epochs: 100, validation: examples });
  expect(result.metrics.accuracy).toBeGreaterThan(0.9);
  expect(result.validation!.accuracy).toBe(result.metrics.accuracy);
  expect(n.metadata.classes).toEqual(["low", "middle", "high"]);
  const { confusion, rows } = evaluate(n, { x, y });
  expect(rows).toBe(90);
  expect(confusion!.flat().reduce((sum, count) => sum + count)).toBe(90);
  const oneHot = Array.from(y, (label) => [0, 1, 2].map((j) => (j === label ? 1 : 0)));
  expect(evaluate(n, { x, y: oneHot }).metrics.accuracy).toBe(result.metrics.accuracy);
  await expect(train(n, { x, y: y.subarray(1) })).rejects.toThrow(/y has 89 .*expected 90/);
});

test("one output is no set of classes: softmax of one unit would always be right", async () => {
  expect(() => network([dense(1, 1, "softmax")])).toThrow(
    "network: layer 1 is softmax with one unit, which is always 1; take sigmoid, or one unit for each class.",
  );
  await expect(train(network([dense(1, 1)]), data, { loss: "categoricalCrossEntropy" })).rejects.toThrow(
    "loss categoricalCrossEntropy needs one output for each class, but the last layer has one unit, whose share is always 1; " +
      "take binaryCrossEntropy.",
  );
});

test("a network in training is not trained a second time at once", async () => {
  const n = regression();
  const first = train(n, data, { epochs: 3 });
  await expect(train(n, data, { epochs: 3 })).rejects.toThrow(
    "train: this network is in training already; wait for that run, or train a copy.",
  );
  await first;
  await expect(train(n, data, { epochs: 1 })).resolves.toMatchObject({ reason: "epochs" });
});
