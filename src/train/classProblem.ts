/** Outputs and targets that are classes: names, labels, answers and probabilities, whatever form they came in. */
import {
  DataError,
  mathematics64,
  OptionError,
  predictedLabel,
  type Rows,
  ShapeError,
} from "../core/index.ts";
import { type Held, holdAgainst, type Targets } from "./scoreInput.ts";

export interface ClassOptions {
  /** Names of the classes; by default those of the dataset, else their numbers from 0. They make the targets classes. */
  classes?: readonly string[];
  /** Whether the outputs are logits, as of a linear last layer under a cross-entropy; false: they are probabilities. */
  logits?: boolean;
}

/** Outputs and targets of a choice between classes. */
export interface ClassProblem {
  readonly rows: number;
  /** Outputs of a row: 1 for two classes, else one a class. */
  readonly width: number;
  /** `[classes]`. */
  readonly names: readonly string[];
  /** The true class of each row, `[rows]`. */
  readonly labels: Uint32Array;
  /** The answer for each row, `[rows]`. */
  readonly answers: Uint32Array;
  probability(row: number, label: number): number;
  /** A number that is the larger the more likely the class is: what rows are ranked by. */
  rank(row: number, label: number): number;
  /** The rank as a probability, or as the output where that is a single logit. */
  threshold(rank: number, label: number): number;
  /** -log of the probability of the true class; a probability of 0 counts as the smallest step from 1 of the outputs' precision. */
  surprise(row: number): number;
  /** Why the outputs are no probabilities; undefined where they are. */
  readonly improper: string | undefined;
}

/** How far from 1 the probabilities of a row may add up, for float32 softmax over many classes. */
const SLACK = 1e-4;

/** Whether targets are classes: labels, or numbers with names. */
export function areClasses(targets: Targets, { classes }: ClassOptions): boolean {
  if (classes !== undefined || targets instanceof Uint8Array) return true;
  const { y, classes: named } = (targets ?? {}) as { y?: unknown; classes?: unknown };
  return y instanceof Uint8Array || named !== undefined;
}

/** @throws {ShapeError | DataError | OptionError} When a row has not one class, or names, outputs and targets do not fit. */
export function classProblem(
  outputs: Rows,
  targets: Targets,
  options: ClassOptions,
  owner: string,
): ClassProblem {
  const held = holdAgainst(outputs, targets, owner);
  const names = classNames(held, options, owner);
  const labels = labelsOf(held, held.width, names.length, `${owner}: targets`);
  const threshold = options.logits === true ? 0 : 0.5;
  const answers = new Uint32Array(held.rows);
  for (let row = 0; row < held.rows; row++) {
    answers[row] = predictedLabel(held.outputs, row, held.width, threshold);
  }
  const common = { rows: held.rows, width: held.width, names, labels, answers };
  return { ...common, ...(options.logits === true ? fromLogits(held, labels) : fromShares(held, labels)) };
}

type Chances = Pick<ClassProblem, "probability" | "rank" | "threshold" | "surprise" | "improper">;

const same = (rank: number): number => rank;

function fromShares({ outputs, rows, width }: Held, labels: Uint32Array): Chances {
  const floor = outputs instanceof Float32Array ? 1 / 0x800000 : Number.EPSILON;
  const probability = (row: number, label: number): number => {
    if (width > 1) return outputs[row * width + label]!;
    return label === 1 ? outputs[row]! : 1 - outputs[row]!;
  };
  return {
    probability,
    // Not 1 - p, which rounds, so that numbers near 0 would tie.
    rank: (row, label) => (width === 1 && label === 0 ? -outputs[row]! : probability(row, label)),
    threshold: (rank, label) => (width === 1 && label === 0 ? 1 + rank : rank),
    surprise: (row) => -mathematics64.log(Math.max(floor, probability(row, labels[row]!))),
    improper: improperOutput(outputs, rows, width),
  };
}

function improperOutput(outputs: Held["outputs"], rows: number, width: number): string | undefined {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const p = outputs[row * width + j]!;
      if (p < 0 || p > 1) return `row ${row} (from 0) has the output ${p}, which is no probability`;
      sum += p;
    }
    if (width > 1 && Math.abs(sum - 1) > SLACK)
      return `the outputs of row ${row} (from 0) add up to ${sum}, not to 1`;
  }
  return undefined;
}

/** Softmax of the logits; of a single one the logistic function. */
function fromLogits({ outputs, rows, width }: Held, labels: Uint32Array): Chances {
  const { exp, log, log1p, logistic } = mathematics64;
  /** log of the sum of exp(z) of each row, so taken that no term overflows. */
  const partitions = new Float64Array(width > 1 ? rows : 0);
  for (let row = 0; row < partitions.length; row++) {
    let top = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < width; j++) top = Math.max(top, outputs[row * width + j]!);
    let sum = 0;
    for (let j = 0; j < width; j++) sum += exp(outputs[row * width + j]! - top);
    partitions[row] = top + log(sum);
  }
  if (width > 1) {
    const probability = (row: number, label: number): number =>
      exp(outputs[row * width + label]! - partitions[row]!);
    return {
      probability,
      rank: probability,
      threshold: same,
      surprise: (row) => partitions[row]! - outputs[row * width + labels[row]!]!,
      improper: undefined,
    };
  }
  const toward = (row: number, label: number): number => (label === 1 ? outputs[row]! : -outputs[row]!);
  return {
    probability: (row, label) => logistic(toward(row, label)),
    rank: toward,
    threshold: same,
    surprise(row) {
      const z = toward(row, labels[row]!);
      return Math.max(-z, 0) + log1p(exp(-Math.abs(z)));
    },
    improper: undefined,
  };
}

/** `[classes]`; a single output tells two classes apart, the second of which may be the only one that is named. */
function classNames({ classes: own, width }: Held, { classes }: ClassOptions, owner: string): string[] {
  const count = Math.max(2, width);
  const given = classes ?? own;
  if (given === undefined) return Array.from({ length: count }, (_, label) => String(label));
  const names = width === 1 && given.length === 1 ? [`not ${given[0]}`, given[0]!] : [...given];
  if (names.length === count) return names;
  throw new OptionError(
    "classes",
    `${owner}: classes has ${given.length} names, expected ${count} for ${width === 1 ? "1 output" : `${width} outputs`}; pass one name a class.`,
  );
}

/**
 * The class of each row, `[rows]`.
 *
 * @throws {DataError} When a row has a label that is no class, or not exactly one 1 among zeros.
 */
export function labelsOf(
  { y, rows }: Pick<Held, "y" | "rows">,
  width: number,
  classes: number,
  place: string,
): Uint32Array {
  const labels = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = y instanceof Uint8Array ? y[row]! : oneHot(y, row, width);
    if (label === undefined || label >= classes) throw noClass(y, row, width, classes, place);
    labels[row] = label;
  }
  return labels;
}

function oneHot(y: ArrayLike<number>, row: number, width: number): number | undefined {
  if (width === 1) return y[row] === 0 || y[row] === 1 ? y[row] : undefined;
  let found: number | undefined;
  for (let j = 0; j < width; j++) {
    const value = y[row * width + j]!;
    if (value === 0) continue;
    if (value !== 1 || found !== undefined) return undefined;
    found = j;
  }
  return found;
}

function noClass(y: Held["y"], row: number, width: number, classes: number, place: string): Error {
  if (y instanceof Uint8Array) {
    return new DataError(
      `${place}: row ${row} (from 0) has label ${y[row]}, expected 0 to ${classes - 1}, since there are ${classes} classes; mend the label.`,
      { row, column: 0 },
    );
  }
  const shown = Array.from(y.subarray(row * width, row * width + Math.min(width, 8))).join(", ");
  const wanted = width === 1 ? "0 or 1" : "a single 1 among zeros";
  return new DataError(
    `${place}: row ${row} (from 0) is ${shown}${width > 8 ? ", …" : ""}, expected ${wanted}, since a row is scored as one class; ` +
      "score each output alone, or leave classes away to score them as numbers.",
    { row },
  );
}

/** @throws {ShapeError} When it is no class. */
export function requireClass(label: number, names: readonly string[], owner: string): number {
  if (Number.isInteger(label) && label >= 0 && label < names.length) return label;
  throw new ShapeError(
    `${owner}: class ${String(label)} does not exist, expected a number from 0 to ${names.length - 1} (${names.slice(0, 5).join(", ")}); pass the place of a class.`,
  );
}
