// The runs that were kept, to be compared with the one at hand.
import "./RunsPanel.css";
import { For, type JSX, Show } from "solid-js";
import type { Lab, RunTrace } from "../state/types.ts";
import { Button, Panel } from "./controls.tsx";
import { numberText, steadyText } from "./numberText.ts";

export function RunsPanel(props: { lab: Lab }): JSX.Element {
  const runs = () => props.lab.runs();
  return (
    <Panel
      title="Runs"
      aside={
        <Show when={runs().length > 1}>
          <Button label="Forget the old ones" onClick={() => props.lab.forgetRuns()} />
        </Show>
      }
    >
      <Show
        when={runs().length > 0}
        fallback={<p class="panel-words">Each run is kept here beside the next.</p>}
      >
        <table class="runs">
          <thead class="runs-head">
            <tr>
              <th scope="col">method</th>
              <th scope="col">steps</th>
              <th scope="col">evaluations</th>
              <th scope="col">batch loss</th>
            </tr>
          </thead>
          <tbody>
            <For each={[...runs()].reverse()}>{(run) => <Row run={run} />}</For>
          </tbody>
        </table>
      </Show>
    </Panel>
  );
}

function Row(props: { run: RunTrace }): JSX.Element {
  return (
    <tr class="run" classList={{ "run-live": props.run.live }}>
      <th scope="row">{props.run.label}</th>
      <td>{numberText(props.run.steps.at(-1) ?? 0)}</td>
      <td>{numberText(props.run.evaluations.at(-1) ?? 0)}</td>
      <td>{steadyText(props.run.losses.at(-1), 3)}</td>
    </tr>
  );
}
