/**
 * The field that is drawn on: 168 by 168 cells of ink, six for each of the network's 28 pixels. Nothing here knows the page, so a
 * stroke gives the same ink in every browser.
 */

/** Cells of a side, and of one pixel of the network's picture. */
export const SIDE = 168;
export const PIXEL = 28;
export const CELL: number = SIDE / PIXEL;

/** Half the width of a stroke in cells: as wide, for the size of a digit, as the pens of MNIST. */
const PEN = 7.5;
const RUBBER = 15;

/** `[SIDE * SIDE]`, row-major, 0 paper to 255 ink; replaced with each stroke, never changed in place. */
export type Ink = Uint8Array<ArrayBuffer>;

export interface Place {
  /** In cells from the left and from the top. */
  readonly x: number;
  readonly y: number;
}

export type Tool = "pen" | "rubber";

export const noInk = (): Ink => new Uint8Array(SIDE * SIDE);

export const isEmpty = (ink: Ink): boolean => ink.every((value) => value === 0);

/** The ink after the tool went straight from one place to another; the edge is one cell soft. */
export function stroke(ink: Ink, tool: Tool, from: Place, to: Place): Ink {
  const out = ink.slice();
  const radius = tool === "pen" ? PEN : RUBBER;
  const [left, right] = reach(from.x, to.x, radius);
  const [top, bottom] = reach(from.y, to.y, radius);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const away = distance({ x: x + 0.5, y: y + 0.5 }, from, to);
      const covered = Math.round(255 * Math.min(1, Math.max(0, radius + 0.5 - away)));
      const at = y * SIDE + x;
      out[at] = tool === "pen" ? Math.max(out[at]!, covered) : Math.min(out[at]!, 255 - covered);
    }
  }
  return out;
}

function reach(a: number, b: number, radius: number): [number, number] {
  return [
    Math.max(0, Math.floor(Math.min(a, b) - radius - 1)),
    Math.min(SIDE, Math.ceil(Math.max(a, b) + radius + 1)),
  ];
}

/** From a place to the nearest one of a line. */
function distance(p: Place, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  const [x, y] = [p.x - a.x - along * dx, p.y - a.y - along * dy];
  return Math.sqrt(x * x + y * y);
}

/** All places one pixel of the network further; what leaves the field is gone. */
export function shifted(ink: Ink, right: number, down: number): Ink {
  const out = noInk();
  for (let y = 0; y < SIDE; y++) {
    const fromY = y - down * CELL;
    if (fromY < 0 || fromY >= SIDE) continue;
    for (let x = 0; x < SIDE; x++) {
      const fromX = x - right * CELL;
      if (fromX >= 0 && fromX < SIDE) out[y * SIDE + x] = ink[fromY * SIDE + fromX]!;
    }
  }
  return out;
}

/** The edges moved by half a pixel: out with 1, in with -1. */
export function thickened(ink: Ink, sign: 1 | -1): Ink {
  const reach = CELL / 2;
  const out = noInk();
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : ink[y * SIDE + x]!;
  const disk: Place[] = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) if (x * x + y * y <= reach * reach) disk.push({ x, y });
  }
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let most = at(x, y);
      for (const d of disk) {
        const value = at(x + d.x, y + d.y);
        most = sign > 0 ? Math.max(most, value) : Math.min(most, value);
      }
      out[y * SIDE + x] = most;
    }
  }
  return out;
}

/** Each of the network's pixels as the mean of its 36 cells, from 0 to 1: the field as it is, neither scaled nor centered. */
export function reduced(ink: Ink): Float32Array {
  const pixels = new Float32Array(PIXEL * PIXEL);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = Math.floor(y / CELL) * PIXEL + Math.floor(x / CELL);
      pixels[at] = pixels[at]! + ink[y * SIDE + x]!;
    }
  }
  return pixels.map((sum) => sum / (255 * CELL * CELL));
}

/** A picture of 28 by 28 bytes as ink to draw on, smooth between the middles of its pixels. */
export function enlarged(pixels: Uint8Array): Ink {
  const out = noInk();
  const at = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= PIXEL || y >= PIXEL ? 0 : pixels[y * PIXEL + x]!;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const [px, py] = [(x + 0.5) / CELL - 0.5, (y + 0.5) / CELL - 0.5];
      const [left, top] = [Math.floor(px), Math.floor(py)];
      const [u, v] = [px - left, py - top];
      const upper = at(left, top) * (1 - u) + at(left + 1, top) * u;
      const lower = at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u;
      out[y * SIDE + x] = Math.round(upper * (1 - v) + lower * v);
    }
  }
  return out;
}

/** Strokes from place to place, in shares of the field's side. */
export function drawn(strokes: readonly (readonly (readonly [number, number])[])[]): Ink {
  let ink = noInk();
  for (const line of strokes) {
    for (const [i, [x, y]] of line.entries()) {
      const [fromX, fromY] = line[Math.max(0, i - 1)]!;
      ink = stroke(ink, "pen", { x: fromX * SIDE, y: fromY * SIDE }, { x: x * SIDE, y: y * SIDE });
    }
  }
  return ink;
}
