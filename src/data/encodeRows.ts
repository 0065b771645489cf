/** Rows of a table as the numbers that a network takes: `x`, and `y` where the targets are known. */
import { DataError } from "../core/index.ts";
import { cellBoolean, cellDays, cellHint, cellNumber, cellText, isMissing, quoteCell } from "./cells.ts";
import { columnPlaces } from "./columnNames.ts";
import { requireChunk } from "./columnSummary.ts";
import { inputWidth, outputCount } from "./preprocessingLayout.ts";
import type { InputColumn, Preprocessing, TargetColumn } from "./preprocessingTypes.ts";
import type { Table, TableChunk, Value } from "./tableTypes.ts";

export interface EncodeOptions {
  /** Whether the target columns are read too, which must then be there. */
  targets?: boolean;
  /** What happens to a row with a cell that is not of its column's kind: it is refused, or the cell counts as missing. */
  onBad?: "refuse" | "missing";
  /**
   * What a column that is not there means: an error that names it, or that its value is missing in every row, as in the first
   * chunks of JSON lines, before a key was seen.
   */
  onAbsent?: "error" | "missing";
}

/** A row that was left out. */
export interface RefusedRow {
  /** From 0, in the whole table. */
  row: number;
  /** Of the file, from 1; absent where files have no lines. */
  line?: number;
  column: string;
  reason: string;
}

export interface EncodedRows {
  /** `[kept.length, inputs]` */
  x: Float32Array<ArrayBuffer>;
  /** `[kept.length, outputs]`; absent where targets were not asked for. */
  y?: Float32Array<ArrayBuffer>;
  refused: RefusedRow[];
  /** The rows of x, from 0, in the whole table; ascending. */
  kept: number[];
}

/** Writes a cell at its place; a text says why it cannot. */
type Write = (out: Float32Array, at: number, value: Value) => string | undefined;

/** A column with what writes its cells, over `width` numbers of a row. */
interface WrittenColumn {
  name: string;
  width: number;
  write: Write;
  /** Why it must be there. */
  why: string;
}

/** By the row in the chunk; the first fault of each. */
type Refusals = Map<number, Omit<RefusedRow, "row" | "line">>;

/** So many deviations from the mean no row of fewer than 10^18 can be, so such a value was none to learn from. */
const FARTHEST = 1e9;

/** Numbers in one array: two gigabytes. */
const LARGEST = 0x20000000;

/**
 * Encodes rows. Columns are found by name, so their order does not matter, and others are ignored. Every number is finite.
 *
 * A missing value becomes what stands for it, and its indicator 1; an unseen category takes the place for such. A cell that
 * is not of its column's kind, or lies more than 10^9 deviations from the mean, refuses its row. With targets, a row without
 * one, or of a class that was not learned, is refused too.
 *
 * @param options `targets` false; `onBad` "refuse"; `onAbsent` "error".
 * @throws {DataError} When columns are missing, which it names, or the result would not fit into memory.
 * @throws {ShapeError} When columns and names do not fit together.
 */
export function encodeRows(
  p: Preprocessing,
  chunk: TableChunk | Table,
  { targets = false, onBad = "refuse", onAbsent = "error" }: EncodeOptions = {},
): EncodedRows {
  const { rows, lines } = chunk;
  const from = "from" in chunk ? chunk.from : 0;
  requireChunk({ ...chunk, from });
  const outputs = outputCount(p);
  requireRoom(rows, Math.max(p.inputs, outputs));
  const refusals: Refusals = new Map();
  const inputs = p.columns.map((column) => ({
    name: column.name,
    width: inputWidth(column),
    write: inputWriter(column, onBad === "missing"),
    why: "since the model learned from it",
  }));
  const x = writeColumns(chunk, inputs, p.inputs, onAbsent, refusals);
  const answers = p.targets.map((target) => ({
    name: target.name,
    width: 1,
    write: targetWriter(target),
    why: "since it holds the target",
  }));
  const y = targets ? writeColumns(chunk, answers, outputs, onAbsent, refusals) : undefined;
  const left: number[] = [];
  for (let i = 0; i < rows; i++) if (!refusals.has(i)) left.push(i);
  const refused = [...refusals].sort(([a], [b]) => a - b);
  return {
    x: gatherRows(x, left, rows, p.inputs),
    ...(y !== undefined && { y: gatherRows(y, left, rows, outputs) }),
    refused: refused.map(([i, refusal]) => ({
      row: from + i,
      ...(lines !== undefined && { line: lines[i]! }),
      ...refusal,
    })),
    kept: left.map((i) => from + i),
  };
}

/** All rows, those that are refused too, `[rows, width]`. */
function writeColumns(
  { names, rows, columns }: TableChunk | Table,
  wanted: readonly WrittenColumn[],
  width: number,
  onAbsent: "error" | "missing",
  refusals: Refusals,
): Float32Array<ArrayBuffer> {
  const places = columnPlaces(
    names,
    wanted.map(({ name }) => name),
    onAbsent === "error" ? wanted[0]?.why : undefined,
  );
  const out = new Float32Array(rows * width);
  let offset = 0;
  for (const [c, { name: column, width: own, write }] of wanted.entries()) {
    const cells = columns[places[c]!];
    for (let i = 0; i < rows; i++) {
      const reason = write(out, i * width + offset, cells === undefined ? null : cells[i]!);
      if (reason !== undefined && !refusals.has(i)) refusals.set(i, { column, reason });
    }
    offset += own;
  }
  return out;
}

/** What writes the cells of an input column. @param forgiving Whether a bad cell counts as missing. */
function inputWriter(column: InputColumn, forgiving: boolean): Write {
  if (column.kind === "category") {
    const places = new Map(column.values.map((value, i) => [value, i]));
    const last = column.values.length;
    return (out, at, value) => {
      out[at + (isMissing(value) ? last : (places.get(cellText(value)) ?? last))] = 1;
      return undefined;
    };
  }
  const write = valueWriter(column);
  const fill = column.kind === "boolean" ? column.fill : (column.fill - column.mean) / column.deviation;
  return (out, at, value) => {
    const missing = isMissing(value);
    const reason = missing ? undefined : write(out, at, value);
    if (!missing && (reason === undefined || !forgiving)) return reason;
    out[at] = fill;
    if (column.indicator) out[at + 1] = 1;
    return undefined;
  };
}

/** What writes a value that is there. */
function valueWriter(column: Exclude<InputColumn, { kind: "category" }>): Write {
  if (column.kind === "boolean") {
    return (out, at, value) => {
      const truth = cellBoolean(value);
      if (truth === undefined) return `${quoteCell(value)} is neither true nor false`;
      out[at] = truth;
      return undefined;
    };
  }
  const { kind } = column;
  const read = kind === "number" ? cellNumber : cellDays;
  return (out, at, value) => {
    const number = read(value);
    if (Number.isNaN(number)) return `${quoteCell(value)} is no ${kind}${hintFor(value)}`;
    return writeStandardized(out, at, number, column);
  };
}

function targetWriter(target: TargetColumn): Write {
  if (target.kind === "number") {
    return (out, at, value) => {
      if (isMissing(value)) return "the target is missing";
      const number = cellNumber(value);
      if (Number.isNaN(number)) return `${quoteCell(value)} is no number${hintFor(value)}`;
      return writeStandardized(out, at, number, target);
    };
  }
  const places = new Map(target.classes.map((name, i) => [name, i]));
  const single = target.classes.length === 2;
  return (out, at, value) => {
    if (isMissing(value)) return "the target is missing";
    const place = places.get(cellText(value));
    if (place === undefined) return `${quoteCell(value)} is none of the classes that were learned`;
    if (single) out[at] = place;
    else out[at + place] = 1;
    return undefined;
  };
}

function writeStandardized(
  out: Float32Array,
  at: number,
  value: number,
  { mean, deviation }: { mean: number; deviation: number },
): string | undefined {
  const z = (value - mean) / deviation;
  // An infinite difference is beyond the limit too, unless the deviation is as large.
  const distance = Number.isFinite(z) ? z : (value / 2 - mean / 2) / (deviation / 2);
  if (!(Math.abs(distance) <= FARTHEST)) {
    return `${value} is too far from the mean ${mean} to be of the column, in which values differ by about ${deviation}`;
  }
  out[at] = distance;
  return undefined;
}

function hintFor(value: Value): string {
  const hint = typeof value === "string" ? cellHint(value.trim()) : undefined;
  return hint === undefined ? "" : ` (${hint})`;
}

function requireRoom(rows: number, width: number): void {
  if (rows * width <= LARGEST) return;
  throw new DataError(
    `${rows} rows of ${width} numbers take ${Math.round((rows * width * 4) / 1e9)} GB, expected at most 2 GB at once; ` +
      "encode the table in parts, or drop columns with many categories.",
  );
}

function gatherRows(
  from: Float32Array<ArrayBuffer>,
  left: readonly number[],
  rows: number,
  width: number,
): Float32Array<ArrayBuffer> {
  if (left.length === rows) return from;
  const out = new Float32Array(left.length * width);
  for (const [to, i] of left.entries()) out.set(from.subarray(i * width, (i + 1) * width), to * width);
  return out;
}
