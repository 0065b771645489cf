import { errataIds, erratum, type GalleryName, galleryExample, galleryNames } from "talweg/explain";
import { expect, test } from "vitest";

/** What must break, and nothing else. */
const breaks: Readonly<Record<GalleryName, string[]>> = {
  kink: ["meanValue", "stationary"],
  absolute: ["meanValue", "stationary"],
  "no-minimum": ["settles", "stationary"],
  "unbounded-level-set": ["settles", "stationary"],
  "no-lower-bound": ["boundedBelow", "settles", "stationary"],
  "c1-too-large": ["armijo"],
  saddle: ["minimum"],
  maximum: ["minimum"],
};

test.each(galleryNames)("%s breaks exactly what it is there to break", (name) => {
  const example = galleryExample(name);
  expect(example.broken).toEqual(breaks[name]);
  expect(JSON.parse(JSON.stringify(example))).toEqual(example);
});

test("at the kink the steps tend to 0 while the gradient stays longer than 5, far above the minimum 0", () => {
  const { run } = galleryExample("kink");
  expect(run!.smallestStep!).toBeLessThan(1e-9);
  expect(run!.gradientNorm).toBeGreaterThan(5);
  expect(run!.value).toBeGreaterThan(0.2);
  // Every refused trial crosses the kink, where no slope equals the quotient.
  const meanValue = run!.lines.find(({ id }) => id === "meanValue")!;
  expect(meanValue.failed).toBe(meanValue.checked);
});

test("|x| is brought to its minimum, and the gradient keeps the length 1", () => {
  const { run } = galleryExample("absolute");
  expect(run!.value).toBeLessThan(1e-9);
  expect(run!.gradientNorm).toBe(1);
});

test("from (1, 0) on x² + (y² - 1)² one step leads to the saddle (0, 0), where f is 1 above its minimum", () => {
  const { run } = galleryExample("saddle");
  expect(run!.steps).toHaveLength(1);
  expect(run!.point).toEqual([0, 0]);
  expect(run!.value).toBe(1);
  expect(run!.curvature!.kind).toBe("saddle");
  for (const [i, value] of [-4, 2].entries()) expect(run!.curvature!.eigenvalues![i]).toBeCloseTo(value, 6);
});

test("with c1 = 1 every quotient lies above the slope, and the library refuses the constant", () => {
  const { refusal, run } = galleryExample("c1-too-large");
  expect(run).toBeNull();
  for (const { quotient, accepted } of refusal!.trials) {
    expect(quotient).toBeGreaterThan(refusal!.slope);
    expect(accepted).toBe(false);
  }
  expect(refusal!.message).toMatch(/^armijo: c1 is 1, expected a number between 0 and 1/);
});

test("an example that does not exist is refused with those that do", () => {
  expect(() => galleryExample("cliff" as GalleryName)).toThrow(
    'gallery: there is no example "cliff", expected one of kink, absolute, no-minimum',
  );
});

test.each(errataIds)("the numbers of %s show what they are said to show", (id) => {
  const found = erratum(id);
  expect(found.id).toBe(id);
  for (const { statement, holds } of found.shown) expect(holds, statement).toBe(true);
  expect(found.shown.length).toBeGreaterThan(0);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test("M16: the smallest steps are those of the list of errata", () => {
  const [table] = erratum("M16").tables;
  const column = (name: string): unknown[] => table!.rows.map((row) => row[table!.columns.indexOf(name)]);
  const rounded = (name: string): number[] => column(name).map((x) => Number((x as number).toFixed(4)));
  expect(rounded("smallest t")).toEqual([0.0156, 0.0078, 0.0019, 0.0133]);
  expect(rounded("bound")).toEqual([0.01, 0.005, 0.0016, 0.0126]);
});

test("an erratum without numbers is refused with those that have some", () => {
  expect(() => erratum("M5" as "M7")).toThrow(
    'errata: there is no "M5" with numbers to show, expected one of M3, M4',
  );
});
