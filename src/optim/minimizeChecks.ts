/** What `minimize` refuses, and the last look at a point for methods that only guess. */
import {
  countOf,
  DataError,
  NotFiniteError,
  type Objective,
  OptionError,
  ShapeError,
  squaredNorm,
  type Vector,
} from "../core/index.ts";
import { auto } from "./auto.ts";
import { requireClippable } from "./clip.ts";
import { euclideanNorm } from "./counted.ts";
import { requirePositive, requireWhole } from "./options.ts";
import { checkStop, type Stop } from "./stop.ts";
import type { Optimizer } from "./types.ts";

export function checkArguments(
  f: Objective,
  start: Vector,
  o: { method?: Optimizer; stop?: Stop; rows?: number; clipNorm?: number },
): void {
  const { method, stop, rows, clipNorm } = o;
  if (!(start instanceof Float64Array || start instanceof Float32Array)) {
    throw new ShapeError(
      `minimize: start is ${Array.isArray(start) ? "an array" : String(start)}, expected a Float64Array or Float32Array, ` +
        "whose precision the run takes over; pass for example Float64Array.of(-1.2, 1).",
    );
  }
  if (start.length !== f.dimension) {
    throw new ShapeError(
      `minimize: start has ${countOf(start.length, "number")}, expected ${f.dimension}, one for each variable of the function; ` +
        `pass a start of ${f.dimension} numbers.`,
    );
  }
  const bad = start.findIndex((number) => !Number.isFinite(number));
  if (bad >= 0) {
    throw new DataError(
      `minimize: start[${bad}] is ${start[bad]}, expected a finite number, since no step leads away from there; ` +
        "give a start of finite numbers.",
      { column: bad },
    );
  }
  if (method !== undefined && typeof method?.step !== "function") {
    throw new OptionError(
      "method",
      `minimize: method is ${JSON.stringify(method)}, expected an optimizer; pass for example adam() or gradientDescent({search: "armijo"}).`,
    );
  }
  if (stop !== undefined) checkStop(stop, "minimize");
  if (rows !== undefined) requireWhole("minimize", "rows", rows, 1, 1000);
  if (clipNorm === undefined) return;
  requirePositive("minimize", "clipNorm", clipNorm, 1);
  requireClippable(method ?? auto(), "clipNorm", clipNorm);
}

/** @throws {NotFiniteError} When the function or its gradient is not finite where the run begins. */
export function requireFiniteStart(loss: number | undefined, gradientNorm: number | undefined): void {
  if (!Number.isFinite(loss)) {
    throw new NotFiniteError(
      `minimize: the function is ${loss} at the start, expected a finite number, since every step is compared with it; ` +
        "choose a start where it is defined.",
    );
  }
  if (!Number.isFinite(gradientNorm)) {
    throw new NotFiniteError(
      `minimize: the norm of the gradient is ${gradientNorm} at the start, expected a finite number, since it gives the direction; ` +
        "choose another start, or a method that only guesses.",
    );
  }
}

/** Loss and gradient norm at the result of a method that guesses; not counted. */
export function lossAndNorm(
  f: Objective,
  w: Vector,
  known: number | undefined,
  g: Vector,
): { loss: number; gradientNorm: number | undefined; exact: boolean } {
  const loss = known ?? f.value(w);
  if (!Number.isFinite(loss)) {
    throw new NotFiniteError(
      `minimize: the function is ${loss} at the start, and at every point that was guessed it was not finite either; ` +
        "choose a start where it is defined, or a smaller range.",
    );
  }
  return { loss, gradientNorm: normWhereDefined(f, w, g), exact: true };
}

function normWhereDefined(f: Objective, w: Vector, g: Vector): number | undefined {
  try {
    f.gradient(w, g);
  } catch {
    // A function for guessing need not have a gradient.
    return undefined;
  }
  const norm = euclideanNorm(g, squaredNorm(g));
  return Number.isFinite(norm) ? norm : undefined;
}
