/** From the options of `talweg train` to data, network and training options. */
import { basename, extname } from "node:path";
import type { Dataset, Seed } from "../core/index.ts";
import type { Activation, KernelChoice, Loss } from "../kernels/index.ts";
import { dense, type Init, type Network, network } from "../network/index.ts";
import { hasClasses, type TrainEvent, type TrainOptions, trainEvents } from "../train/index.ts";
import { type DataFlags, dataFlagsOf, loadPart, loadTest } from "./dataOptions.ts";
import { makeOptimizer, methods } from "./optimizers.ts";
import { dataSha256 } from "./startRecord.ts";
import { stopOf } from "./stopOptions.ts";
import { refuseTableFlags } from "./tableOptions.ts";
import type { TrainedTable } from "./tableTraining.ts";

/** The options of one training as they were typed; plain data, saved in its checkpoints. */
export interface TrainFlags extends DataFlags {
  layers?: number[];
  activation?: Activation;
  outputActivation?: Activation;
  init?: Init;
  dropout?: number;
  precision?: "float32" | "float64";
  optimizer?: string;
  loss?: Loss;
  epochs?: number;
  batchSize?: number | "full";
  /** False for --no-shuffle. */
  shuffle?: boolean;
  validation?: number;
  patience?: number;
  penalty?: number;
  clipNorm?: number;
  clipValue?: number;
  metrics?: string[];
  threads?: number;
  kernels?: KernelChoice;
  wide?: boolean;
  checkpointEvery?: number;
  checkpointSeconds?: number;
  /** Steps between two lines in the metrics of a run folder. */
  logEvery?: number;
  [more: string]: unknown;
}

export interface TrainSetup {
  /** Examples at hand; those that `options` splits off to be watched are among them. */
  rows: number;
  test: Dataset | undefined;
  model: Network;
  options: TrainOptions;
  /** The training itself. */
  events(n: Network, options: TrainOptions): AsyncIterable<TrainEvent>;
  /** SHA-256 of what is learned from: of the examples, or of the file of a table. */
  sha256(): string;
  /** Where a table is learned from. */
  table?: TrainedTable;
}

/** Passes over all examples; a full batch makes only one step in each. */
const EPOCHS = 30;
export const FULL_BATCH_EPOCHS = 500;

/** @throws {TalwegError} When an option or the data are wrong. @param restored The network of a checkpoint. */
export function trainSetup(name: string, flags: TrainFlags, seed: Seed, restored?: Network): TrainSetup {
  const { data, ...setup } = exampleSetup(name, flags, seed, restored);
  return {
    ...setup,
    rows: data.rows,
    events: (n, options) => trainEvents(n, data, options),
    sha256: () => dataSha256(data),
  };
}

/** Data that are no table, with what learns from them. @throws {TalwegError} As `trainSetup`. */
export function exampleSetup(
  name: string,
  flags: TrainFlags,
  seed: Seed,
  restored?: Network,
): Pick<TrainSetup, "test" | "model" | "options"> & { data: Dataset } {
  refuseTableFlags(name, flags);
  const method = flags.optimizer ?? "auto";
  // First, since it needs no data to find a fault.
  const optimizer = makeOptimizer(method, flags, seed);
  const { precision = "float32" } = flags;
  const chosen = dataFlagsOf(flags);
  const data = loadPart(name, chosen, { part: "train", seed, precision });
  const test = loadTest(name, chosen, { seed, precision });
  const model = restored ?? makeNetwork(data, flags, seed);
  const stop = stopOf(flags);
  const batchSize = flags.batchSize ?? (methods[method]?.fullBatch === true ? "full" : undefined);
  const endless = Object.keys(stop).length > 0;
  const full = batchSize === "full" || (batchSize ?? 32) >= data.rows;
  const epochs = flags.epochs ?? (endless ? undefined : full ? FULL_BATCH_EPOCHS : EPOCHS);
  const options: TrainOptions = {
    ...givenOptions(flags),
    ...(flags.validation === undefined ? {} : { validation: flags.validation }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(epochs === undefined ? {} : { epochs }),
    optimizer,
    seed,
    stop,
  };
  return { data, test, model, options };
}

const taken: readonly string[] = [
  "loss",
  "shuffle",
  "epochs",
  "batchSize",
  "patience",
  "penalty",
  "clipNorm",
  "clipValue",
  "metrics",
  "threads",
  "kernels",
  "wide",
  "checkpointEvery",
  "checkpointSeconds",
];

/** The options that are the same for examples and tables, as far as they were typed. */
export function givenOptions(flags: TrainFlags): Omit<TrainOptions, "validation"> {
  return Object.fromEntries(taken.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]])));
}

/** Hidden layers as they were asked for, and an output layer that fits the targets. */
function makeNetwork(data: Dataset, flags: TrainFlags, seed: Seed): Network {
  const { activation = "relu", init, dropout, precision = "float32" } = flags;
  const hidden = flags.layers ?? (data.inputs > 64 ? [128] : [16, 16]);
  const start = init === undefined ? {} : { init };
  const output = flags.outputActivation ?? outputActivation(data);
  const widths = [data.inputs, ...hidden];
  const layers = hidden.map((units, i) =>
    dense(widths[i] as number, units, activation, {
      ...start,
      ...(dropout === undefined ? {} : { dropout }),
    }),
  );
  return network([...layers, dense(widths.at(-1) as number, data.outputs, output, start)], {
    seed,
    precision,
  });
}

function outputActivation(data: Dataset): Activation {
  if (!hasClasses(data)) return "linear";
  return data.outputs === 1 ? "sigmoid" : "softmax";
}

const TABLE_ENDING = /\.(csv|tsv|jsonl|ndjson|parquet)(\.gz)?$/i;

/** Where the model goes when nobody says: beside us, by the name of the data, of a table without its ending. */
export function defaultOut(name: string): string {
  return `${basename(name).replace(TABLE_ENDING, "") || "model"}.safetensors`;
}

/** "out/mnist.safetensors" has its checkpoint at "out/mnist.checkpoint.safetensors". */
export function checkpointPath(out: string): string {
  return `${out.slice(0, out.length - extname(out).length)}.checkpoint.safetensors`;
}
