/**
 * The order in which an epoch goes through the rows: shuffled, and where rows have weights, drawn by them first.
 *
 * Systematic resampling: on a line on which each row is as long as its share of the weights times the number of rows, points
 * stand one apart, the first at an offset drawn for the epoch; a row is drawn once for each point on it, so that its count is
 * its length rounded down or up, and the same on the average. The rows are laid out in the epoch's shuffled order, so that
 * neighbors in the table are not tied together, and what was drawn is shuffled again.
 *
 * Source: Kitagawa, "Monte Carlo filter and smoother for non-Gaussian nonlinear state space models", Journal of
 * Computational and Graphical Statistics 5 (1996), pages 1-25.
 */
import { OptionError, randomStream, type Seed, sha256, shuffledOrder, type Vector } from "../core/index.ts";

/** The second axis of the epoch's address in the stream of shuffles; blocks of a stream count from 0. */
const DRAWN = 0xffffffff;

/**
 * The rows of an epoch, `[rows]`: a permutation, or as many draws by `weights`.
 *
 * @param weights `[rows]`, from 0 up; their mean counts as one draw. Only ratios matter.
 */
export function epochOrder(
  rows: number,
  seed: Seed,
  epoch: number,
  weights: Float64Array | undefined,
): Uint32Array {
  const order = shuffledOrder(rows, seed, epoch);
  if (weights === undefined) return order;
  const drawn = drawRows(order, weights, drawOffset(seed, epoch));
  return shuffledOrder(rows, seed, epoch, DRAWN).map((i) => drawn[i]!);
}

/** Where the first point of an epoch stands, above 0 and below 1. */
export function drawOffset(seed: Seed, epoch: number): number {
  // The shuffle of the draws takes fewer words than this one's index.
  return (randomStream(seed, "shuffle", epoch, DRAWN).word(0xffffffff) + 0.5) / 0x100000000;
}

function drawRows(order: Uint32Array, weights: Float64Array, offset: number): Uint32Array {
  const rows = order.length;
  let total = 0;
  for (const i of order) total += weights[i]!;
  const drawn = new Uint32Array(rows);
  let sum = 0;
  let count = 0;
  let last = 0;
  for (const i of order) {
    sum += weights[i]!;
    if (weights[i]! > 0) last = i;
    const end = (sum / total) * rows - offset;
    while (count < rows && count < end) drawn[count++] = i;
  }
  // The last sum may have been rounded below the last point.
  while (count < rows) drawn[count++] = last;
  return drawn;
}

/**
 * The weights of the rows, checked and scaled to a largest of 1.
 *
 * @throws {OptionError} When there is not one for each row, one is negative or not finite, or all are 0.
 */
export function readRowWeights(given: Vector | readonly number[], rows: number): Float64Array {
  const list = Array.isArray(given) || ArrayBuffer.isView(given);
  if (!list || given.length !== rows) {
    throw new OptionError(
      "rowWeights",
      `rowWeights ${list ? `has ${given.length} numbers` : `is ${String(given)}`}, expected ${rows}, one for each row of the examples; ` +
        "pass a number from 0 up for each.",
    );
  }
  const weights = Float64Array.from(given);
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (wrong >= 0) {
    throw new OptionError(
      "rowWeights",
      `rowWeights: number ${wrong} (from 0) is ${String(given[wrong])}, expected a finite number from 0 up, since a row is drawn so often relative to the others; ` +
        "pass 0 for a row that is never to be drawn.",
    );
  }
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (largest === 0) {
    throw new OptionError(
      "rowWeights",
      "rowWeights are all 0, expected at least one above 0, since some row must be drawn; leave them out to draw each once.",
    );
  }
  return weights.map((weight) => weight / largest);
}

/** One word for "the same weights". */
export function rowWeightsSha256(weights: Float64Array): string {
  const bytes = new DataView(new ArrayBuffer(8 * weights.length));
  for (const [i, weight] of weights.entries()) bytes.setFloat64(8 * i, weight, true);
  return sha256(new Uint8Array(bytes.buffer));
}
