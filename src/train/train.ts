import { OptionError } from "../core/index.ts";
import { loadKernels, wantsFastKernels } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import type { Examples } from "./examples.ts";
import { Loop, type LoopStart } from "./loop.ts";
import { type Run, resolveOptions } from "./options.ts";
import type { TrainEvent, TrainOptions, TrainReason, TrainResult } from "./types.ts";

/** The networks whose parameters a run is changing: two runs at once would undo each other. */
const inTraining = new WeakSet<Network>();

/** Marks a network as in training until the function that is returned is called. @throws {OptionError} When it is already. */
export function occupy(n: Network): () => void {
  if (inTraining.has(n)) {
    throw new OptionError(
      "network",
      "train: this network is in training already; wait for that run, or train a copy.",
    );
  }
  inTraining.add(n);
  return () => inTraining.delete(n);
}

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
  // Marked before anything is awaited, so that no second run slips in.
  const release = occupy(n);
  try {
    const run = resolveOptions(n, examples, options);
    await prepareKernels(n, run);
    const challengers = mayBeChallenged(n, run) ? await loadChallenger() : undefined;
    yield* drive(new Loop(n, run, { resume: options.resume, challengers }), options.onCheckpoint);
  } finally {
    release();
  }
}

/** Loads the fast kernels where they are worth it; without them readable code goes on, to the same bits. */
export async function prepareKernels({ precision }: Network, { kernels, work }: Run): Promise<void> {
  if (!wantsFastKernels(precision, kernels, work)) return;
  try {
    await loadKernels();
  } catch (error) {
    if (kernels === "simd") throw error;
  }
}

/** A shorter run is not stuck but unfinished, and would leave L-BFGS fewer than 20 evaluations. */
const LEAST_EPOCHS = 50;
/** Rows times parameters. */
const LARGEST_PROBLEM = 1e6;

/**
 * Whether a run may be challenged, as far as can be told before it: by `auto`, small, and without dropout (a network of another
 * kind in each step), row weights (which the challenger does not know) or patience (which asks for the best on the validation
 * examples, that a challenger never sees).
 */
function mayBeChallenged(n: Network, { optimizer, rows, epochs, drops, patience, weights }: Run): boolean {
  if (optimizer.challengedFrom === undefined || drops || patience < Infinity || weights !== undefined)
    return false;
  return epochs >= LEAST_EPOCHS && rows * n.parameterCount <= LARGEST_PROBLEM;
}

/** Before the first step, since a run without it could end with other bits. */
async function loadChallenger(): Promise<NonNullable<LoopStart["challengers"]>> {
  try {
    return await import("./challenger.ts");
  } catch (error) {
    throw new OptionError(
      "optimizer",
      `train: the code of auto's challenger could not be loaded (${String(error)}), expected it beside the other files, since the result may ` +
        "depend on it; try again, or pass auto({ challenger: false }).",
    );
  }
}

/** Runs a loop and lets the host through. @param more Brings the next examples of a stream. */
export async function* drive(
  loop: Loop,
  onCheckpoint: TrainOptions["onCheckpoint"],
  more?: () => Promise<void>,
): AsyncGenerator<TrainEvent, void, void> {
  let breath = performance.now();
  for (const event of loop.events()) {
    if (event.event === "more") {
      await more?.();
      continue;
    }
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
export function train(n: Network, examples: Examples, options: TrainOptions = {}): Promise<TrainResult> {
  return resultOf(trainEvents(n, examples, { ...options, report: "epoch" }));
}

/** What comes out of a run to its end. */
export async function resultOf(events: AsyncIterable<TrainEvent>): Promise<TrainResult> {
  for await (const event of events) {
    if (event.event !== "result") continue;
    const { event: _event, ...result } = event;
    return result;
  }
  throw new Error("training ended without a result");
}
