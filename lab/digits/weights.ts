/** What the first layer looks for, and whom each of its neurons speaks for. */
import type { Network } from "talweg";
import type { Tested } from "./protocol.ts";
import type { Neuron } from "./reading.ts";

/** The weights that lead into a neuron of the first layer, `[784]`. */
export function weightImage(n: Network, unit: number): number[] {
  const { inputs, units } = n.layers[0]!;
  const w = n.weights(1);
  return Array.from({ length: inputs }, (_, i) => w[i * units + unit]!);
}

/** The weights that lead out of a neuron, one for each of the next layer; empty where there is none. */
export function outgoing(n: Network, { layer, unit }: Neuron): number[] {
  const next = n.layers[layer];
  return next === undefined
    ? []
    : Array.from(n.weights(layer + 1).subarray(unit * next.units, (unit + 1) * next.units));
}

export interface Use {
  readonly unit: number;
  /** Mean activation times the sizes of the outgoing weights; before the test images have come the latter alone. */
  readonly use: number;
}

/** The neurons of the first layer, the most used first. */
export function byUse(n: Network, tested: Tested | undefined): Use[] {
  const means = tested?.means[0];
  const uses = Array.from({ length: n.layers[0]!.units }, (_, unit) => {
    const out = outgoing(n, { layer: 1, unit }).reduce((sum, weight) => sum + Math.abs(weight), 0);
    const mean =
      means === undefined || means[0]?.length !== n.layers[0]!.units
        ? 1
        : means.reduce((sum, ofClass) => sum + Math.abs(ofClass[unit] ?? 0), 0) / means.length;
    return { unit, use: n.layers.length === 1 ? -unit : out * mean };
  });
  return uses.sort((a, b) => b.use - a.use || a.unit - b.unit);
}

export const largestSize = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
