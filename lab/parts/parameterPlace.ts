/** Names of neurons, weights and biases: where they lie in the flat vector, how they are written and how they are said. */
import type { Network } from "talweg";
import type { DataSetting, Selected } from "../state/types.ts";

/** What has a value that can be set. */
export type Place = Extract<Selected, { kind: "weight" | "bias" }>;

/** Where a parameter lies in the flat vector W1, b1, W2, b2, … */
export function indexOf(n: Pick<Network, "layers">, place: Place): number {
  let at = 0;
  for (const { inputs, units } of n.layers.slice(0, place.layer - 1)) at += (inputs + 1) * units;
  const { inputs, units } = n.layers[place.layer - 1]!;
  return place.kind === "bias" ? at + inputs * units + place.unit : at + place.input * units + place.unit;
}

/** The name of the library and the command: "W2[3,0]", "b1[4]". */
export const nameOf = (place: Place): string =>
  place.kind === "bias" ? `b${place.layer}[${place.unit}]` : `W${place.layer}[${place.input},${place.unit}]`;

const lowered = "₀₁₂₃₄₅₆₇₈₉";
const subscript = (n: number): string => [...String(n)].map((digit) => lowered[Number(digit)]).join("");

/** "x" where it is the only input, else "x₁", "x₂" or the column's name. */
export function inputName(data: Pick<DataSetting, "names">, input: number, inputs: number): string {
  return data.names?.[input] ?? (inputs === 1 ? "x" : `x${subscript(input + 1)}`);
}

/** "ŷ" where it is the only output, else the name of the class. */
export function outputName(classes: readonly string[] | undefined, output: number, outputs: number): string {
  return outputs === 1 ? "ŷ" : (classes?.[output] ?? `ŷ${subscript(output + 1)}`);
}

/** A neuron in words; units count from 0 as in W1[0,0]. */
export function neuronWords(
  data: Pick<DataSetting, "names">,
  n: Network,
  layer: number,
  unit: number,
): string {
  if (layer === 0) return `input ${inputName(data, unit, n.inputs)}`;
  return layer === n.layers.length ? `output ${unit}` : `neuron ${unit} of layer ${layer}`;
}

/** "weight from input x to neuron 3 of layer 1". */
export function placeWords(data: Pick<DataSetting, "names">, n: Network, place: Place): string {
  const to = neuronWords(data, n, place.layer, place.unit);
  if (place.kind === "bias") return `bias of ${to}`;
  return `weight from ${neuronWords(data, n, place.layer - 1, place.input)} to ${to}`;
}

/** Whether what is selected exists in the network: layers and units may be gone since. */
export function exists(n: Network, selected: Selected): boolean {
  if (selected.kind === "none") return false;
  const { layer, unit } = selected;
  const sizes = [n.inputs, ...n.layers.map(({ units }) => units)];
  if (layer < (selected.kind === "neuron" ? 0 : 1) || unit >= (sizes[layer] ?? 0)) return false;
  return selected.kind !== "weight" || selected.input < sizes[layer - 1]!;
}

/** Its number among the parameters on show. */
export const numberOf = (n: Pick<Network, "layers">, parameters: ArrayLike<number>, place: Place): number =>
  parameters[indexOf(n, place)] ?? Number.NaN;
