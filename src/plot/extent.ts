/** Which numbers the marks of a chart reach, for its axes. */
import type { BarsMark, ChartOptions, Mark } from "./chartOptions.ts";

export interface BarShape {
  /** In units of x. */
  width: number;
  /** From the given middle to the middle that is drawn. */
  shift: number;
}

/** Width and shift of each mark of bars: those without a width share the room and stand side by side. */
export function barShapes(marks: readonly Mark[]): Map<Mark, BarShape> {
  const bars = marks.filter((mark): mark is BarsMark => mark.kind === "bars");
  const sharing = bars.filter(({ width }) => width === undefined);
  const middles = [...new Set(sharing.flatMap(({ x }) => Array.from(x)).filter(Number.isFinite))].sort(
    (a, b) => a - b,
  );
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < middles.length; i++)
    least = Math.min(least, (middles[i] as number) - (middles[i - 1] as number));
  const width = (0.8 * (least === Number.POSITIVE_INFINITY ? 1 : least)) / Math.max(1, sharing.length);
  return new Map(
    bars.map((mark) => {
      if (mark.width !== undefined) return [mark, { width: mark.width, shift: 0 }];
      return [mark, { width, shift: (sharing.indexOf(mark) - (sharing.length - 1) / 2) * width }];
    }),
  );
}

/** Every number that a mark has on the x axis. */
export function* xValues(marks: readonly Mark[], shapes: ReadonlyMap<Mark, BarShape>): Generator<number> {
  for (const mark of marks) {
    if (mark.kind === "spans") yield* mark.spans.flat();
    else if (mark.kind === "rule") yield mark.x ?? Number.NaN;
    else if (mark.kind === "text") yield mark.x;
    else if (mark.kind === "bars") {
      const { width, shift } = shapes.get(mark) as BarShape;
      for (const x of Array.from(mark.x)) {
        yield x + shift - width / 2;
        yield x + shift + width / 2;
      }
    } else yield* Array.from(mark.x);
  }
}

export function* yValues(marks: readonly Mark[]): Generator<number> {
  for (const mark of marks) {
    if (mark.kind === "rule") yield mark.y ?? Number.NaN;
    else if (mark.kind === "text") yield mark.y;
    else if (mark.kind === "band") {
      yield* Array.from(mark.low);
      yield* Array.from(mark.high);
    } else if (mark.kind !== "spans") yield* Array.from(mark.y);
    if (mark.kind === "bars") yield 0;
  }
}

/** Whether the x axis gets some room at its ends, since dots on the very edge are hard to see. */
export function wantsRoom({ marks, x }: ChartOptions): boolean {
  return x.range === undefined && x.categories === undefined && marks.some(({ kind }) => kind === "dots");
}
