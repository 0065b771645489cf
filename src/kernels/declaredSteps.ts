/**
 * Whole runs of steps in one call: the constants of every step go into a table, and the engine takes the steps.
 *
 *     table    one line a step, float32:   gradientDescent     rate
 *                                          momentum, nesterov  rate, share kept
 *                                          rmsProp             rate
 *                                          adam                rate / correction1, 1 / correction2
 *                                          adamW               the same, rate times weight decay
 */
import type { ResidentData } from "./engine.ts";
import { laneRules } from "./laneRules.ts";
import type { NarrowEngine } from "./narrowEngine.ts";
import type { DeclaredRun } from "./plan.ts";
import type { Update } from "./updates.ts";
import type { VectorMemory } from "./vectorMemory.ts";

/** Steps of one call. */
const TABLE_STEPS = 4096;

/** The longest line of the table has so many numbers. */
const MOST_CONSTANTS = 3;
export const TABLE_BYTES: number = TABLE_STEPS * 4 * MOST_CONSTANTS;

/** Writes the constants of one step from place `at` on, as `applyUpdate` takes them. */
function writeLine(table: Float32Array, at: number, update: Update): void {
  switch (update.rule) {
    case "adam":
    case "adamW":
      table[at] = update.learningRate / update.correction1;
      table[at + 1] = 1 / update.correction2;
      if (update.rule === "adamW") table[at + 2] = update.learningRate * update.weightDecay;
      return;
    case "momentum":
    case "nesterov":
      table[at + 1] = update.momentum;
  }
  table[at] = update.learningRate;
}

/** The vectors that a rule keeps, in the order of `laneRules.ts`. */
function kept(update: Update): Float32Array[] {
  switch (update.rule) {
    case "gradientDescent":
      return [];
    case "momentum":
    case "nesterov":
      return [update.velocity as Float32Array];
    case "rmsProp":
      return [update.v as Float32Array];
    default:
      return [update.m, update.v] as Float32Array[];
  }
}

/** The constants of a run; 0 where the rule has none. */
function constantsOf(update: Update): { beta1: number; beta2: number; epsilon: number } {
  switch (update.rule) {
    case "rmsProp":
      return { beta1: 0, beta2: update.decay, epsilon: update.epsilon };
    case "adam":
    case "adamW":
      return update;
    default:
      return { beta1: 0, beta2: 0, epsilon: 0 };
  }
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
    const width = laneRules[update.rule].ofStep.length;
    for (let step = 0; step < count; step++) {
      if (step > 0) update = run.declare();
      writeLine(table, width * step, update);
    }
    const [m = 0, v = 0] = kept(update).map((vector) => addressOf(vectors, vector));
    const { beta1, beta2, epsilon } = constantsOf(update);
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
      stride: 4 * width,
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
