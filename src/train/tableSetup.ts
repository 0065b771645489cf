/** A table and a few wishes, or none, as everything that training needs. */
import {
  encodeRows,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingOptions,
  selectTable,
  summarizeColumns,
  type Table,
  type TableDataset,
  tableDataset,
} from "../data/index.ts";
import { tableValidation } from "./tableDefaults.ts";
import { type TableOptions, type TableSetup, trainPart } from "./tableOptions.ts";
import { isWeighted, settleTable } from "./tableSettle.ts";
import { tableParts } from "./tableSplit.ts";

/**
 * Everything that a training of the table begins with: rows split, columns turned to numbers, a network of the right widths, the
 * options of `train`. What was not given is chosen by rules that were measured (see `tableDefaults.ts`), and told in `notes`.
 *
 * The same table, options and seed give the same bits; `seed` is 0 by default.
 *
 * @throws {OptionError} When an option is wrong, or a column named that does not exist.
 * @throws {DataError} When a column is free text, the target cannot be learned, or no row or column is left.
 */
export function prepareTable(table: Table, options: TableOptions): TableSetup {
  const { seed = 0 } = trainPart(options);
  const { target } = options;
  const targets = typeof target === "string" ? [target] : target;
  const parts = tableParts(table, targets, tableValidation(table.rows, options), seed);
  const trainTable = selectTable(table, parts.train);
  const summary = summarizeColumns(trainTable);
  const preprocessing = fitPreprocessing(summary, preprocessingPart(options));
  const data = inWholeTable(tableDataset(preprocessing, trainTable), parts.train);
  const watched = watch(preprocessing, table, parts.validation);
  const refused = [...data.refused, ...watched.refused].sort((a, b) => a.row - b.row);
  const { validation } = watched;
  const settled = settleTable(preprocessing, options, { rows: table.rows, data, validation, refused });
  const rowWeights = weightsOfRows(preprocessing, data);
  if (rowWeights !== undefined) settled.options.rowWeights = rowWeights;
  return { preprocessing, summary, data, validation, refused, ...settled };
}

/** How often each row is to be drawn, `[rows]`, by the weight of its class; undefined where all weigh the same. */
export function weightsOfRows(p: Preprocessing, { y, rows, outputs }: TableDataset): number[] | undefined {
  const [first] = p.targets;
  if (first?.kind !== "class" || !isWeighted(p)) return undefined;
  const classOf = (row: number): number =>
    outputs === 1 ? y[row]! : y.subarray(row * outputs, (row + 1) * outputs).indexOf(1);
  return Array.from({ length: rows }, (_, row) => first.weights[classOf(row)]!);
}

/** The options of `fitPreprocessing` among those of a table. */
export function preprocessingPart({ target, types, drop, classWeights }: TableOptions): PreprocessingOptions {
  return {
    target,
    ...(types === undefined ? {} : { types }),
    ...(drop === undefined ? {} : { drop }),
    ...(classWeights === undefined ? {} : { classWeights }),
  };
}

/** The rows that are watched; undefined where there are none, or none that can be read. */
function watch(
  p: Preprocessing,
  table: Table,
  rows: readonly number[],
): Pick<TableSetup, "validation" | "refused"> {
  if (rows.length === 0) return { validation: undefined, refused: [] };
  const part = selectTable(table, rows);
  const { kept, refused } = encodeRows(p, part, { targets: true });
  if (kept.length > 0) {
    const validation = inWholeTable(tableDataset(p, part), rows);
    return { validation, refused: validation.refused };
  }
  return { validation: undefined, refused: refused.map((one) => ({ ...one, row: rows[one.row]! })) };
}

/** Examples with the places that their rows have in the whole table. */
function inWholeTable(data: TableDataset, rows: readonly number[]): TableDataset {
  const { kept, refused } = data;
  return {
    ...data,
    kept: kept.map((i) => rows[i]!),
    refused: refused.map((one) => ({ ...one, row: rows[one.row]! })),
  };
}
