import { FormatError } from "talweg/core";
import { fromJson, toJson } from "talweg/formats";
import { expect, test } from "vitest";
import { makeLayer, networkOf, thrownBy } from "./material.ts";

const layers = [makeLayer(2, 2, "tanh"), makeLayer(2, 1)];
const values = [0.1, -0, 1e-10, 0.5, 1, 2, 16777216, 1 / 3, -1.5];
const text = toJson(networkOf(layers, "float32", (i) => values[i] as number, { seed: 9n, loss: "huber" }));

test("the text is for people: nested rows, and the shortest decimals that keep the bits of float32", () => {
  expect(text).toBe(`{
  "format": "talweg",
  "version": 1,
  "precision": "float32",
  "loss": "huber",
  "seed": "9",
  "options": null,
  "layers": [
    {
      "inputs": 2,
      "units": 2,
      "activation": "tanh",
      "init": "glorot",
      "dropout": 0,
      "weights": [
        [0.1, -0],
        [1e-10, 0.5]
      ],
      "biases": [1, 2]
    },
    {
      "inputs": 2,
      "units": 1,
      "activation": "linear",
      "init": "glorot",
      "dropout": 0,
      "weights": [
        [16777216],
        [0.33333334]
      ],
      "biases": [-1.5]
    }
  ]
}
`);
});

test("the text is JSON for any reader", () => {
  const parsed = JSON.parse(text) as { layers: { weights: number[][] }[] };
  expect(parsed.layers[0]?.weights).toEqual([
    [0.1, -0],
    [1e-10, 0.5],
  ]);
});

test.each<[string, string | RegExp, string, string | undefined, string]>([
  [
    "another format",
    '"format": "talweg"',
    '"format": "other"',
    undefined,
    'model JSON: the key "format" is not "talweg", expected a model that toJson wrote; the file is of another program.',
  ],
  [
    "a newer version",
    '"version": 1',
    '"version": 3',
    undefined,
    "model JSON: format version 3 is newer than this library reads (1), so its meaning is not known here; upgrade talweg.",
  ],
  [
    "an unknown precision",
    '"float32"',
    '"float16"',
    undefined,
    'model JSON: precision is "float16", expected "float32" or "float64"; write one of them.',
  ],
  [
    "a row too few",
    "[0.1, -0],",
    "",
    "layers.1.weights",
    "model JSON: layers.1.weights has 1 row, expected 2 rows, one for each input; write one row of 2 numbers for each.",
  ],
  [
    "a number too few",
    "[0.1, -0]",
    "[0.1]",
    "layers.1.weights",
    "model JSON: layers.1.weights, row 0 has 1 number, expected 2, one for each unit; write 2 numbers.",
  ],
  [
    "biases that are no list",
    "[1, 2]",
    "12",
    "layers.1.biases",
    "model JSON: layers.1.biases is not a list of numbers, expected 2, one for each unit; write 2 numbers.",
  ],
  [
    "null for a weight",
    "0.5",
    "null",
    "layers.1.weights",
    "model JSON: layers.1.weights, row 1, number 1 (from 0) is null, expected a number that float32 holds; write a finite number.",
  ],
  [
    "a text for a bias",
    "-1.5",
    '"1"',
    "layers.2.biases",
    'model JSON: layers.2.biases, number 0 (from 0) is "1", expected a number that float32 holds; write a finite number.',
  ],
  [
    "a number beyond float32",
    "0.5",
    "1e39",
    "layers.1.weights",
    "model JSON: layers.1.weights, row 1, number 1 (from 0) is 1e+39, expected a number that float32 holds",
  ],
  [
    "a key twice",
    '"version": 1,',
    '"version": 1, "version": 1,',
    undefined,
    'model JSON has the key "version" twice',
  ],
  ["text after the end", /$/, "x", undefined, "model JSON is not JSON: "],
])("%s is refused with its place", (_, from, to, tensor, message) => {
  expect(text).toMatch(from);
  const error = thrownBy(() => fromJson(text.replace(from, to)));
  expect(error).toBeInstanceOf(FormatError);
  expect((error as FormatError).message).toContain(message);
  if (tensor !== undefined) expect((error as FormatError).tensor).toBe(tensor);
});

test("deep nesting and lists of lists without end are refused", () => {
  expect((thrownBy(() => fromJson("[".repeat(1_000_000))) as Error).message).toBe(
    "model JSON is nested deeper than 64 levels, expected no more, since no model needs it; write it flatter.",
  );
  expect((thrownBy(() => fromJson(`[${"[],".repeat(1_200_000)}[]]`)) as Error).message).toBe(
    "model JSON has more than 10000000 parts (a comma counts 1, an opening bracket 8), expected no more, since a file must not fill the memory; split it into smaller files.",
  );
});
