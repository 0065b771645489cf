/**
 * What turns the columns of a table into the numbers of a network and back: plain data that survives JSON.
 *
 * It is decided from the training rows alone and saved inside the model, as `metadata.preprocessing`, so that a model
 * answers raw rows by itself. Encoded inputs stand in the order of `columns`: a column's own inputs first, then its
 * indicator. One class target of two classes has one output, the probability of `classes[1]`; of more classes, one output
 * each; number targets have one output each, standardized.
 */
export interface Preprocessing {
  version: 1;
  /** The encoded width: how many inputs the network has. */
  inputs: number;
  columns: InputColumn[];
  /** Columns that are not learned from, and why. */
  dropped: { name: string; reason: string }[];
  targets: TargetColumn[];
}

/** A column that is learned from: what it was in the training rows, and how it is encoded. */
export type InputColumn =
  | {
      name: string;
      kind: "number";
      mean: number;
      deviation: number;
      /** What stands for a missing value, before standardizing. */
      fill: number;
      /** Whether there is a further input that is 1 where the value was missing. */
      indicator: boolean;
      least: number;
      most: number;
    }
  /** 0 or 1: one input, and the indicator. */
  | { name: string; kind: "boolean"; fill: number; indicator: boolean }
  /** One-hot: an input for each of `values`, and one more for unseen or missing values. */
  | { name: string; kind: "category"; values: string[] }
  /** Days since 1970-01-01 UTC, standardized. */
  | { name: string; kind: "date"; mean: number; deviation: number; fill: number; indicator: boolean };

/** A column that is predicted. */
export type TargetColumn =
  | {
      name: string;
      kind: "class";
      classes: string[];
      /** `[classes]`, 1 where classes are not weighted. */
      weights: number[];
    }
  | { name: string; kind: "number"; mean: number; deviation: number };
