// A list whose numbers and symbols are one stop of the tab key: left, right, Home and End of the keyboard go along them.
import { type JSX, onCleanup, onMount } from "solid-js";

const stops = (root: HTMLElement): HTMLElement[] => [...root.querySelectorAll<HTMLElement>("[data-stop]")];

export function FormulaStops(props: { label: string; class: string; children: JSX.Element }): JSX.Element {
  let root!: HTMLDivElement;
  onMount(() => {
    // Rows come and go; one of them is the stop at any time.
    const keep = (): void => {
      const all = stops(root);
      if (all.length > 0 && !all.some((node) => node.tabIndex === 0)) all[0]!.tabIndex = 0;
    };
    keep();
    const watch = new MutationObserver(keep);
    watch.observe(root, { childList: true, subtree: true });
    const key = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return;
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const all = stops(root);
      const at = all.indexOf(event.target as HTMLElement);
      if (by === 0 || at < 0) return;
      event.preventDefault();
      event.stopPropagation();
      all[(at + by + all.length) % all.length]?.focus();
    };
    const focus = ({ target }: FocusEvent): void => {
      const all = stops(root);
      if (!all.includes(target as HTMLElement)) return;
      for (const node of all) node.tabIndex = node === target ? 0 : -1;
    };
    // Before the number's own keys, which would take the arrows.
    root.addEventListener("keydown", key, true);
    root.addEventListener("focusin", focus);
    onCleanup(() => watch.disconnect());
  });
  return (
    <div ref={root} class={props.class} role="group" aria-label={props.label}>
      {props.children}
    </div>
  );
}
