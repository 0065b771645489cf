// A button that opens a list of things to do or to take, each with its name and a sentence.
import "../style/controls.css";
import { createEffect, createSignal, createUniqueId, For, type JSX, onCleanup, Show } from "solid-js";
import { Icon } from "./icons.tsx";

export interface MenuItem {
  readonly name: string;
  readonly words?: string;
  readonly onPick: () => void;
}

export function Menu(props: { label: string; items: readonly MenuItem[] }): JSX.Element {
  const id = createUniqueId();
  let root!: HTMLDivElement;
  let button!: HTMLButtonElement;
  const [open, setOpen] = createSignal(false);
  const items = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>("[role=menuitem]")];

  const close = (): void => {
    setOpen(false);
    button.focus();
  };
  createEffect(() => {
    if (!open()) return;
    items()[0]?.focus();
    const outside = (event: Event): void => {
      if (!event.composedPath().includes(root)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside, true);
    onCleanup(() => document.removeEventListener("pointerdown", outside, true));
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Tab") setOpen(false);
    else if (event.key === "Escape" && open()) close();
    else if (event.key === "ArrowDown" && !open()) setOpen(true);
    else if (event.key === "ArrowDown") all[(at + 1) % all.length]?.focus();
    else if (event.key === "ArrowUp") all[(at + all.length - 1) % all.length]?.focus();
    else if (event.key === "Home") all[0]?.focus();
    else if (event.key === "End") all.at(-1)?.focus();
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="menu" ref={root}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-haspopup="menu"
        aria-expanded={open()}
        aria-controls={open() ? id : undefined}
        onClick={() => setOpen(!open())}
        onKeyDown={onKeyDown}
      >
        {props.label}
        <Icon name="down" />
      </button>
      <Show when={open()}>
        <div
          class="menu-list"
          role="menu"
          id={id}
          aria-label={props.label}
          tabindex={-1}
          onKeyDown={onKeyDown}
        >
          <For each={props.items}>
            {(item) => (
              <button
                type="button"
                class="menu-item"
                role="menuitem"
                tabindex={-1}
                onClick={() => {
                  close();
                  item.onPick();
                }}
              >
                <span class="menu-name">{item.name}</span>
                <Show when={item.words}>
                  <span class="menu-words">{item.words}</span>
                </Show>
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}
