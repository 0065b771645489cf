/**
 * Sums over a long vector, in float64 and in one stated order, so that the bits depend on its length alone.
 *
 * A leaf is 1024 numbers. Inside of it number i goes to lane i mod 8, each lane runs upwards from +0, and the lanes are
 * joined as a tree of neighbours: ((0+1)+(2+3)) + ((4+5)+(6+7)). The leaves are joined in the same way, where a last one
 * without a neighbour moves up as it is. Eight lanes are what SIMD wants, and short chains keep the rounding error small.
 */
import type { Vector } from "./vector.ts";

/** Numbers in a leaf. */
export const LEAF = 1024;

/** Joins numbers as they come, as a tree of neighbors: a binary counter of partial sums, one a level. */
export class NumberTree {
  private readonly partial: number[] = [];
  private readonly full: boolean[] = [];

  push(leaf: number): void {
    let sum = leaf;
    let level = 0;
    while (this.full[level] === true) {
      sum = (this.partial[level] as number) + sum;
      this.full[level] = false;
      level++;
    }
    this.partial[level] = sum;
    this.full[level] = true;
  }

  /** The total, 0 where nothing came; the tree is empty afterwards. */
  drain(): number {
    let sum = 0;
    let found = false;
    for (let level = 0; level < this.partial.length; level++) {
      if (this.full[level] !== true) continue;
      // The higher level holds the earlier leaves, so it stands on the left.
      sum = found ? (this.partial[level] as number) + sum : (this.partial[level] as number);
      found = true;
      this.full[level] = false;
    }
    return sum;
  }
}

/**
 * A sum under way: term i is added to `lanes[i & 7]`, and every leaf of them, the last one too, is ended. It is kept from
 * one sum to the next, so that summing makes no arrays.
 */
export class LaneSum {
  readonly lanes: Float64Array = new Float64Array(8);
  private readonly tree: NumberTree = new NumberTree();

  endLeaf(): void {
    const l = this.lanes;
    this.tree.push(l[0]! + l[1]! + (l[2]! + l[3]!) + (l[4]! + l[5]! + (l[6]! + l[7]!)));
    l.fill(0);
  }

  /** The sum; the next one begins. */
  total(): number {
    return this.tree.drain();
  }
}

/** Nothing of it outlives a call. */
const sum = new LaneSum();

/** Sum of a[i] * b[i]. */
export function dot(a: Vector, b: Vector): number {
  const { lanes } = sum;
  for (let start = 0; start < a.length; start += LEAF) {
    const end = Math.min(start + LEAF, a.length);
    for (let i = start; i < end; i++) lanes[i & 7] = lanes[i & 7]! + a[i]! * b[i]!;
    sum.endLeaf();
  }
  return sum.total();
}

/** Sum of a[i]². */
export function squaredNorm(a: Vector): number {
  return dot(a, a);
}

/** Sum of |a[i]|. */
export function absoluteSum(a: Vector): number {
  const { lanes } = sum;
  for (let start = 0; start < a.length; start += LEAF) {
    const end = Math.min(start + LEAF, a.length);
    for (let i = start; i < end; i++) lanes[i & 7] = lanes[i & 7]! + Math.abs(a[i]!);
    sum.endLeaf();
  }
  return sum.total();
}
