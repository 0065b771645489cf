/**
 * Whether probabilities mean what they say: of the examples given 70 %, are 70 % of the class?
 *
 * Sources: DeGroot and Fienberg, The Statistician 32 (1983) 12-22; Guo et al., On calibration of modern neural networks, ICML
 * (2017), equations 2 and 3, for the error and for the answers of several classes.
 */
import { DataError, OptionError, type Rows, requireNames } from "../core/index.ts";
import { type ClassOptions, classProblem, requireClass } from "./classProblem.ts";
import type { Targets } from "./scoreInput.ts";

export interface CalibrationBin {
  /** Probabilities from here … */
  from: number;
  /** … to here, this one excluded save for 1. */
  to: number;
  rows: number;
  /** Mean probability; null where the bin is empty. */
  predicted: number | null;
  /** Share that it came true for; null where the bin is empty. */
  observed: number | null;
}

export interface Calibration {
  /** The class whose probability is looked at; null: that of each row's answer. */
  class: string | null;
  rows: number;
  bins: CalibrationBin[];
  /** Mean of |predicted - observed| over the rows. */
  error: number;
}

export interface CalibrationOptions extends ClassOptions {
  /** Equally wide intervals of [0, 1]; 10. */
  bins?: number;
  /** The class whose probability is looked at, from 0; 1 for two classes, for more that of the answer of each row. */
  class?: number;
}

const optionNames: readonly string[] = [
  "classes",
  "logits",
  "bins",
  "class",
] satisfies (keyof CalibrationOptions)[];

/**
 * The reliability curve of probabilities.
 *
 * @throws {DataError} When the outputs are no probabilities.
 * @throws {ShapeError | OptionError} When outputs and targets do not fit, or there is no such class or option.
 */
export function calibration(outputs: Rows, targets: Targets, options: CalibrationOptions = {}): Calibration {
  requireNames("calibration", options, optionNames);
  const { bins = 10, class: wanted } = options;
  if (!Number.isSafeInteger(bins) || bins < 1 || bins > 1000) {
    throw new OptionError(
      "bins",
      `calibration: bins is ${String(bins)}, expected a whole number from 1 to 1000; 10 is usual.`,
    );
  }
  const problem = classProblem(outputs, targets, options, "calibration");
  const { rows, names, labels, answers, probability, improper } = problem;
  if (improper !== undefined) {
    throw new DataError(
      `calibration: ${improper}, expected probabilities; end the network in sigmoid or softmax, or pass logits: true where they are logits.`,
    );
  }
  const label = wanted ?? (names.length === 2 ? 1 : undefined);
  if (label !== undefined) requireClass(label, names, "calibration");
  const counts = new Float64Array(bins);
  const masses = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let row = 0; row < rows; row++) {
    const asked = label ?? answers[row]!;
    const p = probability(row, asked);
    const bin = Math.min(bins - 1, Math.floor(p * bins));
    counts[bin] = counts[bin]! + 1;
    masses[bin] = masses[bin]! + p;
    if (labels[row] === asked) hits[bin] = hits[bin]! + 1;
  }
  let error = 0;
  for (let bin = 0; bin < bins; bin++) error += Math.abs(masses[bin]! - hits[bin]!) / rows;
  return {
    class: label === undefined ? null : names[label]!,
    rows,
    error,
    bins: Array.from(counts, (count, bin) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      rows: count,
      predicted: count === 0 ? null : masses[bin]! / count,
      observed: count === 0 ? null : hits[bin]! / count,
    })),
  };
}
