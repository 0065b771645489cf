/** The name that was probably meant, for messages. */

/** Longer names are no slips of the fingers, and the distance takes time as the product of two lengths. */
const LONGEST = 60;

/** The name that is at most a third of its letters away, the first of equals. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    if (given.length > LONGEST || name.length > LONGEST) continue;
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance >= least || distance > Math.max(1, Math.ceil(name.length / 3))) continue;
    least = distance;
    best = name;
  }
  return best;
}

/** Letters to put in, leave out, replace or swap with their neighbor (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replace, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      }
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
