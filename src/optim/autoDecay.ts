/**
 * Armijo-seeded distance Adam: Adam with bias correction, whose rate is a distance estimate that falls linearly to 0 over
 * the planned steps. The form of `auto` for runs whose length is known.
 *
 *     m = beta1 m + (1 - beta1) g;   v = beta2 v + (1 - beta2) g²
 *     lam = d (1 - (t-1)/T)
 *     r = beta3 r + (d/d0) lam <g, x0 - w>;   s = beta3 s + (d/d0) lam g
 *     dNext = max(d, r / sum |s|)
 *     w = w - lam (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon);   d = dNext
 */
import type { Objective, Vector } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import { autoConstants, type DistanceState, nextDistance, seedDistance } from "./distance.ts";
import type { Scratch } from "./scratch.ts";
import type { StepResult } from "./types.ts";

export interface DecayState extends DistanceState {
  variant: "decay";
  /** T, the planned steps. */
  steps: number;
  /** beta1^t as a running product. */
  power1: number;
  m: Vector;
}

export function decayStep(
  f: Objective,
  w: Vector,
  g: Vector,
  state: DecayState,
  scratch: Scratch,
): StepResult {
  const { beta1, beta2, epsilon } = autoConstants;
  const [spare] = scratch(state, w) as [Vector];
  const loss = f.gradient(w, g);
  const seeded = state.d0 > 0;
  // Short runs cannot wait for the estimate to climb, so they begin at more of what the search found.
  const kappa = Math.min(1, Math.max(0.3, Math.sqrt(50 / state.steps)));
  const search = seeded ? undefined : seedDistance(f, w, g, loss, kappa, state, spare);
  // Without a slope there is nothing to seed from yet; what is not finite must not enter the state.
  if (state.d0 === 0 || !Number.isFinite(loss)) return { loss, stepSize: 0 };
  // Steps beyond the plan stand still: the rate must not turn negative.
  const rate = state.d * Math.max(0, 1 - state.step / state.steps);
  const next = nextDistance(state, rate, g, w);
  if (Number.isNaN(next)) return { loss, stepSize: 0 };
  state.step += 1;
  state.power1 *= beta1;
  state.power2 *= beta2;
  const scaled = rate / (1 - state.power1);
  elementwise(w).adam(w, g, state.m, state.v, scaled, beta1, beta2, 1 / (1 - state.power2), epsilon);
  state.d = next;
  return { loss, stepSize: rate, ...(search ? { search } : {}) };
}
