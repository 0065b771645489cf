/**
 * L-BFGS: quasi-Newton steps from the last pairs of steps and gradient differences, for smooth functions without noise.
 *
 * Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization" (1989); Nocedal and Wright,
 * Numerical Optimization (2006), algorithms 7.4 (the two loops that multiply a gradient by the inverse Hessian's estimate) and
 * 7.5, with the first estimate s'y / y'y of equation 7.20. Steps are searched by the strong Wolfe conditions, so that s'y > 0
 * and the estimate stays positive definite; a pair whose s'y is not clearly above 0 is left out all the same.
 *
 * The first trial is 1, which a good estimate makes right; along the bare gradient it is 1 / ||g||_1, but at most 1. Where a
 * search fails the pairs are forgotten and the gradient itself is searched along, once.
 */
import { OptionError, requireNames, type Vector, zeros } from "../core/index.ts";
import { type Elementwise, elementwise } from "../kernels/index.ts";
import { checkWolfeConstants, type Search } from "../linesearch/index.ts";
import { samePoint } from "./counted.ts";
import { requireWhole } from "./options.ts";
import { scratchVectors } from "./scratch.ts";
import { withoutSlope } from "./searchAlong.ts";
import type { Optimizer, RunPlan } from "./types.ts";
import { requireWholeFunction } from "./wholeFunction.ts";
import { wolfeAlong } from "./wolfeAlong.ts";

export interface LbfgsOptions {
  /** Pairs that are remembered. Default 30. */
  memory?: number;
  /** Share of the slope's promise that must come true, above 0 and below c2. Default 1e-4. */
  c1?: number;
  /** Share of the first slope's size that may be left, above c1 and below 1. Default 0.9. */
  c2?: number;
  /** Factor to the next trial while no minimum is enclosed, above 1. Default 4. */
  expand?: number;
  /** Trials before a search gives up. Default 40. */
  maxTrials?: number;
}

export interface LbfgsState {
  step: number;
  /** Pairs held, and the place of the newest. */
  held: number;
  newest: number;
  /** `[memory]` vectors each: steps s, and by how much the gradient changed along them, y. */
  s: Vector[];
  y: Vector[];
  /** `[memory]`, s'y of each pair. */
  products: number[];
  /** s'y / y'y of the newest pair. */
  scale: number;
  /** Whether `loss` and `gradient` are those at `point`, where the last search ended: the next step begins there. */
  known: boolean;
  loss: number;
  point: Vector;
  gradient: Vector;
  trace: boolean;
}

const names: readonly string[] = [
  "memory",
  "c1",
  "c2",
  "expand",
  "maxTrials",
] satisfies (keyof LbfgsOptions)[];

/** Below this cosine between s and y a pair says nothing sure about curvature. */
const SMALLEST_COSINE = 1e-10;
/** 2 GiB of pairs in float64. */
const MOST_NUMBERS = 0x10000000;

/**
 * Evaluations are gradients throughout: one at the start and one for each trial.
 *
 * @throws {OptionError} When an option does not exist or is out of range; in `init` when steps would see batches.
 * @throws {LineSearchError} When a constant of the search is out of range.
 */
export function lbfgs(o: LbfgsOptions = {}): Optimizer<LbfgsState> {
  const name = "lbfgs";
  requireNames(name, o, names);
  const { memory = 30, c1 = 1e-4, c2 = 0.9, expand = 4, maxTrials = 40 } = o;
  requireWhole(name, "memory", memory, 1, 30);
  checkWolfeConstants({ initial: 1, c1, c2, expand, maxTrials });
  const scratch = scratchVectors(2);
  return {
    name,
    searches: true,
    gradientTrials: true,
    wholeFunction: true,
    options: { memory, c1, c2, expand, maxTrials },
    init: (dimension, run) => startState(dimension, run, memory),
    step(f, w, g, state) {
      const loss = takeGradient(state, w, g, () => f.gradient(w, g));
      state.step += 1;
      if (!Number.isFinite(loss) || g.every((gi) => gi === 0)) return { loss, stepSize: 0 };
      const [origin, d] = scratch(state, w) as [Vector, Vector];
      const operations = elementwise(w);
      const attempt = (): Search => {
        const slope = -operations.dot(g, d);
        if (!(slope < 0 && slope > -Infinity)) return withoutSlope(loss, slope);
        const initial = state.held > 0 ? 1 : Math.min(1, 1 / operations.absoluteSum(g));
        const options = { initial, c1, c2, expand, maxTrials, trace: state.trace };
        return wolfeAlong(f, w, origin, d, state.gradient, loss, slope, options);
      };
      direction(state, d, g, operations);
      state.known = false;
      let search = attempt();
      if (!search.accepted && state.held > 0) {
        state.held = 0;
        d.set(g);
        search = joined(search, attempt());
      }
      if (search.accepted) remember(state, search.value, w, g, origin, d, operations);
      return { loss, stepSize: search.stepSize, search };
    },
  };
}

function startState(dimension: number, run: RunPlan | undefined, memory: number): LbfgsState {
  requireWholeFunction("lbfgs", run);
  if (2 * memory * dimension > MOST_NUMBERS) {
    const most = Math.max(1, Math.floor(MOST_NUMBERS / (2 * dimension)));
    throw new OptionError(
      "memory",
      `lbfgs: memory is ${memory}, and each pair holds two vectors of ${dimension} numbers, which is more than 2 GiB in all; ` +
        `pass at most ${most}.`,
    );
  }
  const precision = run?.precision ?? "float64";
  const vectors = (): Vector[] => Array.from({ length: memory }, () => zeros(precision, dimension));
  return {
    step: 0,
    held: 0,
    newest: 0,
    s: vectors(),
    y: vectors(),
    products: new Array<number>(memory).fill(0),
    scale: 1,
    known: false,
    loss: 0,
    point: zeros(precision, dimension),
    gradient: zeros(precision, dimension),
    trace: run?.trace ?? false,
  };
}

/** The gradient where the step begins: the one that the last search ended with, if `w` is still there. */
function takeGradient(state: LbfgsState, w: Vector, g: Vector, ask: () => number): number {
  if (!state.known || !samePoint(w, state.point)) return ask();
  g.set(state.gradient);
  return state.loss;
}

/** d = H g, with H the estimate of the inverse Hessian. @see Nocedal and Wright, algorithm 7.4. */
function direction(state: LbfgsState, d: Vector, g: Vector, operations: Elementwise): void {
  const { held, newest, s, y, products } = state;
  const memory = s.length;
  const place = (age: number): number => (newest - age + memory) % memory;
  const shares: number[] = [];
  d.set(g);
  for (let age = 0; age < held; age++) {
    const i = place(age);
    shares[age] = operations.dot(s[i]!, d) / products[i]!;
    operations.descend(d, d, shares[age]!, y[i]!);
  }
  if (held > 0) operations.mix(d, state.scale, d, 0, d);
  for (let age = held - 1; age >= 0; age--) {
    const i = place(age);
    const share = operations.dot(y[i]!, d) / products[i]!;
    operations.descend(d, d, share - shares[age]!, s[i]!);
  }
}

/**
 * Keeps the pair of an accepted step, unless it shows no curvature, and the gradient at `w`, which is in `state.gradient`.
 *
 * @param s `[n]`, the point where the step began; overwritten with the step, and `y` with the change of the gradient.
 */
function remember(
  state: LbfgsState,
  loss: number,
  w: Vector,
  g: Vector,
  s: Vector,
  y: Vector,
  operations: Elementwise,
): void {
  operations.subtract(s, w, s);
  operations.subtract(y, state.gradient, g);
  const product = operations.dot(s, y);
  const squared = operations.dot(y, y);
  const sizes = Math.sqrt(operations.dot(s, s)) * Math.sqrt(squared);
  if (product > SMALLEST_COSINE * sizes && squared < Infinity) {
    const memory = state.s.length;
    state.newest = (state.newest + 1) % memory;
    state.held = Math.min(memory, state.held + 1);
    state.s[state.newest]!.set(s);
    state.y[state.newest]!.set(y);
    state.products[state.newest] = product;
    state.scale = product / squared;
  }
  state.point.set(w);
  state.loss = loss;
  state.known = true;
}

/** A search that failed and the one after it, told as one. */
function joined(first: Search, second: Search): Search {
  const trials =
    first.trials === undefined && second.trials === undefined
      ? {}
      : { trials: [...(first.trials ?? []), ...(second.trials ?? [])] };
  return { ...second, evaluations: first.evaluations + second.evaluations, ...trials };
}
