/** Tables as a command has them: opened as often as wanted, by the chunk or whole. */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { FileError, OptionError } from "../core/index.ts";
import { collectTable, type Table, type TableChunk, type TableNote } from "../data/index.ts";
import { tableFile } from "../node/index.ts";
import { type SqlFlags, type SqlSource, sqlSource } from "./sqlOptions.ts";
import { endingOf, isTablePath, readingOf, type TableFlags } from "./tableOptions.ts";
import { chunksInWords } from "./tableWords.ts";
import { UsageError } from "./usage.ts";

/** A table that can be read again. */
export interface NamedTable {
  /** For messages: a path, or what was asked for. */
  readonly name: string;
  /** On the disk; undefined where it is no file. */
  readonly bytes: number | undefined;
  /** Whether later chunks may have more columns than the first, as those of JSON lines. */
  readonly grows: boolean;
  /** What the reader saw and decided, once for each sort of note. */
  readonly notes: TableNote[];
  /** Begins at the first row. */
  open(): AsyncIterable<TableChunk>;
  /** SHA-256 of the file, or where it is none of its rows. */
  sha256(): Promise<string>;
}

/**
 * The table that a command names: a file, or with --sql a query. Undefined where it names something else.
 *
 * @throws {UsageError} When it names both.
 * @throws {OptionError} When `rows` is no whole number from 1.
 */
export function namedTable(name: string | undefined, flags: TableFlags & SqlFlags): NamedTable | undefined {
  const query = sqlSource(flags);
  if (query === undefined)
    return name !== undefined && isTablePath(name) ? fileTable(name, flags) : undefined;
  if (name === undefined) return queryTable(query, flags);
  throw new UsageError(`${name} and --sql are both given, expected one of them; leave one out.`);
}

/** @throws {OptionError} When `rows` is no whole number from 1. */
function fileTable(path: string, flags: TableFlags): NamedTable {
  const { rows } = flags;
  checkRows(rows);
  const notes: TableNote[] = [];
  const onNote = (note: TableNote): void => {
    if (notes.every(({ code }) => code !== note.code)) notes.push(note);
  };
  const options = { ...readingOf(path, flags), onNote };
  return {
    name: path,
    bytes: statSync(path, { throwIfNoEntry: false })?.size,
    grows: [".jsonl", ".ndjson"].includes(endingOf(path)),
    notes,
    open: () => chunksInWords(firstRows(tableFile(path, options), rows)),
    sha256: () => fileSha256(path),
  };
}

/** The rows of a query, which is asked anew each time. */
function queryTable({ name, open }: SqlSource, { rows }: TableFlags): NamedTable {
  checkRows(rows);
  const opened = (): AsyncIterable<TableChunk> => firstRows(open(), rows);
  return {
    name,
    bytes: undefined,
    grows: false,
    notes: [],
    open: opened,
    sha256: () => rowsSha256(opened()),
  };
}

/** The whole table, in memory. */
export function wholeTable(source: NamedTable): Promise<Table> {
  return collectTable(source.open(), source.name);
}

/** The columns that the first rows have. */
export async function firstNames(source: NamedTable): Promise<readonly string[]> {
  for await (const { names } of source.open()) return names;
  return [];
}

function checkRows(rows: number | undefined): void {
  if (rows === undefined || (Number.isSafeInteger(rows) && rows >= 1)) return;
  throw new OptionError(
    "rows",
    `--rows is ${rows}, expected a whole number from 1, the rows to take; write for example --rows 1000.`,
  );
}

/** All of them where nobody says how many. */
async function* firstRows(
  chunks: AsyncIterable<TableChunk>,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<TableChunk> {
  let left = most;
  for await (const chunk of chunks) {
    if (chunk.rows < left) {
      yield chunk;
      left -= chunk.rows;
      continue;
    }
    const { lines } = chunk;
    yield {
      ...chunk,
      rows: left,
      columns: chunk.columns.map((cells) => cells.slice(0, left)),
      ...(lines !== undefined && { lines: lines.slice(0, left) }),
    };
    return;
  }
}

/** Row by row, so that it does not matter how the rows are cut into chunks. */
async function rowsSha256(chunks: AsyncIterable<TableChunk>): Promise<string> {
  const hash = createHash("sha256");
  let first = true;
  for await (const { names, rows, columns } of chunks) {
    if (first) hash.update(JSON.stringify(names));
    first = false;
    for (let row = 0; row < rows; row++)
      hash.update(`\n${JSON.stringify(columns.map((cells) => cells[row]))}`);
  }
  return hash.digest("hex");
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }))
      hash.update(piece as Uint8Array);
  } catch (error) {
    throw new FileError(
      path,
      `${path}: the file could not be read (${(error as Error).message}); check its name and its rights.`,
    );
  }
  return hash.digest("hex");
}
