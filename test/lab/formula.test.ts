/** The formulas in a real browser: their numbers are the library's, and a number that is a weight moves everything. */
import type { Page } from "playwright-core";
import { explain } from "talweg/explain";
import { expect, test } from "vitest";
import { exampleOf } from "../../lab/parts/formulaData.ts";
import { mathNumber } from "../../lab/parts/mathNumber.ts";
import { datasetOf } from "../../lab/state/datasetOf.ts";
import { lossOf, networkOf } from "../../lab/state/networkOf.ts";
import { presets } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { sharedLab } from "./browser.ts";

/** A run at its first step, so that the test knows the weights. */
const settings: Record<string, Setting> = {
  "one input, tanh": {
    ...presets[0]!.setting,
    hidden: [
      { units: 4, activation: "tanh" },
      { units: 3, activation: "tanh" },
    ],
    start: null,
    step: 0,
  },
  "two inputs, classes": { ...presets.find(({ id }) => id === "xor")!.setting, start: null, step: 0 },
};
const lab = sharedLab();

const number = (page: Page, name: string): Promise<string | null> =>
  page.locator(`.formula [data-number="${name}"]`).textContent();

test.each(Object.entries(settings))(
  "with %s the numbers are the library's, to the last digit",
  async (_, setting) => {
    const page = await lab.at(setting);
    const data = datasetOf(setting, "train");
    const n = networkOf(setting, data);
    const { input, target } = exampleOf(data, 6);
    const parameter = "W1[0,2]";
    const wanted = explain(n, input, { target, loss: lossOf(setting, n, data), parameter });
    const formula = page.locator(".formula");
    await formula.getByRole("spinbutton", { name: "example" }).fill("7");
    await page.keyboard.press("Enter");
    await formula.getByRole("button", { name: "All digits" }).click();
    const all = (value: number): string => mathNumber(value, 17);
    expect(await number(page, "loss")).toContain(`=${all(wanted.loss!.value)}`);
    await page.locator("[data-neuron='1-2']").focus();
    const unit = wanted.layers[0]!.units[2]!;
    expect(await number(page, "z")).toContain(`=${all(unit.z)}`);
    expect(await number(page, "a")).toContain(`=${all(unit.a)}`);
    expect(await formula.locator(".formula-term .formula-product").allTextContents()).toEqual(
      [...unit.terms.map(({ product }) => product), unit.bias].map(all),
    );
    await formula.getByRole("button", { name: `Select ${parameter}` }).click();
    const { paths, check } = wanted.parameter!;
    expect(await number(page, "derivative")).toContain(`=${all(paths.sum)}`);
    expect(await number(page, "backward")).toBe(all(check.backward));
    expect(await number(page, "differences")).toBe(all(check.differences!));
    expect(await formula.textContent()).toMatch(/They (agree within|are the same)/);
    await formula.getByRole("button", { name: "All digits" }).click();
  },
);

test("a weight that is dragged in the formula moves picture, fit and loss in the same frame", async () => {
  const page = await lab.at(settings["one input, tanh"]!);
  await page.locator("[data-neuron='1-2']").focus();
  const handle = page.locator(".formula").getByRole("slider", { name: /^W1\[0,2\]/ });
  await handle.scrollIntoViewIfNeeded();
  const seen = await handle.evaluate((node) => {
    const state = (): (string | null | undefined)[] => [
      node.textContent,
      document.querySelector('.formula [data-number="a"]')?.textContent,
      document.querySelectorAll(".diagram-edges path")[2]?.getAttribute("stroke-width"),
      document.querySelector(".fit-probe")?.getAttribute("aria-valuetext"),
      document.querySelector(".dock")?.textContent,
    ];
    const pointer = (type: string, clientX: number): boolean =>
      node.dispatchEvent(
        new PointerEvent(type, { bubbles: true, cancelable: true, pointerId: 1, clientX, clientY: 100 }),
      );
    const before = state();
    pointer("pointerdown", 100);
    pointer("pointermove", 190);
    const after = state();
    pointer("pointerup", 190);
    return { before, after };
  });
  for (const [i, text] of seen.before.entries()) {
    expect(text, `part ${i} of the state`).toBeTruthy();
    expect(seen.after[i], `part ${i} of the state`).not.toBe(text);
  }
  await page.keyboard.press("Control+z");
  expect(await handle.textContent()).toBe(seen.before[0]);
});

test("by keys alone: a list is one stop, arrows go along it and change a number, Enter types one", async () => {
  const page = await lab.at(settings["one input, tanh"]!);
  await page.locator("[data-neuron='2-1']").focus();
  const terms = page.locator(".formula-terms").first();
  expect(await terms.locator("[data-stop][tabindex='0']").count()).toBe(1);
  await terms.locator("[tabindex='0']").focus();
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
  expect(await focused()).toBe("Select a1[0]");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await focused()).toBe("W2[0,1], weight from neuron 0 of layer 1 to neuron 1 of layer 2");
  const value = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-valuetext") ?? null);
  const first = Number((await value())?.replace("−", "-"));
  await page.keyboard.press("Shift+ArrowUp");
  expect(Number((await value())?.replace("−", "-"))).toBeCloseTo(first + 1, 2);
  await page.keyboard.press("Enter");
  await page.keyboard.type("-0.625");
  await page.keyboard.press("Enter");
  expect(await value()).toBe("−0.625");
});

test("pointing at a symbol marks every place where it stands, in the picture too", async () => {
  const page = await lab.at(settings["one input, tanh"]!);
  await page.locator("[data-neuron='2-1']").focus();
  await page.locator(".formula").getByRole("button", { name: "Select W2[0,1]" }).click();
  await page.mouse.move(0, 0);
  await page
    .locator(".formula")
    .getByRole("slider", { name: /^W2\[0,1\]/ })
    .hover();
  // The row's symbol, the number, and twice the derivative by it.
  expect(await page.locator(".formula .is-marked").count()).toBeGreaterThanOrEqual(4);
  // The connection in the picture.
  expect(await page.locator(".formula-mark path").count()).toBe(1);
  await page.locator(".formula").getByRole("button", { name: "Select a1[2]" }).hover();
  expect(await page.locator(".formula-mark rect").count()).toBe(1);
});

test("from symbol to symbol: a neuron, a weight, an input, and what is gone with its layer", async () => {
  const page = await lab.at(settings["one input, tanh"]!);
  const formula = page.locator(".formula");
  const title = (): Promise<string | null> => formula.locator(".frame-title").textContent();
  await page.locator("[data-neuron='1-2']").focus();
  expect(await title()).toBe("Calculation: neuron 2 of layer 1");
  await formula.getByRole("button", { name: "Select W1[0,2]" }).click();
  expect(await title()).toBe("Calculation: W1[0,2]");
  await formula.getByRole("button", { name: "Select W2[2,1]" }).click();
  expect(await title()).toBe("Calculation: W2[2,1]");
  await formula.getByRole("button", { name: "Select a1[3]" }).click();
  await formula.getByRole("button", { name: "Select x[0]" }).click();
  expect(await title()).toBe("Calculation: an input");
  await page.locator("[data-neuron='2-1']").focus();
  await page.locator(".diagram").getByRole("button", { name: "Remove layer 2" }).click();
  expect(await title()).toMatch(/^Calculation: /);
  await page.keyboard.press("Control+z");
  await page.getByRole("radio", { name: "spirals", exact: true }).check({ force: true });
  expect(await formula.locator(".formula-sentence").textContent()).toContain("example");
});

test("the loss beside the run opens its calculation", async () => {
  const page = await lab.at(settings["one input, tanh"]!);
  await page.locator("[data-neuron='2-1']").focus();
  await page
    .locator(".dock")
    .getByRole("button", { name: /^loss [\d.]+$/ })
    .click();
  expect(await page.locator(".formula .frame-title").textContent()).toBe("Calculation: the loss");
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("formula-sentence");
});
