/** Vectors that a step needs but that are not state: made once for each state, never saved, never made in a step again. */
import type { Vector } from "../core/index.ts";
import { vectorLike } from "../kernels/index.ts";

/** Gives the same `count` vectors, shaped like `w`, each time that it is asked with the same state. */
export type Scratch = (state: object, w: Vector) => readonly Vector[];

interface Held {
  readonly home: ArrayBufferLike;
  readonly length: number;
  readonly vectors: readonly Vector[];
}

export function scratchVectors(count: number): Scratch {
  const held = new WeakMap<object, Held>();
  return (state, w) => {
    const found = held.get(state);
    // They lie beside w, so that operations on both need not leave a plan's memory; when w moves they are made anew.
    if (found?.home === w.buffer && found.length === w.length) return found.vectors;
    const vectors = Array.from({ length: count }, () => vectorLike(w));
    held.set(state, { home: w.buffer, length: w.length, vectors });
    return vectors;
  };
}
