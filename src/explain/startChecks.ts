/** What looking along a line or down a slope refuses, before anything is computed. */
import { DataError, LineSearchError, NotFiniteError, ShapeError } from "../core/index.ts";
import { type SearchConstants, type SearchName, searchRules } from "./searchRules.ts";

/** @throws {ShapeError | DataError} When a vector cannot be a point of the function. */
export function checkPoint(name: string, point: ArrayLike<number>, dimension: number): void {
  if (point.length !== dimension) {
    throw new ShapeError(
      `${name} has ${point.length} ${point.length === 1 ? "number" : "numbers"}, expected ${dimension}, one for each variable of the function; ` +
        `pass ${dimension} numbers.`,
    );
  }
  const bad = Array.prototype.findIndex.call(point, (number: number) => !Number.isFinite(number));
  if (bad < 0) return;
  throw new DataError(
    `${name}[${bad}] is ${point[bad]}, expected a finite number, since no step leads away from there; pass finite numbers.`,
    { column: bad },
  );
}

/** @throws {NotFiniteError} When the function or its gradient is not finite where all begins. */
export function checkStart(value: number, g: Float64Array): void {
  if (!Number.isFinite(value)) {
    throw new NotFiniteError(
      `the function is ${value} at the start, expected a finite number, since every trial is compared with it; ` +
        "choose a start where it is defined.",
    );
  }
  const bad = g.findIndex((gi) => !Number.isFinite(gi));
  if (bad < 0) return;
  throw new NotFiniteError(
    `the gradient is ${g[bad]} in variable ${bad} (from 0) at the start, expected finite numbers, since they give the direction; ` +
      "choose another start.",
  );
}

/** @throws {LineSearchError} When the direction does not descend. @param given Whether the caller chose it. */
export function checkSlope(slope: number, given: boolean, g: Float64Array): void {
  if (g.every((gi) => gi === 0)) {
    throw new LineSearchError(
      "the gradient is 0 at the start, expected another number, since no direction descends from a stationary point; " +
        "choose another start.",
    );
  }
  if (slope < 0 && Number.isFinite(slope)) return;
  if (!Number.isFinite(slope) || !given) {
    throw new LineSearchError(
      `the slope, gradient times direction, is ${slope}, expected a finite number below 0; scale the function or the direction.`,
    );
  }
  throw new LineSearchError(
    slope > 0
      ? `the direction ascends: its slope, gradient times direction, is ${slope}, expected a number below 0, ` +
          "since a search along it could only raise the function; turn its sign around, or leave it away for minus the gradient."
      : "the direction neither ascends nor descends: its slope, gradient times direction, is 0, expected a number below 0; " +
          "choose another one, or leave it away for minus the gradient.",
  );
}

/** @throws {LineSearchError} When there is no such search, or the number of samples is out of range. */
export function checkSearch(search: string, samples: number): void {
  if (!Object.hasOwn(searchRules, search)) {
    throw new LineSearchError(
      `search is ${JSON.stringify(search)}, expected one of ${Object.keys(searchRules).join(", ")}.`,
    );
  }
  if (Number.isSafeInteger(samples) && samples >= 10 && samples <= 100_000) return;
  throw new LineSearchError(
    `samples is ${String(samples)}, expected a whole number from 10 to 100000; leave it away for 200.`,
  );
}

/** Constants of one search alone. */
const owners = { shrink: "armijo", c2: "wolfe" } as const;

/** @throws {LineSearchError} When a constant of another search is given, which would be passed over in silence, or goldstein's c1 is out of range. */
export function checkConstants(search: SearchName, o: SearchConstants): void {
  for (const constant of ["shrink", "c2"] as const) {
    if (o[constant] === undefined || owners[constant] === search) continue;
    throw new LineSearchError(
      `${constant} is ${o[constant]}, but the search is ${search}, which has no such constant; ` +
        `leave it away, or take the search ${owners[constant]}.`,
    );
  }
  const { c1 } = o;
  // The search itself would speak of c, its own name of it.
  if (search !== "goldstein" || c1 === undefined || (c1 > 0 && c1 < 0.5)) return;
  throw new LineSearchError(
    `c1 is ${c1}, expected a number between 0 and 1/2 for the search goldstein, since otherwise its upper line would lie below its lower one; ` +
      "pass for example 0.25.",
  );
}
