/** What `converge` takes and tells: plain data that survives JSON. */
import type { Curvature } from "./curvature.ts";
import type { RejectedTrial } from "./meanValue.ts";
import type { CheckedLine, ProofLine } from "./proofLines.ts";

export interface ConvergeOptions {
  /** Share of the slope's promise that must come true, in (0, 1); the text's sigma. Default 1e-4. */
  c1?: number;
  /** Factor from one trial to the next, in (0, 1); the text's alpha. Default 0.5. */
  shrink?: number;
  /** First trial of the first search, and of every search while `growth` is 1. Default 1. */
  initial?: number;
  /** First trial over the last accepted step, at least 1. Default 1. */
  growth?: number;
  /** Trials before a search gives up. Default 100. */
  maxTrials?: number;
  /** Steps at most. Default 1000. */
  steps?: number;
  /** A norm of the gradient at or below this ends the run. Default 1e-6. */
  gradientNorm?: number;
  /** L with ||grad f(x) - grad f(y)|| <= L ||x - y||, where it is known: then line 9 is checked. */
  lipschitz?: number | undefined;
  /** A number that f never falls below, where one is known; of a loss that is 0. */
  lowerBound?: number | undefined;
}

export interface ConvergeStep {
  /** From 1. */
  step: number;
  /** f(x) and ||grad f(x)|| where the step begins. */
  value: number;
  gradientNorm: number;
  /** t, the accepted step. */
  stepSize: number;
  /** The first trial of its search. */
  firstTrial: number;
  trials: number;
  /** f(x) - f(x⁺). */
  decrease: number;
  /** c1 t ||grad f(x)||². */
  promised: number;
  /** The promised decreases up to here. */
  sum: number;
  /** f(x⁰) - f(x⁺). */
  fallen: number;
  /** min(first trial, 2 shrink (1 - c1) / L); null where no L is known. */
  stepBound: number | null;
  /** Whether f rises along d at x⁺: then the step went across the valley. */
  crossesValley: boolean;
  /** The last refused trial; null where the first one was accepted. */
  refused: RejectedTrial | null;
  /** Every line of the proof that can be checked in this step. */
  lines: CheckedLine[];
}

/** A line of the proof over all steps. */
export interface LineSummary extends ProofLine {
  /** Steps in which it was checked, and in which it does not hold. */
  checked: number;
  failed: number;
  holds: boolean;
  /** The step in which it holds most narrowly, or fails; null where it was never checked. */
  worst: ({ step: number } & CheckedLine) | null;
}

/** A hypothesis or the conclusion, which are about the whole sequence: a run of finite length can only speak for or against it. */
export interface Observation {
  id: "boundedBelow" | "settles" | "stationary";
  role: "hypothesis" | "conclusion";
  statement: string;
  /** What is compared, in words. */
  measured: string;
  left: number | null;
  right: number | null;
  relation: "<=" | "<" | ">=";
  /** Null where the run is too short to say. */
  observed: boolean | null;
}

export interface Convergence {
  options: Required<Omit<ConvergeOptions, "lipschitz" | "lowerBound">> & {
    lipschitz: number | null;
    lowerBound: number | null;
  };
  dimension: number;
  /** `[n]`, where the run begins and ends; null above 64 variables. */
  start: number[] | null;
  point: number[] | null;
  startValue: number;
  startGradientNorm: number;
  /** f and ||grad f|| at the end. */
  value: number;
  gradientNorm: number;
  /** Why it ended; "searchFailed" and "notFinite" leave the last good point. */
  reason: "gradientNorm" | "steps" | "searchFailed" | "notFinite";
  /** The search's own words where it failed. */
  searchReason: string | null;
  steps: ConvergeStep[];
  lines: LineSummary[];
  observations: Observation[];
  /** What of the above does not hold or was not observed, in that order. */
  broken: string[];
  smallestStep: number | null;
  /** How f curves at the end; null where a second derivative is not finite. */
  curvature: Curvature | null;
  /** ||grad f|| over the smallest size of an eigenvalue: about how far a stationary point can be; null where one is zero. */
  distance: number | null;
  /** What the method itself has spent; the checks of the proof are not counted. */
  valueEvaluations: number;
  gradientEvaluations: number;
}
