/** What tests of figures share: charts of every kind, data that may be anything, and the extent of what a renderer draws. */
import { Resvg } from "@resvg/resvg-js";
import fc from "fast-check";
import type { ChartOptions, Mark } from "talweg/plot";

const font = {
  loadSystemFonts: false,
  fontFiles: ["node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf"],
  defaultFontFamily: "DejaVu Sans",
};

/** A strict parser's and renderer's view: it throws where the text is no XML, and measures letters as they are drawn. */
export function extent(svg: string): { left: number; top: number; right: number; bottom: number } {
  const bare = svg.replace(/<rect fill="#ffffff" height="\d+" width="\d+" \/>/, "");
  const box = new Resvg(bare, { font }).getBBox();
  if (box === undefined) throw new Error("nothing is drawn");
  return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

/** Throws where the text is no XML. */
export function parse(svg: string): void {
  new Resvg(svg, { font });
}

const steps = Array.from({ length: 41 }, (_, i) => i / 20);
const phi = (t: number): number => 3 - 4 * t + 4 * t * t;

/** A search along a line: every kind of mark but bars and bands. */
export const searchChart: ChartOptions = {
  title: "One Armijo step on a parabola",
  subtitle: "slope −4, c1 = 0.1, shrink = 0.5: accepted at t = 0.5",
  x: { label: "step size t" },
  y: { label: "φ(t) = f(x + t d)" },
  marks: [
    { kind: "spans", name: "acceptable", spans: [[0, 0.9]], style: 2 },
    { kind: "line", name: "φ(t)", x: steps, y: steps.map(phi) },
    { kind: "line", name: "bound", x: steps, y: steps.map((t) => 3 - 0.4 * t) },
    { kind: "dots", name: "rejected", x: [2, 1], y: [phi(2), phi(1)], shape: "cross", style: 3 },
    { kind: "dots", name: "accepted", x: [0.5], y: [phi(0.5)], hollow: true },
    { kind: "rule", x: 0.5, label: "least t" },
    { kind: "rule", x: 0.55, label: "another" },
    { kind: "rule", y: 3, label: "φ(0)" },
    { kind: "text", x: 1, y: phi(1), text: "trial 2" },
  ],
};

/** Bars side by side over names, on a log axis. */
export const barsChart: ChartOptions = {
  title: "Final loss by depth",
  x: { label: "network", categories: ["1 layer", "2 layers", "3 layers of 14 units each"] },
  y: { label: "final loss (mean squared error)", scale: "log" },
  marks: [
    { kind: "bars", name: "armijo", x: [0, 1, 2], y: [0.1, 0.01, 0.004] },
    { kind: "bars", name: "adam", x: [0, 1, 2], y: [0.09, 0.02, 0] },
    { kind: "rule", y: 0.05, label: "guessing" },
  ],
};

/** A band around a curve, with dots. */
export const bandChart: ChartOptions = {
  title: "Escapes",
  x: { label: "batch size (rows)", scale: "log" },
  y: { label: "share of runs", range: [0, 1] },
  marks: [
    {
      kind: "band",
      name: "interval",
      x: [1, 10, 100],
      low: [0.7, 0.5, 0.1],
      high: [1.2, 0.9, 0.4],
      style: 0,
    },
    { kind: "line", name: "median", x: [1, 10, 100], y: [0.9, 0.7, 0.2], style: 0 },
    { kind: "dots", name: "seeds", x: [1, 10, 100], y: [0.8, 0.6, 0.3] },
  ],
};

/** Finite numbers of every size, and what is no number. */
const value = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0, Number.NaN, Infinity, -Infinity, 1e-300, 1e300),
);
const column = fc.array(value, { maxLength: 12 });
const pair = column.chain((x) =>
  fc.record({ x: fc.constant(x), y: fc.array(value, { minLength: x.length, maxLength: x.length }) }),
);
const style = fc.option(fc.nat(20), { nil: undefined });
/** Letters of the font that figures are drawn with. */
export const letters: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(..."abcWMm fil Ag,.()−=σ∇‖₁²<&\"'\u0007\n–"), { maxLength: 60, size: "max" })
  .map((parts) => parts.join(""));
/** Anything that JavaScript takes for a text, halves of pairs too. */
export const anyText: fc.Arbitrary<string> = fc.string({ unit: "binary", maxLength: 20, size: "max" });

function without(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, given]) => given !== undefined));
}

const markWith = (text: fc.Arbitrary<string>): fc.Arbitrary<Mark> =>
  fc
    .oneof(
      fc.record({ kind: fc.constant("line"), name: text, style, thin: fc.boolean(), points: pair }),
      fc.record({
        kind: fc.constant("dots"),
        name: text,
        style,
        hollow: fc.boolean(),
        shape: fc.constantFrom("circle", "cross", "square", "triangle"),
        points: pair,
      }),
      fc.record({ kind: fc.constant("bars"), name: text, style, points: pair }),
      fc.record({ kind: fc.constant("rule"), x: value, label: text }),
      fc.record({ kind: fc.constant("rule"), y: value, label: text }),
      fc.record({ kind: fc.constant("text"), x: value, y: value, text }),
      fc.record({
        kind: fc.constant("spans"),
        name: text,
        spans: fc.array(fc.tuple(value, value), { maxLength: 4 }),
      }),
      fc.record({ kind: fc.constant("band"), name: text, points: pair }).map(({ points, ...band }) => ({
        ...band,
        x: points.x,
        low: points.y,
        high: points.y.map((y) => y + 1),
      })),
    )
    .map(
      ({ points, ...rest }: Record<string, unknown>) =>
        without({ ...rest, ...(points as object) }) as unknown as Mark,
    );

const axisWith = (text: fc.Arbitrary<string>): fc.Arbitrary<ChartOptions["x"]> =>
  fc
    .record({
      label: text,
      scale: fc.constantFrom("linear", "log"),
      whole: fc.boolean(),
      range: fc.option(fc.constantFrom([0.5, 2], [1e-9, 1e9]), { nil: undefined, freq: 3 }),
      categories: fc.option(fc.array(text, { minLength: 1, maxLength: 30, size: "max" }), {
        nil: undefined,
        freq: 3,
      }),
    })
    .map((axis) => without(axis) as unknown as ChartOptions["x"]);

/** Charts of anything. @param text Its names. */
export const chartWith = (text: fc.Arbitrary<string>): fc.Arbitrary<ChartOptions> =>
  fc.record({
    title: text,
    subtitle: text,
    x: axisWith(text),
    y: axisWith(text),
    marks: fc.array(markWith(text), { minLength: 1, maxLength: 6 }),
    width: fc.integer({ min: 320, max: 1200 }),
    height: fc.integer({ min: 240, max: 800 }),
  });
