// Over and under the network's columns: what they are, and controls for how many neurons and layers there are.
import "../style/controls.css";
import { createMemo, For, type JSX, Show } from "solid-js";
import { type Activation, activationNames } from "talweg";
import { Icon } from "../panels/icons.tsx";
import { titleOf } from "../panels/names.ts";
import { limits } from "../state/limits.ts";
import type { Lab, Operation } from "../state/types.ts";
import { addLayer, changeActivation, changeUnits, removeLayer } from "./networkDiagramChanges.ts";
import type { DiagramLayout } from "./networkDiagramLayout.ts";

export interface ColumnsProps {
  readonly lab: Lab;
  readonly layout: DiagramLayout;
  readonly part: "head" | "foot";
}

export function NetworkDiagramColumns(props: ColumnsProps): JSX.Element {
  const last = (): number => props.layout.sizes.length - 1;
  const narrow = (): boolean => props.layout.pitch < 112;
  const at = (x: number): JSX.CSSProperties => ({ left: `${x}px` });
  return (
    <div class={`diagram-columns is-${props.part}`} classList={{ "is-narrow": narrow() }}>
      <For each={props.layout.columns}>
        {(x, column) => (
          <div
            class="diagram-column"
            style={{ ...at(x), width: `${Math.min(128, props.layout.pitch - 4)}px` }}
          >
            <Show
              when={props.part === "head"}
              fallback={
                <Foot
                  lab={props.lab}
                  layer={column()}
                  last={last()}
                  units={props.layout.sizes[column()]!}
                  narrow={narrow()}
                />
              }
            >
              <Head lab={props.lab} layer={column()} last={last()} narrow={narrow()} />
            </Show>
          </div>
        )}
      </For>
      <Show when={props.part === "head" && props.lab.setting().hidden.length < limits.layers}>
        <For each={props.layout.columns.slice(1)}>
          {(x, gap) => (
            <button
              type="button"
              class="diagram-add"
              style={at(x - props.layout.pitch / 2)}
              aria-label={`Add a layer before ${gap() === last() - 1 ? "the output" : `layer ${gap() + 1}`}`}
              title="Add a layer here"
              onClick={() => addLayer(props.lab, gap() + 1)}
            >
              <Icon name="plus" />
            </button>
          )}
        </For>
      </Show>
    </div>
  );
}

const passes: Record<Operation["pass"], string> = {
  forward: "forward →",
  loss: "loss",
  backward: "← backward",
  update: "update",
};

function Head(props: { lab: Lab; layer: number; last: number; narrow: boolean }): JSX.Element {
  const title = (): string => {
    if (props.layer === 0) return props.narrow ? "in" : "inputs";
    if (props.layer === props.last) return props.narrow ? "out" : "output";
    return props.narrow ? String(props.layer) : `layer ${props.layer}`;
  };
  /** The operation that the reader has stepped to, where it concerns this column. */
  const pass = (): string | undefined => {
    const operation = props.lab.operation();
    return operation === null || operation.layer !== props.layer ? undefined : passes[operation.pass];
  };
  return (
    <span class="diagram-title" classList={{ "is-operating": pass() !== undefined }}>
      {pass() ?? title()}
    </span>
  );
}

interface FootProps {
  readonly lab: Lab;
  readonly layer: number;
  readonly last: number;
  readonly units: number;
  readonly narrow: boolean;
}

function Foot(props: FootProps): JSX.Element {
  const isHidden = (): boolean => props.layer > 0 && props.layer < props.last;
  return (
    <>
      <Show when={isHidden()}>
        <div class="diagram-count">
          <button
            type="button"
            class="diagram-button"
            aria-label={`One neuron less in layer ${props.layer}`}
            aria-disabled={props.units <= limits.units[0]}
            onClick={() => changeUnits(props.lab, props.layer, -1)}
          >
            <Icon name="minus" />
          </button>
          <output class="diagram-units" aria-label={`Neurons in layer ${props.layer}`}>
            {props.units}
          </output>
          <button
            type="button"
            class="diagram-button"
            aria-label={`One neuron more in layer ${props.layer}`}
            aria-disabled={props.units >= limits.units[1]}
            onClick={() => changeUnits(props.lab, props.layer, 1)}
          >
            <Icon name="plus" />
          </button>
          <button
            type="button"
            class="diagram-button is-remove"
            aria-label={`Remove layer ${props.layer}`}
            title={`Remove layer ${props.layer}`}
            onClick={() => removeLayer(props.lab, props.layer)}
          >
            <Icon name="close" />
          </button>
        </div>
      </Show>
      <Show when={props.layer > 0}>
        <ActivationChoice {...props} />
      </Show>
    </>
  );
}

function ActivationChoice(props: FootProps): JSX.Element {
  const isOutput = (): boolean => props.layer === props.last;
  const own = (): Activation => props.lab.network().layers[props.layer - 1]?.activation ?? "linear";
  const left = (): string => (props.narrow ? titleOf(own()) : `${titleOf(own())} (auto)`);
  const value = createMemo((): string => (isOutput() ? (props.lab.setting().output ?? "") : own()));
  return (
    <span class="diagram-choice">
      <select
        aria-label={`Activation of ${isOutput() ? "the output" : `layer ${props.layer}`}`}
        onChange={({ currentTarget }) =>
          changeActivation(
            props.lab,
            props.layer,
            currentTarget.value === "" ? null : (currentTarget.value as Activation),
          )
        }
      >
        <Show when={isOutput()}>
          <option value="" selected={value() === ""}>
            {value() === "" ? left() : "auto: as the data want"}
          </option>
        </Show>
        <For each={activationNames.filter((name) => isOutput() || name !== "softmax")}>
          {(name) => (
            <option value={name} selected={value() === name}>
              {titleOf(name)}
            </option>
          )}
        </For>
      </select>
    </span>
  );
}
