/** Checks of the experiments' options, with messages that name the option and its owner. */
import { OptionError } from "../core/index.ts";

export interface Range {
  least: number;
  most: number;
  /** Why not less, or not more. */
  why: string;
  example: number;
}

/** A whole number of the range. @throws {OptionError} Otherwise. */
export function requireCount(owner: string, option: string, value: number, range: Range): void {
  const { least, most, why, example } = range;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new OptionError(
    option,
    `${owner}: ${option} is ${String(value)}, expected a whole number from ${least} to ${most}, ${why}; ` +
      `pass for example { ${option}: ${example} }.`,
  );
}

/** A list of whole numbers of the range, without the same one twice. @throws {OptionError} Otherwise. */
export function requireCounts(owner: string, option: string, values: readonly number[], range: Range): void {
  const list = Array.isArray(values) ? values : [];
  if (list.length === 0 || new Set(list).size !== list.length) {
    throw new OptionError(
      option,
      `${owner}: ${option} is [${list.join(", ")}], expected at least one number and none twice; ` +
        `pass for example { ${option}: [${range.example}] }.`,
    );
  }
  for (const value of list) requireCount(owner, option, value, range);
}

/** Learning rates: at least one, each finite and above 0, none twice. @throws {OptionError} Otherwise. */
export function requireRates(owner: string, values: readonly number[]): void {
  const list = Array.isArray(values) ? values : [];
  const fine = list.length > 0 && new Set(list).size === list.length;
  if (fine && list.every((rate) => typeof rate === "number" && rate > 0 && rate < Infinity)) return;
  throw new OptionError(
    "learningRates",
    `${owner}: learningRates is [${list.join(", ")}], expected finite numbers above 0, at least one and none twice; ` +
      "pass for example { learningRates: [0.1] }.",
  );
}

/** A seed from which `count` others are counted up. @throws {OptionError} When they would not be whole numbers any more. */
export function requireFirstSeed(owner: string, seed: number, count: number): void {
  if (Number.isSafeInteger(seed) && seed >= 0 && Number.isSafeInteger(seed + count)) return;
  throw new OptionError(
    "seed",
    `${owner}: seed is ${String(seed)}, expected a whole number from 0 to 2^53 - ${count + 1}, since ${count} seeds are counted up from it; ` +
      "pass for example { seed: 1 }.",
  );
}

/** One of the names. @throws {OptionError} Otherwise. */
export function requireChoice(
  owner: string,
  option: string,
  value: string,
  choices: readonly string[],
): void {
  if (choices.includes(value)) return;
  throw new OptionError(
    option,
    `${owner}: ${option} is ${JSON.stringify(value)}, expected one of ${choices.join(", ")}; ` +
      `pass for example { ${option}: "${choices[0]}" }.`,
  );
}

/** A number above 0 and at most 1. @throws {OptionError} Otherwise. */
export function requireShare(owner: string, option: string, value: number): void {
  if (value > 0 && value <= 1) return;
  throw new OptionError(
    option,
    `${owner}: ${option} is ${String(value)}, expected a number above 0 and at most 1, since it is a share; ` +
      `pass for example { ${option}: 0.8 }.`,
  );
}
