/** What `talweg export` tells about the file that it wrote: data first, then the text. */
import { basename } from "node:path";
import { checkPreprocessing, type InputColumn } from "../data/index.ts";
import { type OnnxPort, onnxPorts, torchModules } from "../formats/index.ts";
import type { Network } from "../network/index.ts";
import { grouped } from "./numbers.ts";
import { paragraph } from "./textTable.ts";

export type Form = "onnx" | "code" | "safetensors" | "json";

export interface ExportFacts {
  form: Form;
  out: string;
  bytes: number;
  /** Of ONNX. */
  inputs?: readonly OnnxPort[];
  outputs?: readonly OnnxPort[];
  /** Of ONNX: which of the inputs are dates, as days. */
  dates?: string[];
  /** Of PyTorch: the modules of nn.Sequential whose state the file is; absent where the tensors have other names. */
  modules?: string[];
  /** Of code: a row as `predict` takes it. */
  row?: unknown;
}

interface Written {
  form: Form;
  out: string;
  bytes: number;
  torch: boolean;
  /** Whether the tensors have names of their own. */
  named: boolean;
}

export function exportFacts(n: Network, { form, out, bytes, torch, named }: Written): ExportFacts {
  const facts: ExportFacts = { form, out, bytes };
  if (form === "onnx") return { ...facts, ...onnxPorts(n), dates: dateColumns(n) };
  if (form === "code") return { ...facts, row: exampleRow(n) };
  return torch && !named ? { ...facts, modules: torchModules(n.layers) } : facts;
}

function columnsOf(n: Network): readonly InputColumn[] {
  const { preprocessing } = n.metadata;
  return preprocessing === undefined ? [] : checkPreprocessing(preprocessing, "the model").columns;
}

function dateColumns(n: Network): string[] {
  return columnsOf(n).flatMap(({ kind, name }) => (kind === "date" ? [name] : []));
}

/** A row that the code would take: by column where the model knows columns. */
function exampleRow(n: Network): unknown {
  const columns = columnsOf(n);
  if (columns.length === 0) return Array<number>(n.inputs).fill(0.5);
  const row = Object.create(null) as Record<string, unknown>;
  for (const column of columns) row[column.name] = exampleCell(column);
  return row;
}

function exampleCell(column: InputColumn): unknown {
  switch (column.kind) {
    case "number":
      return Number(column.mean.toPrecision(3));
    case "boolean":
      return column.fill === 1;
    case "date": {
      const date = new Date(Math.floor(column.mean) * 86_400_000);
      return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10);
    }
    default:
      return column.values[0];
  }
}

const titles: Readonly<Record<Form, string>> = {
  onnx: "ONNX",
  code: "source code without packages",
  safetensors: "safetensors",
  json: "JSON",
};

export function exportText(facts: ExportFacts, columns: number): string[] {
  const { form, out, bytes, inputs, outputs, dates, modules, row } = facts;
  const lines = [`${out}: ${titles[form]}, ${grouped(bytes)} bytes`];
  if (inputs !== undefined && outputs !== undefined) {
    lines.push("", ...portTable(inputs, outputs));
    const kinds: [boolean, string][] = [
      [inputs.some(({ type }) => type === "double"), "missing numbers come in as NaN"],
      [inputs.some(({ type }) => type === "string"), "missing texts as empty ones"],
      [dates !== undefined && dates.length > 0, `dates (${dates?.join(", ")}) as days since 1970-01-01 UTC`],
    ];
    const told = kinds.flatMap(([is, text]) => (is ? [text] : []));
    if (told.length > 0) lines.push("", ...paragraph(`In the file ${told.join(", ")}.`, columns));
  }
  if (modules !== undefined) {
    const sequential = modules.map((module) => `nn.${module}`).join(", ");
    lines.push("", "In Python:", `  model = nn.Sequential(${sequential})`);
    lines.push(`  model.load_state_dict(safetensors.torch.load_file(${JSON.stringify(basename(out))}))`);
  }
  if (form === "code") {
    lines.push("", `  import { predict } from ${JSON.stringify(`./${basename(out)}`)};`);
    lines.push(`  predict([${shownRow(row)}]);`);
  }
  return lines;
}

/** A row of many numbers by its first ones. */
function shownRow(row: unknown): string {
  if (!Array.isArray(row) || row.length <= 8) {
    const text = JSON.stringify(row);
    return text.length > 200 ? `${text.slice(0, 197)}…` : text;
  }
  return `[${row.slice(0, 4).join(", ")}, … ${row.length} numbers]`;
}

function portTable(inputs: readonly OnnxPort[], outputs: readonly OnnxPort[]): string[] {
  const shape = ({ columns }: OnnxPort): string => (columns === undefined ? "[rows]" : `[rows, ${columns}]`);
  const rows = [
    ...inputs.map((port) => ["input", port.name, port.type, shape(port)]),
    ...outputs.map((port) => ["output", port.name, port.type, shape(port)]),
  ];
  return leftTable(rows);
}

/** All columns to the left. */
function leftTable(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => [...row[k]!].length)));
  return rows.map((row) =>
    `  ${row.map((cell, k) => cell + " ".repeat(widths[k]! - [...cell].length)).join("  ")}`.trimEnd(),
  );
}
