/** A table that does not fit into memory, as a stream of examples: columns decided in one pass, rows encoded anew for each epoch. */
import { OptionError, type Seed } from "../core/index.ts";
import {
  encodeRows,
  fitPreprocessing,
  type Preprocessing,
  type RefusedRow,
  type TableDataset,
  type TableSummary,
  tableDataset,
} from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { streamBlocks } from "./streamedBlocks.ts";
import { scanTable, type TableScan, type TableSource } from "./streamedScan.ts";
import type { ExampleStream, RefusedRows, StreamOptions } from "./streamedTypes.ts";
import { tableValidation } from "./tableDefaults.ts";
import { type TableChoice, type TableOptions, trainPart } from "./tableOptions.ts";
import { settleTable } from "./tableSettle.ts";
import { preprocessingPart } from "./tableSetup.ts";
import { requireShare } from "./tableSplit.ts";

/** Rows that are watched at most: they lie in memory, and more would judge a training hardly better. */
const MOST_WATCHED = 10_000;

/** Bytes of encoded numbers. */
const MEMORY = 32 * 1024 * 1024;
const LEAST_MEMORY = 65_536;
const MOST_MEMORY = 0x80000000;

export interface TableStreamOptions extends TableOptions {
  /** Bytes of encoded rows that lie in memory, and are shuffled, at a time: 32 MiB. */
  memory?: number;
}

/** What a training of a streamed table begins with. */
export interface StreamSetup {
  /** Fitted on rows that are not watched; also in model.metadata.preprocessing. */
  preprocessing: Preprocessing;
  summary: TableSummary;
  /** Fresh; its metadata carry preprocessing, classes, and options.table: every choice, as plain data. */
  model: Network;
  data: ExampleStream;
  /** Rows that are watched, in memory; undefined where none are. */
  validation: TableDataset | undefined;
  /** For `trainStream` or `trainStreamEvents` as they are. */
  options: StreamOptions;
  /** What was chosen and why, a line each, for people. */
  notes: string[];
  choices: TableChoice[];
  /** Changes while the first epoch passes. */
  refused: RefusedRows;
}

/**
 * Everything that a training of a table begins with that is read anew for each epoch; memory does not grow with its rows.
 *
 * One pass decides the columns and picks the rows to watch: by default a tenth, at most 10,000 (none below 5,000 rows). In each
 * epoch rows are encoded into a block of `memory` bytes, which `trainStream` shuffles; so a file that is sorted by its target should be
 * mixed before. Class weights repeat rows of rare classes and leave out some of common ones as they pass. Columns that a chunk
 * does not know are missing in it, as in JSON lines.
 *
 * The same table, options, memory and seed give the same bits.
 *
 * @throws {OptionError | DataError} As `prepareTable`.
 */
export async function prepareTableStream(
  source: TableSource,
  { memory = MEMORY, ...options }: TableStreamOptions,
): Promise<StreamSetup> {
  requireMemory(memory);
  const { seed = 0 } = trainPart(options);
  const scan = await scanFor(source, options, seed);
  const preprocessing = fitPreprocessing(scan.summary, preprocessingPart(options));
  const { validation, refused } = watch(preprocessing, scan);
  const rows = scan.rows - scan.watched.length - scan.withoutTarget;
  const settled = settleTable(preprocessing, options, {
    rows: scan.rows,
    data: { rows },
    validation,
    refused,
  });
  const { rowWeights: _drawn, ...training } = settled.options;
  const found: RefusedRows = { rows: refused.length, first: [...refused] };
  const data = streamBlocks(source, preprocessing, { scan, rows, seed, memory, found, model: settled.model });
  const { model, notes, choices } = settled;
  // Where blocks end is a choice too.
  Object.assign(model.metadata.options?.table ?? {}, { memory });
  return {
    preprocessing,
    summary: scan.summary,
    model,
    data,
    validation,
    options: training as StreamOptions,
    notes,
    choices,
    refused: found,
  };
}

/** The first pass; a second one over tables so small that none of their rows are watched after all. */
async function scanFor(source: TableSource, options: TableOptions, seed: Seed): Promise<TableScan> {
  const { target } = options;
  const targets = typeof target === "string" ? [target] : target;
  const how = { targets, seed, most: MOST_WATCHED };
  const share = tableValidation(Infinity, options);
  requireShare(share);
  const scan = await scanTable(source, { ...how, share });
  const wanted = tableValidation(scan.rows, options);
  return wanted === share ? scan : scanTable(source, { ...how, share: wanted });
}

function watch(
  p: Preprocessing,
  { watched, table }: TableScan,
): { validation: TableDataset | undefined; refused: RefusedRow[] } {
  const { refused, kept } = encodeRows(p, table, { targets: true });
  const named = refused.map((one) => ({ ...one, row: watched[one.row]! }));
  if (kept.length === 0) return { validation: undefined, refused: named };
  const data = tableDataset(p, table);
  return { validation: { ...data, kept: data.kept.map((i) => watched[i]!), refused: named }, refused: named };
}

function requireMemory(memory: number): void {
  if (typeof memory === "number" && memory >= LEAST_MEMORY && memory <= MOST_MEMORY) return;
  throw new OptionError(
    "memory",
    `memory is ${String(memory)}, expected a number of bytes from ${LEAST_MEMORY} to ${MOST_MEMORY}, in which encoded rows are kept and shuffled; pass for example ${MEMORY}.`,
  );
}
