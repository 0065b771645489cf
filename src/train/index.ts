export {
  type Calibration,
  type CalibrationBin,
  type CalibrationOptions,
  calibration,
} from "./calibration.ts";
export type { ClassOptions } from "./classProblem.ts";
export { constantLoss } from "./constantLoss.ts";
export {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  type FoldData,
  type FoldScores,
  type ScoreSpread,
} from "./crossValidate.ts";
export { type EvaluateOptions, type Evaluation, evaluate, predictDataset } from "./evaluate.ts";
export type { Examples } from "./examples.ts";
export { type Fold, type FoldOptions, foldRows } from "./folds.ts";
export {
  type Importance,
  type ImportanceOptions,
  type Importances,
  type InputGroup,
  permutationImportance,
} from "./importance.ts";
export { listScores, type ScoreLine } from "./listScores.ts";
export { classThreshold, hasClasses, metricNames, predictedLabel, targetLabel } from "./metrics.ts";
export { defaultLoss } from "./options.ts";
export { type RocCurve, type RocOptions, type RocPoint, rocCurve } from "./rocCurve.ts";
export type { Targets } from "./scoreInput.ts";
export { networkScores, type ScoresOptions, scoreOptions, scores } from "./scores.ts";
export type {
  ClassBaseline,
  ClassMeans,
  ClassScore,
  ClassScores,
  MissingScore,
  NumberMeasures,
  NumberScores,
  Scores,
  TargetScore,
} from "./scoreTypes.ts";
export type { MeanAndDeviation } from "./statistics.ts";
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
