/** A number on the page opens the calculation behind it, also where it belongs to no neuron and no parameter. */
import { type Accessor, createSignal, type Setter } from "solid-js";
import type { Lab } from "../state/types.ts";

/** What a number is, if it is neither the loss nor a part of the network. */
export type Topic =
  | { readonly kind: "accuracy"; readonly test: boolean }
  | { readonly kind: "testLoss" }
  | { readonly kind: "gradientNorm"; readonly layer: number }
  | { readonly kind: "stepSize" }
  | { readonly kind: "hash" };

type Signal = readonly [Accessor<Topic | undefined>, Setter<Topic | undefined>];

const known = new WeakMap<Lab, Signal>();

function signalOf(lab: Lab): Signal {
  const found = known.get(lab);
  if (found !== undefined) return found;
  const made = createSignal<Topic>();
  known.set(lab, made);
  return made;
}

/** Whose calculation is open; undefined where it is that of the loss or of what is selected. */
export function topicOf(lab: Lab): Topic | undefined {
  const topic = signalOf(lab)[0]();
  return lab.selected().kind === "none" ? topic : undefined;
}

/** To be called when something is selected: it takes the place. */
export const leaveTopic = (lab: Lab): void => void signalOf(lab)[1](undefined);

/** @param topic Undefined for the loss. */
export function showCalculation(lab: Lab, topic?: Topic): void {
  lab.select({ kind: "none" });
  signalOf(lab)[1](topic);
  const formula = document.querySelector<HTMLElement>(".formula");
  formula?.scrollIntoView({ block: "nearest" });
  formula?.querySelector<HTMLElement>(".formula-sentence")?.focus({ preventScroll: true });
}
