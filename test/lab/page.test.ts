/** The page as a reader has it: opens, trains, goes back, keeps to its window, and asks nobody else for anything. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { fromAddress } from "../../lab/state/address.ts";
import { openLab, sharedLab } from "./browser.ts";
import { arriveAt, arriveAtEnd, drawn, hashOf, lossOf, stepOf } from "./reading.ts";

const lab = sharedLab();

// The first on the page, so it is opened by its bare address.
test("opens in the middle of a run, with a title, a state and no fault", async () => {
  const page = await lab.at();
  expect(await page.locator("h1").textContent()).toBe("x², half learnt");
  expect(await stepOf(page)).toBe(60);
  expect(await hashOf(page)).toMatch(/^[0-9a-f]{8}$/);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test("the space key lets it train, and the loss falls; the step before can be had again, with the same hash", async () => {
  const page = await lab.at();
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
  await arriveAtEnd(page);
  expect(await lossOf(page)).toBeLessThan(before.loss);
});

test("a link brings back the same step with the same hash, and a broken one is told of", async () => {
  const page = await lab.at();
  await page.getByRole("button", { name: "One step on" }).click();
  await arriveAt(page, 61);
  const fragment = (): string => new URL(page.url()).hash;
  // The address is written when things are at rest.
  await expect.poll(async () => (await fromAddress(fragment())).step).toBe(61);
  const hash = await hashOf(page);
  const again = await openLab(fragment());
  await again.page.waitForFunction(
    (wanted) => document.querySelector(".top-hash")?.textContent === wanted,
    hash,
  );
  expect(await stepOf(again.page)).toBe(61);
  await again.page.goto(`${again.url}#bAAAA`);
  await again.page.getByText("The link could not be followed.").waitFor();
  expect(await again.page.getByRole("button", { name: "Run", exact: true }).isVisible()).toBe(true);
  expect(again.faults).toEqual([]);
  await again.close();
});

test("a change of the method is undone and redone by the keys", async () => {
  const page = await lab.at();
  const method = page.getByLabel("method", { exact: true });
  await method.selectOption("adam");
  expect(await page.getByLabel("learning rate", { exact: true }).count()).toBe(1);
  await page.locator("main").focus();
  await page.keyboard.press("Control+z");
  expect(await method.inputValue()).toBe("auto");
  await page.keyboard.press("Control+Shift+z");
  expect(await method.inputValue()).toBe("adam");
});

test("a number is changed by arrows, by typing and by a drag on its name, and a wrong one is refused in words", async () => {
  const page = await lab.at();
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
});

test("each kind of data can be picked by its picture", async () => {
  const page = await lab.at();
  for (const kind of ["sine", "xor", "disk", "moons", "spirals", "by hand", "x²"]) {
    await page.getByRole("radio", { name: kind, exact: true }).check({ force: true });
    await drawn(page);
    expect(await page.getByRole("radio", { name: kind, exact: true }).isChecked()).toBe(true);
  }
});

test("a table of the reader's is taken in, and one that is too large is refused before it is read", async () => {
  const page = await lab.at();
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
});

const paper = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

/** Nothing stands beyond the edge, not even the menu, and the run can be reached. */
async function expectWithin(page: Page): Promise<void> {
  const beyond = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(beyond).toBeLessThanOrEqual(0);
  expect(await page.getByRole("button", { name: "Run", exact: true }).isVisible()).toBe(true);
  await page.getByRole("button", { name: "Examples", exact: true }).click();
  const menu = (await page.getByRole("menu").boundingBox())!;
  expect(menu.x).toBeGreaterThanOrEqual(0);
  expect(menu.x + menu.width).toBeLessThanOrEqual(page.viewportSize()!.width);
  expect(await beyond()).toBeLessThanOrEqual(0);
  await page.keyboard.press("Escape");
}

test("on a phone that is dark nothing stands beyond the edge, and the run can be reached", async () => {
  const { page, faults, close } = await openLab("", {
    colorScheme: "dark",
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    isMobile: true,
  });
  await arriveAt(page, 60);
  expect(await paper(page)).toBe("rgb(21, 23, 26)");
  await expectWithin(page);
  expect(faults).toEqual([]);
  await close();
});

test("at 200 % and on a projector nothing stands beyond the edge, and the run can be reached", async () => {
  const page = await lab.at();
  for (const size of [
    { width: 640, height: 400 },
    { width: 1920, height: 1080 },
  ]) {
    await page.setViewportSize(size);
    await drawn(page);
    await expectWithin(page);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("the theme follows the system, and the button changes it", async () => {
  const page = await lab.at();
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => paper(page)).toBe("rgb(21, 23, 26)");
  await page.getByRole("button", { name: "Light page" }).click();
  expect(await paper(page)).toBe("rgb(251, 250, 246)");
  await page.emulateMedia({ colorScheme: "light" });
});

test("the question mark shows the keys, and Escape puts them away", async () => {
  const page = await lab.at();
  await page.keyboard.press("?");
  expect(await page.getByRole("dialog").isVisible()).toBe(true);
  await page.keyboard.press("Escape");
  expect(await page.getByRole("dialog").count()).toBe(0);
});
