/**
 * "But why would finding a local minimum be enough?" Two answers in numbers, and what they do not say.
 *
 * 1. Many starts of small networks, each followed down to where the gradient is zero: at which losses do they end, and what
 *    are the ends by their curvature?
 * 2. Random smooth functions: which share of their stationary points are minima, as the number of variables grows? That
 *    minima become rare is often said of networks too. It is a heuristic: a network's loss is no random function, and among
 *    the stationary points that descent meets the minima are not drawn at random.
 *
 * Sources: Dauphin et al. (2014, arXiv 1406.2572), who carried the second over to networks; Lee et al. (2016, arXiv
 * 1602.04915), who prove what is true of it: descent with a small fixed step ends in a strict saddle from almost no start.
 */
import { requireNames } from "../core/index.ts";
import { requireCount, requireCounts, requireFirstSeed } from "./checks.ts";
import { curveProblem } from "./curveProblem.ts";
import { END_GRADIENT } from "./descend.ts";
import { type ExperimentControl, pace } from "./pace.ts";
import {
  landStarts,
  type StartLosses,
  type StartSetting,
  startSetting,
  summarizeStarts,
} from "./startLosses.ts";
import { type DimensionShare, dimensionShare } from "./stationaryShare.ts";
import { WAVES } from "./waves.ts";

export interface LocalMinimaOptions extends ExperimentControl {
  /** Starts of each network; 100. */
  starts?: number;
  /** Hidden units of the networks 1-h-1; [2, 3, 8]. */
  hidden?: readonly number[];
  /** Examples; 40. */
  rows?: number;
  /** Numbers of variables of the random functions; 1 to 8. An empty list leaves this part out. */
  dimensions?: readonly number[];
  /** Random functions of each number of variables; 40. */
  functions?: number;
  /** Starts of the search on each function; 150. */
  searches?: number;
  /** Random matrices behind each expected share; 20,000. */
  samples?: number;
  /** Of everything that is drawn, and of the first start; 0. */
  seed?: number;
}

export interface LocalMinima {
  seed: number;
  setting: StartSetting;
  /** One for each number of hidden units. */
  networks: StartLosses[];
  /** Cosines and sines in each random function. */
  waves: number;
  /** One for each number of variables. */
  dimensions: DimensionShare[];
}

/** Weight decay, so that the loss grows in every direction of the weights and minima lie at finite places. */
export const PENALTY = 1e-3;

const names: readonly string[] =
  "starts hidden rows dimensions functions searches samples seed progress signal".split(" ");

/**
 * Final losses from many starts, and the share of stationary points that are minima against dimension.
 *
 * @throws {OptionError} When an option is unknown or out of range.
 * @throws The reason of `signal`, when that is aborted.
 */
export async function localMinima(o: LocalMinimaOptions = {}): Promise<LocalMinima> {
  const owner = "localMinima";
  requireNames(owner, o, names);
  const {
    starts = 100,
    hidden = [2, 3, 8],
    rows = 40,
    dimensions = [1, 2, 3, 4, 5, 6, 7, 8],
    functions = 40,
    searches = 150,
    samples = 20_000,
    seed = 0,
  } = o;
  requireCount(owner, "starts", starts, {
    least: 1,
    most: 10_000,
    why: "since each is a descent of its own",
    example: 100,
  });
  requireCounts(owner, "hidden", hidden, {
    least: 1,
    most: 32,
    why: "so that all curvatures can be computed",
    example: 4,
  });
  requireCount(owner, "rows", rows, {
    least: 2,
    most: 10_000,
    why: "since every step looks at all of them",
    example: 40,
  });
  if (dimensions.length > 0) {
    const why = "since more would leave no minimum to be found";
    requireCounts(owner, "dimensions", dimensions, { least: 1, most: 12, why, example: 3 });
  }
  const repeat = { least: 1, most: 10_000, why: "each costs time", example: 20 };
  requireCount(owner, "functions", functions, repeat);
  requireCount(owner, "searches", searches, repeat);
  requireCount(owner, "samples", samples, { ...repeat, most: 1_000_000, example: 20_000 });
  requireFirstSeed(owner, seed, starts);
  const step = pace(o, hidden.length * starts + dimensions.length * (functions + 1));
  const networks: StartLosses[] = [];
  for (const units of hidden) {
    const problem = curveProblem(units, rows, seed, PENALTY);
    networks.push(summarizeStarts(problem, await landStarts(problem, starts, seed, step)));
  }
  const shares: DimensionShare[] = [];
  for (const dimension of dimensions) {
    shares.push(await dimensionShare(dimension, { functions, starts: searches, samples, seed }, step));
  }
  const setting = startSetting(rows, PENALTY, starts, END_GRADIENT);
  return { seed, setting, networks, waves: WAVES, dimensions: shares };
}
