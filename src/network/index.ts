export { type DenseOptions, dense } from "./dense.ts";
export { parametersSha256 } from "./fingerprint.ts";
export { givesLogits } from "./logits.ts";
export {
  moveParameters,
  type NetworkOptions,
  network,
  readParameters,
  restoreNetwork,
  withPrecision,
} from "./network.ts";
export {
  type BatchObjective,
  checkFit,
  checkLoss,
  checkTargets,
  type ObjectiveOptions,
  objective,
} from "./objective.ts";
export { type Init, initNames, type Layer, type Metadata, type Network } from "./types.ts";
