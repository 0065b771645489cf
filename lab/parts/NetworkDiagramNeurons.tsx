// The neurons for keyboard and screen reader: one button each, of which Tab finds one; arrows lead on along neurons and layers.
import { createMemo, createSignal, For, type JSX } from "solid-js";
import { limits } from "../state/limits.ts";
import type { DataSetting, Lab } from "../state/types.ts";
import { steadyNumber } from "./chartScale.ts";
import { changeUnits, removeUnit } from "./networkDiagramChanges.ts";
import type { DiagramLayout } from "./networkDiagramLayout.ts";
import { type DiagramPointer, focusIn } from "./networkDiagramPointer.ts";
import { neuronWords, numberOf } from "./parameterPlace.ts";

export interface NeuronsProps {
  readonly lab: Lab;
  readonly layout: DiagramLayout;
  readonly pointer: DiagramPointer;
}

export function NetworkDiagramNeurons(props: NeuronsProps): JSX.Element {
  let root!: HTMLFieldSetElement;
  const data = props.lab.data;
  const [stop, setStop] = createSignal<readonly [layer: number, unit: number]>([0, 0]);
  // The stop moves to what exists when neurons are removed.
  const tabStop = createMemo(() => {
    const { sizes } = props.layout;
    const layer = Math.min(stop()[0], sizes.length - 1);
    return `${layer}-${Math.min(stop()[1], sizes[layer]! - 1)}`;
  });
  const goTo = (layer: number, unit: number): void => {
    const { sizes } = props.layout;
    const to = Math.max(0, Math.min(sizes.length - 1, layer));
    focusIn(root, `[data-neuron="${to}-${Math.max(0, Math.min(sizes[to]! - 1, unit))}"]`);
  };
  const onKey = (event: KeyboardEvent, layer: number, unit: number): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { sizes } = props.layout;
    // Columns of other lengths: to the neuron at the same height.
    const across = (to: number): number =>
      Math.round(((unit + 0.5) / sizes[layer]!) * (sizes[to] ?? 1) - 0.5);
    if (event.key === "ArrowUp") goTo(layer, unit - 1);
    else if (event.key === "ArrowDown") goTo(layer, unit + 1);
    else if (event.key === "ArrowLeft") goTo(layer - 1, across(layer - 1));
    else if (event.key === "ArrowRight") goTo(layer + 1, across(layer + 1));
    else if (event.key === "Home") goTo(layer, 0);
    else if (event.key === "End") goTo(layer, sizes[layer]! - 1);
    else if (event.key === "Enter" || event.key === " ") enter(layer, unit);
    else if (event.key === "+" || event.key === "-") {
      changeUnits(props.lab, layer, event.key === "+" ? 1 : -1);
      queueMicrotask(() => goTo(layer, unit));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      removeUnit(props.lab, layer, unit);
      // The one that has taken its place.
      queueMicrotask(() => goTo(layer, unit));
    } else if (event.key === "Escape") {
      props.pointer.pinned = false;
      props.lab.select({ kind: "none" });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** To the numbers of a neuron: its bias first. */
  const enter = (layer: number, unit: number): void => {
    if (layer === 0) return;
    props.pointer.pinned = true;
    props.lab.select({ kind: "bias", layer, unit });
    queueMicrotask(() => focusIn(root.parentElement as HTMLElement, ".diagram-handle"));
  };
  const onFocus = (layer: number, unit: number): void => {
    setStop([layer, unit]);
    props.pointer.pinned = true;
    props.lab.select({ kind: "neuron", layer, unit });
  };
  return (
    <fieldset class="diagram-neurons" ref={root}>
      <legend class="unseen">
        Neurons. Arrows go along them, Enter leads to the numbers of one, Delete takes it out, plus and minus
        change how many there are, from {limits.units[0]} to {limits.units[1]}.
      </legend>
      <For each={props.layout.sizes}>
        {(size, layer) => (
          <For each={Array.from({ length: size }, (_, unit) => unit)}>
            {(unit) => (
              <button
                type="button"
                class="diagram-neuron"
                data-neuron={`${layer()}-${unit}`}
                tabindex={tabStop() === `${layer()}-${unit}` ? 0 : -1}
                aria-label={labelOf(props.lab, data(), layer(), unit)}
                style={boxOf(props.layout, layer(), unit)}
                onFocus={() => onFocus(layer(), unit)}
                onKeyDown={(event) => onKey(event, layer(), unit)}
              />
            )}
          </For>
        )}
      </For>
    </fieldset>
  );
}

const boxOf = (layout: DiagramLayout, layer: number, unit: number): JSX.CSSProperties => {
  const half = layout.half[layer]!;
  return {
    left: `${layout.columns[layer]! - half}px`,
    top: `${layout.rows[layer]![unit]! - half}px`,
    width: `${2 * half}px`,
    height: `${2 * half}px`,
  };
};

/** The numbers are said for the one that is selected only, so that the others need not follow every frame. */
function labelOf(lab: Lab, data: DataSetting, layer: number, unit: number): string {
  const n = lab.network();
  const words = neuronWords(data, n, layer, unit);
  const shape = n.layers[layer - 1];
  if (layer === 0 || shape === undefined) return words;
  const selected = lab.selected();
  if (selected.kind !== "neuron" || selected.layer !== layer || selected.unit !== unit) return words;
  const bias = steadyNumber(numberOf(n, lab.parameters(), { kind: "bias", layer, unit }), 2);
  return `${words}, ${shape.activation}, bias ${bias}, ${shape.inputs} ${shape.inputs === 1 ? "weight" : "weights"}`;
}
