/** What the scores of a model are made of: plain data that survives JSON. What is undefined is null, with its reason. */

/** Why a score is null. */
export interface MissingScore {
  /** The score's name, such as "rocAuc". */
  score: string;
  /** The class or target that it belongs to, where it is of one. */
  of?: string;
  reason: string;
}

/** Means over the classes; a class whose score is undefined counts as 0, as in scikit-learn. */
export interface ClassMeans {
  precision: number;
  recall: number;
  f1: number;
}

export interface ClassScore {
  name: string;
  /** Examples of this class. */
  rows: number;
  /** Examples that were taken for this class. */
  predicted: number;
  /** Share of the examples taken for this class that are of it; null where none was. */
  precision: number | null;
  /** Share of the examples of this class that were found; null where there are none. */
  recall: number | null;
  /** 2 right / (rows + predicted); null where both are 0. */
  f1: number | null;
  /** Of this class against the rest; null where one of the two has no example. */
  rocAuc: number | null;
}

/** What an answer that looks at no input would score. */
export interface ClassBaseline {
  /** The most frequent class: the answer that accuracy, precision, recall and F1 are of. */
  majority: string;
  /** Share of each class, `[classes]`: the answer that log loss and Brier score are of. */
  shares: number[];
  accuracy: number;
  logLoss: number;
  brier: number;
  /** 1/2, since a constant answer ranks nothing; null where the model's is. */
  rocAuc: number | null;
  macro: ClassMeans;
  weighted: ClassMeans;
}

export interface ClassScores {
  kind: "classes";
  rows: number;
  /** Names, `[classes]`. */
  classes: string[];
  /** Share of the examples whose class was found. */
  accuracy: number;
  /** Mean of -log p of the true class, in nats. */
  logLoss: number | null;
  /**
   * Share of the pairs of a positive and a negative example that the outputs put in order, ties counted half: of the second of
   * two classes; of more classes the mean of one against the rest.
   */
  rocAuc: number | null;
  /** Mean of (p - y)² for two classes; for more the mean of its sum over the classes, which ends at 2. */
  brier: number | null;
  /** confusion[actual][predicted], in examples. */
  confusion: number[][];
  perClass: ClassScore[];
  /** Over the classes that occur in targets or answers, each with the same weight. */
  macro: ClassMeans;
  /** Over the classes, by their examples. */
  weighted: ClassMeans;
  baseline: ClassBaseline;
  missing: MissingScore[];
}

/** Errors are in the target's unit; null where they leave float64. */
export interface NumberMeasures {
  /** 1 - (sum of squared errors) / (sum of squared deviations from the mean); null where the targets are all alike. */
  rSquared: number | null;
  meanAbsoluteError: number | null;
  rootMeanSquaredError: number | null;
  medianAbsoluteError: number | null;
}

export interface TargetScore extends NumberMeasures {
  name: string;
  /** Of answering the mean each time. */
  baseline: NumberMeasures & { mean: number | null };
}

export interface NumberScores {
  kind: "numbers";
  rows: number;
  /** Mean over the targets; null where one is. */
  rSquared: number | null;
  targets: TargetScore[];
  baseline: { rSquared: number | null };
  missing: MissingScore[];
}

export type Scores = ClassScores | NumberScores;
