// The paper of a figure: what Plot has drawn, on white, with our font, a title and the names of the axes.
import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";

export const ink = "#1a1a1a";
export const gray = "#5a5a5a";
export const gridColor = "#dddddd";
export const fontSize = 18;

const NAMESPACE = "http://www.w3.org/2000/svg";

/** An empty SVG document, in which names are escaped as XML wants it. */
const newDocument = () => new DOMParser().parseFromString(`<svg xmlns="${NAMESPACE}"/>`, "image/svg+xml");

export function element(document, name, attributes, text) {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/**
 * The number whose logarithm stands on an axis. Plot leaves out some labels of its own log axis, so figures take logarithms
 * themselves.
 */
export const powerLabel = (power) => {
  const value = Number((10 ** power).toPrecision(6));
  return value >= 1 ? value.toLocaleString("en-US") : String(value);
};

/** A text, from its left end by default. */
export const label = (document, x, y, text, attributes = {}) =>
  element(document, "text", { x, y, fill: ink, "text-anchor": "start", ...attributes }, text);

/**
 * A figure of panels as SVG text.
 *
 * @param panels `{ x, y, options, xLabel, yLabel }` each, where options are those of Plot.plot with all four margins.
 * @param extra  Given the document, elements that lie above everything.
 */
export function figure({ title, width, height, panels, extra = () => [] }) {
  const document = newDocument();
  const attributes = { xmlns: NAMESPACE, width, height, viewBox: `0 0 ${width} ${height}`, role: "img" };
  const font = { "font-family": "DejaVu Sans, Verdana, sans-serif", "font-size": fontSize };
  const svg = element(document, "svg", { ...attributes, "aria-label": title, ...font, fill: ink });
  svg.append(element(document, "rect", { width, height, fill: "#ffffff" }));
  for (const panel of panels) svg.append(...panelElements(document, panel));
  svg.append(label(document, 24, 40, title, { "font-size": 24, "font-weight": "bold" }), ...extra(document));
  return `${svg.outerHTML}\n`;
}

function panelElements(document, { x, y, options, xLabel, yLabel }) {
  const svg = Plot.plot({ document, ...options });
  // A strict page would refuse a style sheet.
  for (const style of [...svg.querySelectorAll("style")]) style.remove();
  for (const name of ["class", "fill", "font-family", "font-size"]) svg.removeAttribute(name);
  for (const [name, value] of Object.entries({ x, y, color: ink })) svg.setAttribute(name, String(value));
  const { width, height, marginLeft, marginRight, marginTop, marginBottom } = options;
  const middleX = x + (marginLeft + width - marginRight) / 2;
  const middleY = y + (marginTop + height - marginBottom) / 2;
  const named = [
    svg,
    label(document, middleX, y + height - 8, xLabel, { "text-anchor": "middle", fill: gray }),
  ];
  if (yLabel === undefined) return named;
  const turned = {
    transform: `translate(${x + 20},${middleY}) rotate(-90)`,
    "text-anchor": "middle",
    fill: gray,
  };
  return [...named, element(document, "text", turned, yLabel)];
}
