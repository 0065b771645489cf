/** `talweg train TABLE`: from the words of the command line to a network, its rows and how it is trained. */
import { DataError } from "../core/index.ts";
import { describePreprocessing, type Preprocessing, type TableChunk } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import {
  prepareTable,
  prepareTableStream,
  type Scores,
  type StreamOptions,
  type StreamSetup,
  type TableSetup,
  tableScores,
  trainEvents,
  trainStreamEvents,
} from "../train/index.ts";
import { InterruptedError, type Session, type StopSignal } from "./session.ts";
import { commandOf } from "./startRecord.ts";
import { tableOptions } from "./tableLearning.ts";
import type { TableFlags } from "./tableOptions.ts";
import { sizeText, type TableFacts, tableLines } from "./tableReport.ts";
import { firstNames, type NamedTable } from "./tableSource.ts";
import { inWords } from "./tableWords.ts";
import { rowsToLearnFrom, trainingTable } from "./trainingTable.ts";
import type { TrainPlan } from "./trainPlan.ts";
import type { TrainSetup } from "./trainSetup.ts";

/** What a training of a table knows beside the rest. */
export interface TrainedTable {
  facts: TableFacts;
  preprocessing: Preprocessing;
  /** Of the rows that were watched, in the table's own terms; undefined where none were. */
  scores(model: Network): Scores | undefined;
  /** Of the rows that were learned from, which flatter; undefined where others were watched, and of a stream, whose rows have passed. */
  trainingScores(model: Network): Scores | undefined;
  /** Rows that could not be learned from; of a stream those that the first epoch met. */
  refused(): number;
}

/** Bytes of a file from which on it is streamed, packed or not: as cells in memory it is some ten times as large. */
const STREAMED_FROM = 100e6;
const PACKED_FROM = 20e6;
const MEGABYTE = 1_048_576;
/** Of the library, in megabytes. */
const STREAM_MEMORY = 32;

/**
 * @throws {UsageError} When no target is named, or an option has no meaning for tables.
 * @throws {DataError} When the table is not the one that a run began with.
 * @throws {TalwegError} When the table cannot be read or learned from.
 */
export async function tableSetup(plan: TrainPlan, session: Session): Promise<TrainSetup> {
  const named = await trainingTable(plan.data, plan.flags);
  const streamed = isStreamed(named, plan.flags);
  if (streamed && !session.quiet) session.note(readingNote(named));
  const sha256 = await named.sha256();
  checkSame(plan, named.name, sha256);
  let preparing = true;
  // Once training has begun, it saves its state before it stops.
  const source = {
    ...named,
    open: () => stoppable(named.open(), () => (preparing ? session.caught() : undefined)),
  };
  const setup = streamed ? streamedSetup : memorySetup;
  const made = await setup(plan, source).catch((error: unknown) => {
    throw inWords(error);
  });
  preparing = false;
  const { facts, preprocessing } = made.table;
  tell(facts, preprocessing, plan, session);
  return { ...made, test: undefined, model: plan.model ?? made.model, sha256: () => sha256 };
}

function readingNote({ name, bytes }: NamedTable): string {
  const size = bytes === undefined ? "" : ` (${sizeText(bytes)})`;
  return `Reading ${name}${size} once, to see what its columns are …`;
}

/** @throws {InterruptedError} Between two chunks, once a signal has come. */
async function* stoppable(
  chunks: AsyncIterable<TableChunk>,
  caught: () => StopSignal | undefined,
): AsyncGenerator<TableChunk> {
  for await (const chunk of chunks) {
    const signal = caught();
    if (signal !== undefined) {
      throw new InterruptedError(
        signal,
        `stopped by ${signal} before the first step; there is nothing to save.`,
      );
    }
    yield chunk;
  }
}

type MadeSetup = Pick<TrainSetup, "rows" | "model" | "options" | "events"> & { table: TrainedTable };

async function memorySetup({ flags, seed }: TrainPlan, source: NamedTable): Promise<MadeSetup> {
  const table = await rowsToLearnFrom(source);
  const setup = prepareTable(table, tableOptions(flags, table.names, seed));
  const { data, validation, preprocessing, model, options, refused } = setup;
  return {
    rows: data.rows,
    model,
    options,
    events: (n, running) => trainEvents(n, data, running),
    table: {
      facts: factsOf(source, table.rows, { ...setup, refused: { rows: refused.length, first: refused } }),
      preprocessing,
      scores: (n) =>
        validation === undefined ? undefined : tableScores(n, preprocessing, validation, { baseline: data }),
      trainingScores: (n) => (validation === undefined ? tableScores(n, preprocessing, data) : undefined),
      refused: () => refused.length,
    },
  };
}

async function streamedSetup({ flags, seed }: TrainPlan, source: NamedTable): Promise<MadeSetup> {
  const { streamMemory } = flags as TableFlags;
  const setup = await prepareTableStream(
    { open: () => source.open(), source: source.name },
    {
      ...tableOptions(flags, await firstNames(source), seed),
      ...(streamMemory === undefined ? {} : { memory: streamMemory * MEGABYTE }),
    },
  );
  const { data, validation, preprocessing, model, options } = setup;
  const rows = Number((model.metadata.options?.table as { rows?: number } | undefined)?.rows ?? data.rows);
  return {
    rows: data.rows,
    model,
    options,
    // They are those of the stream, with what belongs to the run.
    events: (n, running) => trainStreamEvents(n, data, running as StreamOptions),
    table: {
      facts: {
        ...factsOf(source, rows, setup),
        streamed: {
          file: source.bytes ?? null,
          memory: streamMemory ?? STREAM_MEMORY,
        },
      },
      preprocessing,
      scores: (n) => (validation === undefined ? undefined : tableScores(n, preprocessing, validation)),
      trainingScores: () => undefined,
      refused: () => setup.refused.rows,
    },
  };
}

function isStreamed({ bytes = 0, name }: NamedTable, { stream = false }: TableFlags): boolean {
  return stream || bytes > (/\.(gz|parquet)$/i.test(name) ? PACKED_FROM : STREAMED_FROM);
}

/** The command that makes the same model again: every choice is typed, so that other defaults change nothing. */
export function repeatCommand({ data, flags, seed }: TrainPlan, { facts }: TrainedTable): string {
  const typed = facts.choices.flatMap(({ chosen, option, typed: text }) =>
    chosen && text !== null && option !== "seed" ? [[option, text]] : [],
  );
  return commandOf({ data, flags: { target: flags.target, ...Object.fromEntries(typed), ...flags }, seed });
}

/** @throws {DataError} When the file is another than the one that the run began with. */
function checkSame({ run, saved }: TrainPlan, name: string, file: string): void {
  const begun = run?.folder?.record.dataSha256 ?? saved?.tableSha256;
  if (begun === undefined || begun === file) return;
  throw new DataError(
    `${name}: the table has changed since the run began: its SHA-256 is ${file}, expected ${begun}, since the run goes on to the same bits ` +
      "only with the same rows; put them back as they were, or begin a new run.",
  );
}

function factsOf(
  { name, notes }: NamedTable,
  rows: number,
  setup: Omit<TableSetup, "data" | "refused" | "options"> &
    Pick<StreamSetup, "refused"> & { data: { rows: number } },
): TableFacts {
  const { preprocessing, data, validation, refused, choices, model } = setup;
  const settled = (model.metadata.options?.table ?? {}) as Record<string, unknown>;
  return {
    source: name,
    rows,
    trainingRows: data.rows,
    validationRows: validation?.rows ?? 0,
    refusedRows: refused.rows,
    refused: refused.first.slice(0, 20),
    columns: describePreprocessing(preprocessing),
    choices: choices.map((choice) => ({ ...choice, typed: typedValue(settled[choice.option]) })),
    notes,
    streamed: null,
  };
}

/** A setting as the command line takes it. */
function typedValue(value: unknown): string | null {
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(",");
  return typeof value === "number" || typeof value === "string" ? String(value) : null;
}

/** Of a run that goes on it was told when the run began. */
function tell(facts: TableFacts, p: Preprocessing, { saved }: TrainPlan, session: Session): void {
  if (saved !== undefined) return;
  session.event({ event: "table", ...facts });
  if (session.quiet) return;
  for (const line of tableLines(facts, p, session.out.columns())) session.say(line);
}
