/**
 * Gradient descent: w := w - t grad f(w), with a learning rate t that the user sets, or a step size t that the Armijo
 * condition finds anew in each step.
 *
 * Sources: Cauchy (1847); the searched form is algorithm 3.1 of Nocedal and Wright, Numerical Optimization (2006), along
 * d = -grad f, where the slope is -||grad f||². With `growth` 1 each search starts at `initial`, as the textbook prints
 * it. With a larger growth it starts at that factor times the last accepted step, so that steps can become longer than
 * `initial`.
 */
import { OptionError } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import { checkArmijoConstants, type Search } from "../linesearch/index.ts";
import { declaredStep } from "./declared.ts";
import { requireNames, requirePositive, requireWord } from "./options.ts";
import { plannedSteps, type Schedule, scheduledRate, scheduleNames } from "./schedule.ts";
import { scratchVectors } from "./scratch.ts";
import { searchAlong } from "./searchAlong.ts";
import type { Optimizer, RunPlan, StepResult } from "./types.ts";

export interface FixedRateOptions {
  /** Above 0. */
  learningRate: number;
  /** How the rate falls; "linear" and "cosine" need the planned steps. Default "constant". */
  schedule?: Schedule;
}

export interface SearchedStepOptions {
  search: "armijo";
  /** Share of the slope's promise that must come true, in (0, 1). Default 1e-4. */
  c1?: number;
  /** Factor from one trial to the next, in (0, 1). Default 0.5. */
  shrink?: number;
  /** First trial step of the first search, and of every search while `growth` is 1. Default 1. */
  initial?: number;
  /** First trial step over the last accepted one, at least 1. Default 1: always begin at `initial`. */
  growth?: number;
  /** Longest first trial step while `growth` is above 1. Default 1e10. */
  largest?: number;
  /** Trials before a search gives up. Default 40. */
  maxTrials?: number;
}

export interface DescentState {
  step: number;
  /** Planned steps, null where the rate is constant or searched. */
  steps: number | null;
  /** The last accepted step size, 0 before the first. */
  accepted: number;
  trace: boolean;
}

/**
 * Gradient descent with a fixed or scheduled rate, `{learningRate: 0.1}`, or with searched steps, `{search: "armijo"}`.
 *
 * A search that fails leaves the parameters as they were, and the result carries its reason.
 *
 * @throws {OptionError} When there is neither a rate nor a search, or both, or a number is out of range.
 * @throws {LineSearchError} When a constant of the search is out of range.
 */
export function gradientDescent(o: FixedRateOptions | SearchedStepOptions): Optimizer<DescentState> {
  const given = (o ?? {}) as Partial<FixedRateOptions & SearchedStepOptions>;
  if (given.search !== undefined && given.learningRate !== undefined) {
    throw new OptionError(
      "learningRate",
      `gradientDescent: got both learningRate ${given.learningRate} and search ${JSON.stringify(given.search)}, ` +
        "but a search finds the step size by itself; leave one of them out.",
    );
  }
  if (given.search !== undefined) {
    requireNames("gradientDescent with a search", o, searchNames);
    requireWord("gradientDescent", "search", given.search, ["armijo"]);
    return searchedDescent(given);
  }
  if (given.learningRate === undefined) {
    throw new OptionError(
      "learningRate",
      "gradientDescent: got no learningRate and no search, expected one of them, since the gradient says where and not how far; " +
        'pass for example {learningRate: 0.1} or {search: "armijo"}.',
    );
  }
  requireNames("gradientDescent with a learning rate", o, ["learningRate", "schedule"]);
  return fixedDescent(given.learningRate, given.schedule ?? "constant");
}

function startState(run: RunPlan | undefined, steps: number | null): DescentState {
  return { step: 0, steps, accepted: 0, trace: run?.trace ?? false };
}

function fixedDescent(learningRate: number, schedule: Schedule): Optimizer<DescentState> {
  const name = "gradientDescent";
  requirePositive(name, "learningRate", learningRate, 0.1);
  requireWord(name, "schedule", schedule, scheduleNames);
  const declare = (state: DescentState): { rule: "gradientDescent"; learningRate: number } => {
    state.step += 1;
    return { rule: name, learningRate: scheduledRate(schedule, learningRate, state.step, state.steps) };
  };
  return {
    name,
    options: { learningRate, schedule },
    init: (_dimension, run) => startState(run, plannedSteps(name, schedule, run?.steps)),
    ...declaredStep(name, declare),
  };
}

const searchNames: readonly string[] = [
  "search",
  "c1",
  "shrink",
  "initial",
  "growth",
  "largest",
  "maxTrials",
];

function searchedDescent({
  c1 = 1e-4,
  shrink = 0.5,
  initial = 1,
  growth = 1,
  largest = 1e10,
  maxTrials = 40,
}: Partial<SearchedStepOptions>): Optimizer<DescentState> {
  const name = "gradientDescent";
  checkArmijoConstants({ initial, c1, shrink, maxTrials });
  requirePositive(name, "largest", largest, 1e10);
  if (!(growth >= 1 && growth < Infinity)) {
    throw new OptionError(
      "growth",
      `gradientDescent: growth is ${growth}, expected a finite number of at least 1, since smaller ones could only shorten the steps; ` +
        "pass 1 to begin each search at initial, or for example 2.",
    );
  }
  const scratch = scratchVectors(1);
  return {
    name,
    searches: true,
    options: { search: "armijo", c1, shrink, initial, growth, largest, maxTrials },
    init: (_dimension, run) => startState(run, null),
    step(f, w, g, state): StepResult {
      const loss = f.gradient(w, g);
      const slope = -elementwise(g).dot(g, g);
      state.step += 1;
      // Nothing to search along at a stationary point, and nothing to compare with where the loss is not finite.
      if (!Number.isFinite(loss) || g.every((gi) => gi === 0)) return { loss, stepSize: 0 };
      if (slope === 0 || !Number.isFinite(slope))
        return { loss, stepSize: 0, search: withoutSlope(loss, slope) };
      const grown = growth > 1 && state.accepted > 0;
      const first = Math.min(largest, grown ? growth * state.accepted : initial);
      const [origin] = scratch(state, w);
      const options = { initial: first, c1, shrink, maxTrials, trace: state.trace };
      const search = searchAlong(f, w, origin!, g, loss, slope, options);
      if (search.accepted) state.accepted = search.stepSize;
      return { loss, stepSize: search.stepSize, search };
    },
  };
}

/** The search that could not begin, since the squared length of the gradient is 0 or infinite in float64. */
function withoutSlope(loss: number, slope: number): Search {
  const reason = `the slope, minus the squared norm of the gradient, is ${slope}; scale the function`;
  return { accepted: false, stepSize: 0, value: loss, evaluations: 0, reason };
}
