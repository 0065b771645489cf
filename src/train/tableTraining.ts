/** A table in, a model out. */
import type { Preprocessing, Table } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import type { Scores } from "./scoreTypes.ts";
import type { TableOptions } from "./tableOptions.ts";
import { tableScores } from "./tablePrediction.ts";
import { prepareTable } from "./tableSetup.ts";
import { train } from "./train.ts";
import type { TrainResult } from "./types.ts";

/** What came of a training of a table. */
export interface TableTraining {
  /** It answers raw rows by `predictTable`, also when it was saved and loaded. */
  model: Network;
  preprocessing: Preprocessing;
  result: TrainResult;
  /** Of the rows that were watched, in the table's own terms, beside constant answers made from the training rows; undefined where none were. */
  scores: Scores | undefined;
  /** What was chosen and why, and what was left out, a line each. */
  notes: string[];
}

/**
 * Trains a network on a table; what is not told is chosen, and no learning rate is asked for.
 *
 * @throws {TalwegError} As `prepareTable` and `train`.
 */
export async function trainTable(table: Table, options: TableOptions): Promise<TableTraining> {
  const { model, preprocessing, data, validation, options: training, notes } = prepareTable(table, options);
  const result = await train(model, data, training);
  const scores =
    validation === undefined ? undefined : tableScores(model, preprocessing, validation, { baseline: data });
  return { model, preprocessing, result, scores, notes };
}
