/** Tables in, models out: how good they are without a choice, that they can be made again, and that odd tables are told from bad. */
import {
  crossValidateTable,
  DataError,
  fromSafetensors,
  OptionError,
  parametersSha256,
  predictTable,
  prepareTable,
  scoreTable,
  type Table,
  tableOptionsOf,
  toSafetensors,
  train,
  trainTable,
} from "talweg";
import { expect, test } from "vitest";
import { knownTable, mixed, tableOf } from "./tableMaterial.ts";

const iris = knownTable("iris");
const diabetes = knownTable("diabetes");
const quick = { epochs: 3, layers: [4], seed: 7 } as const;

test("iris, with nothing chosen, is told apart in 5 folds as well as scikit-learn's network does it", async () => {
  const { spread, pooled, rows } = await crossValidateTable(iris, { target: "species" });
  expect(rows).toBe(150);
  expect(spread[0]).toMatchObject({ name: "accuracy", folds: 5 });
  expect(spread[0]!.mean).toBeGreaterThan(0.96);
  expect(pooled).toMatchObject({ kind: "classes", classes: ["setosa", "versicolor", "virginica"] });
});

test("diabetes, with nothing chosen, is foretold in 5 folds better than by scikit-learn's network, in its own unit", async () => {
  const { spread } = await crossValidateTable(diabetes, { target: "progression" });
  const mean = (name: string): number => spread.find((score) => score.name === name)!.mean!;
  expect(mean("rSquared")).toBeGreaterThan(0.44);
  expect(mean("meanAbsoluteError")).toBeGreaterThan(35);
  expect(mean("meanAbsoluteError")).toBeLessThan(50);
  expect(spread[0]!.baseline).toBeLessThan(0.02);
});

test("the same table, options and seed give the same bits, and another seed gives others", async () => {
  const once = await trainTable(iris, { target: "species", ...quick });
  const again = await trainTable(iris, { target: "species", ...quick });
  const other = await trainTable(iris, { target: "species", ...quick, seed: 8 });
  expect(again.result.parametersSha256).toBe(once.result.parametersSha256);
  expect(other.result.parametersSha256).not.toBe(once.result.parametersSha256);
});

test("a model that was saved and loaded answers raw rows as before, and says how to make it again to the same bits", async () => {
  const options = {
    target: "species",
    types: { petal_width: "category" },
    drop: ["sepal_width"],
    classWeights: "balanced",
    activation: "relu",
    validation: 0.2,
    patience: 4,
    dropout: 0.1,
    penalty: 0.002,
    ...quick,
    seed: 12345678901234567890n,
  } as const;
  const { model } = await trainTable(iris, options);
  const loaded = fromSafetensors(toSafetensors(model));
  expect(predictTable(loaded, iris)).toEqual(predictTable(model, iris));
  expect(loaded.metadata.options!.table).toMatchObject({ rows: 150, trainingRows: 120, validationRows: 30 });
  const repeated = prepareTable(iris, tableOptionsOf(loaded));
  await train(repeated.model, repeated.data, repeated.options);
  expect(parametersSha256(repeated.model)).toBe(parametersSha256(model));
});

test("what was chosen is written into the model, so that defaults that change later change no repetition", () => {
  const { model, choices, notes, options } = prepareTable(iris, { target: "species", layers: [8] });
  const { table } = model.metadata.options as { table: Record<string, unknown> };
  expect(table).toMatchObject({ layers: [8], activation: "tanh", optimizer: "auto", validation: 0, seed: 0 });
  expect(table).toMatchObject({ epochs: options.epochs, penalty: options.penalty, batchSize: 32 });
  expect(JSON.parse(JSON.stringify(table))).toEqual(table);
  expect(choices.find(({ option }) => option === "layers")).toMatchObject({ chosen: false, value: "8" });
  expect(choices.find(({ option }) => option === "epochs")).toMatchObject({ chosen: true });
  expect(notes.join("\n")).toContain("layers 8 (given)");
});

test("from 5,000 rows on a tenth is watched, each class in its share, and two layers learn", () => {
  const rows = Array.from({ length: 5000 }, (_, i) => [mixed(i), i % 10 === 0 ? "rare" : "common"]);
  const { data, validation, options, model } = prepareTable(tableOf(["a", "kind"], rows), { target: "kind" });
  expect([data.rows, validation?.rows]).toEqual([4500, 500]);
  expect(options).toMatchObject({ patience: 5, epochs: 30 });
  expect(model.layers.map(({ units }) => units)).toEqual([64, 64, 1]);
  const rare = [...validation!.y].filter((y) => y === 1).length;
  expect(rare).toBe(50);
  expect([...data.kept, ...validation!.kept].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
});

test("patience asks for rows to watch, and gets a fifth of a small table", () => {
  const { validation, options } = prepareTable(iris, { target: "species", patience: 3 });
  expect(validation?.rows).toBe(30);
  expect(options).toMatchObject({ patience: 3, validation });
});

test("means and categories come from the training rows alone", () => {
  const rows = Array.from({ length: 40 }, (_, i) => [i * i, `c${i}`, mixed(i)]);
  const o = { target: "y", types: { c: "category" }, validation: 0.25 } as const;
  const { preprocessing, data } = prepareTable(tableOf(["x", "c", "y"], rows), o);
  const [x, c] = preprocessing.columns;
  const own = data.kept.map((row) => row * row);
  expect(x).toMatchObject({ mean: expect.closeTo(own.reduce((sum, v) => sum + v, 0) / 30, 6) });
  expect(c).toMatchObject({ values: data.kept.map((row) => `c${row}`).sort() });
});

test("rows that cannot be read are named by their place in the whole table and their line", () => {
  const rows: (string | number | null)[][] = Array.from({ length: 40 }, (_, i) => [String(mixed(i)), i % 7]);
  rows[11] = ["many", 3];
  rows[30] = ["1.5", null];
  const { refused, notes, data } = prepareTable(tableOf(["a", "y"], rows), { target: "y", validation: 0.3 });
  expect(refused).toMatchObject([
    { row: 11, line: 13, column: "a" },
    { row: 30, line: 32, column: "y", reason: "the target is missing" },
  ]);
  expect(notes.join("\n")).toContain('line 13, column "a", is left out');
  expect(data.kept).not.toContain(11);
});

test("columns may be called __proto__, as inputs and as targets", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => [mixed(i), i % 2 === 0 ? "even" : "odd", i % 5]);
  const named = tableOf(["__proto__", "constructor", "toString"], rows);
  const first = await trainTable(named, { target: "constructor", ...quick });
  expect(predictTable(first.model, named).answers[0]!.values.constructor).toMatch(/even|odd/);
  const types = JSON.parse('{"__proto__":"number"}') as Record<string, "number">;
  const { model } = await trainTable(named, { target: "__proto__", types, ...quick });
  const loaded = fromSafetensors(toSafetensors(model));
  expect(Object.entries(predictTable(loaded, named).answers[0]!.values)[0]).toEqual([
    "__proto__",
    expect.any(Number),
  ]);
  expect(Object.entries(tableOptionsOf(loaded).types!)).toEqual([["__proto__", "number"]]);
});

test("two targets of numbers are answered each in its own unit", async () => {
  const rows = Array.from({ length: 120 }, (_, i) => [mixed(i), 1000 + 50 * mixed(i), -mixed(i) / 1000]);
  const both = tableOf(["x", "far", "near"], rows);
  const { model } = await trainTable(both, { target: ["far", "near"] });
  const { answers } = predictTable(model, tableOf(["x"], [[5]]));
  expect(answers[0]!.values.far).toBeCloseTo(1250, -1);
  expect(answers[0]!.values.near).toBeCloseTo(-0.005, 3);
  const { scores } = scoreTable(model, both);
  expect(scores).toMatchObject({ kind: "numbers", targets: [{ name: "far" }, { name: "near" }] });
});

test("balanced classes shift the answers toward the rare one, and the weights are those of the training rows", async () => {
  const rows = Array.from({ length: 200 }, (_, i) => [
    mixed(i) + (i % 10 === 0 ? 2 : 0),
    i % 10 === 0 ? "rare" : "usual",
  ]);
  const uneven = tableOf(["x", "kind"], rows);
  const share = async (classWeights: "balanced" | "none"): Promise<number> => {
    const { model } = await trainTable(uneven, { target: "kind", classWeights, epochs: 20, layers: [] });
    const { answers } = predictTable(model, uneven);
    return answers.filter(({ values }) => values.kind === "rare").length / answers.length;
  };
  expect(await share("none")).toBeLessThan(0.15);
  expect(await share("balanced")).toBeGreaterThan(0.3);
  const { options, data } = prepareTable(uneven, { target: "kind", classWeights: "balanced" });
  expect([...new Set(data.kept.map((_, i) => options.rowWeights![i]))]).toEqual([5, 200 / 360]);
});

test("folds fit each fold on its own rows, also where classes are balanced, rows watched or a column empty in one", async () => {
  const rows = Array.from({ length: 60 }, (_, i) => [
    mixed(i),
    i === 3 ? "7" : null,
    i === 5 ? 2 : i % 2,
    i % 3 === 0 ? "a" : "b",
  ]);
  const odd = tableOf(["x", "once", "bits", "kind"], rows);
  const o = { target: "kind", classWeights: "balanced", validation: 0.2, ...quick } as const;
  const found = await crossValidateTable(odd, { ...o, types: { once: "number" }, folds: 4 });
  expect(found.folds.map((fold) => fold.trained)).toEqual([36, 36, 36, 36]);
  const again = await crossValidateTable(odd, { ...o, types: { once: "number" }, folds: 4 });
  expect(again.predictions).toEqual(found.predictions);
});

const one = tableOf(["a", "b"], [[1, 2]]);
const alike = tableOf(
  ["a", "kind"],
  Array.from({ length: 9 }, (_, i) => [mixed(i), "same"]),
);
const unknown = tableOf(
  ["a", "y"],
  Array.from({ length: 9 }, (_, i) => [mixed(i), null]),
);
const refusals: [string, Table, object, typeof DataError | typeof OptionError, RegExp][] = [
  ["of one row", one, { target: "b" }, DataError, /is always 2, expected at least two different numbers/],
  ["of one class", alike, { target: "kind" }, DataError, /expected at least two classes/],
  ["without a value of the target", unknown, { target: "y" }, DataError, /has no values in 9 rows/],
  ["without a target", iris, {}, OptionError, /towards a target, and none is named/],
  ["with a target that is not there", iris, { target: "specie" }, OptionError, /has no such column/],
  [
    "with a linear output for classes",
    iris,
    { target: "species", outputActivation: "linear" },
    OptionError,
    /expected "softmax"/,
  ],
  [
    "with softmax for numbers",
    diabetes,
    { target: "bmi", outputActivation: "softmax" },
    OptionError,
    /expected "linear"/,
  ],
  [
    "with a cross-entropy for numbers",
    diabetes,
    { target: "bmi", loss: "binaryCrossEntropy" },
    OptionError,
    /expected one of meanSquaredError/,
  ],
  [
    "with one output's loss for three classes",
    iris,
    { target: "species", loss: "binaryCrossEntropy" },
    OptionError,
    /expected one of categoricalCrossEntropy/,
  ],
  [
    "with softmax in between",
    iris,
    { target: "species", activation: "softmax" },
    OptionError,
    /for hidden layers/,
  ],
  [
    "with all rows watched",
    iris,
    { target: "species", validation: 1 },
    OptionError,
    /expected a share of the rows/,
  ],
  [
    "with layers that are no list",
    iris,
    { target: "species", layers: 64 },
    OptionError,
    /expected the units of the hidden layers/,
  ],
  ["with a run to resume", iris, { target: "species", resume: {} }, OptionError, /belongs to one run/],
];

test.each(refusals)("a table %s is refused with what was expected", (_, table, options, kind, message) => {
  const prepare = (): unknown => prepareTable(table, options as { target: string });
  expect(prepare).toThrow(kind);
  expect(prepare).toThrow(message);
});
