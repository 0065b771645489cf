/** How wide a node is. */
import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

/** The inner width of a node in pixels, followed; `first` until it is known. */
export function roomOf(node: () => HTMLElement, first: number): Accessor<number> {
  const [room, setRoom] = createSignal(first);
  onMount(() => {
    const follow = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0) setRoom(width);
    });
    follow.observe(node());
    onCleanup(() => follow.disconnect());
  });
  return room;
}
