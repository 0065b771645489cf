/** What the network gets of a picture. */
import { digitImage } from "talweg";
import type { Picture } from "./digitsState.ts";
import { isEmpty, reduced, SIDE } from "./raster.ts";

/** `[784]`. A picture of MNIST is scaled and centered already. */
export function inputOf({ ink, taken, centered }: Picture): Float32Array {
  if (taken !== null) return Float32Array.from(taken.pixels, (value) => Math.fround(value * (1 / 255)));
  if (isEmpty(ink)) return new Float32Array(784);
  // Fainter than this the library sees no digit, as a rubber may leave it.
  if (!centered || !ink.some((value) => value >= 32)) return reduced(ink);
  return digitImage({ width: SIDE, height: SIDE, pixels: ink }, { ground: "dark" }).input;
}
