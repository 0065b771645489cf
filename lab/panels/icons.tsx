// The page's pictograms: one line width, drawn for 20 by 20.
import type { JSX } from "solid-js";

const paths = {
  play: "M6.5 4.2v11.6l9-5.8z",
  pause: "M6.2 4.5h2.6v11H6.2zM11.2 4.5h2.6v11h-2.6z",
  back: "M13 5 7 10l6 5M5 5v10",
  on: "M7 5l6 5-6 5M15 5v10",
  reset: "M5 10a5.2 5.2 0 1 0 1.7-3.9M5 4v3.2h3.2",
  undo: "M8 5 4.5 8.5 8 12M4.5 8.5h7a4 4 0 0 1 0 8H8.5",
  redo: "M12 5l3.5 3.5L12 12M15.5 8.5h-7a4 4 0 0 0 0 8h3",
  sun: "M10 6.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8zM10 2v1.8M10 16.2V18M2 10h1.8M16.2 10H18M4.4 4.4l1.2 1.2M14.4 14.4l1.2 1.2M4.4 15.6l1.2-1.2M14.4 5.6l1.2-1.2",
  moon: "M15.6 12.1A6.6 6.6 0 0 1 7.9 4.4a6.6 6.6 0 1 0 7.7 7.7z",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l2.4-2.4a3 3 0 0 0-4.3-4.3l-.9.9M11.5 8.5a3 3 0 0 0-4.3 0l-2.4 2.4a3 3 0 0 0 4.3 4.3l.9-.9",
  check: "M4.5 10.5l3.6 3.6 7.4-8",
  down: "M6 8l4 4 4-4",
  plus: "M10 4.5v11M4.5 10h11",
  minus: "M4.5 10h11",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  dice: "M5 3.8h10c.7 0 1.2.5 1.2 1.2v10c0 .7-.5 1.2-1.2 1.2H5c-.7 0-1.2-.5-1.2-1.2V5c0-.7.5-1.2 1.2-1.2zM7 7h.01M13 7h.01M10 10h.01M7 13h.01M13 13h.01",
  pencil: "M4 16l.8-3.4 8.6-8.6 2.6 2.6-8.6 8.6zM11.8 5.6l2.6 2.6",
  table: "M3.5 4.5h13v11h-13zM3.5 8.2h13M3.5 11.8h13M8 4.5v11",
} as const;

export type IconName = keyof typeof paths;

/** Says nothing to a screen reader: what holds it has a name. */
export function Icon(props: { name: IconName }): JSX.Element {
  return (
    <svg
      class="icon"
      classList={{ "icon-solid": props.name === "play" || props.name === "pause" }}
      viewBox="0 0 20 20"
      aria-hidden="true"
    >
      <path d={paths[props.name]} />
    </svg>
  );
}
