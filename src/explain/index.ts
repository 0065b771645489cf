export { chain, chainExample } from "./chain.ts";
export { converge } from "./converge.ts";
export type {
  Convergence,
  ConvergeOptions,
  ConvergeStep,
  LineSummary,
  Observation,
} from "./convergeTypes.ts";
export { type Curvature, curvature, largestCurvature } from "./curvature.ts";
export { type Diagnosis, type DoctorOptions, doctor } from "./doctor.ts";
export { errataIds, erratum } from "./errata.ts";
export type { Erratum, ErratumId, ErratumTable } from "./errataTypes.ts";
export { type ExplainOptions, explain } from "./explain.ts";
export type {
  DeltaTerm,
  DerivativeCheck,
  Explanation,
  Factor,
  LayerDeltas,
  LayerForward,
  LossExplanation,
  OutputLoss,
  OutputNumber,
  OutputRule,
  ParameterExplanation,
  Path,
  PathSums,
  PrintedFactor,
  PrintedForm,
  Term,
  UnitDelta,
  UnitForward,
} from "./explainTypes.ts";
export { columnsOf, featureFindings } from "./featureFindings.ts";
export { type Finding, type FindingCode, findingText, type Level } from "./findings.ts";
export {
  type GalleryExample,
  type GalleryName,
  type GalleryRefusal,
  galleryExample,
  galleryNames,
} from "./gallery.ts";
export {
  type GradientCheck,
  type GradientCheckOptions,
  gradientCheck,
  type LayerCheck,
  type Verdict,
} from "./gradientCheck.ts";
export { layerFindings } from "./layerFindings.ts";
export {
  type ExplainedTrial,
  explainLineSearch,
  type LineSearchExplanation,
  type LineSearchOptions,
} from "./lineSearch.ts";
export { markInputs } from "./markInputs.ts";
export type { RejectedTrial } from "./meanValue.ts";
export { type ParameterPlace, parameterIndex, parameterName } from "./parameterName.ts";
export { type LayerState, Probe } from "./probe.ts";
export { type CheckedLine, type ProofLine, type ProofLineId, proofLines } from "./proofLines.ts";
export { rateCheck } from "./rateCheck.ts";
export type { SearchConstants, SearchName } from "./searchRules.ts";
export { classFindings, targetFindings } from "./targetFindings.ts";
export { fixedRateOf, inputRange, type RateCheck, rateFindings, type Score } from "./trainingFindings.ts";
