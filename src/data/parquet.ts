/**
 * Tables from Parquet files, whole or in chunks of bounded memory: numbers, text, true and false, dates as ISO text, null.
 *
 * The reader is our own, since it must stay within its memory and its time whatever a file claims; unpacking of gzip and LZ4
 * is left to the optional package hyparquet-compressors. Source: Apache Parquet format 2.11.
 */
import { DataError, FormatError, OptionError } from "../core/index.ts";
import { listNames, meantName } from "./columnNames.ts";
import { type ParquetFooter, type ParquetGroup, readFooter } from "./parquetFooter.ts";
import { type Fetch, PartReader } from "./parquetPages.ts";
import type { ParquetColumn } from "./parquetSchema.ts";
import { footerBytes, type ParquetSource, sourceOf } from "./parquetSource.ts";
import { ParquetFault } from "./parquetThrift.ts";
import { type Spend, unreadable } from "./parquetValues.ts";
import { collectTable, requireRoom } from "./tableBuilder.ts";
import { CHUNK, MAX_ROW, MAX_TABLE_TEXT } from "./tableLimits.ts";
import type { Table, TableChunk, Value } from "./tableTypes.ts";

export interface ParquetOptions {
  /** Columns to read, in this order: all, in the order of the file. Others may be of any kind. */
  columns?: readonly string[];
  /** How messages call the table: "Parquet". */
  name?: string;
}

/**
 * The table in a Parquet file.
 *
 * Whole numbers beyond 2^53 are text, decimals numbers, dates "2024-12-31", timestamps "2024-12-31T23:59:59.5" with Z where they are
 * in UTC, NaN is null. Columns of lists, structs or plain bytes are refused unless `columns` leaves them out.
 *
 * @returns [columns][rows] of values; no lines, since the file has none.
 * @throws {FormatError} When the file is not what it should be, with column (from 1) and group of rows.
 * @throws {OptionError} When an option cannot work.
 * @throws {DataError} When the file lacks a column that is asked for, or the table has more than 67,108,864 cells or 536,870,912 characters.
 * @throws {FileError} When the file is packed with gzip or LZ4 and the package hyparquet-compressors is not installed.
 */
export function readParquet(source: ParquetSource, options: ParquetOptions = {}): Promise<Table> {
  const { name = "Parquet" } = options;
  let text = 0;
  const spend = (letters: number): void => {
    text += letters;
    if (text > MAX_TABLE_TEXT) throw tooMuchText(name);
  };
  // The footer tells how large the table is before any of it is read, but not how long its texts are.
  return collectTable(
    chunksOf(source, options, (columns, rows) => requireRoom(columns, rows, name), spend),
    name,
  );
}

/** A megabyte of packed text can unfold to gigabytes. */
function tooMuchText(name: string): DataError {
  return new DataError(
    `${name}: its texts have more than ${MAX_TABLE_TEXT} characters, expected at most those of a table that lies in memory; leave columns of texts out (name the others in columns), or read it in chunks (parquetChunks).`,
  );
}

/**
 * The table in a Parquet file as chunks of about 16,384 cells; a page of each column and its dictionary are in memory at a time.
 *
 * @returns At least one chunk, so that the columns are known; errors as `readParquet`, when the place is reached.
 */
export function parquetChunks(
  source: ParquetSource,
  options: ParquetOptions = {},
): AsyncGenerator<TableChunk> {
  const any = (): void => undefined;
  return chunksOf(source, options, any, any);
}

async function* chunksOf(
  source: ParquetSource,
  options: ParquetOptions,
  check: (columns: number, rows: number) => void,
  spend: Spend,
): AsyncGenerator<TableChunk> {
  const { name = "Parquet" } = options;
  const { size, fetch } = sourceOf(source, name);
  const footer = await openFooter(size, fetch, name);
  const columns = chosenColumns(footer.columns, options.columns, name);
  const names = columns.map((column) => column.name);
  check(columns.length, footer.rows);
  let from = 0;
  for (const [g, group] of footer.groups.entries()) {
    for await (const cells of groupCells(group, columns, { fetch, spend }, { name, group: g })) {
      const rows = cells[0]?.length ?? 0;
      yield { names, from, rows, columns: cells };
      from += rows;
    }
  }
  if (from === 0) yield { names, from: 0, rows: 0, columns: names.map(() => []) };
}

async function openFooter(size: number, fetch: Fetch, name: string): Promise<ParquetFooter> {
  const { bytes, from } = await located(() => footerBytes(size, fetch), `${name}: `, {});
  return located(() => readFooter(bytes, from), `${name}: the footer of the file is damaged: `, {});
}

/** What a fault is in words, with its place and what to do. */
async function located<T>(read: () => T | Promise<T>, place: string, at: { column?: number }): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ParquetFault)) throw error;
    throw new FormatError(
      `${place}${error.message}; the file is damaged, cut off or no Parquet, fetch or write it again.`,
      at,
    );
  }
}

function chosenColumns(
  columns: readonly ParquetColumn[],
  wanted: readonly string[] | undefined,
  name: string,
): readonly ParquetColumn[] {
  const names = columns.map((column) => column.name);
  for (const [c, column] of names.entries()) {
    if (names.indexOf(column) === c) continue;
    throw new FormatError(
      `${name}: two columns are named ${JSON.stringify(column)}, expected every name once, since columns are found by name; write the file with one of them renamed.`,
      { column: c + 1 },
    );
  }
  const chosen = wanted === undefined ? columns : wantedColumns(columns, wanted, name);
  if (chosen.length === 0)
    throw new FormatError(
      `${name}: the table has no column, expected at least one; look whether it is the right file.`,
    );
  for (const column of chosen) {
    const reason = unreadable(column);
    if (reason === undefined) continue;
    throw new FormatError(
      `${name}: column ${JSON.stringify(column.name)} ${reason}, expected numbers, text, true and false, or dates, since a cell holds one value; ` +
        `leave it out: name the others in columns, or in Node ask for them by SQL (select * exclude (${sqlName(column.name)}) from '${name}').`,
      { column: columns.indexOf(column) + 1 },
    );
  }
  return chosen;
}

function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function wantedColumns(
  columns: readonly ParquetColumn[],
  wanted: readonly string[],
  name: string,
): ParquetColumn[] {
  if (
    !Array.isArray(wanted) ||
    wanted.some((one) => typeof one !== "string") ||
    new Set(wanted).size !== wanted.length
  ) {
    throw new OptionError(
      "columns",
      `${name}: columns is ${JSON.stringify(wanted) ?? typeof wanted}, expected a list of names, each once; pass ["a", "b"].`,
    );
  }
  const names = columns.map((column) => column.name);
  return wanted.map((one) => {
    const found = columns[names.indexOf(one)];
    if (found !== undefined) return found;
    throw new DataError(
      `${name}: the table lacks the column ${JSON.stringify(one)}${meantName(one, names)}, expected it, since options.columns names it; it has ${listNames(names)}.`,
    );
  });
}

interface Means {
  readonly fetch: Fetch;
  readonly spend: Spend;
}

/** The cells of a group of rows, some rows at a time: [columns][rows]. */
async function* groupCells(
  { rows, parts }: ParquetGroup,
  columns: readonly ParquetColumn[],
  means: Means,
  place: { name: string; group: number },
): AsyncGenerator<Value[][]> {
  const wanted = Math.max(CHUNK.rows, Math.floor(CHUNK.cells / columns.length));
  const letters = Math.max(1, Math.floor(CHUNK.text / columns.length));
  const readers = columns.map((column) => new WaitingColumn(column, parts, means, place));
  for (let left = rows; left > 0; ) {
    let waiting = 0;
    for (const reader of readers) {
      await reader.fill(Math.min(wanted, left), letters);
      waiting += reader.letters;
      // Values of a row that wait for those of the others, and nothing else, can be so many.
      if (waiting > CHUNK.text + MAX_ROW) throw tooLong(place);
    }
    const ready = Math.min(...readers.map((reader) => reader.cells.length));
    yield readers.map((reader) => reader.take(ready));
    left -= ready;
  }
}

function tooLong({ name, group }: { name: string; group: number }): FormatError {
  return new FormatError(
    `${name}: row group ${group + 1}: a row has more than ${MAX_ROW} characters, expected no more; leave columns of long texts out (name the others in columns).`,
  );
}

/** One column, read ahead as far as a chunk goes. */
class WaitingColumn {
  cells: Value[] = [];
  letters = 0;
  private readonly reader: PartReader | undefined;
  private readonly place: string;
  private readonly column: number;

  constructor(
    column: ParquetColumn,
    parts: ParquetGroup["parts"],
    { fetch, spend }: Means,
    { name, group }: { name: string; group: number },
  ) {
    const part = parts[column.leaf];
    this.place = `${name}: column ${JSON.stringify(column.name)}, row group ${group + 1}: `;
    this.column = column.leaf + 1;
    if (part?.elsewhere !== undefined) {
      throw new FormatError(
        `${this.place}it ${part.elsewhere}, expected its values in this file; leave it out (name the others in columns), or write the file anew.`,
        { column: this.column },
      );
    }
    this.reader = part === undefined ? undefined : new PartReader(column, part, fetch, spend);
  }

  async fill(count: number, letters: number): Promise<void> {
    const { reader, cells } = this;
    if (reader === undefined) return;
    await located(
      async () => {
        while (cells.length < count && (cells.length === 0 || this.letters < letters)) {
          this.letters += await reader.read(count - cells.length, cells, letters - this.letters);
        }
      },
      this.place,
      { column: this.column },
    );
  }

  take(count: number): Value[] {
    const taken = this.cells;
    this.cells = taken.splice(count);
    this.letters = 0;
    for (const cell of this.cells) if (typeof cell === "string") this.letters += cell.length;
    return taken;
  }
}
