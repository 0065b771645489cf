/** The trials of one step of Levenberg–Marquardt: more and more damping, until the loss falls. */
import { type SolveRoom, solvePositiveDefinite, type Vector } from "../core/index.ts";
import type { Search, Trial } from "../linesearch/index.ts";

/** What f looks like near w: value - g'd + d'Bd / 2 at w - d. */
export interface DampedModel {
  value: number;
  /** `[n]`. */
  gradient: Float64Array;
  /** B `[n, n]`; its lower triangle is read, and its diagonal overwritten. */
  matrix: Float64Array;
  /** B's diagonal, and the largest size of a number there. */
  diagonal: Float64Array;
  largest: number;
  /** Overwritten: for the solution, and for the point that the step begins at, shaped like it. */
  solving: SolveRoom;
  origin: Vector;
  /** f itself, for the trials. */
  valueAt(w: Vector): number;
}

/** What the damping is remembered by. */
interface Damping {
  damping: number;
  growth: number;
  trace: boolean;
}

/** The damping never falls below this share of the largest curvature, where it could not rise again. */
const SMALLEST = 1e-20;

/**
 * Leaves `w` at the first trial w - d with (B + mu I) d = g whose value lies below the model's, or where it was.
 *
 * A damping with which the matrix is not positive definite is passed over without a trial.
 *
 * @param state Its `damping` and `growth` are moved by Nielsen's rule.
 */
export function dampedSearch(model: DampedModel, w: Vector, state: Damping, maxTrials: number): Search {
  const { value: bound, largest, origin } = model;
  origin.set(w);
  const trials: Trial[] | undefined = state.trace ? [] : undefined;
  const told = trials && { trials };
  let evaluations = 0;
  let accepted = false;
  const fail = (why: string): Search => {
    const reason = `${why} after ${evaluations} trials, with damping ${state.damping}`;
    // A step that is tried again begins with a damping of its own.
    state.damping = 0;
    state.growth = 2;
    return { accepted: false, stepSize: 0, value: bound, evaluations, reason, ...told };
  };
  try {
    while (evaluations < maxTrials) {
      const { damping } = state;
      const d = dampedStep(model, damping);
      if (d === undefined) {
        // NaN in the matrix ends here too.
        if (!(damping < Infinity)) return fail("no damping makes the matrix positive definite");
        grow(state);
        continue;
      }
      if (!moveBy(w, origin, d)) return fail("the step is too short to change the point");
      const value = model.valueAt(w);
      evaluations += 1;
      accepted = Number.isFinite(value) && value < bound;
      trials?.push({ stepSize: 1, value, bound, damping, accepted });
      if (accepted) {
        const gain = (bound - value) / foretold(model.gradient, d, damping);
        shrink(state, gain, SMALLEST * largest);
        return { accepted, stepSize: 1, value, evaluations, reason: "accepted", ...told };
      }
      grow(state);
    }
    return fail("no trial lowered the loss");
  } finally {
    if (!accepted) w.set(origin);
  }
}

/** d with (B + mu I) d = g; undefined where that matrix is not positive definite, or d is not finite. */
function dampedStep(
  { matrix, diagonal, gradient, solving }: DampedModel,
  damping: number,
): Float64Array | undefined {
  const n = gradient.length;
  for (let i = 0; i < n; i++) matrix[i * n + i] = diagonal[i]! + damping;
  const d = solvePositiveDefinite(matrix, gradient, solving);
  return d?.every(Number.isFinite) === true ? d : undefined;
}

/** w = origin - d; whether any number changed by that. */
function moveBy(w: Vector, origin: Vector, d: Float64Array): boolean {
  let moved = false;
  for (let i = 0; i < w.length; i++) {
    w[i] = origin[i]! - d[i]!;
    if (w[i] !== origin[i]) moved = true;
  }
  return moved;
}

/** By how much the model falls along d: g'd - d'Bd / 2, which is (g'd + mu d'd) / 2. */
function foretold(g: Float64Array, d: Float64Array, damping: number): number {
  let sum = 0;
  for (let i = 0; i < d.length; i++) sum += d[i]! * (g[i]! + damping * d[i]!);
  return sum / 2;
}

function grow(state: Damping): void {
  state.damping *= state.growth;
  state.growth *= 2;
}

/** @param gain The fall of the loss over the one that the model foretold: 1 where it was right. */
function shrink(state: Damping, gain: number, smallest: number): void {
  const off = 2 * gain - 1;
  state.damping = Math.max(smallest, state.damping * Math.max(1 / 3, 1 - off * off * off));
  state.growth = 2;
}
