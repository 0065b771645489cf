// What can be moved in the picture of a line search: Armijo's line, which turns around the start; and trials that can be picked.
import { type Accessor, Index, type JSX, onCleanup, onMount } from "solid-js";
import type { LineSearchExplanation } from "talweg";
import { numberText } from "../panels/numberText.ts";
import type { ChartFrame } from "./chartTypes.ts";
import { movable, pressable } from "./drag.ts";

interface HandleProps {
  readonly frame: Accessor<ChartFrame>;
  readonly search: LineSearchExplanation;
  readonly trial: number;
  readonly onTrial: (trial: number) => void;
  /** True when a drag begins, false when it ends. */
  readonly onHold: (on: boolean) => void;
  readonly onTilt: (c1: number) => void;
}

const LIMITS = [1e-4, 0.99] as const;
/** c1 to one press of an arrow. */
const UNIT = 0.01;

export function LineSearchHandle(props: HandleProps): JSX.Element {
  let handle!: SVGGElement;
  const c1 = (): number => props.search.constants.c1 ?? LIMITS[0];
  const tilt = (value: number): void =>
    props.onTilt(Number(Math.max(LIMITS[0], Math.min(LIMITS[1], value)).toPrecision(4)));
  /** The slope of the line from the start through a point of the window, as a share of phi'(0). */
  const follow = (clientX: number, clientY: number): void => {
    const svg = handle.ownerSVGElement;
    if (svg === null) return;
    const { left, top } = svg.getBoundingClientRect();
    const { x, y, left: start, width } = props.frame();
    const t = x.invert(Math.max(start + 0.15 * width, Math.min(start + width, clientX - left)));
    tilt((y.invert(clientY - top) - props.search.value) / (t * props.search.slope));
  };
  onMount(() => {
    const undo = movable(handle, {
      onMove: ({ phase, by, clientX, clientY, right, up, limit }) => {
        if (by === "pointer" && phase !== "move") props.onHold(phase === "start");
        if (phase !== "move") return;
        if (by === "pointer") follow(clientX, clientY);
        else if (limit !== 0) tilt(LIMITS[limit < 0 ? 0 : 1]);
        else tilt(c1() <= LIMITS[0] && right + up > 0 ? UNIT * (right + up) : c1() + UNIT * (right + up));
      },
      onType: () => {
        const field = handle.closest("figure")?.querySelector<HTMLInputElement>("[role=spinbutton]");
        field?.focus();
      },
    });
    onCleanup(undo);
  });
  const inPlot = (t: number): boolean => t <= props.frame().x.domain()[1]!;
  /** On the line, far to the right, but within the plot. */
  const place = (): { x: number; y: number } => {
    const { x, y, left, width, top, height } = props.frame();
    const { value, slope } = props.search;
    const fall = c1() * -slope;
    const lowest = y.invert(top + height - 14);
    const t = Math.min(x.invert(left + 0.9 * width), fall > 0 ? (value - lowest) / fall : Infinity);
    return { x: x(t) ?? left, y: y(value - fall * t) ?? top };
  };
  return (
    <>
      <Index each={props.search.trials}>
        {(trial, i) => (
          <circle
            ref={(node) => pressable(node, () => props.onTrial(i))}
            class="search-pick"
            data-export="none"
            cx={inPlot(trial().stepSize) ? props.frame().x(trial().stepSize) : props.frame().left}
            cy={Math.max(props.frame().top, props.frame().y(trial().value ?? Infinity) || 0)}
            r={12}
            visibility={inPlot(trial().stepSize) ? "visible" : "hidden"}
          />
        )}
      </Index>
      <g
        ref={handle}
        class="search-handle"
        role="slider"
        tabIndex={0}
        aria-label="c1, the tilt of Armijo's line"
        aria-valuemin={LIMITS[0]}
        aria-valuemax={LIMITS[1]}
        aria-valuenow={c1()}
        aria-valuetext={`c1 ${numberText(c1(), 4)}, accepted step ${numberText(props.search.stepSize, 4)}`}
      >
        <circle class="search-reach" cx={place().x} cy={place().y} r={16} />
        <circle class="search-dot" cx={place().x} cy={place().y} r={6.5} />
        <text class="search-c1" x={place().x} y={place().y - 12} text-anchor="middle">
          c₁ = {numberText(c1(), 4)}
        </text>
      </g>
    </>
  );
}
