/**
 * Tables from JSON lines: one flat object a line, its keys the columns, in order of first sight.
 *
 * Source: jsonlines.org; RFC 8259 for each line.
 */
import { FormatError } from "../core/index.ts";
import { readJsonLine } from "./jsonLine.ts";
import { requireWords, wordTest } from "./missingWords.ts";
import { chunkBuilder, tableOf } from "./tableBuilder.ts";
import { excerpt, MAX_COLUMNS, MAX_ROW, type TextReader } from "./tableLimits.ts";
import type { Table, TableChunk, Value } from "./tableTypes.ts";
import { type ByteSource, feed, feedStream } from "./textSource.ts";

/** Objects that share few keys make many empty cells out of few bytes: so many in all are allowed, and so many for each value. */
const SPARSE = { cells: 1_048_576, perValue: 64 } as const;

export interface JsonLinesOptions {
  /** Texts that stand for nothing beside null: none. */
  missing?: readonly string[];
  /** How messages call the table: "JSON lines". */
  name?: string;
}

/**
 * The table in a text, or in bytes of UTF-8 with or without a mark at the start.
 *
 * Values are numbers, texts, true, false and null; a key that a line lacks is null there. Empty lines are no rows.
 *
 * @returns [columns][rows], with the line of each row.
 * @throws {FormatError} When a line is no flat object of JSON or has a key twice, with line and character; when there is no line.
 * @throws {OptionError} When an option cannot work.
 * @throws {DataError} When the table has more than 67,108,864 cells.
 */
export function readJsonLines(source: string | Uint8Array, options: JsonLinesOptions = {}): Table {
  const { name = "JSON lines" } = options;
  return tableOf(chunksOf(source, options), name);
}

function* chunksOf(source: string | Uint8Array, options: JsonLinesOptions): Generator<TableChunk> {
  const { name = "JSON lines" } = options;
  const { reader, take } = jsonLinesReader(options);
  for (const _ of feed(source, reader, name)) yield* take();
}

/**
 * The table in bytes that come in pieces, as chunks of about 16,384 cells; the memory in use does not grow with the file.
 *
 * @returns At least one chunk. Later ones may have more columns, on the right of those before. Errors as `readJsonLines`, when the
 *   place is reached.
 */
export async function* jsonLinesChunks(
  source: ByteSource,
  options: JsonLinesOptions = {},
): AsyncGenerator<TableChunk> {
  const { name = "JSON lines" } = options;
  const { reader, take } = jsonLinesReader(options);
  for await (const _ of feedStream(source, reader, name)) yield* take();
}

function jsonLinesReader({ missing = [], name = "JSON lines" }: JsonLinesOptions): {
  reader: TextReader;
  take: () => TableChunk[];
} {
  requireWords(missing, name);
  const builder = chunkBuilder();
  const row = jsonRow(name, wordTest(missing), builder.addColumn);
  let line = 1;
  let rows = 0;
  /** The present line as far as it is known, and its length. */
  let parts: string[] = [];
  let kept = 0;
  const keep = (part: string): void => {
    kept += part.length;
    if (kept > MAX_ROW) {
      throw new FormatError(
        `${name}:${line}: the line has more than ${MAX_ROW} characters, expected no more; write one object a line.`,
        { line, column: 1 },
      );
    }
    if (part !== "") parts.push(part);
  };
  const endLine = (): void => {
    const text = parts.length === 1 ? (parts[0] as string) : parts.join("");
    if (!isBlank(text)) {
      builder.row(row(text, line), line, kept);
      rows++;
    }
    parts = [];
    kept = 0;
    line++;
  };
  const reader: TextReader = {
    place: () => ({ line, column: kept + 1 }),
    push(text) {
      let at = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", at)) {
        keep(text.slice(at, end));
        endLine();
        at = end + 1;
      }
      keep(text.slice(at));
    },
    end() {
      endLine();
      if (rows === 0) {
        throw new FormatError(
          `${name}: there is no line, expected one object a line; the file is empty, look whether it is the right one.`,
          { line: 1, column: 1 },
        );
      }
      builder.end();
    },
  };
  return { reader, take: builder.take };
}

/** From a line to its row, valid until the next; new keys become columns. */
function jsonRow(
  name: string,
  isMissing: (text: string) => boolean,
  addColumn: (name: string) => void,
): (text: string, line: number) => readonly Value[] {
  const places = new Map<string, number>();
  const names: string[] = [];
  const values: Value[] = [];
  let rows = 0;
  let members = 0;
  /** The last line that had each column. */
  const lastLine: number[] = [];
  return (text, line) => {
    const fail = (at: number, said: string): never => {
      throw new FormatError(`${name}:${line}:${at + 1}: ${said}`, { line, column: at + 1 });
    };
    values.fill(null);
    let next = 0;
    readJsonLine(text, {
      fail,
      member(key, value, at) {
        // Most lines have the same keys in the same order.
        const place = names[next] === key ? next : (places.get(key) ?? names.length);
        if (place === names.length) {
          if (place === MAX_COLUMNS) {
            fail(
              at,
              `${excerpt(key)} is key number ${MAX_COLUMNS + 1} of the file, expected at most ${MAX_COLUMNS} columns; use the same keys on each line.`,
            );
          }
          places.set(key, place);
          names.push(key);
          lastLine.push(0);
          addColumn(key);
        }
        if (lastLine[place] === line) {
          fail(
            at,
            `the key ${excerpt(key)} stands twice in the object, expected each key once, since two readers could take two values; keep one.`,
          );
        }
        lastLine[place] = line;
        values[place] = typeof value === "string" && isMissing(value) ? null : value;
        next = place + 1;
        members++;
      },
    });
    const cells = ++rows * names.length;
    if (cells > SPARSE.cells && cells > SPARSE.perValue * members)
      throw tooSparse(name, line, names.length, members / rows);
    return values;
  };
}

function tooSparse(name: string, line: number, keys: number, each: number): FormatError {
  return new FormatError(
    `${name}:${line}: the objects so far have ${keys} keys in all but ${each.toPrecision(2)} each on the average, expected at least ` +
      `one in ${SPARSE.perValue}, since all others are empty cells; give every object the same keys.`,
    { line, column: 1 },
  );
}

/** Whether there is nothing but spaces; the first character decides almost always. */
function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char !== 0x20 && char !== 0x09 && char !== 0x0d) return false;
  }
  return true;
}
