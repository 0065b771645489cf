import fc from "fast-check";
import { FormatError, NotFiniteError, OptionError, type Precision } from "talweg/core";
import {
  fromJson,
  fromSafetensors,
  readSafetensors,
  toJson,
  toSafetensors,
  toTensor,
  writeSafetensors,
} from "talweg/formats";
import { dense, type Metadata, type Network, network } from "talweg/network";
import { expect, test } from "vitest";
import { bitsOf, makeLayer, networkOf, safetensorsFile, thrownBy } from "./material.ts";

const formats = [
  { name: "safetensors", roundTrip: (n: Network): Network => fromSafetensors(toSafetensors(n)) },
  { name: "JSON", roundTrip: (n: Network): Network => fromJson(toJson(n)) },
];

const layers = [makeLayer(2, 3, "tanh", 0.25), makeLayer(3, 1, "sigmoid")];
const small = (): Network =>
  networkOf(layers, "float32", (i) => i / 8 - 1, { seed: 5, loss: "binaryCrossEntropy" });

test("a model is a safetensors file with the contract's tensors and metadata, byte for byte", () => {
  const n = networkOf([makeLayer(1, 2, "relu")], "float32", (i) => i + 1, {
    seed: 1,
    options: { epochs: 3 },
  });
  const talweg =
    '{"version":1,"layers":[{"inputs":1,"units":2,"activation":"relu","init":"glorot","dropout":0}],"loss":null,"seed":1,"options":{"epochs":3}}';
  const header = JSON.stringify({
    __metadata__: { talweg },
    "layers.1.weights": { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
    "layers.1.biases": { dtype: "F32", shape: [2], data_offsets: [8, 16] },
  });
  const data = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
  expect(toSafetensors(n)).toEqual(safetensorsFile(header.padEnd(Math.ceil(header.length / 8) * 8), data));
});

test("the same network always gives the same bytes", () => {
  expect(toSafetensors(small())).toEqual(toSafetensors(small()));
  expect(toSafetensors(fromSafetensors(toSafetensors(small())))).toEqual(toSafetensors(small()));
});

const anyNetwork = fc
  .record({
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
    precision: fc.constantFrom<Precision>("float32", "float64"),
    seed: fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    numbers: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }),
    singles: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 }),
  })
  .map(({ widths, precision, seed, numbers, singles }) => {
    const made = widths.slice(1).map((units, i) => makeLayer(widths[i] as number, units, "tanh"));
    const source = precision === "float32" ? singles : numbers;
    return networkOf(made, precision, (i) => source[i % source.length] as number, { seed });
  });

test.each(formats)(
  "$name: save then load is the identity, bit by bit, in both precisions",
  ({ roundTrip }) => {
    fc.assert(
      fc.property(anyNetwork, (n) => {
        const back = roundTrip(n);
        expect(back.precision).toBe(n.precision);
        expect(back.layers).toEqual(n.layers);
        expect(back.metadata).toEqual(n.metadata);
        expect(bitsOf(back.parameters)).toBe(bitsOf(n.parameters));
      }),
    );
  },
);

test.each(formats)("$name: every class of float survives: -0, subnormals, the largest", ({ roundTrip }) => {
  const singles = [
    -0,
    0,
    1.401298464324817e-45,
    -1.1754942106924411e-38,
    3.4028234663852886e38,
    0.1,
    1 / 3,
    16777217,
  ];
  const doubles = [-0, 0, 5e-324, -2.2250738585072009e-308, Number.MAX_VALUE, 0.1, 1 / 3, 2 ** 53 + 2];
  for (const [precision, values] of [
    ["float32", singles],
    ["float64", doubles],
  ] as const) {
    const n = networkOf([makeLayer(7, 1)], precision, (i) => values[i] as number);
    expect(bitsOf(roundTrip(n).parameters), precision).toBe(bitsOf(n.parameters));
  }
});

test.each(formats)("$name: all metadata survive, with a seed of 64 bits", ({ roundTrip }) => {
  const metadata: Metadata = {
    loss: "categoricalCrossEntropy",
    seed: 2n ** 64n - 1n,
    classes: ["a", "b", "ключ"],
    preprocessing: {
      version: 1,
      inputs: 2,
      columns: [
        {
          name: "x",
          kind: "number",
          mean: -0,
          deviation: 0.1,
          fill: -0,
          indicator: true,
          least: -1,
          most: 1 / 3,
        },
      ],
      dropped: [{ name: "$id", reason: "an id" }],
      targets: [{ name: "y", kind: "class", classes: ["a", "b", "ключ"], weights: [1, 2, 0.1] }],
    },
    options: { stop: { loss: -Infinity }, learningRate: Number.NaN, $odd: 1, none: null, missing: undefined },
  };
  const n = networkOf([makeLayer(2, 3, "softmax")], "float32", (i) => i, metadata);
  const back = roundTrip(n).metadata;
  const { missing, ...options } = metadata.options as Record<string, unknown>;
  expect(missing).toBeUndefined();
  expect(back).toEqual({ ...metadata, options });
});

test("a network made from a seed predicts the same after it was saved", () => {
  const n = network([dense(2, 8, "tanh"), dense(8, 1)], { seed: 3 });
  expect(fromSafetensors(toSafetensors(n)).predict([[0.5, -1]])).toEqual(n.predict([[0.5, -1]]));
});

test("two names for one output are classes that can be saved", () => {
  const n = networkOf([makeLayer(1, 1, "sigmoid")], "float32", () => 0, { seed: 0, classes: ["no", "yes"] });
  expect(fromSafetensors(toSafetensors(n)).metadata.classes).toEqual(["no", "yes"]);
});

test.each([Number.NaN, Infinity, -Infinity])(
  "%d among the parameters is not saved, and its layer named",
  (bad) => {
    for (const save of [toSafetensors, toJson]) {
      const n = small();
      n.biases(2)[0] = bad;
      const error = thrownBy(() => save(n));
      expect(error).toBeInstanceOf(NotFiniteError);
      expect((error as NotFiniteError).layer).toBe(2);
      expect((error as NotFiniteError).message).toBe(
        `layer 2: number 0 (from 0) of its biases is ${bad}, expected a finite number, since a model with it predicts nothing; ` +
          "go back to the last good checkpoint, and train with a smaller learning rate or a line search.",
      );
    }
  },
);

test("metadata that could not be read again are not saved", () => {
  const classes = thrownBy(() =>
    toSafetensors(networkOf(layers, "float32", () => 0, { seed: 0, classes: ["a", "b", "c"] })),
  );
  expect(classes).toBeInstanceOf(FormatError);
  expect((classes as Error).message).toContain(
    `the network's metadata: classes is ["a","b","c"], expected a list of 1 or 2 names for 1 output`,
  );
  const options = { stop: { signal: new AbortController().signal } };
  const signal = thrownBy(() => toJson(networkOf(layers, "float32", () => 0, { seed: 0, options })));
  expect(signal).toBeInstanceOf(OptionError);
  expect((signal as Error).message).toBe(
    "options.stop.signal is a AbortSignal of class AbortSignal, expected plain data (numbers, texts, arrays, objects), " +
      "since nothing else survives a file; leave it out or turn it into plain data.",
  );
});

/** The small model with its metadata text changed and, where given, some of its tensors. */
function edited(
  edit: (talweg: string) => string,
  tensors: Parameters<typeof writeSafetensors>[0] = new Map(),
): Uint8Array {
  const file = readSafetensors(toSafetensors(small()));
  const talweg = edit(file.metadata.get("talweg") as string);
  return writeSafetensors(new Map([...file.tensors, ...tensors]), new Map([["talweg", talweg]]));
}

const changed = (from: string | RegExp, to: string): Uint8Array =>
  edited((text) => {
    expect(text).toMatch(from);
    return text.replace(from, to);
  });

const repair = "since the network is built from it; the file is damaged or edited: save or fetch it again.";

test.each<[string, () => Uint8Array, string]>([
  [
    "a newer version",
    () => changed('"version":1', '"version":2'),
    "metadata talweg: format version 2 is newer than this library reads (1), so its meaning is not known here; upgrade talweg.",
  ],
  [
    "no version",
    () => changed('"version":1', '"versio":1'),
    `metadata talweg: version is missing, expected 1, ${repair}`,
  ],
  [
    "no layers",
    () => changed(/"layers":\[.*\]/, '"layers":[]'),
    `metadata talweg: layers is [], expected a list of at least one layer, ${repair}`,
  ],
  [
    "a layer that is a number",
    () => changed(/"layers":\[/, '"layers":[7,'),
    "metadata talweg: layer 1 is 7, expected an object with inputs, units, activation, init and dropout",
  ],
  [
    "an unknown activation",
    () => changed("tanh", "constructor"),
    'metadata talweg: layer 1: dense: activation is "constructor", expected one of linear, sigmoid',
  ],
  [
    "an unknown start",
    () => changed("glorot", "toString"),
    'metadata talweg: layer 1: dense: init is "toString", expected one of he,',
  ],
  [
    "an activation that is no text",
    () => changed('"tanh"', "7"),
    `metadata talweg: layer 1: activation is 7, expected a name, ${repair}`,
  ],
  [
    "a width that is a text",
    () => changed('"units":3', '"units":"3"'),
    `metadata talweg: layer 1: units is "3", expected a number, ${repair}`,
  ],
  [
    "half a unit",
    () => changed('"units":3', '"units":3.5'),
    "metadata talweg: layer 1: dense: units is 3.5, expected a whole number",
  ],
  [
    "a dropout of 1",
    () => changed("0.25", "1"),
    "metadata talweg: layer 1: dense: dropout is 1, expected a share from 0 to below 1",
  ],
  [
    "softmax in the middle",
    () => changed("tanh", "softmax"),
    "metadata talweg: network: layer 1 of 2 is softmax",
  ],
  [
    "an unknown loss",
    () => changed("binaryCrossEntropy", "hinge"),
    'metadata talweg: loss is "hinge", expected one of sumOfSquares',
  ],
  [
    "a loss that is no text",
    () => changed('"binaryCrossEntropy"', "[]"),
    `metadata talweg: loss is [], expected the name of a loss or null, ${repair}`,
  ],
  [
    "a negative seed",
    () => changed('"seed":5', '"seed":-5'),
    "metadata talweg: seed is -5, expected a whole number from 0",
  ],
  [
    "a seed of words",
    () => changed('"seed":5', '"seed":"five"'),
    `metadata talweg: seed is "five", expected a whole number, or its digits as a text, ${repair}`,
  ],
  [
    "a seed beyond 64 bits",
    () => changed('"seed":5', '"seed":"18446744073709551616"'),
    "metadata talweg: seed is 18446744073709551616, expected a whole number from 0",
  ],
  [
    "classes that are no names",
    () => changed('"seed":5', '"seed":5,"classes":[1]'),
    `metadata talweg: classes is [1], expected a list of 1 or 2 names for 1 output, ${repair}`,
  ],
  [
    "options that are a list",
    () => changed('"options":null', '"options":[]'),
    `metadata talweg: options is [], expected an object or null, ${repair}`,
  ],
  [
    "a mark that nobody writes",
    () => changed('"options":null', '"options":{"$evil":1}'),
    'metadata talweg: options has the key "$evil", which marks a value that this library does not write; the file is damaged or newer: save it again or upgrade talweg.',
  ],
  ["a key twice", () => changed('"seed":5', '"seed":5,"seed":6'), 'metadata talweg has the key "seed" twice'],
  ["metadata that are no JSON", () => edited(() => "version 1"), "metadata talweg is not JSON: "],
  [
    "metadata that are a list",
    () => edited(() => "[]"),
    "metadata talweg is [], expected an object with version, layers and seed",
  ],
])("%s is refused", (_, make, message) => {
  const error = thrownBy(() => fromSafetensors(make()));
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).message).toContain(message);
});

const edit = "the file is damaged or edited: save or fetch it again.";

test.each<
  [string, string, ArrayBufferView & (Float32Array | Float64Array | Int32Array), readonly number[], string]
>([
  [
    "layers.1.weights",
    "a shape that differs",
    new Float32Array(6),
    [3, 2],
    `has shape [3, 2], expected [2, 3], as the metadata describe the layer; ${edit}`,
  ],
  [
    "layers.1.biases",
    "a rank that differs",
    new Float32Array(3),
    [1, 3],
    `has shape [1, 3], expected [3], as the metadata describe the layer; ${edit}`,
  ],
  [
    "layers.2.weights",
    "another precision",
    new Float64Array(3),
    [3, 1],
    `is F64, expected F32 as the first tensor, since all have one type; ${edit}`,
  ],
  [
    "layers.1.weights",
    "whole numbers",
    new Int32Array(6),
    [2, 3],
    `is I32, expected F32 or F64, the two precisions of a network; ${edit}`,
  ],
  [
    "layers.2.biases",
    "NaN",
    Float32Array.of(Number.NaN),
    [1],
    ": number 0 (from 0) is NaN, expected a finite number, since a model with it predicts nothing; the file is damaged or was not saved here: fetch it again.",
  ],
  [
    "layers.3.weights",
    "a layer too many",
    new Float32Array(1),
    [1, 1],
    "belongs to no layer, expected only the weights and biases of 2 layers; remove it from the file, or save the model again.",
  ],
])("tensor %s with %s is refused by its name", (name, _, values, shape, message) => {
  const error = thrownBy(() =>
    fromSafetensors(edited((text) => text, new Map([[name, toTensor(values, shape)]]))),
  );
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).message).toContain(`tensor "${name}"`);
  expect((error as FormatError).message).toContain(message);
  expect((error as FormatError).tensor).toBe(name);
});

test("a missing tensor and a file of another program are refused", () => {
  const { tensors, metadata } = readSafetensors(toSafetensors(small()));
  tensors.delete("layers.2.biases");
  const missing = thrownBy(() => fromSafetensors(writeSafetensors(tensors, metadata)));
  expect(missing).toBeInstanceOf(FormatError);
  expect((missing as FormatError).tensor).toBe("layers.2.biases");
  expect((missing as Error).message).toBe(
    `tensor "layers.2.biases" is missing, expected it with shape [1], as the metadata describe it; ${edit}`,
  );
  const foreign = thrownBy(() => fromSafetensors(writeSafetensors(tensors)));
  expect(foreign).toBeInstanceOf(FormatError);
  expect((foreign as Error).message).toBe(
    'the metadata have no key "talweg", expected the description of the network there; ' +
      "the file is of another program: describe it with layers, or read its tensors with readSafetensors.",
  );
});

test("a huge layer that the metadata promise is refused before anything is allocated", () => {
  const error = thrownBy(() =>
    fromSafetensors(changed(/"inputs":2,"units":3/, '"inputs":90000000000,"units":90000')),
  );
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).message).toContain("has shape [2, 3], expected [90000000000, 90000]");
});

test("keys that are not known yet are left alone", () => {
  expect(
    fromSafetensors(changed('"seed":5', '"seed":5,"later":{"__proto__":{"polluted":1}}')).metadata.seed,
  ).toBe(5);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
