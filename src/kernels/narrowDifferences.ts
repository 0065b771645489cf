/**
 * Losses that are sums over the outputs of a term of d = a - y, after an activation in which units keep to themselves: the
 * arithmetic of `laneOutputs.ts` for one vector, whatever its four lanes stand for, so that nothing passes through memory.
 */
import { laneActivations } from "./laneActivations.ts";
import type { LaneMathematics } from "./laneMathematics.ts";
import type { LayerShape, Loss } from "./spec.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Lanes } from "./wasmValues.ts";

interface Difference {
  /** By what the sum over n outputs is multiplied. */
  share(n: number): number;
  term(d: Local<Lanes>): Lanes;
  slope(d: Local<Lanes>): Lanes;
}

const square = (d: Lanes): Lanes => d.times(d);
const twice = (d: Lanes): Lanes => d.times(2);

const differences: Partial<Readonly<Record<Loss, Difference>>> = {
  sumOfSquares: { share: () => 1, term: square, slope: twice },
  meanSquaredError: { share: (n) => 1 / n, term: square, slope: twice },
  huber: {
    share: (n) => 1 / n,
    term: (d) => d.times(d).times(0.5).where(d.absolute().lessOrEqual(1), d.absolute().minus(0.5)),
    slope: (d) => d.atMost(1).atLeast(-1),
  },
};

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

/** x times a factor that the generator knows; times 1 changes nothing. */
export function timesShare(x: Lanes, factor: number): Lanes {
  return factor === 1 ? x : x.times(factor);
}
