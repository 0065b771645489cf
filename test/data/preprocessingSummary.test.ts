/** What columns are taken for, and what is told of them. */
import {
  DataError,
  ShapeError,
  summarizeColumns,
  type Table,
  type TableChunk,
  tableSummarizer,
  type Value,
} from "talweg";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";
import { columnOf, penguins, repeat } from "./preprocessingMaterial.ts";

const kindOf = (cells: readonly Value[], name?: string): string =>
  summarizeColumns(columnOf(cells, name)).columns[0]!.kind;

describe("a column is taken for", () => {
  test.each<[string, Value[], string]>([
    ["number", ["1.5", "2", null, "-3e2"], "a number where its texts are numbers"],
    ["number", [1, 0, 1, 1], "a number where 0 and 1 are numbers and not text"],
    [
      "number",
      [...repeat(18, (i) => `${(i * 7) % 5}`), "n/a", "5"],
      "a number where 19 of 20 values are numbers",
    ],
    [
      "category",
      [...repeat(16, (i) => `${i % 4}`), "n/a", "?", "-", "x"],
      "a category where 16 of 20 values are numbers",
    ],
    ["boolean", ["yes", "no", "Yes", null], "a boolean where it says yes and no"],
    ["boolean", ["1", "0", "1", "1"], "a boolean where its texts are 0 and 1"],
    ["boolean", [true, false, true], "a boolean where it is true and false"],
    ["date", ["2024-01-01", "2024-01-02T10:00:00Z", "2024-02-03"], "a date where its texts are ISO dates"],
    ["category", ["a", "b", "a", "c"], "a category where few texts come again"],
    ["category", repeat(100, (i) => `shop ${i % 20}`), "a category where 20 texts come five times each"],
    ["text", repeat(100, (i) => `shop ${i % 21}`), "free text where 21 texts come less than five times each"],
    ["text", repeat(20, (i) => `${"word ".repeat(14)}${i}`), "free text where long texts are all different"],
    ["text", repeat(20, (i) => `${i + 1}.12.2024`), "free text where local dates are all different"],
    ["identifier", repeat(20, (i) => `A-${i}`), "an identifier where short texts are all different"],
    ["identifier", repeat(20, (i) => String(i + 1)), "an identifier where whole numbers count up by one"],
    [
      "identifier",
      repeat(16, (i) => i + Math.floor(i / 4)),
      "an identifier where a count has lost every fifth row",
    ],
    ["number", repeat(20, (i) => i * i), "a number where whole numbers rise in larger steps"],
    ["number", [3, 1, 2, 5, 4], "a number where whole numbers are all different but do not count"],
    ["constant", ["5", "5.0", "5"], "a constant where its numbers are equal"],
    ["constant", ["x", "x", "x"], "a constant where its texts are equal"],
    ["constant", [0.1 + 0.2, 0.3, 0.3], "a constant where its numbers differ by rounding"],
    ["category", ["x", "x", null], "a category where a text is there or missing"],
    ["empty", [null, "", "  "], "empty where it has no value"],
  ])("%s: %j", (kind, cells) => {
    expect(kindOf(cells)).toBe(kind);
  });

  test("an identifier by its name, where whole numbers are all different and do not count", () => {
    const cells = [842302, 842517, 84300903, 843483];
    for (const name of ["id", "ID", "user_id", "order id", "userId"])
      expect(kindOf(cells, name), name).toBe("identifier");
    for (const name of ["paid", "grid", "amount", "idle"]) expect(kindOf(cells, name), name).toBe("number");
  });

  test("the same, however its rows are cut into chunks", () => {
    const whole = summarizeColumns(penguins);
    for (const size of [1, 3, 7]) {
      const chunks: TableChunk[] = [];
      for (let from = 0; from < penguins.rows; from += size) {
        const columns = penguins.columns.map((cells) => cells.slice(from, from + size));
        const rows = columns[0]!.length;
        chunks.push({
          names: penguins.names,
          from,
          rows,
          columns,
          lines: penguins.lines!.slice(from, from + size),
        });
      }
      expect(summarizeColumns(chunks)).toEqual(whole);
    }
  });

  test("what its chosen rows are, where a summarizer is told which", () => {
    const summarizer = tableSummarizer();
    summarizer.add({ ...penguins, from: 0 }, (row) => row >= 7);
    const { rows, columns } = summarizer.summary();
    expect(rows).toBe(3);
    expect(columns.map(({ name, missing }) => [name, missing])).toContainEqual(["bill", 0]);
    expect(columns.find(({ name }) => name === "species")!.values).toEqual([
      { value: "Adelie", count: 1 },
      { value: "Chinstrap", count: 2 },
    ]);
  });

  test("a column of later chunks, as keys of JSON lines are, with its earlier rows missing", () => {
    const { rows, columns } = summarizeColumns([
      { names: ["a"], from: 0, rows: 2, columns: [[1, 2]] },
      {
        names: ["b", "a"],
        from: 2,
        rows: 2,
        columns: [
          ["x", "y"],
          [4, null],
        ],
      },
    ]);
    expect(rows).toBe(4);
    expect(columns.map(({ name, missing }) => [name, missing])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });
});

describe("a summary", () => {
  test("names the first cell that broke the kind, with its row and line", () => {
    const table = columnOf([...repeat(10, (i) => (i * 3) % 7), "n/a", ...repeat(10, (i) => i / 2), "x"]);
    const [column] = summarizeColumns(table).columns;
    expect(column).toMatchObject({
      kind: "number",
      numbers: 20,
      texts: 2,
      odd: { row: 10, line: 12, text: "n/a" },
    });
    expect(column!.hint).toBe('the first cell that is no number is "n/a" in line 12');
  });

  test("hints at decimal commas, at words that stand for nothing, and at codes that look like numbers", () => {
    const hintOf = (cells: readonly Value[]): string | null =>
      summarizeColumns(columnOf(cells)).columns[0]!.hint;
    expect(hintOf(["1,5", "2,5", "1,5"])).toBe('"1,5" in line 2: numbers have a point: write 1.5, not 1,5');
    expect(hintOf(["n/a", ...repeat(8, (i) => i % 3), "?"])).toBe(
      '8 of 10 values are numbers, the first other one is "n/a" in line 2: list it as missing if it stands for none',
    );
    expect(hintOf(repeat(15, (i) => i % 3))).toMatch(
      /^it has only 3 different whole numbers: where they are names/,
    );
    expect(hintOf(["a", "b", "a"])).toBeNull();
  });

  test("keeps at most 10,000 different values, and says when there were more", () => {
    const names = ["many", "long"];
    const rows = 10_001;
    const columns = [
      repeat(rows, (i) => `${i % 10_001}x`),
      repeat(rows, (i) => `${"y".repeat(300)}${i % 2}`),
    ];
    const [many, long] = summarizeColumns({ names, rows, columns }).columns;
    expect(many).toMatchObject({ kind: "identifier", distinct: null, values: [], allDifferent: true });
    expect(long).toMatchObject({ kind: "text", distinct: null, values: [] });
  });

  test("refuses columns that do not fit together, equal names, and values that no table has", () => {
    const broken = (table: unknown): unknown => thrownBy(() => summarizeColumns(table as Table));
    const cases: [unknown, typeof ShapeError | typeof DataError, string][] = [
      [{ names: ["a", "b"], rows: 1, columns: [[1]] }, ShapeError, "the table has 1 columns and 2 names"],
      [{ names: ["a"], rows: 2, columns: [[1]] }, ShapeError, 'column "a" has 1 cells, expected 2'],
      [{ names: ["a", "a"], rows: 1, columns: [[1], [2]] }, DataError, 'two columns named "a"'],
      [
        { names: ["a"], rows: 1, columns: [[new Date(0)]] },
        DataError,
        'column "a", row 0 (from 0) holds a value of type object',
      ],
      [{ names: ["a"], rows: 1, columns: [[1n]] }, DataError, "of type bigint"],
    ];
    for (const [table, kind, text] of cases) {
      expect(broken(table)).toBeInstanceOf(kind);
      expect(broken(table)).toHaveProperty("message", expect.stringContaining(text));
    }
  });
});
