/**
 * Permutation importance: how much worse a network gets when one column is shuffled, so that it tells nothing.
 *
 * Sources: Breiman, Random forests, Machine Learning 45 (2001) 5-32, section 10; Fisher, Rudin and Dominici, J. Machine Learning
 * Research 20 (2019) 177. Of columns that say the same each may look useless alone: the network reads the other one.
 */
import {
  DataError,
  type Dataset,
  NotFiniteError,
  OptionError,
  randomOrder,
  randomStream,
  requireNames,
  type Seed,
} from "../core/index.ts";
import { type Loss, loadKernels, wantsFastKernels } from "../kernels/index.ts";
import { type Network, objective } from "../network/index.ts";
import { Evaluator } from "./evaluate.ts";
import { datasetOf, type Examples } from "./examples.ts";
import { IMPORTANCE } from "./folds.ts";
import { isClassification } from "./metrics.ts";
import { defaultLoss } from "./options.ts";
import { type MeanAndDeviation, spreadOf } from "./statistics.ts";

/** Inputs that are shuffled together, as those that one column of a table became. */
export interface InputGroup {
  readonly name: string;
  /** The first of them, from 0. */
  readonly from: number;
  /** Behind the last of them. */
  readonly to: number;
}

export interface ImportanceOptions {
  /** Shuffles of each group; 5. */
  repeats?: number;
  /** Of the shuffles; by default that of the network. */
  seed?: Seed;
  /** `columnInputs` of a table's preprocessing, or any others; by default each input alone, "column 0", "column 1", … */
  groups?: readonly InputGroup[];
  /** By default the loss that the network was trained with. */
  loss?: Loss;
}

export interface Importance extends InputGroup {
  /** Rise of the mean loss when these inputs are shuffled: mean and deviation over the repeats. */
  loss: MeanAndDeviation;
  /** Fall of the metric. */
  metric: MeanAndDeviation;
}

export interface Importances {
  rows: number;
  repeats: number;
  /** Text where it is a bigint. */
  seed: number | string;
  /** With nothing shuffled. */
  loss: number;
  /** "accuracy" where the targets are classes, else "rSquared", with nothing shuffled. */
  metric: { name: "accuracy" | "rSquared"; value: number };
  /** The largest rise of the loss first. */
  inputs: Importance[];
}

/** How long to work before the host gets a turn, in milliseconds. */
const SLICE = 40;

/**
 * How much loss and accuracy (or R²) depend on each column: shuffle it, predict, compare. Take examples that the network was not
 * trained with, or it tells what the network remembers. The network is left as it is.
 *
 * @throws {DataError | ShapeError} When the examples do not fit, or there are fewer than two.
 * @throws {OptionError} When an option does not exist, a group has no input or reaches beyond the last, or repeats is no whole number from 1.
 * @throws {NotFiniteError} When the loss is not finite before anything is shuffled.
 */
export async function permutationImportance(
  n: Network,
  examples: Examples,
  options: ImportanceOptions = {},
): Promise<Importances> {
  requireNames("permutationImportance", options, names);
  const data = datasetOf(n, examples, "permutationImportance");
  const { repeats = 5, seed = n.metadata.seed, groups = eachAlone(n.inputs) } = options;
  check(data, repeats, groups);
  const loss = options.loss ?? n.metadata.loss ?? defaultLoss(n, data);
  const name = isClassification(data, loss) ? "accuracy" : "rSquared";
  const work = 2 * n.parameterCount * data.rows * (1 + groups.length * repeats);
  if (wantsFastKernels(n.precision, "auto", work)) await loadKernels();
  const { plan } = objective(n, loss, data, { work });
  const measure = (of: Dataset): Measured => {
    const found = new Evaluator(n, of, { loss, metrics: [name] }, plan).evaluate();
    return { loss: found.loss, metric: found.metrics[name]! };
  };
  try {
    const base = requireFinite(measure(data));
    const inputs = await shuffledLosses(data, { repeats, seed, groups }, base, measure);
    const rise = (of: Importance): number => of.loss.mean ?? Number.MAX_VALUE;
    return {
      rows: data.rows,
      repeats,
      seed: typeof seed === "bigint" ? seed.toString() : seed,
      loss: base.loss,
      metric: { name, value: base.metric },
      inputs: inputs.sort((a, b) => rise(b) - rise(a)),
    };
  } finally {
    plan.close();
  }
}

function requireFinite(base: Measured): Measured {
  if (Number.isFinite(base.loss)) return base;
  throw new NotFiniteError(
    `permutationImportance: the loss is ${base.loss} before anything is shuffled, expected a finite one to compare with; standardize the inputs or train again.`,
  );
}

const names: readonly string[] = ["repeats", "seed", "groups", "loss"] satisfies (keyof ImportanceOptions)[];

interface Measured {
  readonly loss: number;
  readonly metric: number;
}

/** Each group shuffled again and again, in one copy of the inputs. */
async function shuffledLosses(
  data: Dataset,
  { repeats, seed, groups }: { repeats: number; seed: Seed; groups: readonly InputGroup[] },
  base: Measured,
  measure: (of: Dataset) => Measured,
): Promise<Importance[]> {
  const x = data.x.slice();
  const found: Importance[] = [];
  let breath = performance.now();
  for (const [place, group] of groups.entries()) {
    const rises: number[] = [];
    const falls: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      shuffleInputs(data, group, x, seed, place * repeats + repeat);
      // A new object each time, so that no plan takes it for the one that it has.
      const shuffled = measure({ ...data, x });
      rises.push(shuffled.loss - base.loss);
      falls.push(base.metric - shuffled.metric);
      if (performance.now() - breath < SLICE) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      breath = performance.now();
    }
    copyInputs(data, group, x);
    const { name, from, to } = group;
    found.push({ name, from, to, loss: spreadOf(rises), metric: spreadOf(falls) });
  }
  return found;
}

function eachAlone(inputs: number): InputGroup[] {
  return Array.from({ length: inputs }, (_, from) => ({ name: `column ${from}`, from, to: from + 1 }));
}

function check({ rows, inputs }: Dataset, repeats: number, groups: readonly InputGroup[]): void {
  if (!Number.isSafeInteger(repeats) || repeats < 1) {
    throw new OptionError(
      "repeats",
      `repeats is ${String(repeats)}, expected a whole number from 1 up, since each column is shuffled so often; pass for example 5.`,
    );
  }
  if (rows < 2) {
    throw new DataError(
      "permutationImportance: there is 1 example, expected at least 2, since one row cannot be shuffled; pass more examples.",
    );
  }
  for (const { name, from, to } of groups) {
    const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to);
    if (whole && from >= 0 && from < to && to <= inputs) continue;
    throw new OptionError(
      "groups",
      `groups: ${JSON.stringify(name)} goes from input ${String(from)} to before ${String(to)}, expected at least one input and none beyond the ${inputs} of the network; ` +
        "count inputs from 0.",
    );
  }
}

/** Writes the inputs of a group into `x` in a shuffled order of rows; inputs of one row stay together. */
function shuffleInputs(data: Dataset, group: InputGroup, x: Dataset["x"], seed: Seed, number: number): void {
  copyInputs(data, group, x, randomOrder(data.rows, randomStream(seed, "data", number, IMPORTANCE)));
}

/** `x` gets the group's inputs of row `order[row]` at each row; without an order, those of that row. */
function copyInputs(data: Dataset, group: InputGroup, x: Dataset["x"], order?: Uint32Array): void {
  const { inputs, rows } = data;
  for (let row = 0; row < rows; row++) {
    const from = (order === undefined ? row : order[row]!) * inputs + group.from;
    const to = row * inputs + group.from;
    for (let j = 0; j < group.to - group.from; j++) x[to + j] = data.x[from + j]!;
  }
}
