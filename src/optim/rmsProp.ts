/**
 * RMSProp: steps along the gradient, divided element by element by the root of its mean square.
 *
 *     v = decay v + (1 - decay) g²;   w = w - rate g / (sqrt(v) + epsilon)
 *
 * v begins at 0 and nothing corrects that, so that the first steps are longer: rate / sqrt(1 - decay) for the very first.
 *
 * Source: Tieleman and Hinton, "Neural Networks for Machine Learning", lecture 6.5 (2012); epsilon outside of the root.
 */
import { requireNames, type Vector, zeros } from "../core/index.ts";
import type { Update } from "../kernels/index.ts";
import { declaredStep } from "./declared.ts";
import { requireDecay, requireEpsilon, requirePositive } from "./options.ts";
import { fullSchedule, plannedSteps, type Schedule, scheduledRate } from "./schedule.ts";
import type { Optimizer } from "./types.ts";

export interface RmsPropOptions {
  /** Above 0. Default 1e-3. */
  learningRate?: number;
  /** Share of the mean square that is kept, from 0 to below 1. Default 0.9. */
  decay?: number;
  /** Added to the root, above 0. Default 1e-8. */
  epsilon?: number;
  /** How the rate rises and falls; all but "constant" want the planned steps. Default "constant". */
  schedule?: Schedule;
}

export interface RmsPropState {
  step: number;
  /** Planned steps, null where the rate does not depend on them. */
  steps: number | null;
  v: Vector;
}

/** @throws {OptionError} When a number is out of range. */
export function rmsProp(o: RmsPropOptions = {}): Optimizer<RmsPropState> {
  const name = "rmsProp";
  requireNames(name, o, ["learningRate", "decay", "epsilon", "schedule"]);
  const { learningRate = 1e-3, decay = 0.9, epsilon = 1e-8 } = o;
  requirePositive(name, "learningRate", learningRate, 1e-3);
  requireDecay(name, "decay", decay, 0.9);
  requireEpsilon(name, epsilon);
  const schedule = fullSchedule(name, o.schedule);
  const declare = (state: RmsPropState): Update & { rule: "rmsProp" } => {
    state.step += 1;
    const rate = scheduledRate(schedule, learningRate, state.step, state.steps);
    return { rule: name, learningRate: rate, decay, epsilon, v: state.v };
  };
  return {
    name,
    options: { learningRate, decay, epsilon, schedule: schedule.record },
    init: (dimension, run) => ({
      step: 0,
      steps: plannedSteps(name, schedule, run?.steps),
      v: zeros(run?.precision ?? "float64", dimension),
    }),
    ...declaredStep(name, declare),
  };
}
