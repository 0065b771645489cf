/**
 * Adam: steps along the mean of past gradients, divided element by element by the root of their mean squares.
 *
 *     m = beta1 m + (1 - beta1) g;   v = beta2 v + (1 - beta2) g²
 *     w = w - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *
 * Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.
 */
import { requireNames, type Vector, zeros } from "../core/index.ts";
import type { Update } from "../kernels/index.ts";
import { declaredStep } from "./declared.ts";
import { requireDecay, requireEpsilon, requirePositive } from "./options.ts";
import { fullSchedule, plannedSteps, type Schedule, scheduledRate } from "./schedule.ts";
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
  /** How the rate rises and falls; all but "constant" want the planned steps. Default "constant". */
  schedule?: Schedule;
}

export interface AdamState {
  step: number;
  /** Planned steps, null where the rate does not depend on them. */
  steps: number | null;
  /** beta1^t and beta2^t, as running products: a resumed run multiplies on from the same bits. */
  power1: number;
  power2: number;
  m: Vector;
  v: Vector;
}

export const adamNames: readonly string[] = ["learningRate", "beta1", "beta2", "epsilon", "schedule"];

interface AdamParts {
  options: Required<AdamOptions>;
  init: Optimizer<AdamState>["init"];
  declare: (state: AdamState) => Update & { rule: "adam" };
}

/** What Adam and those that are built on it share. @param owner Which of them, for messages. */
export function adamParts(owner: string, o: AdamOptions): AdamParts {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = o;
  requirePositive(owner, "learningRate", learningRate, 1e-3);
  requireDecay(owner, "beta1", beta1, 0.9);
  requireDecay(owner, "beta2", beta2, 0.999);
  requireEpsilon(owner, epsilon);
  const schedule = fullSchedule(owner, o.schedule);
  return {
    options: { learningRate, beta1, beta2, epsilon, schedule: schedule.record },
    init: (dimension, run) => ({
      step: 0,
      steps: plannedSteps(owner, schedule, run?.steps),
      power1: 1,
      power2: 1,
      m: zeros(run?.precision ?? "float64", dimension),
      v: zeros(run?.precision ?? "float64", dimension),
    }),
    declare(state) {
      state.step += 1;
      state.power1 *= beta1;
      state.power2 *= beta2;
      return {
        rule: "adam",
        learningRate: scheduledRate(schedule, learningRate, state.step, state.steps),
        beta1,
        beta2,
        epsilon,
        correction1: 1 - state.power1,
        correction2: 1 - state.power2,
        m: state.m,
        v: state.v,
      };
    },
  };
}

/** @throws {OptionError} When a number is out of range. */
export function adam(o: AdamOptions = {}): Optimizer<AdamState> {
  const name = "adam";
  requireNames(name, o, adamNames);
  const { options, init, declare } = adamParts(name, o);
  return { name, options: { ...options }, init, ...declaredStep(name, declare) };
}
