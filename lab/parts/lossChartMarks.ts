/** The lines of the loss chart: thinned for drawing, averaged where a step saw only a part of the examples. */
import type { RunTrace } from "../state/types.ts";
import type { Mark } from "./chartTypes.ts";

export type Along = "steps" | "evaluations";

/** A line of the chart: a run, or a contestant of a race. */
export interface LossLine {
  readonly id: number;
  readonly label: string;
  readonly live: boolean;
  readonly color: string;
  readonly trace: Pick<RunTrace, "steps" | "evaluations" | "losses">;
  /** Each number is of some of the examples, so that it jumps. */
  readonly noisy: boolean;
}

/** Okabe and Ito (2008), without yellow and black; each keeps 3 to 1 on both papers. */
export const lineColors: readonly string[] = [
  "var(--loss-1)",
  "var(--loss-2)",
  "var(--loss-3)",
  "var(--loss-4)",
  "var(--loss-5)",
  "var(--loss-6)",
  "var(--loss-7)",
];

export function linesOf(runs: readonly RunTrace[]): LossLine[] {
  return runs.map(({ id, label, live, ...trace }) => ({
    id,
    label,
    live,
    color: live ? "var(--accent)" : lineColors[id % lineColors.length]!,
    trace,
    noisy: !label.endsWith("full batch"),
  }));
}

/** Points of a drawn line at most. */
const DRAWN = 400;
/** Windows of a mean along a run. */
const WINDOWS = 20;

/** Steps' losses that are one number of the averaged line, by count of points. */
export const windowOf = ({ noisy, trace }: LossLine): number =>
  noisy ? Math.max(1, Math.round(trace.losses.length / WINDOWS)) : 1;

interface Drawn {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const means = new WeakMap<readonly number[], Map<string, Drawn>>();

/** The mean of as many points as the window has, the last ones up to each; kept, since line, axis and name ask for it. */
export function averaged(line: LossLine, along: Along): Drawn {
  const known = means.get(line.trace.losses) ?? new Map<string, Drawn>();
  means.set(line.trace.losses, known);
  const key = `${along} ${windowOf(line)}`;
  const drawn = known.get(key) ?? newlyAveraged(line, along);
  known.set(key, drawn);
  return drawn;
}

function newlyAveraged(line: LossLine, along: Along): Drawn {
  const { losses } = line.trace;
  const size = windowOf(line);
  const every = Math.max(1, Math.floor(losses.length / DRAWN));
  const x: number[] = [];
  const y: number[] = [];
  let sum = 0;
  for (let i = 0; i < losses.length; i += 1) {
    sum += losses[i]!;
    if (i >= size) sum -= losses[i - size]!;
    if (i % every !== 0 && i !== losses.length - 1) continue;
    x.push(line.trace[along][i]!);
    y.push(size === 1 ? losses[i]! : meanUpTo(losses, i, size, sum));
  }
  return { x, y };
}

/** A running sum loses its digits where numbers fall by many powers of ten; then the window is added up anew. */
function meanUpTo(losses: readonly number[], last: number, size: number, sum: number): number {
  const from = Math.max(0, last - size + 1);
  if (sum > 1e-3 * losses[from]!) return sum / (last - from + 1);
  let fresh = 0;
  for (let i = from; i <= last; i += 1) fresh += losses[i]!;
  return fresh / (last - from + 1);
}

/** What each step saw, the least and the largest of neighbours, so that thinning hides no peak. */
function seen(line: LossLine, along: Along): Drawn {
  const { losses } = line.trace;
  const every = Math.max(1, Math.ceil(losses.length / DRAWN));
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < losses.length; from += every) {
    let low = from;
    let high = from;
    for (let i = from; i < Math.min(losses.length, from + every); i += 1) {
      if (losses[i]! < losses[low]!) low = i;
      if (losses[i]! > losses[high]!) high = i;
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      x.push(line.trace[along][i]!);
      y.push(losses[i]!);
    }
  }
  return { x, y };
}

const kept = new WeakMap<readonly number[], Partial<Record<Along, Mark[]>>>();

/** A strong line, with what each step saw behind it where that jumps. */
export function marksOf(line: LossLine, along: Along): Mark[] {
  const known = kept.get(line.trace.losses) ?? {};
  kept.set(line.trace.losses, known);
  known[along] ??= [
    ...(line.noisy && line.live
      ? [
          {
            type: "line",
            ...seen(line, along),
            color: line.color,
            width: 1,
            opacity: line.trace.losses.length > DRAWN ? 0.16 : 0.28,
          } as const,
        ]
      : []),
    {
      type: "line",
      ...averaged(line, along),
      color: line.color,
      width: line.live ? 2.5 : 1.75,
      opacity: line.live ? 1 : 0.9,
    },
  ];
  return known[along];
}

/** The place of the last point that is not beyond `at`; -1 where there is none. */
export function placeAt(x: readonly number[], at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The averaged loss of a line there; null before its first step and where it is not finite. */
export function lossAt(line: LossLine, along: Along, at: number): number | null {
  const i = placeAt(line.trace[along], at);
  if (i < 0) return null;
  const size = windowOf(line);
  let sum = 0;
  const from = Math.max(0, i - size + 1);
  for (let k = from; k <= i; k += 1) sum += line.trace.losses[k]!;
  const mean = sum / (i - from + 1);
  return Number.isFinite(mean) ? mean : null;
}

/** What single batches saw is drawn up to so many times above and below the means. */
const AROUND = 6;
/** Beyond this many first losses a run that has burst leaves the picture. */
const BURST = 100;

/** Where the losses lie, for the axis: positive and finite ones. */
export function lossDomain(lines: readonly LossLine[], log: boolean): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  let first = 0;
  for (const line of lines) {
    first = Math.max(first, line.trace.losses[0] ?? 0);
    const mean = spanOf(averaged(line, "steps").y);
    const seen = line.live ? spanOf(line.trace.losses) : mean;
    low = Math.min(low, Math.max(seen.low, mean.low / AROUND));
    high = Math.max(high, Math.min(seen.high, mean.high * AROUND));
  }
  if (high === 0) return log ? [0.001, 1] : [0, 1];
  if (first > 0) high = Math.min(high, BURST * first);
  if (!log) return [0, 1.05 * high];
  return [low / 1.25, Math.max(high, low * 2) * 1.25];
}

/** The least and the largest of what has a logarithm. */
function spanOf(losses: readonly number[]): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const loss of losses) {
    if (!(loss > 0) || loss === Number.POSITIVE_INFINITY) continue;
    low = Math.min(low, loss);
    high = Math.max(high, loss);
  }
  return { low, high };
}
