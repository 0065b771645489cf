/** The picture of a line search as marks, and the part of the axes that it is shown on. */
import type { LineSearchExplanation } from "talweg";
import type { Mark } from "./chartTypes.ts";

export interface Region {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Accepted steps that are shown beside the accepted one, where trials begin far beyond it. */
const NEAR = 5;
/** The plot goes this share of the deepest fall below it, and above the start. */
const BELOW = 0.2;
const ABOVE = 0.7;

/** Where there is something to see: from no step to a few accepted ones, or to beyond the first trial. */
export function regionOf(search: LineSearchExplanation, all: boolean): Region {
  const { range, accepted, stepSize, least, value } = search;
  const far = Math.max(stepSize, Math.min(least.stepSize, 3 * stepSize));
  const right = all || !accepted ? range : Math.min(range, NEAR * far);
  const fall = value - least.value;
  if (!(fall > 0)) {
    const rise = Math.max(...search.samples.value.map((one) => (one ?? value) - value), 1e-9);
    return { x: [0, right], y: [value - 0.3 * rise, value + rise] };
  }
  return { x: [0, right], y: [least.value - BELOW * fall, value + ABOVE * fall] };
}

/** @param chosen The trial whose numbers are shown. */
export function marksOf(search: LineSearchExplanation, { x, y }: Region, chosen: number): Mark[] {
  const { samples, acceptable, trials, value, slope } = search;
  const c1 = search.constants.c1 ?? 1e-4;
  const curve = samples.value.map((one) => one ?? Number.NaN);
  const trial = trials[chosen];
  const tried = trials.filter((one) => one.value !== null);
  const dots = (accepted: boolean): Pick<Mark & { type: "dots" }, "x" | "y"> => {
    const some = tried.filter((one) => one.accepted === accepted);
    // A trial above the plot is shown at its edge.
    return { x: some.map((one) => one.stepSize), y: some.map((one) => Math.min(one.value!, y[1])) };
  };
  return [
    ...acceptable.map(
      ([from, to]): Mark => ({ type: "band", axis: "x", from, to, color: "var(--good)", opacity: 0.13 }),
    ),
    {
      type: "line",
      x: [0, x[1]],
      y: [value, value + slope * x[1]],
      color: "var(--ink-faint)",
      width: 1,
      dash: "3 4",
      label: "slope at 0",
    },
    {
      type: "line",
      x: [0, x[1]],
      y: [value, value + c1 * slope * x[1]],
      color: "var(--good)",
      width: 2,
      label: "Armijo's line",
    },
    { type: "line", x: samples.stepSize, y: curve, color: "var(--accent)", width: 2.5, label: "loss" },
    ...(trial === undefined || trial.value === null
      ? []
      : ([
          {
            type: "line",
            x: [trial.stepSize, trial.stepSize],
            y: [trial.value, trial.bound],
            color: "var(--ink)",
            width: 1.25,
          },
        ] as const)),
    { type: "dots", ...dots(false), symbol: "cross", radius: 5, color: "var(--negative)", width: 2 },
    { type: "dots", ...dots(true), radius: 5, color: "var(--good)", rim: "var(--paper)", width: 2 },
  ];
}
