/** Tables on the command line: what names one, and the options that say how it is read and learned from. */
import { extname } from "node:path";
import type { Command } from "commander";
import { type ColumnType, missingWords } from "../data/index.ts";
import type { TableFileOptions } from "../node/index.ts";
import { kebab } from "./optimizers.ts";
import { isFolder } from "./outputs.ts";
import { number, oneOf } from "./parse.ts";
import { suggestion, UsageError } from "./usage.ts";

/** Plain data, saved with checkpoints and runs. */
export interface TableFlags {
  target?: string;
  /** "age=number", one an entry. */
  types?: string[];
  drop?: string;
  classWeights?: "balanced" | "none";
  delimiter?: string;
  missing?: string[];
  ragged?: "error" | "skip";
  stream?: boolean;
  /** In MB. */
  streamMemory?: number;
  /** The first so many rows. */
  rows?: number;
}

/** What a name ends in that is a table's; .gz may stand behind those of text. */
const endings: readonly string[] = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"];

export const tableHelp = "a table (.csv, .tsv, .jsonl, .ndjson, .parquet, those of text also with .gz)";

/** Whether a name is that of a table, by its end. A folder is none, whatever its name. */
export function isTablePath(name: string): boolean {
  return endings.includes(endingOf(name)) && !isFolder(name);
}

/** The ending that tells how a table is written, in small letters: ".csv" of A.CSV.gz. */
export function endingOf(path: string): string {
  return extname(path.toLowerCase().replace(/\.gz$/, ""));
}

/** Adds the options that say how a table is read. */
export function configureReading(command: Command): void {
  command
    .option(
      "--delimiter <character>",
      "of a table: between the cells; seen from the first line; tab is one",
      delimiter,
    )
    .option(
      "--missing <words>",
      `of a table: further words that stand for no value, beside ${missingWords.filter((word) => word !== "").join(", ")}`,
      list,
    )
    .option(
      "--ragged <name>",
      "of a table: rows of more or fewer cells are an error (default), or skip",
      oneOf("--ragged", ["error", "skip"]),
    );
}

/** Adds the options that say how a table is learned from. */
export function configureLearning(command: Command): void {
  command
    .option("--target <columns>", "of a table: the column to predict, or several with commas between")
    .option(
      "--types <types>",
      "of a table: column=type with commas between; number, boolean, category, date",
      types,
    )
    .option("--drop <columns>", "of a table: columns not to learn from, with commas between")
    .option(
      "--class-weights <name>",
      "of a table: balanced draws rows of rare classes more often; none (default)",
      oneOf("--class-weights", ["balanced", "none"]),
    )
    .option("--stream", "of a table: read it anew for each epoch, as is done above 100 MB")
    .option(
      "--stream-memory <megabytes>",
      "of a table that is streamed: of its rows in memory at once; 32",
      number("--stream-memory", 32),
    );
}

const readingFlags: readonly string[] = ["delimiter", "missing", "ragged"];
const learningFlags: readonly string[] = [
  "target",
  "types",
  "drop",
  "classWeights",
  "stream",
  "streamMemory",
];
/** What belongs to data that are no tables. */
const otherFlags: readonly string[] = ["noise", "interval", "folder"];

/** @throws {UsageError} When an option of tables is given for data that are none. */
export function refuseTableFlags(name: string, flags: Record<string, unknown>): void {
  const given = [...learningFlags, ...readingFlags].find((flag) => flags[flag] !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `${kebab(given)} belongs to tables, but ${name} is none, expected ${tableHelp.replace("a table", "a file")}; leave it out, or name a table.`,
  );
}

/** @throws {UsageError} When an option is given that has no meaning for a table. */
export function refuseOtherFlags(name: string, flags: Record<string, unknown>): void {
  const given = otherFlags.find((flag) => flags[flag] !== undefined);
  if (given === undefined) return;
  throw new UsageError(
    `${kebab(given)} is given, but ${name} is a table and is read as it is; leave it out.`,
  );
}

/** How the reader is to be told. @param path Text files have words that stand for nothing; typed ones only those named. */
export function readingOf(
  path: string,
  { delimiter: between, missing, ragged }: TableFlags,
): TableFileOptions {
  const text = [".csv", ".tsv"].includes(endingOf(path));
  return {
    ...(between === undefined ? {} : { delimiter: between }),
    ...(missing === undefined ? {} : { missing: text ? [...missingWords, ...missing] : missing }),
    ...(ragged === undefined ? {} : { ragged }),
  };
}

/** The reading options among all. */
export function readingFlagsOf(flags: Record<string, unknown>): TableFlags {
  return Object.fromEntries(
    readingFlags.flatMap((flag) => (flags[flag] === undefined ? [] : [[flag, flags[flag]]])),
  );
}

/** Names of columns out of a text with commas; a name that has commas itself may be given alone. */
export function columnList(text: string, names: readonly string[]): string[] {
  return names.includes(text) ? [text] : list(text);
}

/** "age=number" and others by column; the last = parts them. */
export function typesOf(pieces: readonly string[]): Record<string, ColumnType> {
  return Object.fromEntries(
    pieces.map((piece) => {
      const at = piece.lastIndexOf("=");
      return [piece.slice(0, at).trim(), piece.slice(at + 1).trim() as ColumnType];
    }),
  );
}

const kinds: readonly ColumnType[] = ["number", "boolean", "category", "date"];

function types(text: string): string[] {
  const pieces = list(text);
  for (const piece of pieces) {
    const at = piece.lastIndexOf("=");
    const kind = piece.slice(at + 1).trim();
    if (at >= 1 && (kinds as readonly string[]).includes(kind)) continue;
    throw new UsageError(
      `--types has "${piece}"${at < 1 ? "" : suggestion(kind, kinds)}, expected column=type with one of ${kinds.join(", ")}; ` +
        "write for example --types age=number,zip=category.",
    );
  }
  return pieces;
}

function delimiter(text: string): string {
  const character = text === "tab" || text === "\\t" ? "\t" : text;
  if (/^[^"\r\n]$/.test(character)) return character;
  throw new UsageError(
    `--delimiter is ${JSON.stringify(text)}, expected one character that is no quote, or tab; write for example --delimiter ";".`,
  );
}

function list(text: string): string[] {
  return text.split(",").map((word) => word.trim());
}
