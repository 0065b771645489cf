/** How a network does on a set of examples, on a scale that says how good that is: right classes, or explained variance. */
import { type Dataset, predictedLabel, targetLabel, type Vector, zeros } from "../core/index.ts";
import { selectRows } from "../data/index.ts";
import type { Loss } from "../kernels/index.ts";
import { givesLogits, type Network, objective, readParameters } from "../network/index.ts";
import { evenly } from "./findings.ts";
import { finiteOrNull } from "./plainNumbers.ts";
import { hasClassTargets } from "./targetFindings.ts";
import type { Score } from "./trainingFindings.ts";

/** Examples that a score is measured on, at most: to half a point. */
const MOST_ROWS = 10_000;

/** Loss, and accuracy for classes or the share of explained variance for numbers. */
export function scoreOf(n: Network, loss: Loss, all: Dataset): Score {
  const data = all.rows > MOST_ROWS ? selectRows(all, evenly(all.rows, MOST_ROWS)) : all;
  const { plan } = objective(n, loss, data);
  const w = readParameters(n);
  const value = plan.value(w);
  const out = zeros(n.precision, data.rows * n.outputs);
  plan.predict(w, data.x, data.rows, out, data.scale);
  const { rows } = data;
  if (hasClassTargets(data, loss)) {
    return {
      rows,
      loss: value,
      score: accuracy(data, out, givesLogits(n, loss) ? 0 : 0.5),
      kind: "accuracy",
    };
  }
  return { rows, loss: value, score: finiteOrNull(rSquared(data, out)), kind: "rSquared" };
}

function accuracy(data: Dataset, out: Vector, threshold: number): number {
  let right = 0;
  for (let row = 0; row < data.rows; row++) {
    if (predictedLabel(out, row, data.outputs, threshold) === targetLabel(data, row)) right++;
  }
  return right / data.rows;
}

/** 1 - (squared error) / (squared deviation of the targets from their mean, by output); not finite where they are all equal. */
function rSquared({ y, rows, outputs }: Dataset, out: Vector): number {
  const means = new Float64Array(outputs);
  for (let i = 0; i < out.length; i++) means[i % outputs]! += y[i]! / rows;
  let error = 0;
  let spread = 0;
  for (let i = 0; i < out.length; i++) {
    const miss = out[i]! - y[i]!;
    const deviation = y[i]! - means[i % outputs]!;
    error += miss * miss;
    spread += deviation * deviation;
  }
  return 1 - error / spread;
}
