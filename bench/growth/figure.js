// The figure of our growth: time and memory against width, depth, batch and number of examples.
import * as Plot from "@observablehq/plot";
import { colors } from "talweg/plot";
import { figure, gridColor, powerLabel } from "../sheet.js";

const PANEL = { width: 350, height: 340, marginTop: 24, marginBottom: 64, marginLeft: 84, marginRight: 40 };
const QUANTITIES = [
  { yLabel: "µs an example", value: (point) => 1e6 * point.secondsAnExample, color: colors[0] },
  { yLabel: "peak memory (MiB)", value: (point) => point.peakMiB, color: colors[1] },
];

function powersOfTen(values) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const steps = Math.max(...values) / Math.min(...values) > 300 ? [1] : [1, 2, 5];
  return Array.from({ length: high - low + 1 }, (_, i) => steps.map((step) => step * 10 ** (low + i))).flat();
}

/** Every second point where there are many, so that their names do not touch. */
const shown = (points) => points.filter((_, i) => points.length <= 4 || i % 2 === 0).map(({ at }) => at);

function growthPanel({ axis, points }, { yLabel, value, color }, column, row, domain) {
  const good = points.filter(({ failed }) => failed === undefined);
  const ticks = powersOfTen(domain).filter((tick) => tick >= domain[0] && tick <= domain[1]);
  const place = { x: (point) => Math.log10(point.at), y: (point) => Math.log10(value(point)) };
  const axisOptions = { tickFormat: powerLabel, label: null, fontSize: 15 };
  const options = {
    ...PANEL,
    y: { domain: domain.map(Math.log10) },
    marks: [
      Plot.gridY(ticks.map(Math.log10), { stroke: gridColor, strokeOpacity: 1 }),
      Plot.axisX(shown(points).map(Math.log10), axisOptions),
      Plot.axisY(ticks.map(Math.log10), axisOptions),
      Plot.line(good, { ...place, stroke: color, strokeWidth: 3 }),
      Plot.dot(good, { ...place, fill: color, r: 5, symbol: row === 0 ? "circle" : "square" }),
    ],
  };
  const named = column === 0 ? { yLabel } : {};
  return { x: column * PANEL.width, y: 60 + row * PANEL.height, options, xLabel: axis, ...named };
}

/** Time and memory of ours; undefined where they were not measured. */
export function growthFigure({ growth }) {
  if (growth?.curves === undefined) return undefined;
  const panels = QUANTITIES.flatMap((quantity, row) => {
    const values = growth.curves.flatMap(({ points }) =>
      points.filter(({ failed }) => failed === undefined).map(quantity.value),
    );
    if (values.length === 0) return [];
    // One axis for all four, so that they can be held against each other.
    const domain = [Math.min(...values) / 1.2, Math.max(...values) * 1.2];
    return growth.curves.map((curve, column) => growthPanel(curve, quantity, column, row, domain));
  });
  const width = PANEL.width * growth.curves.length;
  return figure({ title: "How Talweg grows", width, height: 70 + 2 * PANEL.height, panels });
}
