/**
 * Poor minima of a small network, and the runs that noise leads away from them: to better ones, to worse ones, to nowhere.
 *
 * The minima are found by full-batch descent from many starts. Runs begin beside them, with a learning rate that the full
 * batch stands: a share of 2 over the largest curvature there, beyond which it would leave without any noise. What a run ends
 * with is followed down on the whole set, so that the jitter of the last batches does not count.
 */
import { OptionError, randomStream } from "../core/index.ts";
import { gradientDescent } from "../optim/index.ts";
import { train } from "../train/index.ts";
import type { CurveProblem } from "./curveProblem.ts";
import { descend } from "./descend.ts";
import type { Pace } from "./pace.ts";
import { type PoorMinimum, poorMinima } from "./poorMinima.ts";
import { isNearBest, landStarts } from "./startLosses.ts";
import { type Share, wilsonShare } from "./statistics.ts";

/** Runs of one batch size from all poor minima; a run that is in none of the shares came to rest at the loss that it began with. */
export interface EscapeCell {
  /** Rows of a batch; the number of examples for the full one. */
  batchSize: number;
  full: boolean;
  /** Steps of each run. */
  steps: number;
  /** Example evaluations of each run. */
  exampleEvaluations: number;
  /** Runs that end more than 1 % lower. */
  better: Share;
  /** Runs that end more than 1 % higher. */
  worse: Share;
  /** Runs that end in numbers that are not finite. */
  diverged: Share;
  /** Runs that end within 1 % of the best known loss of their set. */
  reachBest: Share;
  /** The better runs of each poor minimum, in the order of `minima`. */
  betterByMinimum: number[];
}

export interface NetworkEscapes {
  hidden: number;
  parameterCount: number;
  /** Runs from each poor minimum with each batch size. */
  seeds: number;
  /** Learning rate over the largest one that the full batch stands, which is 2 over the largest curvature. */
  rateShare: number;
  /** Sets of examples whose minima were looked for; some may have no poor one. */
  sets: number;
  minima: PoorMinimum[];
  /** By batch size; the full batch last. */
  cells: EscapeCell[];
}

export interface NetworkPlan {
  /** One for each set of examples, all of the same size. */
  problems: readonly CurveProblem[];
  penalty: number;
  starts: number;
  /** Most poor minima of each set to begin at. */
  minima: number;
  seeds: number;
  rateShare: number;
  /** Ascending, without the full batch. */
  batchSizes: readonly number[];
  evaluations: number;
  seed: number;
  signal: AbortSignal | undefined;
}

/** How far from the minimum runs begin, as a share of each parameter: beside it, so that nothing rests on exact zeros. */
const KICK = 1e-3;

/** Finds poor minima, and counts where runs from beside them end. */
export async function networkEscapes(plan: NetworkPlan, step: Pace): Promise<NetworkEscapes> {
  const { problems, starts, seeds, seed, rateShare } = plan;
  const places: Place[] = [];
  for (const problem of problems) {
    const landed = await landStarts(problem, starts, seed, step);
    for (const minimum of poorMinima(landed, plan.minima, problem.seed)) places.push({ problem, minimum });
  }
  requireSome(places, plan);
  const { hidden, parameterCount, data } = problems[0]!;
  const cells: EscapeCell[] = [];
  for (const batchSize of [...plan.batchSizes, data.rows]) {
    cells.push(await cellOf(plan, places, batchSize, step));
  }
  const minima = places.map(({ minimum }) => minimum);
  return { hidden, parameterCount, seeds, rateShare, sets: problems.length, minima, cells };
}

/** Where runs begin. */
interface Place {
  problem: CurveProblem;
  minimum: PoorMinimum;
}

function requireSome(places: readonly Place[], { problems, starts }: NetworkPlan): void {
  if (places.length > 0) return;
  throw new OptionError(
    "starts",
    `batchNoise: of ${starts} starts with ${problems.length} sets of examples none ends in a minimum more than 10 % above the best loss, ` +
      "so there is nothing to escape from; pass more starts or sets, another seed or other hidden units.",
  );
}

async function cellOf(
  plan: NetworkPlan,
  places: readonly Place[],
  batchSize: number,
  step: Pace,
): Promise<EscapeCell> {
  const { rows } = places[0]!.problem.data;
  // Whole passes, so that every batch size sees the same examples equally often.
  const epochs = Math.floor(plan.evaluations / rows);
  const betterByMinimum: number[] = [];
  const counts = { worse: 0, diverged: 0, best: 0 };
  for (const [number, place] of places.entries()) {
    const { minimum } = place;
    let better = 0;
    for (let run = 0; run < plan.seeds; run++) {
      await step(`network, batch ${batchSize}, minimum ${number + 1}, run ${run + 1} of ${plan.seeds}`);
      const loss = await lossAfter(plan, place, number * plan.seeds + run, batchSize, epochs);
      if (loss === undefined) {
        counts.diverged += 1;
        continue;
      }
      if (loss < 0.99 * minimum.loss) better += 1;
      else if (loss > 1.01 * minimum.loss) counts.worse += 1;
      if (isNearBest(loss, minimum.best)) counts.best += 1;
    }
    betterByMinimum.push(better);
  }
  const share = (count: number): Share => wilsonShare(count, places.length * plan.seeds);
  return {
    batchSize,
    full: batchSize === rows,
    steps: epochs * Math.ceil(rows / batchSize),
    exampleEvaluations: epochs * rows,
    better: share(betterByMinimum.reduce((sum, count) => sum + count, 0)),
    worse: share(counts.worse),
    diverged: share(counts.diverged),
    reachBest: share(counts.best),
    betterByMinimum,
  };
}

/** One run from beside a minimum, then all the way down: the loss of the basin that it ends in; undefined where it diverged. */
async function lossAfter(
  { penalty, seed, rateShare, signal }: NetworkPlan,
  { problem, minimum: { parameters, largestCurvature } }: Place,
  number: number,
  batchSize: number,
  epochs: number,
): Promise<number | undefined> {
  const { normal } = randomStream(seed, "guess", number);
  const start = Float64Array.from(parameters, (w, i) => w * (1 + KICK * normal(i)));
  const n = problem.networkAt(start);
  const result = await train(n, problem.data, {
    loss: "meanSquaredError",
    optimizer: gradientDescent({ learningRate: (rateShare * 2) / largestCurvature }),
    penalty,
    batchSize: batchSize === problem.data.rows ? "full" : batchSize,
    epochs,
    seed: seed + number,
    metrics: [],
    threads: 1,
    ...(signal === undefined ? {} : { stop: { signal } }),
  });
  signal?.throwIfAborted();
  if (result.reason === "notFinite") return undefined;
  return descend(problem.objective, Float64Array.from(n.parameters)).loss;
}
