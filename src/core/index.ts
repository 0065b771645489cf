export { countedSquares } from "./countedSquares.ts";
export { countOf } from "./countOf.ts";
export { checkDataset, type Dataset, requirePresent } from "./dataset.ts";
export { erf32Constants } from "./erf32.ts";
export {
  DataError,
  FileError,
  FormatError,
  LineSearchError,
  NotFiniteError,
  OptionError,
  ShapeError,
  TalwegError,
  ThreadError,
} from "./errors.ts";
export { exp32Constants } from "./exp32.ts";
export { type HessianRoom, hessian, hessianRoom, hessianTimes } from "./hessian.ts";
export { log32Constants } from "./log32.ts";
export { type Mathematics, mathematics32, mathematics64 } from "./mathematics.ts";
export { Moments } from "./moments.ts";
export { nearestName } from "./nearestName.ts";
export type { Counts, LeastSquares, Objective } from "./objective.ts";
export { requireNames } from "./optionNames.ts";
export { multiplyHigh, philox4x32, philoxConstants } from "./philox.ts";
export {
  type RandomStream,
  randomOrder,
  randomStream,
  type Seed,
  type StreamName,
  seedKey,
  shuffledOrder,
  streams,
} from "./random.ts";
export { sha256 } from "./sha256.ts";
export { absoluteSum, dot, LaneSum, LEAF, NumberTree, squaredNorm } from "./sums.ts";
export { type SolveRoom, solvePositiveDefinite, symmetricEigenvalues } from "./symmetric.ts";
export { predictedLabel, targetAt, targetLabel } from "./targets.ts";
export {
  allFinite,
  type Precision,
  precisionOf,
  type Rows,
  requireFinite,
  rowCount,
  toVector,
  type Vector,
  zeros,
} from "./vector.ts";
