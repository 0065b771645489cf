/** Losses that are one: those of one minimum and its mirror images, as near as descents come to them. */

/** Two losses nearer than this, relative to the larger, are on one level. */
const SAME_LEVEL = 1e-4;

/**
 * Groups of ends with about the same loss: a new one begins where the next loss is more than 0.01 % higher.
 *
 * @param sorted By loss, the lowest first.
 */
export function lossLevels<T>(sorted: Iterable<T>, lossOf: (end: T) => number): T[][] {
  const levels: T[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const end of sorted) {
    const loss = lossOf(end);
    if (levels.length > 0 && loss - last <= SAME_LEVEL * loss) levels.at(-1)!.push(end);
    else levels.push([end]);
    last = loss;
  }
  return levels;
}
