/** Which memory a vector lies in, and what can be done with vectors there. */
import type { Elementwise } from "./updates.ts";

export interface VectorHome extends Elementwise<Float32Array> {
  /** A vector of zeros. */
  zeros(length: number): Float32Array;
}

const homes = new WeakMap<ArrayBufferLike, VectorHome>();

/** Says that vectors in this buffer are worked on by `home`. */
export function settleVectors(buffer: ArrayBufferLike, home: VectorHome): void {
  homes.set(buffer, home);
}

/** The memory of a plan that a vector lies in, if it does. */
export function homeOf(v: Float32Array): VectorHome | undefined {
  return homes.get(v.buffer);
}
