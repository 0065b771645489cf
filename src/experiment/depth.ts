/**
 * "Are more layers always better?" Networks of one to four hidden layers with nearly the same number of parameters, trained
 * on the same examples for the same number of example evaluations, over many seeds.
 *
 * The widths follow from the number of parameters, so depth is not bought with size. Each depth is trained with several
 * learning rates, and the one with the lowest median training loss is its own: one rate for all would favor the depth
 * that it happens to suit, and it can turn the order around. The test set chooses nothing.
 *
 * It shows what holds for one set, one optimizer and sizes of this kind, and nothing beyond them: a larger class of functions
 * has no larger least loss, but neither more layers nor more parameters make training need fewer epochs by themselves.
 *
 * Sources: He et al. (2016, arXiv 1512.03385), figure 1: deeper plain networks can train worse; Telgarsky (2016, arXiv
 * 1602.04485): functions that few layers can only express at a far greater width.
 */
import { type Dataset, requireNames } from "../core/index.ts";
import { sine, spirals } from "../data/index.ts";
import { requireChoice, requireCount, requireCounts, requireFirstSeed, requireRates } from "./checks.ts";
import { DEPTH_BATCH, type DepthResult, depthRuns } from "./depthRuns.ts";
import { type ExperimentControl, pace } from "./pace.ts";

export interface DepthOptions extends ExperimentControl {
  /** "spirals". */
  data?: DepthData;
  /** Numbers of hidden layers; [1, 2, 3, 4]. */
  layers?: readonly number[];
  /** Parameters that each network has, as nearly as its widths allow; 300. */
  parameters?: number;
  /** Training examples, and as many to test; 400. */
  rows?: number;
  /** Example evaluations of each run, rounded down to whole epochs; 80,000. */
  evaluations?: number;
  /** Seeds of each depth and learning rate; 20. */
  seeds?: number;
  /** Rates of Adam, which fall to 0 along a cosine; [0.003, 0.01, 0.03, 0.1, 0.3, 1]. */
  learningRates?: readonly number[];
  /** The first seed, and that of the data; 0. */
  seed?: number;
}

export type DepthData = "spirals" | "sine";

/** The sets that depths are compared on. */
export const depthData: readonly DepthData[] = ["spirals", "sine"];

export interface DepthComparison {
  seed: number;
  data: DepthData;
  loss: "binaryCrossEntropy" | "meanSquaredError";
  activation: "tanh";
  optimizer: "adam";
  schedule: "cosine";
  rows: number;
  testRows: number;
  batchSize: number;
  epochs: number;
  /** Wanted, of each network. */
  parameters: number;
  seeds: number;
  learningRates: number[];
  depths: DepthResult[];
}

const names: readonly string[] =
  "data layers parameters rows evaluations seeds learningRates seed progress signal".split(" ");

/**
 * Final losses by depth at equal parameters and equal example evaluations.
 *
 * @throws {OptionError} When an option is unknown or out of range.
 * @throws The reason of `signal`, when that is aborted.
 */
export async function depth(o: DepthOptions = {}): Promise<DepthComparison> {
  const owner = "depth";
  requireNames(owner, o, names);
  const {
    data = "spirals",
    layers = [1, 2, 3, 4],
    parameters = 300,
    rows = 400,
    evaluations = 80_000,
    seeds = 20,
    learningRates = [0.003, 0.01, 0.03, 0.1, 0.3, 1],
    seed = 0,
  } = o;
  requireChoice(owner, "data", data, depthData);
  requireCounts(owner, "layers", layers, { least: 1, most: 20, why: "hidden layers each", example: 2 });
  requireCount(owner, "parameters", parameters, {
    least: 50,
    most: 100_000,
    why: "to be shared out over the layers",
    example: 300,
  });
  requireCount(owner, "rows", rows, {
    least: 2,
    most: 100_000,
    why: "of each class at least one",
    example: 400,
  });
  requireCount(owner, "evaluations", evaluations, {
    least: rows,
    most: 1e9,
    why: "at least one epoch",
    example: 80_000,
  });
  requireCount(owner, "seeds", seeds, { least: 1, most: 10_000, why: "each a run of its own", example: 20 });
  requireRates(owner, learningRates);
  requireFirstSeed(owner, seed, seeds);
  const step = pace(o, layers.length * learningRates.length * seeds);
  const set = setting(data, rows, seed);
  const epochs = Math.floor(evaluations / rows);
  const rates = [...learningRates].sort((a, b) => a - b);
  const depths: DepthResult[] = [];
  for (const count of layers) {
    const plan = { ...set, layers: count, parameters, rates, epochs, seeds, seed, signal: o.signal };
    depths.push(await depthRuns(plan, step));
  }
  return {
    seed,
    data,
    loss: set.loss,
    activation: "tanh",
    optimizer: "adam",
    schedule: "cosine",
    rows,
    testRows: set.test.rows,
    batchSize: DEPTH_BATCH,
    epochs,
    parameters,
    seeds,
    learningRates: rates,
    depths,
  };
}

interface Setting {
  train: Dataset;
  test: Dataset;
  loss: "binaryCrossEntropy" | "meanSquaredError";
}

/** Noise of deviation 0.1 on the sine, 0.01 on the places of the spirals' points. */
function setting(data: DepthData, rows: number, seed: number): Setting {
  const make = (part: "train" | "test"): Dataset =>
    data === "spirals"
      ? spirals({ rows, noise: 0.01, seed, part })
      : sine({ rows, noise: 0.1, interval: [-3 * Math.PI, 3 * Math.PI], seed, part });
  const loss = data === "spirals" ? "binaryCrossEntropy" : "meanSquaredError";
  return { train: make("train"), test: make("test"), loss };
}
