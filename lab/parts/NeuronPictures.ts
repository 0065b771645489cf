/**
 * What each neuron makes of the inputs, as a small picture: with one input a curve, with two a map of the plane, with more a
 * histogram over the examples. All pictures of a network come from one forward pass and lie on one canvas.
 */
import type { Dataset, Network } from "talweg";
import { signedPixels } from "../style/colors.ts";
import type { DiagramLayout } from "./networkDiagramLayout.ts";

/** Places of a curve, cells of a map's side, examples of a histogram at most. */
const CURVE = 40;
const MAP = 18;
const COARSE_MAP = 10;
const EXAMPLES = 200;
const BARS = 9;

export interface PictureColors {
  readonly dark: boolean;
  readonly positive: string;
  readonly negative: string;
  readonly line: string;
  readonly ground: string;
  readonly ink: string;
}

/** The rows at which neurons are asked, and how their answers are drawn. */
export interface Probes {
  readonly kind: "curve" | "map" | "histogram";
  readonly count: number;
  /** [count + 1, inputs]; the last row is the example at hand. */
  readonly x: Float32Array;
}

/**
 * @param domain Of each input, [from, to].
 * @param coarse Fewer cells, for networks with many parameters.
 * @returns Rows for all pictures; the last one is free for the example.
 */
export function probesOf(
  data: Dataset,
  domain: readonly (readonly [number, number])[],
  coarse: boolean,
): Probes {
  const { inputs } = data;
  if (inputs === 1) {
    const [from, to] = domain[0]!;
    const x = Float32Array.from({ length: CURVE + 1 }, (_, i) => from + ((to - from) * i) / (CURVE - 1));
    return { kind: "curve", count: CURVE, x };
  }
  const side = coarse ? COARSE_MAP : MAP;
  if (inputs === 2) return { kind: "map", count: side * side, x: gridOf(domain, side) };
  const rows = Math.min(EXAMPLES, data.rows);
  const x = new Float32Array((rows + 1) * inputs);
  for (let i = 0; i < rows * inputs; i += 1) x[i] = data.x[i]!;
  return { kind: "histogram", count: rows, x };
}

/** The centers of side × side cells, row by row from the top, and one row that is free. */
export function gridOf(domain: readonly (readonly [number, number])[], side: number): Float32Array {
  const [[x0, x1], [y0, y1]] = domain as readonly [readonly [number, number], readonly [number, number]];
  const x = new Float32Array(2 * (side * side + 1));
  for (let row = 0, at = 0; row < side; row += 1) {
    const y = y1 - ((y1 - y0) * (row + 0.5)) / side;
    for (let column = 0; column < side; column += 1) {
      x[at++] = x0 + ((x1 - x0) * (column + 0.5)) / side;
      x[at++] = y;
    }
  }
  return x;
}

/** Draws the pictures; holds what it needs from frame to frame. */
export class NeuronPictures {
  private readonly values = new Float32Array(MAP * MAP);
  private readonly cells = document.createElement("canvas");
  private image = new ImageData(1, 1);
  /** What was drawn last, neuron by neuron. */
  private drawn: Float32Array[] = [];

  /**
   * Draws the pictures that are others than the last time.
   *
   * @param a     Activations of all columns at the probes, the inputs themselves first.
   * @param anew  All of them: the canvas is empty, or something else than activations has changed.
   */
  drawAll(
    context: CanvasRenderingContext2D,
    layout: DiagramLayout,
    probes: Probes,
    a: readonly ArrayLike<number>[],
    n: Network,
    colors: PictureColors,
    anew: boolean,
  ): void {
    if (anew) this.drawn = [];
    let place = -1;
    for (const [layer, size] of layout.sizes.entries()) {
      if (layout.compact[layer]) continue;
      for (let unit = 0; unit < size; unit += 1) {
        this.pick(a[layer]!, size, unit, probes.count);
        place += 1;
        if (this.isDrawn(place, probes.count)) continue;
        const half = layout.half[layer]!;
        const center = isProbability(n, layer);
        const at = { x: layout.columns[layer]! - half, y: layout.rows[layer]![unit]! - half, side: 2 * half };
        // A pixel more than the picture, whose edge is smoothed.
        context.clearRect(at.x - 1, at.y - 1, at.side + 2, at.side + 2);
        this.draw(context, probes, at, center, colors);
      }
    }
  }

  /** Whether the values that were picked are those of the last time; they are kept for the next. */
  private isDrawn(place: number, count: number): boolean {
    const last = this.drawn[place];
    if (last?.length === count) {
      let i = 0;
      while (i < count && Object.is(last[i], this.values[i])) i += 1;
      if (i === count) return true;
      last.set(this.values.subarray(0, count));
    } else this.drawn[place] = this.values.slice(0, count);
    return false;
  }

  /** One neuron's picture alone, over all of `at`. */
  drawOne(
    context: CanvasRenderingContext2D,
    probes: Probes,
    a: ArrayLike<number>,
    size: number,
    unit: number,
    at: { x: number; y: number; side: number },
    center: boolean,
    colors: PictureColors,
  ): void {
    this.pick(a, size, unit, probes.count);
    this.draw(context, probes, at, center, colors);
  }

  /** The activations of one unit, from rows of all. */
  private pick(a: ArrayLike<number>, size: number, unit: number, count: number): void {
    for (let i = 0; i < count; i += 1) this.values[i] = a[i * size + unit] as number;
  }

  private draw(
    context: CanvasRenderingContext2D,
    probes: Probes,
    at: { x: number; y: number; side: number },
    center: boolean,
    colors: PictureColors,
  ): void {
    context.save();
    context.beginPath();
    context.roundRect(at.x, at.y, at.side, at.side, Math.min(7, at.side / 4));
    context.clip();
    if (probes.kind === "map") this.drawMap(context, at, Math.round(Math.sqrt(probes.count)), center, colors);
    else {
      context.fillStyle = colors.ground;
      context.fillRect(at.x, at.y, at.side, at.side);
      if (probes.kind === "curve") this.drawCurve(context, at, colors);
      else this.drawHistogram(context, at, probes.count, colors);
    }
    context.restore();
  }

  private drawMap(
    context: CanvasRenderingContext2D,
    { x, y, side }: { x: number; y: number; side: number },
    cells: number,
    center: boolean,
    { dark }: PictureColors,
  ): void {
    if (this.cells.width !== cells || this.image.width !== cells) {
      this.cells.width = cells;
      this.cells.height = cells;
      this.image = new ImageData(cells, cells);
    }
    const { image } = this;
    const values = this.values.subarray(0, cells * cells);
    if (center) for (let i = 0; i < values.length; i += 1) values[i] = 2 * values[i]! - 1;
    else {
      const scale = 1 / Math.max(1, largest(values, values.length));
      for (let i = 0; i < values.length; i += 1) values[i] = values[i]! * scale;
    }
    signedPixels(values, dark, image.data);
    this.cells.getContext("2d")?.putImageData(image, 0, 0);
    context.drawImage(this.cells, x, y, side, side);
  }

  /** The curve over a line at 0, filled blue above it and orange below. */
  private drawCurve(
    context: CanvasRenderingContext2D,
    { x, y, side }: { x: number; y: number; side: number },
    colors: PictureColors,
  ): void {
    const { values } = this;
    const [low, high] = rangeOf(values, CURVE);
    const margin = side * 0.14;
    const up = (value: number): number => y + margin + ((high - value) / (high - low)) * (side - 2 * margin);
    const across = (i: number): number => x + (side * i) / (CURVE - 1);
    const zero = up(0);
    const curve = new Path2D();
    for (let i = 0; i < CURVE; i += 1) curve.lineTo(across(i), finite(up(values[i]!), y, side));
    const area = new Path2D(curve);
    area.lineTo(x + side, zero);
    area.lineTo(x, zero);
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, zero);
    context.lineTo(x + side, zero);
    context.stroke();
    // One color above the line and one below: a gradient with a sharp edge, which needs no second drawing.
    const color = context.createLinearGradient(0, y, 0, y + side);
    const edge = Math.max(0, Math.min(1, (zero - y) / side));
    for (const at of [0, edge]) color.addColorStop(at, colors.positive);
    for (const at of [edge, 1]) color.addColorStop(at, colors.negative);
    context.fillStyle = color;
    context.strokeStyle = color;
    context.globalAlpha = 0.24;
    context.fill(area);
    context.globalAlpha = 1;
    context.lineWidth = side > 60 ? 2 : 1.5;
    context.stroke(curve);
  }

  /** How often an activation comes up among the examples, left the least, right the largest. */
  private drawHistogram(
    context: CanvasRenderingContext2D,
    { x, y, side }: { x: number; y: number; side: number },
    count: number,
    colors: PictureColors,
  ): void {
    const { values } = this;
    const [low, high] = rangeOf(values, count);
    const bins = new Int32Array(BARS);
    for (let i = 0; i < count; i += 1) {
      const at = Math.floor((BARS * (values[i]! - low)) / (high - low));
      if (at >= 0) bins[Math.min(BARS - 1, at)]! += 1;
    }
    const most = Math.max(1, ...bins);
    const breadth = side / BARS;
    for (const [i, bin] of bins.entries()) {
      const middle = low + ((i + 0.5) * (high - low)) / BARS;
      context.fillStyle = middle < 0 ? colors.negative : colors.positive;
      const height = bin === 0 ? 0 : Math.max(1, (bin / most) * side * 0.8);
      context.fillRect(x + i * breadth + 0.5, y + side - height, breadth - 1, height);
    }
  }
}

/** Whether a neuron's activation is the share of a class, whose middle is a half. */
export const isProbability = (n: Network, layer: number): boolean =>
  layer === n.layers.length && ["sigmoid", "softmax"].includes(n.layers[layer - 1]!.activation);

/** A range that holds 0, all values, and at least one unit. */
function rangeOf(values: Float32Array, count: number): [number, number] {
  let [low, high] = [0, 0];
  for (let i = 0; i < count; i += 1) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!Number.isFinite(high - low)) return [-1, 1];
  if (high - low >= 1) return [low, high];
  return high >= -low ? [low, Math.max(high, 1)] : [Math.min(low, -1), high];
}

function largest(values: Float32Array, count: number): number {
  let most = 0;
  for (let i = 0; i < count; i += 1) {
    const size = Math.abs(values[i]!);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

const finite = (value: number, y: number, side: number): number =>
  Number.isNaN(value) ? y + side : Math.max(y - side, Math.min(y + 2 * side, value));
