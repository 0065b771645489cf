/** Threads for predictions of many rows: started with the first of them, and ended when none has come for a while. */
import type { Precision } from "../core/index.ts";
import { createPlan, type LayerShape, type Plan, usefulThreads } from "../kernels/index.ts";

/** Multiplications of the first layer from which on a prediction is shared out: some milliseconds of one thread. */
export const WORTH_THREADS = 1e8;

/** How long threads wait for the next prediction, in milliseconds. */
const PATIENCE = 30_000;

export class Crowd {
  private readonly layers: readonly LayerShape[];
  private readonly precision: Precision;
  private made: Plan | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(layers: readonly LayerShape[], precision: Precision) {
    this.layers = layers;
    this.precision = precision;
  }

  /** A plan with threads; undefined where there are none to be had. */
  plan(): Plan | undefined {
    if (this.precision === "float64") return undefined;
    const threads = usefulThreads(this.layers);
    if (threads === 1) return undefined;
    this.made ??= createPlan({ layers: this.layers, precision: "float32" }, "auto", {
      threads,
      work: Infinity,
    });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.made?.close();
      this.made = undefined;
    }, PATIENCE);
    // A process ends when its own work is done; browsers have no such thing.
    (this.timer as { unref?: () => void }).unref?.();
    return this.made;
  }
}
