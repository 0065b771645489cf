/**
 * The gradient check: derivatives as the network's backward pass has them, against differences of the loss in float64 (see
 * `differences.ts`), layer by layer.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), section 8.1.
 */
import {
  allFinite,
  checkDataset,
  type Dataset,
  NotFiniteError,
  type Objective,
  OptionError,
  type Seed,
  shuffledOrder,
} from "../core/index.ts";
import type { Loss } from "../kernels/index.ts";
import { type Network, objective, readParameters, withPrecision } from "../network/index.ts";
import { type Check, Differences, sidesAt } from "./differences.ts";
import { layerStarts, parameterName } from "./parameterName.ts";
import { finiteOrNull, plain } from "./plainNumbers.ts";

export interface GradientCheckOptions {
  /** Parameters of each layer that are looked at, drawn by the seed, at least a quarter of them biases; 100. Infinity takes all. */
  samples?: number;
  seed?: Seed;
  /** The largest relative error that passes; 1e-7. */
  tolerance?: number;
  /** What is checked instead of the network's own loss and backward pass: to see a wrong gradient fail. */
  objective?: Pick<Objective, "value" | "gradient">;
}

export type Verdict = "passed" | "failed" | "unchecked";

export interface LayerCheck {
  /** From 1. */
  layer: number;
  activation: string;
  parameters: number;
  checked: number;
  /** Parameters beside a kink, whose differences say nothing. */
  discarded: number;
  /** Checked ones whose derivative stands out of the rounding errors: a gradient of zeros would be no check. */
  sizable: number;
  /** Largest relative error, and the median; null where nothing was checked. */
  worst: number | null;
  typical: number | null;
  /** The parameter with the largest, with both derivatives and the step of its differences. */
  at: { name: string; index: number; analytic: number; numeric: number; step: number } | null;
  verdict: Verdict;
}

/** Plain data that survives JSON. */
export interface GradientCheck {
  rows: number;
  loss: number;
  tolerance: number;
  layers: LayerCheck[];
  /** Over all layers. */
  worst: number | null;
  verdict: Verdict;
}

/**
 * Checks the gradient of a network's mean loss over `data`, layer by layer.
 *
 * The relative error is |analytic - numeric| over the larger of the two; where both drown in the rounding errors of the loss,
 * over the size from which on they would not.
 *
 * @param n Checked in float64, from the same parameters; left as it is.
 * @throws {OptionError | ShapeError | DataError} When the data or the loss do not go with the network.
 * @throws {NotFiniteError} When loss or gradient are not finite.
 */
export function gradientCheck(
  n: Network,
  loss: Loss,
  data: Dataset,
  { samples = 100, seed = 0, tolerance = 1e-7, objective: given }: GradientCheckOptions = {},
): GradientCheck {
  requireOptions(samples, tolerance);
  checkDataset(data);
  const n64 = withPrecision(n, "float64");
  const own = objective(n64, loss, data, { kernels: "scalar" });
  const w = Float64Array.from(readParameters(n64));
  const g = new Float64Array(w.length);
  const f = given ?? own;
  const value = f.gradient(w, g);
  requireFinite(value, g);
  const differences = new Differences(f, w, value, tolerance, sidesAt(n64, loss, data, own.plan));
  const layers = n.layers.map(({ inputs, units, activation }, i) => {
    const chosen = choose(inputs * units, units, samples, seed, layerStarts(n)[i]!);
    const checks = chosen.flatMap((index) => differences.check(index, g[index]!) ?? []);
    return {
      layer: i + 1,
      activation,
      parameters: (inputs + 1) * units,
      ...summary(n, checks, tolerance),
      checked: checks.length,
      discarded: chosen.length - checks.length,
    };
  });
  const checked = layers.filter(({ worst }) => worst !== null);
  return {
    rows: data.rows,
    loss: value,
    tolerance,
    layers,
    worst: checked.length === 0 ? null : Math.max(...checked.map(({ worst }) => worst!)),
    verdict: verdictOf(layers.map(({ verdict }) => verdict)),
  };
}

function requireOptions(samples: number, tolerance: number): void {
  if (!(samples === Infinity || (Number.isSafeInteger(samples) && samples >= 1))) {
    throw new OptionError(
      "samples",
      `gradientCheck: samples is ${String(samples)}, expected a whole number of parameters of at least 1; pass for example 100, or Infinity for all.`,
    );
  }
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new OptionError(
      "tolerance",
      `gradientCheck: tolerance is ${String(tolerance)}, expected a number above 0 and below 1, the largest relative error that passes; pass for example 1e-7.`,
    );
  }
}

function requireFinite(value: number, g: Float64Array): void {
  if (Number.isFinite(value) && allFinite(g)) return;
  const bad = Number.isFinite(value) ? "a derivative" : `the loss (${value})`;
  throw new NotFiniteError(
    `gradientCheck: ${bad} is not finite, expected numbers that can be compared; scale the data, or look for parameters that are too large.`,
  );
}

/** Some weights and some biases, in the order of the flat vector. */
function choose(
  weights: number,
  biases: number,
  samples: number,
  seed: Seed,
  starts: { weights: number; biases: number },
): number[] {
  const ofBiases = Math.min(biases, Math.max(samples - weights, Math.ceil(samples / 4)));
  const ofWeights = Math.min(weights, samples - ofBiases);
  const draw = (count: number, all: number, from: number): number[] => {
    const order = count < all ? shuffledOrder(all, seed, from).subarray(0, count) : undefined;
    return Array.from({ length: count }, (_, k) => from + (order?.[k] ?? k)).sort((a, b) => a - b);
  };
  return [...draw(ofWeights, weights, starts.weights), ...draw(ofBiases, biases, starts.biases)];
}

function summary(
  n: Network,
  checks: readonly Check[],
  tolerance: number,
): Pick<LayerCheck, "sizable" | "worst" | "typical" | "at" | "verdict"> {
  const sorted = [...checks].sort((a, b) => a.error - b.error);
  const last = sorted.at(-1);
  if (last === undefined) return { sizable: 0, worst: null, typical: null, at: null, verdict: "unchecked" };
  const { index, analytic, numeric, step, error } = last;
  return {
    sizable: checks.filter(({ sizable }) => sizable).length,
    worst: finiteOrNull(error),
    typical: finiteOrNull(sorted[sorted.length >> 1]!.error),
    at: { name: parameterName(n, index), index, analytic: plain(analytic), numeric: plain(numeric), step },
    verdict: error <= tolerance ? "passed" : "failed",
  };
}

/** One that fails is enough; layers of which nothing could be checked say nothing. */
function verdictOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("failed")) return "failed";
  return verdicts.includes("passed") ? "passed" : "unchecked";
}
