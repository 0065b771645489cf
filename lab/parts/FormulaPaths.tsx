// The derivative as a sum over all ways from the parameter to the loss: what each way's factors multiply to.
import { createSignal, For, Index, type JSX, Show } from "solid-js";
import type { Explanation, ParameterExplanation, Path } from "talweg/explain";
import { numberText } from "../panels/numberText.ts";
import { Inline, Num, Op, Value } from "./math.tsx";

export interface PathsProps {
  readonly explanation: Explanation;
  readonly parameter: ParameterExplanation;
  readonly digits: number;
}

export function FormulaPaths(props: PathsProps): JSX.Element {
  const [open, setOpen] = createSignal(false);
  const paths = () => props.parameter.paths;
  const places = (): number[] => paths().listed.map((_, i) => i);
  return (
    <Show when={paths().count > 1}>
      <details class="formula-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{numberText(paths().count)} ways from here to the loss, which add up to the same</summary>
        <Show when={open()}>
          <ol class="formula-paths">
            <For each={places()}>
              {(i) => <Show when={paths().listed[i]}>{(path) => <Way {...props} path={path()} />}</Show>}
            </For>
            <Show when={!paths().complete}>
              <li class="formula-path">
                <span>… all others</span>
                <Value value={paths().sum - paths().listedSum} digits={props.digits} />
              </li>
            </Show>
          </ol>
        </Show>
      </details>
    </Show>
  );
}

/** "2 → 0 → loss": the neurons of the way, its factors and their product. */
function Way(props: PathsProps & { path: Path }): JSX.Element {
  const units = (): string => [...props.path.units, "loss"].join(" → ");
  return (
    <li class="formula-path">
      <span class="formula-way">{units()}</span>
      <Inline>
        <Index each={props.path.factors}>
          {(factor, i) => (
            <>
              <Show when={i > 0}>
                <Op text="·" />
              </Show>
              <Num value={factor().value} digits={Math.min(3, props.digits)} />
            </>
          )}
        </Index>
        <Op text="=" />
        <Num value={props.path.contribution} digits={props.digits} />
      </Inline>
    </li>
  );
}
