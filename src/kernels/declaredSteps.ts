/**
 * Whole runs of steps in one call: the constants of every step go into a table, and the engine takes the steps.
 *
 *     table    one line a step, float32:   gradientDescent  rate
 *                                          momentum         rate, share kept
 *                                          adam             rate / correction1, 1 / correction2
 */
import type { ResidentData } from "./engine.ts";
import type { NarrowEngine } from "./narrowEngine.ts";
import type { DeclaredRun } from "./plan.ts";
import type { Update } from "./updates.ts";
import type { VectorMemory } from "./vectorMemory.ts";

/** Steps of one call. */
const TABLE_STEPS = 4096;

/** Bytes from one line of the table to the next. */
const LINE = 8;
export const TABLE_BYTES: number = TABLE_STEPS * LINE;

/** Writes the constants of one step, as `applyUpdate` takes them. */
function writeLine(table: Float32Array, at: number, update: Update): void {
  if (update.rule === "adam") {
    table[at] = update.learningRate / update.correction1;
    table[at + 1] = 1 / update.correction2;
    return;
  }
  table[at] = update.learningRate;
  if (update.rule === "momentum") table[at + 1] = update.momentum;
}

/** The vectors that a rule keeps. */
function kept(update: Update): Float32Array[] {
  if (update.rule === "adam") return [update.m, update.v] as Float32Array[];
  return update.rule === "momentum" ? [update.velocity as Float32Array] : [];
}

/** Whoever keeps a run's vectors elsewhere has the plan take one step at a time. */
function addressOf(vectors: VectorMemory, vector: Float32Array): number {
  if (vectors.owns(vector)) return vector.byteOffset;
  throw new Error("the vectors of a declared rule lie outside of the plan's memory");
}

/**
 * @param order Address of the order of all rows, or 0.
 * @returns `loss` plus loss times rows of each step.
 */
export function runSteps(
  engine: NarrowEngine,
  data: ResidentData,
  vectors: VectorMemory,
  table: Float32Array,
  run: DeclaredRun,
  order: number,
  w: Float32Array,
  g: Float32Array,
  loss: number,
): number {
  let sum = loss;
  for (let from = run.from; from < run.to; ) {
    const count = Math.min(TABLE_STEPS, Math.ceil((run.to - from) / run.batch));
    let update = run.declare();
    for (let step = 0; step < count; step++) {
      if (step > 0) update = run.declare();
      writeLine(table, 2 * step, update);
    }
    const [m = 0, v = 0] = kept(update).map((vector) => addressOf(vectors, vector));
    const { beta1, beta2, epsilon } = update.rule === "adam" ? update : { beta1: 0, beta2: 0, epsilon: 0 };
    const to = Math.min(run.to, from + count * run.batch);
    sum = engine.steps(data, {
      order,
      from,
      to,
      batch: run.batch,
      count,
      w: w.byteOffset,
      g: g.byteOffset,
      m,
      v,
      table: table.byteOffset,
      stride: LINE,
      losses: 0,
      beta1,
      beta2,
      epsilon,
      sum,
    });
    from = to;
  }
  return sum;
}
