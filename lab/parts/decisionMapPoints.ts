/** The points of a plane as marks: the class by color and shape, numbers by color, test points hollow. */
import type { Dataset } from "talweg";
import type { Lab } from "../state/types.ts";
import { signedColor } from "../style/colors.ts";
import type { DotSymbol, Mark } from "./chartTypes.ts";
import { classColor, type MapKind } from "./decisionMapField.ts";

const symbols: readonly DotSymbol[] = ["diamond", "circle", "triangle", "square"];
/** Test points at most, so that they do not hide the others. */
const TESTS = 120;

/** The place of the largest number. */
export function labelOf(values: ArrayLike<number>): number {
  let label = 0;
  for (let k = 1; k < values.length; k += 1) if (values[k]! > values[label]!) label = k;
  return label;
}

/** The class of a row, whichever way targets are given. */
export function rowLabel({ y, outputs }: Dataset, row: number): number {
  if (y instanceof Uint8Array && outputs > 1) return y[row]!;
  if (outputs === 1) return y[row]! > 0.5 ? 1 : 0;
  return labelOf(y.subarray(row * outputs, (row + 1) * outputs));
}

export function mapPoints(lab: Lab, kind: MapKind, scale: number, dark: boolean): Mark[] {
  const [data, test] = [lab.dataset(), lab.testset()];
  if (data.inputs !== 2) return [];
  if (kind === "number") return numberMarks(data, scale, dark);
  const radius = data.rows > 300 ? 2.2 : data.rows > 120 ? 2.8 : 4;
  const hasTest = test.rows > 0 && test.x !== data.x && test.inputs === 2;
  const tests = hasTest
    ? classMarks(test, kind, Math.min(test.rows, TESTS), { radius: radius * 0.9, hollow: true })
    : [];
  return [...tests, ...classMarks(data, kind, data.rows, { radius, hollow: false })];
}

function classMarks(
  data: Dataset,
  kind: MapKind,
  rows: number,
  look: { radius: number; hollow: boolean },
): Mark[] {
  const count = kind === "share" ? 2 : data.outputs;
  return Array.from({ length: count }, (_, label): Mark => {
    const mine = Array.from({ length: rows }, (_, row) => row).filter((row) => rowLabel(data, row) === label);
    const signed = label === 1 ? "var(--positive)" : "var(--negative)";
    const symbol = symbols[label % symbols.length]!;
    return {
      type: "dots",
      symbol,
      ...look,
      radius: look.radius * (symbol === "diamond" ? 1 : 1.08),
      width: look.hollow ? 1.2 : 1,
      rim: "var(--raised)",
      color: kind === "share" ? signed : classColor(label),
      x: mine.map((row) => data.x[2 * row]!),
      y: mine.map((row) => data.x[2 * row + 1]!),
    };
  });
}

/** Numbers in nine steps of color. */
function numberMarks(data: Dataset, scale: number, dark: boolean): Mark[] {
  const steps = 4;
  return Array.from({ length: 2 * steps + 1 }, (_, i): Mark => {
    const step = i - steps;
    const mine = Array.from({ length: data.rows }, (_, row) => row).filter(
      (row) => Math.round((data.y[row]! / scale) * steps) === step,
    );
    return {
      type: "dots",
      radius: data.rows > 200 ? 2.8 : 4,
      symbol: step < 0 ? "diamond" : "circle",
      rim: "var(--ink)",
      width: 0.75,
      color: signedColor(step / steps, dark),
      x: mine.map((row) => data.x[2 * row]!),
      y: mine.map((row) => data.x[2 * row + 1]!),
    };
  });
}
