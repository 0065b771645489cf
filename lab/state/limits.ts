/** What a setting may hold at most, for the checks and for the controls. */
export const limits = {
  rows: [4, 2000],
  noise: [0, 10],
  /** Both ends of an interval. */
  interval: [-100, 100],
  /** Numbers of drawn points and tables, in size. */
  value: 1e6,
  inputs: 32,
  classes: [2, 20],
  /** Characters of a name. */
  name: 60,
  layers: 6,
  units: [1, 32],
  learningRate: [1e-8, 1e4],
  epochs: [1, 10_000],
  batchSize: [1, 2000],
  penalty: [0, 10],
  /** The largest whole number that is exact. */
  seed: [0, 9_007_199_254_740_991],
} as const;
