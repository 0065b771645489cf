/** The network's picture in a real browser: what can be dragged, typed, added and removed, by pointer and by keys alone. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { toAddress } from "../../lab/state/address.ts";
import { checkSetting, presets } from "../../lab/state/setting.ts";
import type { LayerSetting, Setting } from "../../lab/state/types.ts";
import { openLab } from "./browser.ts";

const parabola = presets[0]!.setting;

/** A link to the first preset with other hidden layers, at its first step. */
async function linkTo(...hidden: LayerSetting[]): Promise<string> {
  const setting = { ...parabola, start: null, step: 0, hidden } satisfies Setting;
  return `#${(await toAddress(checkSetting(setting))).replace(/^#/, "")}`;
}

const four: LayerSetting = { units: 4, activation: "tanh" };

/** A place on an edge that lies near no other, in the window. */
async function edgePoint(page: Page, edge: number): Promise<{ x: number; y: number }> {
  await page.locator(".diagram-stage").scrollIntoViewIfNeeded();
  return page.evaluate((at) => {
    const path = document.querySelectorAll<SVGPathElement>(".diagram-edges path")[at]!;
    const { x, y } = path.getPointAtLength(0.72 * path.getTotalLength());
    const box = document.querySelector(".diagram-stage")!.getBoundingClientRect();
    return { x: box.x + x, y: box.y + y };
  }, edge);
}

const valueText = (page: Page): Promise<string | null> =>
  page.locator(".diagram-handle").getAttribute("aria-valuetext");

test("a weight that is dragged changes its edge, the fit and the loss in the same frame", async () => {
  const { page, faults, close } = await openLab(await linkTo(four));
  const { x, y } = await edgePoint(page, 3);
  await page.mouse.move(x, y);
  expect(await page.locator(".diagram-words-name").textContent()).toBe("W1[0,3]");
  await page.mouse.down();
  const seen = await page.evaluate(
    ([px, py]) => {
      const state = (): (string | null | undefined)[] => [
        document.querySelectorAll(".diagram-edges path")[3]?.outerHTML,
        document.querySelector(".diagram-value")?.textContent,
        document.querySelector(".fit-probe")?.getAttribute("aria-valuetext"),
        document.querySelector(".dock")?.textContent,
      ];
      const before = state();
      // Where the press has met the handle, it is the handle that is dragged.
      const handle = document.querySelector(".diagram-handle");
      const held = handle?.hasPointerCapture(1) ? handle : document.querySelector(".diagram-stage");
      held?.dispatchEvent(
        new PointerEvent("pointermove", { bubbles: true, pointerId: 1, clientX: px, clientY: py - 110 }),
      );
      return { before, after: state() };
    },
    [x, y] as const,
  );
  await page.mouse.up();
  for (const [i, text] of seen.before.entries()) {
    expect(text).toBeTruthy();
    expect(seen.after[i], `part ${i} of the state`).not.toBe(text);
  }
  expect(faults).toEqual([]);
  await close();
});

test("a drag is undone at once", async () => {
  const { page, faults, close } = await openLab(await linkTo(four));
  const { x, y } = await edgePoint(page, 0);
  await page.mouse.move(x, y);
  const before = await page.locator(".diagram-value").textContent();
  await page.mouse.down();
  await page.mouse.move(x, y - 40);
  await page.mouse.move(x, y - 90);
  await page.mouse.up();
  expect(await page.locator(".diagram-value").textContent()).not.toBe(before);
  await page.keyboard.press("Control+z");
  expect(await page.locator(".diagram-value").textContent()).toBe(before);
  expect(faults).toEqual([]);
  await close();
});

test("by keys alone: arrows go along neurons and layers, Enter to the numbers of one, which can be moved and typed", async () => {
  const { page, faults, close } = await openLab(await linkTo(four, { units: 2, activation: "tanh" }));
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
  await page.locator(".diagram-neuron[tabindex='0']").focus();
  expect(await focused()).toBe("input x");
  await page.keyboard.press("ArrowRight");
  expect(await focused()).toMatch(/^neuron 2 of layer 1, tanh, bias 0.00, 1 weight$/);
  await page.keyboard.press("ArrowUp");
  expect(await focused()).toMatch(/^neuron 1 of layer 1/);
  await page.keyboard.press("ArrowRight");
  expect(await focused()).toMatch(/^neuron 0 of layer 2/);
  await page.keyboard.press("Enter");
  expect(await focused()).toBe("bias of neuron 0 of layer 2");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Alt+ArrowDown");
  expect(await valueText(page)).toBe("1.090");
  await page.keyboard.press("ArrowRight");
  expect(await focused()).toBe("weight from neuron 0 of layer 1 to neuron 0 of layer 2");
  await page.keyboard.press("Enter");
  await page.keyboard.type("-0.625");
  await page.keyboard.press("Enter");
  expect(await valueText(page)).toBe("−0.625");
  expect(await focused()).toBe("weight from neuron 0 of layer 1 to neuron 0 of layer 2");
  await page.keyboard.press("7");
  await page.keyboard.type("x");
  await page.keyboard.press("Enter");
  expect(await page.locator(".diagram-typed").getAttribute("aria-invalid")).toBe("true");
  await page.keyboard.press("Escape");
  expect(await valueText(page)).toBe("−0.625");
  await page.keyboard.press("Escape");
  expect(await focused()).toMatch(/^neuron 0 of layer 2, tanh, bias 1.09/);
  expect(faults).toEqual([]);
  await close();
});

test("neurons and layers are added and removed on the picture, and their activation is chosen there", async () => {
  const { page, faults, close } = await openLab(await linkTo(four));
  const neurons = (layer: number): Promise<number> => page.locator(`[data-neuron^="${layer}-"]`).count();
  await page.locator(".diagram").getByRole("button", { name: "One neuron more in layer 1" }).click();
  expect(await neurons(1)).toBe(5);
  await page.locator("[data-neuron='1-0']").focus();
  await page.keyboard.press("+");
  expect(await neurons(1)).toBe(6);
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-neuron"))).toBe("1-0");
  await page.keyboard.press("-");
  await page.locator(".diagram").getByRole("button", { name: "One neuron less in layer 1" }).click();
  expect(await neurons(1)).toBe(4);
  await page.locator(".diagram").getByRole("button", { name: "Add a layer before the output" }).click();
  expect([await neurons(1), await neurons(2), await neurons(3)]).toEqual([4, 4, 1]);
  await page.locator(".diagram").getByLabel("Activation of layer 2").selectOption("relu");
  await page.locator("[data-neuron='2-0']").focus();
  expect(await page.locator("[data-neuron='2-0']").getAttribute("aria-label")).toContain("relu");
  await page.locator(".diagram").getByRole("button", { name: "Remove layer 1" }).click();
  expect([await neurons(1), await neurons(2), await neurons(3)]).toEqual([4, 1, 0]);
  expect(faults).toEqual([]);
  await close();
});

test("six layers of 32 are dots, and the one that is selected shows its picture", async () => {
  const layer: LayerSetting = { units: 32, activation: "tanh" };
  const { page, faults, close } = await openLab(await linkTo(layer, layer, layer, layer, layer, layer));
  expect(await page.locator(".diagram-dot").count()).toBe(192);
  await page.locator("[data-neuron='3-7']").focus();
  expect(await page.locator(".diagram-zoom-name").textContent()).toBe("neuron 7 of layer 3");
  const inked = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".diagram-zoom-picture");
    const { data } = canvas!.getContext("2d")!.getImageData(0, 0, canvas!.width, canvas!.height);
    return new Set(Array.from({ length: data.length / 4 }, (_, i) => `${data[4 * i]} ${data[4 * i + 2]}`))
      .size;
  });
  expect(inked).toBeGreaterThan(3);
  expect(faults).toEqual([]);
  await close();
});

test("the picture and its numbers are taken out as files of their own", async () => {
  const { page, faults, close } = await openLab(await linkTo(four));
  const saved = async (name: string): Promise<Buffer> => {
    await page.getByRole("button", { name: "Save the figure: Network" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^talweg-network\.(svg|png|csv)$/);
    return readFile(await download.path());
  };
  const svg = (await saved("picture (SVG)")).toString();
  expect(svg).toMatch(/^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).not.toMatch(/class=|var\(/);
  expect(svg).toContain("data:image/png;base64,");
  expect((await saved("picture (PNG)")).subarray(1, 4).toString()).toBe("PNG");
  const csv = (await saved("numbers (CSV)")).toString().trim().split("\r\n");
  expect(csv[0]).toBe("parameter,layer,from,unit,value");
  expect(csv).toHaveLength(1 + 4 + 4 + 4 + 1);
  expect(faults).toEqual([]);
  await close();
});
