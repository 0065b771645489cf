/** The runs of one depth: networks of equal size from many seeds, trained with each learning rate. */
import type { Dataset } from "../core/index.ts";
import { dense, type Layer, network } from "../network/index.ts";
import { adam } from "../optim/index.ts";
import { evaluate, trainEvents } from "../train/index.ts";
import type { Pace } from "./pace.ts";
import { type Quartiles, quartiles } from "./statistics.ts";

/** The runs of one depth with one learning rate. */
export interface DepthRuns {
  learningRate: number;
  /** Loss over all training examples at the end, by seed. */
  trainLosses: number[];
  /** Loss over all test examples, by seed. */
  testLosses: number[];
  /** Runs that ended in numbers that are not finite; their losses are of the last good parameters. */
  diverged: number;
  /** The median over the seeds of the mean loss that the steps of each epoch saw; null where no run ended an epoch. */
  medianLossByEpoch: (number | null)[];
  /** The fewest and the most example evaluations of a run. */
  exampleEvaluations: [number, number];
}

export interface DepthResult {
  /** Hidden layers. */
  layers: number;
  /** Units of each hidden layer. */
  width: number;
  parameterCount: number;
  runs: DepthRuns[];
  /** The rate whose median training loss is lowest; what follows is of its runs. */
  learningRate: number;
  /** Whether that rate is the smallest or the largest of several, so that one beyond might be better. */
  rateAtEnd: boolean;
  trainLoss: Quartiles;
  testLoss: Quartiles;
}

/** Rows of a batch. */
export const DEPTH_BATCH = 16;

/** Parameters of a network with `layers` hidden layers of `width` units and one output. */
function parametersOf(layers: number, inputs: number, width: number): number {
  return (inputs + 1) * width + (layers - 1) * (width + 1) * width + width + 1;
}

/** The width whose number of parameters is nearest to the wanted one. */
function widthFor(layers: number, inputs: number, parameters: number): number {
  let width = 1;
  while (parametersOf(layers, inputs, width + 1) <= parameters) width += 1;
  const below = parameters - parametersOf(layers, inputs, width);
  const above = parametersOf(layers, inputs, width + 1) - parameters;
  return Math.abs(below) <= above ? width : width + 1;
}

/** What the runs of one depth share. */
export interface DepthPlan {
  train: Dataset;
  test: Dataset;
  loss: "binaryCrossEntropy" | "meanSquaredError";
  /** Hidden layers. */
  layers: number;
  /** Parameters that are wanted. */
  parameters: number;
  rates: readonly number[];
  epochs: number;
  seeds: number;
  seed: number;
  signal: AbortSignal | undefined;
}

interface SizedPlan extends DepthPlan {
  width: number;
}

function layersOf({ layers, width, train, loss }: SizedPlan): Layer[] {
  const hidden = Array.from({ length: layers }, (_, i) =>
    dense(i === 0 ? train.inputs : width, width, "tanh"),
  );
  return [...hidden, dense(width, 1, loss === "binaryCrossEntropy" ? "sigmoid" : "linear")];
}

/** Trains the networks of one depth with every rate, and takes the rate with the lowest median training loss as its own. */
export async function depthRuns(wanted: DepthPlan, step: Pace): Promise<DepthResult> {
  const width = widthFor(wanted.layers, wanted.train.inputs, wanted.parameters);
  const plan: SizedPlan = { ...wanted, width };
  const runs: DepthRuns[] = [];
  for (const rate of plan.rates) runs.push(await ofRate(plan, rate, step));
  const spreads = runs.map((own) => ({ own, trainLoss: quartiles(own.trainLosses) }));
  const best = spreads.reduce((a, b) => (b.trainLoss.median < a.trainLoss.median ? b : a));
  return {
    layers: plan.layers,
    width,
    parameterCount: parametersOf(plan.layers, plan.train.inputs, width),
    runs,
    learningRate: best.own.learningRate,
    rateAtEnd: runs.length > 1 && (best.own === runs[0] || best.own === runs.at(-1)),
    trainLoss: best.trainLoss,
    testLoss: quartiles(best.own.testLosses),
  };
}

async function ofRate(plan: SizedPlan, learningRate: number, step: Pace): Promise<DepthRuns> {
  const losses: number[][] = [];
  const runs: DepthRuns = {
    learningRate,
    trainLosses: [],
    testLosses: [],
    diverged: 0,
    medianLossByEpoch: [],
    exampleEvaluations: [Infinity, 0],
  };
  for (let run = 0; run < plan.seeds; run++) {
    await step(`${plan.layers} hidden, rate ${learningRate}, seed ${plan.seed + run}`);
    losses.push(await oneRun(plan, learningRate, plan.seed + run, runs));
  }
  runs.medianLossByEpoch = Array.from({ length: plan.epochs }, (_, epoch) => {
    // Where a run stopped early its last loss stands for the epochs that it missed.
    const known = losses.flatMap((own) => own[epoch] ?? own.at(-1) ?? []);
    return known.length === 0 ? null : quartiles(known).median;
  });
  return runs;
}

/** Trains one network, adds what came out to `runs`, and returns the loss of each epoch. */
async function oneRun(
  plan: SizedPlan,
  learningRate: number,
  seed: number,
  runs: DepthRuns,
): Promise<number[]> {
  const { train, test, loss, epochs, signal } = plan;
  const n = network(layersOf(plan), { seed });
  const losses: number[] = [];
  const optimizer = adam({ learningRate, schedule: "cosine" });
  const stop = signal === undefined ? {} : { stop: { signal } };
  for await (const event of trainEvents(n, train, {
    loss,
    optimizer,
    epochs,
    batchSize: DEPTH_BATCH,
    seed,
    metrics: [],
    threads: 1,
    report: "epoch",
    ...stop,
  })) {
    if (event.event === "epoch") losses.push(event.loss);
    if (event.event !== "result") continue;
    runs.trainLosses.push(event.loss);
    if (event.reason === "notFinite") runs.diverged += 1;
    const [least, most] = runs.exampleEvaluations;
    const { exampleEvaluations } = event;
    runs.exampleEvaluations = [Math.min(least, exampleEvaluations), Math.max(most, exampleEvaluations)];
  }
  signal?.throwIfAborted();
  runs.testLosses.push(evaluate(n, test, { loss, metrics: [] }).loss);
  return losses;
}
