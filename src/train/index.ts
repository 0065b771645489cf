export { predictedLabel, targetLabel } from "../core/index.ts";
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
export { classThreshold, hasClasses, metricNames } from "./metrics.ts";
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
export { trainStream, trainStreamEvents } from "./streamed.ts";
export type { TableSource } from "./streamedScan.ts";
export {
  prepareTableStream,
  type StreamSetup,
  type TableStreamOptions,
} from "./streamedTable.ts";
export type { ExampleStream, RefusedRows, StreamOptions } from "./streamedTypes.ts";
export { crossValidateTable, type TableFoldOptions } from "./tableFolds.ts";
export type { TableChoice, TableOptions, TableSetup } from "./tableOptions.ts";
export { predictTable, scoreTable, scoreTerms, tableScores } from "./tablePrediction.ts";
export { tableOptionsOf } from "./tableRecord.ts";
export { prepareTable } from "./tableSetup.ts";
export { type TableTraining, trainTable } from "./tableTraining.ts";
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
