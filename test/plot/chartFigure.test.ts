import fc from "fast-check";
import { OptionError, ShapeError } from "talweg";
import { type ChartOptions, chartFigure, colors, dashes, type Mark } from "talweg/plot";
import { expect, test } from "vitest";
import { anyText, bandChart, barsChart, chartWith, extent, letters, parse, searchChart } from "./figures.ts";

const axes = { title: "Title", x: { label: "x (s)" }, y: { label: "y (m)" } };
/** A fault is reported before the test is given up. */
const LIMIT = { interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false };
const draw = (...marks: Mark[]): Promise<string> => chartFigure({ ...axes, marks });

/** The elements of the groups that Plot names so. */
function group(svg: string, label: string): string {
  return [...svg.matchAll(new RegExp(`<g[^>]*aria-label="${label}"[^>]*>(.*?)</g>`, "gs"))]
    .map(([, inner]) => inner)
    .join("");
}

/** Where texts stand that are named inside of the plotted area. */
function labels(svg: string): { x: number; y: number; text: string }[] {
  return [...svg.matchAll(/<text paint-order[^>]* y="([\d.]+)" x="([\d.]+)">([^<]*)</g)].map(
    ([, y, x, text]) => ({
      x: Number(x),
      y: Number(y),
      text: text!,
    }),
  );
}

test.each([
  ["search", searchChart],
  ["bars", barsChart],
  ["band", bandChart],
])("the chart %s is drawn as it was when somebody looked at it", async (name, options) => {
  const svg = await chartFigure(options);
  await expect(svg).toMatchFileSnapshot(`../golden/plot/${name}.svg`);
  expect(await chartFigure(options)).toBe(svg);
  expect(svg).not.toMatch(/<style|class=|style=|NaN|undefined/);
});

test("charts of any numbers, names and sizes are XML, the same at every call, and have no NaN", async () => {
  await fc.assert(
    fc.asyncProperty(chartWith(anyText), async (options) => {
      const svg = await chartFigure(options);
      parse(svg);
      expect(svg.replace(/>[^<]*</g, "><").replace(/aria-label="[^"]*"/g, "")).not.toMatch(
        /NaN|Infinity|undefined/,
      );
      expect(await chartFigure(options)).toBe(svg);
    }),
    { numRuns: 60, ...LIMIT },
  );
});

test("nothing leaves the paper, whatever the names, numbers and sizes", async () => {
  await fc.assert(
    fc.asyncProperty(chartWith(letters), async (options) => {
      const { left, top, right, bottom } = extent(await chartFigure(options));
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(options.width!);
      expect(bottom).toBeLessThanOrEqual(options.height!);
    }),
    { numRuns: 60, ...LIMIT },
  );
});

test("names of rules and points do not cover each other while there is room", async () => {
  const near = [0.5, 0.5, 0.51, 0.52, 0.9, 1];
  const rules = near.map((x, i): Mark => ({ kind: "rule", x, label: `vertical rule ${i}` }));
  const level = [0.1, 0.1, 0.11].map((y, i): Mark => ({ kind: "rule", y, label: `level rule ${i}` }));
  const texts = [0.3, 0.3, 0.31].map((x, i): Mark => ({ kind: "text", x, y: 0.5, text: `point ${i}` }));
  const svg = await draw({ kind: "line", x: [0, 1], y: [0, 1] }, ...rules, ...level, ...texts);
  const found = labels(svg);
  expect(found).toHaveLength(12);
  // At a size of 16 a letter is about 10 wide and a line 20 high.
  for (const [i, a] of found.entries()) {
    for (const b of found.slice(i + 1)) {
      const [first, second] = a.x < b.x ? [a, b] : [b, a];
      const apart = first.x + first.text.length * 8.5 <= second.x || Math.abs(a.y - b.y) >= 16;
      expect(apart, `${a.text} and ${b.text}`).toBe(true);
    }
  }
});

test("a rule's name keeps away from a curve", async () => {
  // Curves run above and below the place where the name of a rule at this height would stand first.
  const curves = [0.53, 0.47].map(
    (y): Mark => ({ kind: "line", x: [0, 0.7, 1], y: [y === 0.53 ? 1 : 0, y, y] }),
  );
  const [label] = labels(await draw(...curves, { kind: "rule", y: 0.5, label: "bound" }));
  expect(label!.x).toBeLessThan(700);
});

test("styles are given out in order, shared by name, and taken ones passed over", async () => {
  const [x, y] = [
    [0, 1],
    [0, 1],
  ] as [number[], number[]];
  const svg = await draw(
    { kind: "line", x, y, name: "a" },
    { kind: "line", x, y, name: "b", style: 1 },
    { kind: "line", x, y, name: "c" },
    { kind: "dots", x, y, name: "a" },
  );
  const lines = [...group(svg, "line").matchAll(/<path/g)];
  expect(lines).toHaveLength(3);
  for (const [name, index] of [
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ] as const) {
    expect(svg).toContain(`>${name}</text>`);
    const sample = new RegExp(`<line [^>]*stroke="${colors[index]}"[^>]*>`).exec(svg)![0];
    if (index > 0) expect(sample).toContain(`stroke-dasharray="${dashes[index]}"`);
  }
  expect(svg.match(/>a<\/text>/g)).toHaveLength(1);
});

test("a range cuts curves off at the edge of the plotted area", async () => {
  const svg = await chartFigure({
    ...axes,
    x: { label: "x", range: [0, 1] },
    y: { label: "y", range: [0, 1] },
    marks: [
      { kind: "line", x: [-1, 2], y: [-1, 2] },
      { kind: "dots", x: [0.5, 3], y: [0.5, 3] },
    ],
  });
  const [[, path]] = [...group(svg, "line").matchAll(/ d="M([^"]*)"/g)] as [RegExpMatchArray];
  const numbers = path!.split(/[,L]/).map(Number);
  // 62 to 518 high, and the diagonal of the whole area.
  expect(numbers[1]).toBeCloseTo(518, 0);
  expect(numbers[3]).toBeCloseTo(62, 0);
  expect(group(svg, "dot").match(/<path/g)).toHaveLength(1);
});

test("bars stand on zero, side by side where there are several", async () => {
  const svg = await draw({ kind: "bars", x: [0, 1], y: [2, -1] }, { kind: "bars", x: [0, 1], y: [1, 1] });
  const boxes = [
    ...group(svg, "rect").matchAll(/<rect height="([\d.]+)" width="([\d.]+)" y="([\d.]+)" x="([\d.]+)"/g),
  ].map(([, height, width, y, x]) => ({
    left: Number(x),
    right: Number(x) + Number(width),
    top: Number(y),
    bottom: Number(y) + Number(height),
  }));
  const [up, down, beside] = boxes as [(typeof boxes)[0], (typeof boxes)[0], (typeof boxes)[0]];
  expect(up.bottom).toBeCloseTo(down.top, 1);
  expect(down.bottom).toBeGreaterThan(down.top + 50);
  expect(beside.left).toBeCloseTo(up.right, 1);
});

test("the smallest figure still has its legend", async () => {
  const marks = ["training", "validation of everything"].map(
    (name): Mark => ({ kind: "line", name, x: [0, 1], y: [0, 1] }),
  );
  const title = "a small figure with a long title that goes on and on";
  const svg = await chartFigure({ ...axes, title, marks, width: 320, height: 240 });
  for (const name of ["training", "validation of everything"]) expect(svg).toContain(`>${name}</text>`);
});

test("a hundred thousand points of every kind make a small figure", async () => {
  const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const y = x.map((i) => (i * 0.618_033_98) % 1);
  const svg = await draw(
    { kind: "line", x, y },
    { kind: "dots", x, y },
    { kind: "band", x, low: y, high: y.map((v) => v + 1) },
    { kind: "bars", x, y },
    { kind: "spans", spans: Array.from(x, (i): [number, number] => [i, i + 0.5]) },
  );
  expect(svg.length).toBeLessThan(1_500_000);
  parse(svg);
});

test.each([
  [[0, 12_345_678], "linear"],
  [[1.23456e-9, 1.23457e-9], "linear"],
  [[-1e15, 1e15], "linear"],
  [[1e-12, 1e12], "log"],
  [[1, 1.5], "log"],
] as const)(
  "numbers on the axis from %j, %s, do not touch each other in a small figure",
  async ([low, high], scale) => {
    const marks: Mark[] = [{ kind: "line", x: [low, high], y: [0, 1] }];
    const svg = await chartFigure({ ...axes, x: { label: "x", scale }, marks, width: 400 });
    // Letters of a figure of this width are 12 high.
    const ticks = [...group(svg, "x-axis tick label").matchAll(/translate\(([\d.]+),[^>]*>([^<]*)</g)].map(
      ([, x, text]) => {
        const half = (text!.length * 12 * 0.55) / 2;
        return { left: Number(x) - half, right: Number(x) + half };
      },
    );
    expect(ticks.length).toBeGreaterThan(0);
    for (const [i, { right }] of ticks.entries())
      expect(ticks[i + 1]?.left ?? Infinity).toBeGreaterThan(right);
  },
);

test("categories that have no room side by side are broken, then turned, then thinned out", async () => {
  const named = async (categories: string[]): Promise<string> =>
    group(
      await chartFigure({ ...axes, x: { label: "", categories }, marks: [{ kind: "bars", x: [0], y: [1] }] }),
      "x-axis tick label",
    );
  expect(await named(["one", "two"])).not.toMatch(/tspan|rotate/);
  expect(await named(Array(8).fill("some long name"))).toContain("tspan");
  expect(await named(Array(20).fill("unbreakable"))).toContain("rotate(-40)");
  expect((await named(Array(200).fill("unbreakable"))).match(/<text/g)!.length).toBeLessThan(60);
});

test("the sign before a number is a minus, the hyphen between words and layers stays", async () => {
  const svg = await chartFigure({
    title: "1-12-1 on [-1, 1], L-BFGS from -.5",
    x: { label: "x" },
    y: { label: "y" },
    marks: [{ kind: "line", x: [0], y: [0] }],
  });
  expect(svg).toContain(">1-12-1 on [−1, 1], L-BFGS from −.5</text>");
});

const line: Mark = { kind: "line", x: [0, 1], y: [0, 1] };

test.each<[string, Partial<ChartOptions>, string]>([
  [
    "no mark",
    { marks: [] },
    'chartFigure: marks is empty, expected at least one; pass [{ kind: "line", x, y }].',
  ],
  [
    "an unknown kind",
    { marks: [{ ...line, kind: "pie" as "line" }] },
    'chartFigure: marks[0] is of kind "pie", expected one of line, dots, band, spans, rule, bars, text.',
  ],
  [
    "an unknown shape",
    { marks: [line, { kind: "dots", x: [0], y: [0], shape: "star" as "cross" }] },
    'chartFigure: marks[1]: shape is "star", expected one of circle, cross, square, triangle.',
  ],
  [
    "a style that is no index",
    { marks: [{ ...line, style: 0.5 }] },
    "chartFigure: marks[0]: style is 0.5, expected a whole number from 0, an index of color and dash; leave it out for the next one.",
  ],
  [
    "a rule without a place",
    { marks: [{ kind: "rule" }] },
    "chartFigure: marks[0]: the rule has neither x nor y, expected one of them; give x for a vertical line, y for a horizontal one.",
  ],
  [
    "bars without width",
    { marks: [{ kind: "bars", x: [0], y: [0], width: 0 }] },
    "chartFigure: marks[0]: width is 0, expected a positive number; leave it out for the usual one.",
  ],
  [
    "an unknown scale",
    { y: { label: "", scale: "root" as "log" } },
    'chartFigure: y.scale is "root", expected "linear" or "log"; leave it out for linear.',
  ],
  [
    "a range that falls",
    { x: { label: "", range: [1, 0] } },
    "chartFigure: x.range is [1, 0], expected two finite numbers, the smaller first; leave it out to show all marks.",
  ],
  [
    "a log range from 0",
    { y: { label: "", scale: "log", range: [0, 1] } },
    "chartFigure: y.range is [0, 1], expected two positive numbers, the smaller first; leave it out to show all marks.",
  ],
  [
    "no categories",
    { x: { label: "", categories: [] } },
    "chartFigure: x.categories is empty, expected a name for each position; leave it out for an axis of numbers.",
  ],
  [
    "a size in which names have no room",
    { width: 100 },
    "chartFigure: the figure is 100 by 600 pixels, expected 320 by 240 to 10,000 by 10,000, " +
      "or its names would not fit; leave width and height out for 960 by 600.",
  ],
])("%s is refused", async (_, options, message) => {
  const made = chartFigure({ ...axes, marks: [line], ...options });
  await expect(made).rejects.toThrow(OptionError);
  await expect(made).rejects.toThrow(message);
});

test("marks without one y for each x are refused by their names", async () => {
  const made = draw(line, { kind: "line", name: "auto", x: [0, 1, 2], y: [0, 1] });
  await expect(made).rejects.toThrow(ShapeError);
  await expect(made).rejects.toThrow(
    'chartFigure: marks[1] ("auto") has 3 numbers in x and 2 in y; pass one y for each x.',
  );
  const band = draw({ kind: "band", x: [0, 1], low: [0, 1], high: [0] });
  await expect(band).rejects.toThrow(
    "chartFigure: marks[0] has 2 numbers in x and 1 in high; pass one high for each x.",
  );
});
