/**
 * Rows dealt out into folds, each of which is the test set once.
 *
 * Source: Kohavi, A study of cross-validation and bootstrap for accuracy estimation and model selection, IJCAI (1995), for folds
 * that hold each class in its share.
 */
import {
  type Dataset,
  OptionError,
  randomOrder,
  randomStream,
  requireNames,
  type Seed,
} from "../core/index.ts";
import { labelsOf } from "./classProblem.ts";
import { hasClasses } from "./metrics.ts";

export interface Fold {
  /** From 1. */
  readonly fold: number;
  /** Rows to train with, ascending, from 0. */
  readonly train: Uint32Array;
  /** Rows to test with, ascending, from 0. */
  readonly test: Uint32Array;
}

export interface FoldOptions {
  /** 5. */
  folds?: number;
  /** Of the order in which rows are dealt; 0. */
  seed?: Seed;
  /** Whether each fold gets its share of every class, to within one example; true where the targets are classes. */
  stratified?: boolean;
}

const names: readonly string[] = ["folds", "seed", "stratified"] satisfies (keyof FoldOptions)[];

/** Second axis of the addresses of random numbers, so that folds and shuffled columns share none with data that are drawn. */
const FOLDS = 1;
export const IMPORTANCE = 2;

/**
 * Folds whose test rows are a partition of the rows, in sizes that differ by at most one; the same seed gives the same folds.
 *
 * @throws {OptionError} When an option does not exist, there are fewer than 2 folds, more folds than rows, or numbers are to be stratified.
 * @throws {DataError} When the folds are stratified and a row has not one class.
 */
export function foldRows(data: Dataset, options: FoldOptions = {}): Fold[] {
  requireNames("foldRows", options, names);
  const { folds = 5, seed = 0, stratified = hasClasses(data) } = options;
  const { rows } = data;
  if (!Number.isSafeInteger(folds) || folds < 2 || folds > rows) {
    throw new OptionError(
      "folds",
      `folds is ${String(folds)}, expected a whole number from 2 to the ${rows} rows, since each fold is tested once and the others train; ${rows < 2 ? "give more rows" : `pass for example ${Math.min(5, rows)}`}.`,
    );
  }
  const order = randomOrder(rows, randomStream(seed, "data", 0, FOLDS));
  if (stratified) {
    const labels = classLabels(data);
    // Dealt class after class without a break, so that classes and folds both come out even; the sort is stable.
    order.sort((a, b) => labels[a]! - labels[b]!);
  }
  const foldOf = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) foldOf[order[i]!] = i % folds;
  return Array.from({ length: folds }, (_, k) => {
    const all = Uint32Array.from({ length: rows }, (_, row) => row);
    return {
      fold: k + 1,
      train: all.filter((row) => foldOf[row] !== k),
      test: all.filter((row) => foldOf[row] === k),
    };
  });
}

/** The class of each row, `[rows]`. @throws {OptionError | DataError} When the targets are no classes. */
export function classLabels(data: Dataset): Uint32Array {
  const { y, outputs } = data;
  const looksLikeClasses = hasClasses(data) || outputs > 1 || y.every((value) => value === 0 || value === 1);
  if (!looksLikeClasses) {
    throw new OptionError(
      "stratified",
      "stratified is true, but the targets are numbers, which have no classes to share out; leave it away.",
    );
  }
  return labelsOf(data, outputs, Math.max(2, outputs), "dataset: y");
}
