// The network as a list: what can be done on its picture, here with words, and how it starts.
import { createMemo, Index, type JSX, Show } from "solid-js";
import { type Activation, activationNames, type Init, initNames } from "talweg";
import { addLayer, removeLayer } from "../parts/networkDiagramChanges.ts";
import { limits } from "../state/setting.ts";
import type { Lab, LayerSetting } from "../state/types.ts";
import { Button, Choice, Panel } from "./controls.tsx";
import { change, editSetting } from "./edit.ts";
import { NumberField } from "./NumberField.tsx";
import { titleOf } from "./names.ts";

// Softmax shares 1 out among the units of its layer, which is for outputs.
const hiddenActivations = activationNames
  .filter((name) => name !== "softmax")
  .map((value) => ({ value, label: titleOf(value) }));

export function NetworkPanel(props: { lab: Lab }): JSX.Element {
  const setting = () => props.lab.setting();
  // The setting is another with each step, its layers are not.
  const layers = createMemo(() => setting().hidden);
  const count = () => props.lab.network().parameters.length;
  const last = () => props.lab.network().layers.at(-1)?.activation ?? "linear";
  const editLayer = (at: number, part: Partial<LayerSetting>, label: string, merge?: string): void =>
    change(
      props.lab,
      label,
      (old) => ({ ...old, hidden: old.hidden.map((layer, i) => (i === at ? { ...layer, ...part } : layer)) }),
      merge,
    );
  return (
    <Panel title="Network" aside={`${count()} parameters`}>
      <ol class="layers">
        <Index each={layers()}>
          {(layer, at) => (
            <li class="layer">
              <NumberField
                label={`layer ${at + 1}`}
                unit={layer().units === 1 ? "unit" : "units"}
                value={layer().units}
                min={limits.units[0]}
                max={limits.units[1]}
                step={1}
                whole
                onChange={(units, merge) => editLayer(at, { units }, `units of layer ${at + 1}`, merge)}
              />
              <Choice
                label={`layer ${at + 1}: activation`}
                bare
                segmented={false}
                value={layer().activation}
                options={hiddenActivations}
                onChange={(activation) => editLayer(at, { activation }, `activation of layer ${at + 1}`)}
              />
              <Button
                label={`Remove layer ${at + 1}`}
                icon="close"
                onClick={() => removeLayer(props.lab, at + 1)}
              />
            </li>
          )}
        </Index>
      </ol>
      <Show when={layers().length < limits.layers}>
        <div class="layer-more">
          <Button
            label="Add a layer"
            icon="plus"
            wide
            onClick={() => addLayer(props.lab, layers().length + 1)}
          />
        </div>
      </Show>
      <Choice
        label="output"
        value={setting().output ?? ""}
        segmented={false}
        options={[
          { value: "", label: `auto: ${titleOf(last())}` },
          ...activationNames.map((value) => ({ value, label: titleOf(value) })),
        ]}
        onChange={(name) =>
          editSetting(props.lab, "output", { output: name === "" ? null : (name as Activation) })
        }
      />
      <Choice
        label="first weights"
        value={setting().init ?? ""}
        segmented={false}
        options={[
          { value: "", label: "auto" },
          ...initNames.map((value) => ({ value, label: titleOf(value) })),
        ]}
        onChange={(name) =>
          editSetting(props.lab, "first weights", { init: name === "" ? null : (name as Init) })
        }
      />
    </Panel>
  );
}
