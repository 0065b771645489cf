/** Bad input of `explain`: each message whole, with its class. */
import { DataError, OptionError, ShapeError } from "talweg/core";
import { chain, type ExplainOptions, explain } from "talweg/explain";
import { dense, network } from "talweg/network";
import { expect, test } from "vitest";
import { thrown } from "../kernels/material.ts";

const n = network([dense(4, 3, "tanh"), dense(3, 2, "sigmoid")]);
const x = [0.1, 0.2, 0.3, 0.4];

test.each([
  ["of two numbers", [1, 2], "has 2 numbers"],
  ["of none", [], "has 0 numbers"],
  ["that is a row of rows", [x] as unknown as number[], "has 1 number"],
  ["that is a number", 0.5 as unknown as number[], "is 0.5"],
  ["that is missing", undefined as unknown as number[], "is undefined"],
])("an input %s is refused", (_, input, what) => {
  expect(thrown(() => explain(n, input))).toEqual({
    kind: ShapeError,
    message: `explain: input ${what}, expected 4, the inputs of layer 1; write one flat array such as [0.5, 0.5, 0.5, …].`,
  });
});

test("a target of another width than the outputs is refused", () => {
  expect(thrown(() => explain(n, x, { target: [1], loss: "huber" }))).toEqual({
    kind: ShapeError,
    message:
      "explain: target has 1 number, expected 2, the units of layer 2; write one flat array such as [0.5, 0.5].",
  });
});

test.each([NaN, Infinity, "0.5" as unknown as number])("%s among inputs or targets is refused", (wrong) => {
  expect(thrown(() => explain(n, [0, wrong, 0, 0]))).toEqual({
    kind: DataError,
    message: `explain: input has ${wrong} at place 1 (from 0), expected a finite number; fill the value in.`,
  });
  expect(thrown(() => explain(n, x, { target: [0, wrong], loss: "huber" }))).toEqual({
    kind: DataError,
    message: `explain: target has ${wrong} at place 1 (from 0), expected a finite number; fill the value in.`,
  });
});

test("a target that the loss cannot take is refused", () => {
  expect(thrown(() => explain(n, x, { target: [0, 2], loss: "binaryCrossEntropy" }))).toEqual({
    kind: DataError,
    message:
      "explain: target: row 0, column 1 (both from 0) is 2, but binaryCrossEntropy takes targets from 0 to 1; " +
      "give classes as 0 and 1, or take meanSquaredError.",
  });
});

const target = [0.5, 0.5];
const rows: [string, ExplainOptions, string, string][] = [
  [
    "no loss is known",
    { target },
    "loss",
    "explain: no loss is known, since the network was not trained and none is given; pass one, such as meanSquaredError.",
  ],
  [
    "the loss does not exist",
    { target, loss: "mse" as "huber" },
    "loss",
    'loss is "mse", expected one of sumOfSquares, meanSquaredError, binaryCrossEntropy, categoricalCrossEntropy, huber.',
  ],
  [
    "the loss does not go with the outputs",
    { target, loss: "categoricalCrossEntropy" },
    "loss",
    "loss categoricalCrossEntropy needs an output layer that is softmax or linear (linear outputs are taken as logits), " +
      "but the last layer is sigmoid; change it to softmax or take another loss.",
  ],
  [
    "a parameter has no target",
    { parameter: 0, loss: "huber" },
    "parameter",
    "explain: parameter is given without a target, but there is no loss without one; pass target, one number for each output.",
  ],
  [
    "a loss has no target",
    { loss: "huber" },
    "loss",
    "explain: loss is given without a target, but there is no loss without one; pass target, one number for each output.",
  ],
  [
    "the parameter does not exist",
    { target, loss: "huber", parameter: "W2[3,0]" },
    "parameter",
    "parameter W2[3,0] does not exist; layer 2 has weights W2[0..2, 0..1] and biases b2[0..1].",
  ],
  [
    "paths is no count",
    { target, loss: "huber", parameter: 0, paths: 1.5 },
    "paths",
    "paths is 1.5, expected a whole number from 0 to 10000, the paths to be listed; their sum has all of them anyway.",
  ],
  [
    "asPrinted has no parameter",
    { target, loss: "huber", asPrinted: true },
    "asPrinted",
    "explain: asPrinted is given without a parameter, whose factors it sets beside the source's; pass for example parameter W1[0,0].",
  ],
  [
    "asPrinted is asked of more than a chain",
    { target, loss: "sumOfSquares", parameter: 0, asPrinted: true },
    "asPrinted",
    "asPrinted goes with chains, one number in and one unit in each layer, as the source has; this network is 4-3-2; " +
      "take chain(), or leave asPrinted out.",
  ],
];

test.each(rows)("is refused where %s", (_, options, option, message) => {
  const { kind, message: text } = thrown(() => explain(n, x, options));
  expect({ kind, text }).toEqual({ kind: OptionError, text: message });
  let found: unknown;
  try {
    explain(n, x, options);
  } catch (error) {
    found = (error as OptionError).option;
  }
  expect(found).toBe(option);
});

test("asPrinted is refused with another loss than the source's", () => {
  const options: ExplainOptions = { target: [0.25], loss: "huber", parameter: 0, asPrinted: true };
  expect(thrown(() => explain(chain(), [0.5], options))).toEqual({
    kind: OptionError,
    message:
      "asPrinted goes with the source's loss, sumOfSquares, but the loss is huber; pass loss sumOfSquares, or leave asPrinted out.",
  });
});
