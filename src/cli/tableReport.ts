/** What `talweg train TABLE` tells before the first step: what was read, what became of each column, what was chosen. */
import {
  type ColumnDescription,
  describePreprocessing,
  type InputColumn,
  type Preprocessing,
  type RefusedRow,
  type TableNote,
  type TargetColumn,
} from "../data/index.ts";
import type { TableChoice } from "../train/index.ts";
import { grouped, plural, short } from "./numbers.ts";
import { kebab } from "./optimizers.ts";
import { paragraph } from "./textTable.ts";

/** A choice with its value as it would be typed; null where no value stands for it. */
interface TypedChoice extends TableChoice {
  typed: string | null;
}

/** Plain data: the event `table` of --json. */
export interface TableFacts {
  source: string;
  /** Of the whole table. */
  rows: number;
  trainingRows: number;
  validationRows: number;
  refusedRows: number;
  /** The first of them. */
  refused: RefusedRow[];
  columns: ColumnDescription[];
  choices: TypedChoice[];
  notes: TableNote[];
  /** Where the table is read anew for each epoch: the bytes of its file, null where it is none, and the MB of rows kept at once. */
  streamed: { file: number | null; memory: number } | null;
}

/** Columns of a table that are shown; more would push the rest off the screen. */
const MOST_COLUMNS = 14;
const MOST_REFUSED = 3;

/** Lines for people. @param columns Of the terminal. */
export function tableLines(facts: TableFacts, p: Preprocessing, columns: number): string[] {
  const { source, rows, trainingRows, validationRows, notes, streamed } = facts;
  const parts =
    validationRows === 0
      ? ""
      : `; ${grouped(trainingRows)} rows to learn from, ${grouped(validationRows)} to watch`;
  const told = notes.filter(({ code }) => code !== "delimiter");
  return [
    ...paragraph(
      `${source}: ${plural(rows, "row")}, ${plural(facts.columns.length, "column")}; predicts ${targetText(p)}${parts}`,
      columns,
    ),
    ...(streamed === null ? [] : paragraph(streamText(streamed), columns)),
    ...told.flatMap(({ message }) => paragraph(message, columns)),
    "",
    ...columnLines(p, columns),
    ...refusedLines(facts, columns),
    "",
    ...choiceLines(facts.choices, columns),
    "",
  ];
}

function streamText({ file, memory }: NonNullable<TableFacts["streamed"]>): string {
  const size = file === null ? "It" : `The file has ${sizeText(file)} and`;
  return `${size} is read anew for each epoch, with ${grouped(memory)} MB of its rows at once in memory (--stream-memory).`;
}

/** "472 kB", "4,096 MB". */
export function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${grouped(Math.ceil(bytes / 1e3))} kB` : `${grouped(Math.round(bytes / 1e6))} MB`;
}

function targetText({ targets }: Preprocessing): string {
  const [first] = targets;
  if (first?.kind === "class") return `${first.name}, one of ${first.classes.length} classes`;
  const names = targets.map(({ name }) => name);
  return targets.length === 1 ? `${names[0]}, a number` : `the numbers ${names.slice(0, 8).join(", ")}`;
}

/** A line a column: what it is, how many inputs it takes, what it was in the training rows. */
function columnLines(p: Preprocessing, columns: number): string[] {
  const widths = new Map(describePreprocessing(p).map(({ name, width }) => [name, width]));
  const inputs = p.columns.map((column) => [
    column.name,
    column.kind,
    String(widths.get(column.name)),
    inputText(column),
  ]);
  const dropped = p.dropped.map(({ name, reason }) => [name, "dropped", "", reason]);
  const targets = p.targets.map((target) => [target.name, "target", "", targetColumnText(target)]);
  // Each sort has its share, so that none hides the others.
  const room = Math.max(1, MOST_COLUMNS - Math.min(targets.length, 4) - Math.min(dropped.length, 4));
  const rows = [
    ...shownRows(inputs, room, "more inputs"),
    ...shownRows(dropped, 4, "more dropped"),
    ...shownRows(targets, 4, "more targets"),
  ];
  return fittedTable([["column", "kind", "inputs", "in the training rows"], ...rows], columns);
}

function shownRows(rows: string[][], most: number, more: string): string[][] {
  if (rows.length <= most) return rows;
  return [...rows.slice(0, most - 1), [`… and ${grouped(rows.length - most + 1)} ${more}`, "", "", ""]];
}

function inputText(column: InputColumn): string {
  switch (column.kind) {
    case "number":
      return `${short(column.least)} to ${short(column.most)}, mean ${short(column.mean)}${column.indicator ? ", some missing" : ""}`;
    case "date":
      return `around ${dayText(column.mean)}, deviation ${short(column.deviation)} days${column.indicator ? ", some missing" : ""}`;
    case "boolean":
      return `true or false${column.indicator ? ", some missing" : ""}`;
    case "category":
      return `${column.values.length} values: ${column.values.slice(0, 12).map(cut).join(", ")}`;
  }
}

function targetColumnText(target: TargetColumn): string {
  if (target.kind === "number") return `mean ${short(target.mean)}, deviation ${short(target.deviation)}`;
  const { classes, weights } = target;
  const weighted = weights.some((weight) => weight !== 1);
  const named = classes
    .slice(0, 12)
    .map((name, i) => (weighted ? `${cut(name)} (weight ${short(weights[i]!)})` : cut(name)));
  return `${classes.length} classes: ${named.join(", ")}`;
}

function dayText(days: number): string {
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime()) ? `day ${short(days)}` : date.toISOString().slice(0, 10);
}

function refusedLines({ refused, refusedRows }: TableFacts, columns: number): string[] {
  if (refusedRows === 0) return [];
  const told = refused.slice(0, MOST_REFUSED).map(({ row, line, column, reason }) => {
    const place = line === undefined ? `row ${row + 1}` : `line ${line}`;
    return shortened(`  ${place}, ${JSON.stringify(column)}: ${reason}`, columns);
  });
  const more = refusedRows - told.length;
  return [
    "",
    `${plural(refusedRows, "row")} cannot be learned from and ${refusedRows === 1 ? "is" : "are"} left out:`,
    ...told,
    ...(more > 0 ? [`  … and ${grouped(more)} more`] : []),
  ];
}

/** Each choice as it would be typed. */
function choiceLines(choices: readonly TypedChoice[], columns: number): string[] {
  const chosen = choices.filter((one) => one.chosen);
  if (chosen.length === 0) return [];
  const typed = chosen.map(({ option, value, typed: text }) => `${kebab(option)} ${text ?? value}`);
  const width = Math.max(...typed.map((text) => text.length));
  return [
    "Chosen, since nothing else was said:",
    ...chosen.flatMap(({ why }, i) => {
      const beside = Math.max(20, columns - width - 5);
      const lines = why === "" ? [""] : paragraph(why, beside);
      return lines.map((line, l) => `  ${(l === 0 ? typed[i]! : "").padEnd(width)}  ${line}`.trimEnd());
    }),
  ];
}

/** A table whose last column takes what room there is; the third is of numbers. */
function fittedTable(rows: readonly (readonly string[])[], columns: number): string[] {
  const cells = rows.map((row) => row.map((cell, c) => (c === 0 ? cut(cell) : cell)));
  const widths = [0, 1, 2].map((c) => Math.max(...cells.map((row) => letters(row[c]!))));
  return cells.map(([name, kind, inputs, text]) => {
    const head = [pad(name!, widths[0]!), pad(kind!, widths[1]!), inputs!.padStart(widths[2]!)].join("  ");
    return shortened(`  ${head}  ${text}`.trimEnd(), columns);
  });
}

const letters = (text: string): number => [...text].length;

const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - letters(text)));

/** Names of columns and classes may be of any length, and hold anything; those of one table often begin alike, or end so. */
function cut(name: string): string {
  const plain = [...name.replace(/\p{Cc}/gu, " ")];
  return plain.length <= 24 ? plain.join("") : `${plain.slice(0, 12).join("")}…${plain.slice(-11).join("")}`;
}

function shortened(line: string, columns: number): string {
  const most = Math.max(40, Math.min(columns - 1, 120));
  const plain = [...line.replace(/\p{Cc}/gu, " ")];
  return plain.length <= most ? plain.join("") : `${plain.slice(0, most - 1).join("")}…`;
}
