/**
 * The steps of a run: batches in, parameters moved.
 *
 * A watched step is looked at from all sides and told of. Where nobody asks for single steps they are taken in strides, with
 * nothing between them but arithmetic; whether all went well is seen at the end of a stride, and if not, it is gone back over
 * step by step. Both give the same bits.
 */
import { type Dataset, NotFiniteError, requireFinite, requirePresent, type Vector } from "../core/index.ts";
import type { BatchRows, Plan } from "../kernels/index.ts";
import {
  type BatchObjective,
  moveParameters,
  type Network,
  objective,
  readParameters,
} from "../network/index.ts";
import { describeNotFinite, Guard, StepNotFinite } from "./guard.ts";
import type { Run } from "./options.ts";
import { copyPlainData, Snapshot } from "./snapshot.ts";
import type { TrainState } from "./types.ts";

interface StepOutcome {
  loss: number;
  stepSize: number;
  searchFailed: boolean;
}

/** What a watched step tells. */
export interface WatchedStep {
  loss: number;
  stepSize: number;
  gradientNorm: number | null;
  /** A search that failed on the full batch, where it would only fail again. */
  stuck: boolean;
}

/** The numbers of a state that steps change. */
const counters = [
  "step",
  "stepInEpoch",
  "epochLoss",
  "valueEvaluations",
  "gradientEvaluations",
  "exampleEvaluations",
] as const;

function copyCounters(to: Stepper["marks"], from: Stepper["marks"]): void {
  for (const name of counters) to[name] = from[name];
}

/** How long a stride may take before the host is let through, in milliseconds. */
const STRIDE = 20;

export class Stepper {
  readonly plan: Plan;
  failure: { layer: number; message: string } | undefined;
  private readonly n: Network;
  private readonly run: Run;
  private readonly state: TrainState;
  private readonly f: BatchObjective;
  private readonly w: Vector;
  private readonly gradient: Vector;
  private readonly guard: Guard;
  private readonly order: Uint32Array | undefined;
  /** The examples at hand, and the steps of the epoch that were taken on others before them. */
  private data: Dataset;
  private before = 0;
  private readonly place: { order?: Uint32Array; from: number; rows: number };
  private readonly snapshot: Snapshot;
  /** What else steps change, as it was when the snapshot was taken. */
  private readonly marks: Pick<TrainState, (typeof counters)[number]>;
  /** Steps that are tried in the next call of a plan that takes many by itself. */
  private atOnce = 64;
  private unwatched: boolean;

  /**
   * @param order Of the epoch at hand, changed in place from epoch to epoch.
   * @param data  The examples, or the first that come; then `take` brings the others.
   */
  constructor(n: Network, run: Run, state: TrainState, order: Uint32Array | undefined, data: Dataset) {
    const start = readParameters(n);
    requireFinite(start, n.parameterCount, "the network's parameters");
    this.n = n;
    this.run = run;
    this.state = state;
    this.order = order;
    this.data = data;
    this.place = order === undefined ? { from: 0, rows: 0 } : { order, from: 0, rows: 0 };
    const { penalty, kernels, threads, work, wide, loss } = run;
    const { rule } = run.optimizer;
    this.f = objective(n, loss, data, { penalty, kernels, threads, work, rule, wide });
    this.plan = this.f.plan;
    // The plan measures out its memory by the batch, and all that a step touches lies there.
    this.f.load(this.batch(0));
    this.w = this.plan.vector();
    this.w.set(start);
    this.gradient = this.plan.vector();
    const beside = (like: Vector): Vector =>
      like.length === this.w.length ? this.plan.vector() : like.slice();
    state.optimizerState = copyPlainData(state.optimizerState, beside);
    const { clipNorm, clipValue } = run;
    const trials = run.optimizer.gradientTrials === true;
    this.guard = new Guard(this.f, this.w, state, { clipNorm, clipValue, trials });
    this.marks = { ...state };
    this.snapshot = new Snapshot({ w: this.w, optimizer: state.optimizerState });
    this.unwatched =
      run.report === "epoch" &&
      run.clipNorm === Infinity &&
      run.clipValue === Infinity &&
      run.stop.gradientNorm === undefined;
  }

  /** From now on the network's parameters are those that the steps move. */
  begin(): void {
    moveParameters(this.n, this.w);
  }

  /** Gives the network its parameters back and ends the threads. */
  end(): void {
    moveParameters(this.n, this.w.slice());
    this.plan.close();
  }

  /** Goes on with other examples, which were looked through; the next step begins with their first row. */
  take(data: Dataset): void {
    this.data = data;
    this.before = this.state.stepInEpoch;
    this.f.use(data);
  }

  /** Whether steps are taken in strides. */
  get strides(): boolean {
    return this.unwatched;
  }

  /** The batch of a step; the same object each time, since steps make nothing. */
  private batch(step: number): BatchRows {
    const { run, place, data, before } = this;
    place.from = (step - before) * run.batchRows;
    place.rows = Math.min(run.batchRows, data.rows - place.from);
    return place;
  }

  private load(): number {
    const { state, run, f } = this;
    const batch = this.batch(state.stepInEpoch);
    f.load(batch);
    if (run.drops) f.plan.dropout({ seed: run.seed, step: state.step + 1 });
    return batch.rows;
  }

  /** One batch, one step of the optimizer; undefined where a number was not finite. */
  step(): WatchedStep | undefined {
    const { guard, run } = this;
    const rows = this.load();
    guard.begin(rows);
    let outcome: StepOutcome;
    try {
      outcome = this.optimize();
      guard.requireFiniteModel();
    } catch (error) {
      if (!(error instanceof StepNotFinite)) throw error;
      this.stopNotFinite(error.point);
      return undefined;
    }
    this.advance(outcome.loss * rows);
    const { loss, stepSize, searchFailed } = outcome;
    return {
      loss,
      stepSize,
      gradientNorm: guard.gradientNorm,
      stuck: searchFailed && run.batchSize === "full",
    };
  }

  private advance(loss: number): void {
    const { state } = this;
    state.step++;
    state.stepInEpoch++;
    state.epochLoss += loss;
  }

  /** A declared rule runs inside of the plan; any other optimizer works through the objective. */
  private optimize(): StepOutcome {
    const { run, guard, w, gradient, state, plan } = this;
    const { optimizer } = run;
    if (optimizer.declare !== undefined) {
      const loss = guard.gradient(w, gradient);
      const rule = optimizer.declare(state.optimizerState);
      plan.update(rule, w, gradient);
      return { loss, stepSize: rule.learningRate, searchFailed: false };
    }
    const { loss, stepSize, search } = optimizer.step(guard, w, gradient, state.optimizerState);
    if (optimizer.gradientTrials === true) guard.endTrials(loss, gradient);
    return { loss, stepSize, searchFailed: search?.accepted === false && stepSize === 0 };
  }

  /**
   * Steps without looking, up to `most`, until some time has passed.
   *
   * @param ended Asked after each step where any of them may be the last; absent where none is before `most`.
   * @returns "stuck" where a search failed on the full batch; undefined where the stride was undone: then steps are watched.
   */
  stride(most: number, ended?: () => boolean): "done" | "stuck" | undefined {
    const { snapshot, marks, guard, state, run } = this;
    snapshot.take();
    copyCounters(marks, state);
    let stuck = false;
    try {
      if (!this.planStride(most)) {
        const until = performance.now() + STRIDE;
        let last = false;
        // On the full batch every step may be the last, since its search may fail.
        const anyMayEnd = run.batchSize === "full" || ended !== undefined;
        for (let left = most; !last && !stuck; left--) {
          last = left === 1 || performance.now() >= until;
          if (last || anyMayEnd) guard.beforeLastUnwatched();
          stuck = this.unwatchedStep() && run.batchSize === "full";
          if (ended?.() === true) last = true;
        }
      }
      if (guard.endUnwatched(state.epochLoss - marks.epochLoss)) return stuck ? "stuck" : "done";
    } catch (error) {
      if (!(error instanceof StepNotFinite)) throw error;
    }
    snapshot.restore();
    copyCounters(state, marks);
    this.unwatched = false;
    return undefined;
  }

  /** One step; whether its search failed. */
  private unwatchedStep(): boolean {
    const { guard, run, f, w, gradient, state, plan } = this;
    const rows = this.load();
    const { optimizer } = run;
    if (optimizer.declare !== undefined) {
      const loss = f.gradient(w, gradient);
      plan.update(optimizer.declare(state.optimizerState), w, gradient);
      guard.count(1, rows);
      this.advance(loss * rows);
      return false;
    }
    guard.beginUnwatched(rows);
    const { loss, searchFailed } = this.optimize();
    this.advance(loss * rows);
    return searchFailed;
  }

  /** Lets the plan take the steps by itself; false where it does not. The last step is apart, for the copy before it. */
  private planStride(most: number): boolean {
    const { run, guard } = this;
    if (run.optimizer.declare === undefined || run.penalty > 0 || run.drops) return false;
    const count = Math.min(most, this.atOnce);
    const begun = performance.now();
    if (count > 1 && !this.planSteps(count - 1)) return false;
    guard.beforeLastUnwatched();
    if (!this.planSteps(1)) return false;
    const spent = performance.now() - begun;
    if (spent > STRIDE) this.atOnce = Math.max(1, this.atOnce >> 1);
    else if (spent < STRIDE / 4 && count === this.atOnce) this.atOnce *= 2;
    return true;
  }

  private planSteps(count: number): boolean {
    const { run, state, plan, order, w, gradient, guard, data } = this;
    const { optimizer, batchRows } = run;
    requirePresent(data);
    const from = (state.stepInEpoch - this.before) * batchRows;
    const to = Math.min(data.rows, from + count * batchRows);
    const declare = (): ReturnType<NonNullable<typeof optimizer.declare>> =>
      optimizer.declare!(state.optimizerState);
    const loss = plan.steps(
      { declare, data, order, batch: batchRows, from, to },
      w,
      gradient,
      state.epochLoss,
    );
    if (loss === undefined) return false;
    state.epochLoss = loss;
    state.step += count;
    state.stepInEpoch += count;
    guard.count(count, to - from);
    return true;
  }

  /** Puts the last good parameters back and says what was not finite. */
  stopNotFinite(point: Vector): void {
    const place = this.plan.firstNotFinite(point);
    const good = this.guard.restore();
    this.failure = describeNotFinite(place, this.n, this.state.step + 1, good);
    const { layer, message } = this.failure;
    if (!good) throw new NotFiniteError(message, { layer });
  }

  /** After the last step of all, whose outcome no gradient has looked at. */
  stopAtEnd(): void {
    this.plan.dropout();
    this.f.load({ from: 0, rows: this.data.rows });
    this.stopNotFinite(this.w.slice());
  }
}
