export { type Axis, axisFor, type Tick } from "./axis.ts";
export { chartFigure } from "./chartFigure.ts";
export type {
  AxisSpec,
  BandMark,
  BarsMark,
  ChartOptions,
  DotsMark,
  LineMark,
  Mark,
  RuleMark,
  Shape,
  SpansMark,
  TextMark,
} from "./chartOptions.ts";
export { type ConfusionOptions, confusionFigure } from "./confusionFigure.ts";
export { type LineFigureOptions, lineFigure, type Series } from "./lineFigure.ts";
export { colors, dashes } from "./palette.ts";
export { type PanelsOptions, panelsFigure } from "./panelsFigure.ts";
