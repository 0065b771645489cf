/** Takes a figure out of the page: its picture with the styles written into it, or its numbers. Nothing leaves the machine. */
import type { DataRow } from "./Frame.tsx";

export interface Exported {
  readonly title: string;
  readonly svg?: (() => SVGSVGElement | undefined) | undefined;
  readonly data?: (() => readonly DataRow[]) | undefined;
}

/** What a sheet may set and a picture needs. */
const styles = [
  ...[
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
  ],
  ...[
    "stroke-opacity",
    "opacity",
    "font-family",
    "font-size",
    "font-weight",
    "font-variant-numeric",
    "text-anchor",
  ],
  ...["paint-order", "visibility", "shape-rendering", "dominant-baseline", "image-rendering"],
] as const;

/** Pixels of a PNG for one of the page. */
const SCALE = 2;
const MARGIN = 16;

/** The picture as a file of its own: styles as attributes, ground filled, handles and other helpers of the page left out. */
function svgText(svg: SVGSVGElement): string {
  // Who draws on a canvas as well brings it along now.
  svg.dispatchEvent(new Event("talweg-export"));
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  // A picture that hangs in no document has no computed styles: its attributes are all it needs.
  if (svg.isConnected) for (const [i, node] of originals.entries()) resolve(node, copies[i] as Element);
  for (const node of copy.querySelectorAll("[data-export=none]")) node.remove();
  const size = sizeOf(svg);
  const { width } = size;
  let { height } = size;
  for (const node of copy.querySelectorAll("[data-export=only]")) {
    for (const part of [node, ...node.querySelectorAll("*")]) part.setAttribute("visibility", "visible");
    height += Number(node.getAttribute("data-export-bottom") ?? 0);
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`);
  copy.setAttribute("width", String(width + 2 * MARGIN));
  copy.setAttribute("height", String(height + 2 * MARGIN));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const paper = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  for (const [name, value] of Object.entries({
    x: -MARGIN,
    y: -MARGIN,
    width: "100%",
    height: "100%",
    fill: paper || "white",
  })) {
    ground.setAttribute(name, String(value));
  }
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

function resolve(node: Element, copy: Element): void {
  const computed = getComputedStyle(node);
  for (const name of styles) {
    const value = computed.getPropertyValue(name);
    if (value !== "") copy.setAttribute(name, value);
  }
  for (const name of [...copy.getAttributeNames()]) {
    if (
      name === "class" ||
      name === "style" ||
      name === "tabindex" ||
      name === "role" ||
      name.startsWith("aria-")
    ) {
      copy.removeAttribute(name);
    }
  }
}

function sizeOf(svg: SVGSVGElement): { width: number; height: number } {
  const { width, height } = svg.viewBox.baseVal;
  return width > 0 ? { width, height } : svg.getBoundingClientRect();
}

/** The picture in pixels. */
async function pngOf(text: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (blob === null) throw new Error("this browser cannot make a PNG of this size; save the SVG instead.");
    return blob;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Rows as CSV (RFC 4180), the columns in the order of their first appearance. */
export function csvText(rows: readonly DataRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: string | number | null | undefined): string => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(cell), ...rows.map((row) => columns.map((column) => cell(row[column])))];
  return `${lines.map((cells) => cells.join(",")).join("\r\n")}\r\n`;
}

/** "The fit" in "talweg-the-fit.svg". */
const fileName = (title: string, ending: string): string =>
  `talweg-${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}.${ending}`;

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the address after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export async function exportFigure(kind: "SVG" | "PNG" | "CSV", figure: Exported): Promise<void> {
  const { title } = figure;
  if (kind === "CSV") {
    save(new Blob([csvText(figure.data?.() ?? [])], { type: "text/csv" }), fileName(title, "csv"));
    return;
  }
  const svg = figure.svg?.();
  if (svg === undefined) throw new Error("there is no picture yet.");
  const text = svgText(svg);
  if (kind === "SVG") save(new Blob([text], { type: "image/svg+xml" }), fileName(title, "svg"));
  else save(await pngOf(text), fileName(title, "png"));
}
