/**
 * Cross-validation: every row is predicted once by a network that has not seen it.
 *
 * Sources: Stone, J. Royal Statistical Society B 36 (1974) 111-147; Bengio and Grandvalet, J. Machine Learning Research 5 (2004)
 * 1089-1105: the folds share training rows, so their deviation is no standard error and is too small for one.
 */
import { type Dataset, OptionError, type Seed, ShapeError, type Vector, zeros } from "../core/index.ts";
import { selectRows, validateDataset } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { predictDataset } from "./evaluate.ts";
import { classLabels, type Fold, foldRows } from "./folds.ts";
import { listScores, type ScoreLine } from "./listScores.ts";
import { hasClasses } from "./metrics.ts";
import { readRowWeights } from "./rowOrder.ts";
import { type ScoresOptions, scoreOptions, scores } from "./scores.ts";
import type { Scores } from "./scoreTypes.ts";
import { spreadOf } from "./statistics.ts";
import { train } from "./train.ts";
import type { TrainOptions, TrainReason } from "./types.ts";

/** The examples of one fold, in the order of its rows. */
export interface FoldData extends Pick<ScoresOptions, "scale"> {
  train: Dataset;
  test: Dataset;
  /** What is this fold's own among the options of training: rows of it that are watched and not in `train`, weights of its rows. */
  options?: Pick<TrainOptions, "validation" | "rowWeights">;
}

export interface CrossValidateOptions
  extends Omit<TrainOptions, "resume" | "onCheckpoint" | "checkpointEvery" | "report">,
    Pick<ScoresOptions, "names" | "scale"> {
  /** 5. */
  folds?: number;
  /** Seed of the folds, 0, and of training, by default that of each network. */
  seed?: Seed;
  /** Whether each fold gets its share of every class; true where the targets are classes. */
  stratified?: boolean;
  /**
   * The examples of a fold, for what must be learnt from its training rows alone, such as how columns become numbers; by default
   * those rows of the data, which then only say how many rows there are and of which class. `scale` is that of the fold's targets.
   */
  prepare?: (fold: Fold) => FoldData;
  /** Told of each fold when it is done. */
  onFold?: (fold: FoldScores) => void;
}

export interface FoldScores {
  /** From 1. */
  fold: number;
  /** Examples that it was trained with, and tested with. */
  trained: number;
  rows: number;
  /** How its training ended. */
  reason: TrainReason;
  epochs: number;
  steps: number;
  /** Mean loss of the training examples. */
  loss: number;
  parametersSha256: string;
  /** Of its test rows, beside constant answers made from its training rows. */
  scores: Scores;
}

/** A score over the folds, and its baseline. */
export interface ScoreSpread extends Omit<ScoreLine, "value"> {
  /** Over the folds where it is defined; null where it is in none. */
  mean: number | null;
  /** Sample standard deviation over them; null for fewer than two. */
  deviation: number | null;
  least: number | null;
  most: number | null;
  /** Folds where it is defined. */
  folds: number;
}

export interface CrossValidation {
  rows: number;
  /** Text where it is a bigint. */
  seed: number | string;
  stratified: boolean;
  folds: FoldScores[];
  /** Each score over the folds, the one to compare models by first. */
  spread: ScoreSpread[];
  /** Of all rows at once, each predicted by the network that had not seen it. */
  pooled: Scores;
  /** What that network gave for each row, `[rows][outputs]`; numbers in the targets' own unit where `scale` is known. */
  predictions: number[][];
  /** The fold that each row was tested in, from 1, `[rows]`. */
  testedIn: number[];
  /** Classes with fewer examples than there are folds: some folds cannot test them. */
  smallClasses: { name: string; rows: number }[];
}

/**
 * Trains a network for each fold and scores it on the rows that it has not seen; the same seed gives the same bits.
 *
 * @param make A new network for each fold (from 1), of the widths of the training examples that it is told of.
 * @throws {TalwegError} When folds, data or training options are wrong, or make gives one network twice; the signal's reason when
 *   `stop.signal` ends it.
 */
export async function crossValidate(
  make: (fold: number, train: Dataset) => Network,
  data: Dataset,
  options: CrossValidateOptions = {},
): Promise<CrossValidation> {
  validateDataset(data);
  const { folds: count = 5, stratified: _, prepare, onFold, names, scale, rowWeights, ...training } = options;
  const weights = rowWeights === undefined ? undefined : readRowWeights(rowWeights, data.rows);
  const { seed = 0, stop } = training;
  const stratified = options.stratified ?? hasClasses(data);
  const parts = foldRows(data, { folds: count, seed, stratified });
  const made = new Set<Network>();
  const out = new OutOfFold(data.rows);
  const done: FoldScores[] = [];
  for (const part of parts) {
    const examples = prepare === undefined ? rowsOf(data, part, scale) : prepare(part);
    checkPart(examples, part);
    const n = freshNetwork(make, part.fold, examples.train, made);
    const { reason, epochs, steps, loss, parametersSha256 } = await train(n, examples.train, {
      ...training,
      ...(weights === undefined ? {} : { rowWeights: Array.from(part.train, (row) => weights[row]!) }),
      ...examples.options,
    });
    stop?.signal?.throwIfAborted();
    const outputs = predictDataset(n, examples.test);
    const how: ScoresOptions = {
      ...scoreOptions(n, examples.test),
      ...(names === undefined ? {} : { names }),
      ...(examples.scale === undefined ? {} : { scale: examples.scale }),
    };
    const { rows } = examples.test;
    const own = scores(outputs, examples.test, { ...how, baseline: examples.train });
    const summary = { reason, epochs, steps, loss, parametersSha256, scores: own };
    const result = { fold: part.fold, trained: examples.train.rows, rows, ...summary };
    out.put(part, outputs, examples, how);
    done.push(result);
    onFold?.(result);
  }
  return {
    rows: data.rows,
    seed: typeof seed === "bigint" ? seed.toString() : seed,
    stratified,
    folds: done,
    spread: spreads(done),
    ...out.result(),
    smallClasses: hasClasses(data) ? smallClasses(data, count) : [],
  };
}

function rowsOf(data: Dataset, { train, test }: Fold, scale: ScoresOptions["scale"]): FoldData {
  const parts = { train: selectRows(data, train), test: selectRows(data, test) };
  return scale === undefined ? parts : { ...parts, scale };
}

function checkPart({ train, test, options }: FoldData, { fold, ...rows }: Fold): void {
  const watched = options?.validation;
  const apart = typeof watched === "object" && "rows" in watched ? watched.rows : 0;
  if (train.rows + apart === rows.train.length && test.rows === rows.test.length) return;
  throw new ShapeError(
    `prepare: fold ${fold} has ${train.rows} training and ${test.rows} test rows, expected ${rows.train.length - apart} and ${rows.test.length}; ` +
      "make one example of each row of the fold, in its order.",
  );
}

function freshNetwork(
  make: (fold: number, train: Dataset) => Network,
  fold: number,
  train: Dataset,
  made: Set<Network>,
): Network {
  const n = make(fold, train);
  if (made.has(n)) {
    throw new OptionError(
      "make",
      `crossValidate: make gave the network of an earlier fold for fold ${fold}, which has seen the rows that it would be tested on; ` +
        "make a new one each time, such as () => network([…], { seed: 1 }).",
    );
  }
  made.add(n);
  return n;
}

/** What was predicted for each row by the network that had not seen it, and what it should have been. */
class OutOfFold {
  private readonly rows: number;
  private readonly testedIn: number[];
  private width = 0;
  private outputs: Vector = new Float32Array(0);
  private y: Vector | Uint8Array = new Uint8Array(0);
  private how: ScoresOptions = {};
  private named: { classes?: string[] } = {};

  constructor(rows: number) {
    this.rows = rows;
    this.testedIn = new Array<number>(rows).fill(0);
  }

  put({ fold, test }: Fold, outputs: Vector, { test: examples }: FoldData, how: ScoresOptions): void {
    const { rows } = this;
    const { outputs: width, y, classes } = examples;
    const labels = y instanceof Uint8Array;
    if (this.width === 0) {
      this.width = width;
      // Scaled back, numbers need the digits of float64.
      const precision = outputs instanceof Float32Array && how.scale === undefined ? "float32" : "float64";
      this.outputs = zeros(precision, rows * width);
      this.y = labels ? new Uint8Array(rows) : new Float64Array(rows * width);
      const { scale: _, ...rest } = how;
      this.how = rest;
      this.named = classes === undefined ? {} : { classes };
    }
    if (width !== this.width || labels !== this.y instanceof Uint8Array) {
      throw new ShapeError(
        `prepare: fold ${fold} has ${width} outputs${labels ? " by labels" : ""}, fold 1 ${this.width}, expected the same targets in each fold; ` +
          "take the classes from all rows, and only the inputs from the training rows.",
      );
    }
    for (const [i, row] of test.entries()) {
      this.testedIn[row] = fold;
      if (labels) this.y[row] = y[i]!;
      for (let j = 0; j < width; j++) {
        const { mean, deviation } = how.scale?.[j] ?? { mean: 0, deviation: 1 };
        this.outputs[row * width + j] = outputs[i * width + j]! * deviation + mean;
        if (!labels) this.y[row * width + j] = y[i * width + j]! * deviation + mean;
      }
    }
  }

  result(): Pick<CrossValidation, "pooled" | "predictions" | "testedIn"> {
    const { rows, width, outputs, y, how, named, testedIn } = this;
    return {
      pooled: scores(outputs, { rows, outputs: width, y, ...named }, how),
      predictions: Array.from({ length: rows }, (_, row) =>
        Array.from(outputs.subarray(row * width, (row + 1) * width)),
      ),
      testedIn,
    };
  }
}

function spreads(folds: readonly FoldScores[]): ScoreSpread[] {
  const lists = folds.map(({ scores: own }) => listScores(own));
  return lists[0]!.map(({ value: _, ...line }, i) => {
    const known = lists.flatMap((list) => (list[i]!.value === null ? [] : [list[i]!.value as number]));
    return {
      ...line,
      baseline: spreadOf(lists.map((list) => list[i]!.baseline)).mean,
      ...spreadOf(known),
      least: known.length === 0 ? null : Math.min(...known),
      most: known.length === 0 ? null : Math.max(...known),
      folds: known.length,
    };
  });
}

function smallClasses(data: Dataset, folds: number): { name: string; rows: number }[] {
  const counts = new Map<number, number>();
  for (const label of classLabels(data)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const { classes } = data;
  const one = classes?.length === 1;
  const name = (label: number): string =>
    one && label === 0 ? `not ${classes[0]}` : (classes?.[one ? 0 : label] ?? String(label));
  return [...counts]
    .filter(([, rows]) => rows < folds)
    .sort(([a], [b]) => a - b)
    .map(([label, rows]) => ({ name: name(label), rows }));
}
