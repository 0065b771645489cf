/** Changes of layers and neurons, as the network's picture asks for them. */
import type { Activation } from "talweg";
import { limits } from "../state/limits.ts";
import type { Lab, LayerSetting, Setting } from "../state/types.ts";

const hidden = (lab: Lab, label: string, edit: (layers: readonly LayerSetting[]) => LayerSetting[]): void =>
  lab.change({ label, edit: (setting): Setting => ({ ...setting, hidden: edit(setting.hidden) }) });

/** More or fewer neurons in a hidden layer (from 1); nothing where it has as many as there may be, or no say over them. */
export function changeUnits(lab: Lab, layer: number, by: 1 | -1): void {
  const units = (lab.setting().hidden[layer - 1]?.units ?? Number.NaN) + by;
  if (!(units >= limits.units[0] && units <= limits.units[1])) return;
  const label = by > 0 ? `a neuron in layer ${layer}` : `one neuron less in layer ${layer}`;
  hidden(lab, label, (layers) => layers.map((old, i) => (i === layer - 1 ? { ...old, units } : old)));
}

/** A new layer as number `layer` (from 1), like the one before it. */
export function addLayer(lab: Lab, layer: number): void {
  const layers = lab.setting().hidden;
  if (layers.length >= limits.layers) return;
  const like = layers[layer - 2] ?? layers[layer - 1];
  const added: LayerSetting = {
    units: Math.min(like?.units ?? 4, 8),
    activation: like?.activation ?? "tanh",
  };
  hidden(lab, `a layer ${layer}`, (old) => old.toSpliced(layer - 1, 0, added));
}

export function removeLayer(lab: Lab, layer: number): void {
  hidden(lab, `without layer ${layer}`, (old) => old.toSpliced(layer - 1, 1));
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
