// The place on show on the landscape: dragged or moved by keys it sets both parameters. Along the way it only follows.
import { type Accessor, type JSX, onCleanup, onMount } from "solid-js";
import { numberText } from "../panels/numberText.ts";
import type { Lab } from "../state/types.ts";
import type { ChartFrame } from "./chartTypes.ts";
import { movable } from "./drag.ts";
import type { LandscapeQuestion } from "./landscapeQuestion.ts";

interface HandleProps {
  readonly lab: Lab;
  readonly frame: Accessor<ChartFrame>;
  readonly question: LandscapeQuestion;
  readonly names: readonly [string, string];
  /** Where the parameters on show are. */
  readonly at: readonly [number, number];
}

/** Units of the keys in a map's width. */
const UNITS = 100;
let gestures = 0;

export function LandscapeHandle(props: HandleProps): JSX.Element {
  let handle!: SVGGElement;
  const free = (): boolean => props.question.axes.kind === "parameters";
  const set = (to: readonly [number, number], merge: string): void => {
    const { axes } = props.question;
    if (axes.kind !== "parameters") return;
    const values = [
      [axes.first, to[0]],
      [axes.second, to[1]],
    ] as const;
    props.lab.setParameters(values, merge);
  };
  onMount(() => {
    let start = props.at;
    let merge = "";
    const undo = movable(handle, {
      onMove: ({ phase, by, dx, dy, right, up, limit }) => {
        if (!free()) return false;
        const { x, y, width, height } = props.frame();
        const [left, far] = x.domain() as [number, number];
        const [low, high] = y.domain() as [number, number];
        if (phase === "start") {
          start = props.at;
          // Strokes of a key one after the other are undone at once, as a drag is.
          if (by === "pointer" || merge === "") merge = `landscape-${++gestures}`;
        }
        if (phase !== "move") return true;
        const inside = (value: number, from: number, to: number): number =>
          Math.max(from, Math.min(to, value));
        const first = start[0] + (dx / width) * (far - left) + (right / UNITS) * (far - left);
        const second = start[1] + (dy / height) * (high - low) + (up / UNITS) * (high - low);
        const to = limit === 0 ? first : limit < 0 ? left : far;
        set([inside(to, left, far), inside(second, low, high)], merge);
        return true;
      },
    });
    onCleanup(undo);
  });
  const place = (): { x: number; y: number } => {
    const { x, y, left, top, width, height } = props.frame();
    const bounded = (value: number | undefined, from: number, size: number): number =>
      Math.max(from, Math.min(from + size, Number.isFinite(value) ? (value as number) : from));
    return { x: bounded(x(props.at[0]), left, width), y: bounded(y(props.at[1]), top, height) };
  };
  const loss = (): string => {
    const value = props.lab.measures().loss;
    return value === null ? "not finite" : numberText(value, 3);
  };
  const toLeft = (): boolean => place().x > props.frame().left + props.frame().width - 90;
  const words = (): string =>
    `${props.names[0]} ${numberText(props.at[0], 3)}, ${props.names[1]} ${numberText(props.at[1], 3)}, loss ${loss()}`;
  return (
    <g
      ref={handle}
      class="landscape-handle"
      classList={{ "is-free": free() }}
      role="slider"
      tabIndex={0}
      aria-label={`${props.names[0]} and ${props.names[1]}`}
      aria-disabled={free() ? undefined : "true"}
      aria-valuemin={props.frame().x.domain()[0]}
      aria-valuemax={props.frame().x.domain()[1]}
      aria-valuenow={props.at[0]}
      aria-valuetext={words()}
    >
      <circle class="landscape-reach" cx={place().x} cy={place().y} r={16} />
      <circle class="landscape-rim" cx={place().x} cy={place().y} r={7.5} />
      <circle class="landscape-dot" cx={place().x} cy={place().y} r={6} />
      <text
        class="landscape-loss"
        x={place().x + (toLeft() ? -14 : 14)}
        y={place().y - 9}
        text-anchor={toLeft() ? "end" : "start"}
      >
        loss {loss()}
      </text>
    </g>
  );
}
