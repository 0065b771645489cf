// The figure of the comparison: every peer's time over ours.
import * as Plot from "@observablehq/plot";
import { colors } from "talweg/plot";
import { OURS } from "./contestants.js";
import { number } from "./markdown.js";
import { figure, fontSize, gray, gridColor, ink, label, powerLabel } from "./sheet.js";

/** Families by the beginning of a contestant's name; each has a color, a symbol and a lane in its row. */
const FAMILIES = [
  { name: "PyTorch", begins: /^PyTorch/, symbol: "circle" },
  { name: "NumPy", begins: /^NumPy/, symbol: "square" },
  { name: "scikit-learn", begins: /^scikit-learn/, symbol: "triangle" },
  { name: "onnxruntime", begins: /^onnxruntime/, symbol: "diamond" },
  { name: "TensorFlow.js", begins: /^TensorFlow/, symbol: "star" },
  { name: "jax-js", begins: /^jax-js/, symbol: "wye" },
  { name: "plain JavaScript", begins: /^(brain|synaptic|ml-fnn|ConvNetJS)/, symbol: "cross" },
].map((family, i) => ({ ...family, color: colors[i], lane: i / 6 - 0.5 }));

const ROW = 84;
/** Of a row's height, how much the lanes take. */
const LANES = 0.66;
const MARGINS = { marginTop: 126, marginBottom: 78, marginLeft: 130, marginRight: 400 };

/** The peers of all workloads that have a ratio, each with its family and the number of its row. */
function dots(comparison) {
  return comparison.flatMap(({ results }, row) =>
    results
      .filter(({ ratio, group }) => ratio !== undefined && group !== "Talweg")
      .map((result) => {
        const family = FAMILIES.find(({ begins }) => begins.test(result.contestant));
        return { ...result, family, y: row + LANES * family.lane };
      }),
  );
}

/** Plot leaves out labels of its own log axis, so the logarithm is taken here and the axis is told what stands where. */
const logRatio = ({ ratio }) => Math.log10(ratio);

function ratioAxis(points) {
  const ratios = [1, ...points.map(({ ratio }) => ratio)];
  const low = Math.floor(Math.log10(Math.min(...ratios) / 1.3));
  const high = Math.ceil(Math.log10(Math.max(...ratios) * 1.3));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  // Close to 1 the powers of ten alone would say too little.
  const between = [0.02, 0.05, 0.2, 0.5, 2, 5, 20, 50];
  const domain = [Math.min(...ratios) / 1.3, Math.max(...ratios) * 1.3];
  const all = [...ticks, ...between].filter((value) => value >= domain[0] && value <= domain[1]);
  return { domain, ticks: all.sort((a, b) => a - b) };
}

function familyMarks(points) {
  return FAMILIES.flatMap(({ symbol, color, name }) => {
    const own = points.filter(({ family }) => family.name === name);
    const place = { x: logRatio, y: "y", symbol, stroke: color, strokeWidth: 2.5, r: 7 };
    return [
      Plot.dot(
        own.filter(({ near }) => near === undefined),
        { ...place, fill: color },
      ),
      Plot.dot(
        own.filter(({ near }) => near !== undefined),
        { ...place, fill: "#ffffff" },
      ),
    ];
  });
}

/** Beside each row, who was fastest among those that do the same. */
function fastestLabels(document, comparison, { width, plotTop }) {
  const left = width - MARGINS.marginRight + 24;
  return comparison.flatMap(({ results }, row) => {
    const same = results.filter(
      ({ ratio, group, near }) => ratio !== undefined && group !== "Talweg" && !near,
    );
    if (same.length === 0) return [];
    const best = same.reduce((a, b) => (b.ratio < a.ratio ? b : a));
    const y = plotTop + (row + 0.5) * ROW;
    const color = best.ratio < 1 ? colors[1] : ink;
    return [
      label(document, left, y - 4, best.contestant, { "font-size": 16 }),
      label(document, left, y + 18, `${number(best.ratio)} × our time`, { fill: color }),
    ];
  });
}

function legend(document) {
  let x = 24;
  return FAMILIES.flatMap(({ name, symbol, color }) => {
    const mark = Plot.plot({
      document,
      width: 24,
      height: 24,
      axis: null,
      margin: 0,
      x: { domain: [-1, 1] },
      y: { domain: [-1, 1] },
      marks: [Plot.dot([[0, 0]], { symbol, fill: color, stroke: color, strokeWidth: 2.5, r: 7 })],
    });
    for (const style of [...mark.querySelectorAll("style")]) style.remove();
    mark.removeAttribute("class");
    mark.setAttribute("x", String(x));
    mark.setAttribute("y", "62");
    const entry = [mark, label(document, x + 30, 80, name)];
    x += 30 + name.length * fontSize * 0.6 + 30;
    return entry;
  });
}

/** Time of each peer over ours, a row for each workload; undefined where there is nothing to compare. */
export function comparisonFigure({ comparison }) {
  const compared = comparison.filter(({ results }) => results.some(({ contestant }) => contestant === OURS));
  const points = dots(compared);
  if (points.length === 0) return undefined;
  const { domain, ticks } = ratioAxis(points);
  const width = 1400;
  const height = MARGINS.marginTop + MARGINS.marginBottom + ROW * compared.length;
  const names = new Map(compared.map(({ name }, i) => [i, name]));
  const rows = [...names.keys()];
  const options = {
    width,
    height,
    ...MARGINS,
    x: { domain: domain.map(Math.log10) },
    y: { domain: [compared.length - 0.5, -0.5] },
    marks: [
      Plot.gridX(ticks.map(Math.log10), { stroke: gridColor, strokeOpacity: 1 }),
      Plot.ruleY(
        rows.slice(1).map((i) => i - 0.5),
        { stroke: gridColor },
      ),
      Plot.ruleX([0], { stroke: ink, strokeWidth: 3 }),
      Plot.axisX(ticks.map(Math.log10), { tickFormat: powerLabel, label: null, fontSize, tickPadding: 8 }),
      Plot.axisY(rows, { tickFormat: (i) => names.get(i), label: null, fontSize, tickSize: 0 }),
      ...familyMarks(points),
    ],
  };
  const xLabel = "time of the peer / time of Talweg (left of 1 we lose, right of 1 we win)";
  return figure({
    title: "Every peer against Talweg",
    width,
    height,
    panels: [{ x: 0, y: 0, options, xLabel }],
    extra: (document) => [
      ...legend(document),
      label(document, 24, 110, "hollow: does only something near the workload", {
        fill: gray,
        "font-size": 16,
      }),
      label(document, width - MARGINS.marginRight + 24, 110, "fastest that does the same", {
        fill: gray,
        "font-size": 16,
      }),
      ...fastestLabels(document, compared, { width, plotTop: MARGINS.marginTop }),
    ],
  });
}
