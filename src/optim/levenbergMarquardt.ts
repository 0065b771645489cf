/**
 * Levenberg–Marquardt: damped Gauss–Newton steps for sums of squares, and damped Newton steps for all other smooth functions.
 *
 * Sources: Levenberg (1944); Marquardt, "An algorithm for least-squares estimation of nonlinear parameters" (1963); the rule
 * that moves the damping is Nielsen's, "Damping parameter in Marquardt's method" (1999), as algorithm 3.16 of Madsen, Nielsen
 * and Tingleff, "Methods for non-linear least squares problems" (2004). With second derivatives in the place of 2 J'J it is the
 * method of Goldfeld, Quandt and Trotter, "Maximization by quadratic hill-climbing" (1966).
 *
 * A step solves (B + mu I) d = g and goes to w - d, where B is 2 J'J, or the Hessian by differences of gradients, and mu is the
 * damping: near 0 it is the step of Gauss–Newton or Newton, with a large mu a short one along the gradient. Where the loss falls,
 * mu shrinks by how well the model foretold the fall; where it does not, mu grows two-, four-, eightfold, …, and the step is
 * tried anew.
 *
 * Model and residuals are float64 always: a float32 network is judged by its copy in float64, and only the point is rounded.
 */
import {
  type HessianRoom,
  hessian,
  hessianRoom,
  type LeastSquares,
  type Objective,
  OptionError,
  requireNames,
  type SolveRoom,
  type Vector,
} from "../core/index.ts";
import { type DampedModel, dampedSearch } from "./dampedSearch.ts";
import { requirePositive, requireWhole } from "./options.ts";
import type { Optimizer } from "./types.ts";
import { requireWholeFunction } from "./wholeFunction.ts";

export interface LevenbergMarquardtOptions {
  /** The first damping over the largest curvature, the largest number on B's diagonal. Default 1e-3. */
  damping?: number;
  /** Trials before a step gives up. Default 40. */
  maxTrials?: number;
}

export interface LevenbergMarquardtState {
  step: number;
  /** mu, 0 where the next step is to choose it anew; and the factor by which the next trial that fails makes it grow. */
  damping: number;
  growth: number;
  trace: boolean;
}

/** A matrix of that many rows is 32 MB, and solving with it takes seconds. */
const MOST_PARAMETERS = 2000;
/** 400 MB of Jacobian. */
const MOST_NUMBERS = 5e7;

/** What is kept from step to step without being state. */
interface Room {
  /** The matrix `h`, and vectors for its differences. */
  curvature: HessianRoom;
  solving: SolveRoom;
  /** `[n]`. */
  gradient: Float64Array;
  diagonal: Float64Array;
  origin: Vector;
  residuals: Float64Array;
  jacobian: Float64Array;
}

/**
 * For functions with a `leastSquares` view, and by Hessians for others; each step costs a gradient, a Jacobian or 2 n gradients,
 * and a value for each trial. `stepSize` is 1 where a trial was accepted, and the trials carry their `damping`.
 *
 * @throws {OptionError} When an option does not exist or is out of range; in `init` when there are more than 2,000 parameters or
 *   steps would see batches; in a step when the function is no sum of squares and `w` is float32.
 */
export function levenbergMarquardt(o: LevenbergMarquardtOptions = {}): Optimizer<LevenbergMarquardtState> {
  const name = "levenbergMarquardt";
  requireNames(name, o, ["damping", "maxTrials"]);
  const { damping = 1e-3, maxTrials = 40 } = o;
  requirePositive(name, "damping", damping, 1e-3);
  requireWhole(name, "maxTrials", maxTrials, 1, 40);
  const rooms = new WeakMap<object, Room>();
  return {
    name,
    searches: true,
    wholeFunction: true,
    options: { damping, maxTrials },
    init(dimension, run) {
      requireWholeFunction(name, run);
      requireFewParameters(dimension);
      return { step: 0, damping: 0, growth: 2, trace: run?.trace ?? false };
    },
    step(f, w, g, state) {
      const loss = f.gradient(w, g);
      state.step += 1;
      if (!Number.isFinite(loss) || g.every((gi) => gi === 0)) return { loss, stepSize: 0 };
      const room = rooms.get(state) ?? emptyRoom(w);
      rooms.set(state, room);
      const model =
        f.leastSquares === undefined
          ? newtonModel(f, w, g, loss, room)
          : gaussNewtonModel(f.leastSquares, w, room);
      if (state.damping === 0) state.damping = damping * (model.largest > 0 ? model.largest : 1);
      const search = dampedSearch(model, w, state, maxTrials);
      return { loss, stepSize: search.stepSize, search };
    },
  };
}

function requireFewParameters(dimension: number): void {
  if (dimension <= MOST_PARAMETERS) return;
  throw new OptionError(
    "optimizer",
    `levenbergMarquardt: there are ${dimension} parameters, expected at most ${MOST_PARAMETERS}, since each step solves with a ` +
      "matrix of that number squared; take lbfgs, whose steps are cheap.",
  );
}

function emptyRoom(w: Vector): Room {
  const n = w.length;
  return {
    curvature: hessianRoom(n),
    solving: { lower: new Float64Array(n * n), x: new Float64Array(n) },
    gradient: new Float64Array(n),
    diagonal: new Float64Array(n),
    origin: w.slice(),
    residuals: new Float64Array(0),
    jacobian: new Float64Array(0),
  };
}

/** f near w by its own second derivatives. */
function newtonModel(f: Objective, w: Vector, g: Vector, loss: number, room: Room): DampedModel {
  if (!(w instanceof Float64Array && g instanceof Float64Array)) {
    throw new OptionError(
      "precision",
      "levenbergMarquardt: the function is no sum of squares, so its second derivatives come from differences of gradients, for " +
        'which float32 has too few digits; take precision "float64", or loss "meanSquaredError" for a network.',
    );
  }
  hessian(f, w, room.curvature);
  return { ...described(room, g), value: loss, valueAt: (at) => f.value(at) };
}

/** The sum of squares near w by its residuals' first derivatives: gradient 2 J'r, curvature 2 J'J. */
function gaussNewtonModel(squares: LeastSquares, w: Vector, room: Room): DampedModel {
  const n = w.length;
  const m = squares.residuals;
  makeRoom(room, m, n);
  const { residuals, jacobian, gradient } = room;
  const matrix = room.curvature.h;
  squares.evaluate(w, residuals, jacobian);
  const value = sumOfSquares(residuals);
  gradient.fill(0);
  matrix.fill(0);
  for (let row = 0; row < m; row++) {
    const at = row * n;
    const twice = 2 * residuals[row]!;
    for (let i = 0; i < n; i++) {
      const derivative = jacobian[at + i]!;
      if (derivative === 0) continue;
      gradient[i] = gradient[i]! + twice * derivative;
      // The lower triangle is all that is read.
      for (let j = 0; j <= i; j++) {
        matrix[i * n + j] = matrix[i * n + j]! + 2 * derivative * jacobian[at + j]!;
      }
    }
  }
  const valueAt = (at: Vector): number => {
    squares.evaluate(at, residuals);
    return sumOfSquares(residuals);
  };
  return { ...described(room, gradient), value, valueAt };
}

/** @throws {OptionError} When the Jacobian would not fit. */
function makeRoom(room: Room, m: number, n: number): void {
  if (m * n > MOST_NUMBERS) {
    throw new OptionError(
      "optimizer",
      `levenbergMarquardt: ${m} residuals times ${n} parameters are a Jacobian of ${m * n} numbers, expected at most ${MOST_NUMBERS}; ` +
        "take fewer examples, or lbfgs, which needs none.",
    );
  }
  if (room.residuals.length === m) return;
  room.residuals = new Float64Array(m);
  room.jacobian = new Float64Array(m * n);
}

function described(room: Room, gradient: Float64Array): Omit<DampedModel, "value" | "valueAt"> {
  const { diagonal, solving, origin } = room;
  const matrix = room.curvature.h;
  const n = gradient.length;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    diagonal[i] = matrix[i * n + i]!;
    largest = Math.max(largest, Math.abs(diagonal[i]!));
  }
  return { matrix, gradient, diagonal, largest, solving, origin };
}

function sumOfSquares(r: Float64Array): number {
  let sum = 0;
  for (const ri of r) sum += ri * ri;
  return sum;
}
