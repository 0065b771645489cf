/**
 * The loss output by output, and its derivative by the outputs, both by the functions that training uses.
 *
 * A cross-entropy is taken together with its output function, since dC/dz of the two is probability minus target (for softmax
 * where the targets add up to 1), while dC/da alone would divide by probabilities of nearly 0.
 */
import { mathematics64 } from "../core/index.ts";
import { type Activation, type Loss, lossTable } from "../kernels/index.ts";
import type { LossExplanation, OutputLoss, OutputRule } from "./explainTypes.ts";
import { plain } from "./plainNumbers.ts";

/** The last layer and the target. */
export interface OutputNumbers {
  readonly loss: Loss;
  readonly activation: Activation;
  /** `[outputs]` each. */
  readonly z: Float64Array;
  readonly a: Float64Array;
  readonly y: Float64Array;
}

export function outputRule(loss: Loss, activation: Activation): OutputRule {
  if (lossTable("float64")[loss].from === "logits") return "together";
  return activation === "softmax" ? "jacobian" : "slope";
}

/** The loss's derivative `[outputs]`: by z for "together", else by a. */
export function lossDerivative({ loss, z, a, y }: OutputNumbers): Float64Array {
  const out = new Float64Array(z.length);
  lossTable("float64")[loss].derivative(z, a, y, out, 0, z.length);
  return out;
}

/**
 * @param layer  The number of the last layer.
 * @param value  The loss.
 * @param deltas dC/dz of the last layer, `[outputs]`.
 */
export function explainLoss(
  o: OutputNumbers,
  layer: number,
  value: number,
  deltas: ArrayLike<number>,
): LossExplanation {
  const rule = outputRule(o.loss, o.activation);
  const derivative = lossDerivative(o);
  const probabilities = probabilitiesOf(o, rule);
  const outputOf = (unit: number): OutputLoss => ({
    unit,
    output: plain(o.a[unit]!),
    target: plain(o.y[unit]!),
    probability: probabilities === null ? null : plain(probabilities[unit]!),
    term: plain(termOf(o, unit)),
    derivative: rule === "together" ? null : plain(derivative[unit]!),
    formula: endFormula(o, layer, unit),
    delta: plain(deltas[unit]!),
  });
  const outputs = Array.from({ length: o.z.length }, (_, j) => outputOf(j));
  return { loss: o.loss, value: plain(value), outputFactor: rule, outputs };
}

/** The loss of an example that differs from its target in this output alone, or has a target there alone. */
function termOf({ loss, z, a, y }: OutputNumbers, unit: number): number {
  const { value } = lossTable("float64")[loss];
  const n = z.length;
  if (loss === "binaryCrossEntropy") return value(z, a, y, unit, 1);
  const alone = loss === "categoricalCrossEntropy" ? new Float64Array(n) : a.slice();
  alone[unit] = y[unit]!;
  return value(z, a, alone, 0, n);
}

function probabilitiesOf({ loss, activation, z, a }: OutputNumbers, rule: OutputRule): Float64Array | null {
  if (rule !== "together") return null;
  if (activation !== "linear") return a;
  if (loss === "binaryCrossEntropy") return z.map(mathematics64.logistic);
  const top = z.reduce((most, zj) => Math.max(most, zj), -Infinity);
  const shares = z.map((zj) => mathematics64.exp(zj - top));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

const difference = (layer: number, unit: number): string => `a${layer}[${unit}] - y[${unit}]`;
const shared = (outputs: number): string => (outputs === 1 ? "" : ` / ${outputs}`);

type Formula = (o: OutputNumbers, layer: number, unit: number) => string;

/** What dC/da comes to; for the cross-entropies dC/dz. */
const formulas: Readonly<Record<Loss, Formula>> = {
  sumOfSquares: (_o, layer, unit) => `2 (${difference(layer, unit)})`,
  meanSquaredError: ({ y }, layer, unit) => `2 (${difference(layer, unit)})${shared(y.length)}`,
  huber: ({ y }, layer, unit) => `clip(${difference(layer, unit)}, -1, 1)${shared(y.length)}`,
  binaryCrossEntropy: ({ activation }, layer, unit) =>
    activation === "linear" ? `sigmoid(z${layer}[${unit}]) - y[${unit}]` : difference(layer, unit),
  categoricalCrossEntropy({ activation, y }, layer, unit) {
    const p = activation === "linear" ? `softmax(z${layer})[${unit}]` : `a${layer}[${unit}]`;
    const mass = y.reduce((sum, target) => sum + target, 0);
    return `${p}${mass === 1 ? "" : " sum(y)"} - y[${unit}]`;
  },
};

/** The formula of the factor at the end of a path. @param layer The number of the last layer. */
export function endFormula(o: OutputNumbers, layer: number, unit: number): string {
  return formulas[o.loss](o, layer, unit);
}
