/**
 * Decides how columns become numbers, from the summary of the rows to train on: what is learned from, how it is scaled, what
 * stands for a missing value, what is predicted.
 *
 * Standardizing: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), section 11.5.3.
 */
import { DataError, OptionError } from "../core/index.ts";
import { isNumeric } from "./columnKinds.ts";
import { listNames, meantName } from "./columnNames.ts";
import type { ColumnSummary, ColumnType, TableSummary } from "./columnTypes.ts";
import { fitInput } from "./fitInput.ts";
import { type ClassWeights, fitTarget } from "./fitTarget.ts";
import { inputWidth } from "./preprocessingLayout.ts";
import type { InputColumn, Preprocessing } from "./preprocessingTypes.ts";

const columnTypes: readonly ColumnType[] = ["number", "boolean", "category", "date"];

export interface PreprocessingOptions {
  /** The column or columns to predict: one of classes, or any number of columns of numbers. */
  target: string | readonly string[];
  /** Types by column name, over those inferred. A column that is given a type is never dropped by itself. */
  types?: Readonly<Record<string, ColumnType>> | ReadonlyMap<string, ColumnType>;
  /** Names of columns not to learn from. */
  drop?: readonly string[];
  /** "balanced": each class weighs rows / (classes * its rows), so that all classes together weigh the same. */
  classWeights?: ClassWeights;
}

/**
 * Decides how columns become numbers.
 *
 * A target of text, or of true and false, is one of classes (0 and 1 as text too); a target of numbers is learned as numbers,
 * however few and whole they are, unless `types` says "category". Columns that are constant, empty or identifiers are dropped
 * with the reason; free text is refused.
 *
 * @param summary Of the rows to train on alone.
 * @param options `types` none; `drop` none; `classWeights` "none".
 * @throws {OptionError} When a named column does not exist, or an option is none that there is.
 * @throws {DataError} When a column is free text, a target cannot be learned, or no column is left.
 */
export function fitPreprocessing(summary: TableSummary, options: PreprocessingOptions): Preprocessing {
  const { target, drop = [], classWeights = "none" } = options;
  const names = summary.columns.map(({ name }) => name);
  const targets = typeof target === "string" ? [target] : [...target];
  const types = typesByName(options.types);
  requireTargets(targets, names);
  requireNames("drop", drop, names);
  requireNames("types", [...types.keys()], names);
  requireTypes(types);
  requireApart(targets, drop);
  const byName = new Map(summary.columns.map((column) => [column.name, column]));
  const fitted = targets.map((name) => fitTarget(byName.get(name)!, types.get(name), classWeights));
  requireOneKind(fitted);
  const rest = summary.columns.filter(({ name }) => !targets.includes(name));
  const inputs = chooseInputs(rest, types, new Set(drop));
  return {
    version: 1,
    inputs: inputs.columns.reduce((sum, column) => sum + inputWidth(column), 0),
    ...inputs,
    targets: fitted,
  };
}

function chooseInputs(
  summaries: readonly ColumnSummary[],
  types: ReadonlyMap<string, ColumnType>,
  drop: ReadonlySet<string>,
): Pick<Preprocessing, "columns" | "dropped"> {
  const columns: InputColumn[] = [];
  const dropped: Preprocessing["dropped"] = [];
  const counts: ColumnSummary[] = [];
  const refused: ColumnSummary[] = [];
  for (const column of summaries) {
    const { name, kind, why } = column;
    const type = types.get(name);
    if (drop.has(name)) dropped.push({ name, reason: "it is named to be dropped" });
    else if (type !== undefined) columns.push(fitInput(column, type));
    else if (kind === "text") refused.push(column);
    else if (kind === "constant" || kind === "empty" || kind === "identifier") {
      dropped.push({ name, reason: why });
      if (kind === "identifier" && isNumeric(column)) counts.push(column);
    } else columns.push(fitInput(column, kind));
  }
  if (refused.length > 0) throw freeText(refused);
  // A table of x and y, where x is 1, 2, 3 and so on, is not one of row numbers.
  if (columns.length === 0) {
    const kept = new Set(counts.map(({ name }) => name));
    return {
      columns: requireSome(
        counts.map((column) => fitInput(column, "number")),
        dropped,
      ),
      dropped: dropped.filter(({ name }) => !kept.has(name)),
    };
  }
  return { columns, dropped };
}

function requireSome(columns: InputColumn[], dropped: Preprocessing["dropped"]): InputColumn[] {
  if (columns.length > 0) return columns;
  const told = dropped.map(({ name, reason }) => `${JSON.stringify(name)}, since ${reason}`);
  throw new DataError(
    `no column is left to learn from${told.length === 0 ? ": the table has only its target" : `; dropped are ${told.join("; ")}`}; ` +
      'expected at least one; add columns, or give one of them a type, for example { types: { age: "number" } }.',
  );
}

function freeText(columns: readonly ColumnSummary[]): DataError {
  const told = columns.map(
    ({ name, why, hint }) => `${JSON.stringify(name)} (${why}${hint === null ? "" : `; ${hint}`})`,
  );
  const [several, these] =
    columns.length === 1 ? ["the column", "it"] : [`${columns.length} columns`, "them"];
  const { name } = columns[0]!;
  return new DataError(
    `${several} ${told.join(", ")} ${columns.length === 1 ? "is" : "are"} free text, expected numbers, dates or a few values that come again, ` +
      `since nothing general can be learned from texts that hardly repeat; drop ${these} with { drop: ${JSON.stringify(columns.map((c) => c.name))} }, ` +
      `or call one a category with { types: { ${JSON.stringify(name)}: "category" } }.`,
  );
}

function typesByName(types: PreprocessingOptions["types"]): ReadonlyMap<string, ColumnType> {
  if (types === undefined) return new Map();
  return types instanceof Map ? types : new Map(Object.entries(types));
}

function requireTargets(targets: readonly string[], names: readonly string[]): void {
  requireNames("target", targets, names);
  if (targets.length === 0) {
    throw new OptionError(
      "target",
      `target names no column, expected at least one to predict; pass one of ${listNames(names)}.`,
    );
  }
  const twice = targets.find((name, i) => targets.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new OptionError(
    "target",
    `target names ${JSON.stringify(twice)} twice, expected each column once; leave one out.`,
  );
}

function requireNames(option: string, wanted: readonly string[], names: readonly string[]): void {
  const known = new Set(names);
  const absent = wanted.find((name) => !known.has(name));
  if (absent === undefined) return;
  throw new OptionError(
    option,
    `${option} names ${JSON.stringify(absent)}, but the table has no such column${meantName(absent, names)}; ` +
      `pass one of ${listNames(names)}.`,
  );
}

function requireTypes(types: ReadonlyMap<string, ColumnType>): void {
  for (const [name, type] of types) {
    if (columnTypes.includes(type)) continue;
    throw new OptionError(
      "types",
      `types: ${JSON.stringify(name)} is ${JSON.stringify(type)}, expected one of ${listNames(columnTypes)}, the kinds of column that become numbers; ` +
        "pass one of them, or name the column in drop.",
    );
  }
}

function requireApart(targets: readonly string[], drop: readonly string[]): void {
  const both = targets.find((name) => drop.includes(name));
  if (both === undefined) return;
  throw new OptionError(
    "drop",
    `drop names ${JSON.stringify(both)}, which is the target and so never learned from; leave it out of drop.`,
  );
}

function requireOneKind(targets: Preprocessing["targets"]): void {
  const classes = targets.find(({ kind }) => kind === "class");
  if (targets.length === 1 || classes === undefined) return;
  throw new OptionError(
    "target",
    `target names ${targets.length} columns, and ${JSON.stringify(classes.name)} is one of classes, expected one column of classes alone or columns of numbers, ` +
      "since one loss serves all outputs; train a model for each.",
  );
}
