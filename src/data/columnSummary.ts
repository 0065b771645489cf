/**
 * Looks through the columns of a table as its rows come, with memory that does not grow with their number.
 *
 * Counts, means and deviations are kept exactly; different values up to 10,000 a column (fewer where a table has more than
 * 200 columns), and none longer than 200 letters. Beyond, a column has "many" and none is kept.
 */
import { DataError, Moments, ShapeError } from "../core/index.ts";
import { cellBoolean, cellDays, cellNumber, cellText, isMissing } from "./cells.ts";
import { judgeColumn } from "./columnKinds.ts";
import type { ColumnFacts, SeenCell, Spread, TableSummary } from "./columnTypes.ts";
import { sortedNames } from "./sortedNames.ts";
import { own } from "./tableLimits.ts";
import type { Table, TableChunk, Value } from "./tableTypes.ts";

/** Different values that are kept of one column, and of all columns together. */
const KEPT = 10_000;
const KEPT_OF_ALL = 2_000_000;
const KEPT_AT_LEAST = 100;
/** Of a value; a column whose values are longer is not one of categories. */
const LONGEST_VALUE = 200;
/** Of an average value, when as many are kept as may be. */
const KEPT_LETTERS = 100;

/** Takes rows chunk by chunk and tells at any time what they were. */
export interface TableSummarizer {
  /**
   * @param chosen Whether a row, counted from 0 in the whole table, is looked at; all are where it is absent.
   * @throws {ShapeError} When columns and names do not fit together.
   * @throws {DataError} When a cell is no value of a table, or a name stands twice.
   */
  add(chunk: TableChunk, chosen?: (row: number) => boolean): void;
  summary(): TableSummary;
}

/** A summarizer that has seen no rows. */
export function tableSummarizer(): TableSummarizer {
  const columns = new Map<string, ColumnCounter>();
  let rows = 0;
  return {
    add(chunk, chosen) {
      requireChunk(chunk);
      const taken: number[] = [];
      for (let i = 0; i < chunk.rows; i++) if (chosen === undefined || chosen(chunk.from + i)) taken.push(i);
      for (const name of chunk.names) if (!columns.has(name)) columns.set(name, new ColumnCounter());
      // Before any cell is looked at, so that it does not matter how the rows are cut into chunks.
      const kept = Math.max(KEPT_AT_LEAST, Math.min(KEPT, Math.floor(KEPT_OF_ALL / columns.size)));
      for (const counter of columns.values()) counter.keepAtMost(kept);
      for (const [c, name] of chunk.names.entries()) {
        const counter = columns.get(name)!;
        const cells = chunk.columns[c]!;
        for (const i of taken) counter.push(cells[i]!, chunk.from + i, chunk.lines?.[i]);
      }
      rows += taken.length;
    },
    summary: () => ({
      rows,
      columns: [...columns].map(([name, counter]) => judgeColumn(counter.facts(name, rows))),
    }),
  };
}

/**
 * What the columns of a table are taken for, and the figures that say why.
 *
 * A column is, by the first rule that fits: *empty*; *constant* (one value, none missing); *boolean* (true, false, yes, no,
 * and 0 and 1 where they are text); an *identifier* (all texts different, whole numbers that count the rows, or whole numbers
 * that are all different in a column named id); *number* or *date* (at least 9 of 10 values); *category* (at most 10 different
 * values, or at most 1000 with five rows each on average); else free *text*.
 *
 * @param rows A table, or its chunks from first to last. Of rows to train on alone, where something is to be decided from it.
 * @throws {ShapeError} When columns and names do not fit together.
 * @throws {DataError} When a cell is no value of a table, or a name stands twice.
 */
export function summarizeColumns(rows: Table | Iterable<TableChunk>): TableSummary {
  const summarizer = tableSummarizer();
  if (Symbol.iterator in rows) for (const chunk of rows) summarizer.add(chunk);
  else summarizer.add({ ...rows, from: 0 });
  return summarizer.summary();
}

/** Looks a chunk through once, so that nothing behind this line has to. */
export function requireChunk({ names, rows, columns, from }: TableChunk): void {
  if (columns.length !== names.length) {
    throw new ShapeError(
      `the table has ${columns.length} columns and ${names.length} names, expected equally many; give every column its name.`,
    );
  }
  const seen = new Set<string>();
  for (const [c, name] of names.entries()) {
    if (seen.has(name)) {
      throw new DataError(
        `the table has two columns named ${JSON.stringify(name)}, expected every name once, since columns are found by name; rename one.`,
        { column: c },
      );
    }
    seen.add(name);
    const cells = columns[c]!;
    if (cells.length !== rows) {
      throw new ShapeError(
        `column ${JSON.stringify(name)} has ${cells.length} cells, expected ${rows}, one a row; fill gaps with null.`,
      );
    }
    for (let i = 0; i < rows; i++) {
      const cell: unknown = cells[i];
      const kind = typeof cell;
      if (kind === "string" || kind === "number" || kind === "boolean" || cell === null || cell === undefined)
        continue;
      throw new DataError(
        `column ${JSON.stringify(name)}, row ${from + i} (from 0) holds a value of type ${kind}, ` +
          "expected text, a number, true, false or null; turn it into one of these, a date into ISO text.",
        { row: from + i, column: c },
      );
    }
  }
}

/** A value that is kept, and how often it came. */
interface Kept {
  value: string;
  count: number;
}

/** At least so many empty places, a power of two. */
function placesFor(count: number): (Kept | undefined)[] {
  return new Array<Kept | undefined>(1 << (32 - Math.clz32(count - 1))).fill(undefined);
}

/** Of the first letters of a text: for short texts engines take longer to find a place in a map. */
function letterSum(text: string): number {
  let sum = text.length;
  for (let at = Math.min(text.length, 24) - 1; at >= 0; at--) sum = Math.imul(sum, 31) + text.charCodeAt(at);
  return sum ^ (sum >>> 15);
}

/** The counts of one column. */
class ColumnCounter {
  private present = 0;
  private numbers = 0;
  private bits = 0;
  private booleans = 0;
  private trues = 0;
  private dates = 0;
  private texts = 0;
  private letters = 0;
  private whole = true;
  private rising = true;
  private last: number = Number.NEGATIVE_INFINITY;
  private values: Map<string, Kept> | undefined = new Map();
  /** Values that were met lately, by a sum over their letters: most cells are found here, without a search. */
  private recent: (Kept | undefined)[] = placesFor(16);
  /** Whether no value came twice while they were kept. */
  private allDifferent = true;
  private keptLetters = 0;
  private tooLong = false;
  private limit = KEPT;
  private readonly amounts: Moments = new Moments();
  private readonly days: Moments = new Moments();
  private readonly first: ColumnFacts["first"] = { number: null, boolean: null, date: null, text: null };

  push(value: Value, row: number, line: number | undefined): void {
    if (isMissing(value)) return;
    this.present++;
    this.keep(value);
    const truth = cellBoolean(value);
    if (truth === 1) this.trues++;
    const number = cellNumber(value);
    if (!Number.isNaN(number)) {
      this.numbers++;
      if (truth !== undefined && typeof value === "string") this.bits++;
      this.pushNumber(number);
      this.first.number ??= seen(value, row, line);
    } else if (truth !== undefined) {
      this.booleans++;
      this.first.boolean ??= seen(value, row, line);
    } else {
      this.pushText(value, row, line);
    }
  }

  private pushNumber(number: number): void {
    this.amounts.push(number);
    this.whole &&= Number.isInteger(number);
    this.rising &&= number > this.last;
    this.last = number;
  }

  private pushText(value: Value, row: number, line: number | undefined): void {
    const days = cellDays(value);
    if (Number.isNaN(days)) {
      this.texts++;
      this.letters += cellText(value).length;
      this.first.text ??= seen(value, row, line);
    } else {
      this.dates++;
      this.days.push(days);
      this.first.date ??= seen(value, row, line);
    }
  }

  private keep(value: Value): void {
    if (this.values === undefined) return;
    const text = cellText(value);
    if (text.length > LONGEST_VALUE) this.tooLong = true;
    const key = text.length > LONGEST_VALUE ? text.slice(0, LONGEST_VALUE) : text;
    // Four times as many places as values, at the least, when they are made.
    if (this.recent.length < this.values.size) this.recent = placesFor(4 * this.values.size);
    const slot = letterSum(key) & (this.recent.length - 1);
    const met = this.recent[slot];
    const known = met?.value === key ? met : this.values.get(key);
    if (known !== undefined) {
      known.count++;
      this.allDifferent = false;
      this.recent[slot] = known;
      return;
    }
    // A part of a cell would keep the whole of it alive, and a cell the text that it was cut from.
    const kept = { value: own(key), count: 1 };
    this.values.set(kept.value, kept);
    this.recent[slot] = kept;
    this.keptLetters += key.length;
    const full = this.values.size > this.limit || this.keptLetters > KEPT_LETTERS * this.limit;
    if (full) this.forget();
  }

  /** Lowers how many different values are kept. */
  keepAtMost(limit: number): void {
    this.limit = limit;
    if (this.values !== undefined && this.values.size > limit) this.forget();
  }

  private forget(): void {
    this.values = undefined;
    this.recent = [];
  }

  facts(name: string, rows: number): ColumnFacts {
    const { present, numbers, texts } = this;
    const values = this.tooLong ? undefined : this.values;
    return {
      name,
      rows,
      missing: rows - present,
      numbers,
      bits: this.bits,
      booleans: this.booleans,
      trues: this.trues,
      dates: this.dates,
      texts,
      textLength: texts === 0 ? 0 : this.letters / texts,
      distinct: values?.size ?? null,
      allDifferent: this.allDifferent,
      values: sortedNames([...(values?.keys() ?? [])]).map((value) => ({
        value,
        count: values!.get(value)!.count,
      })),
      whole: numbers > 0 && this.whole,
      countsUp: numbers > 0 && numbers === rows && this.whole && this.rising,
      number: spreadOf(this.amounts),
      date: spreadOf(this.days),
      first: { ...this.first },
    };
  }
}

function seen(value: Value, row: number, line: number | undefined): SeenCell {
  const text = cellText(value);
  return { row, line: line ?? null, text: own(text.length > 80 ? `${text.slice(0, 77)}...` : text) };
}

function spreadOf({ count, mean, deviation, least, most }: Moments): Spread | null {
  return count === 0 ? null : { mean, deviation, least: least + 0, most: most + 0 };
}
