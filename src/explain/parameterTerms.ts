/**
 * The derivative of the loss by one parameter, by the chain rule: dC/dw = dz/dw * (the sum over all paths from z to the loss).
 *
 * A path goes from the pre-activation that the parameter is part of, through one unit of every layer above, to the loss; its
 * factors are s'(z) at each unit, the weight between two of them, and the derivative of the loss at its end.
 */
import type { Network } from "../network/index.ts";
import { softmaxSlope } from "./deltaTerms.ts";
import { checkDerivative } from "./derivativeCheck.ts";
import type { Example } from "./example.ts";
import type { Factor, OutputRule, ParameterExplanation, Path, PathSums } from "./explainTypes.ts";
import { slopeOf } from "./forwardTerms.ts";
import { endFormula, lossDerivative, type OutputNumbers, outputRule } from "./lossTerms.ts";
import type { ParameterPlace } from "./parameterName.ts";
import { largestPaths, type PathGraph, pathCount, pathSum } from "./paths.ts";
import { plain, requireFiniteResult } from "./plainNumbers.ts";

/** @throws {NotFiniteError} When factors overflow on their way. */
export function explainParameter(e: Example, place: ParameterPlace, limit: number): ParameterExplanation {
  const { layer, unit } = place;
  const graph = graphAbove(e, layer);
  const local = localFactor(e, place);
  const beyond = pathSum(graph, unit);
  const slope = slopeFactor(e, layer, unit);
  const delta = (slope?.value ?? 1) * beyond;
  const derivative = local.value * delta;
  requireFiniteResult([beyond, derivative], () => `the sum over the paths of ${place.name}`, layer);
  return {
    ...place,
    value: plain(e.n64.parameters[place.index]!),
    local,
    slope,
    beyond: plain(beyond),
    delta: plain(delta),
    paths: listPaths(e, place, graph, local, { limit, derivative }),
    check: checkDerivative(e, place, derivative),
  };
}

function listPaths(
  e: Example,
  place: ParameterPlace,
  graph: PathGraph,
  local: Factor,
  { limit, derivative }: { limit: number; derivative: number },
): PathSums {
  const count = pathCount(graph);
  const listed = largestPaths(graph, place.unit, limit).map((units) => pathOf(e, place.layer, units, local));
  // The search multiplies in another order, which may exchange neighbors that differ in their last digit.
  listed.sort((p, q) => Math.abs(q.contribution) - Math.abs(p.contribution));
  const contributions = listed.map(({ contribution }) => contribution);
  requireFiniteResult(contributions, () => `the product along a path of ${place.name}`, place.layer);
  const listedSum = contributions.reduce((sum, contribution) => sum + contribution, 0);
  return {
    count,
    complete: listed.length === count,
    listed,
    listedSum: plain(listedSum),
    sum: plain(derivative),
  };
}

/** Level 0 is the parameter's layer; a softmax that is not taken together with its loss adds a level of outputs. */
function graphAbove({ n64, numbers, outputs }: Example, layer: number): PathGraph {
  const rule = outputRule(outputs.loss, outputs.activation);
  const derivative = lossDerivative(outputs);
  const layers = n64.layers.slice(layer - 1);
  const top = layers.length - 1;
  const weights = layers.map((_, level) => (level < top ? n64.weights(layer + level + 1) : outputs.a));
  const slopes = layers.map(({ units, activation }, level) => {
    const [z, a] = [numbers.z[layer - 1 + level]!, numbers.a[layer - 1 + level]!];
    const bare = level === top && rule !== "slope";
    return Float64Array.from({ length: units }, (_, j) => (bare ? 1 : slopeOf(activation, z[j]!, a[j]!)!));
  });
  const widths = layers.map(({ units }) => units);
  if (rule === "jacobian") widths.push(n64.outputs);
  return {
    widths,
    slope: (level, unit) => (level > top ? 1 : slopes[level]![unit]!),
    weight: (level, from, to) =>
      level < top ? weights[level]![from * widths[level + 1]! + to]! : softmaxSlope(outputs.a, to, from),
    end: (unit) => derivative[unit]!,
  };
}

/** dz/dw. */
function localFactor({ input, numbers }: Example, { kind, layer, from, unit, name }: ParameterPlace): Factor {
  const derivative = `dz${layer}[${unit}]/d${name}`;
  if (kind === "bias") return { kind: "input", name: derivative, formula: "1", value: 1 };
  const below = layer === 1 ? input : numbers.a[layer - 2]!;
  const formula = layer === 1 ? `x[${from}]` : `a${layer - 1}[${from}]`;
  return { kind: "input", name: derivative, formula, value: plain(below[from!]!) };
}

/** da/dz, or null where the last layer is not taken by itself. */
function slopeFactor({ n64, numbers, outputs }: Example, layer: number, unit: number): Factor | null {
  const { activation } = n64.layers[layer - 1]!;
  const last = layer === n64.layers.length;
  if (last && outputRule(outputs.loss, outputs.activation) !== "slope") return null;
  return {
    kind: "slope",
    name: `da${layer}[${unit}]/dz${layer}[${unit}]`,
    formula: `${activation}'(z${layer}[${unit}])`,
    value: slopeOf(activation, numbers.z[layer - 1]![unit]!, numbers.a[layer - 1]![unit]!)!,
  };
}

/** @param units One for each level of the graph. */
function pathOf(e: Example, layer: number, units: readonly number[], local: Factor): Path {
  const { n64, outputs } = e;
  const last = n64.layers.length;
  const own = units.slice(0, last - layer + 1);
  const factors: Factor[] = [local];
  for (const [level, unit] of own.entries()) {
    const at = layer + level;
    const slope = slopeFactor(e, at, unit);
    if (slope !== null) factors.push(slope);
    if (at < last) factors.push(weightFactor(n64, at, unit, own[level + 1]!));
  }
  const rule = outputRule(outputs.loss, outputs.activation);
  const end = units.at(-1)!;
  if (rule === "jacobian") factors.push(jacobianFactor(outputs.a, last, own.at(-1)!, end));
  factors.push(endFactor(outputs, rule, last, end));
  const contribution = factors.reduce((product, { value }) => product * value, 1);
  return {
    units: own,
    output: rule === "jacobian" ? end : null,
    factors,
    contribution: plain(contribution),
  };
}

const weightFactor = (n64: Network, layer: number, from: number, to: number): Factor => ({
  kind: "weight",
  name: `dz${layer + 1}[${to}]/da${layer}[${from}]`,
  formula: `W${layer + 1}[${from},${to}]`,
  value: plain(n64.weights(layer + 1)[from * n64.layers[layer]!.units + to]!),
});

const jacobianFactor = (a: ArrayLike<number>, layer: number, from: number, to: number): Factor => ({
  kind: "jacobian",
  name: `da${layer}[${to}]/dz${layer}[${from}]`,
  formula: from === to ? `a${layer}[${to}] (1 - a${layer}[${to}])` : `-a${layer}[${to}] a${layer}[${from}]`,
  value: plain(softmaxSlope(a, to, from)),
});

function endFactor(o: OutputNumbers, rule: OutputRule, layer: number, unit: number): Factor {
  const together = rule === "together";
  return {
    kind: together ? "together" : "loss",
    name: `dC/d${together ? "z" : "a"}${layer}[${unit}]`,
    formula: endFormula(o, layer, unit),
    value: plain(lossDerivative(o)[unit]!),
  };
}
