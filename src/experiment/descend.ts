/**
 * All the way down: from a start to where the gradient is as good as zero, and what kind of place that is.
 *
 * L-BFGS does the way and Levenberg-Marquardt the end of it. Each accepts only steps that lower the loss; both may still
 * step over a ridge, so an end need not lie in the basin that the start lay in.
 */
import type { Objective } from "../core/index.ts";
import { curvature } from "../explain/index.ts";
import { lbfgs, levenbergMarquardt, minimize } from "../optim/index.ts";

/** What the end of a descent is by its curvature; "unfinished" where the gradient is not small yet. */
export type EndKind = "minimum" | "flat" | "saddle" | "maximum" | "unfinished";

export const endKinds: readonly EndKind[] = ["minimum", "flat", "saddle", "maximum", "unfinished"];

/** The norm of the gradient at which a descent has come to an end. */
export const END_GRADIENT = 1e-7;

const STEPS = 4000;
const LAST_STEPS = 60;

export interface End {
  point: Float64Array;
  loss: number;
  gradientNorm: number;
  /** Values and gradients asked for. */
  evaluations: number;
}

/** Goes down from `start`, which is left as it is. */
export function descend(f: Objective, start: Float64Array): End {
  const way = minimize(f, start, { method: lbfgs(), stop: { gradientNorm: END_GRADIENT, steps: STEPS } });
  const spent = way.valueEvaluations + way.gradientEvaluations;
  const rested = end(way, spent);
  if (rested.gradientNorm <= END_GRADIENT) return rested;
  const stop = { gradientNorm: END_GRADIENT, steps: LAST_STEPS };
  const last = minimize(f, way.point, { method: levenbergMarquardt(), stop });
  return end(last, spent + last.valueEvaluations + last.gradientEvaluations);
}

/** Both methods measure the gradient; where one did not, nobody could say that it is small. */
function end(
  { point, value, gradientNorm = Infinity }: ReturnType<typeof minimize>,
  evaluations: number,
): End {
  return { point: Float64Array.from(point), loss: value, gradientNorm, evaluations };
}

export interface EndCurvature {
  kind: EndKind;
  /** The smallest and the largest eigenvalue of the Hessian. */
  smallest: number;
  largest: number;
}

/** How the function curves where a descent ended. */
export function endCurvature(f: Objective, { point, gradientNorm }: End): EndCurvature {
  const { kind, smallest, largest } = curvature(f, point);
  return { kind: gradientNorm <= END_GRADIENT ? kind : "unfinished", smallest, largest };
}
