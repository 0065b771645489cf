/** What the targets of examples have against being learnt: numbers that the output cannot reach, classes that are rare. */
import { type Dataset, targetLabel } from "../core/index.ts";
import type { Activation, LayerShape, Loss } from "../kernels/index.ts";
import { digits, type Finding, listed, share } from "./findings.ts";

/** Where the values of an activation lie; the lowest of gelu and silu rounded down. */
const ranges: Readonly<Partial<Record<Activation, readonly [number, number]>>> = {
  sigmoid: [0, 1],
  softmax: [0, 1],
  tanh: [-1, 1],
  relu: [0, Infinity],
  elu: [-1, Infinity],
  selu: [-1.7580993408473766, Infinity],
  gelu: [-0.17, Infinity],
  silu: [-0.2785, Infinity],
  softplus: [0, Infinity],
};

/** Targets may miss the range by the rounding of float32 and a little more. */
const SLACK = 1e-6;

/** From this share on targets that cannot be reached are no outliers. */
const MANY_TARGETS = 0.01;

/** Targets outside of what the last layer's activation can give. Cross-entropies look at their targets themselves. */
export function targetFindings(last: LayerShape, loss: Loss, data: Dataset): Finding[] {
  const { y, outputs } = data;
  const range = ranges[last.activation];
  if (range === undefined || y instanceof Uint8Array) return [];
  if (loss === "binaryCrossEntropy" || loss === "categoricalCrossEntropy") return [];
  const [from, to] = range;
  let [count, least, most, floor] = [0, Infinity, -Infinity, 0];
  for (const target of y) {
    least = Math.min(least, target);
    most = Math.max(most, target);
    const miss = Math.max(from - target, target - to);
    if (miss <= SLACK) continue;
    count++;
    floor += loss === "huber" ? (miss <= 1 ? 0.5 * miss * miss : miss - 0.5) : miss * miss;
  }
  if (count === 0) return [];
  const outside = count / y.length;
  const lossFloor = floor / (loss === "sumOfSquares" ? y.length / outputs : y.length);
  const where = to === Infinity ? `${digits(from)} and more` : `${digits(from)} to ${digits(to)}`;
  return [
    {
      code: "target-out-of-range",
      level: outside >= MANY_TARGETS ? "error" : "warning",
      message:
        `${share(outside)} of the targets lie outside of what the ${last.activation} of the last layer can give (${where}): they go from ${digits(least)} to ${digits(most)}, ` +
        `so that the loss cannot fall below ${digits(lossFloor)}`,
      remedy: "make the last layer linear, or scale the targets into its range",
      numbers: { share: outside, least, most, from, ...(to === Infinity ? {} : { to }), lossFloor },
    },
  ];
}

/** A class this much rarer than its fair share is learnt late or never: it gets a tenth of the gradient. */
const RARE = 0.1;

/** Examples that a fair share must have, for a smaller one to be more than chance. */
const ENOUGH_EXAMPLES = 20;

/** Classes out of balance, where the targets are classes. */
export function classFindings(data: Dataset, loss: Loss): Finding[] {
  if (!hasClassTargets(data, loss)) return [];
  const counts = classCounts(data);
  const fair = data.rows / counts.length;
  const name = (label: number): string => data.classes?.[label] ?? String(label);
  const least = Math.min(...counts);
  const largest = Math.max(...counts);
  const single = largest === data.rows && data.rows > 1;
  if (!single && !(fair >= ENOUGH_EXAMPLES && least < RARE * fair)) return [];
  const rare = [...counts.keys()].filter((label) => counts[label]! < RARE * fair);
  const common = counts.indexOf(largest);
  const names = rare.map((label) => `class ${name(label)}: ${counts[label]}`);
  return [
    {
      code: "class-imbalance",
      level: single ? "error" : "warning",
      message: single
        ? `all ${data.rows} examples are of class ${name(common)}, so that its name is all that can be learnt`
        : `the classes are out of balance: of ${data.rows} examples a fair share would be ${digits(fair)}, but there are ${listed(names)}, ` +
          `and always answering ${name(common)} would be right in ${share(largest / data.rows)}`,
      remedy: single
        ? "give examples of the other classes"
        : "give more examples of the rare classes, or repeat those that there are, and judge by the confusion matrix instead of accuracy",
      numbers: { counts, fair, majority: largest / data.rows },
    },
  ];
}

/** Whether the targets are classes: labels, numbers that have class names, or what the loss takes as such. */
export function hasClassTargets({ y, classes, outputs }: Dataset, loss: Loss): boolean {
  if (y instanceof Uint8Array || classes !== undefined) return true;
  return loss === (outputs === 1 ? "binaryCrossEntropy" : "categoricalCrossEntropy");
}

/** Examples of each class, `[classes]`. */
export function classCounts(data: Dataset): number[] {
  const { y, rows, outputs } = data;
  const counts = new Array<number>(outputs === 1 && !(y instanceof Uint8Array) ? 2 : outputs).fill(0);
  for (let row = 0; row < rows; row++) counts[targetLabel(data, row)]! += 1;
  return counts;
}
