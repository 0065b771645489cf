/** The figure of a diagnosis: what comes back to each layer, how much of it is of use, and the data. */
import type { Diagnosis } from "../explain/index.ts";
import { type BarsMark, type ChartOptions, panelsFigure } from "../plot/index.ts";
import { plural } from "./numbers.ts";

export function doctorFigure(
  diagnosis: Diagnosis,
  label: string,
  classes: readonly string[] | undefined,
): Promise<string> {
  const { counts } = diagnosis;
  const found = [
    plural(counts.error, "error"),
    plural(counts.warning, "warning"),
    plural(counts.note, "note"),
  ].join(", ");
  const panels = [...layerPanels(diagnosis), ...dataPanels(diagnosis, classes).slice(0, 2)];
  if (panels.length === 0) panels.push(nothingPanel);
  return panelsFigure({ title: `Doctor: ${label}`, subtitle: found, columns: 2, panels });
}

/** Parameters that are not finite, and inputs that are too many, leave nothing to draw. */
const nothingPanel: ChartOptions = {
  title: "Nothing could be measured",
  x: { label: "", range: [0, 1] },
  y: { label: "", range: [0, 1] },
  marks: [{ kind: "text", x: 0.5, y: 0.5, text: "the findings say why" }],
};

/** Ratios that the axis shows at least, so that what is usual looks small, and at most, since an axis has an end. */
const RATIOS: [number, number] = [1e-4, 1e4];
const FARTHEST: [number, number] = [1e-200, 1e200];

function layerPanels({ layers }: Diagnosis): ChartOptions[] {
  // Parameters that are not finite leave nothing to draw.
  if (layers.length === 0) return [];
  const x = layers.map((_, i) => i);
  const axis = {
    label: "layer",
    categories: layers.map(({ layer, activation }) => `${layer} ${activation}`),
  };
  const last = layers.at(-1)!.delta;
  const ratios = layers.map(({ delta }) => delta / last);
  const positive = ratios.filter((ratio) => ratio >= FARTHEST[0] && ratio <= FARTHEST[1]);
  const dead = bars(
    "dead ReLU units",
    1,
    layers.map(({ dead: count, units }) => count && count / units),
  );
  const flat = bars(
    "saturated activations",
    2,
    layers.map(({ saturated }) => saturated),
  );
  const panels: ChartOptions[] = [
    {
      title: "How much of the gradient arrives",
      x: axis,
      y: {
        label: "‖dL/dz‖ / last layer’s",
        scale: "log",
        range: [Math.min(RATIOS[0], ...positive), Math.max(RATIOS[1], ...positive)],
      },
      marks: [
        { kind: "rule", y: 1e-3, label: "vanishes" },
        { kind: "rule", y: 1e3, label: "explodes" },
        { kind: "line", x, y: ratios, style: 0 },
        { kind: "dots", x, y: ratios, style: 0 },
      ],
    },
    {
      title:
        dead.length > 0 && flat.length > 0
          ? "What lets nothing through"
          : flat.length > 0
            ? "Saturated activations"
            : "Dead ReLU units",
      x: axis,
      y: { label: "share (%)", range: [0, 100] },
      marks: nameless([...dead, ...flat]),
    },
  ];
  return panels.filter(({ marks }) => marks.length > 0);
}

/** What stands alone is named by the title. */
function nameless(marks: BarsMark[]): BarsMark[] {
  if (marks.length > 1) return marks;
  return marks.map(({ name: _name, ...mark }) => mark);
}

/** One bar for each layer that has such units at all; nothing where none has. */
function bars(name: string, style: number, shares: readonly (number | null)[]): BarsMark[] {
  const x = [...shares.keys()].filter((i) => shares[i] !== null);
  return x.length === 0
    ? []
    : [{ kind: "bars", name, x, y: x.map((i) => 100 * shares[i]!), width: 0.5, style }];
}

function dataPanels(
  { classes: counts, features, scores, loss }: Diagnosis,
  names: readonly string[] | undefined,
): ChartOptions[] {
  const panels: ChartOptions[] = [];
  if (features !== null) panels.push(inputsPanel(features));
  if (counts !== null) {
    panels.push({
      title: "The classes",
      x: { label: "class", categories: counts.map((_, label) => names?.[label] ?? String(label)) },
      y: { label: "examples", range: [0, 1.05 * Math.max(1, ...counts)] },
      marks: [{ kind: "bars", x: counts.map((_, label) => label), y: counts, style: 3 }],
    });
  }
  if (scores.train !== null && scores.test !== null) {
    panels.push({
      title: "The loss",
      x: { label: "examples", categories: ["given", "test"] },
      y: { label: loss },
      marks: [{ kind: "bars", x: [0, 1], y: [scores.train.loss, scores.test.loss], width: 0.5, style: 3 }],
    });
  }
  return panels;
}

function inputsPanel({ mean, spread }: NonNullable<Diagnosis["features"]>): ChartOptions {
  const marks = mean.flatMap((m, j): ChartOptions["marks"] => [
    {
      kind: "line",
      x: [j, j],
      y: [m - spread[j]!, m + spread[j]!],
      style: 0,
    },
  ]);
  return {
    title: "The inputs: mean ± spread",
    x: { label: "input", categories: mean.map((_, j) => String(j)) },
    y: { label: "value" },
    marks: [...marks, { kind: "dots", x: mean.map((_, j) => j), y: mean, style: 0 }],
  };
}
