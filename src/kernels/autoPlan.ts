/**
 * Readable code for little work, generated code for much: making the latter takes a few milliseconds, in which the former
 * could have been done already. Since both give the same bits, nobody can tell when it changes over.
 */
import { type Dataset, OptionError, type Seed, type Vector } from "../core/index.ts";
import { loadKernelsNow, worthGenerating } from "./loadKernels.ts";
import type { BatchRows, DeclaredRun, NotFinitePlace, Plan, PlanSpec } from "./plan.ts";
import { ScalarPlan } from "./scalarPlan.ts";
import type { SimdOptions } from "./simdPlan.ts";
import type { Update } from "./updates.ts";

export class AutoPlan implements Plan {
  readonly spec: PlanSpec;
  readonly parameterCount: number;
  private readonly options: SimdOptions;
  private readonly scalar: ScalarPlan;
  private plan: Plan;
  /** Until then `plan` is the scalar one; Infinity where it stays. */
  private left: number;
  private data: Dataset | undefined;
  private batch: BatchRows = { from: 0, rows: 0 };
  private masks: { seed: Seed; step: number } | undefined;

  /** @param atOnce Whether to begin with generated code. */
  constructor(spec: PlanSpec, options: SimdOptions, atOnce: boolean) {
    this.spec = spec;
    this.options = options;
    this.scalar = new ScalarPlan(spec);
    this.plan = this.scalar;
    this.parameterCount = this.scalar.parameterCount;
    this.left = atOnce ? 0 : worthGenerating();
  }

  load(data: Dataset, batch: BatchRows): void {
    this.data = data;
    this.batch = batch;
    this.plan.load(data, batch);
  }

  dropout(masks?: { seed: Seed; step: number }): void {
    this.masks = masks;
    this.plan.dropout(masks);
  }

  value(w: Vector): number {
    return this.for(this.batch.rows).value(w);
  }

  gradient(w: Vector, g: Vector): number {
    return this.for(3 * this.batch.rows).gradient(w, g);
  }

  update(rule: Update, w: Vector, g: Vector): void {
    this.plan.update(rule, w, g);
  }

  steps(run: DeclaredRun, w: Vector, g: Vector, loss: number): number | undefined {
    return this.for(3 * (run.to - run.from)).steps(run, w, g, loss);
  }

  predict(w: Vector, x: Vector | Uint8Array, rows: number, out: Vector, scale?: number): void {
    this.for(rows).predict(w, x, rows, out, scale);
  }

  forward(w: Vector, x: Vector, rows: number): { z: Vector[]; a: Vector[] } {
    return this.scalar.forward(w, x, rows);
  }

  firstNotFinite(w: Vector): NotFinitePlace | undefined {
    return this.plan.firstNotFinite(w);
  }

  get anyRows(): boolean {
    return this.plan.anyRows;
  }

  get holdsVectors(): boolean {
    return this.plan.holdsVectors;
  }

  vector(): Vector {
    return this.for(0).vector();
  }

  close(): void {
    this.plan.close();
  }

  /** The plan for the next evaluation, which goes over so many rows. */
  private for(rows: number): Plan {
    if (this.plan !== this.scalar || this.left === Infinity) return this.plan;
    this.left -= rows * this.parameterCount;
    if (this.left > 0) return this.plan;
    const kernels = loadKernelsNow();
    // The next evaluation after they have come takes them.
    if (kernels === undefined) return this.plan;
    const { spec, options, data, batch, masks } = this;
    try {
      const fast = kernels.fastPlan(spec, options);
      if (data !== undefined) fast.load(data, batch);
      fast.dropout(masks);
      fast.prepare();
      this.plan = fast;
    } catch (error) {
      // Too large for one memory, or no memory to be had.
      if (!(error instanceof OptionError || error instanceof RangeError)) throw error;
      this.left = Infinity;
    }
    return this.plan;
  }
}
