/** The loss over time, races, and the gradient by layer, against the library in this thread; and what the doctor finds. */
import { expect, test } from "vitest";
import { numberText } from "../../lab/panels/numberText.ts";
import { verdictOf } from "../../lab/parts/gradientNormsHistory.ts";
import { averaged, linesOf, lossAt, lossDomain } from "../../lab/parts/lossChartMarks.ts";
import { contestant } from "../../lab/parts/lossChartRace.ts";
import { presets } from "../../lab/state/presets.ts";
import { sharedLab } from "./browser.ts";
import { figure, opened, savedRows } from "./chartsMaterial.ts";

const lab = sharedLab();

const traceOf = (losses: number[], label = "auto, batch 2") => ({
  id: 1,
  label,
  live: true,
  steps: losses.map((_, i) => i + 1),
  evaluations: losses.map((_, i) => 2 * (i + 1)),
  losses,
});

test("a batch's losses are averaged over a twentieth of the run, and a full batch's are left as they are", () => {
  const losses = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 3 : 1) / (i + 1));
  const [noisy] = linesOf([traceOf(losses)]);
  const mean = (i: number): number => {
    const some = losses.slice(Math.max(0, i - 4), i + 1);
    return some.reduce((sum, loss) => sum + loss, 0) / some.length;
  };
  for (const [i, y] of averaged(noisy!, "steps").y.entries()) expect(y).toBeCloseTo(mean(i), 12);
  expect(lossAt(noisy!, "evaluations", 121)).toBeCloseTo(mean(59), 12);
  const [full] = linesOf([traceOf(losses, "Armijo, full batch")]);
  expect(averaged(full!, "steps").y).toEqual(losses);
});

test("an average keeps its digits where the loss falls by many powers of ten", () => {
  const losses = [1e12, ...Array.from({ length: 199 }, (_, i) => 1e-9 / (i + 1))];
  const [line] = linesOf([traceOf(losses)]);
  const { y } = averaged(line!, "steps");
  expect(y.at(-1)).toBeCloseTo(losses.slice(-10).reduce((sum, loss) => sum + loss, 0) / 10, 20);
});

test("a run that bursts does not take the whole height of the chart", () => {
  const [low, high] = lossDomain(
    linesOf([traceOf([2, 1, 0.5, 1e30, Number.POSITIVE_INFINITY], "x, full batch")]),
    true,
  );
  expect(low).toBeCloseTo(0.4, 12);
  expect(high).toBe(250);
});

test("norms that differ by a thousand vanish or explode, and a gradient of nothing is said to stand still", () => {
  expect(verdictOf([0.01, 0.5, 1]).kind).toBe("even");
  expect(verdictOf([0.0009765625, 0.5, 1])).toEqual({ kind: "vanishing", ratio: 1024, least: 0, most: 2 });
  expect(verdictOf([1e5, 0.5, 1]).kind).toBe("exploding");
  expect(verdictOf([0, 1]).ratio).toBe(Number.POSITIVE_INFINITY);
  expect(verdictOf([0, 0]).kind).toBe("still");
});

test("a contestant begins where the run began, with a learning rate of its own", () => {
  const { setting } = presets[0]!;
  const adam = contestant(setting, "adam");
  expect(adam).toEqual({
    ...setting,
    step: 0,
    trainer: { ...setting.trainer, method: "adam", learningRate: 0.01 },
  });
  expect(contestant(adam, "adam").trainer.learningRate).toBe(0.01);
});

// The first on the page, where no run from before stands in the chart.
test("the loss chart has each step's loss as training gave it, and its cursor goes through time by the keys", async () => {
  const run = await opened();
  const page = await lab.at();
  const loss = await figure(page, "Loss");
  const rows = await savedRows(page, loss);
  const [live] = run.runs();
  expect(rows.map((row) => Number(row.loss))).toEqual(live!.losses);
  expect(rows.map((row) => Number(row.evaluations))).toEqual(live!.evaluations);
  const cursor = loss.getByRole("slider", { name: "step on show" });
  await cursor.focus();
  await page.keyboard.press("Home");
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>("input.dock-line")?.value === "0",
  );
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>("input.dock-line")?.value === "9",
  );
  const [line] = linesOf(run.runs());
  expect(await cursor.getAttribute("aria-valuetext")).toBe(
    `step 9, loss ${numberText(lossAt(line!, "steps", 9), 4)}`,
  );
  run.close();
});

test("a drag in the loss chart goes to the step under the pointer, on either axis", async () => {
  const page = await lab.at();
  const loss = await figure(page, "Loss");
  const box = (await loss.locator(".loss-ground").boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.8, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>("input.dock-line")?.value === "30",
  );
  await loss.getByRole("radio", { name: "examples gone over" }).press("Space");
  await page.mouse.click(box.x + box.width - 1, box.y + 40);
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLInputElement>("input.dock-line")?.value) > 55,
  );
  await loss.getByRole("radio", { name: "steps", exact: true }).press("Space");
});

test("a race gives each trainer the same start and no more examples than the budget, and ranks by the loss", async () => {
  const page = await lab.at();
  const loss = await figure(page, "Loss");
  await loss.getByRole("button", { name: "Race" }).click();
  await loss.getByRole("button", { name: "Start the race" }).click();
  await page.getByText("Running …").waitFor({ state: "visible" });
  await page.getByText("Running …").waitFor({ state: "detached" });
  const race = page.locator("figure.loss");
  const rows = await savedRows(page, race);
  const runs = new Map<string, typeof rows>();
  for (const row of rows) runs.set(row.run!, [...(runs.get(row.run!) ?? []), row]);
  expect([...runs.keys()].sort()).toEqual([
    "Adam 0.01",
    "descent with Armijo",
    "gradient descent 0.1",
    "guess and perturb",
  ]);
  const starts = new Set<string>();
  for (const [name, some] of runs) {
    starts.add(some[0]!.loss!);
    expect(some[0]!.step, name).toBe("0");
    expect(Number(some.at(-1)!.evaluations), name).toBeLessThanOrEqual(20_000);
    expect(Number(some.at(-1)!.evaluations), name).toBeGreaterThan(18_000);
  }
  expect(starts.size).toBe(1);
  const shown = await race.locator(".loss-value").allTextContents();
  const wanted = [...runs.values()].map((some) => Number(some.at(-1)!.loss)).sort((a, b) => a - b);
  expect(shown).toEqual(wanted.map((one) => numberText(one, 4)));
  await page.getByRole("button", { name: "End the race" }).click();
  await loss.waitFor();
});

test("the gradient by layer shows the library's norms", async () => {
  const run = await opened();
  const page = await lab.at();
  const norms = await figure(page, "Gradient by layer");
  const wanted = run.measures().gradientNorms;
  expect(await norms.locator(".norms-number").allTextContents()).toEqual(
    wanted.map((norm) => numberText(norm, 3)),
  );
  const rows = await savedRows(page, norms);
  expect(wanted.map((_, i) => Number(rows.at(-1)![`layer ${i + 1}`]))).toEqual(wanted);
  run.close();
});

test("dead neurons are found, explained, and one of them is shown", async () => {
  // With this seed neuron 0 lives and neuron 2 is the first dead one.
  const page = await lab.at({ ...presets[0]!.setting, seed: 2, step: 0 });
  const finding = page.locator(".finding", { hasText: "Dead neurons" }).first();
  await finding.waitFor();
  expect(await finding.textContent()).toMatch(/units? (is|are) dead.*What helps:/s);
  await finding.getByRole("button", { name: /^Show layer/ }).click();
  expect(await page.locator(".formula .frame-title").textContent()).toMatch(
    /^Calculation: neuron 2 of layer/,
  );
  expect(await page.locator('.formula [data-number="a"]').textContent()).toMatch(/=0$/);
});

test("where all is well it says so", async () => {
  const page = await lab.at(presets.find(({ id }) => id === "xor")!.setting);
  await page.getByText("Nothing stands in the way of learning").waitFor();
});
