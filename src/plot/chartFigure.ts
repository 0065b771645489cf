/** The general chart: lines, dots, bands, spans, rules, bars and texts between two axes. */
import { checkChart, checkSize } from "./chartCheck.ts";
import { type Layout, layoutChart, type Place } from "./chartLayout.ts";
import { drawMarks } from "./chartMarks.ts";
import type { ChartOptions } from "./chartOptions.ts";
import { drawLabels, obstaclesIn } from "./labels.ts";
import { legendElements, legendOf, legendRows } from "./legend.ts";
import { type Drawing, loadDrawing } from "./libraries.ts";
import { axisNames, fontSize, gridColor, heading, ink, paper, plotted } from "./sheet.ts";
import { type StyledMark, styledMarks } from "./styles.ts";
import { LINE_HEIGHT } from "./ticks.ts";

/**
 * A figure of one chart, as SVG text with its own white background: the same input gives the same bytes.
 *
 * Colors and dashes, or shapes, tell marks apart. Numbers that cannot be drawn leave gaps; long series are thinned so that
 * every extreme stays.
 *
 * @throws {OptionError} When there is no mark, an option has no such value, or the figure is too small to hold its names.
 * @throws {ShapeError} When a mark has not one y for each x.
 * @throws {FileError} When a package that draws is not installed.
 */
export async function chartFigure(options: ChartOptions): Promise<string> {
  const { title, width = 960, height = 600 } = options;
  checkChart("chartFigure", options);
  checkSize("chartFigure", width, height);
  const drawing = await loadDrawing();
  // A small figure has smaller letters, or nothing but letters would have room.
  const size = Math.max(12, fontSize * Math.min(1, width / 640, height / 400));
  const place = { left: 0, top: 0, width, height, size };
  const elements = drawChart(drawing, options, place, { width, height });
  return paper(drawing.document, { title, width, height }, elements);
}

/**
 * A chart in its place on a paper.
 *
 * @param sheet Of the whole paper, in pixels.
 * @param own.legend Whether the chart has a legend of its own; true by default.
 */
export function drawChart(
  drawing: Drawing,
  options: ChartOptions,
  place: Place,
  sheet: { width: number; height: number },
  own: { marks: readonly StyledMark[]; legend: boolean } = {
    marks: styledMarks(options.marks),
    legend: true,
  },
): Element[] {
  const { document, Plot } = drawing;
  const { left, top, width, height, size } = place;
  const rows = own.legend ? legendRows(legendOf(own.marks), width, size) : [];
  const layout = layoutChart(options, place, rows.length);
  const { area } = layout;
  const unit = size / fontSize;
  const obstacles = obstaclesIn(area);
  const drawn = drawMarks(own.marks, { Plot, layout, unit, obstacles });
  const svg = Plot.plot({
    document,
    width: sheet.width,
    height: sheet.height,
    marginLeft: area.left,
    marginTop: area.top,
    marginRight: sheet.width - area.right,
    marginBottom: sheet.height - area.bottom,
    // Everything stands in pixels already.
    x: { domain: [area.left, area.right], label: null },
    y: { domain: [area.bottom, area.top], label: null },
    marks: [...frameMarks(drawing, options, layout, unit), ...drawn],
  });
  const legend = { left, top: layout.legendTop, size, ...sheet };
  return [
    plotted(document, svg as unknown as Element, size),
    ...heading(document, options, place),
    ...axisNames(document, { x: options.x.label, y: options.y.label }, area, {
      left,
      right: left + width,
      bottom: top + height,
      size,
      nameLeft: layout.nameLeft,
    }),
    ...legendElements(drawing, rows.slice(0, layout.legendRows), legend),
    ...drawLabels(document, own.marks, { layout, size, obstacles }),
  ];
}

/** Grid, ticks, labels and the two lines of the axes. */
function frameMarks(
  { Plot }: Drawing,
  { x, y }: ChartOptions,
  { area, xTicks, yTicks }: Layout,
  unit: number,
): import("@observablehq/plot").Markish[] {
  const grid = { stroke: gridColor, strokeOpacity: 1 };
  const common = { label: null, color: ink };
  const bare = { ...common, tickSize: 0 };
  return [
    y.categories === undefined ? Plot.gridY(yTicks.at, grid) : Plot.gridX(xTicks.at, grid),
    Plot.axisX(xTicks.at, {
      ...(x.categories === undefined ? common : bare),
      tickFormat: (_: unknown, i: number) => xTicks.labels[i] ?? "",
      tickPadding: (xTicks.turn === 0 ? 8 : 12) * unit,
      tickRotate: xTicks.turn,
      lineHeight: LINE_HEIGHT,
    }),
    Plot.axisY(yTicks.at, {
      ...(y.categories === undefined ? common : bare),
      tickFormat: (_: unknown, i: number) => yTicks.labels[i] ?? "",
      tickPadding: 6 * unit,
    }),
    Plot.ruleX([area.left], { stroke: ink }),
    Plot.ruleY([area.bottom], { stroke: ink }),
  ];
}
