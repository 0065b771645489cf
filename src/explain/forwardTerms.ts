/** The forward calculation term by term: z = (sum of activation times weight) + bias, a = s(z), as `kernels/scalarPlan.ts` adds. */
import { type Activation, activationTable } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import type { Float32Numbers, LayerForward, Term, UnitForward } from "./explainTypes.ts";
import { hasKink } from "./kinks.ts";
import { finiteOrNull, plain } from "./plainNumbers.ts";

/** Pre-activations and activations of one row, layer by layer: `z[0]` and `a[0]` belong to layer 1. */
export interface RowNumbers {
  z: ArrayLike<number>[];
  a: ArrayLike<number>[];
}

/** s'(z), or null for softmax. */
export function slopeOf(activation: Activation, z: number, a: number): number | null {
  if (activation === "softmax") return null;
  return plain(activationTable("float64")[activation].derivative(z, a));
}

/**
 * @param n64   The network in float64.
 * @param input `[inputs]`.
 * @param own   What the network's own float32 gives, or null where it computes in float64.
 */
export function forwardTerms(
  n64: Network,
  input: ArrayLike<number>,
  numbers: RowNumbers,
  own: RowNumbers | null,
): LayerForward[] {
  return n64.layers.map(({ inputs, units, activation }, l) => {
    const below = l === 0 ? input : numbers.a[l - 1]!;
    const weights = n64.weights(l + 1);
    const biases = n64.biases(l + 1);
    const [z, a] = [numbers.z[l]!, numbers.a[l]!];
    const unitOf = (unit: number): UnitForward => ({
      unit,
      ...products(below, weights, inputs, units, unit),
      bias: plain(biases[unit]!),
      z: plain(z[unit]!),
      a: plain(a[unit]!),
      slope: slopeOf(activation, z[unit]!, a[unit]!),
      kink: hasKink(activation) && z[unit] === 0,
      float32: own === null ? null : float32Numbers(own, l, unit),
    });
    return { layer: l + 1, inputs, activation, units: Array.from({ length: units }, (_, j) => unitOf(j)) };
  });
}

function products(
  below: ArrayLike<number>,
  weights: ArrayLike<number>,
  inputs: number,
  units: number,
  unit: number,
): { terms: Term[]; sum: number } {
  const terms: Term[] = [];
  let sum = 0;
  for (let from = 0; from < inputs; from++) {
    const input = plain(below[from]!);
    const weight = plain(weights[from * units + unit]!);
    const product = plain(input * weight);
    sum += product;
    terms.push({ from, input, weight, product });
  }
  return { terms, sum: plain(sum) };
}

function float32Numbers({ z, a }: RowNumbers, l: number, unit: number): Float32Numbers {
  return { z: finiteOrNull(z[l]![unit]!), a: finiteOrNull(a[l]![unit]!) };
}
