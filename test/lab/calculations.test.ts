/** Every number of the page opens its calculation, with the numbers of the library; a finding opens what it is about. */
import type { Page } from "playwright-core";
import { evaluate, objective, parametersSha256 } from "talweg";
import { expect, test } from "vitest";
import { mathNumber } from "../../lab/parts/mathNumber.ts";
import { datasetOf } from "../../lab/state/datasetOf.ts";
import { lossOf, networkOf } from "../../lab/state/networkOf.ts";
import { presets } from "../../lab/state/setting.ts";
import type { Setting } from "../../lab/state/types.ts";
import { sharedLab } from "./browser.ts";

const lab = sharedLab();

/** Runs at their first step, so that the test knows the weights. */
const of = (id: string, change: Partial<Setting> = {}): Setting => ({
  ...presets.find((preset) => preset.id === id)!.setting,
  start: null,
  step: 0,
  ...change,
});
const moons = of("moons");

function here(setting: Setting) {
  const data = datasetOf(setting, "train");
  const n = networkOf(setting, data);
  return { n, data, testset: datasetOf(setting, "test"), loss: lossOf(setting, n, data) };
}

const press = (page: Page, name: RegExp): Promise<void> =>
  page.locator("main").getByRole("button", { name }).first().click();
const title = (page: Page): Promise<string | null> => page.locator(".formula .frame-title").textContent();
const number = async (page: Page, name: string): Promise<string> =>
  (await page.locator(`.formula [data-number="${name}"]`).first().textContent()) ?? "";

test("accuracy is the right answers over all, and a wrong one can be looked at", async () => {
  const { n, data, testset, loss } = here(moons);
  const { metrics, confusion } = evaluate(n, data, { loss, metrics: ["accuracy"] });
  const page = await lab.at(moons);
  await press(page, /^right [\d.]+ %$/);
  expect(await title(page)).toBe("Calculation: the accuracy");
  const right = confusion![0]![0]! + confusion![1]![1]!;
  expect(await number(page, "accuracy")).toBe(
    `accuracy=rightall=${right}${data.rows}=${mathNumber(metrics.accuracy!, 4)}`,
  );
  const wrong = page.locator(".formula-row").first();
  const row = Number(await wrong.textContent());
  await wrong.click();
  expect(await page.locator(".formula").getByRole("spinbutton", { name: "example" }).inputValue()).toBe(
    String(row),
  );
  expect(await number(page, "answer")).toMatch(/^Example \d+: ŷ = \S+ (≥|<) 0\.5, so .*wrong\.$/);
  await press(page, /^right in the test /);
  expect(await title(page)).toBe("Calculation: the accuracy in the test");
  const apart = evaluate(n, testset, { loss, metrics: ["accuracy"] }).metrics.accuracy!;
  expect(await number(page, "accuracy")).toContain(`=${mathNumber(apart, 4)}`);
});

test("the test loss is the mean over examples that training never sees", async () => {
  const { n, testset, loss } = here(moons);
  const page = await lab.at(moons);
  await press(page, /^test loss /);
  expect(await title(page)).toBe("Calculation: the test loss");
  expect(await number(page, "mean")).toContain(`=${mathNumber(evaluate(n, testset, { loss }).loss, 4)}`);
  await page.locator(".formula").getByRole("button", { name: "Back to the loss" }).click();
  expect(await title(page)).toBe("Calculation: the loss");
});

test("a gradient's norm is the root of its squares, each of which opens its own derivative", async () => {
  const { n, data, loss } = here(moons);
  const gradient = new Float32Array(n.parameterCount);
  objective(n, loss, data).gradient(n.parameters, gradient);
  const part = gradient.subarray(24, 24 + 72);
  const norm = Math.sqrt(part.reduce((sum, g) => sum + g * g, 0));
  const page = await lab.at(moons);
  await press(page, /^gradient of layer 2/);
  expect(await title(page)).toBe("Calculation: the gradient of layer 2");
  expect(await number(page, "norm")).toContain(`=${mathNumber(norm, 4)}`);
  const largest = [...part.keys()].sort((a, b) => Math.abs(part[b]!) - Math.abs(part[a]!)).slice(0, 8);
  const names = largest.map((i) => (i < 64 ? `W2[${Math.floor(i / 8)},${i % 8}]` : `b2[${i - 64}]`));
  for (const name of names)
    await page.locator(".formula").getByLabel(`The derivative by ${name}, show its calculation`).waitFor();
  await page.locator(".formula").getByLabel(`The derivative by ${names[0]}, show its calculation`).click();
  expect(await title(page)).toBe(`Calculation: ${names[0]}`);
  expect(await number(page, "derivative")).toContain("=");
});

test("a step that was searched for shows its trials, and they end at the step that was taken", async () => {
  const page = await lab.at(of("spirals", { data: { ...of("spirals").data, rows: 60 } }));
  const steps = page.locator(".dock").getByRole("button", { name: /^step size/ });
  for (const step of [1, 2, 3]) {
    await page.locator(".dock").getByRole("button", { name: "One step on" }).click();
    await page.waitForFunction(
      (wanted) => document.querySelector<HTMLInputElement>("input.dock-line")?.value === wanted,
      String(step),
    );
  }
  await steps.click();
  expect(await title(page)).toBe("Calculation: the step size");
  const taken = await steps.textContent();
  const last = page.locator(".formula .search-trial").last();
  await last.waitFor();
  expect(await last.textContent()).toContain("accepted");
  expect(Number(await last.locator("td").first().textContent())).toBeCloseTo(Number(taken), 4);
  // On all examples and without a penalty the loss there is the one on show now.
  const loss = await page.locator(".dock").getByRole("button", { name: /^loss/ }).textContent();
  expect(Number(await last.locator("td").nth(1).textContent())).toBe(Number(loss));
  expect(await number(page, "stepSize")).toMatch(/=1·0\.5[⁰¹²³⁴⁵⁶⁷⁸⁹]+$/);
});

test("a step with a chosen learning rate says so", async () => {
  const page = await lab.at(of("circle"));
  await page
    .locator(".dock")
    .getByRole("button", { name: /^step size/ })
    .click();
  expect(await page.locator(".formula-sentence").textContent()).toMatch(/^No step was taken yet/);
  await page.locator(".dock").getByRole("button", { name: "One step on" }).click();
  await page.locator(".formula-sentence", { hasText: "It is the learning rate that was chosen" }).waitFor();
});

test("the hash opens what it is a hash of", async () => {
  const page = await lab.at(moons);
  await press(page, /^hash /);
  expect(await title(page)).toBe("Calculation: the hash");
  expect(await number(page, "hash")).toBe(parametersSha256(here(moons).n));
  await page.locator(".diagram-neuron[data-neuron='1-0']").focus();
  expect(await title(page)).toBe("Calculation: neuron 0 of layer 1");
});

test("a dead neuron is found while the run goes on, and its button goes to it in the picture", async () => {
  const page = await lab.at(of("dead-relu"));
  const finding = page.locator(".finding", { hasText: "Dead neurons" });
  await page.locator(".findings-stale").waitFor({ state: "detached" });
  expect(await page.locator(".finding", { hasText: "10 of 10 units are dead" }).count()).toBe(0);
  await page.locator(".dock").getByRole("button", { name: "Run" }).click();
  await page.locator(".finding", { hasText: "10 of 10 units are dead" }).waitFor({ timeout: 10_000 });
  await finding.getByRole("button", { name: "Show layer 1" }).click();
  const shown = page.locator("[data-neuron='1-0']");
  expect(await shown.evaluate((node) => document.activeElement === node)).toBe(true);
  const { y } = (await shown.boundingBox())!;
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y).toBeLessThan(800);
  await page.locator(".diagram-zoom-name", { hasText: "neuron 0 of layer 1" }).waitFor();
});
