/** The table that a training is of. */
import { DataError } from "../core/index.ts";
import type { Table } from "../data/index.ts";
import { plural } from "./numbers.ts";
import { shellWord } from "./outputs.ts";
import type { SqlFlags } from "./sqlOptions.ts";
import { isTablePath, refuseOtherFlags, type TableFlags } from "./tableOptions.ts";
import { firstNames, type NamedTable, namedTable, wholeTable } from "./tableSource.ts";
import { UsageError } from "./usage.ts";

/** Whether a training is one of a table. */
export function isTableTraining(data: string, flags: Record<string, unknown>): boolean {
  return flags.sql !== undefined || isTablePath(data);
}

/** What a training from a query is called, which has no name of its own. */
export const SQL_DATA = "sql";

/** The table that is named. @throws {UsageError} When it has no target, or an option does not go with it. */
export async function trainingTable(data: string, flags: TableFlags & SqlFlags): Promise<NamedTable> {
  refuseOtherFlags(data, flags as Record<string, unknown>);
  const source = namedTable(flags.sql === undefined ? data : undefined, flags)!;
  if (flags.target !== undefined) return source;
  const names = await firstNames(source);
  const listed = names.length > 30 ? [...names.slice(0, 30), `${names.length - 30} more`] : names;
  const typed = flags.sql === undefined ? shellWord(data) : "--sql …";
  throw new UsageError(
    `${source.name} is a table, and no --target says which of its columns to predict, expected one of ${listed.join(", ")}; ` +
      `write for example talweg train ${typed} --target ${shellWord(names.at(-1) ?? "COLUMN")}.`,
  );
}

/** @throws {DataError} When there are none. */
export async function rowsToLearnFrom(source: NamedTable): Promise<Table> {
  const table = await wholeTable(source);
  if (table.rows > 0) return table;
  throw new DataError(
    `${source.name}: the table has no rows, only the names of ${plural(table.names.length, "column")}, expected some to learn from; look whether it is the right one.`,
  );
}
