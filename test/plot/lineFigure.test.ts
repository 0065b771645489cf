import { OptionError, ShapeError } from "talweg";
import { colors, dashes, lineFigure } from "talweg/plot";
import { expect, test } from "vitest";

const axes = { title: "Loss", xLabel: "step", yLabel: "loss (nats)" };

/** The path data of every curve of a figure. */
function paths(svg: string): string[] {
  const group = /<g[^>]*aria-label="line"[^>]*>(.*?)<\/g>/gs;
  return [...svg.matchAll(group)].flatMap(([, inner]) =>
    [...inner!.matchAll(/ d="([^"]*)"/g)].map(([, d]) => d!),
  );
}

/** The labels on an axis. */
function ticks(svg: string, axis: "x" | "y"): string[] {
  const group = new RegExp(`aria-label="${axis}-axis tick label"[^>]*>(.*?)</g>`, "s").exec(svg)![1]!;
  return [...group.matchAll(/<text[^>]*>([^<]*)</g)].map(([, label]) => label!);
}

test("the same input gives the same bytes, without style sheet, class or date", async () => {
  const options = { ...axes, series: [{ name: "a", x: [0, 1, 2], y: [3, 2, 1] }] };
  const svg = await lineFigure(options);
  expect(await lineFigure(options)).toBe(svg);
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(svg).not.toMatch(/<style|class=|style=|\b20\d\d-/);
});

test("a figure has its own white background, a title and the names of both axes", async () => {
  const svg = await lineFigure({ ...axes, series: [{ name: "a", x: [0, 1], y: [0, 1] }] });
  expect(svg).toMatch(/<svg[^>]*><rect [^>]*fill="#ffffff"/);
  for (const name of [">Loss</text>", ">step</text>", ">loss (nats)</text>"]) expect(svg).toContain(name);
});

test("each series has a color and a dash of its own, and its name in the legend", async () => {
  const series = ["one", "two", "three"].map((name, i) => ({ name, x: [0, 1], y: [i, i + 1] }));
  const svg = await lineFigure({ ...axes, series });
  for (const [i, { name }] of series.entries()) {
    expect(svg).toContain(`>${name}</text>`);
    const line = new RegExp(`<line [^>]*stroke="${colors[i]}"[^>]*>`).exec(svg)![0];
    if (dashes[i] === "none") expect(line).not.toContain("dasharray");
    else expect(line).toContain(`stroke-dasharray="${dashes[i]}"`);
  }
});

test("zero, negative and non-finite values leave gaps on a log axis and break nothing", async () => {
  const y = [1, 0.1, 0, 0.01, -1, 0.001, Number.NaN, 1e-4, Infinity, 1e-5];
  const svg = await lineFigure({ ...axes, yScale: "log", series: [{ name: "a", x: y.map((_, i) => i), y }] });
  expect(svg).not.toMatch(/NaN|Infinity/);
  // One line over the first two points; each of the others stands alone and is a dot.
  expect(svg.match(/<circle /g)).toHaveLength(4);
  expect(ticks(svg, "y")).toContain("10⁻³");
});

test("values that are all zero fall back to a linear axis", async () => {
  const svg = await lineFigure({
    ...axes,
    yScale: "log",
    series: [{ name: "a", x: [1, 2, 3], y: [0, 0, 0] }],
  });
  expect(ticks(svg, "y")).toContain("0.0");
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test.each([
  ["a constant", [5, 5, 5]],
  ["a constant far from zero", [1e15, 1e15, 1e15]],
  ["the largest numbers", [1.7e308, -1.7e308, 1]],
  ["the smallest numbers", [5e-324, 1e-323, 0]],
  ["nothing finite", [Number.NaN, Infinity, -Infinity]],
])("%s makes a figure without NaN on either scale", async (_, y) => {
  for (const yScale of ["linear", "log"] as const) {
    const svg = await lineFigure({ ...axes, yScale, series: [{ name: "a", x: [0, 1, 2], y }] });
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test("a log axis over many decades has few labels, all of them powers of ten", async () => {
  const y = Array.from({ length: 40 }, (_, i) => Number(`1e-${i}`));
  const svg = await lineFigure({ ...axes, yScale: "log", series: [{ name: "a", x: y.map((_, i) => i), y }] });
  const labels = ticks(svg, "y");
  expect(labels.length).toBeGreaterThan(3);
  expect(labels.length).toBeLessThan(10);
  for (const label of labels) expect(label).toMatch(/^10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+$/);
});

test("steps have whole numbers on their axis", async () => {
  const svg = await lineFigure({ ...axes, series: [{ name: "a", x: [1, 2, 3], y: [1, 2, 3] }] });
  expect(ticks(svg, "x")).toEqual(["1", "2", "3"]);
});

test("a curve of a million points keeps its extremes and few of its points", async () => {
  const y = Float64Array.from({ length: 1_000_000 }, (_, i) => i % 7);
  y[123_456] = 1000;
  y[765_432] = -500;
  const svg = await lineFigure({ ...axes, series: [{ name: "a", x: y.map((_, i) => i), y }] });
  const [path] = paths(svg);
  const heights = [...path!.matchAll(/,(-?[\d.]+)/g)].map(([, height]) => Number(height));
  expect(heights.length).toBeLessThan(4000);
  // The axis runs from -500 to 1000 and the plotted area from 62 to 518.
  expect(Math.min(...heights)).toBe(62);
  expect(Math.max(...heights)).toBe(518);
});

test("names are escaped, and what XML forbids is left out", async () => {
  const svg = await lineFigure({
    ...axes,
    title: 'a < b & "c" \u0000\u0007',
    series: [
      { name: "<script>", x: [0], y: [0] },
      { name: "b", x: [0], y: [1] },
    ],
  });
  expect(svg).toContain('>a &lt; b &amp; "c"</text>');
  expect(svg).toContain(">&lt;script&gt;</text>");
  expect(svg).not.toContain("<script");
});

test("no series is refused", async () => {
  const made = lineFigure({ ...axes, series: [] });
  await expect(made).rejects.toThrow(OptionError);
  await expect(made).rejects.toThrow(
    "lineFigure: series is empty, expected at least one curve; pass [{ name, x, y }].",
  );
});

test("a series without one y for each x is refused by its name", async () => {
  const made = lineFigure({ ...axes, series: [{ name: "auto", x: [0, 1, 2], y: [0, 1] }] });
  await expect(made).rejects.toThrow(ShapeError);
  await expect(made).rejects.toThrow(
    'lineFigure: series "auto" has 3 numbers in x and 2 in y; pass one y for each x.',
  );
});

test("a size in which the names have no room is refused", async () => {
  const made = lineFigure({ ...axes, width: 100, series: [{ name: "a", x: [0], y: [0] }] });
  await expect(made).rejects.toThrow(OptionError);
  await expect(made).rejects.toThrow(
    "lineFigure: the figure is 100 by 600 pixels, expected 320 by 240 to 10,000 by 10,000, " +
      "or its names would not fit; leave width and height out for 960 by 600.",
  );
});
