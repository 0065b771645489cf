/** What a training of a table takes and gives: every choice by name, and what became of it. */
import { OptionError } from "../core/index.ts";
import type {
  ClassWeights,
  Preprocessing,
  PreprocessingOptions,
  RefusedRow,
  TableDataset,
  TableSummary,
} from "../data/index.ts";
import type { Activation } from "../kernels/index.ts";
import type { Init, Network } from "../network/index.ts";
import type { TrainOptions } from "./types.ts";

/** How a table is learned from; what is left out is chosen, and every choice is written down. */
export interface TableOptions extends Omit<TrainOptions, "resume" | "onCheckpoint" | "validation"> {
  /** The column or columns to predict: one of classes, or any number of columns of numbers. */
  target: string | readonly string[];
  /** Types by column name, over those inferred. A column that is given a type is never dropped by itself. */
  types?: PreprocessingOptions["types"];
  /** Names of columns not to learn from. */
  drop?: readonly string[];
  /** "balanced": rows of rare classes are drawn more often, so that all classes weigh the same; "none". */
  classWeights?: ClassWeights;
  /** Units of the hidden layers, from the inputs on: [64], or [64, 64] from 5,000 rows on; [] makes a linear model. */
  layers?: readonly number[];
  /** Of the hidden layers; "tanh". */
  activation?: Activation;
  /** "sigmoid" for two classes, "softmax" for more, "linear" for numbers; others would give answers that are none. */
  outputActivation?: Activation;
  /** How the weights of every layer start; by default as `dense` has it. */
  init?: Init;
  /** Share of each hidden layer that a training step drops; 0. */
  dropout?: number;
  /** "float32". */
  precision?: "float32" | "float64";
  /** Share of rows that is watched, or 0 for none; 0.1 from 5,000 rows on, where training ends early by `patience` 5; else 0, or 0.2 where patience is given. */
  validation?: number;
}

/** One thing that had to be settled, for people to read and to overrule. */
export interface TableChoice {
  /** The option that settles it. */
  option: keyof TableOptions;
  /** In words: "64", "30 epochs". */
  value: string;
  /** Whether it was chosen here, and not given. */
  chosen: boolean;
  /** Why it was chosen so, without a full stop; empty where it was given. */
  why: string;
}

/** What a training of a table begins with. */
export interface TableSetup {
  /** Fitted on the training rows alone; also in model.metadata.preprocessing. */
  preprocessing: Preprocessing;
  /** Of the training rows. */
  summary: TableSummary;
  /** Fresh; its metadata carry preprocessing, classes, and options.table: every choice, as plain data. */
  model: Network;
  /** The training rows. */
  data: TableDataset;
  /** The rows that are watched; undefined where none are. */
  validation: TableDataset | undefined;
  /** For `train` or `trainEvents` as they are: validation, patience and row weights are in it. */
  options: TrainOptions;
  /** What was chosen and why, a line each, for people; and what was left out. */
  notes: string[];
  /** The same choices as data, in order of weight. */
  choices: TableChoice[];
  /** The rows that cannot be learned from, of the whole table. */
  refused: RefusedRow[];
}

const own: readonly string[] = [
  "target",
  "types",
  "drop",
  "classWeights",
  "layers",
  "activation",
  "outputActivation",
  "init",
  "dropout",
  "precision",
  "validation",
] satisfies (keyof TableOptions)[];

/**
 * The options that are those of `train`, unchecked, and without those of the table.
 *
 * @throws {OptionError} When there is no target, or what belongs to one run is given.
 */
export function trainPart(o: TableOptions): TrainOptions {
  if (o?.target === undefined) {
    throw new OptionError(
      "target",
      'a table is learned from towards a target, and none is named; pass the column to predict, such as { target: "price" }.',
    );
  }
  const { target } = o;
  if (
    typeof target !== "string" &&
    !(Array.isArray(target) && target.every((name) => typeof name === "string"))
  ) {
    throw new OptionError(
      "target",
      `target is ${JSON.stringify(target)}, expected the name of a column, or a list of names; pass it as text, such as { target: "price" }.`,
    );
  }
  const entries = Object.entries(o).filter(([name, value]) => !own.includes(name) && value !== undefined);
  const wrong = entries.find(([name]) => name === "resume" || name === "onCheckpoint");
  if (wrong !== undefined) {
    throw new OptionError(
      wrong[0],
      `${wrong[0]} belongs to one run and not to the table; prepareTable first, then pass it to train with the other options.`,
    );
  }
  return Object.fromEntries(entries);
}
