/**
 * States of a run by step, to go back to: sparse enough to stay small, dense enough that no way back is long.
 *
 * They lie at multiples of a spacing that is known before the run begins, so that a run is the same however it was walked.
 */
import type { TrainState } from "talweg";
import type { Mark } from "./protocol.ts";

export interface Keyframe {
  readonly mark: Mark;
  readonly parameters: Float32Array;
  /** What the optimizer and the loop remember; null at the start, which needs nothing. */
  readonly state: TrainState | null;
}

/** States that are kept at most, and their bytes. */
export const KEYFRAMES = 200;
const BYTES = 64 * 1024 * 1024;

/** Steps between two keyframes. @param bytes Of one of them. @param most How many there may be. */
export function spacingOf(steps: number, bytes: number, most: number): number {
  const count = Math.max(1, Math.min(most, Math.floor(BYTES / bytes)));
  return Math.max(1, Math.ceil(steps / count));
}

export class Keyframes {
  private readonly byStep = new Map<number, Keyframe>();
  private readonly spacing: number;

  constructor(first: Keyframe, spacing: number) {
    this.spacing = spacing;
    this.add(first);
  }

  add(keyframe: Keyframe): void {
    this.byStep.set(keyframe.mark.step, keyframe);
  }

  /** The last one that is not behind `step`. */
  before(step: number): Keyframe {
    for (let at = step - (step % this.spacing); at > 0; at -= this.spacing) {
      const found = this.byStep.get(at);
      if (found !== undefined) return found;
    }
    return this.byStep.get(0)!;
  }
}

/** Bytes of the typed arrays in plain data. */
export function bytesOf(data: unknown): number {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  if (typeof data !== "object" || data === null) return 8;
  return Object.values(data).reduce((sum: number, part) => sum + bytesOf(part), 0);
}
