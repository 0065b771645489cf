/** What is known of a table's columns before anything is decided: plain data, survives JSON. */

/** What a column's cells are taken for, unless told. The last three are not learned from. */
export type ColumnKind =
  | "number"
  | "boolean"
  | "date"
  | "category"
  /** Free text: many different texts, of which nothing general can be learned as they are. */
  | "text"
  /** Names each row, so a network would learn the rows by heart. */
  | "identifier"
  | "constant"
  | "empty";

/** A cell that was seen, for messages; `row` counts from 0, `line` from 1 and is null where files have no lines. */
export interface SeenCell {
  row: number;
  line: number | null;
  text: string;
}

/** Of numbers: amounts; of dates: days since 1970-01-01 UTC. The deviation is that of all, not of all less one. */
export interface Spread {
  mean: number;
  deviation: number;
  least: number;
  most: number;
}

/** The cells of one column, counted. */
export interface ColumnFacts {
  name: string;
  /** Of the table; `missing` of them have no value here. */
  rows: number;
  missing: number;
  /** Numbers, as text or typed. */
  numbers: number;
  /** Of the numbers, those that are the text 0 or 1. */
  bits: number;
  /** true, false, yes and no. */
  booleans: number;
  /** Cells that say true: true, yes and 1. */
  trues: number;
  dates: number;
  /** Everything else. */
  texts: number;
  /** Letters of an average text, 0 where there is none. */
  textLength: number;
  /** How many different values there are; null where more than were kept. */
  distinct: number | null;
  /** Whether no value stands twice, as far as they were kept. */
  allDifferent: boolean;
  /** Every value and its count, in order of value; empty where there are more than were kept. */
  values: { value: string; count: number }[];
  /** Whether all numbers are whole. */
  whole: boolean;
  /** Whether every cell is a whole number above the one before. */
  countsUp: boolean;
  /** Null where the column has no number. */
  number: Spread | null;
  /** Null where the column has no date. */
  date: Spread | null;
  /** The first cell of each sort, null where there is none. */
  first: { number: SeenCell | null; boolean: SeenCell | null; date: SeenCell | null; text: SeenCell | null };
}

/** A column with what it is taken for. */
export interface ColumnSummary extends ColumnFacts {
  kind: ColumnKind;
  /** By which rule. */
  why: string;
  /** What its owner might want to mend or to say; null where nothing suggests itself. */
  hint: string | null;
  /** The first cell that is not of the column's kind; null where all are. */
  odd: SeenCell | null;
}

export interface TableSummary {
  rows: number;
  columns: ColumnSummary[];
}

/** What a column may be told to be; a target that is a "category" or a "boolean" is one of classes. */
export type ColumnType = "number" | "boolean" | "category" | "date";
