/** Marks as the text of one SVG path each. */
import { area, line } from "d3-shape";
import type { ChartFrame, DotSymbol, Mark, Scale } from "./chartTypes.ts";

const round = (value: number): number => Math.round(value * 100) / 100;

/** Where a number comes to lie, far outside at most by the size of a few pages: browsers lose precision beyond. */
function place(scale: Scale, value: number): number {
  const at = scale(value);
  return at === undefined || Number.isNaN(at) ? Number.NaN : Math.max(-1e5, Math.min(1e5, at));
}

/** The `d` of a mark. */
export function pathOf(mark: Mark, frame: ChartFrame): string {
  const { x, y } = frame;
  if (mark.type === "line") {
    const count = Math.min(mark.x.length, mark.y.length);
    const px = placesOf(mark.x, x, count);
    const py = placesOf(mark.y, y, count);
    const draw = line<number>(
      (i) => px[i] as number,
      (i) => py[i] as number,
    )
      .defined((i) => !Number.isNaN(px[i]) && !Number.isNaN(py[i]))
      .digits(2);
    return draw(indices(count)) ?? "";
  }
  if (mark.type === "area") {
    const count = Math.min(mark.x.length, mark.low.length, mark.high.length);
    const [px, low, high] = [
      placesOf(mark.x, x, count),
      placesOf(mark.low, y, count),
      placesOf(mark.high, y, count),
    ];
    const draw = area<number>(
      (i) => px[i] as number,
      (i) => low[i] as number,
      (i) => high[i] as number,
    )
      .defined((i) => !Number.isNaN((px[i] as number) + (low[i] as number) + (high[i] as number)))
      .digits(2);
    return draw(indices(count)) ?? "";
  }
  if (mark.type === "dots") return dotsPath(mark, frame);
  if (mark.type === "bars") return barsPath(mark, frame);
  if (mark.type === "rule") return rulePath(mark.axis, mark.at, frame);
  return bandPath(mark.axis, mark.from, mark.to, frame);
}

const counted: number[] = [];
function indices(count: number): number[] {
  while (counted.length < count) counted.push(counted.length);
  return count === counted.length ? counted : counted.slice(0, count);
}

function placesOf(values: ArrayLike<number>, scale: Scale, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < count; i += 1) out[i] = place(scale, values[i] as number);
  return out;
}

/** A symbol around the origin, as a path that begins with a relative move. */
export function symbolPath(symbol: DotSymbol, radius: number): string {
  const r = round(radius);
  if (symbol === "circle") return `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  if (symbol === "square") {
    const s = round(radius * 0.89);
    return `m${-s} ${-s}h${2 * s}v${2 * s}h${-2 * s}z`;
  }
  if (symbol === "diamond") {
    const d = round(radius * 1.25);
    return `m0 ${-d}l${d} ${d}l${-d} ${d}l${-d} ${-d}z`;
  }
  if (symbol === "triangle") {
    const t = round(radius * 1.3);
    const half = round(t * 0.87);
    const low = round(t * 1.5);
    return `m0 ${-t}l${half} ${low}h${-2 * half}z`;
  }
  if (symbol === "plus") return `m${-r} 0h${2 * r}m${-r} ${-r}v${2 * r}`;
  const c = round(radius * 0.8);
  return `m${-c} ${-c}l${2 * c} ${2 * c}m0 ${-2 * c}l${-2 * c} ${2 * c}`;
}

function dotsPath(mark: Extract<Mark, { type: "dots" }>, { x, y }: ChartFrame): string {
  const symbol = symbolPath(mark.symbol ?? "circle", mark.radius ?? 3);
  let path = "";
  for (let i = 0; i < Math.min(mark.x.length, mark.y.length); i += 1) {
    const px = place(x, mark.x[i] as number);
    const py = place(y, mark.y[i] as number);
    if (!Number.isNaN(px + py)) path += `M${round(px)} ${round(py)}${symbol}`;
  }
  return path;
}

function barsPath(mark: Extract<Mark, { type: "bars" }>, { x, y, top, height }: ChartFrame): string {
  const base = place(y, mark.base ?? 0);
  const foot = Number.isNaN(base) ? top + height : base;
  let path = "";
  for (let i = 0; i < Math.min(mark.x.length, mark.y.length); i += 1) {
    const center = mark.x[i] as number;
    const left = place(x, center - mark.breadth / 2);
    const right = place(x, center + mark.breadth / 2);
    const head = place(y, mark.y[i] as number);
    if (Number.isNaN(left + right + head)) continue;
    path += `M${round(left)} ${round(foot)}V${round(head)}H${round(right)}V${round(foot)}z`;
  }
  return path;
}

function rulePath(axis: "x" | "y", at: number, { x, y, left, top, width, height }: ChartFrame): string {
  const where = place(axis === "x" ? x : y, at);
  if (Number.isNaN(where)) return "";
  return axis === "x" ? `M${round(where)} ${top}v${height}` : `M${left} ${round(where)}h${width}`;
}

function bandPath(axis: "x" | "y", from: number, to: number, frame: ChartFrame): string {
  const { x, y, left, top, width, height } = frame;
  const a = place(axis === "x" ? x : y, from);
  const b = place(axis === "x" ? x : y, to);
  if (Number.isNaN(a + b)) return "";
  const inside = (value: number, low: number, size: number): number =>
    Math.max(low, Math.min(low + size, value));
  if (axis === "x") {
    const [p, q] = [inside(a, left, width), inside(b, left, width)];
    return `M${round(p)} ${top}H${round(q)}v${height}H${round(p)}z`;
  }
  const [p, q] = [inside(a, top, height), inside(b, top, height)];
  return `M${left} ${round(p)}h${width}V${round(q)}H${left}z`;
}
