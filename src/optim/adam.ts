/**
 * Adam: steps along the mean of past gradients, divided element by element by the root of their mean squares.
 *
 *     m = beta1 m + (1 - beta1) g;   v = beta2 v + (1 - beta2) g²
 *     w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.
 */
import { type Vector, zeros } from "../core/index.ts";
import type { Update } from "../kernels/index.ts";
import { declaredStep } from "./declared.ts";
import { requireDecay, requireEpsilon, requireNames, requirePositive, requireWord } from "./options.ts";
import { plannedSteps, type Schedule, scheduledRate, scheduleNames } from "./schedule.ts";
import type { Optimizer } from "./types.ts";

export interface AdamOptions {
  /** Above 0. Default 1e-3. */
  learningRate?: number;
  /** Share of the mean gradient that is kept, from 0 to below 1. Default 0.9. */
  beta1?: number;
  /** Share of the mean square that is kept, from 0 to below 1. Default 0.999. */
  beta2?: number;
  /** Added to the root, above 0. Default 1e-8. */
  epsilon?: number;
  /** How the rate falls; "linear" and "cosine" need the planned steps. Default "constant". */
  schedule?: Schedule;
}

export interface AdamState {
  step: number;
  /** Planned steps, null where the rate is constant. */
  steps: number | null;
  /** beta1^t and beta2^t, as running products: a resumed run multiplies on from the same bits. */
  power1: number;
  power2: number;
  m: Vector;
  v: Vector;
}

/** @throws {OptionError} When a number is out of range. */
export function adam(o: AdamOptions = {}): Optimizer<AdamState> {
  const name = "adam";
  requireNames(name, o, ["learningRate", "beta1", "beta2", "epsilon", "schedule"]);
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, schedule = "constant" } = o;
  requirePositive(name, "learningRate", learningRate, 1e-3);
  requireDecay(name, "beta1", beta1, 0.9);
  requireDecay(name, "beta2", beta2, 0.999);
  requireEpsilon(name, epsilon);
  requireWord(name, "schedule", schedule, scheduleNames);
  const declare = (state: AdamState): Update & { rule: "adam" } => {
    state.step += 1;
    state.power1 *= beta1;
    state.power2 *= beta2;
    return {
      rule: name,
      learningRate: scheduledRate(schedule, learningRate, state.step, state.steps),
      beta1,
      beta2,
      epsilon,
      correction1: 1 - state.power1,
      correction2: 1 - state.power2,
      m: state.m,
      v: state.v,
    };
  };
  return {
    name,
    options: { learningRate, beta1, beta2, epsilon, schedule },
    init: (dimension, run) => ({
      step: 0,
      steps: plannedSteps(name, schedule, run?.steps),
      power1: 1,
      power2: 1,
      m: zeros(run?.precision ?? "float64", dimension),
      v: zeros(run?.precision ?? "float64", dimension),
    }),
    ...declaredStep(name, declare),
  };
}
