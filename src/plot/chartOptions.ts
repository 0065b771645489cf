/** What a chart is made of: axes, and marks that stand between them. Data alone; `chartFigure` draws it. */

export interface AxisSpec {
  /** Name of the axis with its unit, "time (s)"; empty for none. */
  label: string;
  /** "linear" by default; "log" falls back to linear where no value is positive. */
  scale?: "linear" | "log";
  /** Smallest and largest number shown; what lies beyond is cut off. By default all marks are shown. */
  range?: [number, number];
  /** Whether ticks are whole numbers where all values are, as for steps and epochs; false by default. */
  whole?: boolean;
  /** Names of the positions 0, 1, 2 …; the axis then has no numbers. */
  categories?: readonly string[];
}

export type Shape = "circle" | "cross" | "square" | "triangle";

/** Points joined in their order. NaN, an infinity, and on a log axis 0 or less leave a gap. */
export interface LineMark {
  kind: "line";
  /** In the legend; marks of one name share style and entry. */
  name?: string;
  /** `[points]`. */
  x: ArrayLike<number>;
  /** `[points]`. */
  y: ArrayLike<number>;
  /** Index of color and dash; by default the next that no mark has. */
  style?: number;
  /** For what stands behind the others; false by default. */
  thin?: boolean;
}

export interface DotsMark {
  kind: "dots";
  name?: string;
  /** `[points]`. */
  x: ArrayLike<number>;
  /** `[points]`. */
  y: ArrayLike<number>;
  style?: number;
  /** By default the shape of the style: circle, square, triangle, cross. */
  shape?: Shape;
  /** False by default. */
  hollow?: boolean;
  /** Radius in pixels at a font size of 18; by default less the more dots there are, from 6.5 to 3. */
  size?: number;
}

/** The area between two curves. */
export interface BandMark {
  kind: "band";
  name?: string;
  /** `[points]`. */
  x: ArrayLike<number>;
  /** `[points]`. */
  low: ArrayLike<number>;
  /** `[points]`. */
  high: ArrayLike<number>;
  style?: number;
}

/** Shaded intervals of x; an infinite end reaches to the edge. */
export interface SpansMark {
  kind: "spans";
  name?: string;
  spans: readonly (readonly [number, number])[];
  style?: number;
}

/** A vertical line at x or a horizontal one at y, with a name beside it. Dashed and gray where no style is given. */
export interface RuleMark {
  kind: "rule";
  x?: number;
  y?: number;
  label?: string;
  style?: number;
}

/** Bars from 0, on a log axis from its lower end. Several of these without a width stand side by side. */
export interface BarsMark {
  kind: "bars";
  name?: string;
  /** `[bars]`: their middles. */
  x: ArrayLike<number>;
  /** `[bars]`. */
  y: ArrayLike<number>;
  /** In units of x; by default 0.8 of the least distance, shared by all that have none. */
  width?: number;
  style?: number;
}

/** A text beside a point. */
export interface TextMark {
  kind: "text";
  x: number;
  y: number;
  text: string;
}

export type Mark = LineMark | DotsMark | BandMark | SpansMark | RuleMark | BarsMark | TextMark;

export interface ChartOptions {
  title: string;
  /** In gray below the title. */
  subtitle?: string;
  x: AxisSpec;
  y: AxisSpec;
  marks: readonly Mark[];
  /** Pixels; 960 by default. */
  width?: number;
  /** Pixels; 600 by default. */
  height?: number;
}
