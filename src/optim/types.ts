/** What an optimizer is: `init` makes plain-data state, `step` changes the parameters in place. */
import type { Objective, Precision, Vector } from "../core/index.ts";
import type { Update } from "../kernels/index.ts";
import type { Search } from "../linesearch/index.ts";

/** What is known of a run before its first step; a field is absent where it is not known. */
export interface RunPlan {
  /**
   * Planned steps: epochs times batches; of `minimize` its limit of steps, which `auto` was seen to need there. A rate may be made
   * to end with them, so a limit that is never meant to be reached is better left out.
   */
  steps?: number | undefined;
  /** Examples in a batch; "full", or absent, where each step sees the whole function. */
  batchSize?: number | "full" | undefined;
  /** Rows of the training set. */
  rows?: number | undefined;
  /** Precision of the state's vectors, the same as that of the parameters. Default "float64". */
  precision?: Precision | undefined;
  /** Keep the trials of every line search in the results. Default false. */
  trace?: boolean | undefined;
}

export interface StepResult {
  /** The loss where the step began; of the proposal, for methods that guess. */
  loss: number;
  /** What the direction was multiplied with: learning rate or found step size; 0 where the parameters stayed. */
  stepSize: number;
  /** The line search of this step, where there was one. */
  search?: Search;
}

/**
 * A method that makes an Objective small, step by step.
 *
 * State is plain data: numbers, strings, booleans, null, typed arrays, and objects and arrays of these. Saved and loaded, a
 * run goes on to the same bits.
 */
export interface Optimizer<S = unknown> {
  readonly name: string;
  /** The options in force, as plain data for records. */
  readonly options?: Record<string, unknown>;
  /** True for methods that only ask for values: they never call `gradient`, and `g` stays as it was. */
  readonly gradientFree?: boolean;
  /** True for methods that search their step by the slope, minus the squared length of the very gradient that they asked for. */
  readonly searches?: boolean;
  /**
   * True for methods whose searches ask for gradients: at a trial one that is not finite is refused there, and `g` is left as it
   * was where the step began.
   */
  readonly gradientTrials?: boolean;
  /** True for methods that compare a step with those before: each must see the same function, so no batches and no dropout. */
  readonly wholeFunction?: boolean;
  /**
   * For methods that `train` may let L-BFGS challenge, on a small problem on which they were stuck: where the run began, undefined
   * where its state says that there is nothing to challenge.
   */
  challengedFrom?(state: S): Vector | undefined;
  /** State for `dimension` parameters. @throws {OptionError} When the method needs more knowledge of the run. */
  init(dimension: number, run?: RunPlan): S;
  /** One step: changes `w` and `state` in place and leaves in `g` the gradient that it used. */
  step(f: Objective, w: Vector, g: Vector, state: S): StepResult;
  /**
   * For methods whose step is gradient, then update rule: advances the state by one step and returns the rule, which a
   * plan can run by itself. Then `step` is `f.gradient(w, g)` followed by `applyUpdate(declare(state), w, g)`.
   */
  declare?(state: S): Update;
  /** The rule that `declare` gives, always the same one. */
  readonly rule?: Update["rule"];
}
