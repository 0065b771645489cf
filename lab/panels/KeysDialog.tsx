// What the keys do.
import "./KeysDialog.css";
import { createEffect, For, type JSX } from "solid-js";
import type { View } from "../state/types.ts";
import { Button } from "./controls.tsx";

type Key = readonly [keys: readonly string[], does: string];

const keys: Readonly<Record<View, readonly Key[]>> = {
  playground: [
    [["Space"], "run or pause"],
    [["←", "→"], "in the bar at the bottom: one back, one on"],
    [["Ctrl", "Z"], "undo"],
    [["Ctrl", "Shift", "Z"], "redo"],
    [["Tab"], "from part to part"],
    [["↑", "↓"], "change the number or the weight in focus; in a picture, walk"],
    [["Shift", "↑"], "ten times as much"],
    [["Alt", "↑"], "a tenth as much"],
    [["Home", "End"], "to the limits"],
    [["Enter"], "type a number for what is in focus"],
    [["+", "−"], "on a neuron: one more in its layer, or one less"],
    [["Delete"], "on a neuron: take it out; the others keep their weights"],
    [["?"], "this list"],
  ],
  digits: [
    [["←", "→", "↑", "↓"], "on the field: move the pen; in a picture or a grid, walk"],
    [["Space"], "on the field: paint there"],
    [["Shift", "→"], "on the field: draw a line"],
    [["Delete"], "on the field: erase there"],
    [["Ctrl", "Z"], "undo"],
    [["Ctrl", "Shift", "Z"], "redo"],
    [["Tab"], "from part to part"],
    [["?"], "this list"],
  ],
};

export function KeysDialog(props: { view: View; open: boolean; onClose: () => void }): JSX.Element {
  let dialog!: HTMLDialogElement;
  createEffect(() => {
    if (props.open && !dialog.open) dialog.showModal();
    if (!props.open && dialog.open) dialog.close();
  });
  return (
    <dialog class="keys" ref={dialog} aria-labelledby="keys-title" onClose={() => props.onClose()}>
      <header class="keys-head">
        <h2 id="keys-title">Keys</h2>
        <Button label="Close" icon="close" onClick={() => dialog.close()} />
      </header>
      <dl class="keys-list">
        <For each={keys[props.view]}>
          {([names, does]) => (
            <div class="keys-row">
              <dt>
                <For each={names}>{(name) => <kbd>{name}</kbd>}</For>
              </dt>
              <dd>{does}</dd>
            </div>
          )}
        </For>
      </dl>
    </dialog>
  );
}
