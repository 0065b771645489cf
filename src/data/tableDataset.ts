/** Tables as examples, and parts of tables. */
import { DataError, type Dataset, type Seed } from "../core/index.ts";
import { type EncodeOptions, encodeRows, type RefusedRow } from "./encodeRows.ts";
import { outputCount } from "./preprocessingLayout.ts";
import type { Preprocessing } from "./preprocessingTypes.ts";
import { splitRows } from "./split.ts";
import type { Table, Value } from "./tableTypes.ts";

/** Examples with what became of the rows of their table. */
export interface TableDataset extends Dataset {
  /** Rows that were left out. */
  refused: RefusedRow[];
  /** The row of the table, from 0, that each example was. */
  kept: number[];
}

/**
 * A table with its targets as examples in float32; rows that cannot be read are left out and named in `refused`.
 *
 * @param options `onBad` "refuse".
 * @throws {DataError} When columns are missing or no row can be read.
 */
export function tableDataset(
  p: Preprocessing,
  table: Table,
  { onBad = "refuse" }: Pick<EncodeOptions, "onBad"> = {},
): TableDataset {
  const { x, y, refused, kept } = encodeRows(p, table, { targets: true, onBad });
  if (kept.length === 0) {
    const first = refused[0];
    const told =
      first === undefined
        ? "it has no rows"
        : `all ${refused.length} rows are refused, the first for column ${JSON.stringify(first.column)}: ${first.reason}`;
    throw new DataError(
      `${table.source ?? "the table"} gives no examples: ${told}; expected at least one row to learn from; mend the table, or give the column another type.`,
    );
  }
  const [target] = p.targets;
  return {
    x,
    y: y!,
    rows: kept.length,
    inputs: p.inputs,
    outputs: outputCount(p),
    ...(target?.kind === "class" && { classes: [...target.classes] }),
    refused,
    kept,
  };
}

/**
 * The rows at `indices`, in their order.
 *
 * @throws {DataError} When an index is not a row of the table.
 */
export function selectTable(table: Table, indices: ArrayLike<number>): Table {
  const chosen = Array.from(indices);
  const wrong = chosen.findIndex((index) => !Number.isInteger(index) || index < 0 || index >= table.rows);
  if (wrong >= 0) {
    throw new DataError(
      `indices: number ${wrong} (from 0) is ${chosen[wrong]}, expected a row from 0 to ${table.rows - 1}, since the table has ${table.rows} rows; ` +
        "pass only rows that exist.",
    );
  }
  const { lines } = table;
  return {
    ...table,
    rows: chosen.length,
    columns: table.columns.map((cells) => chosen.map((i) => cells[i] as Value)),
    ...(lines !== undefined && { lines: chosen.map((i) => lines[i]!) }),
  };
}

/**
 * Splits a table at random into the rows that `splitRows` would choose; each part keeps the order of the table.
 *
 * @param fraction The share of rows for validation, above 0 and below 1; each part gets at least one row.
 * @throws {OptionError} When the fraction is out of range.
 * @throws {DataError} When there are fewer than two rows.
 */
export function splitTable(
  table: Table,
  fraction: number,
  seed: Seed,
): { train: Table; validation: Table; trainRows: number[]; validationRows: number[] } {
  // A set whose one input is the row's own number, so that there is one way to choose rows.
  const numbers = Float64Array.from({ length: table.rows }, (_, i) => i);
  const { train, validation } = splitRows(
    { x: numbers, y: numbers, rows: table.rows, inputs: 1, outputs: 1 },
    fraction,
    seed,
  );
  const ascending = (x: ArrayLike<number>): number[] => Array.from(x).sort((a, b) => a - b);
  const [trainRows, validationRows] = [ascending(train.x), ascending(validation.x)];
  return {
    train: selectTable(table, trainRows),
    validation: selectTable(table, validationRows),
    trainRows,
    validationRows,
  };
}
