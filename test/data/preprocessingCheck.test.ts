/** A preprocessing out of a file is looked through before it is used. */
import { checkPreprocessing, FormatError, fitPreprocessing, summarizeColumns } from "talweg";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";
import { penguins } from "./preprocessingMaterial.ts";

describe("a preprocessing from a file", () => {
  type Change = (p: Record<string, unknown>) => unknown;
  const column = (p: Record<string, unknown>, i = 1): Record<string, unknown> =>
    (p.columns as Record<string, unknown>[])[i]!;
  const target = (p: Record<string, unknown>): Record<string, unknown> =>
    (p.targets as Record<string, unknown>[])[0]!;
  const faults: [string, Change, string][] = [
    ["no object", () => "x", 'm.json: preprocessing is "x", expected an object with fields'],
    ["another version", (p) => ({ ...p, version: 2 }), "m.json: preprocessing has version 2, expected 1"],
    [
      "columns that are no list",
      (p) => ({ ...p, columns: 1 }),
      "preprocessing.columns is 1, expected a list",
    ],
    [
      "a false count of inputs",
      (p) => ({ ...p, inputs: 7 }),
      "preprocessing.inputs is 7, expected 11, as many",
    ],
    ["no targets", (p) => ({ ...p, targets: [] }), "preprocessing.targets is [], expected at least one"],
    ["a deviation of 0", (p) => Object.assign(column(p), { deviation: 0 }) && p, "columns[1].deviation is 0"],
    [
      "a mean that is no number",
      (p) => Object.assign(column(p), { mean: null }) && p,
      "columns[1].mean is null",
    ],
    [
      "a kind that there is not",
      (p) => Object.assign(column(p), { kind: "text" }) && p,
      'columns[1].kind is "text"',
    ],
    ["no indicator", (p) => Object.assign(column(p), { indicator: 1 }) && p, "columns[1].indicator is 1"],
    ["equal names", (p) => Object.assign(column(p), { name: "island" }) && p, 'columns[1].name is "island"'],
    [
      "equal values",
      (p) => Object.assign(column(p, 0), { values: ["a", "a", "b"] }) && p,
      "columns[0].values is",
    ],
    ["one class", (p) => Object.assign(target(p), { classes: ["a"] }) && p, 'targets[0].classes is ["a"]'],
    ["too few weights", (p) => Object.assign(target(p), { weights: [1] }) && p, "targets[0].weights is [1]"],
    ["dropped without reason", (p) => ({ ...p, dropped: [{ name: "a" }] }), "dropped[0].reason is missing"],
  ];

  test.each(faults)("is refused for %s", (_, change, message) => {
    const p = JSON.parse(
      JSON.stringify(fitPreprocessing(summarizeColumns(penguins), { target: "species" })),
    ) as Record<string, unknown>;
    const error = thrownBy(() => checkPreprocessing(change(p), "m.json"));
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toHaveProperty("message", expect.stringContaining(message));
  });
});
