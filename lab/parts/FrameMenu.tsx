// The menu of a figure: take it out as SVG, PNG or CSV. What does it is loaded when it is asked for.
import { createEffect, createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import type { DataRow } from "./Frame.tsx";

export interface FrameMenuProps {
  readonly title: string;
  readonly svg?: (() => SVGSVGElement | undefined) | undefined;
  readonly data?: (() => readonly DataRow[]) | undefined;
}

type Kind = "SVG" | "PNG" | "CSV";

const names: Record<Kind, string> = { SVG: "picture (SVG)", PNG: "picture (PNG)", CSV: "numbers (CSV)" };

export function FrameMenu(props: FrameMenuProps): JSX.Element {
  let root!: HTMLDivElement;
  let button!: HTMLButtonElement;
  const [open, setOpen] = createSignal(false);
  const [fault, setFault] = createSignal("");
  const kinds = (): Kind[] => [
    ...(props.svg === undefined ? [] : (["SVG", "PNG"] as const)),
    ...(props.data === undefined ? [] : (["CSV"] as const)),
  ];
  const close = (): void => {
    setOpen(false);
    button.focus();
  };
  const save = async (kind: Kind): Promise<void> => {
    close();
    try {
      const { exportFigure } = await import("./exportFigure.ts");
      await exportFigure(kind, props);
      setFault("");
    } catch (error) {
      setFault(`Not saved: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  createEffect(() => {
    if (!open()) return;
    const outside = (event: Event): void => {
      if (!event.composedPath().includes(root)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside, true);
    onCleanup(() => document.removeEventListener("pointerdown", outside, true));
    (root.querySelector("[role=menuitem]") as HTMLElement | null)?.focus();
  });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && open()) close();
    else if (event.key === "Tab") setOpen(false);
    else if (open() && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const items = [...root.querySelectorAll<HTMLElement>("[role=menuitem]")];
      const at = items.indexOf(document.activeElement as HTMLElement);
      const next = at + (event.key === "ArrowDown" ? 1 : items.length - 1);
      items[next % items.length]?.focus();
    } else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="frame-save-box" ref={root}>
      <Show when={fault() !== ""}>
        <span class="frame-fault" role="alert">
          {fault()}
        </span>
      </Show>
      <button
        ref={button}
        type="button"
        class="frame-more"
        aria-haspopup="menu"
        aria-expanded={open()}
        aria-label={`Save the figure: ${props.title}`}
        onClick={() => setOpen(!open())}
        onKeyDown={onKey}
      >
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor">
          <path d="M8 2v8m-3.2-3L8 10.2 11.2 7M2.5 11.5v2h11v-2" stroke-width="1.4" stroke-linecap="round" />
        </svg>
      </button>
      <Show when={open()}>
        <div
          class="frame-menu"
          role="menu"
          tabindex={-1}
          onKeyDown={onKey}
          aria-label={`Save the figure: ${props.title}`}
        >
          <For each={kinds()}>
            {(kind) => (
              <button
                type="button"
                role="menuitem"
                class="frame-save"
                tabindex={-1}
                onClick={() => save(kind)}
              >
                {names[kind]}
              </button>
            )}
          </For>
        </div>
      </Show>
    </div>
  );
}
