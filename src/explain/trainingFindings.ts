/** What a training has against it: a learning rate that does not fit the curvature, over-fitting, inputs that it never saw. */
import type { Dataset } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import { digits, type Finding, listed, share } from "./findings.ts";

/** Where the inputs of a training lay, `[inputs]` each; stored as `metadata.options.inputRange`. */
export interface InputRange {
  low: number[];
  high: number[];
}

/** Inputs up to which a range is stored: that of a table, not of an image. */
const MOST_RANGES = 64;

/** The range of each input, for networks of at most 64; plain data. */
export function inputRange({ x, rows, inputs, scale = 1 }: Dataset): InputRange | undefined {
  if (inputs > MOST_RANGES) return undefined;
  const factor = x instanceof Uint8Array ? scale : 1;
  const low = new Array<number>(inputs).fill(Infinity);
  const high = new Array<number>(inputs).fill(-Infinity);
  for (let i = 0; i < rows * inputs; i++) {
    const value = x[i]! * factor + 0;
    const column = i % inputs;
    if (value < low[column]!) low[column] = value;
    if (value > high[column]!) high[column] = value;
  }
  return { low, high };
}

/** What a model says about the inputs that it was trained on, undefined where it says nothing that fits it. */
export function trainedRange({ metadata, inputs }: Network): InputRange | undefined {
  const stored = metadata.options?.inputRange as Partial<InputRange> | undefined;
  const numbers = (list: unknown): list is number[] =>
    Array.isArray(list) && list.length === inputs && list.every(Number.isFinite);
  if (stored !== undefined && numbers(stored.low) && numbers(stored.high)) {
    return { low: stored.low, high: stored.high };
  }
  const data = metadata.options?.data as { interval?: unknown } | undefined;
  const interval = data?.interval;
  if (!Array.isArray(interval) || interval.length !== 2 || !interval.every(Number.isFinite)) return undefined;
  return {
    low: new Array<number>(inputs).fill(interval[0]),
    high: new Array<number>(inputs).fill(interval[1]),
  };
}

/** Beyond this share of a range's width an input lies outside; less is the chance of which examples were drawn. */
const MARGIN = 0.05;

/** Share of the examples from which on those outside are no stragglers. */
const MANY_OUTSIDE = 0.01;

/** Examples with inputs where the network was never trained: there it extrapolates. */
export function rangeFindings(range: InputRange | undefined, data: Dataset): Finding[] {
  if (range === undefined) return [];
  const { rows, inputs, x } = data;
  const factor = x instanceof Uint8Array ? (data.scale ?? 1) : 1;
  const columns = new Set<number>();
  let [outside, farthest] = [0, 0];
  for (let row = 0; row < rows; row++) {
    let any = false;
    for (let j = 0; j < inputs; j++) {
      const [low, high, value] = [range.low[j]!, range.high[j]!, x[row * inputs + j]! * factor];
      const miss = Math.max(low - value, value - high);
      // A column that was constant has no width of its own.
      const width = high > low ? high - low : Math.max(1, Math.abs(high));
      if (miss <= MARGIN * width) continue;
      any = true;
      columns.add(j);
      farthest = Math.max(farthest, miss / width);
    }
    if (any) outside++;
  }
  if (outside === 0) return [];
  const named = [...columns].sort((a, b) => a - b);
  const names = named.map((j) => `column ${j}: ${digits(range.low[j]!)} to ${digits(range.high[j]!)}`);
  return [
    {
      code: "outside-trained-range",
      level: outside >= MANY_OUTSIDE * rows ? "warning" : "note",
      message:
        `${share(outside / rows)} of the ${rows} examples lie outside of what the network was trained on (${listed(names, 3)}), ` +
        `by up to ${digits(farthest)} times its width: there its answers are extrapolated`,
      remedy: "train on examples from where it shall answer, or do not ask it there",
      columns: named,
      numbers: { share: outside / rows, outside, rows, farthest },
    },
  ];
}

/** How a network does on a set. */
export interface Score {
  rows: number;
  /** Mean loss. */
  loss: number;
  /** Share of right classes; for numbers the share of their variance that is explained. Null where all targets are equal. */
  score: number | null;
  kind: "accuracy" | "rSquared";
}

/** By how much a score may be lower on examples that were not trained on: half of that is usual. */
const GAP = { accuracy: 0.05, rSquared: 0.1 };

/** Over-fitting: much better on the examples that it was trained on. */
export function overfitFindings(trained: Score, test: Score): Finding[] {
  const { kind } = trained;
  const size = kind === "accuracy" ? share : digits;
  const [here, there] = [trained.score, test.score];
  if (here === null || there === null) return [];
  // Who does worse than the mean at what it was trained on has learnt nothing, by heart or otherwise.
  if (kind === "rSquared" && here <= 0) return [];
  const gap = here - there;
  // Two standard errors of a share over so many examples: a smaller gap may be chance.
  const chance =
    kind === "accuracy" ? 2 * Math.sqrt((here * (1 - here) + there * (1 - there)) / test.rows) : 0;
  if (gap <= Math.max(GAP[kind], chance)) return [];
  const name = kind === "accuracy" ? "the accuracy" : "R² (the share of variance that is explained)";
  return [
    {
      code: "over-fitting",
      level: "warning",
      message:
        `${name} is ${size(here)} on ${trained.rows} examples of the training and ${size(there)} on ${test.rows} others, ` +
        `with losses of ${digits(trained.loss)} and ${digits(test.loss)}: it has learnt by heart what the others do not share`,
      remedy:
        "stop early (validation with patience), give more examples, or take fewer units, a penalty or dropout",
      numbers: { gap, trainScore: here, testScore: there, trainLoss: trained.loss, testLoss: test.loss },
    },
  ];
}

/** A rate that stays as it is, and the method that it belongs to. */
export interface FixedRate {
  method: string;
  learningRate: number;
  /** 0 where there is none. */
  momentum: number;
}

/** The rate beside what the curvature allows. */
export interface RateCheck extends FixedRate {
  /** The largest eigenvalue of the loss's matrix of second derivatives. */
  curvature: number;
  /** Above this rate the method swings away along that direction. */
  largest: number;
}

/**
 * The largest stable learning rate on a parabola of this curvature.
 *
 * 2 / L for gradient descent, 2 (1 + beta) / L with momentum, and 2 (1 + beta) / ((1 + 2 beta) L) with Nesterov's: where the
 * recursion of the steps gets the root -1. Source: Goh, Why Momentum Really Works (2017); Nesterov's by the same argument.
 */
export function largestStableRate({ method, momentum }: FixedRate, curvature: number): number {
  const parabola = (2 * (1 + momentum)) / curvature;
  return method === "nesterov" ? parabola / (1 + 2 * momentum) : parabola;
}

/**
 * Gradient descent brings its network to where the rate is just about stable and hovers there, up to about a tenth above (Cohen
 * et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, arXiv 2103.00065); half more is too large.
 */
const TOO_LARGE = { warning: 1.5, note: 1.1 };

/** Steps a thousand times shorter than the steepest direction allows make a thousand of one. */
const TOO_SMALL = 1e-3;

export function rateFindings(check: RateCheck): Finding[] {
  const { method, learningRate, curvature, largest } = check;
  const times = learningRate / largest;
  const measured = `the learning rate ${digits(learningRate)} of ${method}`;
  const limit = `the largest curvature of the loss is ${digits(curvature)}, which allows rates up to ${digits(largest)}`;
  const numbers = { learningRate, curvature, largest, times };
  if (times > TOO_LARGE.note) {
    return [
      {
        code: "learning-rate-too-large",
        level: times > TOO_LARGE.warning ? "warning" : "note",
        message: `${measured} is too large here: ${limit}, and beyond that steps swing farther and farther`,
        remedy: `take at most ${digits(largest / 2)}, or an optimizer that finds its steps (auto, or gradient descent with search "armijo")`,
        numbers,
      },
    ];
  }
  if (times >= TOO_SMALL) return [];
  return [
    {
      code: "learning-rate-too-small",
      level: "warning",
      message: `${measured} is too small here: ${limit}, ${digits(1 / times)} times as much, so that it crawls`,
      remedy: `take about ${digits(largest / 4)}, or an optimizer that finds its steps (auto, or gradient descent with search "armijo")`,
      numbers,
    },
  ];
}

const fixedRateMethods: readonly string[] = ["gradientDescent", "momentum", "nesterov"];

/** What a model was trained with, where that has a rate that does not adapt itself. */
export function fixedRateOf({ metadata }: Network): FixedRate | undefined {
  const { optimizer, optimizerOptions } = (metadata.options ?? {}) as {
    optimizer?: unknown;
    optimizerOptions?: { learningRate?: unknown; momentum?: unknown; schedule?: unknown };
  };
  const { learningRate, momentum, schedule = "constant" } = optimizerOptions ?? {};
  // A rate that falls was another one when most of the steps were taken.
  if (schedule !== "constant") return undefined;
  if (typeof optimizer !== "string" || !fixedRateMethods.includes(optimizer)) return undefined;
  if (typeof learningRate !== "number" || !(learningRate > 0 && learningRate < Infinity)) return undefined;
  return { method: optimizer, learningRate, momentum: typeof momentum === "number" ? momentum : 0 };
}
