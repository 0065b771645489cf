/** Tables from files, by the ends of their names: a little at a time, unpacked on the way. */
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError, FormatError, OptionError } from "../core/index.ts";
import {
  type CsvOptions,
  collectTable,
  csvChunks,
  jsonLinesChunks,
  type ParquetOptions,
  parquetChunks,
  type Table,
  type TableChunk,
} from "../data/index.ts";
import { reasonOf } from "./reasons.ts";

export interface TableFileOptions extends CsvOptions {
  /** The kind of file; by default what its name ends in: .parquet, or .csv, .tsv, .jsonl or .ndjson, each also with .gz after it. */
  format?: "csv" | "tsv" | "jsonl" | "parquet";
  /** The columns to read from Parquet: all. Others may be of any kind. */
  columns?: readonly string[];
  /** The largest size of a file once it is unpacked, in bytes: 16 GiB. Files that are not packed have no limit. */
  maxBytes?: number;
}

type Format = NonNullable<TableFileOptions["format"]>;

const endings: ReadonlyMap<string, Format> = new Map([
  [".csv", "csv"],
  [".tsv", "tsv"],
  [".jsonl", "jsonl"],
  [".ndjson", "jsonl"],
  [".parquet", "parquet"],
]);

/** Bytes that are read at a time. */
const PIECE = 262_144;

/**
 * The table in a file, as chunks of about 16,384 cells; the memory in use does not grow with the file.
 *
 * The options of CSV go to CSV and TSV, which has tabs; JSON lines take `missing` (none by default), `name` and nothing else;
 * Parquet takes `columns` and `name`, and is read where it lies, a page of each column at a time.
 *
 * @throws {OptionError} When neither the name's end nor `format` tells the kind.
 * @throws {FileError} When the file cannot be read.
 * @throws {FormatError} When the file is not what it should be, with its path, line and cell.
 */
export async function* tableFile(path: string, options: TableFileOptions = {}): AsyncGenerator<TableChunk> {
  const { format = formatOf(path), maxBytes = 16 * 1024 * 1024 * 1024, columns, ...csv } = options;
  if (!["csv", "tsv", "jsonl", "parquet"].includes(format)) throw unknownFormat(path, JSON.stringify(format));
  if (format === "parquet") {
    yield* parquetFile(path, { name: csv.name ?? path, ...(columns === undefined ? {} : { columns }) });
    return;
  }
  if (columns !== undefined) throw columnsNotRead(path, format);
  const bytes = isPacked(path) ? unpackedBytes(path, maxBytes) : fileBytes(path);
  const named = { name: path, ...csv };
  if (format === "jsonl") {
    const { name, missing } = named;
    yield* jsonLinesChunks(bytes, missing === undefined ? { name } : { name, missing });
  } else yield* csvChunks(bytes, format === "tsv" ? { delimiter: "\t", ...named } : named);
}

/** The whole table of a file, in memory; options and errors as `tableFile`, and a DataError above 67,108,864 cells. */
export function readTable(path: string, options: TableFileOptions = {}): Promise<Table> {
  return collectTable(tableFile(path, options), options.name ?? path);
}

function isPacked(path: string): boolean {
  return path.toLowerCase().endsWith(".gz");
}

function formatOf(path: string): Format {
  const lower = path.toLowerCase().replace(/\.gz$/, "");
  const ending = /\.[^./\\]*$/.exec(lower)?.[0] ?? "";
  const format = endings.get(ending);
  if (format === undefined) {
    throw unknownFormat(path, ending === "" ? "a name without an ending" : `a name that ends in ${ending}`);
  }
  return format;
}

function unknownFormat(path: string, given: string): OptionError {
  return new OptionError(
    "format",
    `${path}: the kind of table is not known from ${given}, expected .parquet, or .csv, .tsv, .jsonl or .ndjson, also with .gz; ` +
      'rename the file, or pass format: "csv", "tsv", "jsonl" or "parquet".',
  );
}

function columnsNotRead(path: string, format: Format): OptionError {
  return new OptionError(
    "columns",
    `${path}: columns is given for ${format}, expected it for Parquet alone, since other files are read row by row; leave it away, and drop columns afterwards.`,
  );
}

async function* parquetFile(path: string, options: ParquetOptions): AsyncGenerator<TableChunk> {
  if (isPacked(path)) {
    throw new OptionError(
      "format",
      `${path}: the file is Parquet packed with gzip, expected it as it was written, since Parquet is read from its end and packed inside; unpack it first.`,
    );
  }
  let file: FileHandle | undefined;
  try {
    const { handle, size } = await openSized(path);
    file = handle;
    yield* parquetChunks(
      { byteLength: size, slice: (start: number, end: number) => bytesAt(handle, path, start, end) },
      options,
    );
  } finally {
    await file?.close();
  }
}

async function openSized(path: string): Promise<{ handle: FileHandle; size: number }> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const status = await handle.stat();
    if (status.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    return { handle, size: status.size };
  } catch (error) {
    await handle?.close();
    throw unreadable(path, error);
  }
}

/** Fewer bytes than were asked for, where the file ends before. */
async function bytesAt(file: FileHandle, path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  try {
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return bytes.subarray(0, filled);
}

/** The bytes of a file, piece after piece in the same memory: each is valid until the next is asked for. */
async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const buffer = new Uint8Array(PIECE);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    // What the consumer throws does not come here: it ends the generator at its yield.
    throw unreadable(path, error);
  } finally {
    await file?.close();
  }
}

async function* unpackedBytes(path: string, maxBytes: number): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip({ chunkSize: PIECE });
  // The callback takes the error, which the loop below throws as well.
  pipeline(createReadStream(path, { highWaterMark: PIECE }), unpacked, () => undefined);
  let size = 0;
  try {
    for await (const piece of unpacked as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      yield piece;
    }
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (!code.startsWith("Z_")) throw unreadable(path, error);
    throw new FormatError(
      `${path}: the file could not be unpacked (${message}), expected gzip as its name says; it is damaged or cut off, fetch it again.`,
    );
  }
}

function tooLarge(path: string, maxBytes: number): FormatError {
  return new FormatError(
    `${path}: unpacked, the file has more than ${maxBytes} bytes, expected no more, since a small file must not keep a program busy for ever; ` +
      "pass a larger maxBytes if it is meant.",
  );
}

function unreadable(path: string, error: unknown): FileError {
  return new FileError(path, `${path}: the file could not be read, ${reasonOf(error, dirname(path))}`);
}
