/** What outlives the view: its scene with all that can be undone, and what is pointed out in it. A link is read into it and made of it. */
import { createSignal, type Signal } from "solid-js";
import type { Network } from "talweg";
import type { Linked } from "./address.ts";
import { type Model, openingPicture, type Scene } from "./digitsState.ts";
import { createHistory, type History } from "./history.ts";
import { hashOf } from "./models.ts";
import { inputOf } from "./pictureInput.ts";
import { largestAt, type Neuron, readingOf } from "./reading.ts";

export interface Memory {
  readonly shipped: Model;
  /** What the view opens with where no link says otherwise. */
  readonly opening: Linked;
  readonly history: History<Scene>;
  readonly chosen: Signal<number | null>;
  readonly selected: Signal<Neuron>;
}

/** What a view of that network opens with: of the neurons the one that has most to say about the first picture. */
export function openingOf(shipped: Network): Linked {
  const picture = openingPicture();
  const [first = []] = readingOf(shipped, inputOf(picture)).activations;
  return {
    picture,
    origin: { kind: "shipped" },
    hash: hashOf(shipped),
    off: [],
    selected: { layer: 1, unit: largestAt(first) },
    about: null,
    wanted: null,
  };
}

export function createMemory(network: Network, opening: Linked, linked: Linked = opening): Memory {
  const shipped: Model = { network, origin: { kind: "shipped" } };
  const { scene, selected } = followed(linked, opening, [shipped]);
  return {
    shipped,
    opening,
    history: createHistory(scene),
    chosen: createSignal(linked.about),
    selected: createSignal(selected),
  };
}

/**
 * What a link shows here. A network that is not at hand leaves its place to the one that came with the page, and what the link says
 * of it waits for it.
 *
 * @param models That are at hand, the one that came with the page last.
 */
export function followed(
  { picture, origin, hash, off, selected, wanted }: Linked,
  opening: Linked,
  models: readonly Model[],
): { scene: Scene; selected: Neuron } {
  const model = models.find(({ network }) => hashOf(network) === hash);
  if (model !== undefined) {
    return { scene: { picture, model, off: existing(model.network, off), wanted }, selected };
  }
  const waiting = { origin, hash, off, selected };
  return {
    scene: { picture, model: models.at(-1)!, off: [], wanted: waiting },
    selected: opening.selected,
  };
}

/** Those that are in hidden layers of a network. */
export const existing = ({ layers }: Network, off: readonly Neuron[]): Neuron[] =>
  off.filter(({ layer, unit }) => layer < layers.length && unit < layers[layer - 1]!.units);

/** What is on show, for a link. */
export function linkedOf({ history, chosen, selected }: Memory): Linked {
  const { picture, model, off, wanted } = history.now();
  const { network, origin } = model;
  return {
    picture,
    origin,
    hash: hashOf(network),
    off,
    selected: selected[0](),
    about: chosen[0](),
    wanted,
  };
}
