/** Answers as a table: which columns they have, and where they are written. */
import type { Preprocessing, TableChunk, Value } from "../data/index.ts";
import { type DecodedRow, toCsv } from "../data/index.ts";
import { type GrowingFile, growingFile } from "../node/index.ts";
import { checkExtension, checkWritable } from "./outputs.ts";
import type { Session } from "./session.ts";

/** What `--out` may end in. */
const ANSWER_FORMATS: readonly string[] = [".csv", ".tsv", ".jsonl", ".ndjson"];

/** Digits of a float32, and no more. */
const DIGITS = 7;

/** A column of answers: its name, and the cell of each answer. */
interface AnswerColumn {
  name: string;
  cell: (answer: DecodedRow) => Value;
}

/** One by target; for classes also the probability of each, named p(CLASS). @param taken Names that stand beside them. */
function answerColumns({ targets }: Preprocessing, taken: readonly string[]): AnswerColumn[] {
  const used = new Set(taken);
  const free = (wanted: string): string => {
    let name = wanted;
    for (let another = 2; used.has(name); another++) name = `${wanted} ${another}`;
    used.add(name);
    return name;
  };
  return targets.flatMap((target): AnswerColumn[] => {
    const { name } = target;
    const values = {
      name: free(used.has(name) ? `predicted(${name})` : name),
      cell: ({ values: own }: DecodedRow): Value => {
        const value = own[name]!;
        return typeof value === "number" ? rounded(value) : value;
      },
    };
    if (target.kind === "number") return [values];
    const shares = target.classes.map((label) => ({
      name: free(`p(${label})`),
      cell: ({ probabilities }: DecodedRow): Value => rounded(probabilities![label]!),
    }));
    return [values, ...shares];
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** Where answers go. */
interface AnswerWriter {
  /** @param kept The rows of the chunk that were answered, from 0 in the chunk. */
  write(chunk: TableChunk, kept: readonly number[], answers: readonly DecodedRow[]): void;
  /** All is written. */
  finish(): void;
  /** It failed: a file is left as it was before. */
  abandon(): void;
}

interface AnswerOptions {
  /** The columns of the input that stand before the answers. */
  keep: readonly string[];
  out: string | undefined;
}

/** @throws {UsageError | FileError} When the name of the file will not do, or nothing can be written there. */
export function checkAnswerPath(out: string | undefined): void {
  if (out === undefined) return;
  checkExtension("--out", out, ANSWER_FORMATS);
  checkWritable(out);
}

/** A table in a file or on stdout; with --json and without a file a line a row. */
export function answerWriter(p: Preprocessing, { keep, out }: AnswerOptions, session: Session): AnswerWriter {
  if (out === undefined && session.json) return eventWriter(session);
  const columns = answerColumns(p, keep);
  const file: GrowingFile | undefined = out === undefined ? undefined : growingFile(out);
  const asLines = out !== undefined && /\.(jsonl|ndjson)$/.test(out);
  const delimiter = out?.endsWith(".tsv") === true ? "\t" : ",";
  let header = true;
  const put = (text: string): void => {
    if (file !== undefined) file.write(text);
    else if (text !== "") session.say(text.slice(0, -1));
  };
  const writeRows = (rows: Pick<TableChunk, "names" | "columns" | "rows">): void => {
    put(asLines ? jsonLines(rows) : toCsv(rows, { delimiter, header }));
    header = false;
  };
  const names = [...keep, ...columns.map(({ name }) => name)];
  return {
    write(chunk, kept, answers) {
      const before = keep.map((name) => {
        const cells = chunk.columns[chunk.names.indexOf(name)];
        return kept.map((row) => cells?.[row] ?? null);
      });
      const own = columns.map(({ cell }) => answers.map(cell));
      writeRows({ names, columns: [...before, ...own], rows: kept.length });
    },
    finish() {
      // A file of no rows still has its columns.
      if (header) writeRows({ names, columns: names.map(() => []), rows: 0 });
      file?.finish();
    },
    abandon: () => file?.abandon(),
  };
}

function jsonLines({ names, columns, rows }: Pick<TableChunk, "names" | "columns" | "rows">): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = names.map((name, c) => `${JSON.stringify(name)}:${JSON.stringify(columns[c]![row])}`);
    return `{${cells.join(",")}}\n`;
  });
  return lines.join("");
}

function eventWriter(session: Session): AnswerWriter {
  return {
    write({ from, lines }, kept, answers) {
      for (const [i, row] of kept.entries())
        session.event(answerEvent(answers[i]!, from + row, lines?.[row]));
    },
    finish() {},
    abandon() {},
  };
}

/** A row of --json. @param row From 0 in the whole table. */
export function answerEvent(answer: DecodedRow, row: number, line: number | undefined): object {
  const { values, probabilities } = answer;
  return {
    row,
    ...(line === undefined ? {} : { line }),
    values,
    ...(probabilities === null ? {} : { probabilities }),
  };
}
