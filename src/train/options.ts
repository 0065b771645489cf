/** The options of a run with every default filled in, checked once. */
import { type Dataset, OptionError, requireNames, type Seed, seedKey } from "../core/index.ts";
import { splitRows } from "../data/index.ts";
import { type Loss, MOST_THREADS, usefulThreads } from "../kernels/index.ts";
import { checkLoss, checkTargets, type Network, parametersSha256 } from "../network/index.ts";
import { auto, checkStop, type Optimizer, requireClippable, type Stop } from "../optim/index.ts";
import { datasetOf, type Examples } from "./examples.ts";
import { checkMetrics, hasClasses, isClassification } from "./metrics.ts";
import { readRowWeights, rowWeightsSha256 } from "./rowOrder.ts";
import type { TrainOptions, TrainState } from "./types.ts";

export interface Run {
  /** The training rows; of a stream some of them. */
  readonly data: Dataset;
  /** Of an epoch. */
  readonly rows: number;
  /** `[rows]`, by which rows are drawn. */
  readonly weights: Float64Array | undefined;
  readonly validation: Dataset | undefined;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Infinity where only `stop` ends the run. */
  readonly epochs: number;
  /** Rows of one step, all of them for a full batch. */
  readonly batchRows: number;
  readonly batchSize: number | "full";
  readonly batches: number;
  /** Steps planned, absent where the length of the run is not known. */
  readonly steps: number | undefined;
  readonly seed: Seed;
  readonly shuffle: boolean;
  readonly patience: number;
  readonly penalty: number;
  readonly clipNorm: number;
  readonly clipValue: number;
  readonly metrics: readonly string[];
  readonly stop: Stop;
  readonly kernels: NonNullable<TrainOptions["kernels"]>;
  readonly threads: number;
  readonly wide: boolean;
  /** Multiplications of the whole run, as far as they can be foreseen. */
  readonly work: number;
  /** Whether some layer has dropout. */
  readonly drops: boolean;
  readonly report: "step" | "epoch";
  readonly checkpointEvery: number;
  readonly checkpointSeconds: number;
  /** What must be equal in the parts of a resumed run; plain data. */
  readonly record: Record<string, unknown>;
}

const DEFAULT_EPOCHS = 30;
const DEFAULT_BATCH = 32;
/** Where only a loss or a gradient norm would end the run. */
const SAFETY_EPOCHS = 10_000;

/**
 * @param streamed Rows of an epoch, where the examples are only some of them.
 * @throws {TalwegError} With the option, row or column to blame.
 */
export function resolveOptions(
  n: Network,
  examples: Examples,
  o: TrainOptions,
  streamed: number | undefined = undefined,
): Run {
  checkNames(o);
  const all = datasetOf(n, examples, "train");
  const { seed = n.metadata.seed, stop = {}, kernels = "auto", penalty = 0 } = o;
  seedKey(seed);
  const { data, validation } = split(n, all, o.validation, seed);
  const rows = streamed ?? data.rows;
  const loss = o.loss ?? defaultLoss(n, data);
  checkLoss(n, loss);
  checkTargets(loss, data, "y");
  if (validation !== undefined) checkTargets(loss, validation, "validation: y");
  checkStop(stop, "train");
  const metrics = o.metrics ?? (isClassification(data, loss) ? ["accuracy"] : []);
  checkMetrics(metrics);
  const patience = positive("patience", o.patience, Infinity, "a number of epochs such as 10");
  if (o.patience !== undefined && validation === undefined) {
    throw new OptionError(
      "patience",
      `patience is ${o.patience}, but there are no validation examples to watch; pass validation, such as 0.1.`,
    );
  }
  const clipNorm = positive("clipNorm", o.clipNorm, Infinity, "a norm above 0 such as 1", false);
  const clipValue = positive("clipValue", o.clipValue, Infinity, "a size above 0 such as 0.5", false);
  const { report = "step" } = o;
  if (report !== "step" && report !== "epoch") {
    throw new OptionError(
      "report",
      `report is ${JSON.stringify(report)}, expected "step" or "epoch"; leave it out for "step".`,
    );
  }
  const checkpointEvery = positive(
    "checkpointEvery",
    o.checkpointEvery,
    Infinity,
    "a number of steps such as 1000",
  );
  const checkpointSeconds = positive(
    "checkpointSeconds",
    o.checkpointSeconds,
    Infinity,
    "a time above 0 such as 30",
    false,
  );
  const { epochs, planned } = lengthOf(o.epochs, stop);
  const weights = weightsOf(o, all.rows, seed);
  const { batchSize, batchRows } = batch(o.batchSize, rows, weights !== undefined);
  const batches = Math.ceil(rows / batchRows);
  const steps = planned ? epochs * batches : stop.steps;
  const optimizer = o.optimizer ?? auto();
  checkOptimizer(optimizer, o);
  checkWholeFunction(optimizer, n, weights !== undefined);
  const multiplications = 3 * n.parameterCount;
  const work = multiplications * rows * (steps === undefined ? epochs : steps / batches);
  const threads = threadsOf(o.threads, n, multiplications * batchRows);
  const shuffle = batchSize === "full" ? false : (o.shuffle ?? true);
  const record = {
    loss,
    optimizer: optimizer.name,
    ...(optimizer.options === undefined ? {} : { optimizerOptions: optimizer.options }),
    epochs: Number.isFinite(epochs) ? epochs : null,
    batchSize,
    seed: typeof seed === "bigint" ? seed.toString() : seed,
    shuffle,
    penalty,
    ...(o.clipNorm === undefined ? {} : { clipNorm }),
    ...(o.clipValue === undefined ? {} : { clipValue }),
    ...(o.patience === undefined ? {} : { patience }),
    ...(typeof o.validation === "number" ? { validation: o.validation } : {}),
    ...(weights === undefined ? {} : { rowWeights: rowWeightsSha256(weights) }),
    precision: n.precision,
  };
  return {
    data,
    rows,
    weights,
    validation,
    loss,
    optimizer,
    epochs,
    batchSize,
    batchRows,
    batches,
    steps,
    seed,
    shuffle,
    patience,
    penalty,
    clipNorm,
    clipValue,
    metrics,
    stop,
    kernels,
    threads,
    wide: o.wide ?? false,
    work,
    drops: n.layers.some(({ dropout }) => dropout > 0),
    report,
    checkpointEvery,
    checkpointSeconds,
    record,
  };
}

/** Multiplications of a step from which a second thread pays. */
const WORTH_THREADS = 3e6;

function threadsOf(threads: number | undefined, n: Network, stepWork: number): number {
  if (threads !== undefined) {
    if (Number.isSafeInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads;
    throw new OptionError(
      "threads",
      `threads is ${String(threads)}, expected a whole number from 1 to ${MOST_THREADS}; leave it away for as many as pay.`,
    );
  }
  return stepWork < WORTH_THREADS ? 1 : usefulThreads(n.layers);
}

/** The loss that a network is trained with where none is named. */
export function defaultLoss(n: Network, data: Dataset): Loss {
  const { activation } = n.layers.at(-1)!;
  if (activation === "softmax") return "categoricalCrossEntropy";
  return activation === "sigmoid" && hasClasses(data) ? "binaryCrossEntropy" : "meanSquaredError";
}

/**
 * How many epochs there may be, and whether that many are planned, so that rates can be made to end with them.
 *
 * Some rules of `stop` end every run, so nothing else has to; a loss or a gradient norm may never be reached, so there is a
 * limit, which is no plan.
 */
function lengthOf(epochs: number | undefined, stop: Stop): { epochs: number; planned: boolean } {
  const given = positive("epochs", epochs, DEFAULT_EPOCHS, "a number of passes such as 30");
  if (epochs !== undefined) return { epochs: given, planned: true };
  const { steps, evaluations, seconds, plateau, loss, gradientNorm } = stop;
  const some = (...rules: unknown[]): boolean => rules.some((rule) => rule !== undefined);
  if (some(steps, evaluations, seconds, plateau)) return { epochs: Infinity, planned: false };
  if (some(loss, gradientNorm)) return { epochs: SAFETY_EPOCHS, planned: false };
  return { epochs: given, planned: true };
}

/** @throws {OptionError} When it is no optimizer, its gradients must not be clipped, or both ways of clipping are asked for. */
function checkOptimizer(optimizer: Optimizer, { clipNorm, clipValue }: TrainOptions): void {
  if (typeof optimizer.init !== "function" || typeof optimizer.step !== "function") {
    throw new OptionError(
      "optimizer",
      `optimizer is ${typeof optimizer === "function" ? "a function" : JSON.stringify(optimizer)}, expected one such as adam({ learningRate: 0.001 }) or auto(); call its factory.`,
    );
  }
  if (clipNorm !== undefined) requireClippable(optimizer, "clipNorm", clipNorm);
  if (clipValue === undefined) return;
  requireClippable(optimizer, "clipValue", clipValue);
  if (clipNorm === undefined) return;
  throw new OptionError(
    "clipValue",
    `clipNorm is ${clipNorm} and clipValue is ${clipValue}, expected one of them, since a gradient is clipped in one way; leave the other away.`,
  );
}

/** @throws {OptionError} When dropout or draws would change the function from step to step under an optimizer that cannot bear that. */
function checkWholeFunction({ name, wholeFunction }: Optimizer, n: Network, drawn: boolean): void {
  if (wholeFunction !== true) return;
  if (drawn) {
    throw new OptionError(
      "optimizer",
      `optimizer is ${name}, which compares the gradients of different steps, but rowWeights draws other rows in each epoch; ` +
        "leave rowWeights out, or take adam or auto.",
    );
  }
  const layer = n.layers.findIndex(({ dropout }) => dropout > 0);
  if (layer < 0) return;
  throw new OptionError(
    "optimizer",
    `optimizer is ${name}, which compares the gradients of different steps, but layer ${layer + 1} has dropout ${n.layers[layer]!.dropout}, ` +
      "so that each step sees another function; take dropout out, or adam or auto.",
  );
}

const names: readonly string[] = [
  "loss",
  "optimizer",
  "epochs",
  "batchSize",
  "seed",
  "shuffle",
  "rowWeights",
  "validation",
  "patience",
  "penalty",
  "clipNorm",
  "clipValue",
  "metrics",
  "stop",
  "threads",
  "kernels",
  "wide",
  "report",
  "resume",
  "onCheckpoint",
  "checkpointEvery",
  "checkpointSeconds",
] satisfies (keyof TrainOptions)[];

/** @throws {OptionError} When an option does not exist, which without types would go unseen. */
function checkNames(o: TrainOptions): void {
  if (Object.hasOwn(o, "learningRate")) {
    throw new OptionError(
      "learningRate",
      "train has no option learningRate; give it to the optimizer, such as adam({ learningRate: 0.001 }).",
    );
  }
  requireNames("train", o, names);
  if (o.stop === null || (o.stop !== undefined && typeof o.stop !== "object")) {
    throw new OptionError("stop", `stop is ${String(o.stop)}, expected an object such as { loss: 0.001 }.`);
  }
}

function split(
  n: Network,
  all: Dataset,
  validation: TrainOptions["validation"],
  seed: Seed,
): { data: Dataset; validation: Dataset | undefined } {
  if (validation === undefined) return { data: all, validation: undefined };
  if (typeof validation === "number") {
    const parts = splitRows(all, validation, seed);
    return { data: parts.train, validation: parts.validation };
  }
  return { data: all, validation: datasetOf(n, validation, "validation") };
}

/** The weights of the training rows. @throws {OptionError} When they cannot be drawn by. */
function weightsOf(o: TrainOptions, rows: number, seed: Seed): Float64Array | undefined {
  if (o.rowWeights === undefined) return undefined;
  const weights = readRowWeights(o.rowWeights, rows);
  const { batchSize, shuffle, validation } = o;
  if (batchSize === "full" || shuffle === false) {
    const [option, given, wanted] =
      batchSize === "full"
        ? ["batchSize", '"full"', "a number of rows such as 32"]
        : ["shuffle", "false", "true"];
    throw new OptionError(
      option,
      `${option} is ${given}, but rowWeights says how often rows are drawn for the batches of an epoch; pass ${option} ${wanted}, or leave rowWeights out.`,
    );
  }
  if (typeof validation !== "number") return weights;
  // As the rows themselves are split.
  const set = { x: weights, y: weights, rows, inputs: 1, outputs: 1 };
  const kept = splitRows(set, validation, seed).train.x as Float64Array;
  return readRowWeights(kept, kept.length);
}

function batch(
  batchSize: TrainOptions["batchSize"],
  rows: number,
  drawn: boolean,
): { batchSize: number | "full"; batchRows: number } {
  if (batchSize === "full") return { batchSize, batchRows: rows };
  const size = positive("batchSize", batchSize, DEFAULT_BATCH, 'a number of rows such as 32, or "full"');
  if (drawn) return { batchSize: Math.min(size, rows), batchRows: Math.min(size, rows) };
  // A batch of all rows is the full batch, whatever it was called.
  return size >= rows ? { batchSize: "full", batchRows: rows } : { batchSize: size, batchRows: size };
}

function positive(
  option: string,
  value: number | undefined,
  absent: number,
  wanted: string,
  whole = true,
): number {
  if (value === undefined) return absent;
  if (typeof value === "number" && value > 0 && value < Infinity && (!whole || Number.isSafeInteger(value)))
    return value;
  throw new OptionError(
    option,
    `${option} is ${String(value)}, expected ${wanted}${whole ? ", a whole number of at least 1" : ""}.`,
  );
}

/** @throws {OptionError} When a run is resumed under other options, or from other parameters, than it was left with. */
export function checkResume(state: TrainState, run: Run, n: Network): void {
  if (state?.version !== 1 || typeof state.run !== "object") {
    throw new OptionError(
      "resume",
      "resume is no state that onCheckpoint handed out; pass one of those, copied or loaded.",
    );
  }
  const now: Record<string, unknown> = {
    ...run.record,
    rows: run.rows,
    parameterCount: n.parameterCount,
  };
  for (const name of new Set([...Object.keys(now), ...Object.keys(state.run)])) {
    const [before, after] = [JSON.stringify(state.run[name]), JSON.stringify(now[name])];
    if (before === after) continue;
    throw new OptionError(
      name,
      `resume: ${name} was ${before ?? "not given"} when the run began and is ${after ?? "not given"} now; ` +
        "a run goes on to the same bits only under the options that it began with.",
    );
  }
  if (state.parametersSha256 === parametersSha256(n)) return;
  throw new OptionError(
    "resume",
    "resume: the network's parameters are not those that the state belongs to; save n.parameters in onCheckpoint too, " +
      "and put them back before going on.",
  );
}
