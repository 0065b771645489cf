export { type ActivationFunction, type ActivationTable, activationTable } from "./activations.ts";
export { createPlan, type KernelChoice, type PlanOptions, wantsFastKernels } from "./createPlan.ts";
export { loadKernels } from "./loadKernels.ts";
export { lossTable, outputActivations } from "./losses.ts";
export type { BatchRows, DeclaredRun, NotFinitePlace, Plan, PlanSpec } from "./plan.ts";
export {
  type Activation,
  activationNames,
  type LayerShape,
  type Loss,
  lossNames,
  MOST_THREADS,
} from "./spec.ts";
export type { ThreadHost } from "./threadHost.ts";
export { applyUpdate, type Elementwise, elementwise, type Update, vectorLike } from "./updates.ts";
export { usefulThreads } from "./usefulThreads.ts";
