/**
 * Gradient descent with momentum, Polyak's heavy ball: velocity := momentum velocity + grad f(w), w := w - rate velocity.
 *
 * Source: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964). With momentum 1 old gradients
 * are never forgotten: on a parabola that is an endless oscillation, which is why 1 is allowed for demonstrations only.
 */
import { OptionError, requireNames, type Vector, zeros } from "../core/index.ts";
import type { Update } from "../kernels/index.ts";
import { declaredStep } from "./declared.ts";
import { requirePositive } from "./options.ts";
import { fullSchedule, plannedSteps, type Schedule, scheduledRate } from "./schedule.ts";
import type { Optimizer } from "./types.ts";

export interface MomentumOptions {
  /** Above 0. */
  learningRate: number;
  /** Share of the velocity that is kept from step to step, from 0 to 1. Default 0.9. */
  momentum?: number;
  /** How the rate rises and falls; all but "constant" want the planned steps. Default "constant". */
  schedule?: Schedule;
}

export interface MomentumState {
  step: number;
  /** Planned steps, null where the schedule needs none. */
  steps: number | null;
  velocity: Vector;
}

/** @throws {OptionError} When the rate is not above 0, or momentum not from 0 to 1. */
export function momentum(o: MomentumOptions): Optimizer<MomentumState> {
  const name = "momentum";
  requireNames(name, o, ["learningRate", "momentum", "schedule"]);
  const { learningRate, momentum: kept = 0.9 } = o ?? ({} as MomentumOptions);
  requirePositive(name, "learningRate", learningRate, 0.01);
  if (!(kept >= 0 && kept <= 1)) {
    throw new OptionError(
      "momentum",
      `momentum: momentum is ${kept}, expected a number from 0 to 1, since it is the share of the velocity that is kept; ` +
        "pass for example 0.9.",
    );
  }
  const schedule = fullSchedule(name, o.schedule);
  const declare = (state: MomentumState): Update & { rule: "momentum" } => {
    state.step += 1;
    const rate = scheduledRate(schedule, learningRate, state.step, state.steps);
    return { rule: name, learningRate: rate, momentum: kept, velocity: state.velocity };
  };
  return {
    name,
    options: { learningRate, momentum: kept, schedule: schedule.record },
    init: (dimension, run) => ({
      step: 0,
      steps: plannedSteps(name, schedule, run?.steps),
      velocity: zeros(run?.precision ?? "float64", dimension),
    }),
    ...declaredStep(name, declare),
  };
}
