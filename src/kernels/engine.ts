/** What both kinds of generated code offer to the plan that owns the memory (`simdPlan.ts`). */
import type { Update } from "./updates.ts";

/** Examples in WebAssembly memory, row-major: bytes stay bytes. */
export interface ResidentData {
  /** Address of the inputs, `[rows, inputs]`: bytes that count times `scale`, or float32. */
  readonly x: number;
  readonly bytes: boolean;
  /** Rounded to float32. */
  readonly scale: number;
  /** Address of the targets: one label byte a row, or `[rows, outputs]` float32. */
  readonly y: number;
  readonly labels: boolean;
}

/** Rows of the resident data: those numbered in `order` (address of u32), or the rows from … themselves where it is 0. */
export interface ResidentRows {
  readonly order: number;
  readonly from: number;
  readonly rows: number;
}

/** The address of a step's dropout masks: two words of the seed, and the step. */
export interface MaskAddress {
  readonly key0: number;
  readonly key1: number;
  readonly step: number;
}

/** Addresses of float32 vectors `[parameterCount]` are called w and g. */
export interface Engine {
  /**
   * @param stage Where the rows pass block by block: puts rows start … start + count - 1 of the batch to the data's address,
   *              from its first place on.
   */
  load(data: ResidentData, rows: ResidentRows, stage?: (start: number, count: number) => void): void;
  /** Which layers' products skip zeros, one bit each from the lowest; changes no bit of any result. */
  skipZeros(layers: number): void;
  dropout(masks?: MaskAddress): void;
  /** Mean loss of the loaded rows. */
  value(w: number): number;
  /** The same, and its gradient at `g`. */
  gradient(w: number, g: number): number;
  /** What must be done before predictions of so many rows in all from parameters at w. */
  prepare(w: number, rows: number): void;
  /** Outputs of up to 128 rows of inputs at `x` to `out`, row-major float32; x as in ResidentData. */
  predict(w: number, x: number, bytes: boolean, scale: number, rows: number, out: number): void;
}

/** A run of updates by one declared rule, one batch each: `rules[i]` belongs to the i-th batch of `batch` rows from `from` on. */
export interface DeclaredSteps {
  readonly order: number;
  readonly from: number;
  readonly batch: number;
  /** Rows up to which the batches go; the last batch may be shorter. */
  readonly to: number;
  readonly rule: Update["rule"];
}
