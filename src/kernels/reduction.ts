/**
 * In which order the examples of a batch are added up: a plan that depends on layer widths and batch rows only.
 *
 *   rows      0 1 2 3 4 5 … 127 | 128 129 …                 blocks of 128 rows
 *   leaves    one a block (wide networks), or four a block: row r of a block belongs to leaf r mod 4 (narrow ones)
 *   tree      neighbours are joined, then neighbours of those, …; a last one without neighbour moves up as it is
 *
 * Inside of a leaf the rows are added upwards from +0. Narrow networks have four leaves a block because their SIMD form
 * keeps four examples in the lanes of a register; wide networks keep eight units there instead.
 */

import type { Vector } from "../core/index.ts";
import { addInto, type RowKernels } from "./rowKernels.ts";
import type { LayerShape } from "./spec.ts";

/** Rows of one block. */
export const BLOCK_ROWS = 128;

/** Up to this width (inputs and units of every layer) a network counts as narrow. */
const NARROW_WIDTH = 32;

/** How many leaves a block of rows has: 4 for narrow networks, else 1. */
export function leavesPerBlock(layers: readonly LayerShape[]): 1 | 4 {
  let widest = 0;
  for (const layer of layers) widest = Math.max(widest, layer.inputs, layer.units);
  return widest <= NARROW_WIDTH ? 4 : 1;
}

/** Whether a network counts as narrow. */
export function isNarrow(layers: readonly LayerShape[]): boolean {
  return leavesPerBlock(layers) === 4;
}

/** Joins vectors in the tree above as they come, holding one partial sum a level. */
export class VectorTree {
  private readonly kernels: RowKernels;
  private readonly length: number;
  private readonly partial: Vector[] = [];
  private readonly full: boolean[] = [];
  private readonly spare: Vector[] = [];

  constructor(kernels: RowKernels, length: number) {
    this.kernels = kernels;
    this.length = length;
  }

  /** A vector of zeros to add one leaf up in; give it back with `push`. */
  leaf(): Vector {
    const vector = this.spare.pop();
    if (vector === undefined) return this.kernels.zeros(this.length);
    return vector.fill(0);
  }

  push(leaf: Vector): void {
    let sum = leaf;
    let level = 0;
    while (this.full[level] === true) {
      const earlier = this.partial[level] as Vector;
      addInto(this.kernels, earlier, sum);
      this.spare.push(sum);
      sum = earlier;
      this.full[level] = false;
      level++;
    }
    this.partial[level] = sum;
    this.full[level] = true;
  }

  /** Writes the total to `out` and empties the tree. */
  drain(out: Vector): void {
    let sum: Vector | undefined;
    for (let level = 0; level < this.partial.length; level++) {
      if (this.full[level] !== true) continue;
      const earlier = this.partial[level] as Vector;
      this.full[level] = false;
      if (sum !== undefined) {
        addInto(this.kernels, earlier, sum);
        this.spare.push(sum);
      }
      sum = earlier;
    }
    if (sum === undefined) {
      out.fill(0);
      return;
    }
    out.set(sum);
    this.spare.push(sum);
  }
}
