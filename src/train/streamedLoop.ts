/** The loop of `train` over examples that come in blocks. */
import { allFinite, type Dataset } from "../core/index.ts";
import { type Network, readParameters } from "../network/index.ts";
import type { Evaluation } from "./evaluate.ts";
import { Loop, type LoopSignal } from "./loop.ts";
import type { Run } from "./options.ts";
import type { Feed } from "./streamedFeed.ts";
import type { TrainEvent, TrainReason, TrainState } from "./types.ts";

export class StreamLoop extends Loop {
  private readonly feed: Feed;

  /** @param feed With the first examples on its stage. */
  constructor(n: Network, run: Run, resume: TrainState | undefined, feed: Feed) {
    // The plan is made for examples other than the sample, which are in no order of their own.
    super(n, run, { resume, first: feed.data ?? { ...run.data } });
    this.feed = feed;
    this.batches = 0;
    if (feed.data !== undefined) this.take(feed.data);
  }

  /** Brings the next examples, when the loop has asked for them. */
  fill(): Promise<void> {
    return this.feed.fill(this.state.epoch);
  }

  private take(data: Dataset): void {
    this.stepper.take(data);
    this.batches = this.state.stepInEpoch + Math.ceil(data.rows / this.run.batchRows);
  }

  protected override *epoch(): Generator<TrainEvent | LoopSignal, TrainReason | undefined, void> {
    if (this.feed.epoch !== this.state.epoch) this.batches = 0;
    return yield* super.epoch();
  }

  protected override *more(): Generator<LoopSignal, boolean, void> {
    yield { event: "more" };
    const { data } = this.feed;
    if (data === undefined) return false;
    this.take(data);
    return true;
  }

  protected override epochLoss(): number {
    const loss = this.state.epochLoss / this.feed.seen;
    this.state.lastLoss = loss;
    return loss;
  }

  /** Goes over no rows again: with gigabytes of them that would take as long as an epoch. */
  protected override evaluateFinal(): Evaluation {
    const { n, run, state, stepper } = this;
    if (!allFinite(readParameters(n))) stepper.stopAtEnd();
    const rows = Math.min(state.stepInEpoch * run.batchRows, run.rows);
    // What was stopped before its first step has seen nothing yet.
    const loss =
      rows > 0 ? state.epochLoss / rows : (state.lastLoss ?? this.evaluatorOf(run.data).evaluate().loss);
    return { rows, loss, metrics: {} };
  }
}
