export { constantLoss } from "./constantLoss.ts";
export { type EvaluateOptions, type Evaluation, evaluate, predictDataset } from "./evaluate.ts";
export type { Examples } from "./examples.ts";
export { classThreshold, hasClasses, metricNames, predictedLabel, targetLabel } from "./metrics.ts";
export { defaultLoss } from "./options.ts";
export { train, trainEvents } from "./train.ts";
export type {
  Challenge,
  EpochEvent,
  StepEvent,
  TrainEvent,
  TrainOptions,
  TrainReason,
  TrainResult,
  TrainState,
  WarningEvent,
  Watched,
} from "./types.ts";
