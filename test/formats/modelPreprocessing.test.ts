/** A preprocessing that lies, in every form that a model is stored in. */
import { FormatError } from "talweg/core";
import {
  fromCheckpoint,
  fromJson,
  fromSafetensors,
  readSafetensors,
  toCheckpoint,
  toJson,
  toSafetensors,
  writeSafetensors,
} from "talweg/formats";
import type { Network } from "talweg/network";
import { expect, test } from "vitest";
import { makeLayer, networkOf, thrownBy } from "./material.ts";

type Fields = Record<string, unknown>;
type Change = (p: Fields) => unknown;
const columns = (p: Fields): Fields[] => p.columns as Fields[];

test.each<[string, Change, string]>([
  ["is none", () => [1], "preprocessing is [1], expected an object with fields"],
  [
    "is for other inputs",
    (p) => ({
      ...p,
      inputs: 3,
      columns: [...columns(p), { ...columns(p)[0]!, name: "z", indicator: false }],
    }),
    "its preprocessing is for 3 inputs and 1 outputs, expected 2 and 1, those of its network",
  ],
  [
    "is for other outputs",
    (p) => ({ ...p, targets: ["y", "z"].map((name) => ({ name, kind: "number", mean: 0, deviation: 1 })) }),
    "its preprocessing is for 2 inputs and 2 outputs, expected 2 and 1, those of its network",
  ],
  ["counts its inputs wrong", (p) => ({ ...p, inputs: 7 }), "preprocessing.inputs is 7, expected 2"],
  [
    "divides by 0",
    (p) => ({ ...p, columns: [{ ...columns(p)[0]!, deviation: 0 }] }),
    "preprocessing.columns[0].deviation is 0",
  ],
])("a model whose preprocessing %s is neither loaded nor saved", (_, change, message) => {
  const preprocessing = {
    version: 1,
    inputs: 2,
    columns: [
      { name: "x", kind: "number", mean: 1, deviation: 2, fill: 1, indicator: true, least: 0, most: 3 },
    ],
    dropped: [],
    targets: [{ name: "y", kind: "number", mean: 4, deviation: 5 }],
  };
  const of = (p: unknown): Network =>
    networkOf([makeLayer(2, 1)], "float32", () => 1, { seed: 0, preprocessing: p });
  const lying = change(structuredClone(preprocessing));
  const written = JSON.stringify(preprocessing);
  const put = (text: string): string => text.replace(written, JSON.stringify(lying));
  const file = readSafetensors(toSafetensors(of(preprocessing)));
  const talweg = put(file.metadata.get("talweg")!);
  const [parsed, state] = [JSON.parse(toJson(of(preprocessing))), new Map([["talweg", talweg]])];
  const checkpoint = readSafetensors(toCheckpoint(of(preprocessing), { step: 1 }));
  const loads: [string, () => unknown][] = [
    ["metadata talweg", () => fromSafetensors(writeSafetensors(file.tensors, state))],
    [
      "metadata talweg",
      () =>
        fromCheckpoint(
          writeSafetensors(checkpoint.tensors, new Map([...checkpoint.metadata, ["talweg", talweg]])),
        ),
    ],
    ["model JSON", () => fromJson(JSON.stringify({ ...parsed, preprocessing: lying }))],
    ["the network's metadata", () => toSafetensors(of(lying))],
    ["the network's metadata", () => toJson(of(lying))],
  ];
  for (const [place, load] of loads) {
    const error = thrownBy(load);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(`${place}: ${message}`);
  }
});
