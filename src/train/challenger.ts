/**
 * Who helps where `auto` is stuck: on a small problem whose training ended without learning much, L-BFGS starts once more
 * from where training began, and its parameters are taken if they are far better on examples that it did not see.
 *
 * A method of steps can sit on a plateau, as on two spirals whose linear classifier it has found; L-BFGS, which sees the
 * whole curvature of a full batch, leaves it, but over-fits noisy tables. So it is no default, and must win by a factor of 2
 * on a fifth of the rows that is kept from it, on which `auto` was trained.
 *
 * All of it runs in the network's own precision, on one thread, and draws nothing but by the run's seed: the same bits
 * everywhere.
 */
import {
  allFinite,
  type Counts,
  type Dataset,
  type Objective,
  precisionOf,
  randomStream,
  type Vector,
} from "../core/index.ts";
import { splitRows } from "../data/index.ts";
import type { Plan } from "../kernels/index.ts";
import { type Network, network, objective, readParameters } from "../network/index.ts";
import { lbfgs } from "../optim/index.ts";
import { constantLoss } from "./constantLoss.ts";
import type { Run } from "./options.ts";
import type { Challenge, TrainState } from "./types.ts";

/** Of the loss of the best constant answer: above it a run is stuck, and below it a challenger is done. */
const STUCK = 0.05;
const SOLVED = 1e-4;
/** With fewer rows than these nothing can be held out: then there are several starts instead. */
const LEAST_ROWS = 20;
const HELD_OUT = 0.2;
const STARTS = 3;
/** Of the epochs: evaluations for a start, and those on all rows afterwards. */
const FIRST_SHARE = 0.4;
const LAST_SHARE = 0.2;
/**
 * Steps without a better loss on the rows held out. With 20 of them L-BFGS was often called back from a plateau that it was about
 * to leave: of ten starts on two spirals of 1.5 turns 1 was solved, with 60 of them 4.
 */
const PATIENCE = 60;
const MUCH_BETTER = 0.5;
const FLAT = 1e-10;

/** The largest number of evaluations that a challenge can spend in a run of so many epochs, without those of comparing. */
function budget(epochs: number): { first: number; last: number } {
  return { first: Math.floor(FIRST_SHARE * epochs), last: Math.floor(LAST_SHARE * epochs) };
}

/**
 * Where a run that is done with its epochs began, if it may be challenged (`mayBeChallenged` of `train.ts` comes before), as far as
 * the optimizer's state and the evaluations say: a limit of them must leave room for the whole challenge.
 */
export function challengedStart({ optimizer, epochs, stop }: Run, state: TrainState): Vector | undefined {
  const { first, last } = budget(epochs);
  const most = STARTS * first + last;
  const spent = state.valueEvaluations + state.gradientEvaluations;
  if (stop.evaluations !== undefined && spent + most > stop.evaluations) return undefined;
  return optimizer.challengedFrom?.(state.optimizerState);
}

export interface Challenged {
  challenge: Challenge;
  counts: Counts;
  /** Those of the challenger, where it was accepted. */
  parameters: Vector | undefined;
}

/** Thrown out of a step when the evaluations that were given are spent. */
const spent = new Error("the evaluations are spent");

/** Counts, and gives no more than so many evaluations. */
function limited(f: Objective, rows: number, counts: Counts, most: number): Objective {
  let left = most;
  const spend = (what: "valueEvaluations" | "gradientEvaluations"): void => {
    if (left-- <= 0) throw spent;
    counts[what]++;
    counts.exampleEvaluations += rows;
  };
  return {
    dimension: f.dimension,
    value(w) {
      spend("valueEvaluations");
      return f.value(w);
    },
    gradient(w, g) {
      spend("gradientEvaluations");
      return f.gradient(w, g);
    },
  };
}

/** Told between steps, so that the host is let through. */
type Breath = { event: "breath" };
const breath: Breath = { event: "breath" };

interface Found {
  loss: number;
  w: Vector;
}

/**
 * L-BFGS on `f` from `w`: the parameters of the lowest `judge` on the way; yields between steps.
 *
 * @param goal   Enough: a judge at or below it.
 * @param ended  Asked between steps; when it says so, nothing is found.
 */
function* descend(
  f: Objective,
  w: Vector,
  judge: (w: Vector) => number,
  goal: number,
  ended: () => boolean,
): Generator<Breath, Found | undefined, void> {
  const method = lbfgs();
  const state = method.init(w.length, { batchSize: "full", precision: precisionOf(w) });
  const g = w.slice();
  const start = judge(w);
  const best: Found = { loss: Number.isFinite(start) ? start : Infinity, w: w.slice() };
  for (let waited = 0; waited < PATIENCE && best.loss > goal; ) {
    yield breath;
    if (ended()) return undefined;
    try {
      const { stepSize } = method.step(f, w, g, state);
      if (!(stepSize > 0) || !allFinite(w)) break;
    } catch (error) {
      if (error !== spent) throw error;
      break;
    }
    const loss = judge(w);
    waited++;
    if (loss < best.loss) {
      best.loss = loss;
      best.w.set(w);
      waited = 0;
    }
    if (g.every((gi) => Math.abs(gi) <= FLAT)) break;
  }
  return best;
}

/** What L-BFGS makes small, the loss with its penalty, and what its parameters are judged by, the bare loss; both counted. */
function functionsOf(
  n: Network,
  { loss, kernels, penalty }: Run,
  counts: Counts,
): {
  search(rows: Dataset, most: number): Objective;
  judgeOn(rows: Dataset): (w: Vector) => number;
  close(): void;
} {
  const plans: Plan[] = [];
  const counted = (rows: Dataset, most: number, o: { penalty?: number }): Objective => {
    const f = objective(n, loss, rows, { kernels, ...o });
    plans.push(f.plan);
    return limited(f, rows.rows, counts, most);
  };
  return {
    search: (rows, most) => counted(rows, most, { penalty }),
    judgeOn: (rows) => {
      const f = counted(rows, Infinity, {});
      return (w) => f.value(w);
    },
    close: () => {
      for (const plan of plans) plan.close();
    },
  };
}

/**
 * The challenge to a run that has ended at `trained` with the mean loss `loss` over its examples.
 *
 * @param start Where the run began.
 * @param ended Asked between steps; when it says so there was no challenge.
 * @returns Undefined where the run is not stuck, or was told to end.
 */
export function* challenge(
  n: Network,
  run: Run,
  { start, trained, loss }: { start: Vector; trained: Vector; loss: number },
  ended: () => boolean,
): Generator<Breath, Challenged | undefined, void> {
  const constant = constantLoss(run.loss, run.data);
  if (!(constant > 0 && loss > STUCK * constant)) return undefined;
  const counts: Counts = { valueEvaluations: 0, gradientEvaluations: 0, exampleEvaluations: 0 };
  const functions = functionsOf(n, run, counts);
  try {
    return yield* contest(n, run, { start, trained, constant, counts, functions }, ended);
  } finally {
    functions.close();
  }
}

function* contest(
  n: Network,
  run: Run,
  {
    start,
    trained,
    constant,
    counts,
    functions,
  }: {
    start: Vector;
    trained: Vector;
    constant: number;
    counts: Counts;
    functions: ReturnType<typeof functionsOf>;
  },
  ended: () => boolean,
): Generator<Breath, Challenged | undefined, void> {
  const { data, epochs, seed } = run;
  const { search, judgeOn } = functions;
  const few = data.rows < LEAST_ROWS;
  const parts = few ? { train: data, validation: data } : splitRows(data, HELD_OUT, seed);
  const judge = judgeOn(parts.validation);
  const mine = judge(trained);
  const { first, last } = budget(epochs);
  const goal = SOLVED * constant;
  let best: Found | undefined;
  let starts = 0;
  while (starts < (few ? STARTS : 1) && !(best !== undefined && best.loss < STUCK * constant)) {
    const w = starts === 0 ? start.slice() : startOf(n, run, starts);
    const found = yield* descend(search(parts.train, first), w, judge, goal, ended);
    if (found === undefined) return undefined;
    if (best === undefined || found.loss < best.loss) best = found;
    starts++;
  }
  const { loss: its, w } = best as Found;
  const accepted = its < MUCH_BETTER * mine;
  const figures = {
    accepted,
    loss: mine,
    challengerLoss: Number.isFinite(its) ? its : null,
    constantLoss: constant,
    rows: parts.validation.rows,
    starts,
  };
  if (!accepted) return { challenge: figures, counts, parameters: undefined };
  const polished = yield* descend(search(data, last), w, judgeOn(data), goal, ended);
  if (polished === undefined) return undefined;
  return { challenge: figures, counts, parameters: polished.w };
}

/** The parameters of the same layers, drawn anew. */
function startOf(n: Network, { seed }: Run, number: number): Vector {
  // Layers count from 1, so that this address is nobody else's.
  const drawn = randomStream(seed, "weights", 0).word(number);
  return readParameters(network(n.layers, { seed: drawn, precision: n.precision })).slice();
}
