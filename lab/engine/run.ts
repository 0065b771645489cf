/**
 * One training run as a place to walk in: forwards by the library's own `trainEvents`, backwards from keyframes, to the same
 * bits. It knows neither page nor worker.
 *
 * A step's number means what `talweg train` makes of the run when it is stopped there. So the last step of all has the parameters
 * of the result (a challenger may have had its turn), and a step that was not finite counts: it leads back to the last good ones.
 */
import { type Network, type TrainEvent, type TrainOptions, type TrainState, trainEvents } from "talweg";
import { datasetOf } from "../state/datasetOf.ts";
import { networkOf, startOf } from "../state/networkOf.ts";
import { plannedSteps, trainOptions } from "../state/training.ts";
import type { Setting } from "../state/types.ts";
import { endMessage } from "./endMessage.ts";
import { bytesOf, KEYFRAMES, type Keyframe, Keyframes, spacingOf } from "./keyframes.ts";
import type { Ask, Frame, Mark } from "./protocol.ts";

type Events = AsyncGenerator<TrainEvent, void, void>;
type Losses = { steps: number[]; evaluations: number[]; losses: number[] };

const atStart: Mark = {
  step: 0,
  epoch: 0,
  stepSize: null,
  valueEvaluations: 0,
  gradientEvaluations: 0,
  exampleEvaluations: 0,
};

export class TrainingRun {
  /** Steps that are planned. */
  readonly steps: number;
  private readonly n: Network;
  private readonly data: ReturnType<typeof datasetOf>;
  private readonly setting: Setting;
  private readonly keyframes: Keyframes;
  private readonly spacing: number;
  private events: Events | undefined;
  private mark: Mark = atStart;
  private resume: TrainState | null = null;
  private final: (Keyframe & { ended: string }) | undefined;
  private ended: string | null = null;

  /**
   * @param keyframes States that are kept at most, for the way back.
   * @throws {TalwegError} When the setting cannot be trained.
   */
  constructor(setting: Setting, keyframes: number = KEYFRAMES) {
    this.setting = setting;
    this.data = datasetOf(setting, "train");
    this.n = networkOf(setting, this.data);
    this.n.parameters.set(startOf(setting, this.n));
    this.steps = plannedSteps(setting, this.data.rows);
    const { optimizer, batchSize = "full" } = this.options();
    const plan = { steps: this.steps, rows: this.data.rows, batchSize, precision: "float32" } as const;
    const bytes = 4 * this.n.parameterCount + bytesOf(optimizer!.init(this.n.parameterCount, plan));
    this.spacing = spacingOf(this.steps, bytes, keyframes);
    this.keyframes = new Keyframes({ mark: atStart, parameters: this.copy(), state: null }, this.spacing);
  }

  /** Goes to step `from`, takes up to `most` steps, and tells what came out when that is done or the time is over. */
  async frame({ from, most, milliseconds }: Pick<Ask, "from" | "most" | "milliseconds">): Promise<Frame> {
    const until = performance.now() + milliseconds;
    const losses: Losses = { steps: [], evaluations: [], losses: [] };
    const target = Math.max(0, from);
    await this.nearer(target);
    await this.walk(target, until, losses);
    const arrived = this.mark.step >= target || this.ended !== null;
    if (arrived && this.mark.step < target + most) await this.walk(target + most, until, losses);
    return { mark: this.mark, parameters: this.copy(), losses, arrived, ended: this.ended };
  }

  /** Gives memory and threads back. */
  async close(): Promise<void> {
    await this.events?.return();
    this.events = undefined;
  }

  private options(): TrainOptions {
    return trainOptions(this.setting);
  }

  private copy(): Float32Array {
    return this.n.parameters.slice() as Float32Array;
  }

  /** Jumps to the known state from which `step` is the shortest way. */
  private async nearer(step: number): Promise<void> {
    const { final } = this;
    if (final !== undefined && step >= final.mark.step) {
      if (this.ended === null) await this.jump(final, final.ended);
      return;
    }
    if (step === this.mark.step && this.ended === null) return;
    const keyframe = this.keyframes.before(step);
    const ahead = step >= this.mark.step && this.ended === null;
    if (!ahead || keyframe.mark.step > this.mark.step) await this.jump(keyframe, null);
  }

  private async jump(to: Keyframe, ended: string | null): Promise<void> {
    await this.close();
    this.n.parameters.set(to.parameters);
    this.mark = to.mark;
    this.resume = to.state;
    this.ended = ended;
  }

  /** Steps until `to` or until the time is over, at least one; the last step of all takes what comes after it along. */
  private async walk(to: number, until: number, losses: Losses): Promise<void> {
    const onWay = (): boolean => this.mark.step < to || this.mark.step === this.steps;
    for (let late = false; this.ended === null && onWay() && !late; ) {
      this.events ??= this.begin();
      const { value, done } = await this.events.next();
      if (done === true) throw new Error("training ended without a result");
      this.take(value, losses);
      late = performance.now() >= until && this.mark.step !== this.steps;
    }
  }

  private begin(): Events {
    return trainEvents(this.n, this.data, {
      ...this.options(),
      ...(this.resume === null ? {} : { resume: this.resume }),
      checkpointEvery: this.spacing,
      onCheckpoint: (state) => {
        this.keyframes.add({ mark: this.mark, parameters: this.copy(), state });
      },
    });
  }

  private take(event: TrainEvent, losses: Losses): void {
    if (event.event === "step") {
      const { step, epoch, stepSize, loss, ...counts } = event;
      const { valueEvaluations, gradientEvaluations, exampleEvaluations } = counts;
      this.mark = { step, epoch, stepSize, valueEvaluations, gradientEvaluations, exampleEvaluations };
      losses.steps.push(step);
      losses.evaluations.push(exampleEvaluations);
      losses.losses.push(loss);
    } else if (event.event === "result") {
      this.finish(event);
    }
  }

  private finish(result: Extract<TrainEvent, { event: "result" }>): void {
    const { reason, steps, valueEvaluations, gradientEvaluations, exampleEvaluations } = result;
    // The step that was not finite was undone, and it is the one that ended the run.
    const step = reason === "notFinite" ? Math.min(steps + 1, this.steps) : steps;
    this.mark = { ...this.mark, step, valueEvaluations, gradientEvaluations, exampleEvaluations };
    this.ended = endMessage(result);
    this.final = { mark: this.mark, parameters: this.copy(), state: null, ended: this.ended };
  }
}
