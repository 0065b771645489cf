/** Network, options and words for a table whose columns are known. */
import { OptionError } from "../core/index.ts";
import type { Preprocessing, RefusedRow } from "../data/index.ts";
import { auto } from "../optim/index.ts";
import { tableDefaults } from "./tableDefaults.ts";
import { tableNetwork, tableOutput } from "./tableNetwork.ts";
import { tableNotes } from "./tableNotes.ts";
import { type TableOptions, type TableSetup, trainPart } from "./tableOptions.ts";
import { tableRecord } from "./tableRecord.ts";
import type { TrainOptions } from "./types.ts";

/** What is known of the rows of a table when its network is made. */
export interface TableRows {
  /** Of the whole table. */
  rows: number;
  /** The training rows. */
  data: { rows: number };
  validation: NonNullable<TableSetup["validation"]> | undefined;
  /** Rows that cannot be learned from; the first of them where there are many. */
  refused: readonly RefusedRow[];
  /** How many there are; by default those of `refused`. */
  refusedRows?: number;
}

/**
 * The network, the options for `train`, and what was chosen.
 *
 * @throws {OptionError} When an option is wrong, or the answers could not be read under it.
 */
export function settleTable(
  p: Preprocessing,
  options: TableOptions,
  found: TableRows,
): Pick<TableSetup, "model" | "options" | "notes" | "choices"> {
  const given = trainPart(options);
  const { seed = 0, optimizer = auto() } = given;
  const { validation } = found;
  const defaults = tableDefaults(p, found.rows, options);
  const { epochs, batchSize, penalty, patience } = defaults;
  const output = tableOutput(p, options);
  const model = tableNetwork(p, output, defaults, options, seed);
  const training: TrainOptions = {
    ...given,
    seed,
    loss: output.loss,
    optimizer,
    batchSize,
    penalty,
    ...(epochs === undefined ? {} : { epochs }),
    ...(validation === undefined ? {} : { validation }),
    ...(patience === undefined || validation === undefined ? {} : { patience }),
  };
  requireDraws(p, training);
  const [first] = p.targets;
  model.metadata.loss = output.loss;
  model.metadata.preprocessing = p;
  if (first?.kind === "class") model.metadata.classes = [...first.classes];
  model.metadata.options = { table: tableRecord(options, training, defaults, model, found) };
  const { choices, notes } = tableNotes(p, { options, training, defaults, output, found });
  return { model, options: training, choices, notes };
}

/** Whether the classes weigh differently, so that their rows are drawn more or less often. */
export function isWeighted({ targets: [first] }: Preprocessing): boolean {
  return first?.kind === "class" && first.weights.some((weight) => weight !== first.weights[0]);
}

/** @throws {OptionError} When rows are to be drawn by weight, but every step goes over all of them, or over them in order. */
function requireDraws(p: Preprocessing, { optimizer, batchSize, shuffle }: TrainOptions): void {
  if (!isWeighted(p)) return;
  const against =
    optimizer?.wholeFunction === true
      ? [`optimizer is ${optimizer.name}, whose steps go over all rows`, "take auto or adam"]
      : batchSize === "full"
        ? ['batchSize is "full", so that steps go over all rows', "pass a number of rows such as 32"]
        : ["shuffle is false, so that rows come in their order", "leave it out"];
  if (optimizer?.wholeFunction !== true && batchSize !== "full" && shuffle !== false) return;
  throw new OptionError(
    "classWeights",
    `classWeights is "balanced", which draws rows of rare classes more often, but ${against.join("; ")}, or leave classWeights out.`,
  );
}
