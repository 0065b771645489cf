/**
 * The delta recursion spelled out: delta_l[j] = s'(z_l[j]) * sum over k of W_{l+1}[j,k] * delta_{l+1}[k], from the loss down.
 *
 * The deltas themselves are those of the network's backward pass; the products here show how they come about.
 * Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors (Nature 323, 1986), equations 4 to 7.
 */
import type { Network } from "../network/index.ts";
import type { DeltaTerm, LayerDeltas, UnitDelta } from "./explainTypes.ts";
import { type RowNumbers, slopeOf } from "./forwardTerms.ts";
import { lossDerivative, type OutputNumbers, outputRule } from "./lossTerms.ts";
import { plain } from "./plainNumbers.ts";

/** @param deltas dC/dz of every layer, `[layers][units]`. */
export function deltaTerms(
  n64: Network,
  numbers: RowNumbers,
  outputs: OutputNumbers,
  deltas: readonly ArrayLike<number>[],
): LayerDeltas[] {
  const layers: LayerDeltas[] = [outputDeltas(n64.layers.length, outputs, deltas.at(-1)!)];
  for (let l = n64.layers.length - 2; l >= 0; l--) {
    const { units, activation } = n64.layers[l]!;
    const weights = n64.weights(l + 2);
    const above = deltas[l + 1]!;
    const ofUnit = (unit: number): UnitDelta => {
      const terms = Array.from(above, (delta, to): DeltaTerm => {
        const weight = weights[unit * above.length + to]!;
        return term(to, weight, delta);
      });
      const slope = slopeOf(activation, numbers.z[l]![unit]!, numbers.a[l]![unit]!);
      return unitDelta(unit, deltas[l]![unit]!, terms, sumOf(terms), slope);
    };
    layers.push({ layer: l + 1, rule: "above", units: Array.from({ length: units }, (_, j) => ofUnit(j)) });
  }
  return layers;
}

function outputDeltas(layer: number, o: OutputNumbers, deltas: ArrayLike<number>): LayerDeltas {
  const rule = outputRule(o.loss, o.activation);
  const derivative = lossDerivative(o);
  const ofUnit = (unit: number): UnitDelta => {
    if (rule === "jacobian") {
      const terms = Array.from(derivative, (delta, to) => term(to, softmaxSlope(o.a, to, unit), delta));
      return unitDelta(unit, deltas[unit]!, terms, sumOf(terms), null);
    }
    const slope = rule === "slope" ? slopeOf(o.activation, o.z[unit]!, o.a[unit]!) : null;
    return unitDelta(unit, deltas[unit]!, [], derivative[unit]!, slope);
  };
  return { layer, rule, units: Array.from({ length: o.z.length }, (_, j) => ofUnit(j)) };
}

/** da[to]/dz[from] of softmax: a[to] (1 - a[from]) where the two are one, else -a[to] a[from]. */
export function softmaxSlope(a: ArrayLike<number>, to: number, from: number): number {
  return to === from ? a[to]! * (1 - a[from]!) : -a[to]! * a[from]!;
}

const term = (to: number, weight: number, delta: number): DeltaTerm => ({
  to,
  weight: plain(weight),
  delta: plain(delta),
  product: plain(weight * delta),
});

const sumOf = (terms: readonly DeltaTerm[]): number => terms.reduce((sum, { product }) => sum + product, 0);

const unitDelta = (
  unit: number,
  delta: number,
  terms: DeltaTerm[],
  sum: number,
  slope: number | null,
): UnitDelta => ({
  unit,
  delta: plain(delta),
  terms,
  sum: plain(sum),
  slope,
  recursion: plain((slope ?? 1) * sum),
});
