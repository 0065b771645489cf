/** The share of stationary points that are minima, against the number of variables. */
import { expectedShare } from "./expectedShare.ts";
import type { Pace } from "./pace.ts";
import { type StationarySearch, stationaryPoints } from "./stationaryPoints.ts";
import { type Ratio, ratioOfSums } from "./statistics.ts";
import { waveFunction } from "./waves.ts";

/** What was found on the random functions of one number of variables. */
export interface DimensionShare {
  dimension: number;
  functions: number;
  /** On all functions together. */
  starts: number;
  /** Starts that found no stationary point. */
  failed: number;
  /** Different stationary points. */
  points: number;
  /** [n + 1]: points by the number of directions in which f falls; the first are minima, the last maxima. */
  byIndex: number[];
  /** [n + 1]: the mean value of f at those points, null where there are none. */
  meanValueByIndex: (number | null)[];
  /** Points whose Hessian is singular to rounding; they are in no other count. */
  flat: number;
  /** Minima over all points that are not flat, with the standard error by the spread of the functions. */
  minima: Ratio;
  /** The same for points that are a minimum along each axis by itself, which is necessary and not sufficient. */
  risesAlongAxes: Ratio;
  /** The share among all stationary points that Kac and Rice's formula gives for such functions, and its sampling error. */
  expected: Ratio;
  /** 2^-n: as if the n curvatures were n throws of a coin. */
  coinFlip: number;
  /** Estimate of the chance that one more start would find a new point: the starts whose point nobody else found. */
  unseen: number | null;
  /** The largest gradient norm of all points. */
  largestGradientNorm: number;
}

export interface ShareSizes {
  functions: number;
  /** On each function. */
  starts: number;
  /** Random matrices behind the expected share. */
  samples: number;
  seed: number;
}

/** Looks for stationary points on the functions of one dimension and counts what they are. */
export async function dimensionShare(
  dimension: number,
  { functions, starts, samples, seed }: ShareSizes,
  step: Pace,
): Promise<DimensionShare> {
  const searches: StationarySearch[] = [];
  for (let index = 0; index < functions; index++) {
    await step(
      `${dimension} ${dimension === 1 ? "variable" : "variables"}, function ${index + 1} of ${functions}`,
    );
    searches.push(stationaryPoints(waveFunction(dimension, seed, index), starts, seed, index));
  }
  await step(`${dimension} ${dimension === 1 ? "variable" : "variables"}, expected share`);
  return { ...summarize(dimension, searches), expected: expectedShare(dimension, samples, seed) };
}

function summarize(
  dimension: number,
  searches: readonly StationarySearch[],
): Omit<DimensionShare, "expected"> {
  const byIndex = new Array<number>(dimension + 1).fill(0);
  const sums = new Array<number>(dimension + 1).fill(0);
  const all = searches.flatMap(({ points }) => points);
  for (const { index, value } of all) {
    if (index === null) continue;
    byIndex[index] = byIndex[index]! + 1;
    sums[index] = sums[index]! + value;
  }
  const regular = searches.map(({ points }) => points.filter(({ index }) => index !== null));
  const share = (keep: (point: (typeof all)[number]) => boolean): Ratio =>
    ratioOfSums(
      regular.map((points) => points.filter(keep).length),
      regular.map((points) => points.length),
    );
  const starts = searches.reduce((sum, search) => sum + search.starts, 0);
  const failed = searches.reduce((sum, search) => sum + search.failed, 0);
  let coinFlip = 1;
  for (let i = 0; i < dimension; i++) coinFlip /= 2;
  return {
    dimension,
    functions: searches.length,
    starts,
    failed,
    points: all.length,
    byIndex,
    meanValueByIndex: sums.map((sum, i) => (byIndex[i] === 0 ? null : sum / byIndex[i]!)),
    flat: all.filter(({ index }) => index === null).length,
    minima: share(({ index }) => index === 0),
    risesAlongAxes: share(({ risesAlongAxes }) => risesAlongAxes),
    coinFlip,
    // Good and Turing's estimate: Good, Biometrika 40 (1953) 237-264.
    unseen: starts === failed ? null : all.filter(({ hits }) => hits === 1).length / (starts - failed),
    largestGradientNorm: Math.max(0, ...all.map(({ gradientNorm }) => gradientNorm)),
  };
}
