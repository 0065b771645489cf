/** What a reader does with the page, from opening it to a table and a digit of their own: once by pointer, once by keys alone. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { loadMnist } from "talweg/node";
import { expect, test } from "vitest";
import { fromAddress } from "../../lab/state/address.ts";
import { folder, last, talweg } from "../cli/command.ts";
import { sharedLab } from "./browser.ts";
import { arriveAt, arriveAtEnd, figures, hashOf, lossOf, stepOf } from "./reading.ts";

const lab = sharedLab();

const CSV = [
  "width,height,kind",
  ...Array.from({ length: 30 }, (_, i) => `${i / 10},${(i * 7) % 13},${i % 2}`),
].join("\n");

/** The address, when it leads to the step on show: the page writes it when things are at rest. */
async function written(page: Page): Promise<string> {
  const fragment = (): string => new URL(page.url()).hash;
  await expect.poll(async () => (await fromAddress(fragment())).step).toBe(await stepOf(page));
  return fragment();
}

/** Loads the page again: the same address, and the same numbers. */
async function comeBack(page: Page): Promise<void> {
  const [link, hash, step] = [await written(page), await hashOf(page), await stepOf(page)];
  await page.reload();
  await arriveAt(page, step);
  expect(new URL(page.url()).hash).toBe(link);
  expect(await hashOf(page)).toBe(hash);
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
  const page = await lab.at();
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
  await comeBack(page);

  await page.getByRole("radio", { name: "a table", exact: true }).check({ force: true });
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
  await page.getByText("30 rows are in use.").waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLInputElement>("input.dock-line")?.value) > 5,
  );
});

/** Presses Tab, or Shift and Tab, until the focus is on what is named so. */
async function tabTo(page: Page, name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const most = 120;
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press(key);
    const focused = await page.evaluate(() => {
      const node = document.activeElement;
      const { labels } = node as HTMLInputElement;
      return [node?.getAttribute("aria-label"), labels?.[0]?.textContent, node?.textContent]
        .find((text) => text !== null && text !== undefined && text !== "")
        ?.trim();
    });
    if (name.test(focused ?? "")) return;
  }
  throw new Error(`${key} did not come to ${name} within ${most} stops`);
}

/** The skip link leads to the network from wherever a page begins. */
async function skipToNetwork(page: Page): Promise<void> {
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
}

async function press(page: Page, keys: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await page.keyboard.press(keys);
}

test("by keys alone: train, see the loss fall, find the command's hash, step back, drag a weight, come back by link, bring a table", async () => {
  const page = await lab.at();
  const opened = await lossOf(page);
  await page.keyboard.press("Space");
  await arriveAtEnd(page);
  expect(await lossOf(page)).toBeLessThan(opened / 2);
  const [end, trained] = [await stepOf(page), await hashOf(page)];
  expect(await hashByCommand(page)).toBe(trained);

  await skipToNetwork(page);
  await tabTo(page, /^One step back$/);
  await page.keyboard.press("Enter");
  await arriveAt(page, end - 1);
  expect(await hashOf(page)).not.toBe(trained);
  await page.keyboard.press("ArrowRight");
  await arriveAt(page, end);
  expect(await hashOf(page)).toBe(trained);
  await comeBack(page);

  await skipToNetwork(page);
  await tabTo(page, /^input x$/);
  // To the output: its bias, and then its weights, of which the largest counts for many examples.
  await press(page, "ArrowRight", 3);
  await page.keyboard.press("Enter");
  const largest = await page.evaluate(() => {
    const paths = [...document.querySelectorAll(".diagram-edges path")].slice(-12);
    const widths = paths.map((path) => Number(path.getAttribute("stroke-width")));
    return widths.indexOf(Math.max(...widths));
  });
  await press(page, "ArrowRight", largest + 1);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
    `weight from neuron ${largest} of layer 2 to output 0`,
  );
  const before = await figures(page);
  await page.keyboard.press("ArrowUp");
  await expectAllChanged(page, before);
  expect(await stepOf(page)).toBe(0);
  const moved = await hashOf(page);
  await page.keyboard.press("Control+z");
  expect(await hashOf(page)).toBe(trained);
  await page.keyboard.press("Control+Shift+z");
  expect(await hashOf(page)).toBe(moved);
  await comeBack(page);

  await skipToNetwork(page);
  await tabTo(page, /^x²$/);
  await page.keyboard.press("ArrowLeft");
  await page.getByText("Choose a CSV file").waitFor();
  await tabTo(page, /^Choose a CSV file/);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
  await chooser.setFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(CSV) });
  await page.getByText("30 rows are in use.").waitFor();
  await tabTo(page, /^Run$/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLInputElement>("input.dock-line")?.value) > 5,
  );
}, 120_000);

interface Evaluated {
  readonly rows: number;
  readonly confusion: readonly number[][];
  readonly accuracy: number;
}

/** What the cells of the matrix say, row by row. */
async function confusionOf(page: Page): Promise<number[]> {
  const names = await page
    .locator(".confusion")
    .getByRole("button", { name: /images? of \d read as \d$/ })
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("aria-label") ?? ""));
  return names.map((name) => Number(/^\d+/.exec(name)?.[0] ?? 0));
}

/** The test images that come with the page, as files that the command reads: each tenth of MNIST's. */
function testFolder(): string {
  const { x, y } = loadMnist("test");
  const rows = Array.from({ length: 1000 }, (_, i) => 10 * i);
  const path = folder();
  const save = (name: string, sizes: number[], pieces: Uint8Array[]): void => {
    const header = [0, 0, 8, sizes.length, ...sizes.flatMap((size) => [0, 0, size >> 8, size & 255])];
    writeFileSync(join(path, name), Buffer.concat([Buffer.from(header), ...pieces]));
  };
  save(
    "t10k-images-idx3-ubyte",
    [1000, 28, 28],
    rows.map((row) => Uint8Array.from(x.subarray(784 * row, 784 * row + 784))),
  );
  save("t10k-labels-idx1-ubyte", [1000], [Uint8Array.from(rows, (row) => y[row]!)]);
  return path;
}

test("by keys alone: draw a seven and read 7, take the network out, and the command finds the same accuracy and hash", async () => {
  const page = await lab.at();
  await tabTo(page, /^Digits$/);
  await page.keyboard.press("Enter");
  await page.locator(".pad").waitFor();
  await tabTo(page, /^Clear$/);
  await page.keyboard.press("Enter");
  expect(await page.locator(".output.is-answer").count()).toBe(0);
  await tabTo(page, /^field to draw a digit on/, "Shift+Tab");
  await press(page, "ArrowUp", 7);
  await press(page, "ArrowLeft", 5);
  // As long as Shift is held it is one stroke: to the right, and down to the left.
  await page.keyboard.down("Shift");
  await press(page, "ArrowRight", 11);
  for (let i = 0; i < 7; i += 1) {
    await press(page, "ArrowDown", 2);
    await press(page, "ArrowLeft", 1);
  }
  await page.keyboard.up("Shift");
  expect(await page.locator(".output.is-answer .output-name").innerText()).toBe("7");

  // What is tested comes when it is in view.
  await tabTo(page, /^Save the figure: What is taken for what$/);
  await expect.poll(() => confusionOf(page), { timeout: 20_000 }).toHaveLength(100);
  await tabTo(page, /^safetensors$/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const model = join(folder(), "taken.safetensors");
  await download.saveAs(model);
  const evaluated = await talweg(["evaluate", model, testFolder(), "--json"]);
  expect(evaluated.code, evaluated.stdout).toBe(0);
  const { rows, confusion, accuracy } = last(evaluated.stdout) as Evaluated;
  expect(rows).toBe(1000);
  expect(confusion.flat()).toEqual(await confusionOf(page));
  expect(await page.locator(".confusion-words").first().textContent()).toContain(
    `${(100 * accuracy).toFixed(2)} % of 1,000 test images are read right.`,
  );
  const inspected = await talweg(["inspect", model, "--json"]);
  expect(last(inspected.stdout).parametersSha256).toMatch(new RegExp(`^${await hashOf(page)}`));
});
