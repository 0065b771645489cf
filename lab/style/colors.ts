// The diverging scale of signed numbers: orange, neutral, blue. It is laid out in OKLab (B. Ottosson, "A perceptual color space for
// image processing", 2020), so that equal numbers of either sign are equally far from the paper, and orange against blue stays
// distinct without red or green.
import { createSignal } from "solid-js";

/** Half of the steps: entry STEPS is the number 0. */
const STEPS = 255;
const ENTRIES = 2 * STEPS + 1;

/** Lightness at 0 and at 1; chroma and hue (as cosine and sine) of the two ends. */
interface Scale {
  readonly zero: number;
  readonly one: number;
  readonly blue: readonly [chroma: number, cos: number, sin: number];
  readonly orange: readonly [chroma: number, cos: number, sin: number];
}

// Hues of 255 and 55 degrees.
const BLUE = [-0.2588, -0.9659] as const;
const ORANGE = [0.5736, 0.8192] as const;
const light: Scale = { zero: 0.968, one: 0.52, blue: [0.165, ...BLUE], orange: [0.138, ...ORANGE] };
const dark: Scale = { zero: 0.255, one: 0.76, blue: [0.135, ...BLUE], orange: [0.15, ...ORANGE] };

const encoded = (value: number): number => {
  const bounded = Math.min(1, Math.max(0, value));
  const gamma = bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055;
  return Math.round(255 * gamma);
};

/** From OKLab to the bytes of sRGB. */
function bytesOf(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function tableOf(scale: Scale): Uint8Array {
  const table = new Uint8Array(3 * ENTRIES);
  for (let i = 0; i < ENTRIES; i += 1) {
    const t = Math.abs(i - STEPS) / STEPS;
    const [chroma, cos, sin] = i < STEPS ? scale.orange : scale.blue;
    // The neutral of the paper is a little warm; color comes in faster than lightness goes, so that small numbers have a sign.
    const c = chroma * (1 - (1 - t) * (1 - t));
    table.set(bytesOf(scale.zero + (scale.one - scale.zero) * t, c * cos, c * sin), 3 * i);
  }
  return table;
}

const tables = { light: tableOf(light), dark: tableOf(dark) };
const entryOf = (t: number): number =>
  STEPS + Math.round(STEPS * (t > 1 ? 1 : t < -1 ? -1 : Number.isNaN(t) ? 0 : t));

const names = new Map<Uint8Array, string[]>();

/** A color for a number from -1 (orange) to 1 (blue); the paper's neutral exactly at 0. */
export function signedColor(t: number, isDarkTheme: boolean = isDark()): string {
  const table = isDarkTheme ? tables.dark : tables.light;
  let texts = names.get(table);
  if (texts === undefined) {
    texts = Array.from(
      { length: ENTRIES },
      (_, i) => `rgb(${table[3 * i]} ${table[3 * i + 1]} ${table[3 * i + 2]})`,
    );
    names.set(table, texts);
  }
  return texts[entryOf(t)] as string;
}

/**
 * The same for a canvas: four bytes a number, opaque.
 *
 * @param values [pixels], each from -1 to 1.
 * @param out    [pixels, 4], overwritten.
 */
export function signedPixels(values: ArrayLike<number>, isDarkTheme: boolean, out: Uint8ClampedArray): void {
  const table = isDarkTheme ? tables.dark : tables.light;
  for (let i = 0; i < values.length; i += 1) {
    const from = 3 * entryOf(values[i] as number);
    out[4 * i] = table[from] as number;
    out[4 * i + 1] = table[from + 1] as number;
    out[4 * i + 2] = table[from + 2] as number;
    out[4 * i + 3] = 255;
  }
}

export type Theme = "system" | "light" | "dark";

const system = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
const [systemDark, setSystemDark] = createSignal(system?.matches ?? false);
system?.addEventListener("change", ({ matches }) => setSystemDark(matches));
const [chosen, setChosen] = createSignal<Theme>("system");

/** Whether the page is dark now; an accessor, so that what reads it follows. */
export const isDark = (): boolean => (chosen() === "system" ? systemDark() : chosen() === "dark");

/** Changes the page, or one figure within another's page; not kept beyond it. */
export function setTheme(next: Theme, root: HTMLElement = document.documentElement): void {
  if (next === "system") delete root.dataset.theme;
  else root.dataset.theme = next;
  setChosen(next);
}
