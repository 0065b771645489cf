/** The conditions on a step size by name: how each is searched for, and whether any step at all meets it. */
import { armijo, goldstein, type Search, type Trial, wolfe } from "../linesearch/index.ts";
import type { Ray } from "./ray.ts";

export type SearchName = "armijo" | "goldstein" | "wolfe";

export interface SearchConstants {
  /** The first trial step. Default 1. */
  initial?: number;
  /** Share of the slope's promise that must come true. Default 1e-4, with "goldstein" 0.25 (its c). */
  c1?: number;
  /** Of "wolfe": share of the first slope's size that may be left. Default 0.9. */
  c2?: number;
  /** Of "armijo": factor from one trial to the next. Default 0.5. */
  shrink?: number;
  /** Trials before the search gives up. Default 40. */
  maxTrials?: number;
}

export interface SearchRule {
  /** Those in force. */
  readonly constants: Record<string, number>;
  /** Whether all steps below some step meet the conditions. */
  readonly fromZero: boolean;
  /** The search itself, with its trials. @throws {LineSearchError} When a constant is out of range. */
  run(): Search & { trials: Trial[] };
  /** The largest value that is allowed at a step. */
  bound(t: number): number;
  /** The smallest, where there is one. */
  lower?(t: number): number;
  /** Whether a step above 0 meets the conditions. */
  passes(t: number): boolean;
}

type MakeRule = (line: Ray, value: number, slope: number, o: SearchConstants) => SearchRule;

const armijoRule: MakeRule = (
  line,
  value,
  slope,
  { initial = 1, c1 = 1e-4, shrink = 0.5, maxTrials = 40 },
) => {
  const constants = { initial, c1, shrink, maxTrials };
  const bound = (t: number): number => value + c1 * t * slope;
  return {
    constants,
    fromZero: true,
    run: () => traced(armijo((t) => line.value(t), value, slope, { ...constants, trace: true })),
    bound,
    passes: (t) => below(line.value(t), bound(t)),
  };
};

const goldsteinRule: MakeRule = (line, value, slope, { initial = 1, c1 = 0.25, maxTrials = 40 }) => {
  const bound = (t: number): number => value + c1 * t * slope;
  const lower = (t: number): number => value + (1 - c1) * t * slope;
  const options = { initial, c: c1, maxTrials, trace: true };
  return {
    constants: { initial, c1, maxTrials },
    // phi leaves 0 with the slope itself, below the lower line.
    fromZero: false,
    run: () => traced(goldstein((t) => line.value(t), value, slope, options)),
    bound,
    lower,
    passes(t) {
      const here = line.value(t);
      return below(here, bound(t)) && here >= lower(t);
    },
  };
};

const wolfeRule: MakeRule = (line, value, slope, { initial = 1, c1 = 1e-4, c2 = 0.9, maxTrials = 40 }) => {
  const constants = { initial, c1, c2, maxTrials };
  const bound = (t: number): number => value + c1 * t * slope;
  const both = (t: number): { value: number; slope: number } => ({
    value: line.value(t),
    slope: line.slope(t),
  });
  return {
    constants,
    // At 0 the slope is all there.
    fromZero: false,
    run: () => traced(wolfe(both, value, slope, { ...constants, trace: true })),
    bound,
    passes: (t) => below(line.value(t), bound(t)) && Math.abs(line.slope(t)) <= -c2 * slope,
  };
};

/** By name. */
export const searchRules: Readonly<Record<SearchName, MakeRule>> = {
  armijo: armijoRule,
  goldstein: goldsteinRule,
  wolfe: wolfeRule,
};

function traced(search: Search): Search & { trials: Trial[] } {
  return { ...search, trials: search.trials ?? [] };
}

/** As the searches compare: NaN and the infinities never pass. */
function below(value: number, bound: number): boolean {
  return value !== -Infinity && value <= bound;
}
