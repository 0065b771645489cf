/**
 * Parameters for changed layers: what survives is kept, what is new comes from the seed.
 *
 * Layers are matched from both ends, so that one added or removed between takes only its own weights with it. Of a layer that
 * became wider or narrower the first units stay.
 */
import type { Network } from "talweg";

interface Place {
  /** In the flat vector. */
  at: number;
  inputs: number;
  units: number;
}

/**
 * @param from       The network that the parameters belong to.
 * @param parameters `[from.parameterCount]`.
 * @param to         The changed network, with the parameters that its seed gives.
 * @returns `[to.parameterCount]`.
 */
export function adaptParameters(from: Network, parameters: Float32Array, to: Network): Float32Array {
  const adapted = to.parameters.slice() as Float32Array;
  const [old, now] = [placesOf(from), placesOf(to)];
  const below = from.layers.length === to.layers.length ? now.length : equalBelow(from, to);
  const shift = old.length - now.length;
  for (const [i, place] of now.entries()) {
    const source =
      i < below ? old[i] : i >= now.length - equalAbove(from, to, below) ? old[i + shift] : undefined;
    if (source !== undefined) copyLayer(parameters, source, adapted, place);
  }
  return adapted;
}

/**
 * Parameters without one unit of a hidden layer, for a network that has one less there.
 *
 * @param layer From 1. @param unit From 0.
 */
export function withoutUnit(n: Network, parameters: Float32Array, layer: number, unit: number): Float32Array {
  const kept: number[] = [];
  for (const [i, { at, inputs, units }] of placesOf(n).entries()) {
    const end = at + (inputs + 1) * units;
    for (let index = at; index < end; index++) {
      const row = Math.floor((index - at) / units);
      const column = (index - at) % units;
      const goes = (i === layer - 1 && column === unit) || (i === layer && row === unit);
      if (!goes || (i === layer && row === inputs)) kept.push(parameters[index]!);
    }
  }
  return Float32Array.from(kept);
}

/**
 * Parameters where it is known which layer became which: those of a layer with the same shape are kept, others come from the seed.
 *
 * Of layers that are alike nobody can tell by their shapes which of them was added or removed.
 *
 * @param was For a layer of `to` (from 1) the one of `from` that it was; 0 where it is new.
 */
export function parametersByLayer(
  from: Network,
  parameters: Float32Array,
  to: Network,
  was: (layer: number) => number,
): Float32Array {
  const adapted = to.parameters.slice() as Float32Array;
  const old = placesOf(from);
  for (const [i, { at, inputs, units }] of placesOf(to).entries()) {
    const given = old[was(i + 1) - 1];
    if (given?.inputs !== inputs || given.units !== units) continue;
    adapted.set(parameters.subarray(given.at, given.at + (inputs + 1) * units), at);
  }
  return adapted;
}

function placesOf({ layers }: Network): Place[] {
  let at = 0;
  return layers.map(({ inputs, units }) => {
    const place = { at, inputs, units };
    at += (inputs + 1) * units;
    return place;
  });
}

/** Layers from the inputs on that are the same in both. */
function equalBelow(from: Network, to: Network): number {
  const most = Math.min(from.layers.length, to.layers.length);
  let count = 0;
  while (count < most && sameLayer(from, count, to, count)) count++;
  return count;
}

/** Layers from the outputs on that are the same in both, none of them counted already. */
function equalAbove(from: Network, to: Network, below: number): number {
  const most = Math.min(from.layers.length, to.layers.length) - below;
  let count = 0;
  while (count < most && sameLayer(from, from.layers.length - 1 - count, to, to.layers.length - 1 - count)) {
    count++;
  }
  return count;
}

function sameLayer(from: Network, i: number, to: Network, j: number): boolean {
  const [a, b] = [from.layers[i]!, to.layers[j]!];
  return a.inputs === b.inputs && a.units === b.units && a.activation === b.activation;
}

/** The weights between units that are in both, and the biases of those. */
function copyLayer(parameters: Float32Array, from: Place, out: Float32Array, to: Place): void {
  const inputs = Math.min(from.inputs, to.inputs);
  const units = Math.min(from.units, to.units);
  const copyRow = (source: number, target: number): void => {
    const at = from.at + source * from.units;
    out.set(parameters.subarray(at, at + units), to.at + target * to.units);
  };
  for (let row = 0; row < inputs; row++) copyRow(row, row);
  copyRow(from.inputs, to.inputs);
}
