/** Drawings to begin with; each shows one thing. */
import { opening, type Picture } from "./digitsState.ts";
import { drawn } from "./raster.ts";

export interface Example {
  readonly title: string;
  /** What is to be seen, in one sentence. */
  readonly sentence: string;
  readonly picture: () => Picture;
}

type Line = readonly (readonly [number, number])[];

/** A one or a seven: that is a matter of how far its hook reaches. */
const hook: Line = [
  [0.36, 0.36],
  [0.54, 0.18],
  [0.54, 0.82],
];
const six: Line = [
  [0.33, 0.55],
  [0.23, 0.67],
  [0.2, 0.79],
  [0.25, 0.89],
  [0.33, 0.87],
  [0.34, 0.78],
  [0.28, 0.75],
  [0.21, 0.79],
];

const picture = (lines: readonly Line[], target: number | null, centered = true): Picture => ({
  ink: drawn(lines),
  taken: null,
  target,
  centered,
});

export const examples: readonly Example[] = [
  {
    title: "Four or nine?",
    sentence: "A four that nearly closes. Close it, and watch the outputs; then ask what spoke for each.",
    picture: () => picture(opening, null),
  },
  {
    title: "One or seven?",
    sentence: "Erase the hook, or draw it longer: which neurons change their mind?",
    picture: () => picture([hook], null),
  },
  {
    title: "A six in the corner",
    sentence:
      "As it lies on the field it is a 2 to the page's network, which has seen centered digits only. Tick “scale and center”.",
    picture: () => picture([six], 6, false),
  },
];
