export { type ActivationFunction, type ActivationTable, activationTable } from "./activations.ts";
export { createPlan, type KernelChoice, type PlanOptions } from "./createPlan.ts";
export { lossTable, outputActivations } from "./losses.ts";
export type { BatchRows, DeclaredRun, NotFinitePlace, Plan, PlanSpec } from "./plan.ts";
export { type Activation, activationNames, type LayerShape, type Loss, lossNames } from "./spec.ts";
export { availableThreads, canShareMemory, type ThreadHost } from "./threadHost.ts";
export { applyUpdate, type Elementwise, elementwise, type Update, vectorLike } from "./updates.ts";
export { MOST_THREADS } from "./wideLayout.ts";
