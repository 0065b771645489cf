/**
 * What the inputs of examples have against being learnt from: constant ones, and ones far from size 1.
 *
 * Why size matters: the loss curves along the weights of an input with the mean square of that input, so one step size fits
 * inputs of one size only (LeCun et al., Efficient BackProp, 1998, section 4.3).
 */
import type { Dataset } from "../core/index.ts";
import { digits, evenly, type Finding, listed, partOf } from "./findings.ts";

/** Each input over the rows that were looked at, `[inputs]`; bytes are scaled. */
export interface Columns {
  rows: number;
  low: Float64Array;
  high: Float64Array;
  mean: Float64Array;
  /** Standard deviation. */
  spread: Float64Array;
}

/** @param numbers How many numbers are looked at, about; the rows are evenly spaced. */
export function columnsOf(data: Dataset, numbers: number = Number.POSITIVE_INFINITY): Columns {
  const { x, inputs } = data;
  const scale = x instanceof Uint8Array ? (data.scale ?? 1) : 1;
  const rows = evenly(data.rows, Math.max(2, numbers / inputs));
  const low = new Float64Array(inputs).fill(Infinity);
  const high = new Float64Array(inputs).fill(-Infinity);
  const mean = new Float64Array(inputs);
  const square = new Float64Array(inputs);
  for (const row of rows) {
    for (let j = 0; j < inputs; j++) {
      const value = x[row * inputs + j]! * scale;
      if (value < low[j]!) low[j] = value;
      if (value > high[j]!) high[j] = value;
      // Differences to the first row: the squares of large means would drown what they differ by.
      const shifted = value - x[j]! * scale;
      mean[j]! += shifted / rows.length;
      square[j]! += (shifted * shifted) / rows.length;
    }
  }
  const spread = square.map((s, j) => Math.sqrt(Math.max(0, s - mean[j]! * mean[j]!)));
  for (let j = 0; j < inputs; j++) mean[j]! += x[j]! * scale;
  return { rows: rows.length, low, high, mean, spread };
}

/** Beyond this many inputs they are likely pixels or words, of which some are never there. */
const WIDE = 64;

/** Root mean square from which on an input is large: its weights' curvature is 100 times that of an input of size 1. */
const LARGE = 10;

/** Largest value below which an input is small: its weights' curvature is below a ten-thousandth of that of size 1. */
const SMALL = 0.01;

/** Means further from 0 than this many spreads leave next to nothing for the differences between examples. */
const OFFSET = 10;

/** Entries of the lists of numbers. */
const MOST = 16;

/**
 * Constant inputs, and inputs far from size 1.
 *
 * @param marks Inputs that are 0 or 1 by design, most of them 0 in most rows, as `markInputs` gives them; they are let be.
 */
export function featureFindings(
  data: Dataset,
  columns: Columns = columnsOf(data),
  marks: ReadonlySet<number> = new Set(),
): Finding[] {
  // One example has no differences.
  if (data.rows === 1) return [];
  const seen = constantColumns(data, columns);
  const constant = seen.length === data.inputs ? seen : seen.filter((j) => !marks.has(j));
  const unscaled =
    data.x instanceof Uint8Array ? unscaledBytes(data, columns) : unscaledColumns(columns, marks);
  return [...constantFindings(data, columns, constant), ...unscaled];
}

/** Margins of images: a pixel that never changes harms nothing, and 0 times whatever weight is 0. */
function areMargins({ x, inputs }: Dataset, values: readonly number[]): boolean {
  if (values.length === inputs) return false;
  return x instanceof Uint8Array || (inputs > WIDE && values.every((value) => value === 0));
}

function constantColumns(data: Dataset, { rows, low, high }: Columns): number[] {
  const seen = [...low.keys()].filter((j) => low[j] === high[j]);
  if (rows === data.rows) return seen;
  // Of some rows alone margins would be found in part; whoever looks at some only wants to know of worse.
  const values = seen.map((j) => low[j]!);
  return areMargins(data, values) ? [] : seen.filter((j) => isConstant(data, j));
}

function isConstant({ x, rows, inputs }: Dataset, column: number): boolean {
  for (let row = 1; row < rows; row++) if (x[row * inputs + column] !== x[column]) return false;
  return true;
}

function constantFindings(data: Dataset, { low }: Columns, columns: number[]): Finding[] {
  const { inputs, rows } = data;
  if (columns.length === 0) return [];
  const values = columns.map((j) => low[j]! + 0);
  const all = columns.length === inputs;
  const harmless = areMargins(data, values);
  const names = columns.map((j, k) => (k < MOST ? `column ${j}: ${digits(values[k]!)}` : j));
  const seen = `${partOf(columns.length, inputs, "input")} ${columns.length === 1 ? "is" : "are"} constant in ${rows} examples (${listed(names)})`;
  return [
    {
      code: "constant-feature",
      level: all ? "error" : harmless ? "note" : "warning",
      message: all
        ? `${seen}, so that every example looks the same`
        : `${seen}, so that they tell no two examples apart`,
      remedy: all
        ? "look at how the inputs were read: at least one has to differ between examples"
        : harmless
          ? "nothing need be done, since margins of images harm nothing; without them the network is smaller"
          : "leave constant columns out, or mend how they were read; their weights only act as a second bias",
      columns,
      numbers: { constant: columns.length, inputs, rows, values: values.slice(0, MOST) },
    },
  ];
}

function unscaledColumns({ low, high, mean, spread }: Columns, marks: ReadonlySet<number>): Finding[] {
  const size = mean.map((m, j) => Math.sqrt(m * m + spread[j]! * spread[j]!));
  /** How far beyond a limit; 0 where it is within all. */
  const excess = (j: number): number => {
    const largest = Math.max(Math.abs(low[j]!), Math.abs(high[j]!));
    if (low[j] === high[j] || marks.has(j)) return 0;
    const offset = Math.abs(mean[j]!) / spread[j]!;
    const worst = Math.max(size[j]! / LARGE, SMALL / largest, offset / OFFSET);
    return worst > 1 ? worst : 0;
  };
  const excesses = Array.from(mean, (_, j) => excess(j));
  const columns = [...excesses.keys()].filter((j) => excesses[j]! > 0);
  if (columns.length === 0) return [];
  columns.sort((a, b) => excesses[b]! - excesses[a]! || a - b);
  const names = columns.map((j) => `column ${j}: mean ${digits(mean[j]!)}, spread ${digits(spread[j]!)}`);
  const sizes = columns.map((j) => size[j]!);
  return [
    {
      code: "unscaled-feature",
      level: "warning",
      message:
        `${partOf(columns.length, mean.length, "input")} ${columns.length === 1 ? "is" : "are"} far from mean 0 and spread 1 ` +
        `(${listed(names, 3)}), and the loss curves with the square of an input, so that no step size suits all weights`,
      remedy:
        "subtract from each column its mean and divide by its spread, and do the same before predicting",
      columns,
      numbers: {
        unscaled: columns.length,
        inputs: mean.length,
        means: columns.slice(0, MOST).map((j) => mean[j]!),
        spreads: columns.slice(0, MOST).map((j) => spread[j]!),
        largestSize: Math.max(...sizes),
        smallestSize: Math.min(...sizes),
      },
    },
  ];
}

/** All bytes share one scale, so they are looked at together. */
function unscaledBytes({ scale = 1 }: Dataset, { mean, spread }: Columns): Finding[] {
  let square = 0;
  for (let j = 0; j < mean.length; j++) square += mean[j]! * mean[j]! + spread[j]! * spread[j]!;
  const size = Math.sqrt(square / mean.length);
  if (size <= LARGE) return [];
  return [
    {
      code: "unscaled-feature",
      level: "warning",
      message:
        `the inputs are bytes times the scale ${digits(scale)}, of root mean square ${digits(size)}, and the loss curves with the square of an input, ` +
        "so that steps must be that much shorter",
      remedy: "give the dataset scale: 1 / 255, so that its inputs lie between 0 and 1",
      numbers: { scale, size, inputs: mean.length },
    },
  ];
}
