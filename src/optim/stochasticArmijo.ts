/**
 * Stochastic Armijo: a line search in each step, on the same batch that the gradient came from.
 *
 * Direction "gradient" is SLS of Vaswani, Mishkin, Laradji, Schmidt, Gidel and Lacoste-Julien, "Painless Stochastic
 * Gradient" (2019, arXiv 1905.09997), algorithm 1 with its reset rule 2: the first trial of a step is the last accepted
 * step times growth^(batch / rows), so that it can grow by `growth` in an epoch; c1 0.1, shrink 0.9, growth 2.
 *
 * Direction "adam" is SALSA of Kenneweg, Kenneweg, Fumagalli and Hammer, "No learning rates needed" (2024, arXiv
 * 2407.20650), save its rule for searching in fewer steps; it builds on Vaswani and others (2020, arXiv 2006.06835). The step size t is searched along
 * p = g / (sqrt(vHat) + epsilon), without momentum, since only that is surely a direction of descent (slope -<g, p>); then the
 * parameters move by t mHat / (sqrt(vHat) + epsilon), with momentum. Batches disagree, so both sides of the condition are
 * smoothed: a trial passes when h >= c1 t s, with h = b h' + (1 - b)(phi(0) - phi(t)) and s = b s' + (1 - b) <g, p>, where
 * h' and s' are those of the last accepted step and b is `smoothing`. c1 is 0.3 and b 0.99 here; with b 0 it is the plain
 * condition. Solved for phi(t) that is an Armijo condition again, with another phi(0) and another slope:
 *
 *     phi(t) <= (phi(0) + q h') - c1 t (<g, p> + q s'),   q = b / (1 - b)
 *
 * Where no trial passes the parameters stay, and the next search begins at the last step that was tried (but not below
 * 1e-10), so that steps far too long are found in time.
 */
import {
  mathematics64,
  type Objective,
  OptionError,
  requireNames,
  type Vector,
  zeros,
} from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import { type ArmijoOptions, checkArmijoConstants, type Search } from "../linesearch/index.ts";
import { requireDecay, requireEpsilon, requirePositive, requireWord } from "./options.ts";
import { type Scratch, scratchVectors } from "./scratch.ts";
import { searchAlong } from "./searchAlong.ts";
import type { Optimizer, RunPlan, StepResult } from "./types.ts";

export interface StochasticArmijoOptions {
  /** What is searched along. Default "gradient". */
  direction?: "gradient" | "adam";
  /** Share of the slope's promise that must come true, in (0, 1). Default 0.1, with "adam" 0.3. */
  c1?: number;
  /** Weight of the steps before in the condition, from 0 (none) to below 1. Default 0, with "adam" 0.99. */
  smoothing?: number;
  /** Factor from one trial to the next, in (0, 1). Default 0.9. */
  shrink?: number;
  /** By how much the first trial may grow in one epoch, at least 1. Default 2. */
  growth?: number;
  /** First trial of the first step. Default 1. */
  initial?: number;
  /** Longest first trial. Default 10. */
  largest?: number;
  /** Trials before a search gives up. Default 200. */
  maxTrials?: number;
  /** Adam's constants, for direction "adam". Defaults 0.9, 0.999, 1e-8. */
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

export interface StochasticArmijoState {
  step: number;
  /** Where the next search begins, before it grows; 0 before the first. */
  last: number;
  /** growth^(batch / rows), the growth in one step. */
  stepGrowth: number;
  trace: boolean;
  /** h' and s' of the condition. */
  decrease: number;
  promise: number;
  /** Adam's running products and moments; null for direction "gradient". */
  moments: { power1: number; power2: number; m: Vector; v: Vector } | null;
}

const names: readonly string[] = [
  "direction",
  "c1",
  "smoothing",
  "shrink",
  "growth",
  "initial",
  "largest",
  "maxTrials",
  "beta1",
  "beta2",
  "epsilon",
] satisfies (keyof StochasticArmijoOptions)[];

const SMALLEST = 1e-10;

/**
 * @throws {OptionError} When an option is out of range.
 * @throws {LineSearchError} When a constant of the search is out of range.
 */
export function stochasticArmijo(o: StochasticArmijoOptions = {}): Optimizer<StochasticArmijoState> {
  const name = "stochasticArmijo";
  requireNames(name, o, names);
  const { direction = "gradient", shrink = 0.9, growth = 2, initial = 1, largest = 10, maxTrials = 200 } = o;
  const adam = direction === "adam";
  const {
    c1 = adam ? 0.3 : 0.1,
    smoothing = adam ? 0.99 : 0,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
  } = o;
  requireWord(name, "direction", direction, ["gradient", "adam"]);
  checkArmijoConstants({ initial, c1, shrink, maxTrials });
  requirePositive(name, "largest", largest, 10);
  requireDecay(name, "smoothing", smoothing, 0.99);
  requireDecay(name, "beta1", beta1, 0.9);
  requireDecay(name, "beta2", beta2, 0.999);
  requireEpsilon(name, epsilon);
  if (!(growth >= 1 && growth < Infinity)) {
    throw new OptionError(
      "growth",
      `${name}: growth is ${growth}, expected a finite number of at least 1, since steps that could only shrink would end at 0; ` +
        "pass for example 2.",
    );
  }
  const adamConstants = { beta1, beta2, epsilon };
  const take = adam ? stepWithMomentum(adamConstants, smoothing) : stepAlongGradient(smoothing);
  return {
    name,
    searches: true,
    options: {
      direction,
      c1,
      smoothing,
      shrink,
      growth,
      initial,
      largest,
      maxTrials,
      ...(adam && adamConstants),
    },
    init: (dimension, run) => startState(dimension, run, growth, direction),
    step(f, w, g, state) {
      const loss = f.gradient(w, g);
      state.step += 1;
      const first = Math.min(largest, state.last === 0 ? initial : state.last * state.stepGrowth);
      const result = take(f, w, g, state, loss, {
        initial: first,
        c1,
        shrink,
        maxTrials,
        trace: state.trace,
      });
      if (result.search?.accepted) state.last = result.search.stepSize;
      else if (result.search)
        state.last = Math.max(SMALLEST, lastTried(first, shrink, result.search.evaluations));
      return result;
    },
  };
}

type Take = (
  f: Objective,
  w: Vector,
  g: Vector,
  state: StochasticArmijoState,
  loss: number,
  search: ArmijoOptions,
) => StepResult;

function startState(
  dimension: number,
  run: RunPlan | undefined,
  growth: number,
  direction: "gradient" | "adam",
): StochasticArmijoState {
  const precision = run?.precision ?? "float64";
  const moments =
    direction === "adam"
      ? { power1: 1, power2: 1, m: zeros(precision, dimension), v: zeros(precision, dimension) }
      : null;
  return {
    step: 0,
    last: 0,
    stepGrowth: growthOfStep(growth, run),
    trace: run?.trace ?? false,
    decrease: 0,
    promise: 0,
    moments,
  };
}

/** growth^(batch / rows); the whole of `growth` where a step sees all rows. */
function growthOfStep(growth: number, run: RunPlan | undefined): number {
  const batchSize = run?.batchSize ?? "full";
  if (batchSize === "full") return growth;
  const rows = run?.rows;
  if (rows === undefined) {
    throw new OptionError(
      "rows",
      `stochasticArmijo: batchSize is ${batchSize}, but the number of rows is not known, and a step may grow by ` +
        `${growth}^(batchSize / rows); give rows to init.`,
    );
  }
  if (batchSize >= rows) return growth;
  return mathematics64.exp((mathematics64.log(growth) * batchSize) / rows);
}

/** The step size of the last of `count` trials. */
function lastTried(first: number, shrink: number, count: number): number {
  let t = first;
  for (let i = 1; i < count; i++) t *= shrink;
  return t;
}

/** The search under the smoothed condition; an accepted step goes into what the next condition remembers. */
function smoothedSearch(
  f: Objective,
  w: Vector,
  origin: Vector,
  direction: Vector,
  loss: number,
  slope: number,
  options: ArmijoOptions,
  state: StochasticArmijoState,
  smoothing: number,
): Search {
  const weight = smoothing / (1 - smoothing);
  const from = loss + weight * state.decrease;
  const search = searchAlong(f, w, origin, direction, from, slope - weight * state.promise, options);
  if (search.accepted) {
    state.decrease = smoothing * state.decrease + (1 - smoothing) * (loss - search.value);
    state.promise = smoothing * state.promise - (1 - smoothing) * slope;
  }
  return search;
}

function stepAlongGradient(smoothing: number): Take {
  const scratch = scratchVectors(1);
  return (f, w, g, state, loss, options) => {
    const slope = -elementwise(g).dot(g, g);
    if (slope === 0 || !Number.isFinite(slope) || !Number.isFinite(loss)) return { loss, stepSize: 0 };
    const [origin] = scratch(state, w);
    const search = smoothedSearch(f, w, origin!, g, loss, slope, options, state, smoothing);
    return { loss, stepSize: search.stepSize, search };
  };
}

function stepWithMomentum(o: { beta1: number; beta2: number; epsilon: number }, smoothing: number): Take {
  const scratch: Scratch = scratchVectors(2);
  return (f, w, g, state, loss, options) => {
    const operations = elementwise(w);
    const [origin, direction] = scratch(state, w) as [Vector, Vector];
    const moments = state.moments!;
    const norm = operations.dot(g, g);
    if (!Number.isFinite(norm) || !Number.isFinite(loss)) return { loss, stepSize: 0 };
    moments.power1 *= o.beta1;
    moments.power2 *= o.beta2;
    operations.accumulate(moments.m, o.beta1, 1 - o.beta1, g);
    operations.accumulateSquares(moments.v, o.beta2, 1 - o.beta2, g);
    const inverse2 = 1 / (1 - moments.power2);
    operations.divideByRoot(direction, g, moments.v, inverse2, o.epsilon);
    const slope = -operations.dot(g, direction);
    // A gradient of 0 leaves nothing to search; momentum alone must not carry the parameters away from there.
    if (slope === 0) return { loss, stepSize: 0 };
    const search = smoothedSearch(f, w, origin, direction, loss, slope, options, state, smoothing);
    if (!search.accepted) return { loss, stepSize: 0, search };
    operations.divideByRoot(direction, moments.m, moments.v, inverse2, o.epsilon);
    operations.descend(w, origin, search.stepSize / (1 - moments.power1), direction);
    return { loss, stepSize: search.stepSize, search };
  };
}
