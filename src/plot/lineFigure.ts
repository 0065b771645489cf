/** Curves over a common axis: the loss over the steps, a function and its approximation. */
import { countOf, OptionError, ShapeError } from "../core/index.ts";
import { checkSize } from "./chartCheck.ts";
import { chartFigure } from "./chartFigure.ts";
import type { Mark } from "./chartOptions.ts";

export interface Series {
  name: string;
  /** `[points]`, in the order in which they are joined. */
  x: ArrayLike<number>;
  /** `[points]`; NaN, an infinity, and on a log axis 0 or less leave a gap. */
  y: ArrayLike<number>;
}

export interface LineFigureOptions {
  title: string;
  /** Name of the axis with its unit, "time (s)". */
  xLabel: string;
  yLabel: string;
  series: readonly Series[];
  /** "linear" by default; "log" falls back to linear where no value is positive. */
  yScale?: "linear" | "log";
  /** Pixels; 960 by default. */
  width?: number;
  /** Pixels; 600 by default. */
  height?: number;
}

/**
 * A figure of curves, as SVG text with its own white background: the same input gives the same bytes.
 *
 * @throws {OptionError} When there is no series, or the figure is too small to hold its names.
 * @throws {ShapeError} When a series has not one y for each x.
 * @throws {FileError} When a package that draws is not installed.
 */
export async function lineFigure(options: LineFigureOptions): Promise<string> {
  const { title, xLabel, yLabel, series, yScale = "linear", width = 960, height = 600 } = options;
  check(series);
  checkSize("lineFigure", width, height);
  return chartFigure({
    title,
    x: { label: xLabel, whole: true },
    y: { label: yLabel, scale: yScale },
    // Each series has its own style, even where two have one name.
    marks: series.map((curve, style): Mark => ({ kind: "line", ...curve, style })),
    width,
    height,
  });
}

function check(series: readonly Series[]): void {
  if (series.length === 0) {
    throw new OptionError(
      "series",
      "lineFigure: series is empty, expected at least one curve; pass [{ name, x, y }].",
    );
  }
  for (const { name, x, y } of series) {
    if (x.length !== y.length) {
      throw new ShapeError(
        `lineFigure: series "${name}" has ${countOf(x.length, "number")} in x and ${y.length} in y; pass one y for each x.`,
      );
    }
  }
}
