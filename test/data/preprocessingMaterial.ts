/** Tables for the tests of preprocessing, written by rows as a person would, and tables of any content. */
import fc from "fast-check";
import type { Table, Value } from "talweg";

/** A table from its names and rows; the first row stands in line 2, under the head. */
export function tableOf(names: readonly string[], rows: readonly (readonly Value[])[]): Table {
  return {
    names,
    rows: rows.length,
    columns: names.map((_, c) => rows.map((row) => row[c]!)),
    lines: rows.map((_, i) => i + 2),
  };
}

/** A table of one column beside a target of numbers. */
export function columnOf(cells: readonly Value[], name = "c"): Table {
  return tableOf(
    [name, "y"],
    cells.map((cell, i) => [cell, i * i]),
  );
}

export const repeat = (count: number, make: (i: number) => Value): Value[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** One column of a table, by name. */
export function cellsOf(table: Table, name: string): readonly Value[] {
  return table.columns[table.names.indexOf(name)]!;
}

/** As penguins are: missing measures, a category with a gap, a date, a word of yes or no, a row number, a constant. */
export const penguins: Table = tableOf(
  ["row", "species", "island", "bill", "mass", "tagged", "seen", "project"],
  [
    ["1", "Adelie", "Torgersen", "39.1", "3750", "yes", "2007-11-11", "PAL"],
    ["2", "Adelie", "Torgersen", "39.5", "3800", "no", "2007-11-12", "PAL"],
    ["3", "Adelie", "Biscoe", null, null, "yes", "2007-11-16", "PAL"],
    ["4", "Gentoo", "Biscoe", "46.1", "4500", "no", "2007-11-27", "PAL"],
    ["5", "Gentoo", null, "50.0", "5700", "no", "2008-11-27T12:00:00Z", "PAL"],
    ["6", "Gentoo", "Biscoe", "48.7", "4450", null, "2008-12-02", "PAL"],
    ["7", "Chinstrap", "Dream", "46.5", "3500", "no", "2008-11-30", "PAL"],
    ["8", "Chinstrap", "Dream", "50.0", "3900", "yes", "2009-11-21", "PAL"],
    ["9", "Chinstrap", "Dream", "51.3", "3650", "yes", "2009-11-22", "PAL"],
    ["10", "Adelie", "Dream", "36.4", "3325", "no", "2009-11-16", "PAL"],
  ],
);

/** Names that are more than names in careless programs. */
export const trickyNames = ["__proto__", "constructor", "toString", "", " ", "a,b", "probabilities"] as const;

/** Two columns of numbers, one with gaps, a category, and a target of numbers; at least four rows, never constant. */
export const anyTable: fc.Arbitrary<Table> = fc
  .array(
    fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null, freq: 4 }),
      fc.constantFrom("red", "green", "blue", "__proto__", null),
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    ),
    { minLength: 4, maxLength: 30 },
  )
  .map((rows) =>
    tableOf(
      ["size", "count", "color", "price"],
      [[0.5, 3, "red", 1.5], [7.25, null, "green", -2.5], ...rows, [1.5, 8, "red", 2], [3, 5, "blue", 9]],
    ),
  );
