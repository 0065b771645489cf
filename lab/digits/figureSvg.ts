/** Builds the SVG of a figure that is not one on the page: pictures of pixels, words and bars at given places. */
import { isDark } from "../style/colors.ts";
import { type PixelPicture, pixelAddress } from "./pixelPaint.ts";

export interface SvgFigure {
  readonly svg: SVGSVGElement;
  picture(picture: PixelPicture, x: number, y: number, side: number, height?: number): void;
  text(words: string, x: number, y: number, look?: Readonly<Record<string, string | number>>): void;
  rect(x: number, y: number, width: number, height: number, fill: string): void;
}

/** A color of the theme as it is now, since a file knows no theme. */
export const themeColor = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export function svgFigure(width: number, height: number): SvgFigure {
  const node = (name: string, attributes: Readonly<Record<string, string | number>>): SVGElement => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    return element;
  };
  const svg = node("svg", { width, height, viewBox: `0 0 ${width} ${height}` }) as SVGSVGElement;
  const ink = themeColor("--ink");
  return {
    svg,
    picture(picture, x, y, side, high = side) {
      const href = pixelAddress(picture, isDark());
      svg.append(node("image", { href, x, y, width: side, height: high, "image-rendering": "pixelated" }));
    },
    text(words, x, y, look = {}) {
      const font = { "font-family": "system-ui, sans-serif", "font-size": 12, fill: ink };
      const element = node("text", { x, y, ...font, ...look });
      element.textContent = words;
      svg.append(element);
    },
    rect(x, y, width, height, fill) {
      svg.append(node("rect", { x, y, width, height, fill }));
    },
  };
}
