/**
 * Tables from SQL: queries over files (CSV, Parquet, JSON) and DuckDB databases, by DuckDB, an optional package.
 *
 * A query only reads: databases are opened read-only, and statements that are no queries are refused before they run.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement } from "@duckdb/node-api";
import { DataError, FileError, OptionError, type TalwegError } from "../core/index.ts";
import { collectTable, type Table, type TableChunk, type Value } from "../data/index.ts";
import { reasonOf } from "./reasons.ts";
import { sqlConverter } from "./sqlTypes.ts";
import { removeQuietly, removeStale, temporaryPath } from "./temporaryFiles.ts";

export interface SqlOptions {
  /** A file of DuckDB that the query's tables lie in, opened read-only: none, for queries over files alone. */
  database?: string;
  /** Memory that DuckDB takes at most, in its words, as "200MB"; beyond, it writes to temporary files. DuckDB's default: 80 % of all. */
  memoryLimit?: string;
  /** Values of ?, $1, … in order, or of $name by name. */
  parameters?: readonly Value[] | Readonly<Record<string, Value>>;
  /** How messages call the table: "SQL". */
  name?: string;
}

type Library = typeof import("@duckdb/node-api");

/** DuckDB's number for statements that give rows: select, from, values, with, describe, summarize. */
const SELECT = 1;

/** What does not fit into memory lies beside this, a folder for each query: DuckDB names its files by number, and two queries in one folder would read each other's. */
const SPILL: string = join(tmpdir(), "talweg-sql");

/**
 * The rows of a query, as chunks of at most 2,048 rows; they come as the query runs, and are not all in memory.
 *
 * Paths in a query are taken from the working folder. Without `order by` DuckDB may give the rows of a join or a group in another
 * order each time. Types become values as with Parquet; see `readParquet`.
 *
 * @returns At least one chunk, so that the columns are known.
 * @throws {FileError} When the package @duckdb/node-api is not installed, or the database cannot be opened.
 * @throws {OptionError} When the query or an option cannot work, in DuckDB's words, or the query would change something.
 * @throws {DataError} When the query fails while it runs, or a column holds values that are no cells.
 */
export async function* sqlChunks(query: string, options: SqlOptions = {}): AsyncGenerator<TableChunk> {
  const { name = "SQL" } = options;
  if (typeof query !== "string" || query.trim() === "") {
    throw new OptionError(
      "sql",
      `${name}: the query is ${JSON.stringify(query) ?? typeof query}, expected a text; pass one as "select * from 'sales.parquet'".`,
    );
  }
  const library = await loadDuckDb();
  const spill = temporaryPath(SPILL);
  const instance = await openDatabase(library, spill, options, name);
  let connection: DuckDBConnection | undefined;
  let prepared: DuckDBPreparedStatement | undefined;
  try {
    connection = await instance.connect();
    prepared = await prepare(connection, query, name);
    bind(prepared, options, name);
    yield* rowsOf(prepared, library, name);
  } finally {
    prepared?.destroySync();
    connection?.closeSync();
    instance.closeSync();
    removeQuietly(spill);
    removeStale(SPILL);
  }
}

/** All rows of a query, in memory; options and errors as `sqlChunks`, and a DataError above 67,108,864 cells. */
export function readSql(query: string, options: SqlOptions = {}): Promise<Table> {
  return collectTable(sqlChunks(query, options), options.name ?? "SQL");
}

async function loadDuckDb(): Promise<Library> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new FileError(
      "@duckdb/node-api",
      `SQL needs the package @duckdb/node-api, which could not be loaded (${firstLine(error)}); run: npm install @duckdb/node-api@1.5.5-r.5.`,
    );
  }
}

async function openDatabase(
  library: Library,
  spill: string,
  { database, memoryLimit }: SqlOptions,
  name: string,
): Promise<DuckDBInstance> {
  if (database !== undefined) requireDatabase(database, name);
  if (memoryLimit !== undefined && !/^\d+(?:\.\d+)? ?(?:[kMGT]i?)?B$/i.test(memoryLimit)) {
    throw new OptionError(
      "memoryLimit",
      `${name}: memoryLimit is ${JSON.stringify(memoryLimit) ?? typeof memoryLimit}, expected a size with its unit; pass one as "200MB".`,
    );
  }
  const settings: Record<string, string> = {
    // Nothing is fetched from the network for a query, and what does not fit into memory goes where other temporary files are.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    temp_directory: spill,
    ...(database === undefined ? {} : { access_mode: "READ_ONLY" }),
    ...(memoryLimit === undefined ? {} : { memory_limit: memoryLimit }),
  };
  try {
    return await library.DuckDBInstance.create(database ?? ":memory:", settings);
  } catch (error) {
    throw new FileError(
      database ?? ":memory:",
      `${name}: ${database === undefined ? "DuckDB" : database} cannot be opened (DuckDB says: ${wordsOf(error)}), expected a database that this version reads and nobody writes to; ` +
        "close the program that uses it, or check the file.",
    );
  }
}

/** DuckDB would take other files for databases of other kinds. @throws {FileError} When it is no file of DuckDB. */
function requireDatabase(path: string, name: string): void {
  let head: Buffer = Buffer.alloc(12);
  try {
    const file = openSync(path, "r");
    try {
      head = head.subarray(0, readSync(file, head, 0, 12, 0));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new FileError(
      path,
      `${name}: the database ${path} cannot be opened, ${reasonOf(error, dirname(path))}`,
    );
  }
  if (head.subarray(8, 12).toString("latin1") === "DUCK") return;
  throw new FileError(
    path,
    `${name}: ${path} is no database of DuckDB, expected one; query files by their path in the query (from 'sales.csv') and leave database away.`,
  );
}

async function prepare(
  connection: DuckDBConnection,
  query: string,
  name: string,
): Promise<DuckDBPreparedStatement> {
  let prepared: DuckDBPreparedStatement;
  try {
    prepared = await connection.prepare(query);
  } catch (error) {
    throw new OptionError(
      "sql",
      `${name}: the query cannot be run (DuckDB says: ${wordsOf(error)}), expected one query over tables and files that are there; mend the query.`,
    );
  }
  if (prepared.statementType === SELECT) return prepared;
  prepared.destroySync();
  throw new OptionError(
    "sql",
    `${name}: the statement ${JSON.stringify(query.length > 60 ? `${query.slice(0, 57)}...` : query)} is no query, expected one that only reads, as select, from or with; ` +
      "run statements that change something in DuckDB itself.",
  );
}

function bind(prepared: DuckDBPreparedStatement, { parameters }: SqlOptions, name: string): void {
  const given = parameters === undefined ? 0 : Object.keys(parameters).length;
  if (given !== prepared.parameterCount) {
    throw new OptionError(
      "parameters",
      `${name}: ${given} parameters are given, expected ${prepared.parameterCount}, as many as the query has places for; pass one for each.`,
    );
  }
  if (parameters === undefined) return;
  try {
    prepared.bind((Array.isArray(parameters) ? [...parameters] : { ...parameters }) as Value[]);
  } catch (error) {
    throw new OptionError(
      "parameters",
      `${name}: the parameters do not fit the query (${firstLine(error)}), expected text, numbers, true, false or null by their places or names; mend them.`,
    );
  }
}

async function* rowsOf(
  prepared: DuckDBPreparedStatement,
  library: Library,
  name: string,
): AsyncGenerator<TableChunk> {
  const failed = (error: unknown): TalwegError =>
    new DataError(
      `${name}: the query failed while it ran (DuckDB says: ${wordsOf(error)}), expected rows to its end; mend the query or its files.`,
    );
  const result = await prepared.stream().catch((error: unknown) => {
    throw failed(error);
  });
  const names = result.columnNames();
  requireNames(names, name);
  const converters = names.map((column, c) =>
    sqlConverter(column, library.DuckDBTypeId[result.columnTypeId(c)] ?? "unknown", c, name),
  );
  let from = 0;
  for (;;) {
    const chunk = await result.fetchChunk().catch((error: unknown) => {
      throw failed(error);
    });
    const rows = chunk?.rowCount ?? 0;
    if (chunk === null || rows === 0) break;
    const columns = converters.map((convert, c) => chunk.getColumnValues(c).map(convert));
    yield { names, from, rows, columns };
    from += rows;
  }
  if (from === 0) yield { names, from: 0, rows: 0, columns: names.map(() => []) };
}

function requireNames(names: readonly string[], source: string): void {
  const twice = names.find((name, c) => names.indexOf(name) !== c);
  if (twice === undefined) return;
  throw new DataError(
    `${source}: the query gives two columns named ${JSON.stringify(twice)}, expected every name once, since columns are found by name; rename one in the query (… as other).`,
    { column: names.lastIndexOf(twice) },
  );
}

/** What DuckDB says, in one line: its first paragraph, and the place in the query. */
function wordsOf(error: unknown): string {
  return String((error as Error).message)
    .replace(/\s*\n\s*\^?/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function firstLine(error: unknown): string {
  return String((error as Error).message).split("\n")[0] ?? "";
}
