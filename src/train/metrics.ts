/** Figures for people: they are reported and never differentiated. */
import {
  type Dataset,
  OptionError,
  predictedLabel,
  targetAt,
  targetLabel,
  type Vector,
} from "../core/index.ts";
import type { Loss } from "../kernels/index.ts";
import { givesLogits, type Network } from "../network/index.ts";

/** What a metric sees: outputs and targets, both `[rows, outputs]`, and the output that parts two classes. */
interface Scored {
  readonly output: Vector;
  readonly data: Dataset;
  readonly threshold: number;
}

const metricTable: Readonly<Record<string, (scored: Scored) => number>> = {
  /** Share of the examples whose predicted class is the target's. */
  accuracy({ output, data, threshold }) {
    let right = 0;
    for (let row = 0; row < data.rows; row++) {
      if (predictedLabel(output, row, data.outputs, threshold) === targetLabel(data, row)) right++;
    }
    return right / data.rows;
  },
  meanAbsoluteError({ output, data }) {
    let sum = 0;
    for (let i = 0; i < output.length; i++) sum += Math.abs(output[i]! - targetOf(data, i));
    return sum / output.length;
  },
  /** 1 - (squared error) / (squared deviation of the targets from their mean, by output). */
  rSquared({ output, data }) {
    const means = new Float64Array(data.outputs);
    for (let i = 0; i < output.length; i++) means[i % data.outputs]! += targetOf(data, i) / data.rows;
    let error = 0;
    let spread = 0;
    for (let i = 0; i < output.length; i++) {
      const target = targetOf(data, i);
      const miss = output[i]! - target;
      const deviation = target - means[i % data.outputs]!;
      error += miss * miss;
      spread += deviation * deviation;
    }
    // Constant targets have no spread to explain: right everywhere counts as 1, anything else as 0.
    if (spread === 0) return error === 0 ? 1 : 0;
    return 1 - error / spread;
  },
};

export const metricNames: readonly string[] = Object.keys(metricTable);

/** Whether the targets are classes: labels, or numbers that the dataset has class names for. */
export function hasClasses(data: Dataset): boolean {
  return data.y instanceof Uint8Array || data.classes !== undefined;
}

/** Whether accuracy says something: the targets are classes, or the loss takes them as such. */
export function isClassification(data: Dataset, loss: Loss): boolean {
  return hasClasses(data) || (loss === "categoricalCrossEntropy" && data.outputs > 1);
}

/** The output from which on a single output means class 1: 1/2, or 0 where it is a logit. */
export function classThreshold(n: Network, loss: Loss | undefined = n.metadata.loss): number {
  return givesLogits(n, loss) ? 0 : 0.5;
}

/** The target of the i-th of all outputs. */
function targetOf(data: Dataset, i: number): number {
  return targetAt(data, Math.floor(i / data.outputs), i % data.outputs);
}

/** @throws {OptionError} When a name is not a metric. */
export function checkMetrics(names: readonly string[]): void {
  for (const name of names) {
    if (metricNames.includes(name)) continue;
    throw new OptionError(
      "metrics",
      `metrics has ${JSON.stringify(name)}, expected names out of ${metricNames.join(", ")}.`,
    );
  }
}

export function computeMetrics(names: readonly string[], scored: Scored): Record<string, number> {
  const out: Record<string, number> = {};
  for (const name of names) out[name] = metricTable[name]!(scored);
  return out;
}
