/** What is seen while a network is trained: JSON lines, a live plot on a terminal, or plain lines now and then. */
import type { EpochEvent, StepEvent, TrainEvent, TrainOptions } from "../train/index.ts";
import { addLoss, curvePoints, type LossCurve } from "./lossCurve.ts";
import { duration, percent, short } from "./numbers.ts";
import { type ProgressState, progress } from "./progress.ts";
import type { Session } from "./session.ts";
import type { SavedRun } from "./trainState.ts";

/** Points of the live plot: about one a letter, so that the jitter of batches averages out. */
const DOTS = 100;

export interface TrainView {
  show(event: Exclude<TrainEvent, { event: "result" }>): void;
  end(): void;
}

export interface ViewState {
  curve: LossCurve;
  validation: SavedRun["validation"];
  quietSteps: boolean;
  /** Steps before this call, in a resumed run. */
  begun: number;
}

/** Also keeps the curves, which the figure and checkpoints need. */
export function trainView(
  session: Session,
  data: { rows: number },
  options: TrainOptions,
  state: ViewState,
): TrainView {
  const { curve, validation } = state;
  const shown = progress({ terminal: session.progress, quiet: session.json || session.quiet });
  const plan = planned(data, options);
  const started = performance.now();
  const latest = (text: string, step: number): ProgressState => ({
    done: step - state.begun,
    planned: plan.steps - state.begun,
    counted: (step - state.begun) * plan.batchRows,
    unit: "examples",
    text,
  });
  const onStep = (event: StepEvent): void => {
    addLoss(curve, event.loss);
    const { epoch, step, loss } = event;
    const steps = plan.batches === 1 ? `step ${step}` : `epoch ${epoch}${of(plan.epochs)}`;
    shown.update(latest(`${steps}, loss ${short(loss)}`, step), () => curvePoints(curve, DOTS));
  };
  const onEpoch = (event: EpochEvent): void => {
    const watched = event.validation;
    if (watched !== undefined) {
      validation.steps.push(event.step);
      validation.losses.push(watched.loss as number);
    }
    const { counted, done, planned: all } = latest("", event.step);
    const seconds = (performance.now() - started) / 1000;
    const rate = `${Math.round(counted / seconds)} examples/s`;
    const left = Number.isFinite(all) ? `, ${duration((seconds / done) * (all - done))} left` : "";
    const text = `epoch ${event.epoch}${of(plan.epochs)}: loss ${short(event.loss)}${watchedText(watched)}, ${rate}${left}`;
    shown.milestone(text, done / all, done <= plan.batches);
  };
  return {
    show(event) {
      if (event.event !== "step" || !state.quietSteps) session.event(event);
      if (event.event === "step") onStep(event);
      if (event.event === "epoch") onEpoch(event);
      if (event.event === "warning") shown.note(session.progress.alarm(`warning: ${event.message}`));
    },
    end: () => shown.end(),
  };
}

const of = (all: number): string => (Number.isFinite(all) ? `/${all}` : "");

function watchedText(watched: EpochEvent["validation"]): string {
  if (watched === undefined) return "";
  const accuracy = watched.accuracy === undefined ? "" : ` (${percent(watched.accuracy)})`;
  return `, validation ${short(watched.loss as number)}${accuracy}`;
}

interface Planned {
  epochs: number;
  steps: number;
  batches: number;
  batchRows: number;
}

/** How long the run will be at most, as far as that is known. */
function planned(
  data: { rows: number },
  { epochs = Infinity, batchSize = 32, validation, stop }: TrainOptions,
): Planned {
  const rows = typeof validation === "number" ? Math.round(data.rows * (1 - validation)) : data.rows;
  const batchRows = batchSize === "full" ? rows : Math.min(batchSize, rows);
  const batches = Math.ceil(rows / batchRows);
  return { epochs, batches, batchRows, steps: Math.min(epochs * batches, stop?.steps ?? Infinity) };
}
