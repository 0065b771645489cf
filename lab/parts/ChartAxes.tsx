// Grid, numbers and names of a chart's two axes.
import { createMemo, Index, type JSX, Show } from "solid-js";
import { ticksOf, tickTexts } from "./chartScale.ts";
import type { Axis, ChartFrame } from "./chartTypes.ts";

interface Tick {
  readonly at: number;
  readonly text: string;
  readonly zero: boolean;
}

export function ChartAxes(props: { frame: ChartFrame; x: Axis; y: Axis }): JSX.Element {
  const ticks = (axis: "x" | "y"): Tick[] => {
    const given = props[axis];
    const scale = props.frame[axis];
    const room = axis === "x" ? props.frame.width / 64 : props.frame.height / 32;
    const values = ticksOf(given, scale, Math.min(8, room));
    const texts = tickTexts(given, scale, values);
    const signed = given.scale !== "log" && given.domain[0] < 0 && given.domain[1] > 0;
    return values.map((value, i) => ({
      at: Math.round((scale(value) ?? 0) * 10) / 10,
      text: texts[i] as string,
      zero: signed && value === 0,
    }));
  };
  const across = createMemo(() => ticks("x"));
  const up = createMemo(() => ticks("y"));
  const bottom = (): number => props.frame.top + props.frame.height;
  const right = (): number => props.frame.left + props.frame.width;
  return (
    <svg class="chart-axes" overflow="visible" aria-hidden="true">
      <Index each={up()}>
        {(tick) => (
          <>
            <line
              class="chart-grid"
              classList={{ "is-zero": tick().zero }}
              x1={props.frame.left}
              x2={right()}
              y1={tick().at}
              y2={tick().at}
            />
            <text class="chart-number" x={props.frame.left - 8} y={tick().at} dy="0.32em" text-anchor="end">
              {tick().text}
            </text>
          </>
        )}
      </Index>
      <line class="chart-foot" x1={props.frame.left} x2={right()} y1={bottom()} y2={bottom()} />
      <Index each={across()}>
        {(tick) => (
          <>
            <line class="chart-tick" x1={tick().at} x2={tick().at} y1={bottom()} y2={bottom() + 4} />
            <text class="chart-number" x={tick().at} y={bottom() + 17} text-anchor="middle">
              {tick().text}
            </text>
          </>
        )}
      </Index>
      <Show when={props.y.label !== ""}>
        <text class="chart-name" x={0} y={12}>
          {props.y.label}
        </text>
      </Show>
      <Show when={props.x.label !== ""}>
        <text class="chart-name" x={right()} y={bottom() + 34} text-anchor="end">
          {props.x.label}
        </text>
      </Show>
    </svg>
  );
}
