/** Numbers as pixels: ink on paper, or signed numbers on the page's orange to blue. */
import { signedPixels } from "../style/colors.ts";

export type PixelLook = "ink" | "signed";

export interface PixelPicture {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly look: PixelLook;
  readonly full?: number | undefined;
  readonly below?: ArrayLike<number> | undefined;
}

type Color = readonly [red: number, green: number, blue: number];
/** Of no ink and of all of it. */
const inks: Readonly<Record<"light" | "dark", readonly [Color, Color]>> = {
  light: [
    [255, 255, 255],
    [28, 30, 33],
  ],
  dark: [
    [35, 39, 44],
    [236, 234, 228],
  ],
};
/** How much of the ink below shows through. */
const FAINT = 0.3;

function inkPixels(values: ArrayLike<number>, full: number, dark: boolean, out: Uint8ClampedArray): void {
  const [none, all] = inks[dark ? "dark" : "light"];
  for (let i = 0; i < values.length; i++) {
    const t = Math.min(1, Math.max(0, values[i]! / full));
    for (let k = 0; k < 3; k++) out[4 * i + k] = none[k]! + t * (all[k]! - none[k]!);
    out[4 * i + 3] = 255;
  }
}

export function paintPixels(canvas: HTMLCanvasElement, picture: PixelPicture, dark: boolean): void {
  const { values, width, height, look, full = 1, below } = picture;
  const context = canvas.getContext("2d");
  if (context === null || values.length < width * height) return;
  const image = context.createImageData(width, height);
  const scale = full > 0 ? full : 1;
  if (look === "ink") inkPixels(values, scale, dark, image.data);
  else {
    const shares = Array.from(values, (value) => value / scale);
    signedPixels(shares, dark, image.data);
    if (below !== undefined) mixInk(image.data, shares, below, dark);
  }
  context.putImageData(image, 0, 0);
}

/** The colors over a faint picture: where a number is small the ink shows through. */
function mixInk(
  out: Uint8ClampedArray,
  shares: readonly number[],
  below: ArrayLike<number>,
  dark: boolean,
): void {
  const ink = new Uint8ClampedArray(out.length);
  inkPixels(
    Array.from(below, (value) => FAINT * value),
    1,
    dark,
    ink,
  );
  for (const [i, share] of shares.entries()) {
    const t = Math.min(1, 1.6 * Math.abs(share));
    for (let k = 0; k < 3; k++) out[4 * i + k] = ink[4 * i + k]! + t * (out[4 * i + k]! - ink[4 * i + k]!);
  }
}

/** The same as a picture of its own, for what is taken out of the page. */
export function pixelAddress(picture: PixelPicture, dark: boolean): string {
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  paintPixels(canvas, picture, dark);
  return canvas.toDataURL();
}
