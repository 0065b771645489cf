/** `talweg predict MODEL TABLE`: raw rows in, answers in the columns' own terms out, in memory that does not grow. */
import { DataError } from "../core/index.ts";
import { checkPreprocessing, type Preprocessing, type RefusedRow } from "../data/index.ts";
import { loadKernels } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import { predictTable } from "../train/index.ts";
import { answerWriter } from "./answerTable.ts";
import { grouped, plural } from "./numbers.ts";
import { InterruptedError, type Session } from "./session.ts";
import type { NamedTable } from "./tableSource.ts";
import { inTable } from "./tableWords.ts";

/** What becomes of a row with a cell that is not of its column's kind. */
export type OnBad = "skip" | "missing" | "stop";
export const onBadNames: readonly OnBad[] = ["skip", "missing", "stop"];

export interface PredictFlags {
  onBad: OnBad;
  out: string | undefined;
  /** Whether the columns of the table stand before the answers. */
  keep: boolean;
}

export interface Answered {
  rows: number;
  /** Those that were skipped. */
  refusedRows: number;
}

/** The columns that a model knows; undefined where it takes plain numbers. */
export function columnsOf({ metadata }: Network): Preprocessing | undefined {
  const { preprocessing } = metadata;
  return preprocessing === undefined ? undefined : checkPreprocessing(preprocessing, "the model");
}

/**
 * Answers every row.
 *
 * @throws {DataError} When a column is not there, which it names, or at the first bad row where `onBad` is "stop".
 * @throws {TalwegError} When the table cannot be read or the answers cannot be written.
 */
export async function predictRows(
  model: Network,
  source: NamedTable,
  { onBad, out, keep }: PredictFlags,
  session: Session,
): Promise<Answered> {
  // What goes to stdout is nothing to put in order, and `head` may end it as it ends other programs.
  const signal = out === undefined ? undefined : session.stopSignal();
  const p = columnsOf(model)!;
  const names = await requireColumns(model, p, source, keep);
  await loadKernels();
  const writer = answerWriter(p, { keep: keep ? names : [], out }, session);
  const told = refusals(source.name, session, ON_BAD_HINT);
  let rows = 0;
  try {
    for await (const chunk of source.open()) {
      if (signal?.aborted === true) throw stopped(session, rows, out!);
      // Columns are all there; what a chunk lacks are keys that no line of it has.
      const { answers, refused, kept } = predictTable(model, chunk, {
        onBad: onBad === "missing" ? "missing" : "refuse",
        onAbsent: "missing",
      });
      if (onBad === "stop" && refused.length > 0) throw badRow(source.name, refused[0]!);
      writer.write(
        chunk,
        kept.map((row) => row - chunk.from),
        answers,
      );
      told.add(refused);
      rows += kept.length;
    }
    writer.finish();
  } catch (error) {
    writer.abandon();
    throw error;
  }
  told.end();
  return { rows, refusedRows: told.count() };
}

/**
 * The names of the table's columns: of the first rows, and where they lack some or all are wanted of all rows.
 *
 * @throws {DataError} When one that the model learned from is nowhere.
 */
async function requireColumns(
  model: Network,
  { columns }: Preprocessing,
  source: NamedTable,
  all: boolean,
): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for await (const { names } of source.open()) {
    found = names;
    // Later chunks of JSON lines have more columns, on the right of those before.
    const seen = new Set(names);
    if (!source.grows || (!all && columns.every(({ name }) => seen.has(name)))) break;
  }
  // Throws where one is missing.
  inTable(source.name, () =>
    predictTable(model, { names: found, from: 0, rows: 0, columns: found.map(() => []) }),
  );
  return found;
}

/** "new.csv:17: column "age": "abc" is no number". */
function refusalText(name: string, { row, line, column, reason }: RefusedRow): string {
  const place = line === undefined ? `${name}, row ${row + 1}` : `${name}:${line}`;
  return `${place}: column ${JSON.stringify(column)}: ${reason}`;
}

export function badRow(name: string, refused: RefusedRow): DataError {
  return new DataError(
    `${refusalText(name, refused)}, expected a value as the model learned from; mend it, or let such rows be skipped by --on-bad skip, ` +
      "or their cells count as missing by --on-bad missing.",
    { row: refused.row },
  );
}

/** For commands that have the option. */
export const ON_BAD_HINT = "; --on-bad missing lets bad cells count as missing";

/** More would push everything else off the screen. */
const MOST_NAMED = 20;

/** Tells of rows that were skipped: the first by name, at the end how many in all. */
export function refusals(
  name: string,
  session: Session,
  hint = "",
): { add(refused: readonly RefusedRow[]): void; end(): void; count(): number } {
  let count = 0;
  return {
    add(refused) {
      for (const one of refused) {
        session.event({ event: "refused", ...one });
        if (count++ < MOST_NAMED) session.note(`talweg: skipped ${refusalText(name, one)}`);
      }
    },
    end() {
      if (count === 0) return;
      const more = count > MOST_NAMED ? `, ${grouped(count - MOST_NAMED)} more than are named` : "";
      session.note(`talweg: ${plural(count, "row")} skipped${more}${hint}.`);
    },
    count: () => count,
  };
}

function stopped(session: Session, rows: number, out: string): InterruptedError {
  const caught = session.caught() ?? "SIGINT";
  return new InterruptedError(
    caught,
    `stopped by ${caught} after ${plural(rows, "row")}; ${out} is as it was before.`,
    { rows },
  );
}
