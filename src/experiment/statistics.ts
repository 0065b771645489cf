/**
 * The few statistics that the experiments report.
 *
 * Sources: Wilson, JASA 22 (1927) 209-212, for the interval of a share; Hyndman and Fan, The American Statistician 50
 * (1996) 361-365, definition 7, for quartiles.
 */

/** A share of trials with the interval that holds the true one in about 95 of 100 experiments. */
export interface Share {
  count: number;
  of: number;
  /** count / of. */
  share: number;
  low: number;
  high: number;
}

/** Of the normal distribution: 95 % lie within so many standard deviations. */
const Z = 1.959963984540054;

/** The share of `count` successes in `of` independent trials with Wilson's interval, which never leaves [0, 1]. */
export function wilsonShare(count: number, of: number): Share {
  if (of === 0) return { count, of, share: 0, low: 0, high: 1 };
  const share = count / of;
  const z2 = Z * Z;
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of);
  const half = (Z / (1 + z2 / of)) * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of));
  // At the two ends rounding must not show.
  const low = count === 0 ? 0 : Math.max(0, middle - half);
  const high = count === of ? 1 : Math.min(1, middle + half);
  return { count, of, share, low, high };
}

export interface Quartiles {
  low: number;
  median: number;
  high: number;
}

/** The numbers below which a quarter, a half and three quarters of the values lie; between two values on their line. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** A ratio of sums over independent units, and its standard error by the spread of the units; null where there is none. */
export interface Ratio {
  value: number | null;
  standardError: number | null;
}

/**
 * Sum of `parts` over sum of `wholes`.
 *
 * The units are what was drawn independently (whole functions), not what was counted in them: points of one function are
 * alike. The error is that of a ratio estimator, Cochran, Sampling Techniques (1977), section 2.11.
 */
export function ratioOfSums(parts: readonly number[], wholes: readonly number[]): Ratio {
  let part = 0;
  let whole = 0;
  for (const [i, value] of parts.entries()) {
    part += value;
    whole += wholes[i]!;
  }
  if (whole === 0) return { value: null, standardError: null };
  const value = part / whole;
  const units = parts.length;
  if (units < 2) return { value, standardError: null };
  let squares = 0;
  for (const [i, unit] of parts.entries()) {
    const rest = unit - value * wholes[i]!;
    squares += rest * rest;
  }
  return { value, standardError: Math.sqrt((squares * units) / (units - 1)) / whole };
}
