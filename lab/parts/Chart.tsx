// The one chart of the page: axes, grid and marks as SVG over D3's scales. It draws in its own pixels, so that text keeps its
// size at any width; each mark is one path, and a new list of marks changes attributes only.
import { type Accessor, createMemo, createUniqueId, Index, type JSX, Show } from "solid-js";
import { ChartAxes } from "./ChartAxes.tsx";
import { ChartExportLegend } from "./ChartExportLegend.tsx";
import { ChartMark, LegendKey } from "./ChartMark.tsx";
import { scaleOf } from "./chartScale.ts";
import type { Axis, ChartFrame, Mark } from "./chartTypes.ts";
import { roomOf } from "./room.ts";
import "./Chart.css";

export interface ChartProps {
  readonly x: Axis;
  readonly y: Axis;
  /** Drawn in this order, the first at the back. */
  readonly marks: readonly Mark[];
  /** In pixels; by default as wide as there is room. */
  readonly width?: number | undefined;
  /** In pixels with the axes; 240. */
  readonly height?: number | undefined;
  /** Names of the marks that have a label, above the plot; true. */
  readonly legend?: boolean | undefined;
  /** Room for the numbers of the y axis, in pixels; 44. */
  readonly gutter?: number | undefined;
  readonly class?: string | undefined;
  /** The node, for the figure's export. */
  readonly ref?: ((svg: SVGSVGElement) => void) | undefined;
  /** Called once: what is drawn under the grid and over the marks, with the scales of the moment. Handles go over. */
  readonly under?: ((frame: Accessor<ChartFrame>) => JSX.Element) | undefined;
  readonly over?: ((frame: Accessor<ChartFrame>) => JSX.Element) | undefined;
}

/** Pixels above the plot (the name of the y axis), right of it, and below it (numbers and name of the x axis). */
const TOP = 26;
const RIGHT = 14;
const BOTTOM = 40;

/** Axes, grid, marks and a legend; hidden from screen readers but for what `over` holds, since the figure around it speaks. */
export function Chart(props: ChartProps): JSX.Element {
  let box!: HTMLDivElement;
  const room = roomOf(() => box, 320);
  const width = (): number => props.width ?? room();
  const height = (): number => props.height ?? 240;
  const frame = createMemo(() => frameOf(props.x, props.y, width(), height(), props.gutter ?? 44));
  const clip = createUniqueId();
  // Who draws may make them anew whenever they are read.
  const marks = createMemo(() => props.marks);
  const named = createMemo((): Mark[] => marks().filter(({ label }) => label !== undefined), [], {
    equals: sameLegend,
  });
  return (
    <div class={`chart ${props.class ?? ""}`} ref={box}>
      <Show when={props.legend !== false && named().length > 0}>
        <ul class="chart-legend" aria-hidden="true">
          <Index each={named()}>
            {(mark) => (
              <li class="chart-legend-item">
                <svg width="20" height="10" viewBox="0 0 20 10" aria-hidden="true">
                  <LegendKey mark={mark()} />
                </svg>
                {mark().label}
              </li>
            )}
          </Index>
        </ul>
      </Show>
      <svg
        ref={(svg) => props.ref?.(svg)}
        role="group"
        aria-label={`${props.y.label} over ${props.x.label}`}
        class="chart-picture"
        width={width()}
        height={height()}
        viewBox={`0 0 ${width()} ${height()}`}
      >
        <clipPath id={clip}>
          <rect
            x={frame().left - 1}
            y={frame().top - 4}
            width={frame().width + 2}
            height={frame().height + 8}
          />
        </clipPath>
        <g clip-path={`url(#${clip})`}>{props.under?.(frame)}</g>
        <ChartAxes frame={frame()} x={props.x} y={props.y} />
        <svg class="chart-marks" overflow="visible" aria-hidden="true">
          <g clip-path={`url(#${clip})`}>
            <Index each={marks()}>{(mark) => <ChartMark mark={mark()} frame={frame()} />}</Index>
          </g>
        </svg>
        {props.over?.(frame)}
        <Show when={props.legend !== false && named().length > 0}>
          <ChartExportLegend marks={named()} top={height()} width={width()} />
        </Show>
      </svg>
    </div>
  );
}

/** What a legend shows of marks: their points may be others. */
const looks = ["type", "label", "color", "width", "dash", "opacity", "symbol", "hollow", "rim", "radius"];

function sameLegend(a: readonly Mark[], b: readonly Mark[]): boolean {
  const look = (mark: Mark, key: string): unknown => mark[key as keyof Mark];
  return (
    a.length === b.length && a.every((mark, i) => looks.every((key) => look(mark, key) === look(b[i]!, key)))
  );
}

function frameOf(x: Axis, y: Axis, width: number, height: number, left: number): ChartFrame {
  const inner = { width: Math.max(1, width - left - RIGHT), height: Math.max(1, height - TOP - BOTTOM) };
  return {
    left,
    top: TOP,
    ...inner,
    x: scaleOf(x, [left, left + inner.width]),
    y: scaleOf(y, [TOP + inner.height, TOP]),
  };
}
