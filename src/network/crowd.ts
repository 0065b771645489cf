/** Threads for predictions of many rows: started with the first of them, and ended when none has come for a while. */
import type { Precision } from "../core/index.ts";
import {
  availableThreads,
  canShareMemory,
  createPlan,
  type LayerShape,
  type Plan,
} from "../kernels/index.ts";

/** Multiplications of the first layer from which on a prediction is shared out: some milliseconds of one thread. */
export const WORTH_THREADS = 1e8;

const MOST_THREADS = 8;

/** Layers up to this width are over before threads could meet. */
const NARROW = 32;

/** How long threads wait for the next prediction, in milliseconds. */
const PATIENCE = 5000;

export class Crowd {
  private readonly layers: readonly LayerShape[];
  private readonly threads: number;
  private made: Plan | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(layers: readonly LayerShape[], precision: Precision) {
    const widest = Math.max(...layers.map(({ inputs, units }) => Math.max(inputs, units)));
    const useful = precision === "float32" && widest > NARROW;
    this.layers = layers;
    this.threads = useful ? MOST_THREADS : 1;
  }

  /** A plan with threads; undefined where there are none to be had. */
  plan(): Plan | undefined {
    if (this.threads === 1 || !canShareMemory()) return undefined;
    const threads = Math.min(this.threads, availableThreads());
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
