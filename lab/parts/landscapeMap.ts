/** A landscape as a picture: colors of a logarithmic scale, levels of contour lines, numbers on the map. */
import type { Landscape } from "../engine/thinker.ts";
import type { Field } from "./decisionMapField.ts";

/** Logarithms of the loss, as the map shows it. */
export interface LandscapeField {
  /** Rows from the top, for the canvas and for contour lines. */
  readonly field: Field;
  /** Of the losses shown; above `high` the color is that of `high`. */
  readonly low: number;
  readonly high: number;
  /** All losses are the same, but for rounding. */
  readonly flat: boolean;
  /** Where it is least on the grid: places along the two directions, and the loss. */
  readonly least: { readonly first: number; readonly second: number; readonly loss: number } | null;
}

/** Losses beyond this share of all are drawn like the last below it, so that one steep corner does not take all colors. */
const SHOWN = 0.97;
/** Losses that differ by a smaller share are the same. */
const SAME = 1e-5;
/** A loss of 0 has no logarithm; it counts as this share of the highest. */
const FLOOR = 1e-12;

export function landscapeField({ size, loss, first, second }: Landscape): LandscapeField {
  const finite = loss.filter((value) => value !== null).sort((a, b) => a - b);
  const high = Math.max(finite[Math.floor(SHOWN * (finite.length - 1))] ?? 1, 1e-30);
  const floor = Math.max(high * FLOOR, 1e-30);
  const low = Math.max(finite[0] ?? high / 10, floor);
  const values = new Float32Array(size * size);
  let least: LandscapeField["least"] = null;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const value = loss[row * size + column] ?? null;
      values[(size - 1 - row) * size + column] =
        value === null ? Number.NaN : Math.log10(Math.max(value, floor));
      if (value !== null && (least === null || value < least.loss)) {
        least = { first: first[column]!, second: second[row]!, loss: value };
      }
    }
  }
  const flat = high - low <= SAME * low;
  // A flat land has the color in the middle of the scale.
  const shown = flat ? { low: low / 1.5, high: low * 1.5 } : { low, high };
  return { field: { side: size, outputs: 1, values }, ...shown, flat, least };
}

/** Contour lines at round losses: 1, 2 and 5 times powers of ten, or closer where the loss hardly changes; at most fourteen. */
export function levelsOf(low: number, high: number): number[] {
  for (const steps of [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]]) {
    const levels: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
      for (const step of steps) levels.push(Number(`${step}e${power}`));
    }
    const inside = levels.filter((level) => level > low && level < high);
    if (inside.length >= 5) return inside.length <= 14 ? inside : inside.filter((_, i) => i % 2 === 0);
  }
  return Array.from({ length: 7 }, (_, i) => low + ((i + 1) * (high - low)) / 8);
}

/** From high to low, as red, green and blue: the lower the loss, the stronger the color, like water on a chart. */
const ramps = {
  light: [
    [247, 244, 236],
    [214, 226, 218],
    [158, 197, 190],
    [92, 155, 153],
    [32, 105, 110],
    [8, 56, 66],
  ],
  dark: [
    [30, 33, 38],
    [33, 55, 62],
    [37, 86, 92],
    [52, 127, 126],
    [104, 180, 165],
    [196, 240, 219],
  ],
} as const;

/** The color of a loss: `t` is 0 at the highest that is shown and 1 at the lowest. */
export function depthColor(t: number, dark: boolean): [number, number, number] {
  const ramp = dark ? ramps.dark : ramps.light;
  const at = Math.max(0, Math.min(1, t)) * (ramp.length - 1);
  const i = Math.min(ramp.length - 2, Math.floor(at));
  const [a, b] = [ramp[i]!, ramp[i + 1]!];
  const mix = (k: 0 | 1 | 2): number => Math.round(a[k] + (b[k] - a[k]) * (at - i));
  return [mix(0), mix(1), mix(2)];
}

/** Where a loss lies between the highest (0) and the lowest (1) that are shown. */
export function depthOf(log: number, { low, high }: Pick<LandscapeField, "low" | "high">): number {
  return 1 - (log - Math.log10(low)) / (Math.log10(high) - Math.log10(low));
}

/** Paints it; what is not finite stays transparent. */
export function paintLandscape(map: LandscapeField, dark: boolean, image: ImageData): void {
  const { values } = map.field;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    const [r, g, b] = depthColor(depthOf(value, map), dark);
    image.data.set([r, g, b, Number.isNaN(value) ? 0 : 255], 4 * i);
  }
}
