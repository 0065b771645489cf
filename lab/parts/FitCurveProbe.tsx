// The probe of the fit: a line at one x that can be moved, with what the network says there.
import { type Accessor, type JSX, onCleanup, onMount, Show } from "solid-js";
import { shortNumber, steadyNumber } from "./chartScale.ts";
import type { ChartFrame } from "./chartTypes.ts";
import { movable } from "./drag.ts";
import type { Domain } from "./plotDomain.ts";

export interface ProbeProps {
  readonly frame: Accessor<ChartFrame>;
  readonly x: number;
  readonly domain: Domain;
  readonly sampled: Domain;
  readonly output: number;
  readonly target: number | undefined;
  readonly onMove: (x: number) => void;
}

export function FitCurveProbe(props: ProbeProps): JSX.Element {
  let handle!: SVGGElement;
  onMount(() => {
    let start = 0;
    const undo = movable(handle, {
      onMove: ({ phase, dx, right, up, limit }) => {
        const [low, high] = props.domain;
        const unit = (props.sampled[1] - props.sampled[0]) / 100;
        if (phase === "start") start = props.x;
        if (phase !== "move") return true;
        const moved = start + (dx / props.frame().width) * (high - low) + (right + up) * unit;
        const to = limit === 0 ? moved : props.sampled[limit < 0 ? 0 : 1];
        props.onMove(Math.max(low, Math.min(high, to)));
        return true;
      },
    });
    onCleanup(undo);
  });
  const place = (): { x: number; y: number } => {
    const { x, y, top, height } = props.frame();
    const up = y(props.output);
    return { x: x(props.x), y: Math.max(top, Math.min(top + height, Number.isFinite(up) ? up : top)) };
  };
  const outside = (): boolean => props.x < props.sampled[0] || props.x > props.sampled[1];
  const words = (): string =>
    `x ${steadyNumber(props.x, 2)}, network ${shortNumber(props.output)}` +
    (props.target === undefined ? "" : `, target ${shortNumber(props.target)}`) +
    (outside() ? ", outside of the sampled interval" : "");
  const toLeft = (): boolean => place().x > props.frame().left + props.frame().width - 104;
  const toTop = (): boolean => place().y > props.frame().top + props.frame().height - 56;
  const line = (): { x: number; y: number; anchor: "start" | "end" } => ({
    x: place().x + (toLeft() ? -12 : 12),
    y: toTop() ? place().y - 40 : place().y + 16,
    anchor: toLeft() ? "end" : "start",
  });
  return (
    <g
      ref={handle}
      class="fit-probe"
      role="slider"
      tabIndex={0}
      aria-label="probe"
      aria-valuemin={props.domain[0]}
      aria-valuemax={props.domain[1]}
      aria-valuenow={Number(props.x.toFixed(4))}
      aria-valuetext={words()}
    >
      <line
        class="fit-probe-line"
        x1={place().x}
        x2={place().x}
        y1={props.frame().top}
        y2={props.frame().top + props.frame().height}
      />
      <line
        class="fit-probe-target"
        x1={place().x}
        x2={place().x}
        y1={props.frame().top}
        y2={props.frame().top + props.frame().height}
      />
      <circle class="fit-probe-dot" cx={place().x} cy={place().y} r={6} />
      <text class="fit-probe-text" text-anchor={line().anchor}>
        <tspan x={line().x} y={line().y}>
          x = {steadyNumber(props.x, 2)}
        </tspan>
        <tspan class="fit-probe-output" x={line().x} y={line().y + 16}>
          ŷ = {shortNumber(props.output)}
        </tspan>
        <Show when={props.target}>
          {(target) => (
            <tspan x={line().x} y={line().y + 32}>
              y = {shortNumber(target())}
            </tspan>
          )}
        </Show>
      </text>
    </g>
  );
}
