/** The confusion matrix as a table of shaded numbers: which class was taken for which. */
import { OptionError, ShapeError } from "../core/index.ts";
import { checkSize } from "./chartCheck.ts";
import { clean, cutText, textWidth } from "./letters.ts";
import { loadDrawing } from "./libraries.ts";
import { type Area, axisNames, fontSize, headHeight, heading, ink, paper, plotted } from "./sheet.ts";

export interface ConfusionOptions {
  /** "Confusion matrix" by default. */
  title?: string;
  /** Pixels; by default as many as the classes need. */
  width?: number;
  height?: number;
}

interface Cell {
  truth: string;
  predicted: string;
  count: number;
  /** Count over all examples of that true class. */
  share: number;
}

/**
 * A figure of a confusion matrix, as SVG text: the same input gives the same bytes.
 *
 * @param matrix  `[classes][classes]` counts; a row for each true class, a column for each predicted one.
 * @param classes Names, `[classes]`, all different.
 * @throws {ShapeError} When the matrix is not square or has not one name a class.
 * @throws {FileError} When a package that draws is not installed.
 */
export async function confusionFigure(
  matrix: readonly ArrayLike<number>[],
  classes: readonly string[],
  { title = "Confusion matrix", ...options }: ConfusionOptions = {},
): Promise<string> {
  check(matrix, classes);
  const { Plot, document } = await loadDrawing();
  const cells = cellsOf(matrix, classes);
  const shown = classes.map((name) => cutText(clean(name), 260, fontSize));
  const { area, full, tall } = layout(cells, shown, title, options);
  const room = Math.max((area.right - area.left) / classes.length, 0) - 4;
  const order = [...classes];
  const axis = { label: null, tickSize: 0, tickPadding: 10, color: ink };
  const svg = Plot.plot({
    document,
    width: full,
    height: tall,
    marginTop: area.top,
    marginRight: full - area.right,
    marginBottom: tall - area.bottom,
    marginLeft: area.left,
    padding: 0.04,
    x: { domain: order, label: null },
    y: { domain: order, label: null },
    marks: [
      Plot.cell(cells, { x: "predicted", y: "truth", fill: (c: Cell) => shade(c.share) }),
      Plot.text(cells, {
        x: "predicted",
        y: "truth",
        text: (c: Cell) => String(c.count),
        fill: (c: Cell) => (depth(c.share) > 0.55 ? "#ffffff" : c.count === 0 ? "#8a8a8a" : ink),
        fontSize,
      }),
      Plot.axisX({ ...axis, tickFormat: (name: string) => cutText(clean(name), room, fontSize) }),
      Plot.axisY({ ...axis, tickFormat: (_: string, i: number) => shown[i] ?? "" }),
    ],
  });
  const names = { x: "predicted class", y: "true class" };
  return paper(document, { title, width: full, height: tall }, [
    plotted(document, svg as unknown as Element, fontSize),
    ...heading(document, { title }, { left: 0, top: 0, width: full, size: fontSize }),
    ...axisNames(document, names, area, { left: 0, right: full, bottom: tall, size: fontSize }),
  ]);
}

function layout(
  cells: readonly Cell[],
  names: readonly string[],
  title: string,
  { width, height }: ConfusionOptions,
): { area: Area; full: number; tall: number } {
  const widest = Math.max(...names.map((name) => textWidth(name, fontSize)));
  // Few classes get large cells, many small ones.
  const least = names.length <= 4 ? 110 : 58;
  const counts = cells.map(({ count }) => textWidth(String(count), fontSize) + 16);
  const wide = Math.max(least, Math.min(widest, 150) + 14, ...counts);
  const left = Math.round(62 + widest);
  const full = width ?? Math.round(Math.max(left + 32 + wide * names.length, 360));
  const top = headHeight({ title }, full, fontSize);
  const tall = height ?? Math.round(top + 84 + least * 0.8 * names.length);
  if (width !== undefined || height !== undefined) checkSize("confusionFigure", full, tall);
  return { area: { left, right: full - 32, top, bottom: tall - 84 }, full, tall };
}

function check(matrix: readonly ArrayLike<number>[], classes: readonly string[]): void {
  const widths = matrix.map((row) => row.length);
  if (classes.length === 0 || matrix.length !== classes.length || widths.some((w) => w !== classes.length)) {
    throw new ShapeError(
      `confusionFigure: the matrix has ${matrix.length} rows of ${[...new Set(widths)].join(", ") || 0} counts for ` +
        `${classes.length} classes; pass one row and one column for each class.`,
    );
  }
  if (new Set(classes).size !== classes.length) {
    throw new OptionError(
      "classes",
      `confusionFigure: a name stands twice in ${JSON.stringify(classes)}; give each class a name of its own.`,
    );
  }
}

function cellsOf(matrix: readonly ArrayLike<number>[], classes: readonly string[]): Cell[] {
  return matrix.flatMap((row, r) => {
    const counts = Array.from(row);
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count, c) => ({
      truth: classes[r] as string,
      predicted: classes[c] as string,
      count,
      share: total === 0 ? 0 : count / total,
    }));
  });
}

/** How dark a share is, 0 to 1: its root, so that one mistake in a hundred can be seen. */
function depth(share: number): number {
  return Math.sqrt(share);
}

/** From white to the blue of the palette's first color. */
function shade(share: number): string {
  const t = depth(share);
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * t);
  return `rgb(${mix(247, 0)},${mix(249, 84)},${mix(251, 140)})`;
}
