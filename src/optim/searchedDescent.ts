/**
 * Gradient descent whose step sizes are searched: w := w - t grad f(w) with t by Armijo's, Goldstein's or Wolfe's conditions.
 *
 * Source: algorithm 3.1 of Nocedal and Wright, Numerical Optimization (2006), along d = -grad f, where the slope is
 * -||grad f||². With `growth` 1 each search starts at `initial`, as the textbook prints it. With a larger growth it starts at
 * that factor times the last accepted step, so that steps can become longer than `initial`.
 */
import { type Objective, OptionError, requireNames, type Vector } from "../core/index.ts";
import { elementwise } from "../kernels/index.ts";
import {
  checkArmijoConstants,
  checkGoldsteinConstants,
  checkWolfeConstants,
  type Search,
} from "../linesearch/index.ts";
import { requirePositive, requireWord } from "./options.ts";
import { scratchVectors } from "./scratch.ts";
import { goldsteinAlong, searchAlong, withoutSlope } from "./searchAlong.ts";
import type { Optimizer, RunPlan } from "./types.ts";
import { wolfeAlong } from "./wolfeAlong.ts";

interface EverySearch {
  /** First trial step of the first search, and of every search while `growth` is 1. Default 1. */
  initial?: number;
  /** First trial step over the last accepted one, at least 1. Default 1: always begin at `initial`. */
  growth?: number;
  /** Longest first trial step while `growth` is above 1. Default 1e10. */
  largest?: number;
  /** Trials before a search gives up. Default 40. */
  maxTrials?: number;
}

export interface ArmijoStepOptions extends EverySearch {
  search: "armijo";
  /** Share of the slope's promise that must come true, in (0, 1). Default 1e-4. */
  c1?: number;
  /** Factor from one trial to the next, in (0, 1). Default 0.5. */
  shrink?: number;
}

export interface GoldsteinStepOptions extends EverySearch {
  search: "goldstein";
  /** Share of the slope's promise that must come true; a step where more than 1 - c of it does is too short. In (0, 1/2), default 0.25. */
  c?: number;
  /** Factor to the next trial while none was too long, above 1. Default 2. */
  grow?: number;
}

export interface WolfeStepOptions extends EverySearch {
  search: "wolfe";
  /** Share of the slope's promise that must come true, above 0 and below c2. Default 1e-4. */
  c1?: number;
  /** Share of the first slope's size that may be left, above c1 and below 1. Default 0.9. */
  c2?: number;
  /** Factor to the next trial while no minimum is enclosed, above 1. Default 4. */
  expand?: number;
}

export type SearchedStepOptions = ArmijoStepOptions | GoldsteinStepOptions | WolfeStepOptions;

export interface DescentState {
  step: number;
  /** Planned steps, null where the schedule needs none or the step is searched. */
  steps: number | null;
  /** The last accepted step size, 0 before the first. */
  accepted: number;
  trace: boolean;
}

export function startDescent(run: RunPlan | undefined, steps: number | null): DescentState {
  return { step: 0, steps, accepted: 0, trace: run?.trace ?? false };
}

/** Constants of a search that stay the same from step to step, and the search from a point. */
interface Searcher {
  constants: Record<string, number>;
  /** Vectors beside the parameters that it needs. */
  vectors: number;
  along(
    f: Objective,
    w: Vector,
    vectors: readonly Vector[],
    g: Vector,
    loss: number,
    slope: number,
    o: { initial: number; trace: boolean },
  ): Search;
}

const everySearch: readonly string[] = ["initial", "growth", "largest", "maxTrials"];
const names: Readonly<Record<SearchedStepOptions["search"], readonly string[]>> = {
  armijo: ["search", "c1", "shrink", ...everySearch],
  goldstein: ["search", "c", "grow", ...everySearch],
  wolfe: ["search", "c1", "c2", "expand", ...everySearch],
};

function searcher(o: SearchedStepOptions, initial: number, maxTrials: number): Searcher {
  if (o.search === "goldstein") {
    const { c = 0.25, grow = 2 } = o;
    checkGoldsteinConstants({ initial, c, grow, maxTrials });
    return {
      constants: { c, grow },
      vectors: 1,
      along: (f, w, [origin], g, loss, slope, from) =>
        goldsteinAlong(f, w, origin!, g, loss, slope, { ...from, c, grow, maxTrials }),
    };
  }
  if (o.search === "wolfe") {
    const { c1 = 1e-4, c2 = 0.9, expand = 4 } = o;
    checkWolfeConstants({ initial, c1, c2, expand, maxTrials });
    return {
      constants: { c1, c2, expand },
      vectors: 2,
      along: (f, w, [origin, there], g, loss, slope, from) =>
        wolfeAlong(f, w, origin!, g, there!, loss, slope, { ...from, c1, c2, expand, maxTrials }),
    };
  }
  const { c1 = 1e-4, shrink = 0.5 } = o;
  checkArmijoConstants({ initial, c1, shrink, maxTrials });
  return {
    constants: { c1, shrink },
    vectors: 1,
    along: (f, w, [origin], g, loss, slope, from) =>
      searchAlong(f, w, origin!, g, loss, slope, { ...from, c1, shrink, maxTrials }),
  };
}

/**
 * @throws {OptionError} When an option does not exist or is out of range.
 * @throws {LineSearchError} When a constant of the search is out of range.
 */
export function searchedDescent(o: SearchedStepOptions): Optimizer<DescentState> {
  const name = "gradientDescent";
  requireWord(name, "search", o.search, Object.keys(names));
  requireNames(`${name} with a search`, o, names[o.search]);
  const { initial = 1, growth = 1, largest = 1e10, maxTrials = 40 } = o;
  const { constants, vectors, along } = searcher(o, initial, maxTrials);
  requirePositive(name, "largest", largest, 1e10);
  if (!(growth >= 1 && growth < Infinity)) {
    throw new OptionError(
      "growth",
      `${name}: growth is ${growth}, expected a finite number of at least 1, since smaller ones could only shorten the steps; ` +
        "pass 1 to begin each search at initial, or for example 2.",
    );
  }
  const scratch = scratchVectors(vectors);
  return {
    name,
    searches: true,
    ...(o.search === "wolfe" ? { gradientTrials: true } : {}),
    options: { search: o.search, ...constants, initial, growth, largest, maxTrials },
    init: (_dimension, run) => startDescent(run, null),
    step(f, w, g, state) {
      const loss = f.gradient(w, g);
      const slope = -elementwise(g).dot(g, g);
      state.step += 1;
      // Nothing to search along at a stationary point, and nothing to compare with where the loss is not finite.
      if (!Number.isFinite(loss) || g.every((gi) => gi === 0)) return { loss, stepSize: 0 };
      if (slope === 0 || !Number.isFinite(slope))
        return { loss, stepSize: 0, search: withoutSlope(loss, slope) };
      const grown = growth > 1 && state.accepted > 0;
      const first = Math.min(largest, grown ? growth * state.accepted : initial);
      const from = { initial: first, trace: state.trace };
      const search = along(f, w, scratch(state, w), g, loss, slope, from);
      if (search.accepted) state.accepted = search.stepSize;
      return { loss, stepSize: search.stepSize, search };
    },
  };
}
