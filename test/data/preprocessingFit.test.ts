/** What is decided from columns, and what is refused. */
import {
  checkPreprocessing,
  columnInputs,
  DataError,
  describePreprocessing,
  fitPreprocessing,
  OptionError,
  outputCount,
  type Preprocessing,
  type PreprocessingOptions,
  summarizeColumns,
  type Table,
} from "talweg";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";
import { columnOf, penguins, repeat, tableOf } from "./preprocessingMaterial.ts";

const fitTo = (table: Table, options: PreprocessingOptions): Preprocessing =>
  fitPreprocessing(summarizeColumns(table), options);

describe("a preprocessing", () => {
  test("holds each column's scale, values and stand-in, and why others are dropped", () => {
    const p = fitTo(penguins, { target: "species" });
    expect(p).toMatchObject({
      version: 1,
      inputs: 4 + 2 + 2 + 2 + 1,
      columns: [
        { name: "island", kind: "category", values: ["Biscoe", "Dream", "Torgersen"] },
        {
          name: "bill",
          kind: "number",
          fill: expect.closeTo(45.2889, 4),
          indicator: true,
          least: 36.4,
          most: 51.3,
        },
        { name: "mass", kind: "number", fill: 36575 / 9, indicator: true, least: 3325, most: 5700 },
        { name: "tagged", kind: "boolean", fill: 0, indicator: true },
        { name: "seen", kind: "date", indicator: false },
      ],
      dropped: [
        { name: "row", reason: "its whole numbers count the rows" },
        { name: "project", reason: 'it has one value only, "PAL"' },
      ],
      targets: [
        { name: "species", kind: "class", classes: ["Adelie", "Chinstrap", "Gentoo"], weights: [1, 1, 1] },
      ],
    });
    expect(columnInputs(p).map(({ name, from, to }) => `${name} ${from}-${to}`)).toEqual([
      "island 0-4",
      "bill 4-6",
      "mass 6-8",
      "tagged 8-10",
      "seen 10-11",
    ]);
    expect(outputCount(p)).toBe(3);
  });

  test("survives JSON, and is accepted from there", () => {
    const p = fitTo(penguins, { target: ["mass", "bill"], classWeights: "none" });
    const copy: unknown = JSON.parse(JSON.stringify(p));
    expect(copy).toEqual(p);
    expect(checkPreprocessing(copy, "model.json")).toEqual(p);
  });

  test("follows the types that it is given, also where a column would be dropped", () => {
    const types = { row: "number", project: "category", island: "category", mass: "category" } as const;
    const p = fitTo(penguins, { target: "species", types, drop: ["seen"] });
    expect(p.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      "row number",
      "island category",
      "bill number",
      "mass category",
      "tagged boolean",
      "project category",
    ]);
    expect(p.dropped).toEqual([{ name: "seen", reason: "it is named to be dropped" }]);
    expect(
      fitTo(penguins, { target: "species", types: new Map(Object.entries(types)), drop: ["seen"] }),
    ).toEqual(p);
  });

  test("keeps the count of a table that has nothing else to learn from", () => {
    const p = fitTo(columnOf(repeat(12, (i) => i + 1)), { target: "y" });
    expect(p.columns).toMatchObject([{ name: "c", kind: "number", least: 1, most: 12 }]);
    expect(p.dropped).toEqual([]);
  });

  test("learns a target of numbers as numbers, and as classes where it is told to", () => {
    const table = tableOf(
      ["x", "y"],
      repeat(12, (i) => i).map((_, i) => [(i * 5) % 12, `${(i % 3) + 1}`]),
    );
    expect(fitTo(table, { target: "y" }).targets).toMatchObject([{ kind: "number", mean: 2 }]);
    expect(fitTo(table, { target: "y", types: { y: "category" } }).targets).toEqual([
      { name: "y", kind: "class", classes: ["1", "2", "3"], weights: [1, 1, 1] },
    ]);
  });

  test("takes a target of numbers that is told to be a boolean for classes", () => {
    const table = tableOf(
      ["x", "y"],
      repeat(8, (i) => i).map((_, i) => [(i * 5) % 8, i % 2]),
    );
    expect(fitTo(table, { target: "y" }).targets[0]!.kind).toBe("number");
    expect(fitTo(table, { target: "y", types: { y: "boolean" } }).targets).toMatchObject([
      { classes: ["0", "1"] },
    ]);
  });

  test("orders classes that are numbers as numbers, and learns 0 and 1 as text as classes of one output", () => {
    const ten = tableOf(
      ["x", "y"],
      repeat(22, (i) => i).map((_, i) => [(i * 7) % 5, i % 11]),
    );
    const [target] = fitTo(ten, { target: "y", types: { y: "category" } }).targets;
    expect(target).toMatchObject({ classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"] });
    const two = fitTo(
      tableOf(
        ["x", "y"],
        [
          [1, "1"],
          [2, "0"],
          [4, "1"],
          [3, "1"],
        ],
      ),
      { target: "y" },
    );
    expect([two.targets[0]!.kind, outputCount(two)]).toEqual(["class", 1]);
  });

  test("weighs classes so that all together weigh the same", () => {
    const p = fitTo(penguins, { target: "species", classWeights: "balanced" });
    expect(p.targets).toMatchObject([
      { classes: ["Adelie", "Chinstrap", "Gentoo"], weights: [10 / 12, 10 / 9, 10 / 9] },
    ]);
  });

  test("describes every column in a sentence", () => {
    const told = describePreprocessing(
      fitTo(penguins, { target: "species", drop: ["mass"], classWeights: "balanced" }),
    );
    expect(told.map(({ name, role, width, sentence }) => `${role} ${name} (${width}): ${sentence}`)).toEqual([
      "input island (4): category of 3: Biscoe, Dream, Torgersen; one input each, and one for unseen or missing values",
      "input bill (2): number from 36.4 to 51.3, standardized by mean 45.29 and deviation 5.219; missing values count as 45.29, and one input says so",
      "input tagged (2): true or false, as 1 or 0; missing values count as false, and one input says so",
      "input seen (1): date, as days standardized by mean 2008-10-15 and deviation 305.4; missing values count as 2008-10-15",
      "target species (3): one of 3 classes: Adelie (weight 0.8333), Chinstrap (weight 1.111), Gentoo (weight 1.111)",
      "dropped row (0): its whole numbers count the rows",
      "dropped mass (0): it is named to be dropped",
      'dropped project (0): it has one value only, "PAL"',
    ]);
  });
});

describe("fitPreprocessing refuses", () => {
  const text = tableOf(
    ["note", "when", "x", "y"],
    repeat(30, (i) => i).map((_, i) => [
      `${"word ".repeat(14)}${i}`,
      `${(i % 15) + 1}.12.2024`,
      i * i,
      i % 7,
    ]),
  );
  const refusals: [string, Table, PreprocessingOptions, typeof DataError | typeof OptionError, string][] = [
    [
      "a target that is not there",
      penguins,
      { target: "specie" },
      OptionError,
      'target names "specie", but the table has no such column (did you mean "species"?); pass one of "row", "species", "island"',
    ],
    ["no target", penguins, { target: [] }, OptionError, "target names no column, expected at least one"],
    ["a target twice", penguins, { target: ["mass", "mass"] }, OptionError, 'target names "mass" twice'],
    [
      "a dropped column that is not there",
      penguins,
      { target: "mass", drop: ["x"] },
      OptionError,
      'drop names "x"',
    ],
    [
      "a dropped target",
      penguins,
      { target: "mass", drop: ["mass"] },
      OptionError,
      'drop names "mass", which is the target',
    ],
    [
      "a type of a column that is not there",
      penguins,
      { target: "mass", types: { Island: "category" } },
      OptionError,
      'types names "Island", but the table has no such column (did you mean "island"?)',
    ],
    [
      "a type that there is not",
      penguins,
      { target: "mass", types: { island: "text" as "number" } },
      OptionError,
      'types: "island" is "text", expected one of "number", "boolean", "category", "date"',
    ],
    [
      "a type that no cell has",
      penguins,
      { target: "mass", types: { island: "number" } },
      DataError,
      'column "island" is to be a number, but holds none: its first value is "Torgersen", expected a number such as 1.5',
    ],
    [
      "free text, all of it at once",
      text,
      { target: "y" },
      DataError,
      '2 columns "note" (it has 30 different values in 30 rows), "when" (it has 15 different values in 30 rows; "1.12.2024" in line 2: dates are read as in ISO 8601: write 2024-12-31) are free text',
    ],
    [
      "free text as a target",
      text,
      { target: "when" },
      DataError,
      'the target "when" cannot be learned: it has 15 different values in 30 rows',
    ],
    [
      "a date as a target",
      penguins,
      { target: "seen" },
      DataError,
      'the target "seen" is a date, expected classes or numbers',
    ],
    ["a constant target", penguins, { target: "project" }, DataError, 'the target "project" is always "PAL"'],
    ["a constant number", columnOf([7, 7]), { target: "c" }, DataError, 'the target "c" is always 7'],
    [
      "an empty target",
      columnOf([null, null]),
      { target: "c" },
      DataError,
      'the target "c" has no values in 2 rows',
    ],
    [
      "classes beside another target",
      penguins,
      { target: ["mass", "species"] },
      OptionError,
      'target names 2 columns, and "species" is one of classes',
    ],
    [
      "weights of numbers",
      penguins,
      { target: "mass", classWeights: "balanced" },
      OptionError,
      'classWeights is "balanced", but the target "mass" is a number',
    ],
    [
      "other weights",
      penguins,
      { target: "species", classWeights: "even" as "none" },
      OptionError,
      'classWeights is "even", expected "balanced" or "none"',
    ],
    [
      "a table with nothing but its target",
      tableOf(
        ["y", "c"],
        [
          [1, "k"],
          [2, "k"],
        ],
      ),
      { target: "y" },
      DataError,
      'no column is left to learn from; dropped are "c", since it has one value only, "k"; expected at least one',
    ],
  ];

  test.each(refusals)("%s", (_, table, options, kind, message) => {
    const error = thrownBy(() => fitTo(table, options));
    expect(error).toBeInstanceOf(kind);
    expect(error).toHaveProperty("message", expect.stringContaining(message));
  });
});
