/** What a condition on step sizes lets through, and where phi is least: found by looking at many steps, then by halving. */

import { mathematics64 } from "../core/index.ts";

/**
 * Ascending steps from 0 to `end`, evenly; where `near` is shorter also evenly over [0, near], and in equal ratios from a
 * hundredth of it to the end.
 */
export function stepGrid(end: number, near: number, count: number): number[] {
  const even = (to: number): number[] => Array.from({ length: count + 1 }, (_, i) => to * (i / count));
  if (!(near < end)) return even(end);
  const from = near / 100;
  const span = mathematics64.log(end / from);
  const ratios = Array.from({ length: count }, (_, i) => from * mathematics64.exp((span * i) / count));
  return [...new Set([...even(near), ...even(end), ...ratios])].sort((a, b) => a - b);
}

/** An interval of step sizes, both ends acceptable save 0 itself. */
export type Interval = [from: number, to: number];

/**
 * The steps that are acceptable, as intervals. An island between two neighbors of the grid is not seen.
 *
 * @param grid     Ascending from 0.
 * @param passes   Whether a step above 0 is acceptable.
 * @param fromZero Whether all steps below some step are: so it is with the Armijo condition, where the slope is negative.
 */
export function acceptableIntervals(
  grid: readonly number[],
  passes: (t: number) => boolean,
  fromZero: boolean,
): Interval[] {
  const found: Interval[] = [];
  let open = fromZero ? 0 : undefined;
  let before = 0;
  for (const t of grid.slice(1)) {
    const good = passes(t);
    if (good && open === undefined) open = boundary(before, t, (s) => !passes(s)).other;
    if (!good && open !== undefined) {
      const end = boundary(before, t, passes).last;
      // Where rounding or a kink lets not even short steps pass, there is no interval at 0 either.
      if (end > 0) found.push([open, end]);
      open = undefined;
    }
    before = t;
  }
  if (open !== undefined) found.push([open, before]);
  return found;
}

/** The two neighboring numbers between which `holds` ends: it holds at `from` and not at `to`. */
function boundary(from: number, to: number, holds: (t: number) => boolean): { last: number; other: number } {
  let [last, other] = [from, to];
  // The numbers of float64 between any two end long before that; where 0 is one of them they may not.
  for (let count = 0; count < 100; count++) {
    const middle = last + (other - last) / 2;
    if (middle === last || middle === other) break;
    if (holds(middle)) last = middle;
    else other = middle;
  }
  return { last, other };
}

/** The inverse of the golden ratio. */
const GOLDEN = 0.6180339887498949;

/**
 * The least phi over the grid, refined between the neighbors of the best step by golden section (Kiefer 1953).
 *
 * @param values phi over the grid; what is not finite is passed over.
 */
export function leastAlong(
  grid: readonly number[],
  values: readonly number[],
  phi: (t: number) => number,
): { stepSize: number; value: number } {
  let best = 0;
  for (let i = 1; i < grid.length; i++) if (values[i]! < values[best]!) best = i;
  let low = grid[Math.max(0, best - 1)]!;
  let high = grid[Math.min(grid.length - 1, best + 1)]!;
  let least = { stepSize: grid[best]!, value: values[best]! };
  const ask = (t: number): number => {
    const value = phi(t);
    if (value < least.value) least = { stepSize: t, value };
    return value;
  };
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [ask(left), ask(right)];
  // Below the square root of the rounding phi is flat to the last digit.
  for (let count = 0; count < 60 && high - low > 1e-9 * high; count++) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = ask(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = ask(right);
    }
  }
  return least;
}
