/** Poor local minima to get out of: minima that many starts end in, although losses more than 10 % lower are known. */
import { lossLevels } from "./lossLevels.ts";
import type { LandedStart } from "./startLosses.ts";

/** A minimum more than 10 % above the best known loss. */
export interface PoorMinimum {
  /** Of the examples whose loss it is a minimum of. */
  dataSeed: number;
  /** The lowest loss that any start led to with these examples. */
  best: number;
  /** Of the start that led to it. */
  seed: number;
  /** With the penalty. */
  loss: number;
  gradientNorm: number;
  smallestCurvature: number;
  largestCurvature: number;
  /** Starts that end at this loss. */
  starts: number;
  /** `[n]`: where it is. */
  parameters: number[];
}

/** Over the best known loss; what is nearer to it would be good enough. */
const POOR = 1.1;

/**
 * The poor minima that the most starts end in; none where there is none.
 *
 * @param landed By loss, the lowest first.
 * @param most   How many are wanted.
 */
export function poorMinima(landed: readonly LandedStart[], most: number, dataSeed: number): PoorMinimum[] {
  const best = landed[0]!.end.loss;
  const poor = landed.filter(({ end, curve }) => curve.kind === "minimum" && end.loss > POOR * best);
  const found = lossLevels(poor, ({ end }) => end.loss).map((level): PoorMinimum => {
    const { seed, end, curve } = level[0]!;
    return {
      dataSeed,
      best,
      seed,
      loss: end.loss,
      gradientNorm: end.gradientNorm,
      smallestCurvature: curve.smallest,
      largestCurvature: curve.largest,
      starts: level.length,
      parameters: Array.from(end.point),
    };
  });
  return found.sort((a, b) => b.starts - a.starts || a.loss - b.loss).slice(0, most);
}
