/** Arrow keys within a grid of buttons: one of them is reached by Tab, the others from there. */

/** Columns that a grid has on the page. */
export const columnsIn = (grid: HTMLElement | null): number =>
  grid === null ? 1 : Math.max(1, getComputedStyle(grid).gridTemplateColumns.split(" ").length);

/** Moves the focus among the siblings of the button that has it. @param columns Buttons in a row. */
export function moveInGrid(event: KeyboardEvent & { currentTarget: HTMLElement }, columns: number): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>("button") ?? [])];
  const at = all.indexOf(event.currentTarget);
  const places: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at + columns,
    ArrowUp: at - columns,
    Home: 0,
    End: all.length - 1,
  };
  const place = places[event.key];
  if (place === undefined) return;
  all[place]?.focus();
  event.preventDefault();
  event.stopPropagation();
}
