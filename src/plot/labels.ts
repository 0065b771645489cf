/** Names of rules and points inside of the plotted area, where they cover neither each other nor, as far as possible, the data. */

import type { Layout } from "./chartLayout.ts";
import type { RuleMark, TextMark } from "./chartOptions.ts";
import { holds, isGap, type Point } from "./curves.ts";
import { clean, cutText, textWidth } from "./letters.ts";
import { type Area, element, fontSize, gray, ink } from "./sheet.ts";
import type { StyledMark } from "./styles.ts";

/** Remembers which places are covered. */
export interface Obstacles {
  curve(points: readonly Point[]): void;
  box(box: Area): void;
  /** How much of a box is covered, in cells of 5 by 5 pixels. */
  covered(box: Area): number;
}

const CELL = 5;

export function obstaclesIn(area: Area): Obstacles {
  const columns = Math.ceil((area.right - area.left) / CELL) + 1;
  const rows = Math.max(1, Math.ceil((area.bottom - area.top) / CELL) + 1);
  const taken = new Uint8Array(columns * rows);
  const column = (x: number): number =>
    Math.max(0, Math.min(columns - 1, Math.floor((x - area.left) / CELL)));
  const row = (y: number): number => Math.max(0, Math.min(rows - 1, Math.floor((y - area.top) / CELL)));
  const each = (box: Area, visit: (cell: number) => void): void => {
    for (let r = row(box.top); r <= row(box.bottom); r++) {
      for (let c = column(box.left); c <= column(box.right); c++) visit(r * columns + c);
    }
  };
  const mark = (cell: number): void => {
    taken[cell] = 1;
  };
  return {
    box: (box) => each(box, mark),
    curve: (points) => {
      for (const [i, b] of points.entries()) {
        if (isGap(b)) continue;
        const before = points[i - 1];
        const a = before === undefined || isGap(before) ? b : before;
        const steps = Math.ceil(Math.max(Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1])) / CELL);
        for (let k = 0; k <= steps; k++) {
          const t = steps === 0 ? 0 : k / steps;
          mark(row(a[1] + t * (b[1] - a[1])) * columns + column(a[0] + t * (b[0] - a[0])));
        }
      }
    },
    covered: (box) => {
      let count = 0;
      each(box, (cell) => {
        count += taken[cell] as number;
      });
      return count;
    },
  };
}

interface Candidate {
  left: number;
  top: number;
  /** How much worse than the best place it is where both are free. */
  cost: number;
}

/** A number of cells that no label covers: labels rather cover data than each other. */
const LABEL = 10_000;

export function drawLabels(
  document: Document,
  marks: readonly StyledMark[],
  { layout, size, obstacles }: { layout: Layout; size: number; obstacles: Obstacles },
): Element[] {
  const { area } = layout;
  const font = (16 * size) / fontSize;
  const high = 1.3 * font;
  const placed: Area[] = [];
  const box = ({ left, top }: { left: number; top: number }, width: number): Area => {
    const x = Math.max(area.left + 4, Math.min(area.right - width, left));
    const y = Math.max(area.top + 2, Math.min(area.bottom - high - 2, top));
    return { left: x, top: y, right: x + width, bottom: y + high };
  };
  const costOf = (own: Area, { left, top, cost }: Candidate): number => {
    const moved = Math.abs(own.left - left) + Math.abs(own.top - top);
    const others = placed.filter((other) => overlap(own, other)).length;
    return cost + 0.2 * moved + 3 * obstacles.covered(own) + LABEL * others;
  };
  return marks.flatMap(({ mark }) => {
    if (mark.kind !== "rule" && mark.kind !== "text") return [];
    const name = mark.kind === "rule" ? (mark.label ?? "") : mark.text;
    const shown = cutText(clean(name).trim(), area.right - area.left - 8, font);
    const width = textWidth(shown, font);
    const candidates = candidatesFor(mark, layout, { width, high, unit: size / fontSize });
    if (shown === "" || candidates.length === 0) return [];
    let best = box(candidates[0] as Candidate, width);
    let least = Number.POSITIVE_INFINITY;
    for (const candidate of candidates) {
      const own = box(candidate, width);
      const cost = costOf(own, candidate);
      if (cost >= least) continue;
      least = cost;
      best = own;
    }
    placed.push(best);
    const color = mark.kind === "rule" ? gray : ink;
    return [labelElement(document, shown, { x: best.left, y: best.top + font, size: font, color })];
  });
}

function overlap(a: Area, b: Area): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

interface LabelSize {
  width: number;
  high: number;
  unit: number;
}

/** Places from good to bad; none where the mark is outside of the area. */
function candidatesFor(mark: RuleMark | TextMark, layout: Layout, size: LabelSize): Candidate[] {
  const { area } = layout;
  if (mark.kind === "text") {
    const point: Point = [layout.x(mark.x), layout.y(mark.y)];
    return holds(area, point) ? aroundPoint(point, size) : [];
  }
  if (mark.x !== undefined) {
    const x = layout.x(mark.x);
    return holds(area, [x, area.top]) ? besideVertical(x, area, size) : [];
  }
  const y = layout.y(mark.y as number);
  return holds(area, [area.left, y]) ? besideHorizontal(y, area, size) : [];
}

/** From the upper end down, to the right of the line or to its left. */
function besideVertical(x: number, { top, bottom }: Area, { width, high, unit }: LabelSize): Candidate[] {
  const gap = 8 * unit;
  const rows = Math.max(1, Math.floor((bottom - top) / high));
  return Array.from({ length: rows }, (_, r) => r).flatMap((r) => [
    { left: x + gap, top: top + 4 + r * high, cost: 2 * r },
    { left: x - gap - width, top: top + 4 + r * high, cost: 2 * r + 1 },
  ]);
}

/** From the right end to the left one, above the line or below it. */
function besideHorizontal(y: number, { left, right }: Area, { width, high, unit }: LabelSize): Candidate[] {
  const gap = 5 * unit;
  const room = Math.max(0, right - left - width - 12);
  const places = 8;
  return Array.from({ length: places + 1 }, (_, k) => k).flatMap((k) => [
    { left: right - width - 6 - (room * k) / places, top: y - gap - high, cost: k },
    { left: right - width - 6 - (room * k) / places, top: y + gap, cost: k + 1 },
  ]);
}

function aroundPoint([x, y]: Point, { width, high, unit }: LabelSize): Candidate[] {
  return [9, 16, 28].flatMap((distance, ring) => {
    const gap = distance * unit;
    const places = [
      [x - width / 2, y - gap - high],
      [x + gap, y - high / 2],
      [x - width / 2, y + gap],
      [x - gap - width, y - high / 2],
      [x + 0.7 * gap, y - 0.7 * gap - high],
      [x + 0.7 * gap, y + 0.7 * gap],
      [x - 0.7 * gap - width, y - 0.7 * gap - high],
      [x - 0.7 * gap - width, y + 0.7 * gap],
    ] as const;
    return places.map(([left, top], i) => ({ left, top, cost: i + 6 * ring }));
  });
}

/** A text with a white seam, so that it can be read above lines. */
function labelElement(
  document: Document,
  text: string,
  { x, y, size, color }: { x: number; y: number; size: number; color: string },
): Element {
  const seam = { stroke: "#ffffff", "stroke-width": 5, "stroke-linejoin": "round", "paint-order": "stroke" };
  const attributes = { x, y, "font-size": size, fill: color, "text-anchor": "start", ...seam };
  return element(document, "text", attributes, text);
}
