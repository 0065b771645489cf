/**
 * The network's picture in a real browser: what can be dragged, typed, added and removed, by pointer and by keys alone. And the
 * fit beside it: the curve with its probe, points set by hand, the map of the plane, and scores of tables.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { presets } from "../../lab/state/setting.ts";
import type { DataSetting, LayerSetting, Setting } from "../../lab/state/types.ts";
import { sharedLab } from "./browser.ts";

const parabola = presets[0]!.setting;

const lab = sharedLab();

/** The page on the first preset with other hidden layers, at its first step. */
const pageOf = (...hidden: LayerSetting[]): Promise<Page> =>
  lab.at({ ...parabola, start: null, step: 0, hidden });

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
  const page = await pageOf(four);
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
});

test("a drag is undone at once", async () => {
  const page = await pageOf(four);
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
});

test("by keys alone: arrows go along neurons and layers, Enter to the numbers of one, which can be moved and typed", async () => {
  const page = await pageOf(four, { units: 2, activation: "tanh" });
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
});

test("neurons and layers are added and removed on the picture, and their activation is chosen there", async () => {
  const page = await pageOf(four);
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
});

test("six layers of 32 are dots, and the one that is selected shows its picture", async () => {
  const layer: LayerSetting = { units: 32, activation: "tanh" };
  const page = await pageOf(layer, layer, layer, layer, layer, layer);
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
});

test("the picture and its numbers are taken out as files of their own", async () => {
  const page = await pageOf(four);
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
});

/** The page on other data, at its first step. */
const pageOn = (data: DataSetting, part: Partial<Setting> = {}): Promise<Page> =>
  lab.at({ ...parabola, start: null, step: 0, data, ...part });

test("the probe reads the curve, by keys and by pointer, and says when it is outside of the sampled interval", async () => {
  const page = await pageOn({ ...parabola.data, interval: [0, 1] });
  const probe = page.locator(".fit-probe");
  const text = (): Promise<string | null> => probe.getAttribute("aria-valuetext");
  await probe.focus();
  expect(await text()).toMatch(/^x 0\.70, network \S+, target 0\.49$/);
  await page.keyboard.press("ArrowLeft");
  expect(await text()).toMatch(/^x 0\.69/);
  await page.keyboard.press("Shift+ArrowRight");
  expect(await text()).toMatch(/^x 0\.79/);
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  expect(await text()).toMatch(/^x 1\.01, .*outside of the sampled interval$/);
  const box = (await page.locator(".fit-probe-dot").boundingBox())!;
  await page.mouse.move(box.x + 6, box.y + 6);
  await page.mouse.down();
  await page.mouse.move(box.x - 60, box.y + 6);
  await page.mouse.up();
  expect(Number((await probe.getAttribute("aria-valuenow")) ?? "")).toBeLessThan(0.95);
});

test("the curve has no gap where the sampled interval ends, and is dashed outside", async () => {
  const page = await pageOn(parabola.data);
  const lines = await page.evaluate(() =>
    [
      ...document.querySelectorAll<SVGPathElement>(
        ".fit .chart-marks path[stroke-width='2'], .fit .chart-marks path[stroke-width='2.75']",
      ),
    ].map((path) => ({
      dash: path.getAttribute("stroke-dasharray"),
      from: path.getPointAtLength(0).x,
      to: path.getPointAtLength(path.getTotalLength()).x,
    })),
  );
  lines.splice(0, lines.length - 3);
  expect(lines.map(({ dash }) => dash)).toEqual(["5 4", "5 4", "none"]);
  expect(lines[0]!.to).toBeCloseTo(lines[2]!.from, 1);
  expect(lines[2]!.to).toBeCloseTo(lines[1]!.from, 1);
});

test("points drawn by hand are set by a press on the fit, and taken away by a press on them", async () => {
  const points = [
    [-0.5, 0.5],
    [0, 0],
    [0.5, 0.5],
  ];
  const page = await pageOn({ ...parabola.data, kind: "drawn", rows: 3, points });
  const pad = page.locator(".fit-ground");
  const count = async (): Promise<number> => {
    const d = await page
      .locator(".fit .chart-marks path[stroke='none'][fill='var(--ink)']")
      .last()
      .getAttribute("d");
    return (d?.match(/M/g) ?? []).length;
  };
  expect(await count()).toBe(3);
  const place = { x: 60, y: 40 };
  await pad.click({ position: place });
  expect(await count()).toBe(4);
  await pad.click({ position: place });
  expect(await count()).toBe(3);
});

test("the map of the plane is colored, finer at rest, with a line between the classes and a probe that moves both ways", async () => {
  const page = await pageOn(
    { kind: "circle", rows: 100, noise: 0, interval: [0, 1] },
    { hidden: [{ units: 3, activation: "tanh" }] },
  );
  await page.waitForFunction(() => document.querySelector<HTMLCanvasElement>(".map-canvas")?.width === 96);
  const colors = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".map-canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, 96, 96);
    return new Set(Array.from({ length: 96 * 96 }, (_, i) => `${data[4 * i]} ${data[4 * i + 2]}`)).size;
  });
  expect(colors).toBeGreaterThan(10);
  expect(await page.locator(".map-line").getAttribute("d")).toMatch(/^M/);
  const probe = page.locator(".fit-probe");
  const text = (): Promise<string | null> => probe.getAttribute("aria-valuetext");
  await probe.focus();
  const before = await text();
  await page.keyboard.press("ArrowUp");
  const up = await text();
  await page.keyboard.press("ArrowLeft");
  const [x0, y0] = [before, up].map((words) => /^x₁ (\S+), x₂ (\S+):/.exec(words ?? "")?.slice(1));
  const [x1] = [/^x₁ (\S+),/.exec((await text()) ?? "")?.slice(1)];
  expect(y0?.[1]).not.toBe(x0?.[1]);
  expect(x1?.[0]).not.toBe(x0?.[0]);
});

test("with more than two inputs it counts what is right of each class", async () => {
  const points = Array.from({ length: 30 }, (_, i) => [i % 3, i % 5, i % 7, i % 2]);
  const page = await pageOn({
    ...parabola.data,
    kind: "table",
    rows: 30,
    points,
    classes: ["no", "yes"],
    names: ["a", "b", "c", "d"],
  });
  const rows = await page.locator(".class-row").allTextContents();
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/^no\s*\d+ of 13 right$/);
  expect(await page.locator(".diagram-name").allTextContents()).toEqual(["a", "b", "c", "ŷ"]);
});
