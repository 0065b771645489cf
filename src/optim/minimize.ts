/** Runs an optimizer on any function R^n -> R until a criterion is met, and counts what that costs. */
import { type Objective, precisionOf, squaredNorm, type Vector, zeros } from "../core/index.ts";
import type { Search } from "../linesearch/index.ts";
import { auto } from "./auto.ts";
import { clipped } from "./clip.ts";
import { type Counted, counted, euclideanNorm } from "./counted.ts";
import { checkArguments, lossAndNorm, requireFiniteStart } from "./minimizeChecks.ts";
import { metCriterion, type Stop, type StopReason } from "./stop.ts";
import type { Optimizer, StepResult } from "./types.ts";

export interface MinimizeOptions {
  /** Default `auto()`. */
  method?: Optimizer;
  /**
   * Default: a gradient norm of 1e-6, or 100,000 steps. A Stop of your own replaces both; where it names nothing that runs
   * out (steps, plateau, evaluations, seconds, signal), 100,000 steps remain the limit. The limit of steps is also what the
   * method is told to plan with: on a whole function `auto` with a rate that falls over 100,000 steps ends long before that.
   */
  stop?: Stop;
  /** Keep what each step did; "points" keeps the points as well. Default false. */
  trace?: boolean | "points";
  /**
   * Largest Euclidean norm of a gradient; the method sees a longer one scaled down to it. Criteria and result tell the norm
   * before that. Not for methods that search along the gradient, or take none.
   */
  clipNorm?: number;
  /** Examples behind one evaluation; given, `exampleEvaluations` is counted. */
  rows?: number;
}

/** One step as it was taken: where it began, and how far it went. */
export interface MinimizeStep {
  /** From 1. */
  step: number;
  /** The loss where the step began; the proposal's for methods that guess; the one at y for schedule-free `auto`. */
  value: number;
  /** Norm of the gradient that the step used, after clipping; absent for methods that guess. */
  gradientNorm?: number;
  /** 0 where the point stayed. */
  stepSize: number;
  search?: Search;
  /** Where the step began. */
  point?: Vector;
}

export interface Minimum {
  /** The last good point, in the precision of the start. */
  point: Vector;
  /** The function there. */
  value: number;
  /** The norm of its gradient there; undefined where a method that guesses meets a function without a gradient. */
  gradientNorm: number | undefined;
  /** Steps that led to the point; one that failed is not counted. */
  steps: number;
  valueEvaluations: number;
  gradientEvaluations: number;
  exampleEvaluations?: number;
  reason: StopReason;
  trace?: MinimizeStep[];
}

const SAFETY_STEPS = 100_000;

/**
 * The minimum that a method finds from `start`, with the reason why it stopped there.
 *
 * Criteria are checked at the start and after each step. A step that meets a loss, gradient or parameter that is not finite
 * is taken back ("notFinite"), and so is one whose search found nothing ("searchFailed"). Methods that guess are charged
 * for their proposals only; the gradient norm of their result is taken once at the end and not counted.
 *
 * @param start `[f.dimension]`, left as it is.
 * @throws {ShapeError} When the start has another length than the function has variables.
 * @throws {DataError} When the start holds a number that is not finite.
 * @throws {OptionError} When a criterion is unknown or out of range.
 * @throws {NotFiniteError} When the function or its gradient is not finite at the start.
 */
export function minimize(f: Objective, start: Vector, o: MinimizeOptions = {}): Minimum {
  checkArguments(f, start, o);
  const { method = auto(), trace = false, rows } = o;
  const stop = withLimit(o.stop);
  const run = new MinimizeRun(f, start, method, stop, trace, o.clipNorm);
  const state = method.init(f.dimension, {
    steps: stop.steps,
    batchSize: "full",
    rows,
    precision: precisionOf(start),
    trace: trace !== false,
  });
  let reason = run.begin();
  while (reason === undefined) reason = run.step(state);
  const { valueEvaluations, gradientEvaluations, ...rest } = run.finish();
  return {
    ...rest,
    valueEvaluations,
    gradientEvaluations,
    ...(rows === undefined ? {} : { exampleEvaluations: rows * (valueEvaluations + gradientEvaluations) }),
    reason,
    ...(trace === false ? {} : { trace: run.trace }),
  };
}

function withLimit(stop: Stop | undefined): Stop {
  if (stop === undefined) return { gradientNorm: 1e-6, steps: SAFETY_STEPS };
  const { steps, plateau, evaluations, seconds, signal } = stop;
  const bounded = [steps, plateau, evaluations, seconds, signal].some((limit) => limit !== undefined);
  return bounded ? stop : { ...stop, steps: SAFETY_STEPS };
}

/** What is known of the point at hand. */
interface Known {
  loss: number | undefined;
  gradientNorm: number | undefined;
  /** False for an estimate from nearby. */
  exact: boolean;
}

/** One run in progress; it owns the point, its last good copy and the gradient. */
class MinimizeRun {
  readonly trace: MinimizeStep[] = [];
  private readonly w: Vector;
  private readonly before: Vector;
  private readonly g: Vector;
  private readonly f: Counted;
  /** What the method asks. */
  private readonly asked: Objective;
  private readonly started: number = performance.now();
  private known: Known = { loss: undefined, gradientNorm: undefined, exact: false };
  private first: Known = this.known;
  private steps = 0;
  private best = Infinity;
  private sinceBest = 0;
  private readonly original: Objective;
  private readonly start: Vector;
  private readonly method: Optimizer;
  private readonly stop: Stop;
  private readonly keep: boolean | "points";

  constructor(
    f: Objective,
    start: Vector,
    method: Optimizer,
    stop: Stop,
    keep: boolean | "points",
    clipNorm: number | undefined,
  ) {
    this.original = f;
    this.start = start.slice();
    this.method = method;
    this.stop = stop;
    this.keep = keep;
    this.w = start.slice();
    this.before = start.slice();
    this.g = zeros(precisionOf(start), start.length);
    this.f = counted(f, this.w);
    this.asked = clipNorm === undefined ? this.f : clipped(this.f, clipNorm);
  }

  begin(): StopReason | undefined {
    if (this.method.gradientFree !== true) {
      this.known = this.measure();
      requireFiniteStart(this.known.loss, this.known.gradientNorm);
      this.best = this.known.loss ?? Infinity;
      this.first = this.known;
    }
    return this.criterion();
  }

  step(state: unknown): StopReason | undefined {
    const { w, before, g, f } = this;
    before.set(w);
    const known = this.known;
    f.here = false;
    f.elsewhere = false;
    const result = this.method.step(this.asked, w, g, state);
    if (this.keep !== false) this.record(result);
    if (result.search?.accepted === false && result.stepSize === 0)
      return this.takeBack(known, "searchFailed");
    this.known = this.learn(result);
    if (!this.isFinite()) return this.takeBack(known, "notFinite");
    this.steps += 1;
    this.countBest();
    const reason = this.criterion();
    if (this.known.exact || (reason !== "gradientNorm" && reason !== "loss")) return reason;
    // An estimate from nearby met the criterion; the point itself has the last word.
    this.known = this.measure();
    return this.isFinite() ? this.criterion() : this.takeBack(known, "notFinite");
  }

  /** The result; asks once more where the point at hand has only been estimated. */
  finish(): Pick<
    Minimum,
    "point" | "value" | "gradientNorm" | "steps" | "valueEvaluations" | "gradientEvaluations"
  > {
    if (this.method.gradientFree === true)
      this.known = lossAndNorm(this.original, this.w, this.known.loss, this.g);
    else if (!this.known.exact) this.confirm();
    return {
      point: this.w,
      value: this.known.loss as number,
      gradientNorm: this.known.gradientNorm,
      steps: this.steps,
      valueEvaluations: this.f.values,
      gradientEvaluations: this.f.gradients,
    };
  }

  /** Measures a point that was only estimated; where the estimates hid that it is not finite, the start is the last good one. */
  private confirm(): void {
    this.known = this.measure();
    if (this.isFinite()) return;
    this.w.set(this.start);
    this.known = this.first;
    this.steps = 0;
  }

  private measure(): Known {
    const { loss, gradient } = this.f.measure(this.w);
    return { loss, gradientNorm: euclideanNorm(gradient, squaredNorm(gradient)), exact: true };
  }

  /** What the step tells of the point that it reached. */
  private learn(result: StepResult): Known {
    if (this.method.gradientFree === true) {
      const loss = result.stepSize > 0 ? result.loss : this.known.loss;
      return { loss, gradientNorm: undefined, exact: true };
    }
    // A method that takes its gradients beside the point is not charged for a second one at the point in each step.
    if (this.f.elsewhere && !this.f.here && !this.f.knows(this.w)) {
      return { loss: result.loss, gradientNorm: euclideanNorm(this.g, squaredNorm(this.g)), exact: false };
    }
    return this.measure();
  }

  private isFinite(): boolean {
    const { loss = 0, gradientNorm = 0 } = this.known;
    return Number.isFinite(loss) && Number.isFinite(gradientNorm) && this.w.every(Number.isFinite);
  }

  private takeBack(known: Known, reason: StopReason): StopReason {
    this.w.set(this.before);
    this.known = known;
    return reason;
  }

  private countBest(): void {
    const { loss } = this.known;
    this.sinceBest += 1;
    if (loss === undefined || !(loss < this.best)) return;
    this.best = loss;
    this.sinceBest = 0;
  }

  private criterion(): StopReason | undefined {
    const seconds = (performance.now() - this.started) / 1000;
    const evaluations = this.f.values + this.f.gradients;
    return metCriterion(this.stop, {
      ...this.known,
      steps: this.steps,
      sinceBest: this.sinceBest,
      evaluations,
      seconds,
    });
  }

  private record({ loss, stepSize, search }: StepResult): void {
    const { g, before, method } = this;
    this.trace.push({
      step: this.trace.length + 1,
      value: loss,
      ...(method.gradientFree === true ? {} : { gradientNorm: euclideanNorm(g, squaredNorm(g)) }),
      stepSize,
      ...(search ? { search } : {}),
      ...(this.keep === "points" ? { point: before.slice() } : {}),
    });
  }
}
