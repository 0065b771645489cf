/** Several charts on one paper (small multiples), each with axes of its own. */
import { OptionError } from "../core/index.ts";
import { checkChart, checkSize } from "./chartCheck.ts";
import { drawChart } from "./chartFigure.ts";
import type { ChartOptions } from "./chartOptions.ts";
import { commonLegend, legendElements, legendRows } from "./legend.ts";
import { loadDrawing } from "./libraries.ts";
import { fontSize, headHeight, heading, paper } from "./sheet.ts";
import { type StyledMark, styledMarks } from "./styles.ts";

export interface PanelsOptions {
  title: string;
  /** In gray below the title. */
  subtitle?: string;
  /** Panels side by side; by default 1 to 3, whichever leaves the fewest places empty. */
  columns?: number;
  /** Their own width and height are passed over. */
  panels: readonly ChartOptions[];
  /** Pixels; by default 960, or 340 a column where that is more. */
  width?: number;
  /** Pixels; by default as many as the panels need. */
  height?: number;
}

/** Letters of panels: smaller than those of a chart that has the paper for itself. */
const PANEL_SIZE = 15;

/**
 * A figure of several charts, as SVG text: the same input gives the same bytes. Where all panels speak of the same things,
 * one legend stands above them.
 *
 * @throws {OptionError} When there is no panel, or a panel has an option that no chart can have.
 * @throws {ShapeError} When a mark of a panel has not one y for each x.
 * @throws {FileError} When a package that draws is not installed.
 */
export async function panelsFigure(options: PanelsOptions): Promise<string> {
  const { title, panels } = options;
  const columns = columnsOf(options);
  const rows = Math.ceil(panels.length / columns);
  const width = options.width ?? Math.max(960, 340 * columns);
  const marks = panels.map((panel) => styledMarks(panel.marks));
  const legend = legendRows(commonLegend(marks) ?? [], width, fontSize);
  const head = headHeight(options, width, fontSize) - 6 + 30 * legend.length;
  const height =
    options.height ?? Math.min(10_000, Math.round(head + rows * Math.max(300, (0.75 * width) / columns)));
  checkPanels(panels, width, height, { wide: width / columns, high: (height - head) / rows });
  const drawing = await loadDrawing();
  const elements = panels.flatMap((panel, i) => {
    const place = {
      left: ((i % columns) * width) / columns,
      top: head + (Math.floor(i / columns) * (height - head)) / rows,
      width: width / columns,
      height: (height - head) / rows,
      size: PANEL_SIZE,
    };
    const own = { marks: marks[i] as StyledMark[], legend: legend.length === 0 };
    return drawChart(drawing, panel, place, { width, height }, own);
  });
  return paper(drawing.document, { title, width, height }, [
    ...heading(drawing.document, options, { left: 0, top: 0, width, size: fontSize }),
    ...legendElements(drawing, legend, {
      left: 0,
      top: head + 6 - 30 * legend.length,
      size: fontSize,
      width,
      height,
    }),
    ...elements,
  ]);
}

function columnsOf({ columns, panels }: PanelsOptions): number {
  if (panels.length === 0) {
    throw new OptionError(
      "panels",
      "panelsFigure: panels is empty, expected at least one chart; pass [{ title, x, y, marks }].",
    );
  }
  if (columns !== undefined && !(Number.isInteger(columns) && columns >= 1)) {
    throw new OptionError(
      "columns",
      `panelsFigure: columns is ${columns}, expected a whole number from 1; leave it out for 1 to 3.`,
    );
  }
  if (columns !== undefined) return Math.min(columns, panels.length);
  if (panels.length <= 3) return panels.length;
  return panels.length === 4 ? 2 : 3;
}

function checkPanels(
  panels: readonly ChartOptions[],
  width: number,
  height: number,
  { wide, high }: { wide: number; high: number },
): void {
  checkSize("panelsFigure", width, height);
  if (!(wide >= 220 && high >= 170)) {
    throw new OptionError(
      "width",
      `panelsFigure: a panel has ${Math.round(wide)} by ${Math.round(high)} pixels, expected at least 220 by 170, ` +
        "or its names would not fit; give fewer columns or panels, a larger figure, or leave width and height out.",
    );
  }
  for (const [i, panel] of panels.entries()) checkChart(`panelsFigure: panels[${i}]`, panel);
}
