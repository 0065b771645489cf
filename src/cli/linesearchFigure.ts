/** The figure of a line search: f along the direction, what is allowed, the trials, and the acceptable steps shaded. */
import type { ExplainedTrial, LineSearchExplanation } from "../explain/index.ts";
import { type ChartOptions, chartFigure, type Mark, panelsFigure } from "../plot/index.ts";
import { short } from "./numbers.ts";

const CURVE = 0;
const BOUND = 1;
const GOOD = 2;
const LOWEST = 3;

export function linesearchFigure(found: LineSearchExplanation, label: string): Promise<string> {
  const title = `Line search: ${label}`;
  const subtitle = found.accepted
    ? `${found.search}, accepted t = ${short(found.stepSize)}${found.crossesValley ? ", across the valley" : ""}`
    : `${found.search}: ${found.reason}`;
  const end = windowEnd(found);
  if (end === found.range) return chartFigure({ ...chart(found, [0, end]), title, subtitle });
  const from = Math.min(found.stepSize, ...found.trials.map(({ stepSize }) => stepSize)) / 4;
  return panelsFigure({
    title,
    subtitle,
    columns: 1,
    height: 1000,
    panels: [
      { ...chart(found, [from, found.range]), title: "All trials" },
      { ...chart(found, [0, end]), title: "Around the accepted step" },
    ],
  });
}

/** A window around the accepted step, and the lowest point if that is not far; all where that is not much more. */
function windowEnd({ accepted, stepSize, least, range }: LineSearchExplanation): number {
  if (!accepted) return range;
  const lowest = 1.2 * least.stepSize;
  const end = Math.max(3 * stepSize, lowest <= 16 * stepSize ? lowest : 0);
  return end > range / 4 ? range : end;
}

/** @param span Of the steps; with a start above 0 on a log axis. */
function chart(found: LineSearchExplanation, [from, end]: [number, number]): ChartOptions {
  const { stepSize, value } = found.samples;
  // A little more than is shown, so that the curve reaches the edges.
  const within = stepSize.flatMap((t, i) => (t >= 0.8 * from && t <= 1.2 * end ? [i] : []));
  const x = within.map((i) => stepSize[i]!);
  const y = within.map((i) => value[i] ?? Number.NaN);
  const trials = found.trials.filter((trial) => trial.stepSize <= end && trial.value !== null);
  const { low, high, scale } = heights(found, y, trials, from > 0);
  const least = found.least.stepSize >= from && found.least.stepSize <= end ? [found.least] : [];
  return {
    title: "",
    x: { label: "step size t", range: [from, end], scale: from > 0 ? "log" : "linear" },
    y: { label: "value of f", range: [low, high], scale },
    marks: [
      {
        kind: "spans",
        name: "acceptable",
        spans: found.acceptable
          .filter(([first, last]) => first < end && last > from)
          .map(([first, last]): [number, number] => [Math.max(first, from), Math.min(last, end)]),
        style: GOOD,
      },
      { kind: "line", name: "f(x + t d)", x, y, style: CURVE },
      ...boundMarks(found, within, x),
      ...dots(
        trials.filter(({ accepted }) => !accepted),
        "refused",
        "cross",
        BOUND,
      ),
      lowestMark(least),
      ...dots(
        trials.filter(({ accepted }) => accepted),
        "accepted",
        "circle",
        GOOD,
      ),
    ],
  };
}

function lowestMark(least: readonly LineSearchExplanation["least"][]): Mark {
  const x = least.map((point) => point.stepSize);
  const y = least.map((point) => point.value);
  return { kind: "dots", name: "lowest", x, y, shape: "triangle", hollow: true, style: LOWEST };
}

function boundMarks(
  { samples, search }: LineSearchExplanation,
  within: readonly number[],
  x: number[],
): Mark[] {
  const bound = within.map((i) => samples.bound[i]!);
  const name = search === "goldstein" ? "allowed: at most, at least" : "allowed at most";
  const upper: Mark = { kind: "line", name, x, y: bound, style: BOUND };
  const { lower } = samples;
  if (lower === undefined) return [upper];
  return [upper, { kind: "line", name, x, y: within.map((i) => lower[i]!), style: BOUND }];
}

function dots(
  trials: readonly ExplainedTrial[],
  name: string,
  shape: "circle" | "cross",
  style: number,
): Mark[] {
  if (trials.length === 0) return [];
  const x = trials.map((trial) => trial.stepSize);
  return [
    { kind: "dots", name, x, y: trials.map((trial) => trial.value ?? Number.NaN), shape, style, size: 8 },
  ];
}

/** Beyond this ratio a linear axis would show one value and a line along the bottom. */
const WIDE = 100;

interface Heights {
  low: number;
  high: number;
  scale: "linear" | "log";
}

/** The part of the values that is worth seeing; with `all` every trial. */
function heights(
  found: LineSearchExplanation,
  values: readonly number[],
  trials: readonly ExplainedTrial[],
  all: boolean,
): Heights {
  const finite = [...values.filter(Number.isFinite), ...trials.map(({ value }) => value!), found.value];
  const least = finite.reduce((a, b) => Math.min(a, b));
  const most = finite.reduce((a, b) => Math.max(a, b));
  if (all && least > 0 && most > WIDE * least) return { low: least / 2, high: most * 2, scale: "log" };
  // As deep as f falls, and somewhat above its start.
  const drop = found.value - least || Math.abs(found.value) || 1;
  const tried = Math.max(found.value, ...trials.map(({ value }) => value!));
  const top =
    all || tried - found.value < 4 * drop ? tried + 0.15 * (tried - least || drop) : found.value + 0.6 * drop;
  const high = Math.min(
    Math.max(top, found.value + 0.3 * drop),
    all ? Infinity : most + 0.1 * (most - least || drop),
  );
  return { low: least - 0.2 * drop, high, scale: "linear" };
}
