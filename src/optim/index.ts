export { type AdamOptions, type AdamState, adam } from "./adam.ts";
export { type AdamWOptions, adamW } from "./adamW.ts";
export { type AutoOptions, type AutoState, auto, autoVariant } from "./auto.ts";
export { clipToNorm, clipToValue, requireClippable } from "./clip.ts";
export {
  type FunctionOptions,
  type TestFunction,
  type TestFunctionName,
  testFunctions,
} from "./functions.ts";
export { type FixedRateOptions, gradientDescent } from "./gradientDescent.ts";
export { type LbfgsOptions, type LbfgsState, lbfgs } from "./lbfgs.ts";
export {
  type LevenbergMarquardtOptions,
  type LevenbergMarquardtState,
  levenbergMarquardt,
} from "./levenbergMarquardt.ts";
export { type MinimizeOptions, type MinimizeStep, type Minimum, minimize } from "./minimize.ts";
export { type MomentumOptions, type MomentumState, momentum } from "./momentum.ts";
export { type NesterovOptions, type NesterovState, nesterov } from "./nesterov.ts";
export { perturb, type RandomSearchOptions, type RandomSearchState, randomGuess } from "./randomSearch.ts";
export { type RmsPropOptions, type RmsPropState, rmsProp } from "./rmsProp.ts";
export { type Schedule, type ScheduleName, type ScheduleOptions, scheduleNames } from "./schedule.ts";
export type {
  ArmijoStepOptions,
  DescentState,
  GoldsteinStepOptions,
  SearchedStepOptions,
  WolfeStepOptions,
} from "./searchedDescent.ts";
export {
  type StochasticArmijoOptions,
  type StochasticArmijoState,
  stochasticArmijo,
} from "./stochasticArmijo.ts";
export { checkStop, metCriterion, type Progress, type Stop, type StopReason } from "./stop.ts";
export type { Optimizer, RunPlan, StepResult } from "./types.ts";
