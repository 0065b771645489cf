/** The course of a run as the page keeps it: what each step saw, thinned out so that it stays small. */
import type { Losses } from "../engine/protocol.ts";
import type { PathPoint, RunTrace } from "./types.ts";

/** Points that are kept at most; then every other one goes. */
const MOST_LOSSES = 2000;
const MOST_PATH = 128;

export class Trace {
  readonly id: number;
  readonly label: string;
  private readonly steps: number[] = [];
  private readonly evaluations: number[] = [];
  private readonly losses: number[] = [];
  private points: PathPoint[] = [];
  /** Only steps that are multiples of it are kept. */
  private every = 1;
  /** The last step that is known, kept or not. */
  private known = 0;
  private seen: RunTrace | undefined;

  constructor(id: number, label: string) {
    this.id = id;
    this.label = label;
  }

  get empty(): boolean {
    return this.known === 0;
  }

  /** Steps that are known already are left out: a run takes the same course each time. */
  add({ steps, evaluations, losses }: Losses): void {
    for (const [i, step] of steps.entries()) {
      if (step <= this.known) continue;
      this.known = step;
      if (step % this.every !== 0 && this.every > 1) continue;
      this.steps.push(step);
      this.evaluations.push(evaluations[i]!);
      this.losses.push(losses[i]!);
      if (this.steps.length > MOST_LOSSES) this.thin();
    }
    this.seen = undefined;
  }

  /** The parameters after a step, for the path. */
  pass(step: number, parameters: Float32Array): void {
    const { points } = this;
    if (points.length > 0 && step <= points.at(-1)!.step) return;
    const kept = points.length < MOST_PATH ? points : points.filter((_, i) => i % 2 === 0);
    this.points = [...kept, { step, parameters }];
  }

  /** Thinned out: the first place, then frames in equal distance by count. */
  get path(): readonly PathPoint[] {
    return this.points;
  }

  view(live: boolean): RunTrace {
    if (this.seen?.live === live) return this.seen;
    const { id, label, steps, evaluations, losses } = this;
    this.seen = {
      id,
      label,
      live,
      steps: [...steps],
      evaluations: [...evaluations],
      losses: [...losses],
    };
    return this.seen;
  }

  private thin(): void {
    this.every *= 2;
    let kept = 0;
    for (const [i, step] of this.steps.entries()) {
      if (step % this.every !== 0) continue;
      this.steps[kept] = step;
      this.evaluations[kept] = this.evaluations[i]!;
      this.losses[kept] = this.losses[i]!;
      kept++;
    }
    for (const list of [this.steps, this.evaluations, this.losses]) list.length = kept;
  }
}
