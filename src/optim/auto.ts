/**
 * The default optimizer: no learning rate to choose.
 *
 * One Armijo search on the first batch gives the starting rate, and a distance estimate raises it where that is too small.
 * Where the length of the run is known and batches are not tiny the rate then falls linearly to 0 ("decay"); else the same
 * estimate works inside of an average over the steps ("scheduleFree"), which needs no length.
 */
import { OptionError, requireNames, type Vector, zeros } from "../core/index.ts";
import { type DecayState, decayStep } from "./autoDecay.ts";
import { type ScheduleFreeState, scheduleFreeStep } from "./autoScheduleFree.ts";
import { requireWhole, requireWord } from "./options.ts";
import { scratchVectors } from "./scratch.ts";
import type { Optimizer, RunPlan } from "./types.ts";

export interface AutoOptions {
  /** Forces one form; by default the run decides, see `autoVariant`. "decay" needs the number of steps. */
  variant?: "decay" | "scheduleFree";
  /**
   * Lets `train` try L-BFGS where a run of at least 50 epochs in the form "decay" has ended on a small problem with more than a
   * twentieth of the loss of the best constant answer; it is taken if it halves the loss on examples kept from it. Default true.
   */
  challenger?: boolean;
}

export type AutoState = DecayState | ScheduleFreeState;

/** Below this batch size the decaying form was seen to keep its rate too high for too long. */
const SMALLEST_BATCH = 16;

/** "decay" where the steps are planned and a batch has at least 16 rows or is the whole set; else "scheduleFree". */
export function autoVariant({
  steps,
  batchSize = "full",
  rows = Infinity,
}: RunPlan = {}): AutoState["variant"] {
  const wide = batchSize === "full" || batchSize >= SMALLEST_BATCH || batchSize >= rows;
  return steps !== undefined && wide ? "decay" : "scheduleFree";
}

/** @throws {OptionError} When the variant is unknown, challenger no boolean, or "decay" without a number of steps (then in `init`). */
export function auto(o: AutoOptions = {}): Optimizer<AutoState> {
  requireNames("auto", o, ["variant", "challenger"]);
  const { variant, challenger = true } = o;
  if (variant !== undefined) requireWord("auto", "variant", variant, ["decay", "scheduleFree"]);
  if (typeof challenger !== "boolean") {
    throw new OptionError(
      "challenger",
      `auto: challenger is ${JSON.stringify(challenger)}, expected true or false; leave it out for true.`,
    );
  }
  const scratchDecay = scratchVectors(1);
  const scratchFree = scratchVectors(3);
  return {
    name: "auto",
    searches: true,
    ...(challenger ? { challengedFrom } : {}),
    options: { ...(variant === undefined ? {} : { variant }), ...(challenger ? {} : { challenger }) },
    init: (dimension, run = {}) => startState(dimension, run, variant ?? autoVariant(run)),
    step: (f, w, g, state) =>
      state.variant === "decay"
        ? decayStep(f, w, g, state, scratchDecay)
        : scheduleFreeStep(f, w, g, state, scratchFree),
  };
}

/** The schedule-free form averages, and a distance of 0 means that the gradient was 0 from the start. */
function challengedFrom({ variant, d0, x0 }: AutoState): Vector | undefined {
  return variant === "decay" && d0 > 0 ? x0 : undefined;
}

function startState(dimension: number, run: RunPlan, variant: AutoState["variant"]): AutoState {
  const { steps, precision = "float64", trace = false } = run;
  const shared = {
    step: 0,
    d: 0,
    d0: 0,
    r: 0,
    power2: 1,
    x0: zeros(precision, dimension),
    v: zeros(precision, dimension),
    s: zeros(precision, dimension),
    trace,
  };
  if (variant === "scheduleFree") {
    return { ...shared, variant, largest: 0, weights: 0, z: zeros(precision, dimension) };
  }
  if (steps === undefined) {
    throw new OptionError(
      "variant",
      'auto: variant is "decay", but the number of steps is not known, and the rate must reach 0 at the last one; ' +
        'give the number of steps (or epochs), or take variant "scheduleFree".',
    );
  }
  requireWhole("auto", "steps", steps, 1, 1000);
  return { ...shared, variant, steps, power1: 1, m: zeros(precision, dimension) };
}
