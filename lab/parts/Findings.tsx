// What the doctor says about what is on show: what it saw, what that means, what helps, and where it is.
import "./Findings.css";
import { createMemo, For, type JSX, Show } from "solid-js";
import type { Finding, Network } from "talweg";
import { Button, Panel } from "../panels/controls.tsx";
import type { Lab, Selected } from "../state/types.ts";
import { findingMeanings, findingTitles, placeOf } from "./findingsWords.ts";
import { exists } from "./parameterPlace.ts";

const levels = { error: "it cannot learn", warning: "it learns worse", note: "good to know" } as const;

export function Findings(props: { lab: Lab }): JSX.Element {
  // A finding with new numbers is still the same: its place on the page stays, and what is open there stays open.
  const keys = createMemo(() => props.lab.findings().map(keyOf), [], { equals: same });
  const found = (key: string): Finding | undefined => props.lab.findings().find((one) => keyOf(one) === key);
  return (
    <div class="findings">
      <Panel
        title="Findings"
        aside={<Show when={props.lab.findingsStale()}>{<span class="findings-stale">looking …</span>}</Show>}
      >
        <div aria-live="polite">
          <Show
            when={keys().length > 0}
            fallback={
              <p class="findings-none">
                {props.lab.findingsStale()
                  ? "Nothing stood out so far."
                  : "Nothing stands in the way of learning: no layer is flat or dead, and the gradient reaches all of them."}
              </p>
            }
          >
            <ul class="findings-list">
              <For each={keys()}>
                {(key) => (
                  <Show when={found(key)}>{(finding) => <One lab={props.lab} finding={finding()} />}</Show>
                )}
              </For>
            </ul>
          </Show>
        </div>
      </Panel>
    </div>
  );
}

const keyOf = ({ code, layer, columns }: Finding): string =>
  `${code} ${layer ?? ""} ${columns?.join() ?? ""}`;
const same = (a: readonly string[], b: readonly string[]): boolean => a.join("|") === b.join("|");

function One(props: { lab: Lab; finding: Finding }): JSX.Element {
  const { lab } = props;
  const place = (): Selected | undefined => {
    const found = placeOf(props.finding);
    return found !== undefined && exists(lab.network(), found) ? found : undefined;
  };
  return (
    <li class={`finding finding-${props.finding.level}`}>
      <p class="finding-head">
        <span class="finding-level">{levels[props.finding.level]}</span>
        <strong>{findingTitles[props.finding.code]}</strong>
      </p>
      <p class="finding-message">{sentence(props.finding.message)}</p>
      <p class="finding-meaning">{findingMeanings[props.finding.code]}</p>
      <p class="finding-remedy">
        <span class="finding-word">What helps:</span> {props.finding.remedy}.
      </p>
      <Show when={place()}>
        {(at) => (
          <Button
            label={showLabel(lab.network(), at())}
            onClick={() => showNeuron(lab, pointed(lab, props.finding, at()))}
          />
        )}
      </Show>
    </li>
  );
}

/** Goes to the neuron in the picture of the network, which may lie far above. */
function showNeuron(lab: Lab, at: Selected): void {
  lab.select(at);
  if (at.kind !== "neuron") return;
  const node = document.querySelector<HTMLElement>(`[data-neuron="${at.layer}-${at.unit}"]`);
  node?.closest(".diagram-stage")?.scrollIntoView({ block: "nearest" });
  node?.focus({ preventScroll: true });
}

/** One that is to blame: of a layer with dead neurons a dead one. */
function pointed(lab: Lab, { code, layer }: Finding, at: Selected): Selected {
  const { x } = lab.dataset();
  if (code !== "dead-relu" || layer === undefined || x instanceof Uint8Array) return at;
  const activations = lab.network().forward(x).a[layer - 1]!;
  const { units } = lab.network().layers[layer - 1]!;
  const alive = new Set<number>();
  for (const [i, a] of activations.entries()) if (a > 0) alive.add(i % units);
  const unit = Array.from({ length: units }, (_, j) => j).find((j) => !alive.has(j));
  return unit === undefined ? at : { kind: "neuron", layer, unit };
}

function showLabel(n: Network, at: Selected): string {
  if (at.kind === "none" || at.layer === 0) return "Show the input";
  return at.layer === n.layers.length ? "Show the output layer" : `Show layer ${at.layer}`;
}

const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
