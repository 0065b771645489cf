/** Permutation importance: it finds what matters, says about 0 of noise, and leaves the network alone. */
import {
  DataError,
  type Dataset,
  dense,
  type Importances,
  type Network,
  NotFiniteError,
  network,
  OptionError,
  permutationImportance,
  randomStream,
  train,
} from "talweg";
import { expect, test } from "vitest";

/** y = 2 x2 + x0, while x1 and x3 are noise; `[rows, 4]`. */
function planted(rows: number, seed: number): Dataset {
  const { normal } = randomStream(seed, "data");
  const x = Float64Array.from({ length: rows * 4 }, (_, i) => normal(i));
  const y = Float64Array.from({ length: rows }, (_, row) => 2 * x[row * 4 + 2]! + x[row * 4]!);
  return { x, y, rows, inputs: 4, outputs: 1 };
}

/** The linear network that is exactly that function. */
function exact(): Network {
  const n = network([dense(4, 1)], { seed: 9, precision: "float64" });
  n.parameters.set([1, 0, 2, 0, 0]);
  return n;
}

const data = planted(200, 1);
const names = (found: Importances): string[] => found.inputs.map(({ name }) => name);

test("the planted columns come first, in their order, and those without weight are exactly 0", async () => {
  const found = await permutationImportance(exact(), data, { loss: "meanSquaredError" });
  expect(names(found)).toEqual(["column 2", "column 0", "column 1", "column 3"]);
  expect(found.metric).toEqual({ name: "rSquared", value: 1 });
  expect([found.loss, found.rows, found.repeats, found.seed]).toEqual([0, 200, 5, 9]);
  for (const { loss, metric } of found.inputs.slice(2)) {
    expect([loss, metric]).toEqual([
      { mean: 0, deviation: 0 },
      { mean: 0, deviation: 0 },
    ]);
  }
  // Two independent draws of a column of variance v differ by 2 v in the mean square.
  expect(found.inputs[0]!.loss.mean! / 8).toBeCloseTo(1, 0);
  expect(found.inputs[1]!.loss.mean! / 2).toBeCloseTo(1, 0);
  expect(found.inputs[0]!.metric.mean).toBeGreaterThan(found.inputs[1]!.metric.mean!);
  expect(found.inputs[0]!.loss.deviation).toBeGreaterThan(0);
});

test("a trained network's noise columns cost about nothing on examples that it has not seen", async () => {
  const n = network([dense(4, 8, "tanh"), dense(8, 1)], { seed: 2, precision: "float64" });
  await train(n, data, { epochs: 60 });
  const before = Array.from(n.parameters);
  const found = await permutationImportance(n, planted(300, 2));
  expect(names(found).slice(0, 2)).toEqual(["column 2", "column 0"]);
  for (const { loss } of found.inputs.slice(2)) {
    expect(Math.abs(loss.mean!)).toBeLessThan(0.05 * found.inputs[1]!.loss.mean!);
  }
  expect(Array.from(n.parameters)).toEqual(before);
});

test("inputs of one group are shuffled together, so that what they say of each other is kept", async () => {
  const rows = 100;
  const x = Float64Array.from({ length: rows * 2 }, (_, i) => Math.floor(i / 2) / rows);
  const same = { x, y: new Float64Array(rows), rows, inputs: 2, outputs: 1 };
  const n = network([dense(2, 1)], { seed: 1, precision: "float64" });
  // The difference of two equal columns: 0 as long as each row keeps both.
  n.parameters.set([1, -1, 0]);
  const groups = [
    { name: "both", from: 0, to: 2 },
    { name: "__proto__", from: 0, to: 1 },
  ];
  const found = await permutationImportance(n, same, { groups, loss: "meanSquaredError", repeats: 3 });
  expect(names(found)).toEqual(["__proto__", "both"]);
  expect(found.inputs[1]!.loss).toEqual({ mean: 0, deviation: 0 });
  expect(found.inputs[0]!.loss.mean).toBeGreaterThan(0.1);
  expect(found.inputs[0]).toMatchObject({ from: 0, to: 1 });
});

test("classes are measured by accuracy, and bytes are shuffled as they are", async () => {
  const { word } = randomStream(3, "data");
  const rows = 120;
  const x = Uint8Array.from({ length: rows * 3 }, (_, i) => word(i) & 255);
  const y = Uint8Array.from({ length: rows }, (_, row) => (x[row * 3 + 1]! > 127 ? 1 : 0));
  const set: Dataset = { x, y, rows, inputs: 3, outputs: 2, scale: 1 / 255, classes: ["dark", "light"] };
  const kept = x.slice();
  const n = network([dense(3, 8, "tanh"), dense(8, 2, "softmax")], { seed: 1 });
  await train(n, set, { epochs: 60 });
  const found = await permutationImportance(n, set, { seed: 5n });
  expect(found.metric.name).toBe("accuracy");
  expect(found.seed).toBe("5");
  expect(found.inputs[0]!.name).toBe("column 1");
  expect(found.inputs[0]!.metric.mean).toBeGreaterThan(0.3);
  expect(x).toEqual(kept);
});

test("the same seed gives the same bits, another one others, and the result survives JSON", async () => {
  const loss = "meanSquaredError";
  const [one, again, other] = await Promise.all(
    [1, 1, 2].map((seed) => permutationImportance(exact(), data, { seed, loss })),
  );
  expect(JSON.stringify(again)).toBe(JSON.stringify(one));
  expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  expect(other!.inputs[0]!.loss).not.toEqual(one!.inputs[0]!.loss);
});

test("one shuffle has no deviation", async () => {
  const { inputs } = await permutationImportance(exact(), data, { repeats: 1, loss: "meanSquaredError" });
  expect(inputs[0]!.loss.deviation).toBeNull();
});

test("what cannot be shuffled or compared is refused with a remedy", async () => {
  const refusal = async (
    run: Promise<unknown>,
    kind: new (...args: never[]) => Error,
    text: RegExp,
  ): Promise<void> => {
    const error = await run.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(text);
  };
  const loss = "meanSquaredError";
  await refusal(
    permutationImportance(exact(), data, { repeats: 0, loss }),
    OptionError,
    /^repeats is 0, expected a whole number from 1 up, .* pass for example 5\.$/,
  );
  await refusal(
    permutationImportance(exact(), data, { repeat: 3, loss } as object),
    OptionError,
    /^permutationImportance has no option repeat \(did you mean repeats\?\), expected some of repeats, seed, groups, loss; mend the name\.$/,
  );
  for (const [from, to] of [
    [3, 5],
    [-1, 1],
    [2, 2],
    [0.5, 1],
  ] as const) {
    await refusal(
      permutationImportance(exact(), data, { groups: [{ name: "age", from, to }], loss }),
      OptionError,
      /^groups: "age" goes from input .* to before .*, expected at least one input and none beyond the 4 of the network; count inputs from 0\.$/,
    );
  }
  await refusal(
    permutationImportance(exact(), planted(1, 1), { loss }),
    DataError,
    /^permutationImportance: there is 1 example, expected at least 2/,
  );
  const wild = exact();
  wild.parameters.fill(1e200);
  await refusal(
    permutationImportance(wild, data, { loss }),
    NotFiniteError,
    /^permutationImportance: the loss is Infinity before anything is shuffled/,
  );
});
