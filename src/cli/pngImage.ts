/** PNG files as gray values. */
import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import { FileError, FormatError } from "../core/index.ts";
import type { GrayImage } from "../data/index.ts";

/** A picture of one digit needs no more; a small file can claim a size that fills the memory. */
const MOST_PIXELS = 16_000_000;
const SIGNATURE = "89504e470d0a1a0a";

/**
 * A picture in gray: luminance by the weights of Rec. 709, transparent parts over white.
 *
 * @throws {FileError} When the file cannot be read.
 * @throws {FormatError} When it is not a PNG, damaged, or too large.
 */
export function readPng(path: string): GrayImage {
  const bytes = readFile(path);
  checkHeader(path, bytes);
  let image: PNG;
  try {
    image = PNG.sync.read(bytes);
  } catch {
    throw new FormatError(`${path}: the picture is damaged or cut off; save it again as PNG.`);
  }
  const { width, height, data } = image;
  const pixels = new Float64Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [red, green, blue, alpha] = data.subarray(4 * i, 4 * i + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    pixels[i] = 255 + (luminance - 255) * (alpha / 255);
  }
  return { width, height, pixels };
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new FileError(
      path,
      `${path}: the picture could not be read (${(error as Error).message.split(",")[0]}); check the path.`,
    );
  }
}

/** Width and height stand at a fixed place, so that they can be checked before anything is unpacked. */
function checkHeader(path: string, bytes: Buffer): void {
  if (
    bytes.length < 33 ||
    bytes.toString("hex", 0, 8) !== SIGNATURE ||
    bytes.toString("latin1", 12, 16) !== "IHDR"
  ) {
    throw new FormatError(`${path}: the file is not a PNG picture; save the picture as PNG.`);
  }
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  if (width > 0 && height > 0 && width * height <= MOST_PIXELS) return;
  throw new FormatError(
    `${path}: the picture says that it is ${width} by ${height} pixels, expected at most ${MOST_PIXELS} in all; ` +
      "scale it down, one digit needs no more than some hundred.",
  );
}
