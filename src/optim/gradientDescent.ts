/**
 * Gradient descent: w := w - t grad f(w), with a learning rate t that the user sets, or a step size t that a line search
 * finds anew in each step (`searchedDescent.ts`).
 *
 * Source: Cauchy (1847).
 */
import { OptionError, requireNames } from "../core/index.ts";
import { declaredStep } from "./declared.ts";
import { requirePositive } from "./options.ts";
import { fullSchedule, plannedSteps, type Schedule, scheduledRate } from "./schedule.ts";
import {
  type DescentState,
  type SearchedStepOptions,
  searchedDescent,
  startDescent,
} from "./searchedDescent.ts";
import type { Optimizer } from "./types.ts";

export interface FixedRateOptions {
  /** Above 0. */
  learningRate: number;
  /** How the rate rises and falls; all but "constant" want the planned steps. Default "constant". */
  schedule?: Schedule;
}

/**
 * Gradient descent with a fixed or scheduled rate, `{learningRate: 0.1}`, or with searched steps, `{search: "armijo"}`,
 * "goldstein" or "wolfe".
 *
 * A search that fails leaves the parameters as they were, and the result carries its reason.
 *
 * @throws {OptionError} When there is neither a rate nor a search, or both, or a number is out of range.
 * @throws {LineSearchError} When a constant of the search is out of range.
 */
export function gradientDescent(o: FixedRateOptions | SearchedStepOptions): Optimizer<DescentState> {
  const given = (o ?? {}) as Partial<FixedRateOptions> & Partial<SearchedStepOptions>;
  if (given.search !== undefined && given.learningRate !== undefined) {
    throw new OptionError(
      "learningRate",
      `gradientDescent: got both learningRate ${given.learningRate} and search ${JSON.stringify(given.search)}, ` +
        "but a search finds the step size by itself; leave one of them out.",
    );
  }
  if (given.search !== undefined) return searchedDescent(o as SearchedStepOptions);
  if (given.learningRate === undefined) {
    throw new OptionError(
      "learningRate",
      "gradientDescent: got no learningRate and no search, expected one of them, since the gradient says where and not how far; " +
        'pass for example {learningRate: 0.1} or {search: "armijo"}.',
    );
  }
  requireNames("gradientDescent with a learning rate", o, ["learningRate", "schedule"]);
  return fixedDescent(given.learningRate, given.schedule);
}

function fixedDescent(learningRate: number, given: Schedule | undefined): Optimizer<DescentState> {
  const name = "gradientDescent";
  requirePositive(name, "learningRate", learningRate, 0.1);
  const schedule = fullSchedule(name, given);
  const declare = (state: DescentState): { rule: "gradientDescent"; learningRate: number } => {
    state.step += 1;
    return { rule: name, learningRate: scheduledRate(schedule, learningRate, state.step, state.steps) };
  };
  return {
    name,
    options: { learningRate, schedule: schedule.record },
    init: (_dimension, run) => startDescent(run, plannedSteps(name, schedule, run?.steps)),
    ...declaredStep(name, declare),
  };
}
