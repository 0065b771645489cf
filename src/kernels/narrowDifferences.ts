/**
 * Losses that are sums over the outputs of a term of d = a - y, after an activation in which units keep to themselves: the
 * arithmetic of `laneOutputs.ts` for one vector, whatever its four lanes stand for, so that nothing passes through memory.
 */
import { laneActivations } from "./laneActivations.ts";
import { type LaneDifference, laneDifferences, timesShare } from "./laneDifferences.ts";
import type { LaneMathematics } from "./laneMathematics.ts";
import type { LayerShape, Loss } from "./spec.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Lanes } from "./wasmValues.ts";

const differences: Partial<Readonly<Record<Loss, LaneDifference>>> = laneDifferences;

export interface DifferenceOutput {
  /** By what the sum of the terms is multiplied. */
  readonly share: number;
  a(z: Local<Lanes>): Lanes;
  /** The term of d = a - y, and dC/dz. */
  term(d: Local<Lanes>): Lanes;
  delta(z: Local<Lanes>, a: Local<Lanes>, d: Local<Lanes>): Lanes;
}

/** The output layer of these losses; undefined for other losses, and for softmax. */
export function differenceOutput(
  f: WasmFunction,
  m: LaneMathematics,
  { activation, units }: LayerShape,
  loss: Loss | undefined,
): DifferenceOutput | undefined {
  const difference = loss === undefined ? undefined : differences[loss];
  if (difference === undefined || activation === "softmax") return undefined;
  const { value, derivative } = laneActivations[activation];
  const share = difference.share(units);
  return {
    share,
    a: (z) => value(m, f, z),
    term: difference.term,
    delta(z, a, d) {
      const slope = timesShare(difference.slope(d), share);
      return activation === "linear" ? slope : slope.times(derivative(m, f, z, a));
    },
  };
}
