/**
 * The distance estimate inside of schedule-free averaging: the form of `auto` for runs whose length is not known.
 *
 *     y = 0.9 x + 0.1 z;   g = gradient at y;   v = beta2 v + (1 - beta2) g²;   lam = d
 *     r, s and dNext as in `autoDecay.ts`, with <g, x0 - y>
 *     z = z - lam g / (sqrt(v / (1 - beta2^t)) + epsilon)
 *     a = (largest lam so far)²;   A = A + a;   x = x + (a / A) (z - x);   d = dNext
 *
 * The parameters are x at every moment; the loss of a step is the one at y, where its gradient was taken.
 *
 * Source of the averaging: Defazio and others, "The Road Less Scheduled" (2024, arXiv 2405.15682).
 */
import type { Objective, Vector } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import { autoConstants, type DistanceState, nextDistance, seedDistance } from "./distance.ts";
import type { Scratch } from "./scratch.ts";
import type { StepResult } from "./types.ts";

export interface ScheduleFreeState extends DistanceState {
  variant: "scheduleFree";
  /** The largest rate so far, and A, the sum of its squares over the steps. */
  largest: number;
  weights: number;
  z: Vector;
}

/** Shares of x and z in y. */
const SHARE_X = 0.9;
const SHARE_Z = 0.1;
/** Share of the search's step in the first rate. */
const KAPPA = 0.3;

export function scheduleFreeStep(
  f: Objective,
  w: Vector,
  g: Vector,
  state: ScheduleFreeState,
  scratch: Scratch,
): StepResult {
  const { beta2, epsilon } = autoConstants;
  const operations = elementwise(w);
  const [x, y, spare] = scratch(state, w) as [Vector, Vector, Vector];
  const seeded = state.d0 > 0;
  x.set(w);
  // Before the first move y, x and z are the same point; mixing would only add rounding.
  if (seeded) operations.mix(y, SHARE_X, x, SHARE_Z, state.z);
  else y.set(x);
  const loss = gradientAt(f, w, y, g, x);
  const search = seeded ? undefined : seedDistance(f, w, g, loss, KAPPA, state, spare);
  // Without a slope there is nothing to seed from yet; what is not finite must not enter the state.
  if (state.d0 === 0 || !Number.isFinite(loss)) return { loss, stepSize: 0 };
  if (!seeded) state.z.set(w);
  const rate = state.d;
  const next = nextDistance(state, rate, g, y);
  if (Number.isNaN(next)) return { loss, stepSize: 0 };
  state.step += 1;
  state.power2 *= beta2;
  operations.accumulateSquares(state.v, beta2, 1 - beta2, g);
  operations.divideByRoot(spare, g, state.v, 1 / (1 - state.power2), epsilon);
  operations.descend(state.z, state.z, rate, spare);
  state.largest = Math.max(state.largest, rate);
  const weight = state.largest * state.largest;
  state.weights += weight;
  operations.approach(w, weight / state.weights, state.z);
  state.d = next;
  return { loss, stepSize: rate, ...(search ? { search } : {}) };
}

/** The gradient at y, asked for in the memory of w, which holds x before and after. */
function gradientAt(f: Objective, w: Vector, y: Vector, g: Vector, x: Vector): number {
  w.set(y);
  try {
    return f.gradient(w, g);
  } finally {
    w.set(x);
  }
}
