/**
 * Gradient descent with Nesterov's momentum: velocity := momentum velocity + grad f(w), w := w - rate (grad f(w) + momentum
 * velocity). The velocity acts as if the gradient had been taken ahead of the point, where it is about to lead.
 *
 * Sources: Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)" (1983), in the form of
 * Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning" (2013), rewritten
 * for the point where the gradient is taken, as PyTorch has it.
 */
import { requireNames, type Vector, zeros } from "../core/index.ts";
import type { Update } from "../kernels/index.ts";
import { declaredStep } from "./declared.ts";
import { requireDecay, requirePositive } from "./options.ts";
import { fullSchedule, plannedSteps, type Schedule, scheduledRate } from "./schedule.ts";
import type { Optimizer } from "./types.ts";

export interface NesterovOptions {
  /** Above 0. */
  learningRate: number;
  /** Share of the velocity that is kept from step to step, from 0 to below 1. Default 0.9. */
  momentum?: number;
  /** How the rate rises and falls; all but "constant" want the planned steps. Default "constant". */
  schedule?: Schedule;
}

export interface NesterovState {
  step: number;
  /** Planned steps, null where the rate does not depend on them. */
  steps: number | null;
  velocity: Vector;
}

/** @throws {OptionError} When the rate is not above 0, or momentum not from 0 to below 1. */
export function nesterov(o: NesterovOptions): Optimizer<NesterovState> {
  const name = "nesterov";
  requireNames(name, o, ["learningRate", "momentum", "schedule"]);
  const { learningRate, momentum = 0.9 } = o ?? ({} as NesterovOptions);
  requirePositive(name, "learningRate", learningRate, 0.01);
  requireDecay(name, "momentum", momentum, 0.9);
  const schedule = fullSchedule(name, o.schedule);
  const declare = (state: NesterovState): Update & { rule: "nesterov" } => {
    state.step += 1;
    const rate = scheduledRate(schedule, learningRate, state.step, state.steps);
    return { rule: name, learningRate: rate, momentum, velocity: state.velocity };
  };
  return {
    name,
    options: { learningRate, momentum, schedule: schedule.record },
    init: (dimension, run) => ({
      step: 0,
      steps: plannedSteps(name, schedule, run?.steps),
      velocity: zeros(run?.precision ?? "float64", dimension),
    }),
    ...declaredStep(name, declare),
  };
}
