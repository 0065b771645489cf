/** Where everything of a chart stands: its axes, the plotted area between them, and pixels for numbers. */
import { mathematics64 } from "../core/index.ts";
import { type Axis, axisFor, drawable } from "./axis.ts";
import type { AxisSpec, ChartOptions, Mark } from "./chartOptions.ts";
import { type BarShape, barShapes, wantsRoom, xValues, yValues } from "./extent.ts";
import { clean, cutText, textWidth } from "./letters.ts";
import { type Area, fontSize, headHeight } from "./sheet.ts";
import { categoryTicks, fitsLevel, levelTicks, type PlacedTicks, turnedLength } from "./ticks.ts";

/** The part of the paper that a chart has, in pixels, and the size of its font. */
export interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
  size: number;
}

export interface Layout {
  area: Area;
  /** The left edge of the room for the name of the y axis. */
  nameLeft: number;
  /** Pixels of a number; NaN where it cannot stand on the axis. */
  x: (value: number) => number;
  y: (value: number) => number;
  xTicks: PlacedTicks;
  yTicks: PlacedTicks;
  /** Rows of the legend that have room, the others are left out; and the pixel above the first. */
  legendRows: number;
  legendTop: number;
  bars: ReadonlyMap<Mark, BarShape>;
}

type ToPixels = (value: number) => number;

export function layoutChart(options: ChartOptions, place: Place, rows: number): Layout {
  const { size, left, top, width, height } = place;
  const unit = size / fontSize;
  const bars = barShapes(options.marks);
  const below = (options.x.label === "" ? 54 : 82) * unit;
  const legendTop = top + headHeight(options, width, size);
  const free = top + height - below - legendTop;
  const legendRows = Math.max(0, Math.min(rows, Math.floor((free - 36 * unit) / (30 * unit))));
  const areaTop = Math.round(legendTop + (legendRows === 0 ? 0 : 30 * legendRows + 6) * unit);
  const high = top + height - below - areaTop;
  const yAxis = axisOf(options.y, () => yValues(options.marks), {
    count: Math.max(2, Math.min(6, Math.floor(high / (36 * unit)))),
    nice: true,
  });
  const yLabels = yAxis.ticks.map(({ label }) => cutText(clean(label), 0.3 * width, size));
  const widest = Math.max(0, ...yLabels.map((label) => textWidth(label, size)));
  const start = left + Math.round((options.y.label === "" ? 36 : 60) * unit + widest);
  const sides = xPart(options, place, { start, room: high - 60 * unit, bars });
  const bottom = Math.round(top + height - below - sides.ticks.extra);
  const area = { left: sides.left, top: areaTop, right: sides.right, bottom };
  const y = toPixels(yAxis, bottom, areaTop);
  const at = yAxis.ticks.map(({ value }) => y(value));
  // Ticks of numbers have room already; categories may stand too close.
  const step = Math.abs((at[1] ?? 0) - (at[0] ?? 0));
  const stride = options.y.categories === undefined ? 1 : Math.max(1, Math.ceil((1.1 * size) / step));
  const kept = (_: unknown, i: number): boolean => at.length < 2 || i % stride === 0;
  const yTicks = { at: at.filter(kept), labels: yLabels.filter(kept), turn: 0, extra: 0 };
  const nameLeft = left + sides.left - start;
  return { area, nameLeft, x: sides.x, y, xTicks: sides.ticks, yTicks, legendRows, legendTop, bars };
}

interface Sides {
  left: number;
  right: number;
  x: ToPixels;
  ticks: PlacedTicks;
}

interface Room {
  /** The left edge of the plotted area where labels below it need no other. */
  start: number;
  /** Pixels that labels below may take beyond one line. */
  room: number;
  bars: ReadonlyMap<Mark, BarShape>;
}

function xPart(options: ChartOptions, place: Place, { start, room, bars }: Room): Sides {
  const { left: edge, width, size } = place;
  const unit = size / fontSize;
  if (options.x.categories !== undefined) return categorySides(options.x.categories, place, { start, room });
  const most = Math.max(2, Math.min(8, Math.floor(width / (80 * unit))));
  for (let count = most; ; count--) {
    const found = axisOf(options.x, () => xValues(options.marks, bars), { count, nice: false });
    const axis = wantsRoom(options) ? withRoom(found) : found;
    const [first = 0, last = 0] = [axis.ticks[0], axis.ticks.at(-1)].map((tick) =>
      textWidth(tick?.label ?? "", size),
    );
    const left = Math.round(Math.max(start, edge + first / 2 + 6 * unit));
    const right = Math.round(edge + width - Math.max(36 * unit, last / 2 + 8 * unit));
    const x = toPixels(axis, left, right);
    if (count <= 1 || fitsLevel(axis, x, size)) return { left, right, x, ticks: levelTicks(axis, x, size) };
  }
}

/** Turned names reach beyond the plotted area, which makes room for them as far as it can. */
function categorySides(
  names: readonly string[],
  { left: edge, width, size }: Place,
  { start, room }: { start: number; room: number },
): Sides {
  const right = Math.round(edge + width - (36 * size) / fontSize);
  const domain: [number, number] = [-0.5, names.length - 0.5];
  const from = (left: number): Sides => {
    const x = toPixels({ scale: "linear", domain, ticks: [] }, left, right);
    const slot = (right - left) / names.length;
    const first = left + slot / 2 - edge;
    const at = names.map((_, i) => x(i));
    return { left, right, x, ticks: categoryTicks(names, at, { slot, first, room, size }) };
  };
  const found = from(start);
  if (found.ticks.turn === 0) return found;
  const wanted = Math.max(...names.map((name) => turnedLength(name, size)));
  return from(Math.max(start, Math.round(edge + Math.min(0.2 * width, wanted + 8))));
}

function axisOf(
  { scale = "linear", range, whole = false, categories }: AxisSpec,
  values: () => Iterable<number>,
  { count, nice }: { count: number; nice: boolean },
): Axis {
  if (categories !== undefined) {
    const ticks = categories.map((label, value) => ({ value, label }));
    return { scale: "linear", domain: [-0.5, categories.length - 0.5], ticks };
  }
  if (range !== undefined) return axisFor(range, { scale, count, nice: false, whole });
  return axisFor(values(), { scale, count, nice, whole });
}

/** A fiftieth of the axis more at each end. */
function withRoom(axis: Axis): Axis {
  const [low, high] = axis.domain;
  if (axis.scale === "log") {
    const factor = mathematics64.exp(0.02 * (mathematics64.log(high) - mathematics64.log(low)));
    return { ...axis, domain: [low / factor, high * factor] };
  }
  const more = 0.02 * (high - low);
  return { ...axis, domain: [low - more, high + more] };
}

/** Beyond the axis pixels end somewhere, so that they stay finite. */
const FAR = 10_000;

function toPixels(axis: Axis, first: number, last: number): ToPixels {
  const [low, high] = axis.domain;
  // Of numbers this near to each other the logarithms are evenly spaced too, and their difference may be 0.
  const log = axis.scale === "log" && high / low > 1.0001;
  const of = log ? mathematics64.log : (value: number): number => value;
  const start = of(low);
  const span = of(high) - start;
  return (value) => {
    if (!drawable(value, axis.scale)) return Number.NaN;
    const share = (of(value) - start) / span;
    return first + (last - first) * Math.max(-FAR, Math.min(FAR, share));
  };
}
