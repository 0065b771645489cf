import fc from "fast-check";
import { OptionError, ShapeError } from "talweg";
import { type ChartOptions, panelsFigure } from "talweg/plot";
import { expect, test } from "vitest";
import { barsChart, chartWith, extent, letters, searchChart } from "./figures.ts";

const panel = (title: string, names: readonly string[]): ChartOptions => ({
  title,
  x: { label: "x" },
  y: { label: "y" },
  marks: names.map((name, i) => ({ kind: "line", name, x: [0, 1], y: [i, i + 1] })),
});
const count = (svg: string, text: string): number => svg.split(`>${text}</text>`).length - 1;

test("panels share one paper: one background, a title each, and the same bytes at every call", async () => {
  const options = {
    title: "All",
    subtitle: "of them",
    panels: [searchChart, barsChart, panel("third", ["a"])],
  };
  const svg = await panelsFigure(options);
  expect(svg.match(/<svg/g)).toHaveLength(1);
  for (const text of ["All", "of them", searchChart.title, barsChart.title, "third"])
    expect(count(svg, text)).toBe(1);
  expect(await panelsFigure(options)).toBe(svg);
});

test("one legend stands above panels that speak of the same things", async () => {
  const svg = await panelsFigure({
    title: "t",
    panels: [panel("p", ["a", "b"]), panel("q", ["a", "b"]), panel("r", ["a"])],
  });
  expect([count(svg, "a"), count(svg, "b")]).toEqual([1, 1]);
});

test("panels in which one color means different things have a legend each", async () => {
  const svg = await panelsFigure({ title: "t", panels: [panel("p", ["a", "b"]), panel("q", ["b", "c"])] });
  expect([count(svg, "a"), count(svg, "b"), count(svg, "c")]).toEqual([1, 2, 1]);
  const others = await panelsFigure({ title: "t", panels: [panel("p", ["a", "b"]), panel("q", ["c", "d"])] });
  // Each in its own half of the paper, which is 960 wide.
  const left = (name: string): number => Number(new RegExp(`x="([\\d.]+)">${name}</text>`).exec(others)![1]);
  expect(left("a")).toBeLessThan(left("b"));
  expect(left("b")).toBeLessThan(480);
  expect(left("c")).toBeGreaterThan(480);
});

test("nothing leaves the paper, whatever is in the panels", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(chartWith(letters), { minLength: 1, maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      letters,
      async (panels, columns, title) => {
        const svg = await panelsFigure({ title, panels, ...(columns === undefined ? {} : { columns }) });
        const [, height, width] = /viewBox[^>]* height="(\d+)" width="(\d+)"/.exec(svg)!.map(Number) as [
          number,
          number,
          number,
        ];
        const box = extent(svg);
        expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0);
        expect(box.right).toBeLessThanOrEqual(width);
        expect(box.bottom).toBeLessThanOrEqual(height);
      },
    ),
    { numRuns: 15, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false },
  );
});

test.each([
  [
    { panels: [] },
    "panelsFigure: panels is empty, expected at least one chart; pass [{ title, x, y, marks }].",
  ],
  [{ columns: 0 }, "panelsFigure: columns is 0, expected a whole number from 1; leave it out for 1 to 3."],
  [
    { width: 400, columns: 3 },
    /^panelsFigure: a panel has 133 by \d+ pixels, expected at least 220 by 170, or its names would not fit; give fewer columns/,
  ],
])("panels with %j are refused", async (options, message) => {
  const three = [panel("p", ["a"]), panel("q", ["a"]), panel("r", ["a"])];
  const made = panelsFigure({ title: "t", panels: three, ...options });
  await expect(made).rejects.toThrow(OptionError);
  await expect(made).rejects.toThrow(message);
});

test("a fault inside of a panel says in which one", async () => {
  const wrong: ChartOptions = { ...panel("q", []), marks: [{ kind: "line", x: [0], y: [] }] };
  const made = panelsFigure({ title: "t", panels: [panel("p", ["a"]), wrong] });
  await expect(made).rejects.toThrow(ShapeError);
  await expect(made).rejects.toThrow(
    "panelsFigure: panels[1]: marks[0] has 1 number in x and 0 in y; pass one y for each x.",
  );
});
