// The small picture of a kind of data: the library's own examples, a few of them.
import { For, type JSX } from "solid-js";
import { type Dataset, datasetByName } from "talweg";
import type { DataKind } from "../state/types.ts";
import { Icon } from "./icons.tsx";

const SIZE = 44;
const EDGE = 5;
const ROWS = 46;

interface Dot {
  readonly x: number;
  readonly y: number;
  readonly kind: "value" | "first" | "second";
}

export function Thumbnail(props: { kind: DataKind }): JSX.Element {
  if (props.kind === "drawn") return <Icon name="pencil" />;
  if (props.kind === "table") return <Icon name="table" />;
  return (
    <svg class="thumbnail" viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <For each={dotsOf(props.kind)}>
        {(dot) => (
          <circle
            class={`thumbnail-${dot.kind}`}
            cx={dot.x}
            cy={dot.y}
            r={dot.kind === "value" ? 1.2 : 1.5}
          />
        )}
      </For>
    </svg>
  );
}

function dotsOf(kind: Exclude<DataKind, "drawn" | "table">): Dot[] {
  const curve = kind === "parabola" || kind === "sine";
  const interval = kind === "sine" ? [-3, 3] : [-1, 1];
  const data: Dataset = datasetByName(kind, {
    rows: kind === "spirals" ? 2 * ROWS : ROWS,
    seed: 3,
    noise: 0,
    ...(curve ? { interval: interval as [number, number] } : {}),
  });
  const points = Array.from({ length: data.rows }, (_, row) =>
    curve ? [data.x[row], data.y[row]] : [data.x[2 * row], data.x[2 * row + 1]],
  ) as [number, number][];
  const place = (axis: 0 | 1): ((point: [number, number]) => number) => {
    const values = points.map((point) => point[axis]);
    const low = Math.min(...values);
    const span = Math.max(...values) - low || 1;
    return (point) => EDGE + ((point[axis] - low) / span) * (SIZE - 2 * EDGE);
  };
  const across = place(0);
  const up = place(1);
  return points.map((point, row) => ({
    x: across(point),
    y: SIZE - up(point),
    kind: curve ? "value" : (data.y[row] as number) > 0.5 ? "first" : "second",
  }));
}
