/** Numbers and times as people read them. */

/** Four significant digits, without an exponent where that is short: 0.01234, 12340, 1.234e-9. */
export function short(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
}

/** So many significant digits, without an exponent from 0.001 to below 100,000. */
export function few(value: number, count: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(count)));
  return value.toExponential(count - 1);
}

/** Three significant digits, for tables. */
export const three = (value: number): string => few(value, 3);

/** 60000 as 60,000. */
export function grouped(whole: number): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A share as a percentage with two decimals. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

/** The three likeliest classes with their shares, the best first: few readers want ten numbers. */
export function likelyClasses(shares: readonly (readonly [string, number])[]): string {
  const ranked = shares.toSorted(([, a], [, b]) => b - a).slice(0, 3);
  return ranked.map(([name, share]) => `${name} ${percent(share)}`).join(", ");
}

/** 75 as "1 min 15 s". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}

/** "1 layer", "2 layers". */
export function plural(count: number, word: string): string {
  return `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
}
