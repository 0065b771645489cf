/**
 * Paths through a layered graph whose edges and units are factors: their number, the sum of all their products, and the largest.
 *
 * A path goes from one unit of level 0 through one unit of each level to the end; its product is that of all factors on its
 * way. The sum over all paths is made by dynamic programming, unit by unit from the end, which is the delta recursion of
 * backpropagation. The largest are found without listing the others by the recursive enumeration algorithm: the path of rank
 * r of a unit is the best of its neighbors' paths that are not used yet.
 *
 * Source: Jiménez and Marzal, Computing the K shortest paths: a new algorithm and an experimental comparison (1999), there
 * for sums of lengths; here lengths are products of absolute values, whose order is kept under multiplication as well.
 */

export interface PathGraph {
  /** Units of each level. */
  readonly widths: readonly number[];
  /** The factor of a unit, whatever path goes through it. */
  slope(level: number, unit: number): number;
  /** The factor of the edge from a unit of `level` to one of the next level. */
  weight(level: number, from: number, to: number): number;
  /** The factor between a unit of the last level and the end. */
  end(unit: number): number;
}

/** How many paths begin at one unit of level 0; rounded beyond 2^53, and the largest number where it is larger than that. */
export function pathCount({ widths }: PathGraph): number {
  const count = widths.slice(1).reduce((product, width) => product * width, 1);
  return Math.min(count, Number.MAX_VALUE);
}

/** The sum of the products of all paths that begin at unit `start` of level 0, without the factor of that unit itself. */
export function pathSum(graph: PathGraph, start: number): number {
  const add = (sum: number, term: number): number => sum + term;
  const behind: PathGraph = {
    ...graph,
    slope: (level, unit) => (level === 0 ? 1 : graph.slope(level, unit)),
  };
  return foldPaths(behind, start, (x) => x, add)[0]![start]!;
}

/**
 * One number for each unit, `[levels][units]`, from the last level down to the start: the factor of the unit times what `join`
 * makes of its edges' factors times the numbers of the units above. On level 0 only `start` has one.
 */
function foldPaths(
  { widths, slope, weight, end }: PathGraph,
  start: number,
  measure: (factor: number) => number,
  join: (sum: number, term: number) => number,
): Float64Array[] {
  const levels = widths.map((width) => new Float64Array(width));
  const last = widths.length - 1;
  for (let level = last; level >= 0; level--) {
    const here = levels[level]!;
    const [from, to] = level === 0 ? [start, start + 1] : [0, here.length];
    for (let unit = from; unit < to; unit++) {
      let sum = 0;
      if (level === last) sum = measure(end(unit));
      else {
        const above = levels[level + 1]!;
        for (let k = 0; k < above.length; k++) sum = join(sum, measure(weight(level, unit, k)) * above[k]!);
      }
      here[unit] = measure(slope(level, unit)) * sum;
    }
  }
  return levels;
}

/** How a path goes on behind a unit: to which unit of the next level, and by the path of which rank there. */
interface Continuation {
  /** |product| from the unit on. */
  readonly size: number;
  readonly to: number;
  readonly rank: number;
}

/** What is known of the paths from one unit. */
interface Known {
  /** By rank. */
  readonly found: Continuation[];
  /** What may come next: one for each edge, until its paths are used up. */
  readonly candidates: Continuation[];
}

/**
 * The paths from unit `start` of level 0 whose products are largest in absolute value, the largest first.
 *
 * @param limit At most so many.
 * @returns The units of each path, one for each level.
 */
export function largestPaths(graph: PathGraph, start: number, limit: number): number[][] {
  const search = new PathSearch(graph, start);
  const paths: number[][] = [];
  while (paths.length < limit) {
    const path = search.path(start, paths.length);
    if (path === undefined) break;
    paths.push(path);
  }
  return paths;
}

class PathSearch {
  private readonly graph: PathGraph;
  private readonly last: number;
  /** `[levels][units]`: the largest |product| from each unit on. */
  private readonly best: readonly Float64Array[];
  private readonly known: readonly Map<number, Known>[];

  constructor(graph: PathGraph, start: number) {
    this.graph = graph;
    this.last = graph.widths.length - 1;
    this.best = foldPaths(graph, start, Math.abs, Math.max);
    this.known = graph.widths.map(() => new Map<number, Known>());
  }

  /** The units of the path of this rank, or undefined where there are no more paths. */
  path(start: number, rank: number): number[] | undefined {
    const units = [start];
    let unit = start;
    let at = this.continuation(0, start, rank);
    if (at === undefined) return undefined;
    for (let level = 1; level <= this.last; level++) {
      unit = at!.to;
      units.push(unit);
      at = this.continuation(level, unit, at!.rank);
    }
    return units;
  }

  private continuation(level: number, unit: number, rank: number): Continuation | undefined {
    const { found, candidates } = this.knownAt(level, unit);
    while (found.length <= rank) {
      const used = found.at(-1);
      if (used !== undefined && level < this.last) this.addAfter(used, level, unit, candidates);
      if (candidates.length === 0) return undefined;
      let most = 0;
      for (let i = 1; i < candidates.length; i++) if (candidates[i]!.size > candidates[most]!.size) most = i;
      found.push(...candidates.splice(most, 1));
    }
    return found[rank];
  }

  /** The path of the next rank over the edge that was used last. */
  private addAfter(
    { to, rank }: Continuation,
    level: number,
    unit: number,
    candidates: Continuation[],
  ): void {
    const next = this.continuation(level + 1, to, rank + 1);
    if (next === undefined) return;
    candidates.push({ size: this.size(level, unit, to, next.size), to, rank: rank + 1 });
  }

  private size(level: number, unit: number, to: number, beyond: number): number {
    const { slope, weight } = this.graph;
    return Math.abs(slope(level, unit)) * (Math.abs(weight(level, unit, to)) * beyond);
  }

  private knownAt(level: number, unit: number): Known {
    const ofLevel = this.known[level]!;
    let known = ofLevel.get(unit);
    if (known === undefined) {
      known = { found: [], candidates: this.firstCandidates(level, unit) };
      ofLevel.set(unit, known);
    }
    return known;
  }

  private firstCandidates(level: number, unit: number): Continuation[] {
    // Behind the last level there is the end alone.
    if (level === this.last) return [{ size: this.best[level]![unit]!, to: 0, rank: 0 }];
    const above = this.best[level + 1]!;
    return Array.from(above, (beyond, to) => ({ size: this.size(level, unit, to, beyond), to, rank: 0 }));
  }
}
