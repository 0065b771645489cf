/**
 * From any picture of one digit to the 28 by 28 gray values that a network trained on MNIST expects.
 *
 * As MNIST was made: the digit is scaled into 20 by 20 pixels, its proportions kept, and placed so that its center of
 * mass is the center of the field. Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
 */
import { countOf, DataError, OptionError, ShapeError } from "../core/index.ts";

/** Gray values, row-major, 0 black to 255 white. */
export interface GrayImage {
  width: number;
  height: number;
  pixels: ArrayLike<number>;
}

export interface DigitImage {
  /** `[784]`, 0 background to 1 ink. */
  input: Float32Array;
  /** What was done to the picture, for people. */
  steps: string[];
}

export interface DigitImageOptions {
  /** What the digit stands on: "dark" as in MNIST, "light" as on paper, or told by the picture's "border"; "border". */
  ground?: "dark" | "light" | "border";
}

const FIELD = 28;
const BOX = 20;

/** Fainter than this share of the strongest ink counts as paper when the digit's edges are looked for. */
const FAINT = 0.2;

/**
 * A picture of one digit as the input of a network trained on MNIST. One of 28 by 28 pixels is taken to be scaled already.
 *
 * @throws {ShapeError} When the pixels are not width times height.
 * @throws {DataError} When the picture shows nothing, or a pixel is not a finite number.
 * @throws {OptionError} When `ground` is none of the three.
 */
export function digitImage(image: GrayImage, { ground = "border" }: DigitImageOptions = {}): DigitImage {
  checkImage(image);
  if (!["dark", "light", "border"].includes(ground)) {
    throw new OptionError(
      "ground",
      `digitImage: ground is ${JSON.stringify(ground) ?? String(ground)}, expected "dark", "light" or "border"; leave it out to have it told by the picture.`,
    );
  }
  const steps: string[] = [];
  const ink = inkOf(image, ground, steps);
  const { width, height } = image;
  if (width === FIELD && height === FIELD) return { input: Float32Array.from(ink, (v) => v / 255), steps };
  const box = boundingBox(ink, width, height);
  const cropped = scaled(ink, width, box);
  const field = centered(cropped);
  steps.push(
    `scaled from ${width} by ${height} into ${BOX} by ${BOX} and centered by mass in ${FIELD} by ${FIELD}`,
  );
  return { input: field, steps };
}

function checkImage({ width, height, pixels }: GrayImage): void {
  const sized = [width, height].every((size) => Number.isSafeInteger(size) && size > 0);
  if (!sized || pixels.length !== width * height) {
    throw new ShapeError(
      `digitImage: ${countOf(pixels.length, "pixel")} for ${width} by ${height}, expected width times height whole numbers of pixels; ` +
        "pass one gray value for each pixel, row by row.",
    );
  }
  for (let i = 0; i < pixels.length; i++) {
    if (Number.isFinite(pixels[i])) continue;
    throw new DataError(
      `digitImage: the pixel in row ${Math.floor(i / width)}, column ${i % width} (from 0) is ${String(pixels[i])}, expected a gray value from 0 to 255; mend the picture.`,
      { row: Math.floor(i / width), column: i % width },
    );
  }
}

/** The mean of the outermost pixels. */
function borderOf({ width, height, pixels }: GrayImage): number {
  let border = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x > 0 && y > 0 && x < width - 1 && y < height - 1) continue;
      border += pixels[y * width + x] as number;
      count++;
    }
  }
  return border / count;
}

/** Light on dark, as MNIST has it, and paper at 0: where it is not told, the border says which of the two the picture is. */
function inkOf(
  image: GrayImage,
  ground: Required<DigitImageOptions>["ground"],
  steps: string[],
): Float64Array {
  const { width, height, pixels } = image;
  const border = borderOf(image);
  const dark = ground === "border" ? border > 127.5 : ground === "light";
  // Told what the ground is, a digit that runs over the border is no ground.
  const paper = ground === "border" ? border : dark ? 255 : 0;
  const by = ground === "border" ? " (by its border)" : "";
  steps.push(
    dark ? `dark digit on light paper${by}: inverted` : `light digit on dark ground${by}: taken as it is`,
  );
  const ink = new Float64Array(pixels.length);
  let most = 0;
  // Loops, since a drawing is read anew with every stroke.
  for (let i = 0; i < ink.length; i++) {
    const value = pixels[i] as number;
    ink[i] = dark ? 255 - value : value;
    most = Math.max(most, ink[i] as number);
  }
  const empty = dark ? 255 - paper : paper;
  if (most - empty < 16) {
    throw new DataError(
      `the picture (${width} by ${height}) has one brightness all over, expected one digit on plain paper; ` +
        "pass a picture with more contrast.",
    );
  }
  if (width === FIELD && height === FIELD) return ink;
  // Photographed paper is not quite white: it becomes 0 and the strongest ink 255.
  for (let i = 0; i < ink.length; i++) {
    ink[i] = (Math.max(0, (ink[i] as number) - empty) / (most - empty)) * 255;
  }
  return ink;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boundingBox(ink: Float64Array, width: number, height: number): Box {
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((ink[y * width + x] as number) < 255 * FAINT) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x + 1);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y + 1);
    }
  }
  return box;
}

interface Small {
  width: number;
  height: number;
  pixels: Float64Array;
}

/** The box in at most 20 by 20 pixels; each is the mean of the area that it covers. */
function scaled(ink: Float64Array, stride: number, { left, top, right, bottom }: Box): Small {
  const factor = Math.max(right - left, bottom - top) / BOX;
  const width = Math.max(1, Math.round((right - left) / factor));
  const height = Math.max(1, Math.round((bottom - top) / factor));
  const perX = (right - left) / width;
  const perY = (bottom - top) / height;
  const pixels = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels[y * width + x] = areaMean(ink, stride, left + x * perX, top + y * perY, perX, perY);
    }
  }
  return { width, height, pixels };
}

function areaMean(
  ink: Float64Array,
  stride: number,
  x0: number,
  y0: number,
  wide: number,
  high: number,
): number {
  let sum = 0;
  for (let y = Math.floor(y0); y < y0 + high; y++) {
    const coveredY = Math.min(y + 1, y0 + high) - Math.max(y, y0);
    for (let x = Math.floor(x0); x < x0 + wide; x++) {
      const coveredX = Math.min(x + 1, x0 + wide) - Math.max(x, x0);
      if (coveredX > 0 && coveredY > 0) sum += (ink[y * stride + x] ?? 0) * coveredX * coveredY;
    }
  }
  return sum / (wide * high);
}

/** The small digit in the field, its center of mass as near to the middle as whole pixels and the edges allow. */
function centered({ width, height, pixels }: Small): Float32Array {
  let mass = 0;
  let massX = 0;
  let massY = 0;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] as number;
    mass += value;
    massX += value * ((i % width) + 0.5);
    massY += value * (Math.floor(i / width) + 0.5);
  }
  const place = (middle: number, size: number): number =>
    Math.max(0, Math.min(FIELD - size, Math.round(FIELD / 2 - middle)));
  const left = place(massX / mass, width);
  const top = place(massY / mass, height);
  const field = new Float32Array(FIELD * FIELD);
  for (let i = 0; i < pixels.length; i++) {
    const x = left + (i % width);
    const y = top + Math.floor(i / width);
    field[y * FIELD + x] = (pixels[i] as number) / 255;
  }
  return field;
}
