/** Refuses options that no chart can be made of, in the words of the caller. */
import { countOf, OptionError, ShapeError } from "../core/index.ts";
import type { AxisSpec, ChartOptions, Mark } from "./chartOptions.ts";

const kinds: readonly string[] = ["line", "dots", "band", "spans", "rule", "bars", "text"];
const shapes: readonly string[] = ["circle", "cross", "square", "triangle"];

/**
 * @param where What stands before every message, "chartFigure".
 * @throws {OptionError | ShapeError}
 */
export function checkChart(where: string, { x, y, marks }: ChartOptions): void {
  checkAxis(where, "x", x);
  checkAxis(where, "y", y);
  if (marks.length === 0) {
    throw new OptionError(
      "marks",
      `${where}: marks is empty, expected at least one; pass [{ kind: "line", x, y }].`,
    );
  }
  for (const [i, mark] of marks.entries()) checkMark(`${where}: marks[${i}]`, mark);
}

/** @throws {OptionError} When names and numbers would not fit. */
export function checkSize(where: string, width: number, height: number): void {
  if (width >= 320 && height >= 240 && width <= 10_000 && height <= 10_000) return;
  throw new OptionError(
    "width",
    `${where}: the figure is ${width} by ${height} pixels, expected 320 by 240 to 10,000 by 10,000, ` +
      "or its names would not fit; leave width and height out for 960 by 600.",
  );
}

function checkAxis(where: string, name: "x" | "y", { scale = "linear", range, categories }: AxisSpec): void {
  if (scale !== "linear" && scale !== "log") {
    throw new OptionError(
      `${name}.scale`,
      `${where}: ${name}.scale is ${JSON.stringify(scale)}, expected "linear" or "log"; leave it out for linear.`,
    );
  }
  if (range !== undefined) {
    const [low, high] = range;
    // Differences of larger numbers overflow; a log axis has no place for 0.
    const least = scale === "log" ? 1e-280 : -1e300;
    if (!(low >= least && high <= 1e300 && low < high)) {
      const wanted =
        scale === "log" ? "two positive numbers, the smaller first" : "two finite numbers, the smaller first";
      throw new OptionError(
        `${name}.range`,
        `${where}: ${name}.range is [${range.join(", ")}], expected ${wanted}; leave it out to show all marks.`,
      );
    }
  }
  if (categories?.length === 0) {
    throw new OptionError(
      `${name}.categories`,
      `${where}: ${name}.categories is empty, expected a name for each position; leave it out for an axis of numbers.`,
    );
  }
}

function checkMark(place: string, mark: Mark): void {
  if (!kinds.includes(mark.kind)) {
    throw new OptionError(
      "kind",
      `${place} is of kind ${JSON.stringify(mark.kind)}, expected one of ${kinds.join(", ")}.`,
    );
  }
  checkLengths(place, mark);
  if (mark.kind === "text") return;
  if (mark.style !== undefined && !(Number.isInteger(mark.style) && mark.style >= 0)) {
    throw new OptionError(
      "style",
      `${place}: style is ${mark.style}, expected a whole number from 0, an index of color and dash; leave it out for the next one.`,
    );
  }
  if (mark.kind === "dots" && mark.shape !== undefined && !shapes.includes(mark.shape)) {
    throw new OptionError(
      "shape",
      `${place}: shape is ${JSON.stringify(mark.shape)}, expected one of ${shapes.join(", ")}.`,
    );
  }
  if (mark.kind === "rule" && (mark.x === undefined) === (mark.y === undefined)) {
    const given = mark.x === undefined ? "neither x nor y" : "both x and y";
    throw new OptionError(
      "rule",
      `${place}: the rule has ${given}, expected one of them; give x for a vertical line, y for a horizontal one.`,
    );
  }
  checkLength(place, mark);
}

/** Sizes in pixels and widths in units of x. */
function checkLength(place: string, mark: Mark): void {
  for (const [kind, name] of [
    ["dots", "size"],
    ["bars", "width"],
  ] as const) {
    const value = mark.kind === kind ? (mark as { size?: number; width?: number })[name] : undefined;
    if (value === undefined || (value > 0 && value <= 1e300)) continue;
    throw new OptionError(
      name,
      `${place}: ${name} is ${value}, expected a positive number; leave it out for the usual one.`,
    );
  }
}

function checkLengths(place: string, mark: Mark): void {
  if (mark.kind !== "line" && mark.kind !== "dots" && mark.kind !== "band" && mark.kind !== "bars") return;
  const name = mark.name === undefined ? "" : ` ("${mark.name}")`;
  const others: (readonly [string, ArrayLike<number>])[] =
    mark.kind === "band"
      ? [
          ["low", mark.low],
          ["high", mark.high],
        ]
      : [["y", mark.y]];
  for (const [which, values] of others) {
    if (values.length === mark.x.length) continue;
    throw new ShapeError(
      `${place}${name} has ${countOf(mark.x.length, "number")} in x and ${values.length} in ${which}; pass one ${which} for each x.`,
    );
  }
}
