/**
 * Two valleys and examples that disagree: where the noise of batches does carry a run over the ridge.
 *
 * The loss of example i with one parameter w is (w² - 1)² / 4 - w / 10 + s_i w. The slopes s_i are normal with deviation 2
 * and sum to 0, so the mean over all examples is the same double valley without them: a poor minimum near -1, a good one
 * near 1, a ridge between. The full batch feels no slope of its own and stays where it is; a batch of b feels a slope of
 * deviation about 2 / sqrt(b).
 *
 * For such noise theory says what counts: a way out takes the time exp(height of the ridge / (rate deviation² / 2 b)), so
 * learning rate over batch size decides (Kramers, Physica 7 (1940) 284-304; Jastrzębski et al., 2017, arXiv 1711.04623).
 */
import { randomStream, shuffledOrder } from "../core/index.ts";
import type { Pace } from "./pace.ts";
import { type Share, wilsonShare } from "./statistics.ts";

const TILT = 0.1;
const DEVIATION = 2;
export const VALLEY_ROWS = 256;

/** A stationary point of the mean loss. */
export interface ValleyPoint {
  at: number;
  loss: number;
}

/** Runs of one learning rate and batch size. */
export interface ValleyCell {
  learningRate: number;
  /** Rows of a batch; the number of examples for the full one. */
  batchSize: number;
  full: boolean;
  /** Steps of each run. */
  steps: number;
  /** Example evaluations of each run. */
  exampleEvaluations: number;
  /** Runs that end on the good side of the ridge. */
  escaped: Share;
  /** Runs that end in numbers that are not finite, the rate being too large for the walls. */
  diverged: number;
}

export interface ValleyEscapes {
  /** The loss of example i: "(w² - 1)² / 4 - 0.1 w + s_i w". */
  formula: string;
  rows: number;
  /** Standard deviation of the examples' slopes s_i. */
  deviation: number;
  /** Where runs begin. */
  poor: ValleyPoint;
  ridge: ValleyPoint;
  good: ValleyPoint;
  /** Runs in each cell. */
  runs: number;
  /** By learning rate, then batch size; the full batch last. */
  cells: ValleyCell[];
}

export interface ValleyPlan {
  runs: number;
  /** Ascending. */
  learningRates: readonly number[];
  /** Ascending, without the full batch. */
  batchSizes: readonly number[];
  evaluations: number;
  seed: number;
}

/** Counts the runs that get from the poor valley to the good one. */
export async function valleyEscapes(plan: ValleyPlan, step: Pace): Promise<ValleyEscapes> {
  const { runs, learningRates, batchSizes, evaluations, seed } = plan;
  const slopes = drawSlopes(seed);
  const [poor, ridge, good] = [-1, 0, 1].map(stationaryNear) as [ValleyPoint, ValleyPoint, ValleyPoint];
  const epochs = Math.floor(evaluations / VALLEY_ROWS);
  const cells: ValleyCell[] = [];
  for (const learningRate of learningRates) {
    for (const batchSize of [...batchSizes, VALLEY_ROWS]) {
      await step(`two valleys, batch ${batchSize}, rate ${learningRate}`);
      let escaped = 0;
      let diverged = 0;
      for (let run = 0; run < runs; run++) {
        const end = descendByBatches(poor.at, slopes, { learningRate, batchSize, epochs, seed: seed + run });
        if (!Number.isFinite(end)) diverged += 1;
        else if (end > ridge.at) escaped += 1;
      }
      cells.push({
        learningRate,
        batchSize,
        full: batchSize === VALLEY_ROWS,
        steps: epochs * Math.ceil(VALLEY_ROWS / batchSize),
        exampleEvaluations: epochs * VALLEY_ROWS,
        escaped: wilsonShare(escaped, runs),
        diverged,
      });
    }
  }
  const formula = `(w² - 1)² / 4 - ${TILT} w + s_i w`;
  return { formula, rows: VALLEY_ROWS, deviation: DEVIATION, poor, ridge, good, runs, cells };
}

/** Normal slopes, moved so that they sum to 0 and the full batch has none. */
function drawSlopes(seed: number): Float64Array {
  const { normal } = randomStream(seed, "data", 1);
  const drawn = Float64Array.from({ length: VALLEY_ROWS }, (_, i) => DEVIATION * normal(i));
  const mean = drawn.reduce((sum, slope) => sum + slope, 0) / VALLEY_ROWS;
  return drawn.map((slope) => slope - mean);
}

const slopeAt = (w: number): number => w * (w * w - 1) - TILT;

/** Newton's method from one of the untilted function's stationary points. */
function stationaryNear(start: number): ValleyPoint {
  let at = start;
  for (let i = 0; i < 20; i++) at -= slopeAt(at) / (3 * at * at - 1);
  const height = at * at - 1;
  return { at, loss: (height * height) / 4 - TILT * at };
}

interface Run {
  learningRate: number;
  batchSize: number;
  epochs: number;
  seed: number;
}

/** Gradient descent on batches that are shuffled anew in each epoch; where it ends, which is not finite where it flew away. */
function descendByBatches(
  start: number,
  slopes: Float64Array,
  { learningRate, batchSize, epochs, seed }: Run,
): number {
  let w = start;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = shuffledOrder(slopes.length, seed, epoch);
    for (let from = 0; from < order.length; from += batchSize) {
      const to = Math.min(from + batchSize, order.length);
      let sum = 0;
      for (let i = from; i < to; i++) sum += slopes[order[i]!]!;
      w -= learningRate * (slopeAt(w) + sum / (to - from));
    }
  }
  return w;
}
