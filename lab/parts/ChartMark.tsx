// One mark of a chart: a path, and a few words beside it where it has a note.
import { createMemo, type JSX, Show } from "solid-js";
import { pathOf, symbolPath } from "./chartPaths.ts";
import type { ChartFrame, Mark } from "./chartTypes.ts";

const isFilled = (mark: Mark): boolean =>
  mark.type === "area" ||
  mark.type === "band" ||
  mark.type === "bars" ||
  (mark.type === "dots" && mark.hollow !== true && mark.symbol !== "cross" && mark.symbol !== "plus");

/** A path that looks as its mark does, on the plot and in the legend. */
function Shape(props: { class?: string | undefined; d: string; mark: Mark }): JSX.Element {
  const mark = createMemo(() => props.mark);
  const color = (): string => mark().color ?? "var(--accent)";
  const filled = (): boolean => isFilled(mark());
  const faint = (): boolean => mark().type === "area" || mark().type === "band";
  return (
    <path
      class={props.class}
      d={props.d}
      fill={filled() ? color() : isHollow(mark()) ? "var(--paper)" : "none"}
      stroke={filled() ? rimOf(mark()) : color()}
      stroke-width={mark().width ?? strokes[mark().type] ?? 2}
      stroke-dasharray={mark().dash ?? "none"}
      opacity={mark().opacity ?? (faint() ? 0.14 : 1)}
      stroke-linejoin="round"
      stroke-linecap={mark().dash === undefined ? "round" : "butt"}
    />
  );
}

const strokes: Readonly<Partial<Record<Mark["type"], number>>> = { rule: 1, dots: 1.5 };
const isHollow = (mark: Mark): boolean => mark.type === "dots" && mark.hollow === true;
const rimOf = (mark: Mark): string => (mark.type === "dots" ? mark.rim : undefined) ?? "none";

export function ChartMark(props: { mark: Mark; frame: ChartFrame }): JSX.Element {
  return (
    <>
      <Shape class={props.mark.class} d={pathOf(props.mark, props.frame)} mark={props.mark} />
      <Show when={props.mark.note}>
        {(note) => <Note mark={props.mark} note={note()} frame={props.frame} />}
      </Show>
    </>
  );
}

/** Where the words stand: over a rule's end, at a stripe's upper edge, beside the last point of a line. */
function notePlace(mark: Mark, frame: ChartFrame): { x: number; y: number; anchor: "start" | "end" } {
  const right = frame.left + frame.width;
  const along = (x: number, y: number): { x: number; y: number; anchor: "start" | "end" } => {
    const anchor = x > right - 90 ? "end" : "start";
    return { x: anchor === "end" ? x - 6 : x + 6, y, anchor };
  };
  if (mark.type === "rule") {
    if (mark.axis === "x") return along(frame.x(mark.at) ?? 0, frame.top + 11);
    return { x: right - 4, y: (frame.y(mark.at) ?? 0) - 5, anchor: "end" };
  }
  if (mark.type === "band") {
    if (mark.axis === "x") return along(Math.max(frame.left, frame.x(mark.from) ?? 0), frame.top + 11);
    return { x: right - 4, y: (frame.y(mark.to) ?? 0) + 12, anchor: "end" };
  }
  const last = mark.x.length - 1;
  const y = mark.type === "area" ? mark.high : mark.y;
  return along(frame.x(mark.x[last] as number) ?? 0, (frame.y(y[last] as number) ?? 0) - 6);
}

function Note(props: { mark: Mark; note: string; frame: ChartFrame }): JSX.Element {
  const at = (): ReturnType<typeof notePlace> => notePlace(props.mark, props.frame);
  return (
    <text class="chart-note" x={at().x} y={at().y} text-anchor={at().anchor}>
      {props.note}
    </text>
  );
}

/** The sample of a mark in the legend, 20 by 10 pixels. */
export function LegendKey(props: { mark: Mark }): JSX.Element {
  const path = (): string => {
    const { mark } = props;
    if (mark.type === "dots")
      return `M10 5${symbolPath(mark.symbol ?? "circle", Math.min(4, mark.radius ?? 3))}`;
    if (mark.type === "line" || (mark.type === "rule" && mark.axis === "y")) return "M0 5h20";
    if (mark.type === "rule") return "M10 0v10";
    return "M2 0h16v10h-16z";
  };
  return <Shape d={path()} mark={props.mark} />;
}
