/** An explanation as text: the network, the input and the forward calculation as trees of real numbers. */
import type { Explanation, LayerForward, Term, UnitForward } from "../explain/index.ts";
import { grouped, plural, short } from "./numbers.ts";
import { type Branch, digitsOf } from "./tree.ts";

/** Six digits: for factors inside of a line. */
export const brief = (value: number): string => digitsOf(value, 6);

/** What stands above the numbers where there are two columns of them. */
const columnTitles = (both: boolean): { value?: string; note?: string } =>
  both ? { value: "float64", note: " float32" } : {};

/** The fewest digits that name a float32. */
function digits32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = digitsOf(value, digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return digitsOf(value, 9);
}

function float32Note(value: number | null): string {
  if (value === null) return " overflows";
  const text = digits32(value);
  return text.startsWith("-") ? text : ` ${text}`;
}

/** "network 1-12-1, relu, sigmoid, float32", and the input. */
export function headLines(
  { layers, input, precision, parameterCount, leftOut }: Explanation,
  columns: number,
): string[] {
  const widths = [input.length, ...layers.map(({ units }) => units.length)].join("-");
  const names = layers.map(({ activation }) => activation).join(", ");
  const count = plural(parameterCount, "parameter");
  const { dropout, penalty } = leftOut;
  return [
    ...folded(`network ${widths}, ${names}, ${count}, ${precision}`, columns),
    ...folded(inputText(input), columns),
    ...(dropout ? ["dropout is off, as in predictions"] : []),
    ...(penalty > 0 ? [`the penalty ${penalty} on weights, used in training, is no part of the loss`] : []),
  ];
}

/** The first inputs, and how many more there are. */
function inputText(input: readonly number[]): string {
  const shown = input.slice(0, input.length > 5 ? 4 : 5).map((x, i) => `x[${i}] = ${brief(x)}`);
  const rest = input.length - shown.length;
  const zeros = input.filter((x) => x === 0).length;
  const more = rest === 0 ? [] : [`… ${grouped(rest)} more`];
  if (rest > 0 && zeros > 0) more.push(`${grouped(zeros)} of all are 0`);
  return `input ${[...shown, ...more].join(", ")}`;
}

/** Breaks a line behind commas. */
function folded(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const part of text.split(", ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 2 + part.length < columns)
      lines[lines.length - 1] = `${line}, ${part}`;
    else {
      if (line !== undefined) lines[lines.length - 1] = `${line},`;
      lines.push(line === undefined ? part : `  ${part}`);
    }
  }
  return lines;
}

/** @param most How many products, units and outputs are shown where there are more. */
export function forwardTrees({ layers, outputs, precision }: Explanation, most: number): Branch[] {
  const both = precision === "float32";
  const trees = layers.map((layer) => layerTree(layer, most));
  const last = layers.length;
  const named = outputs.some((output) => output.class !== null);
  if (outputs.length <= most + 1 && !named) return trees;
  const branches = cut(outputs, 3 * most, ({ output }) => output).map(
    ({ unit, output, predicted, ...o }) => ({
      text: `a${last}[${unit}]${o.class === null ? "" : `, class ${o.class}`}`,
      value: output,
      ...(both ? { note: float32Note(predicted) } : {}),
    }),
  );
  const hidden = outputs.length - branches.length;
  const output = {
    text: "output",
    ...columnTitles(both),
    branches: [...branches, ...moreOf(hidden, "output")],
  };
  return [...trees, output];
}

function layerTree({ layer, activation, units }: LayerForward, most: number): Branch {
  const below = layer === 1 ? "x" : `a${layer - 1}`;
  const formula = `z${layer} = ${below} W${layer} + b${layer}, a${layer} = ${activation}(z${layer})`;
  const branches = cut(units, most, ({ a }) => a).map((unit) =>
    unitTree(unit, { layer, activation, below }, most),
  );
  return {
    text: `layer ${layer}: ${formula}`,
    ...columnTitles(units[0]!.float32 !== null),
    branches: [...branches, ...moreOf(units.length - branches.length, "unit")],
  };
}

interface LayerNames {
  readonly layer: number;
  readonly activation: string;
  /** What comes in: "x" or "a1". */
  readonly below: string;
}

function unitTree(unit: UnitForward, { layer, activation, below }: LayerNames, most: number): Branch {
  const at = `[${unit.unit}]`;
  const argument = activation === "softmax" ? `(z${layer})${at}` : `(z${layer}${at})`;
  const note = (value: number | null | undefined): { note?: string } =>
    value === undefined ? {} : { note: float32Note(value) };
  const terms = cut(unit.terms, most, ({ product }) => product);
  const rest = unit.sum - terms.reduce((sum, { product }) => sum + product, 0);
  const kink = unit.kink
    ? [{ text: `z is 0, at the kink of ${activation}; the slope there is ${brief(unit.slope!)}` }]
    : [];
  return {
    text: `a${layer}${at} = ${activation}${argument}`,
    value: unit.a,
    ...note(unit.float32?.a),
    branches: [
      {
        text: `z${layer}${at}`,
        value: unit.z,
        ...note(unit.float32?.z),
        branches: [
          ...terms.map((term) =>
            productBranch(
              term,
              `${below}[${term.from}] · W${layer}[${term.from},${unit.unit}]`,
              unit.float32 === null ? brief : short,
            ),
          ),
          ...moreOf(unit.terms.length - terms.length, "product", rest),
          { text: `b${layer}${at}`, value: unit.bias },
        ],
      },
      ...kink,
    ],
  };
}

const productBranch = (
  { input, weight, product }: Term,
  names: string,
  digits: (value: number) => string,
): Branch => ({ text: `${names} = ${digits(input)} · ${digits(weight)}`, value: product });

/** All where at most one more than `most` would be left out, else the largest, the largest first. */
export function cut<T>(items: readonly T[], most: number, size: (item: T) => number): T[] {
  if (items.length <= most + 1) return [...items];
  return [...items].sort((p, q) => Math.abs(size(q)) - Math.abs(size(p))).slice(0, most);
}

/** "… 776 more products", with their sum. */
export function moreOf(count: number, word: string, sum?: number): Branch[] {
  if (count === 0) return [];
  return [{ text: `… ${grouped(count)} more ${word}s`, ...(sum === undefined ? {} : { value: sum }) }];
}
