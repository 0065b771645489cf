/** Checks of options at the public boundary, with messages that name the option and its owner. */
import { OptionError } from "../core/index.ts";

const SMALLEST_NORMAL_32 = 1.1754943508222875e-38;

/** A finite number above 0. @throws {OptionError} Otherwise. */
export function requirePositive(owner: string, option: string, value: number, example: number): void {
  if (typeof value === "number" && value > 0 && value < Infinity) return;
  throw new OptionError(
    option,
    `${owner}: ${option} is ${String(value)}, expected a finite number above 0; pass for example ${example}.`,
  );
}

/**
 * What a root is divided by beside: above 0, and not so small that float32 turns it to 0, since 0 / 0 is NaN.
 *
 * @throws {OptionError} Otherwise.
 */
export function requireEpsilon(owner: string, value: number): void {
  requirePositive(owner, "epsilon", value, 1e-8);
  if (value >= SMALLEST_NORMAL_32) return;
  throw new OptionError(
    "epsilon",
    `${owner}: epsilon is ${value}, expected at least ${SMALLEST_NORMAL_32}, the smallest normal number of float32; pass for example 1e-8.`,
  );
}

/** A number from 0 up to, but not including, 1. @throws {OptionError} Otherwise. */
export function requireDecay(owner: string, option: string, value: number, example: number): void {
  if (value >= 0 && value < 1) return;
  throw new OptionError(
    option,
    `${owner}: ${option} is ${String(value)}, expected a number from 0 to below 1, ` +
      `since it is the share of the past that is kept; pass for example ${example}.`,
  );
}

/** A whole number of at least `least`. @throws {OptionError} Otherwise. */
export function requireWhole(
  owner: string,
  option: string,
  value: number,
  least: number,
  example: number,
): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new OptionError(
    option,
    `${owner}: ${option} is ${String(value)}, expected a whole number of at least ${least}; pass for example ${example}.`,
  );
}

/** One of a list of words. @throws {OptionError} Otherwise. */
export function requireWord(owner: string, option: string, value: unknown, words: readonly string[]): void {
  if (words.includes(value as string)) return;
  const list = words.map((word) => JSON.stringify(word)).join(", ");
  throw new OptionError(option, `${owner}: ${option} is ${JSON.stringify(value)}, expected one of ${list}.`);
}
