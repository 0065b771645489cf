/**
 * Cross-validation of a table: in each fold everything that is learned from rows, means and fills and the network, is learned from
 * its training rows alone.
 *
 * What kind a column is, which columns are dropped, and the names of the classes are decided once, from all rows: else a fold might
 * take for true and false what others take for a number, and the folds would not be of one model.
 */
import { DataError } from "../core/index.ts";
import {
  type ColumnSummary,
  type ColumnType,
  fitPreprocessing,
  type Preprocessing,
  selectTable,
  summarizeColumns,
  type Table,
  type TableDataset,
  tableDataset,
} from "../data/index.ts";
import {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  type FoldData,
} from "./crossValidate.ts";
import type { Fold } from "./folds.ts";
import { tableDefaults } from "./tableDefaults.ts";
import { tableNetwork, tableOutput } from "./tableNetwork.ts";
import { type TableOptions, trainPart } from "./tableOptions.ts";
import { scoreTerms } from "./tablePrediction.ts";
import { settleTable } from "./tableSettle.ts";
import { preprocessingPart, weightsOfRows } from "./tableSetup.ts";
import { tableParts } from "./tableSplit.ts";

/** Options of `crossValidateTable`: those of the table, and how it is folded. */
export type TableFoldOptions = TableOptions & Pick<CrossValidateOptions, "folds" | "onFold" | "stratified">;

/**
 * Trains a network for each fold of the rows and scores it on those that it has not seen, in the table's own terms.
 *
 * Rows that cannot be learned from are left out beforehand; `rows`, `predictions` and `testedIn` count the others, in order.
 *
 * @throws {TalwegError} As `prepareTable` and `crossValidate`.
 */
export async function crossValidateTable(table: Table, options: TableFoldOptions): Promise<CrossValidation> {
  const { folds, onFold, stratified, ...rest } = options;
  const { seed = 0 } = trainPart(rest);
  const whole = fitPreprocessing(summarizeColumns(table), preprocessingPart(rest));
  const all = tableDataset(whole, table);
  requireBothClasses(whole, all);
  const usable = selectTable(table, all.kept);
  // Chosen once, for the table as it is: the folds are of the model that it would be trained to.
  const defaults = tableDefaults(whole, table.rows, rest);
  const output = tableOutput(whole, rest);
  const found = { rows: table.rows, data: all, validation: undefined, refused: [] };
  const training = settleTable(whole, rest, found).options;
  return crossValidate(
    (_fold, { inputs }) => tableNetwork({ ...whole, inputs }, output, defaults, rest, seed),
    all,
    {
      ...training,
      ...(defaults.patience === undefined ? {} : { patience: defaults.patience }),
      ...(folds === undefined ? {} : { folds }),
      ...(onFold === undefined ? {} : { onFold }),
      ...(stratified === undefined ? {} : { stratified }),
      ...namesOf(whole),
      prepare: (fold) => prepareFold(usable, whole, rest, fold, defaults.validation),
    },
  );
}

/** @throws {DataError} When one of two classes has one row only: in the fold that tests it there would be nothing to tell apart. */
function requireBothClasses({ targets: [first] }: Preprocessing, { y, rows }: TableDataset): void {
  if (first?.kind !== "class" || first.classes.length > 2) return;
  let second = 0;
  for (const label of y) second += label;
  const [name, count] =
    second < rows - second ? [first.classes[1], second] : [first.classes[0], rows - second];
  if (count > 1) return;
  throw new DataError(
    `the target ${JSON.stringify(first.name)} is ${JSON.stringify(name)} in one of ${rows} rows, expected at least two of each class, ` +
      "since the fold that tests this row has none to learn from; give more rows of it.",
  );
}

function namesOf(p: Preprocessing): Pick<CrossValidateOptions, "names"> {
  const { names } = scoreTerms(p);
  return names === undefined ? {} : { names };
}

/** The examples of a fold, by what its own training rows say. */
function prepareFold(
  usable: Table,
  whole: Preprocessing,
  options: TableOptions,
  { train, test }: Fold,
  share: number,
): FoldData {
  const own = selectTable(usable, train);
  const targets = whole.targets.map(({ name }) => name);
  const parts = tableParts(own, targets, share, options.seed ?? 0);
  const learned = selectTable(own, parts.train);
  const p = foldPreprocessing(learned, whole, options);
  const examples = (part: Table): TableDataset => tableDataset(p, part, { onBad: "missing" });
  const data = examples(learned);
  const rowWeights = weightsOfRows(p, data);
  const { scale } = scoreTerms(p);
  return {
    train: data,
    test: examples(selectTable(usable, test)),
    ...(scale === undefined ? {} : { scale }),
    options: {
      ...(rowWeights === undefined ? {} : { rowWeights }),
      ...(share > 0 ? { validation: examples(selectTable(own, parts.validation)) } : {}),
    },
  };
}

function foldPreprocessing(learned: Table, whole: Preprocessing, options: TableOptions): Preprocessing {
  const summary = summarizeColumns(learned);
  const types = new Map<string, ColumnType>();
  const drop = whole.dropped.map(({ name }) => name);
  for (const { name, kind } of whole.columns) {
    // A column may have all of its values in the rows that are tested.
    if (hasValues(summary.columns.find((column) => column.name === name)!, kind)) types.set(name, kind);
    else drop.push(name);
  }
  for (const { name, kind } of whole.targets) types.set(name, kind === "class" ? "category" : "number");
  const fitted = fitPreprocessing(summary, { ...preprocessingPart(options), types, drop });
  const [own] = fitted.targets;
  const [known] = whole.targets;
  if (own?.kind !== "class" || known?.kind !== "class") return fitted;
  const weights = known.classes.map((name) => own.weights[own.classes.indexOf(name)] ?? 1);
  return { ...fitted, targets: [{ ...known, weights }] };
}

function hasValues(
  { numbers, bits, booleans, dates, distinct }: ColumnSummary,
  kind: Preprocessing["columns"][number]["kind"],
): boolean {
  if (kind === "category") return distinct !== 0;
  if (kind === "date") return dates > 0;
  return kind === "number" ? numbers > 0 : bits + booleans + numbers > 0;
}
