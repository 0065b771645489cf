// What is on show, in words: the preset as long as it is one, else the network, the data and the method.
import "./Heading.css";
import { createMemo, Index, type JSX, Show } from "solid-js";
import { dataTitles, methodTitles } from "../panels/names.ts";
import { commandOf, type Preset, presets } from "../state/setting.ts";
import type { Lab, Setting } from "../state/types.ts";

export function Heading(props: { lab: Lab }): JSX.Element {
  // Another setting only where another part of it than time and weights is.
  const kept = createMemo(() => props.lab.setting(), undefined, { equals: sameBesidesTime });
  const preset = createMemo(() => presetOf(kept()));
  const progress = createMemo(() => props.lab.progress());
  const message = () => progress().message;
  return (
    <header class="heading">
      <h1>{preset()?.title ?? "Your own network"}</h1>
      <p class="heading-words">{preset()?.sentence ?? sentenceOf(props.lab)}</p>
      <Show when={message() !== ""}>
        <p class="heading-message" classList={{ "heading-failed": progress().status === "failed" }}>
          {message()}
        </p>
      </Show>
    </header>
  );
}

const presetKeys = presets.map(({ setting }) => keyOf(setting));

const sameBesidesTime = (a: Setting, b: Setting): boolean =>
  (Object.keys(a) as (keyof Setting)[]).every(
    (field) => field === "start" || field === "step" || a[field] === b[field],
  );

/** Time that passes and edited weights leave a preset what it is. */
function presetOf(setting: Setting): Preset | undefined {
  // No preset has points of its own, which are long to write out.
  if (setting.data.points !== undefined) return undefined;
  const mine = keyOf(setting);
  return presets.find((_, i) => presetKeys[i] === mine);
}

/** The same text for the same setting, in whatever order its fields stand. */
function keyOf({ start: _, step: __, ...rest }: Setting): string {
  return JSON.stringify(rest, (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function sentenceOf(lab: Lab): string {
  const { data, trainer } = lab.setting();
  const { layers, inputs } = lab.network();
  const sizes = [inputs, ...layers.map(({ units }) => units)].join("–");
  const about =
    data.kind === "drawn"
      ? "points drawn by hand"
      : data.kind === "table"
        ? "a table"
        : dataTitles[data.kind];
  return `A ${sizes} network on ${about}, ${lab.dataset().rows} examples, trained by ${methodTitles[trainer.method]}.`;
}

/** The line for the command that gives the same bits; nothing where the data are the reader's own. */
export function CommandLine(props: { lab: Lab }): JSX.Element {
  const line = createMemo(() => commandOf(props.lab.setting(), props.lab.dataset()));
  return (
    <Show when={line()}>
      {(text) => (
        <p class="command-line">
          The same by the command:{" "}
          <code>
            <Index each={text().split(/ (?=--)/)}>
              {(word) => <span class="command-word">{word()} </span>}
            </Index>
          </code>
        </p>
      )}
    </Show>
  );
}
