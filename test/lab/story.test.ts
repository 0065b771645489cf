/** What a reader does with the page, from opening it to a table of their own: once by pointer, once by keys alone. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { last, talweg } from "../cli/command.ts";
import { openLab } from "./browser.ts";
import { arriveAt, arriveAtEnd, figures, hashOf, lossOf, stepOf } from "./reading.ts";

const CSV = [
  "width,height,kind",
  ...Array.from({ length: 30 }, (_, i) => `${i / 10},${(i * 7) % 13},${i % 2}`),
].join("\n");

/** The address holds what is on show when things have been at rest for a moment. */
async function written(page: Page): Promise<string> {
  await page.waitForTimeout(600);
  return page.evaluate(() => location.hash);
}

/** The hash of the line that the page gives for the command. */
async function hashByCommand(page: Page): Promise<string> {
  const line = ((await page.locator(".command-line code").textContent()) ?? "").trim().replace(/\s+/g, " ");
  expect(line).toMatch(/^talweg train parabola /);
  const { stdout, code } = await talweg([...line.split(" ").slice(1), "--json", "--quiet-steps"]);
  expect(code).toBe(0);
  return String(last(stdout).parametersSha256).slice(0, 8);
}

async function expectAllChanged(page: Page, before: Awaited<ReturnType<typeof figures>>): Promise<void> {
  const after = await figures(page);
  for (const part of ["diagram", "fit", "loss", "formula"] as const) {
    expect(before[part], part).not.toBe("");
    expect(after[part], part).not.toBe(before[part]);
  }
}

test("by pointer: train, see the loss fall, find the command's hash, step back, drag a weight, come back by link, bring a table", async () => {
  const { page, faults, close } = await openLab();
  await arriveAt(page, 60);
  const opened = await lossOf(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await arriveAtEnd(page);
  expect(await lossOf(page)).toBeLessThan(opened / 2);
  const [end, trained] = [await stepOf(page), await hashOf(page)];
  expect(await hashByCommand(page)).toBe(trained);

  await page.getByRole("button", { name: "One step back" }).click();
  await arriveAt(page, end - 1);
  const back = await hashOf(page);
  expect(back).not.toBe(trained);

  // The last weight counts for all examples, whichever units are silent.
  await page.locator(".diagram-stage").scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => {
    const paths = [...document.querySelectorAll<SVGPathElement>(".diagram-edges path")].slice(-12);
    const width = (path: Element): number => Number(path.getAttribute("stroke-width"));
    const path = paths.reduce((most, one) => (width(one) > width(most) ? one : most));
    const { x, y } = path.getPointAtLength(0.6 * path.getTotalLength());
    const box = document.querySelector(".diagram-stage")!.getBoundingClientRect();
    return { x: box.x + x, y: box.y + y };
  });
  await page.mouse.move(place.x, place.y);
  const before = await figures(page);
  await page.mouse.down();
  await page.mouse.move(place.x, place.y - 70, { steps: 3 });
  await page.mouse.up();
  await expectAllChanged(page, before);
  expect(await stepOf(page)).toBe(0);
  const dragged = await hashOf(page);

  const link = await written(page);
  await page.reload();
  await page.locator("main").waitFor();
  expect(await page.evaluate(() => location.hash)).toBe(link);
  expect(await hashOf(page)).toBe(dragged);

  await page.getByRole("radio", { name: "a table", exact: true }).check({ force: true });
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
  await page.getByText("30 rows are in use.").waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLInputElement>("input.dock-line")?.value) > 5,
  );
  expect(faults).toEqual([]);
  await close();
});

/** Presses Tab until the focus is on what is named so. */
async function tabTo(page: Page, name: RegExp, most = 80): Promise<void> {
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const node = document.activeElement;
      const { labels } = node as HTMLInputElement;
      return [node?.getAttribute("aria-label"), labels?.[0]?.textContent, node?.textContent]
        .find((text) => text !== null && text !== undefined && text !== "")
        ?.trim();
    });
    if (name.test(focused ?? "")) return;
  }
  throw new Error(`Tab did not come to ${name} within ${most} stops`);
}

test("by keys alone: train, step back, move a weight, come back by link, bring a table", async () => {
  const { page, faults, close } = await openLab();
  await arriveAt(page, 60);
  const opened = await lossOf(page);
  await page.keyboard.press("Space");
  await arriveAtEnd(page);
  expect(await lossOf(page)).toBeLessThan(opened / 2);
  const [end, trained] = [await stepOf(page), await hashOf(page)];

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, /^One step back$/, 120);
  await page.keyboard.press("Enter");
  await arriveAt(page, end - 1);
  await page.keyboard.press("ArrowRight");
  await arriveAt(page, end);
  expect(await hashOf(page)).toBe(trained);

  // The skip link leads back to the network from anywhere.
  await page.reload();
  await arriveAt(page, end);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, /^input x$/, 60);
  // To the output, and from there to its bias, which counts for all examples.
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const before = await figures(page);
  await page.keyboard.press("ArrowUp");
  await expectAllChanged(page, before);
  const moved = await hashOf(page);
  await page.keyboard.press("Control+z");
  expect(await hashOf(page)).toBe(trained);
  await page.keyboard.press("Control+Shift+z");
  expect(await hashOf(page)).toBe(moved);

  const link = await written(page);
  await page.reload();
  await page.locator("main").waitFor();
  expect(await page.evaluate(() => location.hash)).toBe(link);
  expect(await hashOf(page)).toBe(moved);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, /^x²$/);
  await page.keyboard.press("ArrowLeft");
  await page.getByText("Choose a CSV file").waitFor();
  await tabTo(page, /^Choose a CSV file/);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
  await chooser.setFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
  await page.getByText("30 rows are in use.").waitFor();
  expect(faults).toEqual([]);
  await close();
});
