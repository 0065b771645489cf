/** Numbers that survive JSON. */
import { NotFiniteError, type Vector } from "../core/index.ts";

/** JSON has one zero. */
export function plain(x: number): number {
  return x === 0 ? 0 : x;
}

export function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? plain(x) : null;
}

/** @throws {NotFiniteError} When a number of what `what` names is NaN or infinite. */
export function requireFiniteResult(
  values: Vector | readonly number[],
  what: (index: number) => string,
  layer?: number,
): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new NotFiniteError(
      `explain: ${what(i)} is ${values[i]}, expected a finite number, since nothing behind it could be explained; ` +
        "look for parameters or inputs that are too large.",
      layer === undefined ? {} : { layer },
    );
  }
}
