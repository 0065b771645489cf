/** The paper that every figure stands on: white background, our font, title and names around what Plot has drawn. */
import { clean, type FittedText, fitText } from "./letters.ts";

/** Ink, and a gray for what is only there to help. */
export const ink = "#1a1a1a";
export const gray = "#5a5a5a";
export const gridColor = "#dddddd";

export const fontSize = 18;

type Attributes = Record<string, string | number>;

/** An SVG element with attributes and, where given, a text. Characters that XML forbids are left out of the text. */
export function element(document: Document, name: string, attributes: Attributes, text?: string): Element {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, typeof value === "number" ? hundredths(value) : value);
  }
  if (text !== undefined) node.textContent = clean(text);
  return node;
}

/** A hundredth of a pixel is enough, and hides in which digits engines may differ. */
function hundredths(value: number): string {
  return String(Math.round(100 * value) / 100 + 0);
}

/** What Plot has drawn, without its sheet of styles (a strict page would refuse it) and with short numbers. */
export function plotted(document: Document, svg: Element, size: number): Element {
  for (const style of [...svg.querySelectorAll("style")]) style.remove();
  const group = element(document, "g", { "font-size": size, "text-anchor": "middle" });
  group.append(...svg.children);
  for (const node of group.querySelectorAll("*")) {
    for (const name of [
      "x",
      "y",
      "x1",
      "x2",
      "y1",
      "y2",
      "cx",
      "cy",
      "r",
      "width",
      "height",
      "transform",
      "d",
    ]) {
      const text = node.getAttribute(name);
      if (text === null) continue;
      node.setAttribute(
        name,
        text.replace(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g, (digits) => hundredths(Number(digits))),
      );
    }
  }
  return group;
}

/** The figure as SVG text. */
export function paper(
  document: Document,
  { title, width, height }: { title: string; width: number; height: number },
  children: readonly Element[],
): string {
  const svg = element(document, "svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": clean(title),
    "font-family": "DejaVu Sans, Verdana, sans-serif",
    "font-size": fontSize,
    fill: ink,
    color: ink,
  });
  svg.append(element(document, "rect", { width, height, fill: "#ffffff" }), ...children);
  return `${svg.outerHTML}\n`;
}

interface Heading {
  title: string;
  subtitle?: string;
}

/** Bold letters are wider than those that are measured. */
const BOLD = 1.12;

function fitHeading(
  { title, subtitle = "" }: Heading,
  width: number,
  size: number,
): [FittedText, FittedText] {
  const unit = size / fontSize;
  const room = width - 48 * unit;
  return [fitText(title, room / BOLD, 22 * unit, 2), fitText(subtitle, room, 16 * unit, 2)];
}

/** Pixels from the upper edge down to what stands below title and subtitle. */
export function headHeight(names: Heading, width: number, size: number): number {
  const [title, subtitle] = fitHeading(names, width, size);
  const lines =
    35 + 27 * title.lines.length + (subtitle.lines.length === 0 ? 0 : 4 + 22 * subtitle.lines.length);
  return Math.round((lines * size) / fontSize);
}

/** Title and subtitle from a left upper corner on. */
export function heading(
  document: Document,
  names: Heading,
  { left, top, width, size }: { left: number; top: number; width: number; size: number },
): Element[] {
  const unit = size / fontSize;
  const [title, subtitle] = fitHeading(names, width, size);
  const x = left + 24 * unit;
  let y = top + 9 * unit;
  const bold = { "font-size": title.size, "font-weight": "bold", "text-anchor": "start" };
  const elements = title.lines.map((line) => {
    y += 27 * unit;
    return element(document, "text", { x, y, ...bold }, line);
  });
  y += 4 * unit;
  const plain = { "font-size": subtitle.size, fill: gray, "text-anchor": "start" };
  for (const line of subtitle.lines) {
    y += 22 * unit;
    elements.push(element(document, "text", { x, y, ...plain }, line));
  }
  return elements;
}

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The edges of the room of a chart, its font, and where the room for the name of the y axis begins. */
interface NameRoom {
  left: number;
  right: number;
  bottom: number;
  size: number;
  nameLeft?: number;
}

/** The names of the axes, below and to the left of the plotted area, each in the middle of its side. */
export function axisNames(
  document: Document,
  { x, y }: { x: string; y: string },
  area: Area,
  { left, right, bottom, size, nameLeft = left }: NameRoom,
): Element[] {
  const unit = size / fontSize;
  const middleX = (area.left + area.right) / 2;
  const middleY = (area.top + area.bottom) / 2;
  const below = fitText(x, 2 * Math.min(middleX - left, right - middleX) - 8 * unit, size);
  const beside = fitText(y, 2 * Math.min(middleY - area.top, bottom - middleY), size);
  const common = { fill: gray, "text-anchor": "middle" };
  return [
    ...below.lines.map((line) =>
      element(
        document,
        "text",
        { x: middleX, y: bottom - 18 * unit, "font-size": below.size, ...common },
        line,
      ),
    ),
    ...beside.lines.map((line) => {
      const transform = `translate(${hundredths(nameLeft + 28 * unit)},${hundredths(middleY)}) rotate(-90)`;
      return element(document, "text", { transform, "font-size": beside.size, ...common }, line);
    }),
  ];
}
