/** Which symbol is pointed at or focused: every place where it stands shows it. */
import { type Accessor, type Context, createContext, createSignal, type Setter, useContext } from "solid-js";
import type { Lab, Selected } from "../state/types.ts";

export interface Marks {
  readonly marked: Accessor<string | null>;
  readonly mark: Setter<string | null>;
  /** It is no longer pointed at. */
  unmark(name: string): void;
  /** A symbol was pressed. */
  press(name: string): void;
}

const [none, ignore] = createSignal<string | null>(null);

const MarksContext: Context<Marks> = createContext<Marks>({
  marked: none,
  mark: ignore,
  unmark: () => {},
  press: () => {},
});

export const MarksProvider: Context<Marks>["Provider"] = MarksContext.Provider;

const known = new WeakMap<Lab, Marks>();

/** The marks of a lab, the same for all that show it: a symbol that is pressed is selected. */
export function marksOf(lab: Lab): Marks {
  const found = known.get(lab);
  if (found !== undefined) return found;
  const [marked, mark] = createSignal<string | null>(null);
  // A node that is taken off the page loses its focus in the middle of an update, where nothing may be changed.
  const unmark = (name: string): void => queueMicrotask(() => mark((now) => (now === name ? null : now)));
  const press = (name: string): void => {
    const selected = selectedBy(name);
    unmark(name);
    if (selected !== undefined) lab.select(selected);
  };
  const marks = { marked, mark, unmark, press };
  known.set(lab, marks);
  return marks;
}

export const useMarks = (): Marks => useContext(MarksContext);

/** The neuron, weight or bias that a name of the library stands for. */
export function selectedBy(name: string): Selected | undefined {
  const match = /^([xyzaWbd])(\d*)\[(\d+)(?:,(\d+))?\]$/.exec(name);
  if (match === null) return undefined;
  const [, letter, layerText, first, second] = match;
  const layer = Number(layerText || 0);
  const unit = Number(first);
  if (letter === "W" && second !== undefined)
    return { kind: "weight", layer, input: unit, unit: Number(second) };
  if (letter === "b") return { kind: "bias", layer, unit };
  if (letter === "x") return { kind: "neuron", layer: 0, unit };
  return (letter === "a" || letter === "z") && layer > 0 ? { kind: "neuron", layer, unit } : undefined;
}
