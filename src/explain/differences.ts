/**
 * Derivatives by differences of the loss in float64, and how far they can be trusted.
 *
 * The loss is taken at four places beside a parameter, and
 *
 *   dL/dw  is about  (8 (L(w + h) - L(w - h)) - (L(w + 2h) - L(w - 2h))) / 12 h,
 *
 * whose own error falls with h^4. The step h begins at 2^-10, a power of 2 so that w + h is exact, and becomes eight times
 * shorter, at most three times, where a kink (of relu and its kin, of huber) lies within reach or the loss bends too fast for
 * it. Where the kink is still within reach, the difference is no derivative.
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 25.3.6.
 */
import { type Dataset, type Objective, targetAt } from "../core/index.ts";
import type { LayerShape, Loss } from "../kernels/index.ts";
import { type Network, readParameters } from "../network/index.ts";
import { huberSide, isPiecewise, sideOf } from "./kinks.ts";
import { inputsOf } from "./probe.ts";

/** 2^-10 and what follows: long steps drown rounding errors, short ones fit between kinks. */
const FIRST_STEP = 0.0009765625;
const STEPS: readonly number[] = [1, 8, 64, 512].map((shorter) => FIRST_STEP / shorter);

/** The two-point and four-point differences may differ by this share; then the latter is right to about its square. */
const BEND = 1e-5;

/** Rounding errors of a loss, in units of its last place, that are put up with: its sums make a few. A small loss has those of 1/4. */
const ROUNDINGS = 16;
const SMALL_LOSS = 0.25;

const EPSILON = 2.220446049250313e-16;

/** One derivative, both ways. */
export interface Check {
  index: number;
  analytic: number;
  numeric: number;
  step: number;
  error: number;
  sizable: boolean;
}

/** The derivative by one parameter as differences of the loss. */
export class Differences {
  private readonly f: Pick<Objective, "value">;
  private readonly w: Float64Array;
  private readonly tolerance: number;
  private readonly same: ((w: Float64Array) => boolean) | undefined;
  /** Rounding error of a loss. */
  private readonly rounding: number;

  constructor(
    f: Pick<Objective, "value">,
    w: Float64Array,
    value: number,
    tolerance: number,
    same: ((w: Float64Array) => boolean) | undefined,
  ) {
    this.f = f;
    this.w = w;
    this.tolerance = tolerance;
    this.same = same;
    this.rounding = ROUNDINGS * EPSILON * Math.max(SMALL_LOSS, Math.abs(value));
  }

  /** Undefined where a kink is in the way at every step, or the loss is not finite there. */
  check(index: number, analytic: number): Check | undefined {
    let best: { numeric: number; step: number; bend: number } | undefined;
    for (const step of STEPS) {
      const found = this.fourPoint(index, step);
      if (found === undefined) continue;
      if (best === undefined || found.bend < best.bend) best = { ...found, step };
      if (found.bend <= BEND * Math.max(Math.abs(found.numeric), this.visible(step))) break;
    }
    if (best === undefined) return undefined;
    const { numeric, step } = best;
    const scale = Math.max(Math.abs(analytic), Math.abs(numeric), this.visible(step));
    const sizable = Math.abs(analytic) >= this.visible(step);
    return { index, analytic, numeric, step, error: Math.abs(analytic - numeric) / scale, sizable };
  }

  /** The size from which on the rounding errors of a difference are below the tolerance. */
  private visible(step: number): number {
    return this.rounding / step / this.tolerance;
  }

  private fourPoint(index: number, step: number): { numeric: number; bend: number } | undefined {
    const { f, w, same } = this;
    const wi = w[index]!;
    let smooth = true;
    const moved = (steps: number): number => {
      if (!smooth) return 0;
      w[index] = wi + steps * step;
      smooth = same === undefined || same(w);
      return smooth ? f.value(w) : 0;
    };
    const near = moved(1) - moved(-1);
    const far = moved(2) - moved(-2);
    w[index] = wi;
    const numeric = (8 * near - far) / (12 * step);
    if (!smooth || !Number.isFinite(numeric)) return undefined;
    return { numeric, bend: Math.abs(numeric - near / (2 * step)) };
  }
}

/** Whether every number inside still lies on the side of its kink where it lay; undefined where nothing has a kink. */
export function sidesAt(
  n: Network,
  loss: Loss,
  data: Dataset,
  plan: { forward(w: Float64Array, x: Float64Array, rows: number): Forward },
): ((w: Float64Array) => boolean) | undefined {
  if (loss !== "huber" && !n.layers.some(({ activation }) => isPiecewise(activation))) return undefined;
  const x = Float64Array.from(inputsOf(n, data));
  const at = (w: Float64Array): Int8Array => sides(n.layers, loss, data, plan.forward(w, x, data.rows));
  const here = at(Float64Array.from(readParameters(n)));
  return (w) => {
    const there = at(w);
    return there.every((side, i) => side === here[i]);
  };
}

interface Forward {
  z: ArrayLike<number>[];
  a: ArrayLike<number>[];
}

function sides(layers: readonly LayerShape[], loss: Loss, data: Dataset, { z, a }: Forward): Int8Array {
  const marks: number[] = [];
  for (const [i, { activation }] of layers.entries()) {
    if (isPiecewise(activation)) for (const value of Array.from(z[i]!)) marks.push(sideOf(value));
  }
  if (loss !== "huber") return Int8Array.from(marks);
  for (const [k, output] of Array.from(a.at(-1)!).entries()) {
    marks.push(huberSide(output - targetAt(data, Math.floor(k / data.outputs), k % data.outputs)));
  }
  return Int8Array.from(marks);
}
