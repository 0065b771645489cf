// A picture of numbers, one pixel each, on a canvas that the sheet enlarges without smoothing.
import { createEffect, type JSX } from "solid-js";
import { isDark } from "../style/colors.ts";
import { type PixelLook, paintPixels } from "./pixelPaint.ts";
import "./Pixels.css";

export interface PixelsProps {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly look: PixelLook;
  /** The number that has the full color; 1. */
  readonly full?: number | undefined;
  /** A picture of ink that is faintly seen below. */
  readonly below?: ArrayLike<number> | undefined;
  readonly class?: string | undefined;
}

/** Says nothing to a screen reader: what holds it does. */
export function Pixels(props: PixelsProps): JSX.Element {
  let canvas!: HTMLCanvasElement;
  createEffect(() => paintPixels(canvas, props, isDark()));
  return (
    <canvas ref={canvas} class={`pixels ${props.class ?? ""}`} width={props.width} height={props.height} />
  );
}
