// The line at the top: where one is, what can be undone, presets, the theme, and the link to what is on show.
import "./TopBar.css";
import { createMemo, createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import { presets } from "../state/setting.ts";
import type { Lab, View } from "../state/types.ts";
import { isDark, setTheme } from "../style/colors.ts";
import { Digits } from "../views/later.ts";
import { Button } from "./controls.tsx";
import { change } from "./edit.ts";
import { Icon } from "./icons.tsx";
import { Menu } from "./Menu.tsx";

const views: readonly { view: View; name: string }[] = [
  { view: "playground", name: "Playground" },
  ...(Digits === undefined ? [] : [{ view: "digits", name: "Digits" } as const]),
];

export function TopBar(props: { lab: Lab; link: () => Promise<string>; onKeys: () => void }): JSX.Element {
  const items = presets.map((preset) => ({
    name: preset.title,
    words: preset.sentence,
    onPick: () => change(props.lab, preset.title, () => preset.setting),
  }));
  const view = createMemo(() => props.lab.setting().view);
  return (
    <header class="top">
      <p class="top-name">
        <Mark /> Talweg
      </p>
      <nav class="top-views" aria-label="views">
        <For each={views}>
          {({ view: own, name }) => (
            <button
              type="button"
              class="top-view"
              aria-current={view() === own ? "page" : undefined}
              onClick={() => change(props.lab, name, (old) => ({ ...old, view: own }))}
            >
              {name}
            </button>
          )}
        </For>
      </nav>
      <div class="top-tools">
        <Menu label="Examples" items={items} />
        <Undo lab={props.lab} />
        <CopyLink hash={props.lab.measures().hash} link={props.link} />
        <Button
          label={isDark() ? "Light page" : "Dark page"}
          icon={isDark() ? "sun" : "moon"}
          onClick={() => setTheme(isDark() ? "light" : "dark")}
        />
        <span class="top-keys">
          <Button label="Keys" keys="?" onClick={props.onKeys} />
        </span>
      </div>
    </header>
  );
}

function Mark(): JSX.Element {
  return (
    <svg class="top-mark" viewBox="0 0 32 24" aria-hidden="true">
      <path d="M2 4c7 0 8 15 14 15S23 4 30 4" />
      <circle cx="16" cy="19" r="3" />
    </svg>
  );
}

function Undo(props: { lab: Lab }): JSX.Element {
  const label = (verb: string, what: string | null): string => (what === null ? verb : `${verb}: ${what}`);
  return (
    <span class="top-pair">
      <Button
        label={label("Undo", props.lab.undoLabel())}
        icon="undo"
        keys="Control+Z"
        disabled={props.lab.undoLabel() === null}
        onClick={() => props.lab.undo()}
      />
      <Button
        label={label("Redo", props.lab.redoLabel())}
        icon="redo"
        keys="Control+Shift+Z"
        disabled={props.lab.redoLabel() === null}
        onClick={() => props.lab.redo()}
      />
    </span>
  );
}

/** How long it says that the link was copied, in milliseconds. */
const SAID = 2000;

/** The hash of the parameters on show, which two people can compare by voice, and the link to them. */
function CopyLink(props: { hash: string; link: () => Promise<string> }): JSX.Element {
  const [said, setSaid] = createSignal<"" | "copied" | "refused">("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(await props.link());
      setSaid("copied");
    } catch {
      // Without leave to use the clipboard: the address has the link all the same.
      setSaid("refused");
    }
    clearTimeout(timer);
    timer = setTimeout(() => setSaid(""), SAID);
  };
  return (
    <button
      type="button"
      class="button top-link"
      title="Copy the link to this state. The letters are the hash of its parameters."
      aria-label={`Copy link; the parameters have the hash ${props.hash}`}
      onClick={copy}
    >
      <Icon name={said() === "copied" ? "check" : "link"} />
      <Show
        when={said() === ""}
        fallback={<span role="status">{said() === "copied" ? "Copied" : "See address"}</span>}
      >
        <code class="top-hash">{props.hash}</code>
      </Show>
    </button>
  );
}
