/** The marks of a chart as Plot draws them, all in pixels, and the places that they cover. */

import type { Layout } from "./chartLayout.ts";
import type { BandMark, BarsMark, DotsMark, LineMark, Mark, RuleMark, SpansMark } from "./chartOptions.ts";
import {
  clipCurve,
  curvePoints,
  distinctDots,
  holds,
  isGap,
  jitters,
  lonelyPoints,
  type Point,
} from "./curves.ts";
import type { BarShape } from "./extent.ts";
import type { Obstacles } from "./labels.ts";
import type { StyledMark } from "./styles.ts";
import { dotsOf } from "./symbols.ts";

type PlotLibrary = typeof import("@observablehq/plot");
type Markish = import("@observablehq/plot").Markish;

interface Canvas {
  Plot: PlotLibrary;
  layout: Layout;
  /** Pixels at a font size of 18 to pixels. */
  unit: number;
  obstacles: Obstacles;
}

type Of<M extends Mark> = StyledMark & { mark: M };

/** From what lies below to what lies above: shades, bars, rules, curves, dots. */
export function drawMarks(marks: readonly StyledMark[], canvas: Canvas): Markish[] {
  const of = <M extends Mark>(kind: M["kind"]): Of<M>[] =>
    marks.filter((styled): styled is Of<M> => styled.mark.kind === kind);
  return [
    ...of<SpansMark>("spans").flatMap((styled) => drawSpans(styled, canvas)),
    ...of<BandMark>("band").flatMap((styled) => drawBand(styled, canvas)),
    ...of<BarsMark>("bars").flatMap((styled) => drawBars(styled, canvas)),
    ...of<RuleMark>("rule").flatMap((styled) => drawRule(styled, canvas)),
    ...drawLines(of<LineMark>("line"), canvas),
    ...of<DotsMark>("dots").flatMap((styled) => drawDots(styled, canvas)),
  ];
}

function dashOf(dash: string): { strokeDasharray?: string } {
  return dash === "none" ? {} : { strokeDasharray: dash };
}

interface Curve {
  styled: Of<LineMark>;
  points: Point[];
  jitters: boolean;
}

/** Jittering and thin curves first, below the others; of the rest the first one last, above all. */
function drawLines(lines: readonly Of<LineMark>[], canvas: Canvas): Markish[] {
  const { layout, obstacles } = canvas;
  const most = 2 * Math.max(480, layout.area.right - layout.area.left + 80);
  const curves = lines.map((styled): Curve => {
    const points = curvePoints(styled.mark, layout, most);
    return { styled, points: clipCurve(points, layout.area), jitters: jitters(points) };
  });
  for (const { points } of curves) obstacles.curve(points);
  const below = (curve: Curve): boolean => curve.jitters || curve.styled.mark.thin === true;
  curves.reverse();
  const order = [...curves.filter(below), ...curves.filter((curve) => !below(curve))];
  return order.flatMap((curve) => drawLine(curve, canvas));
}

function drawLine({ styled, points, jitters: thin }: Curve, { Plot, unit }: Canvas): Markish[] {
  const { color, dash, mark } = styled;
  const lonely = lonelyPoints(points);
  const line = Plot.line(points, {
    stroke: color,
    // A thin line keeps what jitters from becoming a blot.
    strokeWidth: thin || mark.thin === true ? 1.5 : unit < 1 ? 2.5 : 3,
    ...dashOf(dash),
  });
  return lonely.length === 0 ? [line] : [line, Plot.dot(lonely, { fill: color, r: 4.5 * unit })];
}

function drawDots(styled: Of<DotsMark>, { Plot, layout, unit, obstacles }: Canvas): Markish[] {
  const all = curvePoints(styled.mark, layout, Number.POSITIVE_INFINITY);
  const dots = distinctDots(all.filter((point) => !isGap(point) && holds(layout.area, point)));
  const usual = dots.length <= 60 ? 6.5 : dots.length <= 400 ? 5 : 3;
  const radius = (styled.mark.size ?? usual) * unit;
  for (const [x, y] of dots) {
    obstacles.box({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  }
  return dots.length === 0 ? [] : [dotsOf(Plot, dots, styled, radius)];
}

function drawBand({ mark, color }: Of<BandMark>, { Plot, layout }: Canvas): Markish[] {
  const { area } = layout;
  const most = area.right - area.left + 480;
  const lows = Array.from(mark.low);
  const highs = Array.from(mark.high);
  const stretch = Math.max(1, Math.ceil(lows.length / most));
  const rows: [x: number, low: number, high: number][] = [];
  const within = (y: number): number => Math.max(area.top, Math.min(area.bottom, y));
  for (let i = 0; i < lows.length; i += stretch) {
    const x = layout.x(mark.x[i] as number);
    const outside = !(x >= area.left - 0.5 && x <= area.right + 0.5);
    // Downward is up in pixels: the largest is the lowest.
    const low = layout.y(least(lows, i, i + stretch));
    const high = layout.y(-least(highs, i, i + stretch, -1));
    const gap = outside || Number.isNaN(low) || Number.isNaN(high);
    rows.push(gap ? [Number.NaN, Number.NaN, Number.NaN] : [x, within(low), within(high)]);
  }
  if (rows.every(([x]) => Number.isNaN(x))) return [];
  const channels = {
    x: (row: number[]) => row[0],
    y1: (row: number[]) => row[1],
    y2: (row: number[]) => row[2],
  };
  return [Plot.areaY(rows, { ...channels, fill: color, fillOpacity: 0.2 })];
}

/** The least of values[from] … values[to - 1] times a sign; NaN where one is. */
function least(values: readonly number[], from: number, to: number, sign = 1): number {
  let found = Number.POSITIVE_INFINITY;
  for (let i = from; i < Math.min(to, values.length); i++)
    found = Math.min(found, sign * (values[i] as number));
  return found;
}

function drawSpans({ mark, color, dash }: Of<SpansMark>, { Plot, layout }: Canvas): Markish[] {
  const { left, right, top, bottom } = layout.area;
  const pixel = (value: number): number => {
    if (value === Number.NEGATIVE_INFINITY) return left;
    return value === Number.POSITIVE_INFINITY ? right : layout.x(value);
  };
  const within = (x: number): number => Math.max(left, Math.min(right, x));
  const boxes = mark.spans
    .map(([a, b]): [number, number] => [within(pixel(Math.min(a, b))), within(pixel(Math.max(a, b)))])
    .filter(([a, b]) => a < b)
    .sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of boxes) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 0.5) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  if (joined.length === 0) return [];
  const ends = joined.flat().filter((x) => x > left && x < right);
  const channels = { x1: (box: number[]) => box[0], x2: (box: number[]) => box[1] };
  return [
    Plot.rect(joined, { ...channels, y1: () => bottom, y2: () => top, fill: color, fillOpacity: 0.15 }),
    Plot.ruleX(ends, { y1: () => bottom, y2: () => top, stroke: color, strokeOpacity: 0.7, ...dashOf(dash) }),
  ];
}

function drawBars(styled: Of<BarsMark>, { Plot, layout, obstacles }: Canvas): Markish[] {
  const { mark, color, opacity } = styled;
  const { area, bars } = layout;
  const { width, shift } = bars.get(mark) as BarShape;
  const zero = layout.y(0);
  const base = Number.isNaN(zero) ? area.bottom : Math.max(area.top, Math.min(area.bottom, zero));
  const all = Array.from(mark.x, (x, i) => {
    const ends = [layout.x(x + shift - width / 2), layout.x(x + shift + width / 2)] as [number, number];
    const y = Math.max(area.top, Math.min(area.bottom, layout.y(mark.y[i] as number)));
    return { left: Math.max(area.left, ends[0]), right: Math.min(area.right, ends[1]), y };
  });
  // NaN fails the comparison too.
  const boxes = tallest(
    all.filter(({ left, right, y }) => left < right && y >= area.top),
    base,
  );
  for (const { left, right, y } of boxes) {
    obstacles.box({ left, right, top: Math.min(y, base), bottom: Math.max(y, base) });
  }
  if (boxes.length === 0) return [];
  type Box = (typeof boxes)[number];
  const channels = {
    x1: (box: Box) => box.left,
    x2: (box: Box) => box.right,
    y1: () => base,
    y2: (box: Box) => box.y,
  };
  const wide = boxes.every(({ left, right }) => right - left >= 6);
  const edge = wide ? { stroke: color, strokeWidth: 1.5 } : {};
  // White below, so that the grid does not shine through.
  const white = opacity < 1 ? [Plot.rect(boxes, { ...channels, fill: "#ffffff" })] : [];
  return [...white, Plot.rect(boxes, { ...channels, fill: color, fillOpacity: opacity, ...edge })];
}

/** Of bars that stand within one pixel the one that reaches farthest. */
function tallest<B extends { left: number; y: number }>(boxes: readonly B[], base: number): B[] {
  const kept = new Map<number, B>();
  for (const box of boxes) {
    const key = boxes.length <= 2000 ? kept.size : Math.round(box.left);
    const rival = kept.get(key);
    if (rival === undefined || Math.abs(box.y - base) > Math.abs(rival.y - base)) kept.set(key, box);
  }
  return [...kept.values()];
}

function drawRule({ mark, color, dash }: Of<RuleMark>, { Plot, layout, obstacles }: Canvas): Markish[] {
  const { left, right, top, bottom } = layout.area;
  const look = { stroke: color, strokeWidth: 2, ...dashOf(dash) };
  // Seen on dark bars too.
  const seam = { stroke: "#ffffff", strokeWidth: 4 };
  const bars = layout.bars.size > 0;
  if (mark.x !== undefined) {
    const x = layout.x(mark.x);
    if (!holds(layout.area, [x, top])) return [];
    obstacles.curve([
      [x, top],
      [x, bottom],
    ]);
    const ends = { y1: () => bottom, y2: () => top };
    return [...(bars ? [Plot.ruleX([x], { ...seam, ...ends })] : []), Plot.ruleX([x], { ...look, ...ends })];
  }
  const y = layout.y(mark.y as number);
  if (!holds(layout.area, [left, y])) return [];
  obstacles.curve([
    [left, y],
    [right, y],
  ]);
  const ends = { x1: () => left, x2: () => right };
  return [...(bars ? [Plot.ruleY([y], { ...seam, ...ends })] : []), Plot.ruleY([y], { ...look, ...ends })];
}
