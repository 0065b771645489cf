/** Rows by column name from stdin, one JSON object a line, each answered as it comes. */
import type { DecodedRow, Preprocessing, Value } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { predictTable } from "../train/index.ts";
import { answerEvent } from "./answerTable.ts";
import { likelyClasses, short } from "./numbers.ts";
import type { Session } from "./session.ts";
import { type StdinLine, stdinObjects } from "./stdinObjects.ts";
import { type Answered, badRow, ON_BAD_HINT, type OnBad, refusals } from "./tablePredict.ts";

/**
 * A column that a row lacks is missing in it, as in JSON lines; that is said once for each column.
 *
 * @throws {DataError} When a line is no row, or has none of the model's columns; where `onBad` is "stop", at a bad row.
 */
export async function predictStdin(
  model: Network,
  p: Preprocessing,
  onBad: OnBad,
  session: Session,
): Promise<Answered> {
  const told = refusals("stdin", session, ON_BAD_HINT);
  const absent = new Set<string>();
  let rows = 0;
  for await (const given of stdinObjects(session, exampleRow(p.columns))) {
    const { line } = given;
    const cells = rowOf(given, p);
    for (const { name } of p.columns) {
      if (cells.has(name) || absent.has(name)) continue;
      absent.add(name);
      session.note(`talweg: stdin:${line}: no ${JSON.stringify(name)}, so it counts as missing`);
    }
    const chunk = {
      names: [...cells.keys()],
      from: line - 1,
      rows: 1,
      columns: [...cells.values()].map((value) => [value]),
      lines: [line],
    };
    const { answers, refused } = predictTable(model, chunk, {
      onBad: onBad === "missing" ? "missing" : "refuse",
      onAbsent: "missing",
    });
    if (onBad === "stop" && refused.length > 0) throw badRow("stdin", refused[0]!);
    told.add(refused);
    rows += answers.length;
    for (const answer of answers) showAnswer(answer, line, session);
  }
  told.end();
  return { rows, refusedRows: told.count() };
}

/** @throws {DataError} When the line is no object of plain values, or of other columns alone. */
function rowOf({ value, fail }: StdinLine, { columns }: Preprocessing): Map<string, Value> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw fail("the line is no object, expected a row by the names of its columns");
  }
  const cells = new Map(Object.entries(value));
  if (columns.every(({ name }) => !cells.has(name))) {
    const given = [...cells.keys()].slice(0, 5).map((name) => JSON.stringify(name));
    throw fail(
      `the row has ${given.length === 0 ? "no columns" : `only ${given.join(", ")}`}, expected columns that the model learned from, by their names`,
    );
  }
  for (const [name, cell] of cells) {
    if (cell === null || typeof cell === "string" || typeof cell === "boolean") continue;
    if (typeof cell === "number" && Number.isFinite(cell)) continue;
    throw fail(`${JSON.stringify(name)} is ${kindOf(cell)}, expected a text, a number, true, false or null`);
  }
  return cells as Map<string, Value>;
}

function kindOf(cell: unknown): string {
  return Array.isArray(cell) ? "a list" : typeof cell === "number" ? "too large a number" : "an object";
}

/** A row that the model would take, with its first columns. */
export function exampleRow(columns: Preprocessing["columns"]): string {
  const shown = columns.slice(0, 3).map((column) => `${JSON.stringify(column.name)}:${exampleCell(column)}`);
  return `{${shown.join(",")}${columns.length > 3 ? ",…" : ""}}`;
}

function exampleCell(column: Preprocessing["columns"][number]): string {
  switch (column.kind) {
    case "number":
      return String(Number(column.mean.toPrecision(3)));
    case "boolean":
      return "true";
    case "date":
      return '"2024-12-31"';
    case "category":
      return JSON.stringify(column.values[0] ?? "");
  }
}

function showAnswer(answer: DecodedRow, line: number, session: Session): void {
  session.event(answerEvent(answer, line - 1, line));
  const { values, probabilities } = answer;
  const named = Object.entries(values);
  if (probabilities === null) {
    const texts = named.map(([name, value]) =>
      named.length === 1 ? short(value as number) : `${name} ${short(value as number)}`,
    );
    session.say(texts.join("  "));
    return;
  }
  session.say(`${session.out.bold(String(named[0]![1]))}  (${likelyClasses(Object.entries(probabilities))})`);
}
