/** Ticks in pixels: as many as have room for their labels, and categories broken, turned or thinned out until they fit. */
import type { Axis } from "./axis.ts";
import { clean, cutText, textWidth, wrapText } from "./letters.ts";

export interface PlacedTicks {
  /** `[ticks]`, along the axis. */
  at: number[];
  /** `[ticks]`; lines are parted by line ends. */
  labels: string[];
  /** Degrees; 0 for level labels. */
  turn: number;
  /** Pixels that the labels take across the axis beyond one level line. */
  extra: number;
}

const TURN = -40;
const SIN = 0.643;
const COS = 0.766;
/** From one line of a label to the next, over the size of the font. */
export const LINE_HEIGHT = 1.15;

/** Whether level labels side by side leave a gap between each other. */
export function fitsLevel(axis: Axis, at: (value: number) => number, size: number): boolean {
  const boxes = axis.ticks.map(({ value, label }) => ({
    middle: at(value),
    half: textWidth(label, size) / 2,
  }));
  return boxes.every(({ middle, half }, i) => {
    const next = boxes[i + 1];
    return next === undefined || next.middle - next.half - (middle + half) >= 0.6 * size;
  });
}

/** Every tick, or every second, third … until the labels fit. */
export function levelTicks(axis: Axis, at: (value: number) => number, size: number): PlacedTicks {
  for (let stride = 1; ; stride++) {
    const ticks = axis.ticks.filter((_, i) => i % stride === 0);
    if (ticks.length > 1 && !fitsLevel({ ...axis, ticks }, at, size)) continue;
    return {
      at: ticks.map(({ value }) => at(value)),
      labels: ticks.map(({ label }) => label),
      turn: 0,
      extra: 0,
    };
  }
}

/** How far a turned label reaches along the axis. */
export function turnedLength(name: string, size: number): number {
  return COS * textWidth(clean(name).trim(), size);
}

/**
 * Names below their positions.
 *
 * @param at    Pixels, `[names]`.
 * @param slot  Pixels from one position to the next.
 * @param first Pixels from the left edge of the paper to the first position.
 * @param room  Pixels that labels may take beyond one line.
 */
export function categoryTicks(
  names: readonly string[],
  at: readonly number[],
  { slot, first, room, size }: { slot: number; first: number; room: number; size: number },
): PlacedTicks {
  const texts = names.map((name) => clean(name).trim());
  const wide = slot - 0.5 * size;
  const broken = texts.map((text) => wrapText(text, wide, size, 3));
  const lines = Math.max(...broken.map((parts) => parts.length));
  const extra = (lines - 1) * LINE_HEIGHT * size;
  if (extra <= room && broken.every((parts, i) => parts.join(" ") === texts[i])) {
    return { at: [...at], labels: broken.map((parts) => parts.join("\n")), turn: 0, extra };
  }
  const longest = Math.min((room + 0.4 * size) / SIN - size, (first - 0.5 * size) / COS);
  // Turned labels stand closer, but not at any distance.
  const stride = Math.ceil((1.2 * size) / (SIN * slot));
  const kept = (_: unknown, i: number): boolean => i % stride === 0;
  if (longest >= 4 * size) {
    const labels = texts.map((text) => cutText(text, longest, size));
    const deepest = Math.max(...labels.map((label) => textWidth(label, size)));
    return {
      at: at.filter(kept),
      labels: labels.filter(kept),
      turn: TURN,
      extra: deepest * SIN + 0.3 * size,
    };
  }
  const apart = Math.ceil((4 * size) / slot);
  const few = (_: unknown, i: number): boolean => i % apart === 0;
  const labels = texts.map((text) => cutText(text, apart * slot - 0.5 * size, size));
  return { at: at.filter(few), labels: labels.filter(few), turn: 0, extra: 0 };
}
