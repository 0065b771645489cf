import { OptionError } from "../core/index.ts";
import { loadKernels, wantsFastKernels } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import type { Examples } from "./examples.ts";
import { Loop } from "./loop.ts";
import { type Run, resolveOptions } from "./options.ts";
import type { TrainEvent, TrainOptions, TrainReason, TrainResult } from "./types.ts";

/** The networks whose parameters a run is changing: two runs at once would undo each other. */
const inTraining = new WeakSet<Network>();

/** How long the loop may run before it lets timers, signals and messages of the host through, in milliseconds. */
const SLICE = 40;

/**
 * Trains a network in place and gives a plain-data event for each step and epoch, the last of them the result.
 *
 * Ends early by `stop`, by its signal, or when nobody asks for the next event. Leave the loop by `break`, or call `return()`: an
 * iterator that is only dropped keeps the network in training, and its threads.
 *
 * @throws {TalwegError} At the first event, when an option or the data are wrong.
 */
export async function* trainEvents(
  n: Network,
  examples: Examples,
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  if (inTraining.has(n)) {
    throw new OptionError(
      "network",
      "train: this network is in training already; wait for that run, or train a copy.",
    );
  }
  const run = resolveOptions(n, examples, options);
  // Marked before anything is awaited, so that no second run slips in.
  inTraining.add(n);
  try {
    if (wantsFastKernels(n.precision, run.kernels, run.work)) await loadKernels();
    yield* training(n, run, options);
  } finally {
    inTraining.delete(n);
  }
}

async function* training(
  n: Network,
  run: Run,
  { resume, onCheckpoint }: TrainOptions,
): AsyncGenerator<TrainEvent, void, void> {
  const loop = new Loop(n, run, resume);
  let breath = performance.now();
  for (const event of loop.events()) {
    if (event.event === "ended") {
      if (resumable(event.reason)) await onCheckpoint?.(loop.checkpoint());
      continue;
    }
    if (event.event === "checkpoint") await onCheckpoint?.(loop.checkpoint());
    else if (event.event !== "breath") yield event;
    if (performance.now() - breath < SLICE) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    breath = performance.now();
  }
}

/** Whether a run was cut short: it spent what it was given, or was told to stop. The other reasons mean that it is done. */
function resumable(reason: TrainReason): boolean {
  return reason === "signal" || reason === "steps" || reason === "evaluations" || reason === "seconds";
}

/**
 * Trains a network in place.
 *
 * @param examples A dataset, or rows of inputs and of targets.
 * @returns What came out: why training ended, loss and metrics, what was spent, and the fingerprint of the parameters.
 * @throws {TalwegError} When an option or the data are wrong.
 */
export async function train(
  n: Network,
  examples: Examples,
  options: TrainOptions = {},
): Promise<TrainResult> {
  for await (const event of trainEvents(n, examples, { ...options, report: "epoch" })) {
    if (event.event !== "result") continue;
    const { event: _event, ...result } = event;
    return result;
  }
  throw new Error("training ended without a result");
}
