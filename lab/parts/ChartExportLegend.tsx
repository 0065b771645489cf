// The names of a chart's marks within its picture: unseen on the page, where they stand above the chart, but there when the
// picture is taken out.
import { createMemo, Index, type JSX } from "solid-js";
import { LegendKey } from "./ChartMark.tsx";
import type { Mark } from "./chartTypes.ts";

/** Pixels of a line of names, of a sample with its gap, and about those of a letter of 12 pixels. */
const LINE = 18;
const SAMPLE = 28;
const LETTER = 7.2;

interface Placed {
  readonly mark: Mark;
  readonly x: number;
  readonly y: number;
}

export function ChartExportLegend(props: {
  marks: readonly Mark[];
  top: number;
  width: number;
}): JSX.Element {
  const placed = createMemo(() => {
    const all: Placed[] = [];
    let [x, y] = [0, props.top + LINE];
    for (const mark of props.marks) {
      const room = SAMPLE + LETTER * (mark.label ?? "").length + 16;
      if (x > 0 && x + room > props.width) [x, y] = [0, y + LINE];
      all.push({ mark, x, y });
      x += room;
    }
    return all;
  });
  return (
    <g
      data-export="only"
      data-export-bottom={(placed().at(-1)?.y ?? props.top) - props.top}
      visibility="hidden"
    >
      <Index each={placed()}>
        {(one) => (
          <>
            <g transform={`translate(${one().x} ${one().y - 9})`}>
              <LegendKey mark={one().mark} />
            </g>
            <text class="chart-name" x={one().x + SAMPLE} y={one().y}>
              {one().mark.label}
            </text>
          </>
        )}
      </Index>
    </g>
  );
}
