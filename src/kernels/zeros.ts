/** Whether the inputs of a layer have so many zeros that looking for the others pays. It changes the time, never a bit. */
import type { Vector } from "../core/index.ts";

/** Rows that are looked at. */
const SAMPLE = 16;

/** Share of numbers that are not zero up to which it pays, as measured. */
const MOST = 0.45;

/** @param x Row-major `[rows, width]`, a row every `stride` numbers. */
export function paysToSkip(
  x: Vector | Uint8Array,
  rows: number,
  width: number,
  stride: number = width,
): boolean {
  const step = Math.max(1, Math.floor(rows / SAMPLE));
  let seen = 0;
  let notZero = 0;
  for (let row = 0; row < rows; row += step) {
    for (let i = row * stride; i < row * stride + width; i++) if (x[i] !== 0) notZero++;
    seen += width;
  }
  return notZero <= MOST * seen;
}
