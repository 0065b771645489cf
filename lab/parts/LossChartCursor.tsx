// The cursor of the loss chart: it stands where the page is in time, and moving it goes there.
import { type Accessor, createEffect, createMemo, type JSX, onCleanup, onMount } from "solid-js";
import { numberText } from "../panels/numberText.ts";
import type { Lab } from "../state/types.ts";
import type { ChartFrame } from "./chartTypes.ts";
import { movable } from "./drag.ts";
import { type Along, type LossLine, lossAt, placeAt } from "./lossChartMarks.ts";

interface CursorProps {
  readonly lab: Lab;
  readonly frame: Accessor<ChartFrame>;
  readonly along: Along;
  /** Step or examples gone over, as the axis has it. */
  readonly at: number;
  /** The run at hand. */
  readonly line: LossLine | undefined;
  readonly far: number;
}

export function LossChartCursor(props: CursorProps): JSX.Element {
  let ground!: SVGRectElement;
  let handle!: SVGGElement;
  const progress = createMemo(() => props.lab.progress());
  const known = (): readonly number[] => props.line?.trace.steps ?? [];
  const last = (): number => Math.max(known().at(-1) ?? 0, progress().step);
  /** The step at a place of the axis. */
  const stepOf = (x: number): number => {
    if (props.along === "steps") return Math.round(x);
    const i = placeAt(props.line?.trace.evaluations ?? [], x);
    return i < 0 ? 0 : (known()[i] ?? 0);
  };
  /** Where keys are on their way to: strokes that are faster than the steps come add up. */
  let going: number | undefined;
  createEffect(() => {
    const { step, status } = progress();
    if (step === going || status === "ended") going = undefined;
  });
  const follow = (clientX: number): void => {
    const svg = ground.ownerSVGElement;
    if (svg === null) return;
    const { x } = props.frame();
    const [low, high] = x.domain() as [number, number];
    const at = x.invert(clientX - svg.getBoundingClientRect().left);
    props.lab.goTo(Math.min(last(), stepOf(Math.max(low, Math.min(high, at)))));
  };
  onMount(() => {
    const byGround = movable(ground, {
      keys: false,
      touch: false,
      onMove: ({ phase, clientX }) => phase === "end" || follow(clientX),
    });
    const byHandle = movable(handle, {
      onMove: ({ phase, by, clientX, right, up, limit }) => {
        if (phase !== "move") return;
        if (by === "pointer" || limit !== 0) going = undefined;
        if (by === "pointer") follow(clientX);
        else if (limit !== 0) props.lab.goTo(limit < 0 ? 0 : last());
        else {
          const units = right + up;
          const whole = Math.sign(units) * Math.max(1, Math.round(Math.abs(units)));
          const { step, steps } = progress();
          going = Math.max(0, Math.min(steps, (going ?? step) + whole));
          props.lab.goTo(going);
        }
      },
    });
    onCleanup(() => {
      byGround();
      byHandle();
    });
  });
  const loss = (): number | null =>
    props.line === undefined ? null : lossAt(props.line, props.along, props.at);
  const x = (): number => {
    const { left, width, x: scale } = props.frame();
    return Math.max(left, Math.min(left + width, scale(props.at) ?? left));
  };
  const y = (): number => {
    const { top, height, y: scale } = props.frame();
    const value = loss();
    const at = value === null ? Number.NaN : (scale(value) ?? Number.NaN);
    return Number.isFinite(at) ? Math.max(top, Math.min(top + height, at)) : top + height;
  };
  const words = (): string => {
    const value = loss();
    return `step ${numberText(progress().step)}${value === null ? "" : `, loss ${numberText(value, 4)}`}`;
  };
  return (
    <>
      <rect
        ref={ground}
        class="loss-ground"
        data-export="none"
        x={props.frame().left}
        y={props.frame().top}
        width={props.frame().width}
        height={props.frame().height}
      />
      <g
        ref={handle}
        class="loss-cursor"
        role="slider"
        tabIndex={0}
        aria-label="step on show"
        aria-valuemin={0}
        aria-valuemax={last()}
        aria-valuenow={progress().step}
        aria-valuetext={words()}
      >
        <line
          class="loss-cursor-line"
          x1={x()}
          x2={x()}
          y1={props.frame().top}
          y2={props.frame().top + props.frame().height}
        />
        <line
          class="loss-cursor-reach"
          x1={x()}
          x2={x()}
          y1={props.frame().top}
          y2={props.frame().top + props.frame().height}
        />
        <circle class="loss-cursor-dot" cx={x()} cy={y()} r={5.5} />
      </g>
    </>
  );
}
