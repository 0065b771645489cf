/** Rows gathered into chunks of bounded size, and chunks into a table. */
import { DataError } from "../core/index.ts";
import { CHUNK, MAX_TABLE_CELLS } from "./tableLimits.ts";
import type { Table, TableChunk, Value } from "./tableTypes.ts";

export interface ChunkBuilder {
  /** A further column, on the right; null in the rows before. */
  addColumn(name: string): void;
  /** @param values [columns]; what is missing at the end is null. @param size Characters of the row, to bound a chunk. */
  row(values: readonly Value[], line: number, size: number): void;
  /** The chunks that became complete since it was last asked. */
  take(): TableChunk[];
  /** Completes the last chunk; a table without rows has one chunk of none, which tells its columns. */
  end(): void;
}

export function chunkBuilder(): ChunkBuilder {
  let names: string[] = [];
  let shared = false;
  let columns: Value[][] = [];
  let lines: number[] = [];
  let from = 0;
  let text = 0;
  let complete: TableChunk[] = [];
  const close = (): void => {
    complete.push({ names, from, rows: lines.length, columns, lines });
    shared = true;
    from += lines.length;
    columns = columns.map(() => []);
    lines = [];
    text = 0;
  };
  return {
    addColumn(name) {
      // A chunk that was given out keeps the names that it had.
      if (shared) names = [...names];
      shared = false;
      names.push(name);
      columns.push(lines.map(() => null));
    },
    row(values, line, size) {
      for (let c = 0; c < columns.length; c++) (columns[c] as Value[]).push(values[c] ?? null);
      lines.push(line);
      text += size;
      const enough = lines.length >= CHUNK.rows && lines.length * Math.max(1, columns.length) >= CHUNK.cells;
      if (enough || text >= CHUNK.text) close();
    },
    take() {
      const taken = complete;
      complete = [];
      return taken;
    },
    end() {
      if (lines.length > 0 || from === 0) close();
    },
  };
}

/**
 * One table of all chunks, in memory: names in order of first sight, null where a chunk lacks a column.
 *
 * @param source How messages call the table.
 * @throws {DataError} When it would have more than 67,108,864 cells.
 */
export async function collectTable(
  chunks: AsyncIterable<TableChunk> | Iterable<TableChunk>,
  source?: string,
): Promise<Table> {
  const collector = tableCollector(source);
  for await (const chunk of chunks) collector.add(chunk);
  return collector.table();
}

/** As `collectTable`, where the chunks are there already. */
export function tableOf(chunks: Iterable<TableChunk>, source?: string): Table {
  const collector = tableCollector(source);
  for (const chunk of chunks) collector.add(chunk);
  return collector.table();
}

interface TableCollector {
  add(chunk: TableChunk): void;
  table(): Table;
}

function tableCollector(source: string | undefined): TableCollector {
  const places = new Map<string, number>();
  const columns: Value[][] = [];
  let lines: number[] | undefined = [];
  let rows = 0;
  const homeOf = (name: string): Value[] => {
    const place = places.get(name) ?? columns.length;
    if (place === columns.length) {
      places.set(name, place);
      columns.push(new Array<Value>(rows).fill(null));
    }
    return columns[place] as Value[];
  };
  /** Chunks of one table mostly share their names, and then their places too. */
  let names: readonly string[] = [];
  let homes: Value[][] = [];
  return {
    add(chunk) {
      if (chunk.names !== names) {
        names = chunk.names;
        homes = names.map(homeOf);
      }
      requireRoom(columns.length, rows + chunk.rows, source);
      for (const [c, home] of homes.entries()) for (const value of chunk.columns[c] ?? []) home.push(value);
      rows += chunk.rows;
      if (homes.length < columns.length) {
        for (const column of columns) while (column.length < rows) column.push(null);
      }
      if (chunk.lines === undefined) lines = undefined;
      else if (lines !== undefined) for (const line of chunk.lines) lines.push(line);
    },
    table: () => ({
      names: [...places.keys()],
      rows,
      columns,
      ...(lines === undefined ? {} : { lines }),
      ...(source === undefined ? {} : { source }),
    }),
  };
}

/** @throws {DataError} When a table would fill the memory. */
export function requireRoom(columns: number, rows: number, source: string = "table"): void {
  if (columns * rows <= MAX_TABLE_CELLS) return;
  throw new DataError(
    `${source}: the table has more than ${rows - 1} rows of ${columns} columns, expected at most ${MAX_TABLE_CELLS} cells in memory at once; ` +
      "read it in chunks (csvChunks, jsonLinesChunks, parquetChunks, tableFile), or take fewer rows or columns.",
  );
}
