/** What `talweg inspect` tells of a model that was trained on a table: its columns, every choice, how to make it again. */
import { type ColumnDescription, describePreprocessing, type Preprocessing } from "../data/index.ts";
import { plural } from "./numbers.ts";
import { kebab } from "./optimizers.ts";
import { paragraph } from "./textTable.ts";

/** More columns than these are counted; --json has all. */
const MOST_COLUMNS = 40;

/** Data first: what stands in the result of --json beside the metadata. */
export interface ModelColumns {
  columns: ColumnDescription[];
  /** By option: what was given and what was chosen; null where the file does not say. */
  choices: Record<string, unknown> | null;
  /** What trains the same model again; null where the file does not say. */
  command: string | null;
}

export function modelColumns(
  preprocessing: Preprocessing,
  options: Record<string, unknown> | undefined,
): ModelColumns {
  const table = options?.table;
  return {
    columns: describePreprocessing(preprocessing),
    choices: typeof table === "object" && table !== null ? { ...table } : null,
    command: typeof options?.command === "string" ? options.command : null,
  };
}

/** Lines for people. @param columns Of the terminal. */
export function modelColumnLines({ columns, choices, command }: ModelColumns, width: number): string[] {
  const by = (role: ColumnDescription["role"]): ColumnDescription[] =>
    columns.filter((column) => column.role === role);
  const inputs = by("input");
  const encoded = inputs.reduce((sum, column) => sum + column.width, 0);
  const dropped = by("dropped");
  return [
    `${plural(inputs.length, "column")} as ${plural(encoded, "input")}:`,
    ...listed(inputs, width),
    "",
    "Predicted:",
    ...listed(by("target"), width),
    ...(dropped.length === 0 ? [] : ["", "Not learned from:", ...listed(dropped, width)]),
    ...(choices === null ? [] : ["", "Trained with:", ...choiceLines(choices, width)]),
    ...(command === null ? [] : ["", "The same again:", `  ${command}`]),
  ];
}

function listed(columns: readonly ColumnDescription[], width: number): string[] {
  const shown = columns.slice(0, MOST_COLUMNS);
  const more = columns.length - shown.length;
  return [
    ...shown.flatMap(({ name, sentence }) => hanging(`${cut(name)}: ${sentence}`, width)),
    ...(more > 0 ? [`  … and ${plural(more, "more column")}; --json has all`] : []),
  ];
}

/** Its first line stands out, so that the eye finds the names. */
function hanging(text: string, width: number): string[] {
  return paragraph(text.replace(/\p{Cc}/gu, " "), width - 6).map(
    (line, i) => `${i === 0 ? "  " : "      "}${line}`,
  );
}

/** What has a place of its own above, or says nothing to people. */
const elsewhere: readonly string[] = ["target", "drop", "types"];

function choiceLines(choices: Readonly<Record<string, unknown>>, width: number): string[] {
  const told = Object.entries(choices).filter(
    ([name, value]) => !elsewhere.includes(name) && !isEmpty(value),
  );
  const text = told
    .map(([name, value]) => `${kebab(name).slice(2).replaceAll("-", " ")} ${valueText(value)}`)
    .join(" · ");
  return paragraph(text, width - 4).map((line) => `  ${line}`);
}

function isEmpty(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function cut(name: string): string {
  const letters = [...name];
  return letters.length <= 40 ? name : `${letters.slice(0, 39).join("")}…`;
}
