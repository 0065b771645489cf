import type { Counts, Seed, Vector } from "../core/index.ts";
import type { KernelChoice, Loss } from "../kernels/index.ts";
import type { Optimizer, Stop } from "../optim/index.ts";
import type { Examples } from "./examples.ts";

export interface TrainOptions {
  /** By default categoricalCrossEntropy for a softmax output, binaryCrossEntropy for a sigmoid one with class names, else meanSquaredError. */
  loss?: Loss;
  /** `auto()`, which needs no learning rate. */
  optimizer?: Optimizer;
  /**
   * Passes over the examples. By default 30; without end where `stop` names steps, evaluations, seconds or a plateau; at most
   * 10,000 where it names a loss or a gradient norm, which may never be reached.
   */
  epochs?: number;
  /** Examples of one step; 32. "full" takes all of them. The last batch of an epoch may be smaller. */
  batchSize?: number | "full";
  /** Seed of shuffling, dropout and split; by default that of the network. */
  seed?: Seed;
  /** Whether the rows are shuffled in each epoch; true, and never for a full batch, where order has no meaning. */
  shuffle?: boolean;
  /**
   * `[rows]`, from 0 up: how often a row is drawn in each epoch, relative to the others, as to make up for rare classes. An epoch
   * has as many draws as there are rows, each row floor or ceil of its weight times rows / sum of weights (`rowOrder.ts`). The losses
   * of steps and epochs are those of the rows drawn; the result's and those of validation count each row once. Needs batches and shuffle.
   */
  rowWeights?: Vector | readonly number[];
  /** Examples to watch: a share of the rows (split off by the seed) or a set of their own. */
  validation?: number | Examples;
  /** Epochs without a better validation loss after which training ends; the best parameters come back. Needs `validation`. */
  patience?: number;
  /** Weight decay: penalty / 2 times the sum of squared weights joins the loss; 0. */
  penalty?: number;
  /** Largest Euclidean norm of a gradient; a longer one is scaled down to it. Not for optimizers that search along it. */
  clipNorm?: number;
  /** Largest size of each number of a gradient, one by one; not together with clipNorm, nor for optimizers that search along it. */
  clipValue?: number;
  /** "accuracy", "meanAbsoluteError", "rSquared"; by default accuracy where the targets are classes or the loss is categoricalCrossEntropy. */
  metrics?: string[];
  /** `loss` is compared with an epoch's, `plateau` counts epochs; all else is looked at after each step. */
  stop?: Stop;
  /**
   * Threads of the arithmetic, this one included; by default as many as the machine has (at most 8) where a step is large enough
   * for more than one to pay. Their number changes no bit of the result.
   */
  threads?: number;
  /** "auto" takes the fastest code for the work, "scalar" the readable, "simd" the generated one; the bits are the same. */
  kernels?: KernelChoice;
  /**
   * Lets V8 of Node 24 and later pair lanes of four into eight by an experimental pass, which is checked against the readable
   * code first; elsewhere it changes nothing. The bits are the same. false.
   */
  wide?: boolean;
  /**
   * How closely `trainEvents` reports: "step" gives an event for every step and epoch, "epoch" for every epoch, which is faster
   * where steps are short. "step".
   */
  report?: "step" | "epoch";
  /**
   * Goes on where a stopped run ended, to the same bits. The network must have the parameters and the other options the values
   * that they had when the state was handed out.
   */
  resume?: TrainState;
  /**
   * Called when training is cut short (signal, steps, evaluations, seconds), and every `checkpointEvery` steps or
   * `checkpointSeconds`, with what is needed to go on beside the network's parameters. Copy or save the parameters before it
   * returns; the state is a copy already. It changes no bit.
   */
  onCheckpoint?: (state: TrainState) => void | Promise<void>;
  checkpointEvery?: number;
  /** Seconds between two calls of `onCheckpoint`, each after the step at hand; without end by default. */
  checkpointSeconds?: number;
}

/** Everything beside the parameters that a run needs to go on to the same bits; plain data with typed arrays. */
export interface TrainState extends Counts {
  version: 1;
  optimizer: string;
  optimizerState: unknown;
  /** What must not change between the parts of a run. */
  run: Record<string, unknown>;
  /** The epoch at hand, from 1, and the steps of it that are done. */
  epoch: number;
  stepInEpoch: number;
  /** Steps since the start. */
  step: number;
  /** Sum of loss times rows over the steps of the epoch at hand. */
  epochLoss: number;
  /** Of streams, whose rows are not gone over again: the loss of the last whole epoch. */
  lastLoss?: number;
  /** Seconds spent so far. */
  seconds: number;
  /** Of the parameters that the state belongs to. */
  parametersSha256: string;
  /** Best training loss of an epoch and how many epochs ago, for `plateau`. */
  plateau: { loss: number; waited: number };
  /** Best validation loss so far, with its parameters. */
  best: { loss: number; waited: number; epoch: number; parameters: Vector } | null;
  /** What the warnings of the run remember, so that none is given twice; absent in states of 0.1.0. */
  watched?: Watched;
}

/** What the warnings of a run remember. */
export interface Watched {
  /** Code and layer of each warning that was given. */
  given: string[];
  /** Of the epoch with the lowest validation loss. */
  lowest: { validation: number; training: number; epoch: number };
  /** The training losses of the first epoch and of the lowest, and how often a fixed learning rate was looked at; absent in earlier states. */
  course?: { first: number; lowest: number; looks: number };
  /** Epochs, one after the other, that look like over-fitting. */
  risen: number;
  /** Multiplications spent on looking at the layers; absent in earlier states. */
  spent?: number;
}

export type TrainEvent =
  | { event: "start"; parameterCount: number; rows: number; options: Record<string, unknown> }
  | StepEvent
  | EpochEvent
  | WarningEvent
  | ({ event: "challenger" } & Challenge & Counts)
  | ({ event: "result" } & TrainResult);

/** Something is wrong: a finding of `doctor`, or a number that is not finite. */
export interface WarningEvent {
  event: "warning";
  /** As in `FindingCode`. */
  code: string;
  level: "error" | "warning";
  /** What was seen and what helps. */
  message: string;
  /** From 1, where one layer is to blame. */
  layer?: number;
  numbers?: Record<string, number | number[]>;
}

/** How L-BFGS, started once more from where training began, did against what `auto` ended with. */
export interface Challenge {
  /** Whether its parameters took the place of the others: its loss was less than half of theirs. */
  accepted: boolean;
  /** Mean loss without penalty on the examples kept from the challenger, of the parameters that `auto` ended with. */
  loss: number;
  /** The same of the challenger's best parameters; null where it was never finite. */
  challengerLoss: number | null;
  /** Of the best answer that is the same for every example. */
  constantLoss: number;
  /** How many examples were kept from it: a fifth, or all where there are fewer than 20 (then it saw them too). */
  rows: number;
  /** How often it started: up to 3 times where it could see all examples. */
  starts: number;
}

export interface StepEvent extends Counts {
  event: "step";
  epoch: number;
  step: number;
  /** What the optimizer saw: mean loss of the batch, with the penalty, before the step. */
  loss: number;
  stepSize: number;
  /** Before clipping; null where the optimizer takes no gradient. */
  gradientNorm: number | null;
}

export interface EpochEvent extends Counts {
  event: "epoch";
  epoch: number;
  step: number;
  /** Mean over the examples of the losses that the steps saw. */
  loss: number;
  validation?: Record<string, number>;
  /** Of this epoch. */
  seconds: number;
}

/**
 * Why training ended: "epochs" (all of them done), "patience", one of `Stop`'s fields, "searchFailed", or "notFinite".
 */
export type TrainReason =
  | "epochs"
  | "patience"
  | "steps"
  | "loss"
  | "gradientNorm"
  | "plateau"
  | "evaluations"
  | "seconds"
  | "signal"
  | "searchFailed"
  | "notFinite";

export interface TrainResult extends Counts {
  reason: TrainReason;
  /** Whole epochs done. */
  epochs: number;
  steps: number;
  /** Mean loss of all training examples at the final parameters, without penalty and dropout. */
  loss: number;
  /** Of the training examples at the final parameters. */
  metrics: Record<string, number>;
  /** Loss and metrics of the validation examples at the final parameters. */
  validation?: Record<string, number>;
  /** With `patience`: the epoch, from 1, with the best validation loss, whose parameters came back. */
  bestEpoch?: number;
  /** Of the whole run, its parts before a resume included. */
  seconds: number;
  parametersSha256: string;
  /** What came of the challenge, where `auto` was stuck on a small problem; see `AutoOptions`. */
  challenger?: Challenge;
  /** What was not finite and where, when `reason` is "notFinite"; the parameters are the last good ones. */
  failure?: { layer: number; message: string };
}
