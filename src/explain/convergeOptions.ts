/** The options of `converge` with every default filled in, checked once. */
import { OptionError } from "../core/index.ts";
import { checkArmijoConstants } from "../linesearch/index.ts";
import type { Convergence, ConvergeOptions } from "./convergeTypes.ts";

/** @throws {LineSearchError | OptionError} When a number is out of range. */
export function convergeOptions({
  c1 = 1e-4,
  shrink = 0.5,
  initial = 1,
  growth = 1,
  maxTrials = 100,
  steps = 1000,
  gradientNorm = 1e-6,
  lipschitz,
  lowerBound,
}: ConvergeOptions): Convergence["options"] {
  checkArmijoConstants({ initial, c1, shrink, maxTrials });
  const require = (option: string, value: number, met: boolean, wanted: string): void => {
    if (met) return;
    throw new OptionError(option, `converge: ${option} is ${String(value)}, expected ${wanted}.`);
  };
  require("growth", growth, growth >= 1 &&
    growth <
      Infinity, "a finite number of at least 1; pass 1 to begin each search at initial, or for example 2");
  require("steps", steps, Number.isSafeInteger(steps) &&
    steps >= 1 &&
    steps <= 1e5, "a whole number from 1 to 100000, since every step is kept; pass for example 1000");
  require("gradientNorm", gradientNorm, gradientNorm >= 0 &&
    gradientNorm < Infinity, "a finite number of at least 0; pass for example 1e-6");
  if (lipschitz !== undefined) {
    require("lipschitz", lipschitz, lipschitz > 0 &&
      lipschitz <
        Infinity, "a finite number above 0, the largest curvature; leave it away where it is not known");
  }
  if (lowerBound !== undefined) {
    require("lowerBound", lowerBound, Number.isFinite(
      lowerBound,
    ), "a finite number that f never falls below; leave it away where there is none");
  }
  return {
    c1,
    shrink,
    initial,
    growth,
    maxTrials,
    steps,
    gradientNorm,
    lipschitz: lipschitz ?? null,
    lowerBound: lowerBound ?? null,
  };
}
