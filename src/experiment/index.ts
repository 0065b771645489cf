export { type BatchNoise, type BatchNoiseOptions, batchNoise } from "./batchNoise.ts";
export {
  type DepthComparison,
  type DepthData,
  type DepthOptions,
  depth,
  depthData,
} from "./depth.ts";
export type { DepthResult, DepthRuns } from "./depthRuns.ts";
export { type EndKind, endKinds } from "./descend.ts";
export { expectedShare } from "./expectedShare.ts";
export { type LocalMinima, type LocalMinimaOptions, localMinima } from "./localMinima.ts";
export type { EscapeCell, NetworkEscapes } from "./networkEscapes.ts";
export type { ExperimentControl, ExperimentProgress } from "./pace.ts";
export type { PoorMinimum } from "./poorMinima.ts";
export type { LossLevel, StartEnd, StartLosses, StartSetting } from "./startLosses.ts";
export {
  STATIONARY_GRADIENT,
  type StationaryPoint,
  type StationarySearch,
  stationaryPoints,
} from "./stationaryPoints.ts";
export type { DimensionShare } from "./stationaryShare.ts";
export { type Quartiles, quartiles, type Ratio, type Share, wilsonShare } from "./statistics.ts";
export type { ValleyCell, ValleyEscapes, ValleyPoint } from "./valleyEscapes.ts";
export { type WaveFunction, waveFunction } from "./waves.ts";
