/** Sums of terms that are computed on the way, in the order of `core/sums.ts`: the bits depend on the terms alone. */
import { LaneSum, LEAF } from "../core/index.ts";

/** Sum of term(0) … term(count - 1). */
export function sumTerms(count: number, term: (index: number) => number): number {
  const sum = new LaneSum();
  const { lanes } = sum;
  for (let start = 0; start < count; start += LEAF) {
    const end = Math.min(start + LEAF, count);
    for (let i = start; i < end; i++) lanes[i & 7] = lanes[i & 7]! + term(i);
    sum.endLeaf();
  }
  return sum.total();
}

/** Mean of term(0) … term(count - 1); count is at least 1. */
export function meanOfTerms(count: number, term: (index: number) => number): number {
  return sumTerms(count, term) / count;
}
