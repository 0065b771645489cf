/** What a chart is given: axes and marks as plain data. */
import type { ScaleContinuousNumeric } from "d3-scale";

export interface Axis {
  /** Its name, with a unit where it has one; "" for none. */
  readonly label: string;
  /** "linear". A logarithmic axis leaves out what is not above 0. */
  readonly scale?: "linear" | "log" | undefined;
  readonly domain: readonly [number, number];
  /** How many ticks, about; as many as there is room for. */
  readonly ticks?: number | undefined;
  /** Text of a tick. */
  readonly format?: ((value: number) => string) | undefined;
}

export type Scale = ScaleContinuousNumeric<number, number>;

/** Where the plot lies within the chart, in pixels, and the scales that lead there. */
export interface ChartFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

interface Look {
  /** A CSS color; var(--accent). */
  readonly color?: string | undefined;
  readonly opacity?: number | undefined;
  /** Width of the stroke in pixels. */
  readonly width?: number | undefined;
  /** Lengths of stroke and gap, "6 4". */
  readonly dash?: string | undefined;
  /** Its name in the legend; without one it is not in there. */
  readonly label?: string | undefined;
  /** A few words beside it, within the plot. */
  readonly note?: string | undefined;
  readonly class?: string | undefined;
}

export type DotSymbol = "circle" | "square" | "triangle" | "diamond" | "cross" | "plus";

/** One element of the picture. Numbers that are not finite leave a gap. */
export type Mark =
  | (Look & { readonly type: "line"; readonly x: ArrayLike<number>; readonly y: ArrayLike<number> })
  | (Look & {
      readonly type: "dots";
      readonly x: ArrayLike<number>;
      readonly y: ArrayLike<number>;
      /** In pixels; 3. */
      readonly radius?: number | undefined;
      readonly symbol?: DotSymbol | undefined;
      readonly hollow?: boolean | undefined;
      /** Color of the rim of filled dots. */
      readonly rim?: string | undefined;
    })
  /** From one line of numbers to another. */
  | (Look & {
      readonly type: "area";
      readonly x: ArrayLike<number>;
      readonly low: ArrayLike<number>;
      readonly high: ArrayLike<number>;
    })
  /** A stripe across the plot between two numbers of an axis. */
  | (Look & { readonly type: "band"; readonly axis: "x" | "y"; readonly from: number; readonly to: number })
  /** A line across the plot at one number of an axis. */
  | (Look & { readonly type: "rule"; readonly axis: "x" | "y"; readonly at: number })
  /** Upright bars, [count], around the numbers of x; `breadth` in units of x. */
  | (Look & {
      readonly type: "bars";
      readonly x: ArrayLike<number>;
      readonly y: ArrayLike<number>;
      readonly breadth: number;
      /** Where they stand; 0. */
      readonly base?: number | undefined;
    });
