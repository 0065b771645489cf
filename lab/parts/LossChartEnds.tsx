// The names of runs at the ends of their lines, moved apart where they would lie on each other.
import { Index, type JSX } from "solid-js";
import type { ChartFrame } from "./chartTypes.ts";
import { type Along, averaged, type LossLine } from "./lossChartMarks.ts";

interface End {
  readonly text: string;
  readonly color: string;
  readonly live: boolean;
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "end";
}

const APART = 14;

export function LossChartEnds(props: {
  lines: readonly LossLine[];
  along: Along;
  frame: ChartFrame;
}): JSX.Element {
  return (
    <svg overflow="visible" aria-hidden="true">
      <Index each={endsOf(props.lines, props.along, props.frame)}>
        {(end) => (
          <text
            class="loss-end"
            classList={{ "is-live": end().live }}
            x={end().x}
            y={end().y}
            text-anchor={end().anchor}
            fill={end().color}
          >
            {end().text}
          </text>
        )}
      </Index>
    </svg>
  );
}

function endsOf(lines: readonly LossLine[], along: Along, frame: ChartFrame): End[] {
  // One line alone needs no name: the list below has it.
  if (lines.length < 2) return [];
  const ends = lines.flatMap((line): End[] => {
    const drawn = averaged(line, along);
    const x = frame.x(drawn.x.at(-1) ?? Number.NaN) ?? Number.NaN;
    const y = frame.y(drawn.y.at(-1) ?? Number.NaN) ?? Number.NaN;
    if (!Number.isFinite(x) || Number.isNaN(y)) return [];
    const right = x > frame.left + 0.55 * frame.width;
    return [
      {
        text: line.label.replace(/, [^,]*batch.*$/, ""),
        color: line.color,
        live: line.live,
        x: right ? Math.min(x, frame.left + frame.width) - 4 : x + 6,
        y: Math.max(frame.top + 10, Math.min(frame.top + frame.height - 4, y - (right ? 7 : -4))),
        anchor: right ? "end" : "start",
      },
    ];
  });
  return apart(ends, frame);
}

/** From the lowest upwards, each at least a line of text above the one below it. */
function apart(ends: readonly End[], { top }: ChartFrame): End[] {
  const placed: End[] = [];
  for (const end of [...ends].sort((a, b) => b.y - a.y)) {
    let { y } = end;
    for (const other of placed) {
      if (Math.abs(other.x - end.x) < 130 && Math.abs(other.y - y) < APART) y = other.y - APART;
    }
    placed.push({ ...end, y: Math.max(top + 8, y) });
  }
  return placed;
}
