/**
 * "Batches can be a way of escaping a local minimum": how often they are, against the size of the batch, at equal numbers of
 * example evaluations. Asked twice:
 *
 * 1. on a loss with two valleys and examples that disagree strongly (valleyEscapes.ts): there noise does lead out;
 * 2. at poor minima of a small network (networkEscapes.ts): there it may lead to better ones, to worse ones or nowhere.
 *
 * The full batch is the baseline of both: it has no noise, so it should stay. At equal evaluations smaller batches take more
 * steps as well as noisier ones; the experiment does not part the two.
 */
import { requireNames } from "../core/index.ts";
import { requireCount, requireCounts, requireFirstSeed, requireRates, requireShare } from "./checks.ts";
import { curveProblem } from "./curveProblem.ts";
import { END_GRADIENT } from "./descend.ts";
import { PENALTY } from "./localMinima.ts";
import { type NetworkEscapes, networkEscapes } from "./networkEscapes.ts";
import { type ExperimentControl, pace } from "./pace.ts";
import { type StartSetting, startSetting } from "./startLosses.ts";
import { VALLEY_ROWS, type ValleyEscapes, valleyEscapes } from "./valleyEscapes.ts";

export interface BatchNoiseOptions extends ExperimentControl {
  /** Runs between the two valleys with each batch size and rate; 200. */
  runs?: number;
  /** Of the runs between the two valleys; [0.05, 0.1]. */
  learningRates?: readonly number[];
  /** Batch sizes beside the full one; [1, 2, 3, 4, 6, 8, 16]. */
  batchSizes?: readonly number[];
  /** Example evaluations of each run, rounded down to whole epochs; 20,000. */
  evaluations?: number;
  /** Hidden units of the network 1-h-1; 4. */
  hidden?: number;
  /** The network's examples; 40. */
  rows?: number;
  /** Starts that look for the network's minima; 100. */
  starts?: number;
  /** Sets of the network's examples, each with minima of its own; 5. */
  sets?: number;
  /** Poor minima of each set that the network's runs begin at, the most frequent ones; 3. */
  minima?: number;
  /** The network's runs from each poor minimum with each batch size; 10. */
  seeds?: number;
  /** The network's learning rate, as a share of 2 over the largest curvature, the most that the full batch stands; 0.6. */
  rateShare?: number;
  /** Of everything that is drawn, and of the first start; 0. */
  seed?: number;
}

export interface BatchNoise {
  seed: number;
  valley: ValleyEscapes;
  setting: StartSetting;
  network: NetworkEscapes;
}

const names: readonly string[] = (
  "runs learningRates batchSizes evaluations hidden rows starts sets minima seeds rateShare seed " +
  "progress signal"
).split(" ");

/**
 * The share of runs that get out of poor local minima, for each batch size at equal example evaluations.
 *
 * @throws {OptionError} When an option is unknown or out of range, or no start ends in a poor minimum.
 * @throws The reason of `signal`, when that is aborted.
 */
export async function batchNoise(o: BatchNoiseOptions = {}): Promise<BatchNoise> {
  requireNames("batchNoise", o, names);
  const {
    runs = 200,
    learningRates = [0.05, 0.1],
    batchSizes = [1, 2, 3, 4, 6, 8, 16],
    evaluations = 20_000,
    hidden = 4,
    rows = 40,
    starts = 100,
    sets = 5,
    minima = 3,
    seeds = 10,
    rateShare = 0.6,
    seed = 0,
  } = o;
  const options = {
    runs,
    learningRates,
    batchSizes,
    evaluations,
    hidden,
    rows,
    starts,
    sets,
    minima,
    seeds,
    rateShare,
    seed,
  };
  check(options);
  const sizes = [...batchSizes].sort((a, b) => a - b);
  const rates = [...learningRates].sort((a, b) => a - b);
  const cells = sizes.length + 1;
  // Fewer parts where fewer minima are found.
  const step = pace(o, rates.length * cells + sets * starts + cells * sets * minima * seeds);
  const shared = { batchSizes: sizes, evaluations, seed };
  const valley = await valleyEscapes({ ...shared, runs, learningRates: rates }, step);
  const network = await networkEscapes(
    {
      ...shared,
      problems: Array.from({ length: sets }, (_, i) => curveProblem(hidden, rows, seed + i, PENALTY)),
      penalty: PENALTY,
      starts,
      minima,
      seeds,
      rateShare,
      signal: o.signal,
    },
    step,
  );
  return { seed, valley, setting: startSetting(rows, PENALTY, starts, END_GRADIENT), network };
}

type Checked = Required<Omit<BatchNoiseOptions, "progress" | "signal">>;

function check(o: Checked): void {
  const owner = "batchNoise";
  const count = (option: keyof Checked, least: number, most: number, why: string, example: number): void =>
    requireCount(owner, option, o[option] as number, { least, most, why, example });
  count("runs", 1, 100_000, "each costs time", 200);
  requireRates(owner, o.learningRates);
  count("rows", 2, 10_000, "since a batch must be able to be a part of them", 40);
  const most = Math.min(o.rows, VALLEY_ROWS) - 1;
  requireCounts(owner, "batchSizes", o.batchSizes, {
    least: 1,
    most,
    why: "the full batch being there anyway",
    example: 1,
  });
  count("evaluations", Math.max(o.rows, VALLEY_ROWS), 1e9, "at least one step of the full batch", 20_000);
  count("hidden", 1, 32, "so that all curvatures can be computed", 4);
  count("starts", 2, 10_000, "since one must end above another", 100);
  count("sets", 1, 1000, "of the network's examples", 5);
  count("minima", 1, 100, "as places to begin at", 3);
  count("seeds", 1, 10_000, "each a run of its own", 10);
  requireShare(owner, "rateShare", o.rateShare);
  requireFirstSeed(owner, o.seed, Math.max(o.starts, o.runs, o.sets * o.minima * o.seeds));
}
