/** The derivative by one parameter as text: its factors, the paths to the loss, the check, and what the source prints. */
import type { Explanation, ParameterExplanation, Path, PrintedForm } from "../explain/index.ts";
import { brief } from "./explainText.ts";
import { grouped, short } from "./numbers.ts";
import { type Branch, digitsOf } from "./tree.ts";

/**
 * @param most    How many paths are shown.
 * @param columns Letters of a line.
 */
export function parameterTrees(
  { parameter, layers }: Explanation,
  { most, columns }: { most: number; columns: number },
): Branch[] {
  const p = parameter!;
  const last = layers.length;
  const single = p.paths.count === 1 && p.paths.listed.length === 1;
  const { activation } = layers[p.layer - 1]!;
  return [
    single ? singlePath(p, layers) : factorTree(p, activation),
    ...(single ? [] : [pathTree(p, last, { most, columns })]),
    checkTree(p),
  ];
}

const activationFormulas: Readonly<Record<string, string>> = {
  linear: "1",
  sigmoid: "a (1 - a)",
  tanh: "1 - a²",
  relu: "1 for z > 0, else 0",
  leakyRelu: "1 for z > 0, else 0.01",
  elu: "1 for z > 0, else a + 1",
  selu: "1.0507 for z > 0, else a + 1.7581",
  gelu: "Φ(z) + z φ(z)",
  silu: "s + a (1 - s), s = sigmoid(z)",
  softplus: "sigmoid(z)",
};

function slopeText(formula: string, activation: string): string {
  return `${formula} = ${activationFormulas[activation] ?? ""}`;
}

/** One way to the loss: all its factors, one below the other. */
function singlePath(
  { name, value, layer, paths }: ParameterExplanation,
  layers: Explanation["layers"],
): Branch {
  const { factors, contribution } = paths.listed[0]!;
  let at = layer - 1;
  const branches = factors.map((factor) => {
    const isSlope = factor.kind === "slope";
    const formula = isSlope ? slopeText(factor.formula, layers[at++]!.activation) : factor.formula;
    return { text: `${factor.name} = ${formula}`, value: factor.value };
  });
  return { text: `dC/d${name} at ${name} = ${brief(value)}: the product`, value: contribution, branches };
}

function factorTree(p: ParameterExplanation, activation: string): Branch {
  const { layer, unit, local, slope, beyond, paths } = p;
  const at = `${layer}[${unit}]`;
  const sum = `the sum over ${pathsText(paths.count)}`;
  const factors: Branch[] = [{ text: `${local.name} = ${local.formula}`, value: local.value }];
  if (slope !== null) {
    factors.push({ text: `${slope.name} = ${slopeText(slope.formula, activation)}`, value: slope.value });
  }
  factors.push({ text: `dC/d${slope === null ? "z" : "a"}${at}, ${sum}`, value: beyond });
  return {
    text: `dC/d${p.name} at ${p.name} = ${brief(p.value)}: the product`,
    value: paths.sum,
    branches: factors,
  };
}

/** The largest paths, and what all others come to. */
function pathTree(
  p: ParameterExplanation,
  last: number,
  { most, columns }: { most: number; columns: number },
): Branch {
  const { count, listed, sum } = p.paths;
  const shown = listed.slice(0, most);
  const branches: Branch[] = shown.map((path) => ({
    text: routeText(path, p.layer, last),
    value: path.contribution,
    more: wrapped(
      path.factors.map(({ value }) => brief(value)),
      columns - 8,
    ),
  }));
  const rest = sum - shown.reduce((total, { contribution }) => total + contribution, 0);
  const hidden = count - shown.length;
  if (hidden > 0) branches.push({ text: `… ${pathsText(hidden, "more ")}`, value: rest });
  branches.push({ text: "all paths", value: sum });
  return {
    text: `paths to the loss, ${orderText(shown.length, count)}`,
    more: shown.length === 0 ? [] : [`below each its factors: ${factorKinds(shown[0])}`],
    branches,
  };
}

const orderText = (shown: number, count: number): string =>
  shown === 0
    ? "none listed"
    : shown < count
      ? `the largest ${shown} of ${countText(count)}`
      : "the largest first";

/** "dz/dw · s' · w · s' · dC/da": what the numbers below a path are. */
function factorKinds(path: Path | undefined): string {
  const names = {
    input: "dz/dw",
    slope: "s'",
    weight: "w",
    jacobian: "da/dz",
    together: "dC/dz",
    loss: "dC/da",
  };
  const kinds = (path?.factors ?? []).map(({ kind }) => names[kind]);
  if (kinds.length <= 6) return kinds.join(" · ");
  return [...kinds.slice(0, 4), "…", kinds.at(-1)].join(" · ");
}

/** "z1[0] → z2[3] → a2[1] → C". */
function routeText({ units, output }: Path, layer: number, last: number): string {
  const steps = units.map((unit, i) => `z${layer + i}[${unit}]`);
  if (output !== null) steps.push(`a${last}[${output}]`);
  if (steps.length > 5) steps.splice(2, steps.length - 4, "…");
  return steps.join(" → ");
}

/** Factors with a dot between them, in lines of at most `width` letters. */
function wrapped(factors: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const factor of factors) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(factor);
    else if (line.length + 3 + factor.length <= width) lines[lines.length - 1] = `${line} · ${factor}`;
    else lines.push(`· ${factor}`);
  }
  return lines;
}

export function countText(count: number): string {
  return count < 1e15 ? grouped(count) : count.toExponential(2).replace("+", "");
}

function pathsText(count: number, more = ""): string {
  return `${countText(count)} ${more}${count === 1 ? "path" : "paths"}`;
}

function checkTree({ check }: ParameterExplanation): Branch {
  const { factors, backward, differences, factorsError, differencesError, crossed } = check;
  const numeric = "by central differences, h = 2^-15";
  const why = crossed.length > 0 ? `not to be compared: ${crossed[0]} crosses its kink` : undefined;
  const error = (value: number | null, scale: string): Branch[] =>
    value === null ? [] : [{ text: `error over max(1, ${scale})`, value: short(value) }];
  return {
    text: "check",
    branches: [
      { text: "by the factors", value: factors },
      { text: "by the network's backward pass", value: backward, branches: error(factorsError, "|dC/dw|") },
      differences === null
        ? { text: `${numeric}: the loss overflows` }
        : {
            text: numeric,
            value: differences,
            branches: why === undefined ? error(differencesError, "|dC/dw|, C") : [{ text: why }],
          },
    ],
  };
}

const seven = (value: number): string => digitsOf(value, 7);

/** A table: each factor as it is and as the source prints it. */
export function printedTable({
  factors,
  correct,
  printed,
  ratio,
  difference,
  erratum,
}: PrintedForm): string[] {
  const rows = factors.map((factor) => [
    factor.name,
    factor.formula,
    seven(factor.correct),
    factor.erratum === null ? "the same" : factor.printedFormula,
    factor.erratum === null ? "" : seven(factor.printed),
    factor.erratum ?? "",
  ]);
  const total = ["the product", "", seven(correct), "", seven(printed), erratum ?? ""];
  const table = [["factor", "correct", "", "as printed", "", "erratum"], ...rows, total];
  const widths = table[0]!.map((_, c) => Math.max(...table.map((row) => row[c]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]!))
      .join("  ")
      .trimEnd(),
  );
  const times = ratio === null ? "" : `: ${brief(ratio)} times the derivative`;
  return [...lines, "", `As printed it is off by ${brief(difference)}${times}.`];
}
