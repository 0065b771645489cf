/** Changes of layers and neurons, as the network's picture asks for them. */
import type { Activation } from "talweg";
import { parametersByLayer, withoutUnit } from "../state/adaptParameters.ts";
import { floatsToText } from "../state/bits.ts";
import { limits } from "../state/limits.ts";
import { networkOf } from "../state/networkOf.ts";
import type { Lab, LayerSetting, Setting } from "../state/types.ts";

const hidden = (lab: Lab, label: string, edit: (layers: readonly LayerSetting[]) => LayerSetting[]): void =>
  lab.change({ label, edit: (setting): Setting => ({ ...setting, hidden: edit(setting.hidden) }) });

/** Whether there are parameters to be kept: not those of the seed, which says anew how another network starts. */
const hasLearnt = (lab: Lab): boolean => lab.progress().step > 0 || lab.setting().start !== null;
/** What has overflowed cannot be kept. */
const isSound = (lab: Lab): boolean => lab.parameters().every(Number.isFinite);

/** @param was For a layer of the changed network (from 1) which it was before; 0 for none. */
function place(
  lab: Lab,
  label: string,
  layers: readonly LayerSetting[],
  was: (layer: number) => number,
): void {
  const to = { ...lab.setting(), hidden: layers };
  const kept = (): Float32Array =>
    parametersByLayer(lab.network(), lab.parameters(), networkOf(to, lab.dataset()), was);
  const start = hasLearnt(lab) && isSound(lab) ? { start: floatsToText(kept()), step: 0 } : {};
  lab.change({ label, edit: (setting): Setting => ({ ...setting, hidden: layers, ...start }) });
}

/** More or fewer neurons in a hidden layer (from 1); nothing where it has as many as there may be, or no say over them. */
export function changeUnits(lab: Lab, layer: number, by: 1 | -1): void {
  const units = (lab.setting().hidden[layer - 1]?.units ?? Number.NaN) + by;
  if (!(units >= limits.units[0] && units <= limits.units[1])) return;
  const label = by > 0 ? `a neuron in layer ${layer}` : `one neuron less in layer ${layer}`;
  hidden(lab, label, (layers) => layers.map((old, i) => (i === layer - 1 ? { ...old, units } : old)));
}

/** Whether neurons of a column can be taken out: inputs and outputs are those of the data. */
export const isHidden = (lab: Lab, layer: number): boolean =>
  layer > 0 && layer <= lab.setting().hidden.length;

/** "neuron 3 of layer 1", or the whole layer where it is the last one in it. */
export const removedWords = (lab: Lab, layer: number, unit: number): string =>
  lab.setting().hidden[layer - 1]?.units === 1
    ? `layer ${layer} with its only neuron`
    : `neuron ${unit} of layer ${layer}`;

/** Takes one neuron out, with its own weights and no others; with the last one of a layer the layer goes. */
export function removeUnit(lab: Lab, layer: number, unit: number): void {
  const units = lab.setting().hidden[layer - 1]?.units;
  if (units === undefined || unit >= units) return;
  if (units === 1) {
    removeLayer(lab, layer);
    return;
  }
  const label = `without ${removedWords(lab, layer, unit)}`;
  const start = isSound(lab)
    ? { start: floatsToText(withoutUnit(lab.network(), lab.parameters(), layer, unit)), step: 0 }
    : {};
  const fewer = (layers: readonly LayerSetting[]): LayerSetting[] =>
    layers.map((old, i) => (i === layer - 1 ? { ...old, units: old.units - 1 } : old));
  lab.change({
    label,
    edit: (setting): Setting => ({ ...setting, hidden: fewer(setting.hidden), ...start }),
  });
}

/**
 * A new layer as number `layer` (from 1), as wide as the one before it: so the weights around it stay what they are.
 *
 * Before the first layer there is none like it; there the first one keeps its weights, and the new ones come behind it.
 */
export function addLayer(lab: Lab, layer: number): void {
  const layers = lab.setting().hidden;
  if (layers.length >= limits.layers) return;
  const like = layers[layer - 2] ?? layers[layer - 1];
  const added: LayerSetting = {
    units: like?.units ?? 4,
    activation: like?.activation ?? "tanh",
  };
  const own = Math.max(2, layer);
  place(lab, `a layer ${layer}`, layers.toSpliced(layer - 1, 0, added), (now) =>
    now === own ? 0 : now < own ? now : now - 1,
  );
}

export function removeLayer(lab: Lab, layer: number): void {
  const layers = lab.setting().hidden;
  place(lab, `without layer ${layer}`, layers.toSpliced(layer - 1, 1), (now) =>
    now < layer ? now : now + 1,
  );
}

/** @param activation null for the output: as the data want it. */
export function changeActivation(lab: Lab, layer: number, activation: Activation | null): void {
  const layers = lab.setting().hidden;
  if (layer > layers.length) {
    lab.change({ label: "output", edit: (setting): Setting => ({ ...setting, output: activation }) });
  } else if (activation !== null) {
    hidden(lab, `activation of layer ${layer}`, (old) =>
      old.map((one, i) => (i === layer - 1 ? { ...one, activation } : one)),
    );
  }
}
