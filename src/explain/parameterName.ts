/**
 * Names of single parameters: `W3[0,1]` is the weight of layer 3 from unit 0 below to unit 1, `b2[4]` the bias of unit 4 of
 * layer 2. Layers count from 1, units from 0; an index counts through the flat vector W1 row-major, b1, W2, b2, …
 */
import { OptionError } from "../core/index.ts";
import type { Network } from "../network/index.ts";

/** Where a parameter stands. */
export interface ParameterPlace {
  name: string;
  /** In the flat vector. */
  index: number;
  kind: "weight" | "bias";
  /** From 1. */
  layer: number;
  /** The unit of the layer below, or the input for layer 1; null for a bias. */
  from: number | null;
  /** The unit of `layer`. */
  unit: number;
}

/** Where the weights and biases of each layer begin in the flat vector. */
export function layerStarts(n: Network): { weights: number; biases: number }[] {
  let at = 0;
  return n.layers.map(({ inputs, units }) => {
    const weights = at;
    const biases = at + inputs * units;
    at = biases + units;
    return { weights, biases };
  });
}

/**
 * The name of the parameter at `index` of the flat vector: `W1[0,0]` for 0.
 *
 * @throws {OptionError} When the network has no such parameter.
 */
export function parameterName(n: Network, index: number): string {
  return parameterPlace(n, index).name;
}

/**
 * The place in the flat vector of a parameter, by its name: 0 for `W1[0,0]`.
 *
 * @throws {OptionError} When the network has no such parameter, with those that it has.
 */
export function parameterIndex(n: Network, name: string): number {
  return parameterPlace(n, name).index;
}

/** @param parameter A name or an index. @throws {OptionError} When the network has no such parameter. */
export function parameterPlace(n: Network, parameter: string | number): ParameterPlace {
  return typeof parameter === "number" ? placeOfIndex(n, parameter) : placeOfName(n, parameter);
}

function placeOfIndex(n: Network, index: number): ParameterPlace {
  if (!Number.isSafeInteger(index) || index < 0 || index >= n.parameterCount) {
    throw new OptionError(
      "parameter",
      `parameter is ${index}, expected an index from 0 to ${n.parameterCount - 1}, the places in the flat vector; ` +
        "or give a name such as W1[0,0].",
    );
  }
  const starts = layerStarts(n);
  let l = 0;
  while (l + 1 < starts.length && starts[l + 1]!.weights <= index) l++;
  const { weights, biases } = starts[l]!;
  const layer = l + 1;
  if (index >= biases) return biasPlace(layer, index - biases, index);
  const { units } = n.layers[l]!;
  return weightPlace(layer, Math.floor((index - weights) / units), (index - weights) % units, index);
}

const weightPlace = (layer: number, from: number, unit: number, index: number): ParameterPlace => ({
  name: `W${layer}[${from},${unit}]`,
  index,
  kind: "weight",
  layer,
  from,
  unit,
});

const biasPlace = (layer: number, unit: number, index: number): ParameterPlace => ({
  name: `b${layer}[${unit}]`,
  index,
  kind: "bias",
  layer,
  from: null,
  unit,
});

const weightName = /^W(\d{1,9})\[(\d{1,9}),(\d{1,9})\]$/i;
const biasName = /^b(\d{1,9})\[(\d{1,9})\]$/i;

function placeOfName(n: Network, given: string): ParameterPlace {
  const name = String(given).replaceAll(/\s/g, "");
  const weight = weightName.exec(name);
  const match = weight ?? biasName.exec(name);
  if (match === null) {
    throw new OptionError(
      "parameter",
      `parameter is ${JSON.stringify(given)}, expected a name such as W1[0,0] (the weight of layer 1 from input 0 to unit 0) ` +
        `or b1[0] (the bias of its unit 0), or an index from 0 to ${n.parameterCount - 1}; ${parametersOf(n, 1)}.`,
    );
  }
  const layer = Number(match[1]);
  const shape = n.layers[layer - 1];
  if (shape === undefined) {
    const count = n.layers.length;
    throw new OptionError(
      "parameter",
      `parameter ${name} does not exist: there is no layer ${layer}, the network has ${count === 1 ? "layer 1 alone" : `layers 1 to ${count}`}; ` +
        `${parametersOf(n, Math.max(1, Math.min(layer, count)))}.`,
    );
  }
  const { weights, biases } = layerStarts(n)[layer - 1]!;
  const from = weight === null ? null : Number(weight[2]);
  const unit = Number(weight === null ? match[2] : weight[3]);
  if (unit >= shape.units || (from !== null && from >= shape.inputs)) {
    throw new OptionError("parameter", `parameter ${name} does not exist; ${parametersOf(n, layer)}.`);
  }
  if (from === null) return biasPlace(layer, unit, biases + unit);
  return weightPlace(layer, from, unit, weights + from * shape.units + unit);
}

/** "layer 3 has weights W3[0..11, 0] and biases b3[0]". */
function parametersOf(n: Network, layer: number): string {
  const { inputs, units } = n.layers[layer - 1]!;
  const range = (count: number): string => (count === 1 ? "0" : `0..${count - 1}`);
  return `layer ${layer} has weights W${layer}[${range(inputs)}, ${range(units)}] and biases b${layer}[${range(units)}]`;
}
