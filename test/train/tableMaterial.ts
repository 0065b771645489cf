/** Tables for the tests of training on tables: the small ones that everybody knows, and some made by hand. */

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readCsv, type Table, type Value } from "talweg";

/** One of test/reference/tables, by name. */
export function knownTable(name: "iris" | "wine" | "breast_cancer" | "digits" | "diabetes"): Table {
  const path = `test/reference/tables/${name}.csv`;
  return readCsv(name === "digits" ? gunzipSync(readFileSync(`${path}.gz`)) : readFileSync(path));
}

/** A table from its names and rows; the first row stands in line 2, under the head. */
export function tableOf(names: readonly string[], rows: readonly (readonly Value[])[]): Table {
  return {
    names,
    rows: rows.length,
    columns: names.map((_, c) => rows.map((row) => row[c]!)),
    lines: rows.map((_, i) => i + 2),
  };
}

/** Numbers that repeat in no order that a network could mistake for a count. */
export const mixed = (i: number): number => ((i * 37) % 101) / 10;
