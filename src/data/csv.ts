/**
 * Tables from CSV and TSV: RFC 4180 with the liberties that files take, whole or in chunks of bounded memory.
 *
 * Cells are text or null; what a column means is decided later, from all of its rows.
 */
import { OptionError } from "../core/index.ts";
import { delimiterGuess, delimiterName } from "./csvDelimiter.ts";
import { csvRows } from "./csvRows.ts";
import { csvScanner } from "./csvScanner.ts";
import { missingWords, requireWords } from "./missingWords.ts";
import { chunkBuilder, tableOf } from "./tableBuilder.ts";
import type { TableNote, TextReader } from "./tableLimits.ts";
import type { Table, TableChunk } from "./tableTypes.ts";
import { type ByteSource, feed, feedStream } from "./textSource.ts";

export interface CsvOptions {
  /** One character between the cells: "," ";" tab or "|", whichever the first line has most often, by default. */
  delimiter?: string;
  /** Whether the first row has the names: true; otherwise they are column1, column2, … */
  header?: boolean;
  /** What becomes of rows with more or fewer cells than the first: "error"; "skip" leaves them out and counts them. */
  ragged?: "error" | "skip";
  /** Words that stand for nothing: "", "NA", "N/A", "null", "NaN" and "?". */
  missing?: readonly string[];
  /** Whether such words also stand for nothing in quotes: true. */
  quotedMissing?: boolean;
  /** Whether spaces around cells without quotes are taken away: false, as RFC 4180 has it. */
  trim?: boolean;
  /** How messages call the table: "CSV". */
  name?: string;
  /** Is told of a guessed delimiter, of changed names and of skipped rows. */
  onNote?: (note: TableNote) => void;
}

/**
 * The table in a text, or in bytes of UTF-8 with or without a mark at the start.
 *
 * Lines end in LF, CRLF or CR; empty ones are no rows. Cells have at most 1,048,576 characters, rows 16,777,216, tables 16,384 columns.
 *
 * @returns [columns][rows] of text or null, with the line of each row.
 * @throws {FormatError} When the text is not CSV or not UTF-8, with line and cell; when it has no row.
 * @throws {OptionError} When an option cannot work.
 * @throws {DataError} When the table has more than 67,108,864 cells.
 */
export function readCsv(source: string | Uint8Array, options: CsvOptions = {}): Table {
  const { name = "CSV" } = options;
  return tableOf(chunksOf(source, options), name);
}

function* chunksOf(source: string | Uint8Array, options: CsvOptions): Generator<TableChunk> {
  const { name = "CSV" } = options;
  const { reader, take } = csvReader(options);
  for (const _ of feed(source, reader, name)) yield* take();
}

/**
 * The table in bytes that come in pieces, as chunks of about 16,384 cells; the memory in use does not grow with the file.
 *
 * @returns At least one chunk, so that the columns are known; errors as `readCsv`, when the place is reached.
 */
export async function* csvChunks(source: ByteSource, options: CsvOptions = {}): AsyncGenerator<TableChunk> {
  const { name = "CSV" } = options;
  const { reader, take } = csvReader(options);
  for await (const _ of feedStream(source, reader, name)) yield* take();
}

function csvReader(options: CsvOptions): { reader: TextReader; take: () => TableChunk[] } {
  requireOptions(options);
  const { name = "CSV", delimiter, onNote } = options;
  const builder = chunkBuilder();
  const {
    header = true,
    ragged = "error",
    missing = missingWords,
    quotedMissing = true,
    trim = false,
  } = options;
  const rows = csvRows(builder, { name, header, ragged, missing, quotedMissing, trim, onNote });
  const guess = delimiterGuess();
  let scanner = delimiter === undefined ? undefined : csvScanner(delimiter, rows, name);
  /** What came before the delimiter was known. */
  let waiting: string[] = [];
  const begin = (): TextReader => {
    if (scanner !== undefined) return scanner;
    const best = guess.best();
    onNote?.({
      code: "delimiter",
      message: `${name}: ${delimiterName(best)} stands between the cells, seen from the first line.`,
      delimiter: best,
    });
    scanner = csvScanner(best, rows, name);
    for (const text of waiting) scanner.push(text);
    waiting = [];
    return scanner;
  };
  const reader: TextReader = {
    push(text) {
      if (scanner !== undefined) return scanner.push(text);
      waiting.push(text);
      if (guess.feed(text)) begin();
    },
    end() {
      begin().end();
      rows.end();
      builder.end();
    },
    place: () => begin().place(),
  };
  return { reader, take: builder.take };
}

function requireOptions({ delimiter, ragged, missing, name = "CSV" }: CsvOptions): void {
  if (delimiter !== undefined && (typeof delimiter !== "string" || !/^[^"\r\n]$/.test(delimiter))) {
    throw new OptionError(
      "delimiter",
      `${name}: delimiter is ${JSON.stringify(delimiter) ?? typeof delimiter}, expected one character that is no quote and ends no line; pass "," or ";" or "\\t".`,
    );
  }
  if (ragged !== undefined && ragged !== "error" && ragged !== "skip") {
    throw new OptionError(
      "ragged",
      `${name}: ragged is ${JSON.stringify(ragged) ?? typeof ragged}, expected "error" or "skip"; pass one of them, or nothing.`,
    );
  }
  requireWords(missing, name);
}
