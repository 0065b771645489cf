/** The line search on the page against that of the library. */
import { explainLineSearch, objective } from "talweg";
import { expect, test } from "vitest";
import { numberText } from "../../lab/panels/numberText.ts";
import { lossRay, searchAlong } from "../../lab/parts/lineSearchHere.ts";
import { regionOf } from "../../lab/parts/lineSearchMarks.ts";
import type { Lab } from "../../lab/state/types.ts";
import { openLab } from "./browser.ts";
import { figure, opened } from "./chartsMaterial.ts";

/** The search as the page makes it, by this thread. */
function searchOf(lab: Lab, c1 = 0.1) {
  const f = objective(lab.network(), lab.loss(), lab.dataset());
  return searchAlong(lossRay(f, lab.parameters()), { initial: 1, c1, shrink: 0.5 });
}

test("the search along kept values is the library's search over all parameters", async () => {
  const lab = await opened();
  const f = objective(lab.network(), lab.loss(), lab.dataset());
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
  const wanted = explainLineSearch(f64, Float64Array.from(lab.parameters()), {
    initial: 1,
    c1: 0.1,
    shrink: 0.5,
  });
  const found = searchOf(lab);
  expect(found.trials.map(({ stepSize, value, accepted }) => [stepSize, value, accepted])).toEqual(
    wanted.trials.map(({ stepSize, value, accepted }) => [stepSize, value, accepted]),
  );
  expect(found.slope).toBeCloseTo(wanted.slope, 12);
  expect(found.crossesValley).toBe(wanted.crossesValley);
  const { x, y } = regionOf(found, false);
  expect(x[1]).toBeGreaterThan(found.stepSize);
  expect(y[0]).toBeLessThan(found.least.value);
  lab.close();
});

test("the table and the formula show the library's trials, and the tilt of the line asks for more", async () => {
  const lab = await opened();
  const { page, faults, close } = await openLab();
  const found = await figure(page, "Line search");
  await found.locator(".search-trial").first().waitFor();
  const table = async (): Promise<string[][]> =>
    Promise.all(
      (await found.locator(".search-trial").all()).map((row) => row.locator("td").allTextContents()),
    );
  const wanted = (c1: number): string[][] =>
    searchOf(lab, c1).trials.map(({ stepSize, value, bound, accepted }) => [
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
  expect(faults).toEqual([]);
  lab.close();
  await close();
});

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
  const { page, faults, close } = await openLab();
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
  expect(faults).toEqual([]);
  await close();
});

test("taking the step goes there: the loss is the one that the search found, and undo comes back", async () => {
  const lab = await opened();
  const { valueAfter } = searchOf(lab);
  const { page, faults, close } = await openLab();
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
  expect(await loss()).toBeCloseTo(lab.measures().loss!, 5);
  expect(faults).toEqual([]);
  lab.close();
  await close();
});
