import type { Vector } from "./vector.ts";

/** A function R^n -> R that can be made small: the only thing that an optimizer sees. */
export interface Objective {
  /** n, the number of parameters. */
  readonly dimension: number;
  /** f(w). */
  value(w: Vector): number;
  /** Fills `g` `[n]` with the gradient at `w` and returns f(w). */
  gradient(w: Vector, g: Vector): number;
  /** The view of f as a sum of squares, where it is one. */
  readonly leastSquares?: LeastSquares;
}

/** f as r_1² + … + r_m², which is equal up to rounding: what the methods for least squares see. */
export interface LeastSquares {
  /** m. */
  readonly residuals: number;
  /** Fills `r` `[m]` and, where it is given, `jacobian` `[m, n]`, row-major, with dr_i/dw_j at `w`; in float64, whatever w is. */
  evaluate(w: Vector, r: Float64Array, jacobian?: Float64Array): void;
  /** What one Jacobian costs, in gradients of f; 1 where absent. */
  readonly gradientsPerJacobian?: number;
}

/** What a run has spent. */
export interface Counts {
  /** Losses of the batch at hand, without gradient. */
  valueEvaluations: number;
  /** Losses with gradient. */
  gradientEvaluations: number;
  /** Examples that either of the two went over. */
  exampleEvaluations: number;
}
