/** Mean and spread of a few numbers. */
import { meanOfTerms, sumTerms } from "./sumTerms.ts";

export interface MeanAndDeviation {
  /** null where no number is known. */
  mean: number | null;
  /** Sample standard deviation, by n - 1; null for fewer than two numbers. */
  deviation: number | null;
}

/** Of the numbers that are known. */
export function spreadOf(values: readonly (number | null)[]): MeanAndDeviation {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return { mean: null, deviation: null };
  const mean = meanOfTerms(known.length, (i) => known[i]!);
  if (known.length < 2) return { mean, deviation: null };
  const squares = sumTerms(known.length, (i) => (known[i]! - mean) * (known[i]! - mean));
  return { mean, deviation: Math.sqrt(squares / (known.length - 1)) };
}
