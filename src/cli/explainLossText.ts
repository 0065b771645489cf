/** The loss and the deltas of an explanation as trees of real numbers. */
import type { DeltaTerm, Explanation, LayerDeltas } from "../explain/index.ts";
import type { Loss } from "../kernels/index.ts";
import { brief, cut, moreOf } from "./explainText.ts";
import { short } from "./numbers.ts";
import type { Branch } from "./tree.ts";

const lossFormulas: Readonly<Record<Loss, string>> = {
  sumOfSquares: "the sum of (a - y)²",
  meanSquaredError: "the mean of (a - y)²",
  huber: "the mean of (a - y)² / 2 where |a - y| <= 1, else |a - y| - 1/2",
  binaryCrossEntropy: "the sum of -y log p - (1 - y) log(1 - p)",
  categoricalCrossEntropy: "the sum of -y log p",
};

/** The loss, output by output. */
export function lossTree({ loss, layers }: Explanation, most: number): Branch {
  const { value, outputs, loss: name } = loss!;
  const last = layers.length;
  const linear = layers.at(-1)!.activation === "linear";
  const branches = cut(outputs, most, ({ term }) => term).map(
    ({ unit, output, target, probability, term }) => {
      const p = probability !== null && linear ? `, p = ${brief(probability)}` : "";
      return { text: `a${last}[${unit}] = ${brief(output)}, y[${unit}] = ${brief(target)}${p}`, value: term };
    },
  );
  const rest = value - branches.reduce((sum, branch) => sum + branch.value, 0);
  return {
    text: `loss C, ${name}: ${lossFormulas[name]}`,
    ...(name.endsWith("CrossEntropy") ? { more: [`p is ${probabilityText(name, linear)}`] } : {}),
    branches: [
      ...branches,
      ...moreOf(outputs.length - branches.length, "output", rest),
      ...(outputs.length === 1 ? [] : [{ text: "C", value }]),
    ],
  };
}

function probabilityText(loss: Loss, linear: boolean): string {
  if (!linear) return "the output";
  return loss === "binaryCrossEntropy" ? "sigmoid of the logit" : "softmax of the logits";
}

/** The deltas from the last layer to the first. */
export function deltaTrees({ deltas, loss, layers }: Explanation, most: number): Branch[] {
  return deltas!.map((layerDeltas) => {
    const { activation } = layers[layerDeltas.layer - 1]!;
    const shown = cut(layerDeltas.units, most, ({ delta }) => delta);
    const branches = shown.map((unit) => deltaTree(layerDeltas, unit, activation, { loss: loss!, most }));
    return {
      text: deltaHeading(layerDeltas),
      branches: [...branches, ...moreOf(layerDeltas.units.length - branches.length, "unit")],
    };
  });
}

function deltaHeading({ layer, rule }: LayerDeltas): string {
  const left = `backward, layer ${layer}: delta${layer} = dC/dz${layer}`;
  if (rule === "above") return `${left} = s'(z${layer}) · (W${layer + 1} delta${layer + 1})`;
  if (rule === "slope") return `${left} = s'(z${layer}) · dC/da${layer}`;
  if (rule === "jacobian") return `${left}, through the derivatives of softmax`;
  return `${left}, output and loss taken together`;
}

function deltaTree(
  { layer, rule }: LayerDeltas,
  { unit, delta, terms, sum, slope }: LayerDeltas["units"][number],
  activation: string,
  { loss, most }: { loss: NonNullable<Explanation["loss"]>; most: number },
): Branch {
  const at = `${layer}[${unit}]`;
  const name = `delta${at}`;
  if (rule === "together") return { text: `${name} = ${loss.outputs[unit]!.formula}`, value: delta };
  const shown = cut(terms, most, ({ product }) => product);
  const rest = sum - shown.reduce((total, { product }) => total + product, 0);
  const products = [
    ...shown.map((term) => deltaProduct(term, layer, unit, rule)),
    ...moreOf(terms.length - shown.length, "product", rest),
  ];
  if (rule === "jacobian") return { text: name, value: delta, branches: products };
  const own = `${activation}'(z${at})`;
  const formula = rule === "slope" ? loss.outputs[unit]!.formula : `the sum over layer ${layer + 1}`;
  return {
    text: `${name} = ${own} · dC/da${at}`,
    value: delta,
    branches: [
      { text: own, value: slope! },
      { text: `dC/da${at} = ${formula}`, value: sum, branches: products },
    ],
  };
}

function deltaProduct(
  { to, weight, delta, product }: DeltaTerm,
  layer: number,
  unit: number,
  rule: LayerDeltas["rule"],
): Branch {
  const names =
    rule === "jacobian"
      ? `da${layer}[${to}]/dz${layer}[${unit}] · dC/da${layer}[${to}]`
      : `W${layer + 1}[${unit},${to}] · delta${layer + 1}[${to}]`;
  return { text: `${names} = ${short(weight)} · ${short(delta)}`, value: product };
}
