/**
 * What stands between an optimizer and the objective while a network is trained: it counts, clips, and stops the step in
 * which a loss or gradient is not finite, before that can reach the parameters.
 */
import {
  type Counts,
  countedSquares,
  type LeastSquares,
  type Objective,
  type Vector,
} from "../core/index.ts";
import { elementwise, type NotFinitePlace, vectorLike } from "../kernels/index.ts";
import type { Network } from "../network/index.ts";
import { clipToNorm, clipToValue } from "../optim/index.ts";

/** Thrown inside of a step and caught by the loop; never leaves this room. */
export class StepNotFinite extends Error {
  /** The point at which the loss or gradient was not finite. */
  readonly point: Vector;

  constructor(point: Vector) {
    super("a loss or gradient is not finite");
    this.point = point.slice();
  }
}

export class Guard implements Objective {
  readonly dimension: number;
  readonly counts: Counts;
  readonly leastSquares?: LeastSquares;
  /** Of the last gradient of this step, before clipping; null where none was taken. */
  gradientNorm: number | null = null;
  private readonly f: Objective;
  private readonly clipNorm: number;
  private readonly clipValue: number;
  /** Whether a gradient may be that of a trial, which the optimizer knows how to refuse. */
  private readonly trials: boolean;
  private readonly model: Vector;
  /** The last model whose step began with a finite loss and gradient, and the one that this step began with. */
  private good: Vector;
  private current: Vector;
  private hasGood = false;
  private rows = 0;
  private careful = true;

  /** @param model The parameters that are being trained. */
  constructor(
    f: Objective,
    model: Vector,
    counts: Counts,
    { clipNorm, clipValue, trials }: { clipNorm: number; clipValue: number; trials: boolean },
  ) {
    this.f = f;
    this.dimension = f.dimension;
    this.model = model;
    this.good = vectorLike(model);
    this.current = vectorLike(model);
    this.good.set(model);
    this.counts = counts;
    this.clipNorm = clipNorm;
    this.clipValue = clipValue;
    this.trials = trials;
    if (f.leastSquares !== undefined) this.leastSquares = countedSquares(f.leastSquares, this.spend);
  }

  /** A step over a batch of so many rows begins. */
  begin(rows: number): void {
    this.rows = rows;
    this.careful = true;
    this.gradientNorm = null;
    this.current.set(this.model);
  }

  /** The same for a step that nobody watches: only what `endUnwatched` cannot see later is looked at. */
  beginUnwatched(rows: number): void {
    this.rows = rows;
    this.careful = false;
  }

  /** Keeps a copy of the model before the last of some unwatched steps. */
  beforeLastUnwatched(): void {
    this.current.set(this.model);
  }

  /**
   * Whether all that unwatched steps made is finite: a gradient that was not would have left its mark in the parameters. The
   * model before the last step then counts as good.
   */
  endUnwatched(losses: number): boolean {
    if (!Number.isFinite(losses) || !elementwise(this.model).allFinite(this.model)) return false;
    [this.good, this.current] = [this.current, this.good];
    this.hasGood = true;
    return true;
  }

  private readonly spend = (values: number, gradients: number): void => {
    this.counts.valueEvaluations += values;
    this.counts.gradientEvaluations += gradients;
    this.counts.exampleEvaluations += this.rows * (values + gradients);
  };

  /** Counts gradients that a plan took by itself. */
  count(gradients: number, rows: number): void {
    this.counts.gradientEvaluations += gradients;
    this.counts.exampleEvaluations += rows;
  }

  value(w: Vector): number {
    this.counts.valueEvaluations++;
    this.counts.exampleEvaluations += this.rows;
    // A value that is not finite is a trial that fails, which line searches and guessing know how to refuse.
    const value = this.f.value(w);
    if (Number.isFinite(value)) this.hasGood = true;
    return value;
  }

  gradient(w: Vector, g: Vector): number {
    this.counts.gradientEvaluations++;
    this.counts.exampleEvaluations += this.rows;
    const loss = this.f.gradient(w, g);
    if (!this.careful) {
      const finite = this.trials || (Number.isFinite(loss) && elementwise(g).allFinite(g));
      if (!finite) throw new StepNotFinite(w);
      return loss;
    }
    const norm = Math.sqrt(elementwise(g).dot(g, g));
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      if (this.trials) return loss;
      throw new StepNotFinite(w);
    }
    // What the step began with has proved good; the vectors change places, since the copy is there already.
    if (this.gradientNorm === null) [this.good, this.current] = [this.current, this.good];
    this.gradientNorm = norm;
    this.hasGood = true;
    if (this.clipValue < Infinity) clipToValue(g, this.clipValue);
    clipToNorm(g, norm, this.clipNorm);
    return loss;
  }

  /** After a step among whose gradients were trials: looks at the loss and the gradient that it began with. */
  endTrials(loss: number, g: Vector): void {
    const norm = Math.sqrt(elementwise(g).dot(g, g));
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) throw new StepNotFinite(this.model);
    this.gradientNorm = norm;
  }

  /** @throws {StepNotFinite} When the step that was taken made a parameter infinite or NaN. */
  requireFiniteModel(): void {
    if (!elementwise(this.model).allFinite(this.model)) throw new StepNotFinite(this.model);
  }

  /** Puts the last good parameters back; false where there never were any. */
  restore(): boolean {
    this.model.set(this.good);
    return this.hasGood;
  }
}

const places: Readonly<Record<NotFinitePlace["what"], string>> = {
  parameters: "the parameters of layer # are",
  "pre-activations": "the pre-activations of layer # are",
  activations: "the activations of layer # are",
  loss: "the loss behind layer # is",
  deltas: "the derivatives by the pre-activations of layer # are",
  gradient: "the gradient of layer # is",
};

/** Names the first place where a number was not finite, and what helps. */
export function describeNotFinite(
  place: NotFinitePlace | undefined,
  n: Network,
  step: number,
  hasGood: boolean,
): { layer: number; message: string } {
  // Every number of the layers is finite: then it is a sum over them that overflowed.
  const where =
    place === undefined
      ? "the penalty or the norm of the gradient is"
      : places[place.what].replace("#", `${place.layer} (${n.layers[place.layer - 1]!.activation})`);
  const mend = hasGood
    ? "the parameters are those of the last good step. Take a smaller learning rate or the optimizer auto(), set clipNorm, or scale the data."
    : "there was no good step before it, so the start itself is to blame. Scale the data, or start with smaller weights.";
  return {
    layer: place?.layer ?? n.layers.length,
    message: `step ${step}: ${where} no longer finite; ${mend}`,
  };
}
