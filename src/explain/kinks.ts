/** Where derivatives jump, so that a difference across such a place is no derivative. */
import type { Activation } from "../kernels/index.ts";

/** Activations whose derivative jumps at 0. */
const KINKED: ReadonlySet<Activation> = new Set(["relu", "leakyRelu", "selu"]);

/** Whether s' jumps at 0. */
export function hasKink(activation: Activation): boolean {
  return KINKED.has(activation);
}

/** Whether s is of two pieces: s' jumps at 0, or s'' as that of elu, which differences of the fourth order feel. */
export function isPiecewise(activation: Activation): boolean {
  return hasKink(activation) || activation === "elu";
}

/** On which side of 0 a pre-activation lies; 0 itself counts as left, whose slope the backward pass takes. */
export function sideOf(z: number): number {
  return z > 0 ? 1 : 0;
}

/** In which piece of huber an output lies that misses its target by `d`. */
export function huberSide(d: number): number {
  return d > 1 ? 1 : d < -1 ? -1 : 0;
}
