/** From the trainer of a setting to the library's options: those of `talweg train` with the same words. */
import {
  adam,
  auto,
  type Dataset,
  gradientDescent,
  lbfgs,
  momentum,
  type Network,
  type Optimizer,
  objective,
  perturb,
  randomGuess,
  stochasticArmijo,
  type TrainOptions,
} from "talweg";
import { lossOf } from "./networkOf.ts";
import type { Method, Setting, TrainerSetting } from "./types.ts";

type MakeOptimizer = (learningRate: number, seed: number) => Optimizer;

const optimizers: Readonly<Record<Method, MakeOptimizer>> = {
  auto: () => auto(),
  guess: (_, seed) => randomGuess({ seed }),
  perturb: (_, seed) => perturb({ seed }),
  gradientDescent: (learningRate) => gradientDescent({ learningRate }),
  armijo: () => gradientDescent({ search: "armijo" }),
  momentum: (learningRate) => momentum({ learningRate }),
  adam: (learningRate) => adam({ learningRate }),
  lbfgs: () => lbfgs(),
  stochasticArmijo: () => stochasticArmijo(),
};

/** The methods that have a learning rate, the others find their step sizes by themselves. */
export const methodsWithRate: readonly Method[] = ["gradientDescent", "momentum", "adam"];

/** L-BFGS compares the gradients of different steps, so that it sees all examples in each. */
export function batchOf({ method, batchSize }: TrainerSetting): number | "full" {
  return method === "lbfgs" ? "full" : batchSize;
}

/** Steps of one epoch. */
export function batchesOf(trainer: TrainerSetting, rows: number): number {
  const batch = batchOf(trainer);
  return batch === "full" ? 1 : Math.ceil(rows / batch);
}

/** Steps of the whole run, if nothing ends it before. */
export function plannedSteps({ trainer }: Pick<Setting, "trainer">, rows: number): number {
  return trainer.epochs * batchesOf(trainer, rows);
}

/** The options of `trainEvents`; threads change no bit, and in a page one is enough. */
export function trainOptions({ trainer, loss, seed }: Setting): TrainOptions {
  const { method, learningRate, epochs, penalty } = trainer;
  return {
    optimizer: optimizers[method](learningRate, seed),
    epochs,
    batchSize: batchOf(trainer),
    seed,
    penalty,
    threads: 1,
    ...(loss === null ? {} : { loss }),
  };
}

/** @throws {TalwegError} When network, loss and data do not go together, or the trainer's numbers are no good. */
export function checkTraining(setting: Setting, n: Network, data: Dataset): void {
  objective(n, lossOf(setting, n, data), data).plan.close();
  trainOptions(setting);
}
