/** The landscape against the library: its numbers, its colors' scale, and the point that sets two parameters. */
import { objective, parameterName } from "talweg";
import { expect, test } from "vitest";
import { numberText } from "../../lab/panels/numberText.ts";
import { depthColor, depthOf, landscapeField, levelsOf } from "../../lab/parts/landscapeMap.ts";
import { openLab } from "./browser.ts";
import { figure, opened, savedRows } from "./chartsMaterial.ts";

const directions = [new Float32Array(2), new Float32Array(2)] as const;

test("a landscape's rows stand upside down for the picture, and what is not finite has no color", () => {
  const loss = [1, 10, 100, null, 1000, 1, 10, 100, 1];
  const axis = [-1, 0, 1];
  const map = landscapeField({
    size: 3,
    first: axis,
    second: axis,
    loss,
    here: 1000,
    directions,
    path: [],
    shares: null,
  });
  expect(Array.from(map.field.values.subarray(6), (value) => 10 ** value)).toEqual([1, 10, 100]);
  expect(map.field.values[3]).toBeNaN();
  expect(map.low).toBe(1);
  expect(map.least).toEqual({ first: -1, second: -1, loss: 1 });
});

test("where all losses are the same the map is flat, in the middle of its scale", () => {
  const axis = [-1, 0, 1];
  const loss = Array.from({ length: 9 }, () => 0.5);
  const map = landscapeField({
    size: 3,
    first: axis,
    second: axis,
    loss,
    here: 0.5,
    directions,
    path: [],
    shares: null,
  });
  expect(map.flat).toBe(true);
  expect(depthOf(Math.log10(0.5), map)).toBeCloseTo(0.5, 12);
});

test("contour lines stand at round losses inside of what is shown, five at least and fourteen at most", () => {
  expect(levelsOf(0.0005, 2.1)).toContain(0.01);
  for (const [low, high] of [
    [1e-8, 1e5],
    [0.5, 0.9],
    [0.1, 2],
    [0.7, 0.701],
  ] as const) {
    const levels = levelsOf(low, high);
    expect(levels.length).toBeGreaterThanOrEqual(5);
    expect(levels.length).toBeLessThanOrEqual(14);
    expect(levels.every((level) => level > low && level < high)).toBe(true);
  }
});

test("the colors fall in lightness all the way on the light page, and rise on the dark one", () => {
  const luminance = ([r, g, b]: [number, number, number]): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  for (const dark of [false, true]) {
    const lights = Array.from({ length: 21 }, (_, i) => luminance(depthColor(i / 20, dark)));
    for (let i = 1; i < lights.length; i += 1) expect(lights[i]! > lights[i - 1]!).toBe(dark);
  }
});

test("the map has the library's losses on the plane of the two steepest parameters", async () => {
  const lab = await opened();
  const { page, faults, close } = await openLab();
  const found = await figure(page, "Landscape of the loss");
  await found.getByRole("slider").waitFor();
  await page.waitForFunction(() => document.querySelector(".landscape-stale") === null);
  const rows = await savedRows(page, found);
  expect(rows.length).toBe(41 * 41);
  const names = Object.keys(rows[0]!).slice(0, 2);
  const n = lab.network();
  const places = names.map(
    (name) =>
      Array.from({ length: n.parameterCount }, (_, i) => i).find((i) => parameterName(n, i) === name)!,
  );
  const f = objective(n, lab.loss(), lab.dataset());
  const w = lab.parameters().slice();
  for (const i of [0, 40, 840, 1000, 1680]) {
    for (const [axis, place] of places.entries()) w[place] = Number(rows[i]![names[axis]!]);
    expect(Number(rows[i]!.loss)).toBeCloseTo(f.value(w), 5);
  }
  // The middle of the map is what is on show.
  expect(Number(rows[840]!.loss)).toBeCloseTo(lab.measures().loss!, 9);
  expect(faults).toEqual([]);
  lab.close();
  await close();
});

test("a key moves the point, sets the parameter and shows the library's loss there; undo comes back", async () => {
  const lab = await opened();
  const { page, faults, close } = await openLab();
  const found = await figure(page, "Landscape of the loss");
  const point = found.getByRole("slider");
  await point.waitFor();
  await page.waitForFunction(() => document.querySelector(".landscape-stale") === null);
  const hash = await page.locator(".top-hash").textContent();
  const name = (await point.getAttribute("aria-label"))!.split(" and ")[0]!;
  const n = lab.network();
  const place = Array.from({ length: n.parameterCount }, (_, i) => i).find(
    (i) => parameterName(n, i) === name,
  )!;
  const wide =
    Number(await point.getAttribute("aria-valuemax")) - Number(await point.getAttribute("aria-valuemin"));
  await point.focus();
  await page.keyboard.press("Shift+ArrowLeft");
  lab.setParameter(place, lab.parameters()[place]! - wide / 10, "");
  const text = (await point.getAttribute("aria-valuetext"))!;
  expect(text).toContain(`${name} ${numberText(lab.parameters()[place], 3)}, `);
  expect(text).toContain(`loss ${numberText(lab.measures().loss, 3)}`);
  expect(await page.locator(".top-hash").textContent()).toBe(lab.measures().hash);
  await page.keyboard.press("Control+z");
  expect(await page.locator(".top-hash").textContent()).toBe(hash);
  expect(faults).toEqual([]);
  lab.close();
  await close();
});

test("along the way the plane is that of the run, and its shares are told", async () => {
  const { page, faults, close } = await openLab();
  const found = await figure(page, "Landscape of the loss");
  // By a key, since what comes above may move it under a pointer.
  await found.getByRole("radio", { name: "along the way" }).press("Space");
  await found.getByText("There is no way yet").waitFor();
  await page.getByRole("button", { name: "To the first step" }).click();
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>("input.dock-line")?.value === "0",
  );
  await page.locator("main").focus();
  await page.keyboard.press("Space");
  await found.getByText(/% and \d+ % of it lie along the two axes/).waitFor();
  expect(await found.getByRole("slider").getAttribute("aria-disabled")).toBe("true");
  expect(faults).toEqual([]);
  await close();
});
