/**
 * Preprocessing as source text: rows of a table in, answers in the columns' own terms out, as `encodeRows` and `decodeOutputs`
 * of the room data do it. What is TypeScript alone stands between ‹ and ›.
 */
import type { Preprocessing } from "../data/index.ts";
import { givesLogits, type Network } from "../network/index.ts";

const typesText = `/** A cell: text, a number, true or false; null where there is none. Dates are ISO text. */
export type Value = string | number | boolean | null;

/** A row of the table by column; columns that the model does not know are left alone. */
export type Row = { readonly [column: string]: Value };`;

const columnType = `‹: readonly (
  | { name: string; kind: "number" | "date"; mean: number; deviation: number; fill: number; indicator: boolean }
  | { name: string; kind: "boolean"; fill: number; indicator: boolean }
  | { name: string; kind: "category"; values: readonly string[] }
)[]›`;

const encodeText = `/** The inputs of the network for one row. */
function encode(row‹: Row›, r‹: number›)‹: Float32Array› {
  const x‹: number[]› = [];
  for (const column of columns) {
    const value = cellOf(row, r, column.name);
    const missing = isMissing(value);
    if (column.kind === "category") {
      const place = missing ? -1 : column.values.indexOf(cellText(value));
      column.values.forEach((_, i) => x.push(i === place ? 1 : 0));
      // The last place is for a value that is missing or was not there in training.
      x.push(place < 0 ? 1 : 0);
      continue;
    }
    const number = missing ? column.fill : numberOf(value, column.kind);
    if (number === undefined || Number.isNaN(number)) throw wrongCell(r, column.name, value, "no " + column.kind);
    const distance = column.kind === "boolean" ? number : distanceOf(number, column.mean, column.deviation);
    if (!missing && !(Math.abs(distance) <= 1e9)) throw wrongCell(r, column.name, value, "too far from all others");
    x.push(distance);
    if (column.indicator) x.push(missing ? 1 : 0);
  }
  return Float32Array.from(x);
}

/** How many deviations from the mean. */
function distanceOf(value‹: number›, mean‹: number›, deviation‹: number›)‹: number› {
  const distance = (value - mean) / deviation;
  return Number.isFinite(distance) ? distance : (value / 2 - mean / 2) / (deviation / 2);
}

function numberOf(value‹: Value›, kind‹: "number" | "boolean" | "date"›)‹: number | undefined› {
  if (kind === "boolean") return cellBoolean(value);
  return kind === "date" ? cellDays(value) : cellNumber(value);
}

function cellOf(row‹: Row›, r‹: number›, name‹: string›)‹: Value› {
  const value = Object.prototype.hasOwnProperty.call(row, name) ? row[name] : undefined;
  if (value !== undefined) return value;
  throw new Error("row " + r + " (from 0) has no " + JSON.stringify(name) + ", expected all columns of the model; give null where a value is missing.");
}

function wrongCell(r‹: number›, name‹: string›, value‹: Value›, what‹: string›)‹: Error› {
  return new Error("row " + r + " (from 0), column " + JSON.stringify(name) + ": " + JSON.stringify(value) + " is " + what + ", expected a cell as in training; mend it, or give null for a missing value.");
}`;

const answerText = `/** The answer for a row: by target column the class or the number; by class its probability, null for numbers. */
export type Answer = {
  values: { [column: string]: string | number };
  probabilities: { [name: string]: number } | null;
};`;

const predictText = `/** The answers for rows, which are objects by column. */
export function predict(rows‹: readonly Row[]›)‹: Answer[]› {
  return rows.map((row, r) => {
    const outputs = forward(encode(row, r));
    if (outputs.every((number) => Number.isFinite(number))) return answerOf(outputs);
    throw new Error("row " + r + " (from 0) gives " + outputs.join(", ") + ", expected finite numbers; the network overflows there.");
  });
}

/** Without a prototype, so that any text can be a name. */
function record‹<T>›()‹: { [name: string]: T }› {
  return Object.create(null)‹ as { [name: string]: T }›;
}`;

const classText = `const classes‹: readonly string[]› = CLASSES;

function answerOf(outputs‹: Float32Array›)‹: Answer› {
  const p‹: number[]› = PROBABILITIES;
  const label = LABEL;
  const values = record‹<string | number>›();
  values[TARGET] = classes[label]‹!›;
  const probabilities = record‹<number>›();
  classes.forEach((name, j) => {
    probabilities[name] = p[j]‹!›;
  });
  return { values, probabilities };
}`;

const numberText = `const targets = TARGETS;

function answerOf(outputs‹: Float32Array›)‹: Answer› {
  const values = record‹<string | number>›();
  targets.forEach(({ name, mean, deviation }, j) => {
    const number = outputs[j]‹!› * deviation + mean;
    values[name] = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number));
  });
  return { values, probabilities: null };
}`;

/** Columns, encoding, decoding and `predict`. */
export function columnsText(n: Network, p: Preprocessing): string {
  const columns = p.columns.map((column) => {
    if (column.kind !== "number") return column;
    const { least: _least, most: _most, ...rest } = column;
    return rest;
  });
  return [
    `‹${typesText}\n\n${answerText}›`,
    predictText,
    decodingText(n, p),
    `const columns${columnType} = ${listText(columns)};`,
    encodeText,
  ].join("\n\n");
}

function decodingText(n: Network, { targets }: Preprocessing): string {
  const [first] = targets;
  if (first?.kind !== "class") {
    const scales = targets.flatMap((target) =>
      target.kind === "number" ? [{ name: target.name, mean: target.mean, deviation: target.deviation }] : [],
    );
    return numberText.replace("TARGETS", () => listText(scales));
  }
  const one = n.outputs === 1;
  const shares = probabilityText(n);
  return classText
    .replace("PROBABILITIES", one ? `[1 - ${shares}[0]‹!›, ${shares}[0]‹!›]` : `Array.from(${shares})`)
    .replace("LABEL", one ? "p[1]‹!› >= 0.5 ? 1 : 0" : "p.indexOf(Math.max(...p))")
    .replace("TARGET", () => literal(first.name))
    .replace("CLASSES", () => literal(first.classes));
}

/** Probabilities from outputs, which are logits where a cross-entropy was taken with a linear layer. */
function probabilityText(n: Network): string {
  if (!givesLogits(n)) return "outputs";
  return n.metadata.loss === "binaryCrossEntropy" ? "outputs.map(logistic32)" : "softmax(outputs)";
}

/** One item a line. */
function listText(items: readonly object[]): string {
  return `[\n${items.map((item) => `  ${literal(item)},`).join("\n")}\n]`;
}

/** Data as source text that may stand in a page too, and has none of the marks of a type. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<‹›]/g, (letter) => {
    const code = letter.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}
