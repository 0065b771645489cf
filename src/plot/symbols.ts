/** Dots: shapes of equal weight, so that none looks more important than another. */
import type { Shape } from "./chartOptions.ts";
import type { StyledMark } from "./styles.ts";

const symbols: Readonly<Record<Shape, import("@observablehq/plot").SymbolType>> = {
  circle: "circle",
  square: "square",
  triangle: "triangle",
  cross: "times",
};

/** Dots at places in pixels. */
export function dotsOf(
  Plot: typeof import("@observablehq/plot"),
  places: readonly (readonly [number, number])[],
  { mark, color, shape }: StyledMark,
  radius: number,
): import("@observablehq/plot").Markish {
  const hollow = mark.kind === "dots" && mark.hollow === true;
  const common = { stroke: "none", r: radius, symbol: symbols[shape] };
  const line = { stroke: color, strokeWidth: Math.max(1.2, 0.42 * radius) };
  // A thin white edge keeps dots apart that overlap.
  const look =
    shape === "cross"
      ? { fill: "none", ...line }
      : hollow
        ? { fill: "#ffffff", ...line }
        : { fill: color, ...(radius < 4 ? {} : { stroke: "#ffffff", strokeWidth: 1 }) };
  return Plot.dot(places as [number, number][], { ...common, ...look });
}
