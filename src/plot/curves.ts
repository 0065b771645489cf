/** Curves in pixels: few points where there were many, cut off at the edge of the plotted area. */
import type { Area } from "./sheet.ts";

/** In pixels; the height is NaN where a curve has a gap. */
export type Point = [x: number, y: number];

const GAP: Point = [Number.NaN, Number.NaN];

export const isGap = (point: Point | undefined): boolean => point === undefined || Number.isNaN(point[1]);

/**
 * Points of a curve, of which at most about `most` are kept.
 *
 * @param x Pixels of a number, NaN where it cannot be drawn; `y` likewise.
 */
export function curvePoints(
  { x, y }: { x: ArrayLike<number>; y: ArrayLike<number> },
  to: { x: (value: number) => number; y: (value: number) => number },
  most: number,
): Point[] {
  const all = Array.from(x, (xi, i): Point => {
    const point: Point = [to.x(xi), to.y(y[i] as number)];
    return Number.isNaN(point[0]) || Number.isNaN(point[1]) ? GAP : point;
  });
  if (all.length <= most) return all;
  const kept: Point[] = [];
  const stretch = Math.ceil((2 * all.length) / most);
  for (let start = 0; start < all.length; start += stretch)
    kept.push(...extremes(all.slice(start, start + stretch)));
  return kept;
}

/** Long curves keep the extremes of each stretch. */
function extremes(part: readonly Point[]): Point[] {
  const gap = part.find(isGap);
  const sorted = part.filter((point) => !isGap(point)).sort((a, b) => a[1] - b[1]);
  const found = [...new Set([sorted[0], sorted.at(-1)])].filter((p) => p !== undefined);
  return [...found, ...(gap === undefined ? [] : [gap])].sort((a, b) => part.indexOf(a) - part.indexOf(b));
}

/** Whether a curve of many points turns back at every third of them or more often. */
export function jitters(curve: readonly Point[]): boolean {
  let turns = 0;
  for (let i = 2; i < curve.length; i++) {
    const [before, middle, after] = [curve[i - 2]?.[1], curve[i - 1]?.[1], curve[i]?.[1]] as [
      number,
      number,
      number,
    ];
    if ((middle - before) * (after - middle) < 0) turns++;
  }
  return curve.length > 200 && turns * 3 > curve.length;
}

/** A point without neighbors makes no line. */
export function lonelyPoints(curve: readonly Point[]): Point[] {
  return curve.filter((point, i) => !isGap(point) && isGap(curve[i - 1]) && isGap(curve[i + 1]));
}

/** The parts of a curve inside of an area, with gaps between them. */
export function clipCurve(curve: readonly Point[], area: Area): Point[] {
  const inside: Point[] = [];
  for (const [i, point] of curve.entries()) {
    const before = curve[i - 1];
    if (isGap(point)) inside.push(GAP);
    else if (before === undefined || isGap(before)) inside.push(holds(area, point) ? point : GAP);
    else {
      const part = clipSegment(before, point, area);
      if (part === undefined) inside.push(GAP);
      else if (part[0] === inside.at(-1)) inside.push(part[1]);
      else inside.push(GAP, ...part);
    }
  }
  return inside;
}

/** Whether a point is inside of an area or so near that a rounding may have put it there. */
export function holds({ left, top, right, bottom }: Area, [x, y]: Point): boolean {
  return x >= left - 0.5 && x <= right + 0.5 && y >= top - 0.5 && y <= bottom + 0.5;
}

/**
 * The part of a segment inside of an area; ends inside stay the very points.
 *
 * Source: Liang and Barsky, "A New Concept and Method for Line Clipping" (1984).
 */
function clipSegment(a: Point, b: Point, area: Area): [Point, Point] | undefined {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let from = 0;
  let to = 1;
  for (const [step, room] of [
    [-dx, a[0] - area.left + 0.5],
    [dx, area.right + 0.5 - a[0]],
    [-dy, a[1] - area.top + 0.5],
    [dy, area.bottom + 0.5 - a[1]],
  ] as const) {
    if (step === 0 && room < 0) return undefined;
    if (step < 0) from = Math.max(from, room / step);
    if (step > 0) to = Math.min(to, room / step);
  }
  if (from > to) return undefined;
  const at = (t: number): Point => [a[0] + t * dx, a[1] + t * dy];
  return [from === 0 ? a : at(from), to === 1 ? b : at(to)];
}

/** Dots that can be told apart: of those that cover each other one stays, and no more than some thousand in all. */
export function distinctDots(dots: readonly Point[], most = 4000): Point[] {
  if (dots.length <= 500) return [...dots];
  for (let cell = 1; ; cell *= 1.5) {
    const seen = new Map<string, Point>();
    for (const dot of dots) {
      const key = `${Math.round(dot[0] / cell)} ${Math.round(dot[1] / cell)}`;
      if (!seen.has(key)) seen.set(key, dot);
    }
    if (seen.size <= most) return [...seen.values()];
  }
}
