// What a table is, whichever file it came from: named columns of cells. Plain
// data, column by column, because every reader of it works on one column at a
// time.

/** A cell: text from CSV, typed from JSON lines and Parquet; null where there is none. Dates are ISO text. */
export type Value = string | number | boolean | null;

/** Some rows of a table, column by column. */
export interface TableChunk {
  readonly names: readonly string[];
  /** Of the first row of the chunk, from 0. */
  readonly from: number;
  readonly rows: number;
  /** [columns][rows] */
  readonly columns: readonly (readonly Value[])[];
  /** [rows], the line of each row in its file, from 1; absent where files have no lines. */
  readonly lines?: readonly number[];
}

/** A whole table in memory. */
export interface Table {
  readonly names: readonly string[];
  readonly rows: number;
  /** [columns][rows] */
  readonly columns: readonly (readonly Value[])[];
  /** [rows], the line of each row in its file, from 1; absent where files have no lines. */
  readonly lines?: readonly number[];
  /** For messages. */
  readonly source?: string;
}
