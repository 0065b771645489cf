/**
 * What the loss does around the network on show, against the library: the landscape with its numbers, its colors' scale and the
 * point that sets two parameters; and the line search.
 */
import type { Locator, Page } from "playwright-core";
import { explainLineSearch, objective, parameterName } from "talweg";
import { expect, test } from "vitest";
import { numberText } from "../../lab/panels/numberText.ts";
import { depthColor, depthOf, landscapeField, levelsOf } from "../../lab/parts/landscapeMap.ts";
import { lossRay, searchAlong } from "../../lab/parts/lineSearchHere.ts";
import { regionOf } from "../../lab/parts/lineSearchMarks.ts";
import type { Lab } from "../../lab/state/types.ts";
import { sharedLab } from "./browser.ts";
import { figure, opened, savedRows } from "./chartsMaterial.ts";

const lab = sharedLab();

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
  const run = await opened();
  const page = await lab.at();
  const found = await figure(page, "Landscape of the loss");
  await found.getByRole("slider").waitFor();
  await page.waitForFunction(() => document.querySelector(".landscape-stale") === null);
  const rows = await savedRows(page, found);
  expect(rows.length).toBe(41 * 41);
  const names = Object.keys(rows[0]!).slice(0, 2);
  const n = run.network();
  const places = names.map(
    (name) =>
      Array.from({ length: n.parameterCount }, (_, i) => i).find((i) => parameterName(n, i) === name)!,
  );
  const f = objective(n, run.loss(), run.dataset());
  const w = run.parameters().slice();
  for (const i of [0, 40, 840, 1000, 1680]) {
    for (const [axis, place] of places.entries()) w[place] = Number(rows[i]![names[axis]!]);
    expect(Number(rows[i]!.loss)).toBeCloseTo(f.value(w), 5);
  }
  // The middle of the map is what is on show.
  expect(Number(rows[840]!.loss)).toBeCloseTo(run.measures().loss!, 9);
  run.close();
});

test("a key moves the point, sets the parameter and shows the library's loss there; undo comes back", async () => {
  const run = await opened();
  const page = await lab.at();
  const found = await figure(page, "Landscape of the loss");
  const point = found.getByRole("slider");
  await point.waitFor();
  await page.waitForFunction(() => document.querySelector(".landscape-stale") === null);
  const hash = await page.locator(".top-hash").textContent();
  const name = (await point.getAttribute("aria-label"))!.split(" and ")[0]!;
  const n = run.network();
  const place = Array.from({ length: n.parameterCount }, (_, i) => i).find(
    (i) => parameterName(n, i) === name,
  )!;
  const wide =
    Number(await point.getAttribute("aria-valuemax")) - Number(await point.getAttribute("aria-valuemin"));
  await point.focus();
  await page.keyboard.press("Shift+ArrowLeft");
  run.setParameter(place, run.parameters()[place]! - wide / 10, "");
  const text = (await point.getAttribute("aria-valuetext"))!;
  expect(text).toContain(`${name} ${numberText(run.parameters()[place], 3)}, `);
  expect(text).toContain(`loss ${numberText(run.measures().loss, 3)}`);
  expect(await page.locator(".top-hash").textContent()).toBe(run.measures().hash);
  await page.keyboard.press("Control+z");
  expect(await page.locator(".top-hash").textContent()).toBe(hash);
  run.close();
});

test("along the way the plane is that of the run, and its shares are told", async () => {
  const page = await lab.at();
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
});

/** The search as the page makes it, by this thread. */
function searchOf(run: Lab, c1 = 0.1) {
  const f = objective(run.network(), run.loss(), run.dataset());
  return searchAlong(lossRay(f, run.parameters()), { initial: 1, c1, shrink: 0.5 });
}

test("the search along kept values is the library's search over all parameters", async () => {
  const run = await opened();
  const f = objective(run.network(), run.loss(), run.dataset());
  const w32 = new Float32Array(f.dimension);
  const g32 = new Float32Array(f.dimension);
  const f64 = {
    dimension: f.dimension,
    value: (w: ArrayLike<number>) => {
      w32.set(w);
      return f.value(w32);
    },
    gradient: (w: ArrayLike<number>, g: Float64Array | Float32Array) => {
      w32.set(w);
      const value = f.gradient(w32, g32);
      g.set(g32);
      return value;
    },
  };
  const wanted = explainLineSearch(f64, Float64Array.from(run.parameters()), {
    initial: 1,
    c1: 0.1,
    shrink: 0.5,
  });
  const found = searchOf(run);
  expect(found.trials.map(({ stepSize, value, accepted }) => [stepSize, value, accepted])).toEqual(
    wanted.trials.map(({ stepSize, value, accepted }) => [stepSize, value, accepted]),
  );
  expect(found.slope).toBeCloseTo(wanted.slope, 12);
  expect(found.crossesValley).toBe(wanted.crossesValley);
  const { x, y } = regionOf(found, false);
  expect(x[1]).toBeGreaterThan(found.stepSize);
  expect(y[0]).toBeLessThan(found.least.value);
  run.close();
});

test("taking the step goes there: the loss is the one that the search found, and undo comes back", async () => {
  const run = await opened();
  const { valueAfter } = searchOf(run);
  const page = await lab.at();
  const found = await figure(page, "Line search");
  await found.locator(".search-trial").first().waitFor();
  await found.getByRole("button", { name: "Take the step" }).click();
  const loss = async (): Promise<number> => {
    const text = await page
      .locator(`section[aria-label=time] .fact:has(dt:text-is("loss")) dd`)
      .textContent();
    return Number(text?.replace("−", "-"));
  };
  expect(await loss()).toBeCloseTo(valueAfter, 6);
  await page.keyboard.press("Control+z");
  expect(await loss()).toBeCloseTo(run.measures().loss!, 5);
  run.close();
});

test("the table and the formula show the library's trials, and the tilt of the line asks for more", async () => {
  const run = await opened();
  const page = await lab.at();
  const found = await figure(page, "Line search");
  await found.locator(".search-trial").first().waitFor();
  const table = async (): Promise<string[][]> =>
    Promise.all(
      (await found.locator(".search-trial").all()).map((row) => row.locator("td").allTextContents()),
    );
  const wanted = (c1: number): string[][] =>
    searchOf(run, c1).trials.map(({ stepSize, value, bound, accepted }) => [
      numberText(stepSize, 4),
      numberText(value, 4),
      numberText(bound, 4),
      accepted ? "accepted" : "too high",
    ]);
  expect(await table()).toEqual(wanted(0.1));
  const tilt = found.getByRole("slider", { name: /c1/ });
  await tilt.focus();
  await page.keyboard.press("Shift+ArrowUp");
  expect(await tilt.getAttribute("aria-valuenow")).toBe("0.2");
  expect(await table()).toEqual(wanted(0.2));
  await page.keyboard.press("End");
  expect(await table()).toEqual(wanted(0.99));
  await page.keyboard.press("Home");
  expect(await table()).toEqual(wanted(0.0001));
  await found.getByRole("button", { name: "trial 1" }).click();
  expect(await found.locator(".search-numbers").textContent()).toContain(wanted(0.0001)[0]![1]);
  await putBack(page, found);
  run.close();
});

/** Puts c1 back, which the figure keeps. */
async function putBack(page: Page, found: Locator): Promise<void> {
  await found.getByRole("spinbutton", { name: "c₁" }).fill("0.1");
  await page.keyboard.press("Enter");
}

/** Brings a node to the middle of the window, and waits until nothing above it comes and moves it any more. */
function atRest(node: Element): Promise<void> {
  let last = "";
  let still = 0;
  return new Promise((resolve) => {
    const look = (): void => {
      node.scrollIntoView({ block: "center" });
      const { top, left } = node.getBoundingClientRect();
      const place = `${top},${left},${document.documentElement.scrollHeight}`;
      still = place === last ? still + 1 : 0;
      last = place;
      if (still >= 40) resolve();
      else requestAnimationFrame(look);
    };
    look();
  });
}

test("the line is tilted by a drag, and its handle stays under the pointer", async () => {
  const page = await lab.at();
  const found = await figure(page, "Line search");
  const tilt = found.getByRole("slider", { name: /c1/ });
  const dot = found.locator(".search-dot");
  await dot.waitFor();
  await dot.evaluate(atRest);
  const from = (await dot.boundingBox())!;
  await page.mouse.move(from.x + 6, from.y + 6);
  await page.mouse.down();
  await page.mouse.move(from.x + 6, from.y - 20, { steps: 4 });
  const c1 = Number(await tilt.getAttribute("aria-valuenow"));
  expect(c1).toBeLessThan(0.1);
  const to = (await dot.boundingBox())!;
  expect(Math.abs(to.y + 6 - (from.y - 20))).toBeLessThan(3);
  await page.mouse.up();
  await putBack(page, found);
});
