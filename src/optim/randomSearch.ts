/**
 * The two trainers that only guess: fresh parameters in each episode (`randomGuess`), or the best ones with noise added
 * (`perturb`). They ask for values, never for gradients, and are the measure of what a gradient is worth.
 *
 * Numbers come from stream "guess", sub-stream = episode from 1, index = parameter, so that each episode can be redone alone.
 */
import {
  type Objective,
  OptionError,
  randomStream,
  requireNames,
  type Seed,
  seedKey,
  type Vector,
} from "../core/index.ts";
import { requirePositive } from "./options.ts";
import { type Scratch, scratchVectors } from "./scratch.ts";
import type { Optimizer, RunPlan, StepResult } from "./types.ts";

export interface RandomSearchOptions {
  /** Default 0. */
  seed?: Seed;
  /** Numbers are drawn from U(-range, range). Default 1 for `randomGuess`, 0.1 for `perturb`. */
  range?: number;
}

export interface RandomSearchState {
  /** Proposals so far. */
  episode: number;
  /** Loss of the parameters held, the best so far; null before the first. */
  best: number | null;
  /** Batches differ from step to step, so that the best is judged anew on each. */
  onBatches: boolean;
}

/**
 * Draws all parameters anew from U(-range, range) in each step and keeps the best; the start is never evaluated.
 *
 * `loss` of a step is that of its proposal, `stepSize` 1 where the proposal was kept and 0 elsewhere.
 *
 * @throws {OptionError} When the seed is not a whole number or range is not above 0.
 */
export function randomGuess(o: RandomSearchOptions = {}): Optimizer<RandomSearchState> {
  requireNames("randomGuess", o, ["seed", "range"]);
  const { seed = 0, range = 1 } = o;
  return randomSearch("randomGuess", seed, range, (w, _held, episode) => {
    const draw = drawer(seed, range, episode, w);
    for (let i = 0; i < w.length; i++) w[i] = draw(i);
  });
}

/**
 * Adds U(-range, range) to the best parameters and keeps the sum if the loss does not rise; equal losses are accepted. The
 * first step proposes the start itself.
 *
 * `loss` of a step is that of its proposal, `stepSize` 1 where the proposal was kept and 0 elsewhere.
 *
 * @throws {OptionError} When the seed is not a whole number or range is not above 0.
 */
export function perturb(o: RandomSearchOptions = {}): Optimizer<RandomSearchState> {
  requireNames("perturb", o, ["seed", "range"]);
  const { seed = 0, range = 0.1 } = o;
  return randomSearch("perturb", seed, range, (w, held, episode) => {
    if (episode === 1) return;
    const draw = drawer(seed, range, episode, w);
    // Storing rounds to float32 where the vector is float32; both terms are float32 then, so that is one rounding.
    for (let i = 0; i < w.length; i++) w[i] = held[i]! + draw(i);
  });
}

/** The i-th number of U(-range, range) of an episode, in the precision of `w`. */
function drawer(seed: Seed, range: number, episode: number, w: Vector): (i: number) => number {
  const { uniform } = randomStream(seed, "guess", episode);
  if (w instanceof Float64Array) return (i) => range * (2 * uniform(i) - 1);
  const range32 = Math.fround(range);
  return (i) => Math.fround(range32 * (2 * uniform(i) - 1));
}

type Propose = (w: Vector, held: Vector, episode: number) => void;

function randomSearch(
  name: string,
  seed: Seed,
  range: number,
  propose: Propose,
): Optimizer<RandomSearchState> {
  seedKey(seed);
  requirePositive(name, "range", range, 1);
  const scratch: Scratch = scratchVectors(1);
  return {
    name,
    options: { seed: typeof seed === "bigint" ? String(seed) : seed, range },
    gradientFree: true,
    init: (_dimension, run) => ({ episode: 0, best: null, onBatches: onBatches(run) }),
    step(f, w, _g, state) {
      const [held] = scratch(state, w) as [Vector];
      held.set(w);
      if (state.onBatches && state.best !== null) state.best = f.value(w);
      const episode = state.episode + 1;
      return judge(f, w, held, state, () => propose(w, held, episode));
    },
  };
}

function judge(
  f: Objective,
  w: Vector,
  held: Vector,
  state: RandomSearchState,
  propose: () => void,
): StepResult {
  let kept = false;
  try {
    propose();
    const loss = f.value(w);
    // A best loss that is itself not finite (on this batch) cannot be defended.
    const open = state.best === null || !Number.isFinite(state.best);
    kept = Number.isFinite(loss) && (open || loss <= (state.best as number));
    if (kept) state.best = loss;
    state.episode += 1;
    return { loss, stepSize: kept ? 1 : 0 };
  } finally {
    if (!kept) w.set(held);
  }
}

function onBatches(run: RunPlan | undefined): boolean {
  const batchSize = run?.batchSize ?? "full";
  if (batchSize === "full") return false;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new OptionError(
      "batchSize",
      `batchSize is ${String(batchSize)}, expected "full" or a whole number of at least 1; pass for example 32.`,
    );
  }
  return batchSize < (run?.rows ?? Infinity);
}
