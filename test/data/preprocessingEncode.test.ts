/** Rows to numbers and answers back to words, on hand-made tables. */
import {
  DataError,
  decodeOutputs,
  encodeRows,
  fitPreprocessing,
  OptionError,
  type Preprocessing,
  ShapeError,
  selectTable,
  splitRows,
  splitTable,
  summarizeColumns,
  type Table,
  tableDataset,
} from "talweg";
import { validateDataset } from "talweg/data";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";
import { cellsOf, penguins, tableOf, trickyNames } from "./preprocessingMaterial.ts";

const learned = fitPreprocessing(summarizeColumns(penguins), { target: "species", drop: ["seen", "mass"] });
const width = learned.inputs;

/** One row with the cells given, all others missing. */
function rowOf(cells: Readonly<Record<string, string | number | boolean | null>>): Table {
  const names = ["island", "bill", "tagged"];
  return tableOf(names, [names.map((name) => cells[name] ?? null)]);
}

describe("encodeRows", () => {
  test("writes categories, numbers, booleans and their indicators in the order of the columns", () => {
    const { x, y, kept, refused } = encodeRows(learned, penguins, { targets: true });
    const { mean, deviation } = learned.columns[1] as { mean: number; deviation: number };
    const z = Math.fround((39.1 - mean) / deviation);
    expect(Array.from(x.subarray(0, width))).toEqual([0, 0, 1, 0, z, 0, 1, 0]);
    // A missing bill counts as the mean, which is 0 standardized.
    expect(Array.from(x.subarray(2 * width, 3 * width))).toEqual([1, 0, 0, 0, 0, 1, 1, 0]);
    // A missing island has the place of unseen ones.
    expect(Array.from(x.subarray(4 * width, 4 * width + 4))).toEqual([0, 0, 0, 1]);
    // A missing tag counts as the commoner value.
    expect(Array.from(x.subarray(5 * width + 6, 6 * width))).toEqual([0, 1]);
    expect(Array.from(y!.subarray(0, 12))).toEqual([1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect([kept, refused]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], []]);
  });

  test("gives an unseen category the last place of its column", () => {
    const { x } = encodeRows(learned, rowOf({ island: "Java", bill: "40", tagged: "no" }));
    expect(Array.from(x.subarray(0, 4))).toEqual([0, 0, 0, 1]);
  });

  test("takes typed cells as it takes text", () => {
    const text = encodeRows(learned, rowOf({ island: " Dream ", bill: "40", tagged: "YES" }));
    for (const tagged of [true, 1, "1"]) {
      expect(encodeRows(learned, rowOf({ island: "Dream", bill: 40, tagged }))).toEqual(text);
    }
  });

  test("refuses rows by name, line and column, and goes on with the others", () => {
    const table = tableOf(
      ["tagged", "bill", "island"],
      [
        ["yes", "40", "Dream"],
        ["maybe", "40", "Dream"],
        ["no", "40,5", "Dream"],
        ["no", "many", "Dream"],
        ["no", "1e300", "Dream"],
        ["no", "41", null],
      ],
    );
    const { x, kept, refused } = encodeRows(learned, table);
    expect(kept).toEqual([0, 5]);
    expect(x.length).toBe(2 * width);
    expect(refused).toEqual([
      { row: 1, line: 3, column: "tagged", reason: '"maybe" is neither true nor false' },
      {
        row: 2,
        line: 4,
        column: "bill",
        reason: '"40,5" is no number (numbers have a point: write 1.5, not 1,5)',
      },
      { row: 3, line: 5, column: "bill", reason: '"many" is no number' },
      {
        row: 4,
        line: 6,
        column: "bill",
        reason: expect.stringMatching(/^1e\+300 is too far from the mean 45\.28/),
      },
    ]);
    expect(x).toEqual(encodeRows(learned, selectTable(table, [0, 5])).x);
  });

  test("takes bad cells as missing where it is told to, and never a bad target", () => {
    const bad = tableOf(
      ["species", "island", "bill", "tagged"],
      [
        ["Adelie", "Dream", "many", "maybe"],
        [null, "Dream", "40", "no"],
        ["Emperor", "Dream", "40", "no"],
      ],
    );
    const missing = encodeRows(learned, rowOf({ island: "Dream" }));
    const { x, kept, refused } = encodeRows(learned, bad, { targets: true, onBad: "missing" });
    expect([x, kept]).toEqual([missing.x, [0]]);
    expect(refused.map(({ row, column, reason }) => [row, column, reason])).toEqual([
      [1, "species", "the target is missing"],
      [2, "species", '"Emperor" is none of the classes that were learned'],
    ]);
  });

  test("counts rows from where its chunk begins, and has no lines where files have none", () => {
    const { kept, refused } = encodeRows(learned, {
      names: ["island", "bill", "tagged"],
      from: 1000,
      rows: 2,
      columns: [
        ["Dream", "Dream"],
        ["x", 40],
        [true, false],
      ],
    });
    expect(kept).toEqual([1001]);
    expect(refused).toEqual([{ row: 1000, column: "bill", reason: '"x" is no number' }]);
  });

  test("names all columns that a table lacks, and the nearest that it has", () => {
    const table = tableOf(["Island", "bil", "length"], [["Dream", 40, 2]]);
    const error = thrownBy(() => encodeRows(learned, table));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toHaveProperty(
      "message",
      'the table lacks 3 columns: "island" (did you mean "Island"?), "bill" (did you mean "bil"?), "tagged"; ' +
        'expected it to have them, since the model learned from it; it has "Island", "bil", "length".',
    );
    const untargeted = thrownBy(() => encodeRows(learned, rowOf({}), { targets: true }));
    expect(untargeted).toHaveProperty(
      "message",
      expect.stringContaining(
        'lacks the column: "species"; expected it to have it, since it holds the target',
      ),
    );
  });

  test("takes absent columns as missing where it is told to", () => {
    const { x } = encodeRows(learned, tableOf(["bill"], [[40]]), { onAbsent: "missing" });
    expect(x).toEqual(encodeRows(learned, rowOf({ bill: 40 })).x);
    const untargeted = encodeRows(learned, rowOf({ bill: 40 }), { targets: true, onAbsent: "missing" });
    expect(untargeted.refused).toEqual([
      { row: 0, line: 2, column: "species", reason: "the target is missing" },
    ]);
  });

  test("gives finite numbers for the largest that there are, and for columns that are constant", () => {
    const names = ["huge", "tiny", "constant", "gaps", "y"];
    const table = tableOf(names, [
      [Number.MAX_VALUE, 1e-300, 7, null, 1e300],
      [1e300, 3e-300, 7, 5, -1e300],
      [Number.MAX_VALUE, -1e-300, 7, 5, 5e299],
      [-Number.MAX_VALUE, 2e-300, 7, null, 1],
    ]);
    const p = fitPreprocessing(summarizeColumns(table), { target: "y", types: { constant: "number" } });
    const { x, y, refused } = encodeRows(p, table, { targets: true });
    expect(refused).toEqual([]);
    expect(p.columns.map(({ name }) => name)).toEqual(["huge", "tiny", "constant", "gaps"]);
    expect([...x, ...y!].every((number) => Number.isFinite(number) && Math.abs(number) < 3)).toBe(true);
    expect(Array.from({ length: 4 }, (_, row) => x[row * p.inputs + 2])).toEqual([0, 0, 0, 0]);
    const back = decodeOutputs(p, y!, 4).map(({ values }) => values.y as number);
    expect(back[0]! / 1e300).toBeCloseTo(1, 6);
    expect(decodeOutputs(p, Float32Array.of(3e38, -3e38), 2).map(({ values }) => values.y)).toEqual([
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
    ]);
  });

  test("refuses more numbers than an array holds, before it makes one", () => {
    const names = ["a", "y"];
    const p: Preprocessing = {
      ...fitPreprocessing(summarizeColumns(penguins), { target: "species" }),
      inputs: 2 ** 30,
    };
    const error = thrownBy(() => encodeRows(p, tableOf(names, [[1, 2]])));
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(/^1 rows of 1073741824 numbers take 4 GB, expected/),
    );
  });
});

describe("names", () => {
  test.each(trickyNames)("such as %j are only names of columns, categories and classes", (name) => {
    // An empty cell is missing, so an empty name can be a column's but no class's.
    const word = name.trim() === "" ? "word" : name;
    const table = tableOf(
      [name, "size", "answer"],
      [
        [word, 1, word],
        ["other", 2.5, "b"],
        [word, 4, "c"],
        ["other", 3, word],
      ],
    );
    const p = fitPreprocessing(summarizeColumns(table), { target: "answer", types: { size: "number" } });
    expect(p.columns.map((column) => column.name)).toEqual([name, "size"]);
    const { x, y } = encodeRows(p, table, { targets: true });
    expect(x[0]! + x[1]!).toBe(1);
    const rows = decodeOutputs(p, y!, 4);
    expect(rows.map(({ values }) => values.answer)).toEqual([word, "b", "c", word]);
    const [first] = rows;
    expect(Object.keys(first!.probabilities!).sort()).toEqual([word, "b", "c"].sort());
    expect(first!.probabilities![word]).toBe(1);
    // As a target too.
    const other = fitPreprocessing(summarizeColumns(table), { target: name, types: { answer: "category" } });
    const [answer] = decodeOutputs(other, Float32Array.of(0), 1);
    expect(Object.entries(answer!.values)).toEqual([[name, [word, "other"].sort()[0]]]);
    expect(Object.hasOwn(answer!.values, name)).toBe(true);
    expect(JSON.parse(JSON.stringify(answer)).values[name]).toBe(answer!.values[name]);
  });

  test("such as __proto__ take a type", () => {
    const table = tableOf(
      ["__proto__", "y"],
      [
        ["1", 1],
        ["2", 5],
        ["1", 2],
        ["2", 3],
      ],
    );
    const types = JSON.parse('{"__proto__": "category"}');
    expect(fitPreprocessing(summarizeColumns(table), { target: "y", types }).columns).toEqual([
      { name: "__proto__", kind: "category", values: ["1", "2"] },
    ]);
  });
});

describe("decodeOutputs", () => {
  test("answers with the class of the largest output and the probability of each", () => {
    const [row] = decodeOutputs(learned, Float32Array.of(0.25, 0.5, 0.25), 1);
    expect(row).toEqual({
      values: { species: "Chinstrap" },
      probabilities: { Adelie: 0.25, Chinstrap: 0.5, Gentoo: 0.25 },
    });
  });

  test("answers with the second of two classes from one half on", () => {
    const table = selectTable(penguins, [0, 1, 2, 3, 4, 5]);
    const p = fitPreprocessing(summarizeColumns(table), { target: "species" });
    const rows = decodeOutputs(p, Float64Array.of(0.25, 0.5, 0.75), 3);
    expect(rows.map(({ values }) => values.species)).toEqual(["Adelie", "Gentoo", "Gentoo"]);
    expect(rows[0]!.probabilities).toEqual({ Adelie: 0.75, Gentoo: 0.25 });
  });

  test("answers numbers in their own units", () => {
    const p = fitPreprocessing(summarizeColumns(penguins), { target: ["mass", "bill"] });
    const [mass, bill] = p.targets as { mean: number; deviation: number }[];
    const [row] = decodeOutputs(p, Float32Array.of(0, 2), 1);
    expect(row).toEqual({
      values: { mass: mass!.mean, bill: bill!.mean + 2 * bill!.deviation },
      probabilities: null,
    });
  });

  test("refuses another count of outputs, and what is not finite", () => {
    const short = thrownBy(() => decodeOutputs(learned, Float32Array.of(1, 2), 1));
    expect(short).toBeInstanceOf(ShapeError);
    expect(short).toHaveProperty(
      "message",
      expect.stringContaining("outputs has 2 numbers, expected 3 (1 rows times 3"),
    );
    const broken = thrownBy(() => decodeOutputs(learned, Float32Array.of(1, 0, 0, 0, Number.NaN, 0), 2));
    expect(broken).toBeInstanceOf(DataError);
    expect(broken).toHaveProperty(
      "message",
      expect.stringContaining("outputs: row 1, column 1 (both from 0) is NaN"),
    );
  });
});

describe("tables as examples", () => {
  test("have the names of their classes and tell which rows they are", () => {
    const data = tableDataset(learned, penguins);
    validateDataset(data);
    expect(data).toMatchObject({
      rows: 10,
      inputs: width,
      outputs: 3,
      classes: ["Adelie", "Chinstrap", "Gentoo"],
    });
    const numbers = fitPreprocessing(summarizeColumns(penguins), { target: "mass" });
    const masses = tableDataset(numbers, penguins);
    validateDataset(masses);
    expect(masses).toMatchObject({ rows: 9, outputs: 1, kept: [0, 1, 3, 4, 5, 6, 7, 8, 9] });
    expect(masses.refused).toEqual([{ row: 2, line: 4, column: "mass", reason: "the target is missing" }]);
    expect(masses.classes).toBeUndefined();
  });

  test("are refused where no row is left, with the first reason", () => {
    const table = tableOf(["species", "island", "bill", "tagged"], [["Adelie", "Dream", "x", "no"]]);
    const error = thrownBy(() => tableDataset(learned, { ...table, source: "p.csv" }));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toHaveProperty(
      "message",
      expect.stringMatching(
        /^p\.csv gives no examples: all 1 rows are refused, the first for column "bill": "x" is no number;/,
      ),
    );
  });

  test("are split as splitRows splits, in the order of the table", () => {
    const { train, validation, trainRows, validationRows } = splitTable(penguins, 0.3, 7);
    const numbers = Float64Array.from({ length: 10 }, (_, i) => i);
    const set = splitRows({ x: numbers, y: numbers, rows: 10, inputs: 1, outputs: 1 }, 0.3, 7);
    expect(validationRows).toEqual(Array.from(set.validation.x).sort((a, b) => a - b));
    expect([...trainRows, ...validationRows].sort((a, b) => a - b)).toEqual(Array.from(numbers));
    expect(cellsOf(validation, "row")).toEqual(validationRows.map((i) => String(i + 1)));
    expect(train.lines).toEqual(trainRows.map((i) => i + 2));
    expect([train.rows, validation.rows]).toEqual([7, 3]);
    // The row numbers of the part still count up, so they are still seen for what they are.
    expect(summarizeColumns(train).columns[0]!.kind).toBe("identifier");
  });

  test("are not split into nothing, and have only the rows that they have", () => {
    expect(thrownBy(() => splitTable(penguins, 1, 0))).toBeInstanceOf(OptionError);
    expect(thrownBy(() => splitTable(selectTable(penguins, [0]), 0.5, 0))).toBeInstanceOf(DataError);
    const error = thrownBy(() => selectTable(penguins, [0, 10]));
    expect(error).toBeInstanceOf(DataError);
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("number 1 (from 0) is 10, expected a row from 0 to 9"),
    );
  });
});
