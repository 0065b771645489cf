// The probe of the map: a cross that can be moved over the plane, with what the network says there.
import { type Accessor, type JSX, onCleanup, onMount } from "solid-js";
import { steadyNumber } from "./chartScale.ts";
import type { ChartFrame } from "./chartTypes.ts";
import { movable } from "./drag.ts";
import type { Domain } from "./plotDomain.ts";

export interface MapProbeProps {
  readonly frame: Accessor<ChartFrame>;
  readonly at: readonly [number, number];
  readonly domain: readonly [Domain, Domain];
  /** What the network says there. */
  readonly words: string;
  readonly onMove: (at: readonly [number, number]) => void;
}

export function DecisionMapProbe(props: MapProbeProps): JSX.Element {
  let handle!: SVGGElement;
  onMount(() => {
    let start: readonly [number, number] = [0, 0];
    const undo = movable(handle, {
      onMove: ({ phase, dx, dy, right, up, limit }) => {
        const [[x0, x1], [y0, y1]] = props.domain;
        const { width, height } = props.frame();
        if (phase === "start") start = props.at;
        if (phase !== "move") return true;
        const x = start[0] + (dx / width + right / 100) * (x1 - x0);
        const y = start[1] + (dy / height + up / 100) * (y1 - y0);
        const across = limit === 0 ? x : limit < 0 ? x0 : x1;
        props.onMove([Math.max(x0, Math.min(x1, across)), Math.max(y0, Math.min(y1, y))]);
        return true;
      },
    });
    onCleanup(undo);
  });
  const x = (): number => props.frame().x(props.at[0]);
  const y = (): number => props.frame().y(props.at[1]);
  const toLeft = (): boolean => x() > props.frame().left + props.frame().width - 96;
  const text = (): string =>
    `x₁ ${steadyNumber(props.at[0], 2)}, x₂ ${steadyNumber(props.at[1], 2)}: ${props.words}`;
  return (
    <g
      ref={handle}
      class="fit-probe is-plane"
      role="slider"
      tabIndex={0}
      aria-label="probe"
      aria-roledescription="probe in the plane"
      aria-valuemin={props.domain[0][0]}
      aria-valuemax={props.domain[0][1]}
      aria-valuenow={Number(props.at[0].toFixed(4))}
      aria-valuetext={text()}
    >
      <circle class="fit-probe-target" cx={x()} cy={y()} r={12} />
      <path class="fit-probe-rim" d={`M${x() - 11} ${y()}h22M${x()} ${y() - 11}v22`} />
      <path class="fit-probe-cross" d={`M${x() - 11} ${y()}h22M${x()} ${y() - 11}v22`} />
      <circle class="fit-probe-dot" cx={x()} cy={y()} r={5} />
      <text
        class="fit-probe-text fit-probe-output"
        x={x() + (toLeft() ? -14 : 14)}
        y={y() - 10}
        text-anchor={toLeft() ? "end" : "start"}
      >
        {props.words}
      </text>
    </g>
  );
}
