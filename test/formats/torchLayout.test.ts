import { readFileSync } from "node:fs";
import fc from "fast-check";
import { FormatError, OptionError, type Precision, ShapeError } from "talweg/core";
import {
  fromSafetensors,
  readSafetensors,
  type Tensor,
  tensorValues,
  torchModules,
  toSafetensors,
  toTensor,
  writeSafetensors,
} from "talweg/formats";
import { dense, type Layer, type Network } from "talweg/network";
import { expect, test } from "vitest";
import { bitsOf, makeLayer, networkOf, thrownBy } from "./material.ts";

const read = (file: string): Uint8Array => new Uint8Array(readFileSync(`test/reference/${file}`));
const { x, cases } = JSON.parse(readFileSync("test/reference/torch-layout.json", "utf8")) as {
  x: number[];
  cases: { file: string; output: number[] }[];
};

const deep: Layer[] = [
  dense(3, 5, "tanh"),
  dense(5, 4, "selu"),
  dense(4, 4, "gelu"),
  dense(4, 4, "silu"),
  dense(4, 5, "elu"),
  dense(5, 2, "softmax"),
];
const square = [dense(3, 3, "sigmoid"), dense(3, 3)];

test.each(cases)("$file, written by PyTorch, predicts what PyTorch predicts", ({ file, output }) => {
  const isDeep = file.includes("deep");
  const n = fromSafetensors(read(file), isDeep ? { layers: deep } : { layers: square, layout: "torch" });
  expect(n.precision).toBe(file.includes("f64") ? "float64" : "float32");
  // PyTorch computes in float64 here, from the numbers as they were stored.
  const tolerance = n.precision === "float64" ? 1e-14 : 1e-6;
  const found = n.predict(Float64Array.from(x));
  expect(found).toHaveLength(output.length);
  for (const [i, number] of output.entries()) expect(Math.abs(found[i]! - number)).toBeLessThan(tolerance);
});

test("a file with square weights alone does not say how they lie, so that it is asked for", () => {
  const file = cases.find((entry) => entry.file.includes("square"))!.file;
  const error = thrownBy(() => fromSafetensors(read(file), { layers: square }));
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toBe(
    "the weights are square in every layer ([3, 3], [3, 3]), so their shapes do not tell whether they lie as [out, in] or [in, out]; " +
      'pass layout: "torch" for a file from PyTorch, or "talweg" for [in, out].',
  );
  const turned = fromSafetensors(read(file), { layers: square, layout: "talweg" });
  const right = fromSafetensors(read(file), { layers: square, layout: "torch" });
  expect(turned.weights(1)[1]).toBe(right.weights(1)[3]);
});

/** A network with some description. */
function small(): Network {
  const layers = [makeLayer(2, 3, "tanh", 0.5), makeLayer(3, 3), makeLayer(3, 1, "sigmoid")];
  return networkOf(layers, "float32", (i) => i - 0.5, {
    seed: 7,
    loss: "binaryCrossEntropy",
    classes: ["a", "b"],
  });
}

test("in PyTorch's layout weights are [out, in] and numbered as the modules of nn.Sequential", () => {
  const n = small();
  expect(torchModules(n.layers)).toEqual([
    "Linear(2, 3)",
    "Tanh()",
    "Dropout(0.5)",
    "Linear(3, 3)",
    "Linear(3, 1)",
    "Sigmoid()",
  ]);
  const { tensors, metadata } = readSafetensors(toSafetensors(n, { layout: "torch" }));
  expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
    ["0.weight", [3, 2]],
    ["0.bias", [3]],
    ["3.weight", [3, 3]],
    ["3.bias", [3]],
    ["4.weight", [1, 3]],
    ["4.bias", [1]],
  ]);
  expect(metadata.get("format")).toBe("pt");
  const first = tensorValues(tensors.get("0.weight") as Tensor, "0.weight");
  expect([...first]).toEqual([-0.5, 2.5, 0.5, 3.5, 1.5, 4.5]);
});

test("any network comes back from PyTorch's layout with the same bits and description, whatever its names", () => {
  const widths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 14 });
  const number = fc.float({ noNaN: true, noDefaultInfinity: true });
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 13, maxLength: 13 });
  fc.assert(
    fc.property(
      widths,
      fc.array(number, { minLength: 1 }),
      fc.option(names),
      fc.constantFrom<Precision>("float32", "float64"),
      (sizes, numbers, given, precision) => {
        const layers = sizes
          .slice(1)
          .map((units, i) => makeLayer(sizes[i]!, units, i % 2 === 0 ? "relu" : "linear"));
        const n = networkOf(layers, precision, (i) => numbers[i % numbers.length]!, { seed: 5 });
        const used = given?.slice(0, layers.length);
        const bytes = toSafetensors(n, { layout: "torch", ...(used && { names: used }) });
        const back = fromSafetensors(bytes);
        expect(bitsOf(back.parameters)).toBe(bitsOf(n.parameters));
        expect(back.layers).toEqual(n.layers);
        expect(back.metadata).toEqual(n.metadata);
        expect(toSafetensors(back)).toEqual(toSafetensors(n));
      },
    ),
    { numRuns: 100 },
  );
});

const floats = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => i / 4);

test("weights that lie as [in, out] are read as well, and fc10 comes after fc2", () => {
  const pairs: [string, Tensor][] = [1, 2, 10].flatMap((k) => [
    [
      `model.fc${k}.kernel`,
      toTensor(floats(k === 10 ? 2 : k === 1 ? 6 : 4), k === 10 ? [2, 1] : k === 1 ? [3, 2] : [2, 2]),
    ],
    [`model.fc${k}.bias`, toTensor(floats(k === 10 ? 1 : 2))],
  ]);
  const layers = [dense(3, 2), dense(2, 2), dense(2, 1)];
  const n = fromSafetensors(writeSafetensors(new Map(pairs.reverse())), { layers });
  expect([...n.weights(1)]).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25]);
  expect(n.metadata).toEqual({ seed: 0 });
});

const linear = (name: string, shape: number[], bias = shape[0]!): [string, Tensor][] => [
  [`${name}.weight`, toTensor(floats(shape.reduce((a, b) => a * b, 1)), shape)],
  [`${name}.bias`, toTensor(floats(bias))],
];
const layers = [dense(3, 2), dense(2, 1)];

test("names pick the layers, in their order, out of a file that has more", () => {
  const tensors = new Map([...linear("out", [1, 2]), ...linear("in", [2, 3]), ...linear("other", [9, 9])]);
  const n = fromSafetensors(writeSafetensors(tensors), { layers, names: ["in", "out"] });
  expect(n.inputs).toBe(3);
});

test.each<[string, [string, Tensor][], object, new (...a: never[]) => Error, string]>([
  [
    "a shape that does not fit",
    [...linear("0", [2, 4]), ...linear("2", [1, 2])],
    {},
    FormatError,
    'tensor "0.weight" has shape [2, 4], expected [2, 3] ([out, in], as PyTorch has it) or [3, 2] ([in, out]) for layer 1, dense(3, 2); describe',
  ],
  [
    "a matrix that lies the other way",
    [...linear("0", [2, 3]), ...linear("2", [2, 1], 1)],
    {},
    FormatError,
    'tensor "2.weight" has shape [2, 1], expected [1, 2], since the weights lie as [out, in] for layer 2',
  ],
  [
    "a bias that does not fit",
    [...linear("0", [2, 3], 5), ...linear("2", [1, 2])],
    {},
    FormatError,
    'tensor "0.bias" has shape [5], expected [2]',
  ],
  [
    "a layer too many",
    [...linear("0", [2, 3]), ...linear("2", [1, 2]), ...linear("4", [1, 1])],
    {},
    FormatError,
    "the file has 3 weight tensors",
  ],
  [
    "something that is no dense layer",
    [...linear("0", [2, 3]), ...linear("2", [1, 2]), ["1.running_mean", toTensor(floats(2))]],
    {},
    FormatError,
    'tensor "1.running_mean" is neither the weights nor the bias of a dense layer',
  ],
  [
    "a name that is not there",
    linear("0", [2, 3]),
    { names: ["0", "two"] },
    FormatError,
    'tensor "two.weight" is missing, expected one for each of names; the file has "0.weight", "0.bias"',
  ],
  [
    "too few names",
    linear("0", [2, 3]),
    { names: ["0"] },
    OptionError,
    'names is ["0"], expected 2 different texts, one for each layer',
  ],
  [
    "no layers",
    linear("0", [2, 3]),
    { layers: [] },
    ShapeError,
    "fromSafetensors: layers is [], expected a list such as",
  ],
  [
    "another layout",
    linear("0", [2, 3]),
    { layout: "keras" },
    OptionError,
    'layout is "keras", expected "talweg"',
  ],
  [
    "whole numbers",
    [["0.weight", toTensor(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3])], ...linear("2", [1, 2])],
    {},
    FormatError,
    'tensor "0.weight" is I32, expected F64, F32, F16 or BF16',
  ],
  [
    "numbers that are not finite",
    [["0.weight", toTensor(new Float32Array(6).fill(Infinity), [2, 3])], ...linear("2", [1, 2])],
    {},
    FormatError,
    'tensor "0.weight": number 0 (from 0) is Infinity, expected a finite number',
  ],
])("a described file with %s is refused by name", (_, tensors, options, kind, message) => {
  const bytes = writeSafetensors(
    new Map([
      ...(tensors.length < 4 && "layout" in options ? [...tensors, ...linear("2", [1, 2])] : tensors),
    ]),
  );
  const error = thrownBy(() => fromSafetensors(bytes, { layers, ...options }));
  expect(error).toBeInstanceOf(kind);
  expect((error as Error).message).toContain(message);
});

test("numbers of F16 and BF16 are read as what they are, and infinite ones refused", () => {
  const layer = [dense(1, 1)];
  const words = new Float32Array(1);
  const wide = new Uint32Array(words.buffer);
  for (const dtype of ["F16", "BF16"]) {
    // Every exponent, and fractions of every length.
    for (let bits = 0; bits < 65536; bits += 257) {
      const weight: Tensor = { dtype, shape: [1, 1], data: Uint8Array.of(bits & 255, bits >> 8) };
      const bytes = writeSafetensors(new Map([["0.weight", weight]]));
      const exponent = (bits >> 10) & 31;
      const sign = bits >> 15 ? -1 : 1;
      const half =
        sign *
        (exponent === 0 ? (bits & 1023) * 2 ** -24 : (1 + (bits & 1023) / 1024) * 2 ** (exponent - 15));
      wide[0] = bits << 16;
      const wanted = dtype === "BF16" ? words[0]! : exponent === 31 ? Number.NaN : half;
      if (!Number.isFinite(wanted)) {
        expect(() => fromSafetensors(bytes, { layers: layer })).toThrow(FormatError);
        continue;
      }
      expect(fromSafetensors(bytes, { layers: layer }).weights(1)[0]).toBe(wanted);
    }
  }
});

test("a file in PyTorch's layout whose names are damaged is refused as a file", () => {
  const { tensors, metadata } = readSafetensors(toSafetensors(small(), { layout: "torch" }));
  const text = metadata.get("talweg")!.replace('"names":["0","3","4"]', '"names":["0","3"]');
  const error = thrownBy(() => fromSafetensors(writeSafetensors(tensors, new Map([["talweg", text]]))));
  expect(error).toBeInstanceOf(FormatError);
  expect((error as Error).message).toContain(
    'metadata talweg: names is ["0","3"], expected 3 different texts',
  );
});

test("names belong to PyTorch's layout alone", () => {
  const error = thrownBy(() => toSafetensors(small(), { names: ["a", "b", "c"] }));
  expect(error).toBeInstanceOf(OptionError);
  expect((error as Error).message).toContain(
    'expected none in our own layout, whose names are fixed; add layout: "torch"',
  );
});
