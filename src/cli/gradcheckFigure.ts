/** The figure of a gradient check: the typical and the worst error of each layer below what is allowed. */
import type { GradientCheck } from "../explain/index.ts";
import { chartFigure, type Mark } from "../plot/index.ts";
import { plural } from "./numbers.ts";

/** Below it errors are rounding; an error of 0 has no place on a log axis and stands there too. */
const LEAST = 1e-16;

export function gradcheckFigure(result: GradientCheck, label: string): Promise<string> {
  const { layers, tolerance, verdict } = result;
  const checked = layers.reduce((sum, layer) => sum + layer.checked, 0);
  const errors = layers.flatMap(({ typical, worst }) => [typical, worst]).filter((error) => error !== null);
  return chartFigure({
    title: `Gradient check: ${label}`,
    subtitle: `${verdict}: ${plural(checked, "derivative")} against central differences in 64 bits`,
    x: { label: "layer", categories: layers.map(({ layer, activation }) => `${layer} ${activation}`) },
    y: {
      label: `relative error, ${LEAST} at least`,
      scale: "log",
      range: [LEAST / 10, Math.max(100 * tolerance, ...errors.map((error) => 10 * error))],
    },
    marks: [
      { kind: "rule", y: tolerance, label: "allowed" },
      ...errorMarks(
        "worst",
        layers.map(({ worst }) => worst),
        1,
      ),
      ...errorMarks(
        "typical",
        layers.map(({ typical }) => typical),
        0,
      ),
    ],
  });
}

/** A dot for each layer of which anything was checked. */
function errorMarks(name: string, errors: readonly (number | null)[], style: number): Mark[] {
  const x = [...errors.keys()].filter((i) => errors[i] !== null);
  if (x.length === 0) return [];
  return [{ kind: "dots", name, x, y: x.map((i) => Math.max(LEAST, errors[i]!)), style, size: 8 }];
}
