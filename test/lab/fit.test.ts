/** The fit in a real browser: the curve with its probe, points set by hand, the map of the plane, and scores of tables. */
import { expect, test } from "vitest";
import { toAddress } from "../../lab/state/address.ts";
import { checkSetting, presets } from "../../lab/state/setting.ts";
import type { DataSetting, Setting } from "../../lab/state/types.ts";
import { openLab } from "./browser.ts";

const parabola = presets[0]!.setting;

async function linkTo(data: DataSetting, part: Partial<Setting> = {}): Promise<string> {
  const setting = { ...parabola, start: null, step: 0, data, ...part };
  return `#${(await toAddress(checkSetting(setting))).replace(/^#/, "")}`;
}

test("the probe reads the curve, by keys and by pointer, and says when it is outside of the sampled interval", async () => {
  const { page, faults, close } = await openLab(await linkTo({ ...parabola.data, interval: [0, 1] }));
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
  expect(faults).toEqual([]);
  await close();
});

test("the curve has no gap where the sampled interval ends, and is dashed outside", async () => {
  const { page, faults, close } = await openLab(await linkTo(parabola.data));
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
  expect(faults).toEqual([]);
  await close();
});

test("points drawn by hand are set by a press on the fit, and taken away by a press on them", async () => {
  const points = [
    [-0.5, 0.5],
    [0, 0],
    [0.5, 0.5],
  ];
  const { page, faults, close } = await openLab(
    await linkTo({ ...parabola.data, kind: "drawn", rows: 3, points }),
  );
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
  expect(faults).toEqual([]);
  await close();
});

test("the map of the plane is colored, finer at rest, with a line between the classes and a probe that moves both ways", async () => {
  const { page, faults, close } = await openLab(
    await linkTo(
      { kind: "circle", rows: 100, noise: 0, interval: [0, 1] },
      { hidden: [{ units: 3, activation: "tanh" }] },
    ),
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
  expect(faults).toEqual([]);
  await close();
});

test("with more than two inputs it counts what is right of each class", async () => {
  const points = Array.from({ length: 30 }, (_, i) => [i % 3, i % 5, i % 7, i % 2]);
  const { page, faults, close } = await openLab(
    await linkTo({
      ...parabola.data,
      kind: "table",
      rows: 30,
      points,
      classes: ["no", "yes"],
      names: ["a", "b", "c", "d"],
    }),
  );
  const rows = await page.locator(".class-row").allTextContents();
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/^no\s*\d+ of 13 right$/);
  expect(await page.locator(".diagram-name").allTextContents()).toEqual(["a", "b", "c", "ŷ"]);
  expect(faults).toEqual([]);
  await close();
});
