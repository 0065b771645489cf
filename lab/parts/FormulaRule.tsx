// What the functions are in general, set by KaTeX while the page is built; fetched when somebody opens it.
import { createResource, createSignal, For, type JSX, Show } from "solid-js";
import { titleOf } from "../panels/names.ts";
import type { Lab } from "../state/types.ts";
import { exists } from "./parameterPlace.ts";

const formulas = import.meta.glob<string>("../formulas/*.tex", { import: "default" });

interface Rule {
  readonly name: string;
  readonly title: string;
}

export function FormulaRule(props: { lab: Lab }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <details class="formula-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>In general</summary>
      <Show when={open()}>
        <dl class="formula-rules">
          <For each={rulesOf(props.lab)}>{(rule) => <One rule={rule} />}</For>
        </dl>
      </Show>
    </details>
  );
}

function One(props: { rule: Rule }): JSX.Element {
  const [markup] = createResource(() => formulas[`../formulas/${props.rule.name}.tex`]?.() ?? "");
  return (
    <div>
      <dt>{props.rule.title}</dt>
      <Show when={markup.latest}>{(text) => <dd innerHTML={text()} />}</Show>
    </div>
  );
}

/** Of the activation at hand, of the chain rule where a parameter is chosen, else of the loss. */
function rulesOf(lab: Lab): Rule[] {
  const selected = lab.selected();
  const n = lab.network();
  const loss: Rule = { name: lab.loss(), title: titleOf(lab.loss()) };
  if (selected.kind === "none" || selected.layer === 0 || !exists(n, selected)) return [loss];
  const { activation } = n.layers[selected.layer - 1]!;
  const function_: Rule = { name: activation, title: titleOf(activation) };
  if (selected.kind === "neuron") return [function_];
  return [{ name: "chainRule", title: "chain rule" }, function_, loss];
}
