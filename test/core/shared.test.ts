/** Small rules that several rooms share: names of options, targets as numbers, the cost of squares. */
import {
  countedSquares,
  type LeastSquares,
  OptionError,
  predictedLabel,
  randomOrder,
  randomStream,
  requireNames,
  shuffledOrder,
  targetAt,
  targetLabel,
} from "talweg/core";
import { dense, givesLogits, network } from "talweg/network";
import { expect, test } from "vitest";

test("an option that does not exist is refused, with the name that was probably meant", () => {
  const names = ["epochs", "batchSize"];
  expect(() => requireNames("train", { epochs: 1 }, names)).not.toThrow();
  expect(() => requireNames("train", undefined, names)).not.toThrow();
  const check = (given: object) => () => requireNames("train", given, names);
  expect(check({ epoch: 1 })).toThrow(OptionError);
  expect(check({ epoch: 1 })).toThrow(
    "train has no option epoch (did you mean epochs?), expected some of epochs, batchSize; mend the name.",
  );
  expect(check({ rate: 1 })).toThrow(
    "train has no option rate, expected some of epochs, batchSize; mend the name.",
  );
});

test("a label is a row with a 1 at its place; the class of numbers is the place of the largest", () => {
  const labels = { y: Uint8Array.of(2, 0), outputs: 3 };
  const numbers = { y: Float32Array.of(0, 0, 1, 1, 0, 0), outputs: 3 };
  for (const row of [0, 1]) {
    for (const output of [0, 1, 2])
      expect(targetAt(labels, row, output)).toBe(targetAt(numbers, row, output));
    expect(targetLabel(labels, row)).toBe(targetLabel(numbers, row));
  }
  expect([targetAt(labels, 0, 2), targetAt(labels, 0, 1), targetLabel(labels, 0)]).toEqual([1, 0, 2]);
  expect(predictedLabel(Float32Array.of(1, 3, 3), 0, 3, 0.5)).toBe(1);
  expect([-1, 0].map((z) => predictedLabel(Float32Array.of(z), 0, 1, 0))).toEqual([0, 1]);
});

test("squares tell their cost, a Jacobian as many gradients as it says, and keep all that they say of themselves", () => {
  let rows = 4;
  const squares = (more: Partial<LeastSquares>): LeastSquares => ({
    get residuals() {
      return rows;
    },
    evaluate: () => undefined,
    ...more,
  });
  const spent: [number, number][] = [];
  const [w, r, jacobian] = [new Float64Array(2), new Float64Array(4), new Float64Array(8)];
  const dear = countedSquares(
    Object.defineProperty(squares({ gradientsPerJacobian: 3 }), "residuals", { get: () => rows }),
    (...cost) => spent.push(cost),
  );
  dear.evaluate(w, r);
  dear.evaluate(w, r, jacobian);
  countedSquares(squares({}), (...cost) => spent.push(cost)).evaluate(w, r, jacobian);
  expect(spent).toEqual([
    [1, 0],
    [0, 3],
    [0, 1],
  ]);
  expect(dear.gradientsPerJacobian).toBe(3);
  expect(dear.residuals).toBe(4);
  rows = 7;
  expect(dear.residuals).toBe(7);
});

test("shuffled rows are drawn from the stream of their seed and epoch", () => {
  expect(shuffledOrder(50, 3, 2)).toEqual(randomOrder(50, randomStream(3, "shuffle", 2)));
  expect(randomOrder(50, randomStream(3, "data", 2))).not.toEqual(shuffledOrder(50, 3, 2));
  expect([...randomOrder(50, randomStream(3, "data"))].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
});

test("a linear last layer under a cross-entropy gives logits, and nothing else does", () => {
  const last = (activation: "linear" | "sigmoid") => network([dense(1, 3), dense(3, 1, activation)]);
  expect(givesLogits(last("linear"), "binaryCrossEntropy")).toBe(true);
  expect(givesLogits(network([dense(1, 2)]), "categoricalCrossEntropy")).toBe(true);
  expect(givesLogits(last("linear"), "meanSquaredError")).toBe(false);
  expect(givesLogits(last("sigmoid"), "binaryCrossEntropy")).toBe(false);
  const trained = last("linear");
  expect(givesLogits(trained)).toBe(false);
  trained.metadata.loss = "binaryCrossEntropy";
  expect(givesLogits(trained)).toBe(true);
});
