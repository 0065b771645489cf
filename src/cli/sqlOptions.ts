/**
 * A query instead of a file: `--sql "select …"` and `--database FILE`, the same for train, evaluate and predict.
 *
 * A command calls `configureSql(command)` when it is set up, and `sqlSource(flags)` with the values of its options: undefined
 * where there is no `--sql`, else what to read the table from, as often as it is needed.
 */
import type { Command } from "commander";
import type { TableChunk } from "../data/index.ts";
import { sqlChunks } from "../node/index.ts";
import { UsageError } from "./usage.ts";

/** Plain data, as the options are saved with runs. */
export interface SqlFlags {
  sql?: string;
  database?: string;
}

export interface SqlSource {
  /** The query in short, for messages and titles. */
  name: string;
  /** The rows anew, from the first; the query is run again each time. */
  open(): AsyncIterable<TableChunk>;
}

export function configureSql(command: Command): void {
  command
    .option("--sql <query>", "take the table from a query, over files or --database; needs @duckdb/node-api")
    .option("--database <file>", "the DuckDB database that --sql asks; it is only read");
}

/**
 * The table of `--sql`, or undefined without it.
 *
 * @throws {UsageError} When there is `--database` without `--sql`.
 */
export function sqlSource({ sql, database }: SqlFlags): SqlSource | undefined {
  if (sql === undefined) {
    if (database === undefined) return undefined;
    throw new UsageError(
      `--database ${database}: there is no query, expected --sql with it; add for instance --sql "select * from sales".`,
    );
  }
  const short = sql.replace(/\s+/g, " ").trim();
  const name = `--sql "${short.length > 50 ? `${short.slice(0, 47)}...` : short}"`;
  return { name, open: () => sqlChunks(sql, { name, ...(database === undefined ? {} : { database }) }) };
}
