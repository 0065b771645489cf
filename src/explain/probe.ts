/** A few examples, evenly taken, run through a network: what its layers make of them, and what comes back by the gradient. */
import { type Dataset, mathematics64, squaredNorm, targetAt, type Vector, zeros } from "../core/index.ts";
import { selectRows } from "../data/index.ts";
import { createPlan, type Loss, lossTable, type Plan } from "../kernels/index.ts";
import { type Network, readParameters } from "../network/index.ts";
import { evenly } from "./findings.ts";

/** What one layer does on the examples that were looked at. */
export interface LayerState {
  /** From 1. */
  layer: number;
  activation: string;
  units: number;
  /** ReLU units that are 0 for every example; null for other activations. */
  dead: number | null;
  /** Share of the activations that lie where sigmoid or tanh are flat; null for other activations. */
  saturated: number | null;
  /** Share of the outputs that lie there and are wrong by more than a tenth; null save for the last layer. */
  wrong: number | null;
  /** The pre-activations' ends, and the steepest derivative among them. */
  low: number;
  high: number;
  steepest: number | null;
  /** Root mean square, over examples, of the norm of dL/dz. */
  delta: number;
}

/** An output further from its target than this is not one that is rightly sure. */
const WRONG = 0.1;

export class Probe {
  readonly data: Dataset;
  readonly plan: Plan;
  private readonly n: Network;
  private readonly x: Vector;
  /** Whether the last layer's derivative is part of the gradient at all. */
  private readonly throughOutput: boolean;

  /**
   * The readable plan, apart from any that trains, so that looking changes no bit of what is looked at.
   *
   * @param rows How many examples, at most.
   */
  constructor(n: Network, loss: Loss, data: Dataset, rows: number) {
    this.n = n;
    this.data = selectRows(data, evenly(data.rows, rows));
    const { layers, precision } = n;
    this.plan = createPlan({ layers, loss, precision }, "scalar");
    this.x = inputsOf(n, this.data);
    this.throughOutput = lossTable(precision)[loss].from === "activations";
  }

  /** @param examples For the deltas, which take a gradient each; with none they are 0. */
  states(examples: number): LayerState[] {
    const { n, data } = this;
    const { z, a } = this.plan.forward(readParameters(n), this.x, data.rows);
    const deltas = this.deltas(examples);
    return n.layers.map(({ activation, units }, i) => {
      const last = i === n.layers.length - 1;
      const flat = last && !this.throughOutput ? undefined : flatness(activation, z[i]!);
      return {
        layer: i + 1,
        activation,
        units,
        dead: activation === "relu" ? deadUnits(z[i]!, units) : null,
        saturated: flat === undefined ? null : flat.count / z[i]!.length,
        wrong: last && flat !== undefined ? flatAndWrong(flat.limit, z[i]!, a[i]!, data) : null,
        ...ends(z[i]!),
        steepest: flat?.steepest ?? null,
        delta: deltas[i]!,
      };
    });
  }

  /**
   * The norm of dL/dz by layer. The gradient of one example has it: dL/db is dL/dz there. Over many examples the gradients
   * would cancel out, the more the better the network is trained.
   */
  private deltas(examples: number): number[] {
    const { n, plan, data } = this;
    const w = readParameters(n);
    const g = zeros(n.precision, n.parameterCount);
    const rows = examples === 0 ? [] : evenly(data.rows, examples);
    const sums = n.layers.map(() => 0);
    for (const row of rows) {
      plan.load(data, { from: row, rows: 1 });
      plan.gradient(w, g);
      let at = 0;
      for (const [i, { inputs, units }] of n.layers.entries()) {
        at += (inputs + 1) * units;
        sums[i]! += squaredNorm(g.subarray(at - units, at)) / rows.length;
      }
    }
    return sums.map(Math.sqrt);
  }
}

/** Inputs as numbers, `[rows, inputs]`, bytes scaled. */
export function inputsOf({ precision }: Network, { x, scale = 1 }: Dataset): Vector {
  const out = zeros(precision, x.length);
  const factor = x instanceof Uint8Array ? scale : 1;
  for (let i = 0; i < x.length; i++) out[i] = x[i]! * factor;
  return out;
}

/** s(z) s(-z), the logistic function's derivative, without the cancellation of s (1 - s). */
const logisticSlope = (z: number): number => mathematics64.logistic(z) * mathematics64.logistic(-z);

/**
 * The activations that are flat on both sides: their derivatives, and |z| from which on these are below a thousandth of their
 * largest value, so that a layer of such learns a thousand times slower: 4 s (1 - s) = 1e-3 at z = ln 3998.
 */
const flatSides: Readonly<Record<string, { slope: (z: number) => number; limit: number }>> = {
  sigmoid: { slope: logisticSlope, limit: 8.2936 },
  tanh: { slope: (z) => 4 * logisticSlope(2 * z), limit: 4.1468 },
};

interface Flatness {
  limit: number;
  count: number;
  steepest: number;
}

/** How many of these pre-activations lie where sigmoid or tanh are flat, and the steepest derivative among them. */
function flatness(activation: string, z: Vector): Flatness | undefined {
  const sides = flatSides[activation];
  if (sides === undefined) return undefined;
  const { limit, slope } = sides;
  let count = 0;
  let nearest = Infinity;
  for (const value of z) {
    const size = Math.abs(value);
    if (size > limit) count++;
    nearest = Math.min(nearest, size);
  }
  return { limit, count, steepest: slope(nearest) };
}

function flatAndWrong(limit: number, z: Vector, a: Vector, data: Dataset): number {
  let wrong = 0;
  for (let i = 0; i < z.length; i++) {
    if (Math.abs(z[i]!) <= limit) continue;
    const target = targetAt(data, Math.floor(i / data.outputs), i % data.outputs);
    if (Math.abs(a[i]! - target) > WRONG) wrong++;
  }
  return wrong / z.length;
}

function deadUnits(z: Vector, units: number): number {
  let dead = 0;
  for (let unit = 0; unit < units; unit++) {
    let at = unit;
    while (at < z.length && !(z[at]! > 0)) at += units;
    if (at >= z.length) dead++;
  }
  return dead;
}

function ends(z: Vector): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of z) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // JSON has one zero.
  return { low: low + 0, high: high + 0 };
}
