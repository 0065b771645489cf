/** What holds for any table. */
import fc from "fast-check";
import {
  DataError,
  decodeOutputs,
  encodeRows,
  fitPreprocessing,
  outputCount,
  type Preprocessing,
  summarizeColumns,
  type Table,
  TalwegError,
  type Value,
} from "talweg";
import { expect, test } from "vitest";
import { anyTable, cellsOf, tableOf, trickyNames } from "./preprocessingMaterial.ts";

// The whole numbers of a drawn column may happen to count up.
const types = { count: "number", size: "number", color: "category" } as const;
const fitted = (table: Table): Preprocessing =>
  fitPreprocessing(summarizeColumns(table), { target: "price", types });

/** A table with its columns in another order. */
function reordered(table: Table, order: readonly number[]): Table {
  const names = order.map((c) => table.names[c]!);
  return { ...table, names, columns: order.map((c) => table.columns[c]!) };
}

test("rows are as wide as the inputs, finite, and the same each time", () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const p = fitted(table);
      const first = encodeRows(p, table, { targets: true });
      expect(first.refused).toEqual([]);
      expect(first.x.length).toBe(table.rows * p.inputs);
      expect(first.y!.length).toBe(table.rows * outputCount(p));
      expect([...first.x, ...first.y!].every(Number.isFinite)).toBe(true);
      expect(encodeRows(fitted(table), table, { targets: true })).toEqual(first);
    }),
  );
});

test("standardized columns of the training rows have mean 0 and deviation 1", () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const p = fitted(table);
      const { x, y } = encodeRows(p, table, { targets: true });
      const present = cellsOf(table, "count").map((cell) => cell !== null);
      const columns: number[][] = [
        Array.from({ length: table.rows }, (_, row) => x[row * p.inputs]!),
        Array.from({ length: table.rows }, (_, row) => x[row * p.inputs + 1]!).filter(
          (_, row) => present[row],
        ),
        Array.from(y!),
      ];
      for (const numbers of columns) {
        const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
        const square = numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numbers.length;
        expect(Math.abs(mean)).toBeLessThan(1e-5);
        expect(Math.abs(Math.sqrt(square) - 1)).toBeLessThan(1e-5);
      }
    }),
  );
});

test("the order of columns in a file changes no bit, and other columns are ignored", () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(anyTable, order, (table, places) => {
      const p = fitted(table);
      const other = reordered(table, places);
      const more = {
        ...other,
        names: ["more", ...other.names],
        columns: [Array.from({ length: table.rows }, () => "x"), ...other.columns],
      };
      const encoded = encodeRows(p, table, { targets: true });
      expect(encodeRows(p, other, { targets: true })).toEqual(encoded);
      expect(encodeRows(p, more, { targets: true })).toEqual(encoded);
      const own = new Map(p.columns.map((column) => [column.name, column]));
      for (const column of fitted(other).columns) expect(column).toEqual(own.get(column.name));
    }),
  );
});

test("a preprocessing survives JSON, and encodes the same afterwards", () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const p = fitted(table);
      const copy = JSON.parse(JSON.stringify(p)) as Preprocessing;
      expect(copy).toEqual(p);
      expect(encodeRows(copy, table)).toEqual(encodeRows(p, table));
    }),
  );
});

test("rows encoded one by one are those encoded together", () => {
  fc.assert(
    fc.property(anyTable, (table) => {
      const p = fitted(table);
      const { x } = encodeRows(p, table);
      for (let row = 0; row < table.rows; row++) {
        const columns = table.columns.map((cells) => [cells[row]!]);
        const single = encodeRows(p, { names: table.names, from: row, rows: 1, columns });
        expect(single.kept).toEqual([row]);
        expect(single.x).toEqual(x.slice(row * p.inputs, (row + 1) * p.inputs));
      }
    }),
  );
});

test("targets decoded are the targets encoded: classes by name, numbers within float32", () => {
  const classes = fc.uniqueArray(
    fc.constantFrom("a", "b", "10", "9", ...trickyNames.filter((n) => n.trim() !== "")),
    {
      minLength: 2,
    },
  );
  fc.assert(
    fc.property(classes, fc.array(fc.nat(), { maxLength: 20 }), (names, picks) => {
      const cells = [...names, ...names, ...picks.map((pick) => names[pick % names.length]!)];
      const table = tableOf(
        ["x", "y"],
        cells.map((cell, i) => [i * i, cell]),
      );
      const p = fitPreprocessing(summarizeColumns(table), { target: "y", types: { y: "category" } });
      const { y } = encodeRows(p, table, { targets: true });
      const answers = decodeOutputs(p, y!, table.rows);
      expect(answers.map(({ values }) => values.y)).toEqual(cells);
      for (const { probabilities } of answers)
        expect(Object.keys(probabilities!).sort()).toEqual([...names].sort());
    }),
  );
  fc.assert(
    fc.property(anyTable, (table) => {
      const p = fitted(table);
      const { y } = encodeRows(p, table, { targets: true });
      const answers = decodeOutputs(p, y!, table.rows);
      const [{ deviation }] = p.targets as unknown as [{ deviation: number }];
      for (const [row, cell] of cellsOf(table, "price").entries()) {
        expect(Math.abs((answers[row]!.values.price as number) - (cell as number))).toBeLessThan(
          1e-6 * deviation,
        );
      }
    }),
  );
});

const anyCell: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom<Value>(
    null,
    "1",
    "0",
    "yes",
    "no",
    "2024-02-30",
    "2024-02-28",
    "1,5",
    "1e308",
    "-1e308",
    "NaN",
    "",
  ),
  fc.integer({ min: 0, max: 3 }).map(String),
);

test("any table at all is learned from with finite numbers, or refused with an error that says why", () => {
  const names = fc.uniqueArray(fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom(...trickyNames)), {
    minLength: 2,
    maxLength: 5,
  });
  const tables = names.chain((list) =>
    fc.array(fc.tuple(...list.map(() => anyCell)), { maxLength: 12 }).map((rows) => tableOf(list, rows)),
  );
  const kinds = fc.constantFrom("number", "boolean", "category", "date", undefined);
  let learned = 0;
  fc.assert(
    fc.property(tables, kinds, kinds, (table, targetType, type) => {
      const [target, first] = table.names as [string, string];
      const told = new Map([
        ...(targetType === undefined ? [] : [[target, targetType] as const]),
        ...(type === undefined ? [] : [[first, type] as const]),
      ]);
      try {
        const p = fitPreprocessing(summarizeColumns(table), { target, types: told });
        expect(JSON.parse(JSON.stringify(p))).toEqual(p);
        const { x, y, kept, refused } = encodeRows(p, table, { targets: true });
        expect(kept.length + refused.length).toBe(table.rows);
        expect(x.length).toBe(kept.length * p.inputs);
        expect([...x, ...y!].every(Number.isFinite)).toBe(true);
        decodeOutputs(p, y!, kept.length);
        learned++;
      } catch (error) {
        expect(error).toBeInstanceOf(TalwegError);
        if (error instanceof DataError) expect(error.message).toMatch(/expected|give|name/);
      }
    }),
    { numRuns: 500 },
  );
  expect(learned).toBeGreaterThan(50);
});
