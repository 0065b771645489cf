/** What can be seen to be wrong before the first step. */
import { type Dataset, mathematics64, type Vector, zeros } from "../core/index.ts";
import type { Plan } from "../kernels/index.ts";
import { type Network, readParameters } from "../network/index.ts";
import type { TrainEvent } from "./types.ts";

export type Warning = Extract<TrainEvent, { event: "warning" }>;

/** A derivative below this share of its largest value, in every example and unit of a layer, lets nothing through. */
const SATURATED = 1e-3;

/** Rows that are looked at. */
const PROBE_ROWS = 128;

/** s(z) s(-z), the logistic function's derivative, without the cancellation of s (1 - s). */
const logisticSlope = (z: number): number => mathematics64.logistic(z) * mathematics64.logistic(-z);

/** The activations that are flat on both sides, with their derivatives. */
const slopes: Readonly<Record<string, (z: number) => number>> = {
  sigmoid: logisticSlope,
  tanh: (z) => 4 * logisticSlope(2 * z),
};

/** Layers of sigmoid or tanh whose pre-activations all lie where the function is flat. */
export function saturationWarnings(n: Network, plan: Plan, data: Dataset): Warning[] {
  const rows = Math.min(PROBE_ROWS, data.rows);
  const x = zeros(n.precision, rows * n.inputs);
  const scale = data.x instanceof Uint8Array ? (data.scale ?? 1) : 1;
  for (let i = 0; i < x.length; i++) x[i] = data.x[i]! * scale;
  const { z } = plan.forward(readParameters(n), x, rows);
  const warnings: Warning[] = [];
  for (const [i, { activation, init }] of n.layers.entries()) {
    const slope = slopes[activation];
    if (slope === undefined) continue;
    const { low, high, steepest } = rangeOf(z[i]!, slope);
    if (!(steepest < SATURATED * slope(0))) continue;
    warnings.push({
      event: "warning",
      code: "saturated",
      layer: i + 1,
      message:
        `layer ${i + 1} (${activation}) starts saturated: over ${rows} examples its pre-activations are ` +
        `${low.toPrecision(3)} to ${high.toPrecision(3)}, where its derivative is at most ${steepest.toExponential(1)} ` +
        `(at 0 it is ${slope(0)}), so next to nothing is learnt; ` +
        (init === "document"
          ? 'start the network with init "he" or "glorot".'
          : "start with smaller weights or scale the inputs."),
    });
  }
  return warnings;
}

function rangeOf(z: Vector, slope: (z: number) => number): { low: number; high: number; steepest: number } {
  let low = Infinity;
  let high = -Infinity;
  let nearest = Infinity;
  for (const value of z) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    nearest = Math.min(nearest, Math.abs(value));
  }
  return { low, high, steepest: slope(nearest) };
}
