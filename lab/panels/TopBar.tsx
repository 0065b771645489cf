// The line at the top: where one is, what can be undone, presets, the theme, and the link to what is on show.
import "./TopBar.css";
import { createMemo, createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import { presets } from "../state/setting.ts";
import type { Lab, View } from "../state/types.ts";
import { isDark, setTheme } from "../style/colors.ts";
import { Digits } from "../views/later.ts";
import type { Undoing, ViewDesk } from "../views/viewDesk.ts";
import { Button } from "./controls.tsx";
import { change } from "./edit.ts";
import { Icon } from "./icons.tsx";
import { Menu } from "./Menu.tsx";

const views: readonly { view: View; name: string }[] = [
  { view: "playground", name: "Playground" },
  ...(Digits === undefined ? [] : [{ view: "digits", name: "Digits" } as const]),
];

interface TopBarProps {
  readonly lab: Lab;
  readonly desk: ViewDesk;
  readonly link: () => Promise<string>;
  readonly onKeys: () => void;
}

export function TopBar(props: TopBarProps): JSX.Element {
  const items = presets.map((preset) => ({
    name: preset.title,
    words: preset.sentence,
    onPick: () => change(props.lab, preset.title, () => preset.setting),
  }));
  const view = createMemo(() => props.lab.setting().view);
  const isPlayground = (): boolean => view() === "playground";
  const show = (own: View, name: string): void => {
    // Nothing runs on where nobody sees it.
    if (own !== view()) props.lab.pause();
    change(props.lab, name, (old) => ({ ...old, view: own }));
  };
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
              onClick={() => show(own, name)}
            >
              {name}
            </button>
          )}
        </For>
      </nav>
      <div class="top-tools">
        <Menu label="Examples" items={isPlayground() ? items : (props.desk.state()?.examples ?? [])} />
        <Undo of={isPlayground() ? props.lab : props.desk.state()} />
        <CopyLink
          hash={isPlayground() ? props.lab.measures().hash : (props.desk.state()?.hash() ?? "")}
          link={props.link}
        />
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

/** @param of Nothing while a view is on its way. */
function Undo(props: { of: Undoing | undefined }): JSX.Element {
  const label = (verb: string, what: string | null): string => (what === null ? verb : `${verb}: ${what}`);
  const undone = (): string | null => props.of?.undoLabel() ?? null;
  const redone = (): string | null => props.of?.redoLabel() ?? null;
  return (
    <span class="top-pair">
      <Button
        label={label("Undo", undone())}
        icon="undo"
        keys="Control+Z"
        disabled={undone() === null}
        onClick={() => props.of?.undo()}
      />
      <Button
        label={label("Redo", redone())}
        icon="redo"
        keys="Control+Shift+Z"
        disabled={redone() === null}
        onClick={() => props.of?.redo()}
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
