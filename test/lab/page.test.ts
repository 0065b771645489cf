/** The page as a reader has it: opens, trains, goes back, keeps to its window, and asks nobody else for anything. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openLab } from "./browser.ts";

const dock = "section[aria-label=time]";

/** A number of the bar at the bottom, as it is written there. */
const fact = async (page: Page, name: string): Promise<string> =>
  (await page.locator(`${dock} .fact:has(dt:text-is("${name}")) dd`).textContent()) ?? "";

const stepOf = async (page: Page): Promise<number> =>
  Number.parseInt((await fact(page, "step")).replace(/\s/g, ""), 10);

const lossOf = async (page: Page): Promise<number> => Number((await fact(page, "loss")).replaceAll("−", "-"));

const hashOf = async (page: Page): Promise<string> => (await page.locator(".top-hash").textContent()) ?? "";

/** Waits until the page has come to the step that it opens with. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const text = document.querySelector("input.dock-line")?.getAttribute("aria-valuetext") ?? "";
    return !text.startsWith("step 0 ");
  });
  await page.waitForTimeout(200);
}

test("opens in the middle of a run, with a title, a state and no fault", async () => {
  const { page, faults, close } = await openLab();
  await settled(page);
  expect(await page.locator("h1").textContent()).toBe("x², half learnt");
  expect(await stepOf(page)).toBe(60);
  expect(await hashOf(page)).toMatch(/^[0-9a-f]{8}$/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(faults).toEqual([]);
  await close();
});

test("the space key lets it train, and the loss falls; the step before can be had again, with the same hash", async () => {
  const { page, faults, close } = await openLab();
  await settled(page);
  const before = { loss: await lossOf(page), hash: await hashOf(page) };
  await page.getByRole("button", { name: "One step on" }).click();
  await page.waitForFunction(
    (hash) => document.querySelector(".top-hash")?.textContent !== hash,
    before.hash,
  );
  // Arrows do the same while the bar has the focus.
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(
    (hash) => document.querySelector(".top-hash")?.textContent === hash,
    before.hash,
  );
  await page.locator("main").focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => {
    const [step = 0, last = 1] = [...document.querySelectorAll<HTMLInputElement>("input.dock-line")].flatMap(
      ({ value, max }) => [Number(value), Number(max)],
    );
    return step >= last;
  });
  expect(await lossOf(page)).toBeLessThan(before.loss);
  expect(faults).toEqual([]);
  await close();
});

test("a link brings back the same step with the same hash, and a broken one is told of", async () => {
  const first = await openLab();
  await settled(first.page);
  await first.page
    .getByRole("button", { name: "One epoch on" })
    .or(first.page.getByRole("button", { name: "One step on" }))
    .click();
  await first.page.waitForFunction(
    () => document.querySelector<HTMLInputElement>("input.dock-line")?.value === "61",
  );
  await first.page.waitForFunction(() => location.hash.length > 1);
  await first.page.waitForTimeout(500);
  const [hash, fragment] = [await hashOf(first.page), new URL(first.page.url()).hash];
  expect(first.faults).toEqual([]);
  await first.close();
  const again = await openLab(fragment);
  await again.page.waitForFunction(
    (wanted) => document.querySelector(".top-hash")?.textContent === wanted,
    hash,
  );
  expect(await stepOf(again.page)).toBe(61);
  await again.page.goto(`${again.url}#bAAAA`);
  await again.page.getByText("The link could not be followed.").waitFor();
  expect(await again.page.getByRole("button", { name: "Run" }).isVisible()).toBe(true);
  expect(again.faults).toEqual([]);
  await again.close();
});

test("a change of the method is undone and redone by the keys", async () => {
  const { page, faults, close } = await openLab();
  await settled(page);
  const method = page.getByLabel("method", { exact: true });
  await method.selectOption("adam");
  expect(await page.getByLabel("learning rate", { exact: true }).count()).toBe(1);
  await page.locator("main").focus();
  await page.keyboard.press("Control+z");
  expect(await method.inputValue()).toBe("auto");
  await page.keyboard.press("Control+Shift+z");
  expect(await method.inputValue()).toBe("adam");
  expect(faults).toEqual([]);
  await close();
});

test("a number is changed by arrows, by typing and by a drag on its name, and a wrong one is refused in words", async () => {
  const { page, faults, close } = await openLab();
  await settled(page);
  const rows = page.getByRole("spinbutton", { name: "examples" });
  await rows.focus();
  await page.keyboard.press("ArrowUp");
  expect(await rows.inputValue()).toBe("210");
  await rows.fill("50");
  await page.keyboard.press("Enter");
  expect(await rows.inputValue()).toBe("50");
  await rows.fill("many");
  await page.keyboard.press("Enter");
  expect(await page.getByRole("alert").textContent()).toBe(
    '"many" does not fit: a whole number from 4 to 2000.',
  );
  expect(await rows.inputValue()).toBe("50");
  const name = page.locator("label", { hasText: /^noise$/ });
  const box = await name.boundingBox();
  if (box === null) throw new Error("the name of the field is not on the page");
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 35, box.y + 5, { steps: 4 });
  await page.mouse.up();
  expect(await page.getByRole("spinbutton", { name: "noise" }).inputValue()).toBe("0.1");
  expect(faults).toEqual([]);
  await close();
});

test("each kind of data can be picked by its picture", async () => {
  const { page, faults, close } = await openLab();
  for (const kind of ["sine", "xor", "disk", "moons", "spirals", "by hand", "x²"]) {
    await page.getByRole("radio", { name: kind, exact: true }).check({ force: true });
    await page.waitForTimeout(50);
    expect(await page.getByRole("radio", { name: kind, exact: true }).isChecked()).toBe(true);
  }
  expect(faults).toEqual([]);
  await close();
});

test("a table of the reader's is taken in, and one that is too large is refused before it is read", async () => {
  const { page, faults, close } = await openLab();
  await page.getByRole("radio", { name: "a table", exact: true }).check({ force: true });
  const input = page.locator("input[type=file]");
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${i / 10},${(i * 7) % 13},${i % 2 === 0 ? "even" : "odd"}`,
  );
  const text = ["a,b,kind", ...rows].join("\n");
  await input.setInputFiles({ name: "small.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByText("40 rows are in use.").waitFor();
  expect(
    await page
      .getByLabel("target", { exact: true })
      .evaluate((node: HTMLSelectElement) => node.selectedOptions[0]?.text),
  ).toBe("kind");
  await page.evaluate(() => {
    const file = new File(["a,b\n1,2\n"], "huge.csv");
    Object.defineProperty(file, "size", { value: 200e6 });
    const drop = new DataTransfer();
    const event = new DragEvent("drop", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "dataTransfer", { value: { files: [file], types: drop.types } });
    document.querySelector(".drop")?.dispatchEvent(event);
  });
  await page.getByText("huge.csv has 200 MB, and the page takes at most 100").waitFor();
  expect(faults).toEqual([]);
  await close();
});

test.each([
  ["a phone", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
  ["a window at 200 %", { viewport: { width: 640, height: 400 } }],
  ["a projector", { viewport: { width: 1920, height: 1080 } }],
])("on %s nothing stands beyond the edge, and the run can be reached", async (_, options) => {
  const { page, faults, close } = await openLab("", options);
  await settled(page);
  const { wide, window } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  expect(wide).toBeLessThanOrEqual(window);
  expect(await page.getByRole("button", { name: "Run" }).isVisible()).toBe(true);
  await page.getByRole("button", { name: "Examples", exact: true }).click();
  const menu = await page.getByRole("menu").boundingBox();
  expect(menu?.x).toBeGreaterThanOrEqual(0);
  expect((menu?.x ?? 0) + (menu?.width ?? 0)).toBeLessThanOrEqual(window);
  expect(faults).toEqual([]);
  await close();
});

test("the theme follows the system, and the button changes it", async () => {
  const { page, faults, close } = await openLab("", { colorScheme: "dark" });
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(await paper()).toBe("rgb(21, 23, 26)");
  await page.getByRole("button", { name: "Light page" }).click();
  expect(await paper()).toBe("rgb(251, 250, 246)");
  expect(faults).toEqual([]);
  await close();
});

test("the question mark shows the keys, and Escape puts them away", async () => {
  const { page, faults, close } = await openLab();
  await page.keyboard.press("?");
  expect(await page.getByRole("dialog").isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  expect(await page.getByRole("dialog").count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
});
