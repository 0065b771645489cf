/** The figures of an explanation: what each layer makes of the example, or what the derivative by one parameter is made of. */
import type { Explanation, ParameterExplanation } from "../explain/index.ts";
import { type ChartOptions, chartFigure, panelsFigure } from "../plot/index.ts";
import { countText } from "./explainParameterText.ts";
import { short } from "./numbers.ts";

export function explainFigure(e: Explanation, label: string): Promise<string> {
  const { parameter } = e;
  if (parameter !== undefined) return chartFigure(derivativeChart(parameter, label));
  const panels = [...activationPanels(e), ...deltaPanels(e)];
  return panelsFigure({
    title: `Forward${e.deltas === undefined ? "" : " and backward"}: ${label}`,
    ...(e.loss === undefined ? {} : { subtitle: `loss C, ${e.loss.loss}: ${short(e.loss.value)}` }),
    // The layers side by side, the way back below the way there.
    columns: Math.min(4, e.layers.length),
    panels,
  });
}

/** Units up to which each has its number below it. */
const MOST_NAMED = 8;

/** The axis of a layer's units; of the outputs by the names of their classes where there are some. */
function unitAxis({ layers, outputs }: Explanation, layer: number): ChartOptions["x"] {
  const names = outputs.flatMap((output) => output.class ?? []);
  if (layer === layers.length && names.length === outputs.length)
    return { label: "class", categories: names };
  const count = layers[layer - 1]!.units.length;
  const label = `unit of layer ${layer}`;
  if (count <= MOST_NAMED)
    return { label, categories: Array.from({ length: count }, (_, unit) => String(unit)) };
  return { label, whole: true, range: [-0.6, count - 0.4] };
}

function activationPanels(e: Explanation): ChartOptions[] {
  return e.layers.map(({ layer, activation, units }) => ({
    title: `a${layer} = ${activation}(z${layer})`,
    x: unitAxis(e, layer),
    y: { label: "activation" },
    marks: [{ kind: "bars", x: units.map(({ unit }) => unit), y: units.map(({ a }) => a), style: 0 }],
  }));
}

/** In the order of the layers, so that each stands below its activations. */
function deltaPanels(e: Explanation): ChartOptions[] {
  return [...(e.deltas ?? [])].reverse().map(({ layer, units }) => ({
    title: `delta${layer} = dC/dz${layer}`,
    x: unitAxis(e, layer),
    y: { label: "derivative" },
    marks: [{ kind: "bars", x: units.map(({ unit }) => unit), y: units.map(({ delta }) => delta), style: 1 }],
  }));
}

/** The largest paths beside their sum; of one path its factors. */
function derivativeChart({ name, paths, layer }: ParameterExplanation, label: string): ChartOptions {
  const { listed, count, sum } = paths;
  const title = `dC/d${name} = ${short(sum)}: ${label}`;
  const [only] = listed;
  if (only !== undefined && count === 1) {
    const { factors } = only;
    return {
      title,
      subtitle: "the product of these factors",
      x: { label: "factor", categories: factors.map((factor) => factor.name) },
      y: { label: "value" },
      marks: [{ kind: "bars", x: [...factors.keys()], y: factors.map(({ value }) => value), style: 0 }],
    };
  }
  return {
    title,
    subtitle: `the largest ${listed.length} of ${countText(count)} paths to the loss, and the sum of all`,
    x: { label: `path, by its units from layer ${layer} on`, categories: [...listed.map(routeOf), "all"] },
    y: { label: "contribution" },
    marks: [
      {
        kind: "bars",
        x: [...listed.keys()],
        y: listed.map(({ contribution }) => contribution),
        width: 0.8,
        style: 0,
      },
      { kind: "bars", x: [listed.length], y: [sum], width: 0.8, style: 1 },
    ],
  };
}

/** "3→10→0". */
function routeOf({ units, output }: ParameterExplanation["paths"]["listed"][number]): string {
  return [...units, ...(output === null ? [] : [output])].join("→");
}
