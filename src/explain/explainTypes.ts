/**
 * What an explanation consists of: plain data that survives JSON. Every number is finite, and float64 unless it says otherwise;
 * layers count from 1, units from 0; z are pre-activations, a activations, C the loss.
 */
import type { Activation, Loss } from "../kernels/index.ts";
import type { ParameterPlace } from "./parameterName.ts";

/** One product of a pre-activation. */
export interface Term {
  /** The unit of the layer below, or the input for layer 1. */
  from: number;
  /** Its activation, or the input itself. */
  input: number;
  weight: number;
  product: number;
}

/** What the network's own float32 arithmetic gives; null where that overflows. */
export interface Float32Numbers {
  z: number | null;
  a: number | null;
}

/** The calculation of one unit: a = s(z), z = sum + bias. */
export interface UnitForward {
  unit: number;
  /** `[inputs]`. */
  terms: Term[];
  /** The sum of the products. */
  sum: number;
  bias: number;
  z: number;
  a: number;
  /** s'(z); null for softmax, each of whose outputs depends on every z. */
  slope: number | null;
  /** Whether z is exactly 0 where s has a kink; the slope is the one from the left then. */
  kink: boolean;
  /** Null for a network of float64. */
  float32: Float32Numbers | null;
}

export interface LayerForward {
  layer: number;
  inputs: number;
  activation: Activation;
  /** `[units]`. */
  units: UnitForward[];
}

/** One output, and what `predict` gives for it. */
export interface OutputNumber {
  unit: number;
  /** The name of its class, where the network has names. */
  class: string | null;
  output: number;
  /** In the network's own precision; null where that overflows. */
  predicted: number | null;
}

/**
 * How the derivative by the last pre-activations comes about: "slope", dC/da times s'(z); "jacobian", dC/da times the matrix of
 * derivatives of softmax; "together", at once from a cross-entropy and its output function.
 */
export type OutputRule = "slope" | "jacobian" | "together";

export interface OutputLoss {
  unit: number;
  output: number;
  target: number;
  /** What a cross-entropy takes for the probability: the output, or a function of all logits where the output is linear; else null. */
  probability: number | null;
  /** The share of this output in the loss; the loss is their sum. */
  term: number;
  /** dC/da; null where output function and loss are taken together. */
  derivative: number | null;
  /** What `derivative` comes to, or where that is null dC/dz: `2 (a3[0] - y[0])`. */
  formula: string;
  /** dC/dz, by the network's backward pass. */
  delta: number;
}

/** The loss of this example, without any penalty on weights. */
export interface LossExplanation {
  loss: Loss;
  value: number;
  outputFactor: OutputRule;
  /** `[outputs]`. */
  outputs: OutputLoss[];
}

/** One product of a delta: what comes back over one edge. */
export interface DeltaTerm {
  /** The unit of the layer above, or the output of the softmax. */
  to: number;
  /** The weight, or the softmax's da[to]/dz. */
  weight: number;
  /** The delta of that unit, or dC/da of that output. */
  delta: number;
  product: number;
}

/** delta = dC/dz of one unit and its recursion: `recursion` = slope (1 where there is none) times `sum`. */
export interface UnitDelta {
  unit: number;
  /** By the network's own backward pass. */
  delta: number;
  /** `[units above]`; empty where the derivative comes from the loss at once. */
  terms: DeltaTerm[];
  /** dC/da of the unit: the sum of the terms, or what the loss gives; for "together" dC/dz at once. */
  sum: number;
  slope: number | null;
  recursion: number;
}

export interface LayerDeltas {
  layer: number;
  /** "above": from the layer above; on the last layer what the loss has. */
  rule: "above" | OutputRule;
  /** `[units]`. */
  units: UnitDelta[];
}

/** One factor of the chain rule. */
export interface Factor {
  kind: "input" | "slope" | "weight" | "jacobian" | "together" | "loss";
  /** The derivative that it is: `da3[0]/dz3[0]`. */
  name: string;
  /** What that comes to: `sigmoid'(z3[0])`. */
  formula: string;
  value: number;
}

/** One way from the parameter to the loss. */
export interface Path {
  /** Its units, from the parameter's own layer to the last. */
  units: number[];
  /** The output that it leaves a softmax by; null where the last unit is the output. */
  output: number | null;
  /** In the order of the way. */
  factors: Factor[];
  /** The product of the factors. */
  contribution: number;
}

export interface PathSums {
  /** How many paths there are; rounded beyond 2^53. */
  count: number;
  /** Whether `listed` has all of them. */
  complete: boolean;
  /** The largest contributions first. */
  listed: Path[];
  listedSum: number;
  /** The sum over all paths, which is the derivative; by dynamic programming. */
  sum: number;
}

/** The derivative by the factors beside the network's own and a numeric one. */
export interface DerivativeCheck {
  factors: number;
  /** By the network's backward pass. */
  backward: number;
  /** By four-point central differences of the loss; null where the loss overflows there. */
  differences: number | null;
  /** Their step. */
  step: number;
  /** |factors - backward| / max(1, |backward|). */
  factorsError: number;
  /** |backward - differences| / max(1, |backward|, |loss|). */
  differencesError: number | null;
  /** What came to the other side of a kink within two steps: where anything did, the differences do not count. */
  crossed: string[];
}

/** A factor as it is and as section 6.3 of the source prints it. */
export interface PrintedFactor {
  name: string;
  formula: string;
  correct: number;
  printedFormula: string;
  printed: number;
  /** The number of the mistake in the list of errata; null where the source is right. */
  erratum: "M1" | "M2" | null;
}

export interface PrintedForm {
  factors: PrintedFactor[];
  correct: number;
  printed: number;
  /** printed - correct. */
  difference: number;
  /** printed / correct; null where that is not finite. */
  ratio: number | null;
  /** M3 for a weight of the last layer, M4 for its bias, null for the parameters below, which the source leaves to the reader. */
  erratum: "M3" | "M4" | null;
}

/** The derivative of the loss by one parameter: dz/dw times the sum over all paths from z to the loss. */
export interface ParameterExplanation extends ParameterPlace {
  value: number;
  /** dz/dw: the activation that the weight multiplies, or 1. */
  local: Factor;
  /** s'(z) of the parameter's unit; null in a last layer without a slope of its own. */
  slope: Factor | null;
  /** The sum over all paths behind these two, by dynamic programming: dC/da of the unit; where `slope` is null dC/dz. */
  beyond: number;
  /** dC/dz of its unit. */
  delta: number;
  paths: PathSums;
  check: DerivativeCheck;
  asPrinted?: PrintedForm;
}

export interface Explanation {
  precision: "float32" | "float64";
  parameterCount: number;
  /** `[inputs]`. */
  input: number[];
  layers: LayerForward[];
  outputs: OutputNumber[];
  /** What training may have that a prediction has not: it is no part of this explanation. */
  leftOut: { dropout: boolean; penalty: number };
  /** With a target. */
  loss?: LossExplanation;
  /** With a target; from the last layer to the first, in the order of the calculation. */
  deltas?: LayerDeltas[];
  /** Where a parameter was asked for. */
  parameter?: ParameterExplanation;
}
