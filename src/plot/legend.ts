/** The legend: what has a name, with a sample of how it looks, in rows above the plotted area. */
import { clean, cutText, textWidth } from "./letters.ts";
import type { Drawing } from "./libraries.ts";
import { element, fontSize, gray, plotted } from "./sheet.ts";
import { nameOf, type StyledMark } from "./styles.ts";
import { dotsOf } from "./symbols.ts";

interface LegendEntry {
  name: string;
  /** All marks of that name. */
  marks: StyledMark[];
}

interface Placed extends LegendEntry {
  /** Pixels from the left edge of the figure or panel. */
  left: number;
}

/** Lengths at a font size of 18; dots need less room than lines. */
const SAMPLE = 44;
const DOTS = 22;
const ROW = 30;

/** The names of a chart. One mark alone needs no legend: the axis names it. */
export function legendOf(marks: readonly StyledMark[]): LegendEntry[] {
  const drawn = marks.filter(({ mark }) => mark.kind !== "rule" && mark.kind !== "text");
  return drawn.length < 2 ? [] : entriesOf(drawn);
}

function entriesOf(marks: readonly StyledMark[]): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const styled of marks) {
    const name = nameOf(styled.mark);
    if (name === undefined) continue;
    const entry = entries.get(name) ?? { name, marks: [] };
    entry.marks.push(styled);
    entries.set(name, entry);
  }
  return [...entries.values()];
}

/** One legend for several charts; undefined where a look means different things in them, or a name looks different. */
export function commonLegend(charts: readonly (readonly StyledMark[])[]): LegendEntry[] | undefined {
  const looks = new Map<string, string>();
  const names = new Map<string, LegendEntry>();
  for (const entry of charts.flatMap(legendOf)) {
    const look = JSON.stringify([...new Set(entry.marks.map(lookOf))]);
    const known = names.get(entry.name);
    if ((looks.get(look) ?? entry.name) !== entry.name) return undefined;
    if (known !== undefined && looks.get(look) !== entry.name) return undefined;
    looks.set(look, entry.name);
    names.set(entry.name, known ?? entry);
  }
  return [...names.values()];
}

function lookOf({ mark, color, dash, shape }: StyledMark): string {
  const hollow = mark.kind === "dots" && mark.hollow === true;
  return [mark.kind, color, mark.kind === "dots" ? shape : dash, hollow].join(" ");
}

function sampleWidth(marks: readonly StyledMark[]): number {
  return marks.every(({ mark }) => mark.kind === "dots") ? DOTS : SAMPLE;
}

/** Entries from left to right, a new row where the width is used up. */
export function legendRows(entries: readonly LegendEntry[], width: number, size: number): Placed[][] {
  const unit = size / fontSize;
  const first = 24 * unit;
  const rows: Placed[][] = [];
  let left = width;
  for (const { name, marks } of entries) {
    const sampled = sampleWidth(marks) + 10;
    const shown = cutText(clean(name), width - 2 * first - sampled * unit, size);
    const wide = (sampled + 28) * unit + textWidth(shown, size);
    if (left + wide - 28 * unit > width - first) {
      rows.push([]);
      left = first;
    }
    (rows.at(-1) as Placed[]).push({ name: shown, marks, left });
    left += wide;
  }
  return rows;
}

/** Where the legend stands, and the whole figure's size. */
interface LegendPlace {
  left: number;
  top: number;
  /** Of the font. */
  size: number;
  width: number;
  height: number;
}

export function legendElements(
  drawing: Drawing,
  rows: readonly (readonly Placed[])[],
  place: LegendPlace,
): Element[] {
  const { document, Plot } = drawing;
  const unit = place.size / fontSize;
  const elements: Element[] = [];
  const dots: import("@observablehq/plot").Markish[] = [];
  for (const [r, row] of rows.entries()) {
    const y = place.top + (4 + r * ROW) * unit;
    for (const { name, marks, left } of row) {
      const x = place.left + left;
      const sampled = sampleWidth(marks) * unit;
      for (const styled of marks) {
        if (styled.mark.kind === "dots") dots.push(dotsOf(Plot, [[x + sampled / 2, y]], styled, 6.5 * unit));
        else elements.push(sample(document, styled, { x, y, unit }));
      }
      const attributes = { x: x + sampled + 10 * unit, y: y + place.size * 0.34, "text-anchor": "start" };
      elements.push(element(document, "text", { ...attributes, "font-size": place.size, fill: gray }, name));
    }
  }
  if (dots.length === 0) return elements;
  const { width, height } = place;
  const svg = Plot.plot({
    document,
    width,
    height,
    margin: 0,
    axis: null,
    x: { domain: [0, width] },
    y: { domain: [height, 0] },
    marks: dots,
  });
  return [...elements, plotted(document, svg as unknown as Element, place.size)];
}

function sample(
  document: Document,
  { mark, color, dash, opacity }: StyledMark,
  { x, y, unit }: { x: number; y: number; unit: number },
): Element {
  const dashed = dash === "none" ? {} : { "stroke-dasharray": dash };
  if (mark.kind === "line") {
    const ends = { x1: x, x2: x + SAMPLE * unit, y1: y, y2: y };
    return element(document, "line", {
      ...ends,
      stroke: color,
      "stroke-width": mark.thin ? 1.5 : 3,
      ...dashed,
    });
  }
  const box = {
    x: x + 4 * unit,
    y: y - 9 * unit,
    width: (SAMPLE - 8) * unit,
    height: 18 * unit,
    fill: color,
  };
  if (mark.kind !== "bars") return element(document, "rect", { ...box, "fill-opacity": 0.2 });
  return element(document, "rect", { ...box, "fill-opacity": opacity, stroke: color, "stroke-width": 1.5 });
}
