import fc from "fast-check";
import { FormatError, mathematics64, NotFiniteError, OptionError, type Precision } from "talweg/core";
import { decodeOutputs, encodeRows, type Preprocessing } from "talweg/data";
import { toOnnx } from "talweg/formats";
import { activationNames } from "talweg/kernels";
import type { Network } from "talweg/network";
import { expect, test } from "vitest";
import { makeLayer, networkOf, thrownBy } from "./material.ts";
import { evaluateOnnx, readOnnx, type Value } from "./onnxReader.ts";
import { rowObjects, table, tableNetwork } from "./tableModel.ts";

/** Outputs of the file for rows of numbers. */
function onnxOutputs(n: Network, x: readonly number[][], bytes = toOnnx(n)): number[] {
  const input = { shape: [x.length, n.inputs], data: x.flat() };
  return evaluateOnnx(readOnnx(bytes), { input }).output!.data as number[];
}

function expectNear(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const scale = Math.max(1, Math.abs(wanted[i]!));
    expect(Math.abs(found[i]! - wanted[i]!) / scale, `number ${i}`).toBeLessThan(tolerance);
  }
}

test.each(activationNames)("a file of a network with %s computes what the network predicts", (name) => {
  const last = name === "softmax";
  const layers = [makeLayer(3, 5, last ? "tanh" : name), makeLayer(5, 4, last ? name : "linear")];
  const n = networkOf(layers, "float64", (i) => mathematics64.sin(i * 1.7) * 2);
  const x = Array.from({ length: 40 }, (_, r) => [r / 4 - 5, mathematics64.cos(r), 3 - r / 8]);
  // The file rounds parameters and constants to float32.
  expectNear(onnxOutputs(n, x), n.predict(x), 2e-6);
});

test("any network gives a graph that computes the same, with every name written once", () => {
  const widths = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 });
  const hidden = activationNames.filter((name) => name !== "softmax");
  const names = fc.array(fc.constantFrom(...hidden), { minLength: 4, maxLength: 4 });
  const precision = fc.constantFrom<Precision>("float32", "float64");
  fc.assert(
    fc.property(widths, names, precision, fc.integer({ min: 1, max: 1000 }), (sizes, activations, p, k) => {
      const layers = sizes.slice(1).map((units, i) => makeLayer(sizes[i]!, units, activations[i]));
      const n = networkOf(layers, p, (i) => mathematics64.sin(i * k + k));
      const x = Array.from({ length: 3 }, (_, r) => layers.map((_, c) => r - c / 3)).map((row) =>
        Array.from({ length: n.inputs }, (_, c) => row[c % row.length]!),
      );
      expectNear(onnxOutputs(n, x), n.predict(x), 2e-5);
    }),
    { numRuns: 60 },
  );
});

test("the file says its operators' version, its name, its shapes and the model's description", () => {
  const n = networkOf([makeLayer(2, 3, "relu"), makeLayer(3, 1)], "float32", (i) => i / 4);
  const model = readOnnx(toOnnx(n, { name: "small", opset: 15 }));
  expect(model.opset).toEqual(new Map([["", 15]]));
  expect(model.graphName).toBe("small");
  expect(model.inputs).toEqual([{ name: "input", type: "float", shape: ["rows", 2] }]);
  expect(model.outputs).toEqual([{ name: "output", type: "float", shape: ["rows", 1] }]);
  expect(model.nodes.map(({ operator }) => operator)).toEqual(["Gemm", "Relu", "Gemm"]);
  expect(JSON.parse(model.metadata.get("talweg")!)).toMatchObject({ version: 1, seed: 1 });
  expect(toOnnx(n)).toEqual(toOnnx(n));
});

/** The table of the model as the file wants it: numbers and days with NaN, texts with "". */
function onnxInputs(p: Preprocessing): Record<string, Value> {
  const day = (text: string): number =>
    Date.parse(text.includes(" ") ? text.replace(" ", "T") : text) / 864e5;
  const names = readOnnx(toOnnx(classes2)).inputs.map(({ name }) => name);
  return Object.fromEntries(
    p.columns.map(({ kind }, c) => {
      const data = table.columns[c]!.map((value) => {
        if (kind === "category" || kind === "boolean") return value === null ? "" : String(value);
        if (value === null) return Number.NaN;
        return kind === "date" ? day(String(value)) : Number(value);
      });
      return [names[c]!, { shape: [table.rows, 1], data }];
    }),
  );
}

const two = [{ name: "outcome", kind: "class" as const, classes: ["no", "yes"], weights: [1, 1] }];
const three = [{ name: "outcome", kind: "class" as const, classes: ["c", "a", "b"], weights: [1, 1, 2] }];
const prices = [
  { name: "price", kind: "number" as const, mean: 1250.5, deviation: 310 },
  { name: "probabilities", kind: "number" as const, mean: -2, deviation: 0.25 },
];
const classes2 = tableNetwork(two, 1, "sigmoid", "binaryCrossEntropy");

test.each([
  ["two classes", classes2],
  ["two classes by logits", tableNetwork(two, 1, "linear", "binaryCrossEntropy")],
  ["three classes", tableNetwork(three, 3, "softmax", "categoricalCrossEntropy")],
  ["three classes by logits", tableNetwork(three, 3, "linear", "categoricalCrossEntropy")],
])("raw rows go into the file of a model of a table and %s come out", (_, n) => {
  const p = n.metadata.preprocessing as Preprocessing;
  const model = readOnnx(toOnnx(n));
  expect(model.opset).toEqual(
    new Map([
      ["", 17],
      ["ai.onnx.ml", 2],
    ]),
  );
  // A column is called label, so the answer has to be called otherwise.
  expect(model.inputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
    "age double",
    "label string",
    "member string",
    "since double",
    "_2 double",
  ]);
  expect(model.outputs).toEqual([
    { name: "label_2", type: "string", shape: ["rows"] },
    {
      name: "probabilities",
      type: "float",
      shape: ["rows", (p.targets[0] as (typeof two)[0]).classes.length],
    },
  ]);
  const { label_2: label, probabilities } = evaluateOnnx(model, onnxInputs(p));
  const { x, refused } = encodeRows(p, table);
  expect(refused).toEqual([]);
  const wanted = decodeOutputs(p, shares(n, n.predict(x)), table.rows);
  expect(label!.data).toEqual(wanted.map(({ values }) => values.outcome));
  expectNear(
    probabilities!.data as number[],
    wanted.flatMap(({ probabilities: all }) => Object.values(all!)),
    1e-6,
  );
});

/** Probabilities where the outputs are logits. */
function shares(n: Network, outputs: Float32Array | Float64Array): Float32Array | Float64Array {
  if (n.layers.at(-1)!.activation !== "linear") return outputs;
  if (n.outputs === 1) return outputs.map((z) => 1 / (1 + Math.exp(-z)));
  const powers = Float64Array.from(outputs, Math.exp);
  return powers.map((power, i) => {
    const row = i - (i % n.outputs);
    return power / powers.slice(row, row + n.outputs).reduce((sum, other) => sum + other, 0);
  });
}

test("numbers come out of the file in the units of their columns, each under its name", () => {
  const n = tableNetwork(prices, 2, "linear");
  const p = n.metadata.preprocessing as Preprocessing;
  const model = readOnnx(toOnnx(n));
  expect(model.outputs.map(({ name, type }) => `${name} ${type}`)).toEqual([
    "price double",
    "probabilities double",
  ]);
  const found = evaluateOnnx(model, onnxInputs(p));
  const wanted = decodeOutputs(p, n.predict(encodeRows(p, table).x), table.rows);
  for (const { name } of prices) {
    expect(found[name]!.shape).toEqual([table.rows, 1]);
    expectNear(
      found[name]!.data as number[],
      wanted.map(({ values }) => values[name] as number),
      1e-6,
    );
  }
  expect(rowObjects(table)).toHaveLength(table.rows);
});

test.each([
  [{ opset: 12 }, OptionError, "toOnnx: opset is 12, expected a whole number from 13 to 21"],
  [{ opset: 22 }, OptionError, "toOnnx: opset is 22, expected"],
  [{ opset: 17.5 }, OptionError, "toOnnx: opset is 17.5, expected"],
  [{ name: "" }, OptionError, 'toOnnx: name is "", expected a text that is not empty'],
])("toOnnx refuses %o", (options, kind, message) => {
  const error = thrownBy(() => toOnnx(classes2, options));
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toContain(message);
});

test("toOnnx refuses parameters that are not finite or beyond float32, and names the layer", () => {
  const layers = [makeLayer(1, 1), makeLayer(1, 1)];
  const broken = thrownBy(() => toOnnx(networkOf(layers, "float32", (i) => (i === 2 ? Number.NaN : 1))));
  expect(broken).toBeInstanceOf(NotFiniteError);
  expect((broken as Error).message).toContain("layer 2: number 0 (from 0) of its weights is NaN");
  const large = thrownBy(() => toOnnx(networkOf(layers, "float64", (i) => (i === 1 ? 1e300 : 1))));
  expect(large).toBeInstanceOf(NotFiniteError);
  expect((large as Error).message).toContain(
    "layer 1: number 0 (from 0) of its biases is 1e+300, expected one that float32 holds",
  );
});

test("toOnnx refuses a preprocessing that is damaged or of another network", () => {
  const metadata = { ...classes2.metadata, preprocessing: { version: 2 } };
  const newer = thrownBy(() => toOnnx(networkOf([makeLayer(1, 1)], "float32", () => 1, metadata)));
  expect(newer).toBeInstanceOf(FormatError);
  expect((newer as Error).message).toContain("expected 1, the one that this library reads");
  const other = thrownBy(() => toOnnx(networkOf([makeLayer(2, 1)], "float32", () => 1, classes2.metadata)));
  expect(other).toBeInstanceOf(FormatError);
  expect((other as Error).message).toContain(
    "its preprocessing is for 11 inputs and 1 outputs, expected 2 and 1, those of its network",
  );
});
