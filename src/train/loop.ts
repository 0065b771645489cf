/**
 * The loop: epochs, batches, steps.
 *
 * One generator does all of the work and yields plain-data events. `train` and `trainEvents` only decide how fast it is
 * asked for the next one, so that both give the same bits.
 */
import { allFinite, type Counts, type Dataset } from "../core/index.ts";
import { inputRange } from "../explain/index.ts";
import { type Network, parametersSha256, readParameters } from "../network/index.ts";
import { type Evaluation, Evaluator } from "./evaluate.ts";
import { checkResume, type Run } from "./options.ts";
import { epochOrder } from "./rowOrder.ts";
import { copyPlainData } from "./snapshot.ts";
import { Stepper, type WatchedStep } from "./stepper.ts";
import type {
  Challenge,
  EpochEvent,
  StepEvent,
  TrainEvent,
  TrainReason,
  TrainResult,
  TrainState,
} from "./types.ts";
import { Warnings } from "./warnings.ts";

/**
 * What the loop tells beside its events: "ended", the moment to save, with the parameters as the last step left them;
 * "checkpoint", when one is due; "breath", that some time has passed without an event; "more", that it waits for the next examples.
 */
export type LoopSignal =
  | { event: "ended"; reason: TrainReason }
  | { event: "checkpoint" }
  | { event: "breath" }
  | { event: "more" };

/** Where training begins, and with what. */
export interface LoopStart {
  resume: TrainState | undefined;
  /** The code of challenges, where there may be one. */
  challengers?: typeof import("./challenger.ts") | undefined;
  /** The first examples of a stream; by default those of the run. */
  first?: Dataset;
}

export class Loop {
  protected readonly n: Network;
  protected readonly run: Run;
  protected readonly stepper: Stepper;
  protected readonly state: TrainState;
  /** Steps of the epoch at hand, as far as their examples are there. */
  protected batches: number;
  private readonly order: Uint32Array | undefined;
  private readonly challengers: LoopStart["challengers"];
  private challenged: Challenge | undefined;
  /** Of the training examples, where the parameters have not changed since. */
  private evaluated: Evaluation | undefined;
  private readonly resumed: boolean;
  private readonly warnings: Warnings;
  private validation: Evaluator | undefined;
  private startedAt = 0;
  private secondsBefore = 0;
  /** When the state was last handed out. */
  private savedAt = 0;

  constructor(n: Network, run: Run, { resume, challengers, first = run.data }: LoopStart) {
    this.n = n;
    this.run = run;
    this.batches = run.batches;
    this.challengers = challengers;
    this.resumed = resume !== undefined;
    if (resume !== undefined) checkResume(resume, run, n);
    this.state = resume === undefined ? this.freshState() : copyPlainData(resume);
    this.secondsBefore = this.state.seconds;
    this.order = run.shuffle && first === run.data ? this.orderOf(this.state.epoch) : undefined;
    this.stepper = new Stepper(n, run, this.state, this.order, first);
    this.warnings = new Warnings(n, run, this.state);
  }

  private freshState(): TrainState {
    const { optimizer, steps, batchSize, rows, record } = this.run;
    const init = {
      batchSize,
      rows,
      precision: this.n.precision,
      ...(steps === undefined ? {} : { steps }),
    };
    return {
      version: 1,
      optimizer: optimizer.name,
      optimizerState: optimizer.init(this.n.parameterCount, init),
      run: { ...record, rows, parameterCount: this.n.parameterCount },
      epoch: 1,
      stepInEpoch: 0,
      step: 0,
      epochLoss: 0,
      seconds: 0,
      parametersSha256: parametersSha256(this.n),
      plateau: { loss: Infinity, waited: 0 },
      best: null,
      valueEvaluations: 0,
      gradientEvaluations: 0,
      exampleEvaluations: 0,
    };
  }

  /** A copy of all that is needed to go on, beside the parameters. */
  checkpoint(): TrainState {
    this.state.seconds = this.seconds();
    this.state.parametersSha256 = parametersSha256(this.n);
    return copyPlainData(this.state);
  }

  /** Every event, in the run's order; see `LoopSignal` for what is no event. */
  *events(): Generator<TrainEvent | LoopSignal, void, void> {
    this.startedAt = performance.now();
    this.savedAt = this.startedAt;
    this.stepper.begin();
    try {
      yield* this.steps();
    } finally {
      this.stepper.end();
    }
  }

  private *steps(): Generator<TrainEvent | LoopSignal, void, void> {
    const { n, run, state } = this;
    n.metadata.loss = run.loss;
    const range = inputRange(run.data);
    // What was chosen for a table stays: it repeats the run.
    const table = n.metadata.options?.table;
    n.metadata.options = {
      ...run.record,
      ...(range === undefined ? {} : { inputRange: range }),
      ...(table === undefined ? {} : { table }),
    };
    delete n.metadata.classes;
    if (run.data.classes !== undefined) n.metadata.classes = run.data.classes;
    yield { event: "start", parameterCount: n.parameterCount, rows: run.rows, options: run.record };
    if (!this.resumed) yield* this.warnings.atStart();
    // A run that is resumed may have spent all that it was given.
    let reason = this.limitReason();
    while (reason === undefined && state.epoch <= run.epochs) {
      reason = yield* this.epoch();
      // Who was handed the epoch may have asked for the end.
      reason ??= state.epoch <= run.epochs ? this.limitReason() : undefined;
    }
    const ended = reason ?? (yield* this.challenge());
    yield { event: "ended", reason: ended };
    yield { event: "result", ...this.result(ended) };
  }

  /** The steps that are left of the epoch at hand; a reason where training must end. */
  protected *epoch(): Generator<TrainEvent | LoopSignal, TrainReason | undefined, void> {
    const { state } = this;
    const begun = performance.now();
    if (this.order !== undefined && state.stepInEpoch === 0) this.order.set(this.orderOf(state.epoch));
    while (state.stepInEpoch < this.batches || (yield* this.more())) {
      const reason = yield* this.stepper.strides ? this.stride() : this.watched();
      if (reason === "notFinite") return reason;
      if (reason === undefined) continue;
      if (state.stepInEpoch < this.batches || (yield* this.more())) return reason;
      // What ends the run for good comes first: a run that was stopped here and resumed must end here too.
      const closed = yield* this.tellEpoch(begun);
      return this.epochReason(closed) ?? reason;
    }
    return this.epochReason(yield* this.tellEpoch(begun));
  }

  /** Whether more examples of this epoch have come; those of a set in memory are all there. */
  protected more(): Iterable<LoopSignal, boolean, void> {
    return { [Symbol.iterator]: () => ({ next: () => ({ done: true, value: false }) }) };
  }

  /** One step, looked at and told of. */
  private *watched(): Generator<TrainEvent | LoopSignal, TrainReason | undefined, void> {
    const { run, stepper } = this;
    const taken = stepper.step();
    if (taken === undefined) {
      const { layer, message } = stepper.failure!;
      yield { event: "warning", code: "not-finite", level: "error", layer, message };
      return "notFinite";
    }
    const step = this.stepEvent(taken);
    yield run.report === "step" ? step : { event: "breath" };
    yield* this.tellCheckpoint();
    return taken.stuck ? "searchFailed" : this.stepReason(step);
  }

  /** As many steps as can be taken before somebody must be told or asked. */
  private *stride(): Generator<TrainEvent | LoopSignal, TrainReason | undefined, void> {
    const { state, run, stepper } = this;
    const { steps = Infinity, evaluations, seconds } = run.stop;
    let most = Math.min(this.batches - state.stepInEpoch, steps - state.step);
    most = Math.min(most, run.checkpointEvery - (state.step % run.checkpointEvery));
    // A plan that takes many steps by itself takes one evaluation for each.
    const spent = state.valueEvaluations + state.gradientEvaluations;
    if (evaluations !== undefined) most = Math.min(most, evaluations - spent);
    const limited = evaluations !== undefined || seconds !== undefined;
    const outcome = stepper.stride(most, limited ? () => this.limitReason() !== undefined : undefined);
    if (outcome === undefined) return undefined;
    yield { event: "breath" };
    yield* this.tellCheckpoint();
    return outcome === "stuck" ? "searchFailed" : this.limitReason();
  }

  private *tellCheckpoint(): Generator<LoopSignal, void, void> {
    const { checkpointEvery, checkpointSeconds } = this.run;
    const due = checkpointSeconds < Infinity && performance.now() - this.savedAt >= 1000 * checkpointSeconds;
    if (!due && this.state.step % checkpointEvery !== 0) return;
    yield { event: "checkpoint" };
    // Time spent on saving does not count, so that slow disks leave time to train.
    this.savedAt = performance.now();
  }

  private stepEvent({ loss, stepSize, gradientNorm }: WatchedStep): StepEvent {
    const { epoch, step } = this.state;
    return { event: "step", epoch, step, loss, stepSize, gradientNorm, ...this.countsNow() };
  }

  private *tellEpoch(begun: number): Generator<TrainEvent, EpochEvent, void> {
    const closed = this.closeEpoch(begun);
    yield closed;
    yield* this.warnings.atEpoch(closed, closed.epoch === this.run.epochs);
    return closed;
  }

  private closeEpoch(begun: number): EpochEvent {
    const { state, run } = this;
    const loss = this.epochLoss();
    const event: EpochEvent = {
      event: "epoch",
      epoch: state.epoch,
      step: state.step,
      loss,
      seconds: (performance.now() - begun) / 1000,
      ...this.countsNow(),
    };
    const { plateau } = state;
    state.plateau =
      loss < plateau.loss ? { loss, waited: 0 } : { loss: plateau.loss, waited: plateau.waited + 1 };
    if (run.validation !== undefined) {
      const { loss: validationLoss, metrics } = this.validate();
      event.validation = { loss: validationLoss, ...metrics };
      this.watch(validationLoss);
    }
    state.epoch++;
    state.stepInEpoch = 0;
    state.epochLoss = 0;
    return event;
  }

  /** Mean over the rows that the epoch's steps saw. */
  protected epochLoss(): number {
    return this.state.epochLoss / this.run.rows;
  }

  /** Keeps the parameters with the lowest validation loss. */
  private watch(loss: number): void {
    const { state, n, run } = this;
    if (run.patience === Infinity) return;
    const { best } = state;
    if (best === null || loss < best.loss) {
      // A loss that is NaN is worse than any.
      const known = Number.isNaN(loss) ? Infinity : loss;
      const parameters = readParameters(n).slice();
      state.best = { loss: known, waited: 0, epoch: state.epoch, parameters };
    } else {
      best.waited++;
    }
  }

  private stepReason({ gradientNorm }: StepEvent): TrainReason | undefined {
    const { gradientNorm: tolerance } = this.run.stop;
    if (this.run.stop.signal?.aborted === true) return "signal";
    if (tolerance !== undefined && gradientNorm !== null && gradientNorm <= tolerance) return "gradientNorm";
    return this.limitReason();
  }

  /** What the run was given and has spent. */
  private limitReason(): TrainReason | undefined {
    const { stop } = this.run;
    const { step, valueEvaluations, gradientEvaluations } = this.state;
    if (stop.signal?.aborted === true) return "signal";
    if (stop.steps !== undefined && step >= stop.steps) return "steps";
    if (stop.evaluations !== undefined && valueEvaluations + gradientEvaluations >= stop.evaluations) {
      return "evaluations";
    }
    if (stop.seconds !== undefined && this.seconds() >= stop.seconds) return "seconds";
    return undefined;
  }

  private epochReason({ loss }: EpochEvent): TrainReason | undefined {
    const { stop, patience } = this.run;
    const { plateau, best } = this.state;
    if (stop.loss !== undefined && loss <= stop.loss) return "loss";
    if (stop.plateau !== undefined && plateau.waited >= stop.plateau) return "plateau";
    if (best !== null && best.waited >= patience) return "patience";
    return undefined;
  }

  /**
   * Lets a challenger try where the run is stuck. Nothing of it is in the state before it is done: a run that is stopped
   * meanwhile is left as its last epoch ended, and when it is resumed the challenge begins anew.
   */
  private *challenge(): Generator<TrainEvent | LoopSignal, TrainReason, void> {
    const { n, run, state, challengers } = this;
    const start = challengers?.challengedStart(run, state);
    if (challengers === undefined || start === undefined) return "epochs";
    const trained = readParameters(n).slice();
    this.evaluated = this.evaluatorOf(run.data).evaluate();
    const { loss } = this.evaluated;
    if (!Number.isFinite(loss) || !allFinite(trained)) return "epochs";
    let reason: TrainReason | undefined;
    const outcome = yield* challengers.challenge(n, run, { start, trained, loss }, () => {
      reason = this.limitReason();
      return reason !== undefined;
    });
    if (outcome === undefined) return reason ?? "epochs";
    const { counts, parameters } = outcome;
    state.valueEvaluations += counts.valueEvaluations;
    state.gradientEvaluations += counts.gradientEvaluations;
    state.exampleEvaluations += counts.exampleEvaluations;
    if (parameters !== undefined) {
      readParameters(n).set(parameters);
      this.evaluated = undefined;
    }
    this.challenged = outcome.challenge;
    yield { event: "challenger", ...outcome.challenge, ...this.countsNow() };
    return "epochs";
  }

  /** Puts the best parameters back where they were watched, and measures what came out. */
  private result(reason: TrainReason): TrainResult {
    const { n, run, state } = this;
    if (state.best !== null) readParameters(n).set(state.best.parameters);
    const { metrics, loss } = this.evaluateFinal();
    const validation = run.validation === undefined ? undefined : this.validate();
    const { failure } = this.stepper;
    return {
      reason: failure === undefined ? reason : "notFinite",
      epochs: state.epoch - 1,
      steps: state.step,
      loss,
      metrics,
      ...(validation === undefined ? {} : { validation: { loss: validation.loss, ...validation.metrics } }),
      ...(state.best === null ? {} : { bestEpoch: state.best.epoch }),
      seconds: this.seconds(),
      parametersSha256: parametersSha256(n),
      ...(this.challenged === undefined ? {} : { challenger: this.challenged }),
      ...(failure === undefined ? {} : { failure }),
      ...this.countsNow(),
    };
  }

  /** No gradient follows the last step of all, so its outcome is looked at here. */
  protected evaluateFinal(): Evaluation {
    const evaluator = this.evaluatorOf(this.run.data);
    const evaluation = this.evaluated ?? evaluator.evaluate();
    if (allFinite(readParameters(this.n)) && Number.isFinite(evaluation.loss)) return evaluation;
    this.stepper.stopAtEnd();
    return evaluator.evaluate();
  }

  private validate(): Evaluation {
    this.validation ??= this.evaluatorOf(this.run.validation!);
    return this.validation.evaluate();
  }

  protected evaluatorOf(data: Run["data"]): Evaluator {
    const { loss, metrics, kernels } = this.run;
    const { plan } = this.stepper;
    // Its threads are there already; where it would have to make memory for so many rows, a plan apart is better.
    return new Evaluator(
      this.n,
      data,
      { loss, metrics: [...metrics], kernels },
      plan.anyRows ? plan : undefined,
    );
  }

  private orderOf(epoch: number): Uint32Array {
    const { rows, seed, weights } = this.run;
    return epochOrder(rows, seed, epoch, weights);
  }

  private countsNow(): Counts {
    const { valueEvaluations, gradientEvaluations, exampleEvaluations } = this.state;
    return { valueEvaluations, gradientEvaluations, exampleEvaluations };
  }

  private seconds(): number {
    return this.secondsBefore + (performance.now() - this.startedAt) / 1000;
  }
}
