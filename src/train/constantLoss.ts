/** What there is to beat: the loss of the best answer that is the same for every example. */
import { type Dataset, mathematics64, targetAt } from "../core/index.ts";
import { type Loss, lossTable } from "../kernels/index.ts";

/** Fills `row` `[outputs]` with the targets of one example. */
function targetsOf(data: Dataset, example: number, row: Float64Array): void {
  for (let j = 0; j < row.length; j++) row[j] = targetAt(data, example, j);
}

/** -p log p. */
const entropyOf = (p: number): number => (p > 0 ? -p * mathematics64.log(p) : 0);

/**
 * The mean loss of the best constant answer: the variance of the targets for the squared losses, their entropy for the
 * cross-entropies. For huber the constant is the mean, which is nearly the best one.
 */
export function constantLoss(loss: Loss, data: Dataset): number {
  const { rows, outputs } = data;
  const row = new Float64Array(outputs);
  const means = new Float64Array(outputs);
  for (let i = 0; i < rows; i++) {
    targetsOf(data, i, row);
    for (let j = 0; j < outputs; j++) means[j] = means[j]! + row[j]! / rows;
  }
  let sum = 0;
  if (loss === "binaryCrossEntropy") {
    for (const p of means) sum += entropyOf(p) + entropyOf(1 - p);
    return sum;
  }
  if (loss === "categoricalCrossEntropy") {
    const mass = means.reduce((total, p) => total + p, 0);
    for (const p of means) sum += entropyOf(p);
    return sum - entropyOf(mass);
  }
  const { value } = lossTable("float64")[loss];
  for (let i = 0; i < rows; i++) {
    targetsOf(data, i, row);
    sum += value(means, means, row, 0, outputs) / rows;
  }
  return sum;
}
