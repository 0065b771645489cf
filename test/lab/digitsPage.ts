/** The digits view for tests: opened once for a file, brought back to what it opens with for each test, and handled as a reader would. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, afterEach, expect } from "vitest";
import { type OpenedLab, type OpenOptions, openLab } from "./browser.ts";

export const shippedBytes = new Uint8Array(readFileSync("lab/digits/network.safetensors"));

/** A link in its plain form to the view as it opens. */
const opening = `#a${Buffer.from('{"view":"digits"}').toString("base64url")}`;

/** @param letter What stands behind the dot of a link. */
export const digitsLink = (letter: string): string => `${opening}.${letter}`;

export async function openDigits(options: OpenOptions = {}, link = opening): Promise<OpenedLab> {
  const lab = await openLab(link, options);
  await lab.page.locator(".pad").waitFor();
  return lab;
}

export interface SharedDigits {
  /** The page with the view as it opens: its first picture, the network that came with it. */
  fresh(): Promise<Page>;
  /** The page, loaded anew by the address that it shows. */
  reloaded(): Promise<Page>;
}

/** A page that the tests of a file use one after the other. A fault fails the test in which it happened. */
export function sharedDigits(options: OpenOptions = {}): SharedDigits {
  let lab: OpenedLab | undefined;
  /** Dots are no part of a link, and make it another address. */
  let dots = "";
  const close = async (): Promise<void> => {
    await lab?.close();
    lab = undefined;
  };
  afterEach(async ({ task }) => {
    const faults = lab?.faults.splice(0) ?? [];
    if (task.result?.state === "fail" || faults.length > 0) await close();
    expect(faults).toEqual([]);
  });
  afterAll(close);
  return {
    async fresh() {
      if (lab === undefined) {
        lab = await openDigits(options);
        return lab.page;
      }
      const { page } = lab;
      await page.mouse.move(0, 0);
      await clear(page);
      dots += ".";
      await page.evaluate((link) => {
        location.hash = link;
        scrollTo(0, 0);
      }, `${opening}${dots}`);
      await page.getByRole("button", { name: "Undo: the link" }).waitFor();
      return page;
    },
    async reloaded() {
      const { page } = lab!;
      await page.reload();
      await page.locator(".pad").waitFor();
      return page;
    },
  };
}

/** Workers on a busy machine may need more than the second that a poll waits by itself. */
export const poll = (look: () => unknown) => expect.poll(look, { timeout: 20_000 });

export const answer = (page: Page): Promise<string> =>
  page.locator(".output.is-answer .output-name").innerText();

export const clear = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "Clear", exact: true }).click();

/** Draws with the mouse, places in shares of the field. */
export async function drawLine(page: Page, places: readonly (readonly [number, number])[]): Promise<void> {
  await page.locator(".pad").scrollIntoViewIfNeeded();
  const box = (await page.locator(".pad").boundingBox())!;
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ];
  await page.mouse.move(...at(places[0]!));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 6 });
  await page.mouse.up();
}

export const drawSeven = (page: Page): Promise<void> =>
  drawLine(page, [
    [0.3, 0.26],
    [0.72, 0.25],
    [0.47, 0.8],
  ]);

/** Drops a file onto a place for models. */
export async function drop(
  page: Page,
  name: string,
  bytes: Uint8Array,
  place = ".model-drop",
): Promise<void> {
  await page
    .locator(place)
    .first()
    .evaluate(
      (label, { name, text }) => {
        const dataTransfer = new DataTransfer();
        const file = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([file], name));
        label.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      },
      { name, text: Buffer.from(bytes).toString("base64") },
    );
}

/** The file of the network on show, by the page's own button. */
export async function taken(page: Page, form: string): Promise<Uint8Array> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page
      .getByRole("group", { name: "save the network" })
      .getByRole("button", { name: form, exact: true })
      .click(),
  ]);
  return new Uint8Array(readFileSync(await download.path()));
}

/** Trains with so many hidden neurons on the images that came with the page, to the end. */
export async function train(page: Page, hidden: "32" | "64" | "128"): Promise<void> {
  const training = page.locator(".training");
  await training.getByText(hidden, { exact: true }).click();
  await training.getByRole("button", { name: "Train", exact: true }).click();
  await poll(() => training.locator("[role=status]").innerText()).toMatch(/^Done after/);
}
