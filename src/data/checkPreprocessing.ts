/** A preprocessing out of a file, which nobody vouches for. */
import { FormatError } from "../core/index.ts";
import { inputWidth } from "./preprocessingLayout.ts";
import type { Preprocessing } from "./preprocessingTypes.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The value, when it is a preprocessing that this library can apply.
 *
 * @param place What messages begin with: "model.safetensors", say.
 * @throws {FormatError} When a field is missing or cannot be; the message says which.
 */
export function checkPreprocessing(value: unknown, place: string): Preprocessing {
  const p = fieldsOf(value, `${place}: preprocessing`);
  const at = `${place}: preprocessing`;
  if (p.version !== 1) {
    throw new FormatError(
      `${at} has version ${show(p.version)}, expected 1, the one that this library reads; upgrade the package, or train the model again.`,
    );
  }
  const columns = listOf(p.columns, `${at}.columns`);
  const names = new Set<string>();
  for (const [i, column] of columns.entries()) checkInput(column, `${at}.columns[${i}]`, names);
  const targets = listOf(p.targets, `${at}.targets`);
  for (const [i, target] of targets.entries())
    checkTarget(target, `${at}.targets[${i}]`, targets.length, names);
  for (const [i, dropped] of listOf(p.dropped, `${at}.dropped`).entries()) {
    const fields = fieldsOf(dropped, `${at}.dropped[${i}]`);
    need(typeof fields.name === "string", `${at}.dropped[${i}].name`, fields.name, "a text");
    need(typeof fields.reason === "string", `${at}.dropped[${i}].reason`, fields.reason, "a text");
  }
  need(targets.length > 0, `${at}.targets`, targets, "at least one column");
  const checked = value as Preprocessing;
  const inputs = checked.columns.reduce((sum, column) => sum + inputWidth(column), 0);
  need(p.inputs === inputs, `${at}.inputs`, p.inputs, `${inputs}, as many as its columns become`);
  return checked;
}

function checkInput(value: unknown, place: string, names: Set<string>): void {
  const column = fieldsOf(value, place);
  checkName(column, place, names);
  const { kind } = column;
  if (kind === "category") {
    checkNames(column.values, `${place}.values`, 1);
    return;
  }
  need(
    kind === "number" || kind === "date" || kind === "boolean",
    `${place}.kind`,
    kind,
    'one of "number", "boolean", "category", "date"',
  );
  need(typeof column.indicator === "boolean", `${place}.indicator`, column.indicator, "true or false");
  checkFinite(column, place, kind === "number" ? ["fill", "least", "most"] : ["fill"]);
  if (kind !== "boolean") checkScale(column, place);
}

function checkTarget(value: unknown, place: string, count: number, names: Set<string>): void {
  const target = fieldsOf(value, place);
  checkName(target, place, names);
  if (target.kind === "number") {
    checkScale(target, place);
    return;
  }
  need(target.kind === "class", `${place}.kind`, target.kind, '"class" or "number"');
  need(count === 1, `${place}.kind`, target.kind, `"number", since there are ${count} targets`);
  const classes = checkNames(target.classes, `${place}.classes`, 2);
  const weights = listOf(target.weights, `${place}.weights`);
  const right = weights.length === classes && weights.every((w) => Number.isFinite(w) && (w as number) > 0);
  need(right, `${place}.weights`, weights, `${classes} numbers above 0, one a class`);
}

/** Two columns of one name could not be told apart. */
function checkName({ name }: Fields, place: string, names: Set<string>): void {
  need(typeof name === "string" && !names.has(name), `${place}.name`, name, "a name that stands once");
  names.add(name as string);
}

function checkNames(value: unknown, place: string, least: number): number {
  const names = listOf(value, place);
  const right = names.every((name) => typeof name === "string") && new Set(names).size === names.length;
  need(right && names.length >= least, place, names, `at least ${least} different texts`);
  return names.length;
}

function checkScale(fields: Fields, place: string): void {
  checkFinite(fields, place, ["mean", "deviation"]);
  const { deviation } = fields;
  need((deviation as number) > 0, `${place}.deviation`, deviation, "a number above 0");
}

function checkFinite(fields: Fields, place: string, keys: readonly string[]): void {
  for (const key of keys)
    need(Number.isFinite(fields[key]), `${place}.${key}`, fields[key], "a finite number");
}

function fieldsOf(value: unknown, place: string): Fields {
  need(
    typeof value === "object" && value !== null && !Array.isArray(value),
    place,
    value,
    "an object with fields",
  );
  return value as Fields;
}

function listOf(value: unknown, place: string): readonly unknown[] {
  need(Array.isArray(value), place, value, "a list");
  return value as readonly unknown[];
}

function need(right: boolean, place: string, given: unknown, expected: string): void {
  if (right) return;
  throw new FormatError(
    `${place} is ${show(given)}, expected ${expected}; the file is damaged or was made by something else: save the model again.`,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
