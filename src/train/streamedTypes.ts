import type { Dataset } from "../core/index.ts";
import type { RefusedRow } from "../data/index.ts";
import type { TrainOptions } from "./types.ts";

/** Examples that do not fit into memory: they come in blocks, anew for each epoch. */
export interface ExampleStream {
  /** Of an epoch. */
  readonly rows: number;
  /** Whether an epoch may have fewer rows, as where some turn out to be unreadable; never more. false. */
  readonly atMost?: boolean;
  readonly inputs: number;
  readonly outputs: number;
  /** Names of the classes, where the targets are classes. */
  readonly classes?: readonly string[];
  /**
   * The blocks of an epoch, counted from 1, each a dataset of some thousands of rows; the same blocks for the same epoch,
   * always. The memory of a block may be used again when the next one is asked for.
   */
  blocks(epoch: number): AsyncIterable<Dataset>;
}

/** The options of `train`, less those that need all rows at once. */
export interface StreamOptions extends Omit<TrainOptions, "validation" | "rowWeights" | "batchSize"> {
  /** Examples of one step; 32. They are taken across blocks, so that only the last batch of an epoch may be smaller. */
  batchSize?: number;
  /** Examples to watch, in memory. */
  validation?: Dataset;
}

/** Rows of a table that cannot be learned from, as far as they were met: all of them when the first epoch is over. */
export interface RefusedRows {
  rows: number;
  /** The first few. */
  first: RefusedRow[];
}
