// What the colors of the landscape mean: the loss from the lowest to the highest that is shown, on a logarithmic scale, with a
// stroke for each contour line.
import { createUniqueId, For, type JSX } from "solid-js";
import { numberText } from "../panels/numberText.ts";
import { isDark } from "../style/colors.ts";
import type { ChartFrame } from "./chartTypes.ts";
import { depthColor, depthOf, type LandscapeField } from "./landscapeMap.ts";

const WIDTH = 96;
const STOPS = [0, 0.2, 0.4, 0.6, 0.8, 1];

export function LandscapeLegend(props: {
  map: LandscapeField;
  levels: readonly number[];
  /** "loss", or "loss and penalty". */
  name: string;
  frame: ChartFrame;
}): JSX.Element {
  const id = createUniqueId();
  const right = (): number => props.frame.left + props.frame.width;
  const left = (): number => right() - WIDTH - 38;
  return (
    <svg class="landscape-legend" overflow="visible" aria-hidden="true">
      <linearGradient id={id}>
        <For each={STOPS}>
          {(at) => <stop offset={at} stop-color={`rgb(${depthColor(1 - at, isDark()).join(" ")})`} />}
        </For>
      </linearGradient>
      <text class="chart-number" x={left() - 6} y={12} text-anchor="end">
        {props.name} {numberText(props.map.low, 3)}
      </text>
      <rect class="landscape-scale" x={left()} y={3} width={WIDTH} height={10} fill={`url(#${id})`} />
      <For each={props.levels}>
        {(level) => (
          <line
            class="landscape-level"
            x1={left() + WIDTH * (1 - depthOf(Math.log10(level), props.map))}
            x2={left() + WIDTH * (1 - depthOf(Math.log10(level), props.map))}
            y1={3}
            y2={13}
          />
        )}
      </For>
      <text class="chart-number" x={left() + WIDTH + 6} y={12}>
        {numberText(props.map.high, 3)}
      </text>
    </svg>
  );
}
