/** The digits view in a real browser: drawing is read, models go in and out, and the numbers are the library's. */
import { gzipSync } from "node:zlib";
import {
  dense,
  evaluate,
  fromJson,
  fromSafetensors,
  network,
  selectRows,
  toJson,
  toSafetensors,
} from "talweg";
import { loadMnist, mnistFiles } from "talweg/node";
import { expect, test } from "vitest";
import { openLab } from "./browser.ts";
import {
  answer,
  clear,
  drawLine,
  drawSeven,
  drop,
  openDigits,
  poll,
  sharedDigits,
  shippedBytes,
  taken,
  train,
} from "./digitsPage.ts";

const { fresh } = sharedDigits();
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

test("a seven that is drawn is read as 7 and a one as 1; a stroke is undone at once, and clearing too", async () => {
  const page = await fresh();
  await clear(page);
  expect(await page.locator(".output.is-answer").count()).toBe(0);
  await drawSeven(page);
  expect(await answer(page)).toBe("7");
  expect(await page.locator(".why .frame-title").innerText()).toBe("Why 7?");
  await clear(page);
  await drawLine(page, [
    [0.52, 0.2],
    [0.48, 0.8],
  ]);
  expect(await answer(page)).toBe("1");
  for (const label of ["stroke", "clear"]) await page.getByRole("button", { name: `Undo: ${label}` }).click();
  expect(await answer(page)).toBe("7");
  await page.keyboard.press("Control+y");
  expect(await page.locator(".output.is-answer").count()).toBe(0);
});

test("the keyboard draws as well, and finds a pixel in the vector", async () => {
  const page = await fresh();
  await clear(page);
  await page.locator(".pad").focus();
  for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowUp");
  // As long as Shift is held it is one stroke.
  await page.keyboard.down("Shift");
  for (let i = 0; i < 16; i++) await page.keyboard.press("ArrowDown");
  await page.keyboard.up("Shift");
  expect(await answer(page)).toBe("1");
  await page.keyboard.press("Control+z");
  expect(await page.locator(".output.is-answer").count()).toBe(0);
  const picture = page.getByRole("slider", { name: "picture of 28 by 28 pixels" });
  await picture.focus();
  await page.keyboard.press("ArrowDown");
  expect(await picture.getAttribute("aria-valuetext")).toBe("Row 15, column 14 is input 434: 0.000.");
  expect(await page.locator(".inputs-name").last().innerText()).toBe("row 15: input 420 to 447");
  expect(await page.locator(".probe-mark").count()).toBe(3);
});

test("without a neuron that matters fewer test images are read, the number before stays, and undo brings it back", async () => {
  const page = await fresh();
  const accuracy = page.locator(".neuron-words", { hasText: "Test accuracy" });
  await page.locator(".neurons").scrollIntoViewIfNeeded();
  const rows = Uint32Array.from({ length: 1000 }, (_, i) => 10 * i);
  const whole = evaluate(fromSafetensors(shippedBytes), selectRows(loadMnist("test"), rows));
  const before = percent(whole.metrics.accuracy!);
  await poll(() => accuracy.innerText()).toBe(`Test accuracy ${before}`);
  // The first tile is the most used one.
  await page.locator(".neuron-tile").first().click();
  await page.getByRole("checkbox", { name: "it takes part" }).uncheck();
  await poll(() => accuracy.innerText()).toMatch(/without one neuron \d+\.\d\d %, before \d+\.\d\d %/);
  const [, without, was] = /neuron (.*?), before (.*)$/.exec(await accuracy.innerText()) ?? [];
  expect(was).toBe(before);
  expect(Number.parseFloat(without!)).toBeLessThan(Number.parseFloat(before));
  await page.getByRole("button", { name: "Undo: switch off a neuron" }).click();
  await poll(() => accuracy.innerText()).toBe(`Test accuracy ${before}`);

  const misread = whole.confusion!.flatMap((row, i) => row.map((count, j) => (i === j ? 0 : count)));
  const wrong = misread.reduce((sum, count) => sum + count, 0);
  await page.locator(".confusion").scrollIntoViewIfNeeded();
  expect(await page.locator(".examples").innerText()).toContain(
    `All that are misread, the surest first: ${wrong}.`,
  );
  await page.getByRole("button", { name: "4 images of 5 read as 3" }).click();
  expect(await page.locator(".example").count()).toBe(4);
  await page.locator(".example").first().click();
  expect(await page.locator(".drawing-target strong").innerText()).toBe("5");
  expect(await answer(page)).toBe("3");
});

test("a model that is dropped is read or refused with the library's reasons, and what was there stays", async () => {
  const page = await fresh();
  const fault = page.locator(".model-drop ~ .digits-fault");
  const words = page.locator(".model-words").first();
  // A header that lies about its length.
  const lying = shippedBytes.slice(0, 400);
  new DataView(lying.buffer).setBigUint64(0, 99_000_000n, true);
  await drop(page, "lying.safetensors", lying);
  await poll(() => fault.innerText()).toContain("99000000");
  await drop(page, "broken.json", new TextEncoder().encode('{"format":'));
  await poll(() => fault.innerText()).toContain("JSON");
  const small = new TextEncoder().encode(toJson(network([dense(2, 1)])));
  await drop(page, "small.json", small);
  await poll(() => fault.innerText()).toContain(
    "small.json: the network has 2 inputs and 1 outputs, expected 784 (28 by 28 pixels) and 10 (the digits)",
  );
  expect(await words.innerText()).toContain("784–64–10");
  expect(await words.innerText()).toContain("it came with the page");
});

test("a model that is taken out is the one on show: the same bytes in safetensors, the same numbers in JSON, and what it predicts", async () => {
  const page = await fresh();
  const bytes = await taken(page, "safetensors");
  expect(Buffer.compare(bytes, shippedBytes)).toBe(0);
  const json = fromJson(new TextDecoder().decode(await taken(page, "JSON")));
  expect(Buffer.compare(toSafetensors(json), shippedBytes)).toBe(0);
  expect(new TextDecoder().decode(await taken(page, "TypeScript"))).toContain("export function predict");
  expect(Buffer.from(await taken(page, "ONNX")).includes("talweg")).toBe(true);
  // Back in, with a name of its own.
  await drop(page, "mine.safetensors", bytes);
  await poll(() => page.locator(".model-words").first().innerText()).toContain("mine.safetensors");

  await page.getByRole("button", { name: "A test image" }).click();
  await page.locator(".drawing-target").waitFor();
  const number = Number(/number (\d+)/.exec(await page.locator(".drawing-target").innerText())?.[1]);
  const { x } = loadMnist("test");
  const pixels = Float32Array.from(x.subarray(784 * number, 784 * number + 784), (value) => value / 255);
  const shown = await page.locator(".output-number").allInnerTexts();
  expect(shown).toEqual(Array.from(fromSafetensors(bytes).predict(pixels), (value) => value.toFixed(4)));
});

test("training here takes the place of the network while it learns, says what it learned from, and can be undone", async () => {
  const page = await fresh();
  const training = page.locator(".training");
  await training.scrollIntoViewIfNeeded();
  expect(await training.innerText()).toContain("2,000 of MNIST's 60,000 training images");
  await train(page, "32");
  const status = training.locator("[role=status]");
  expect(await status.innerText()).toContain("on 2,000 images");
  expect(await training.locator(".training-epochs li").count()).toBe(30);
  const words = page.locator(".model-words").first();
  expect(await words.innerText()).toContain("784–32–10");
  const [, share] = /: (\S+) % of the test images\.$/.exec(await status.innerText()) ?? [];
  const n = fromSafetensors(await taken(page, "safetensors"));
  const rows = Uint32Array.from({ length: 1000 }, (_, i) => 10 * i);
  expect(percent(evaluate(n, selectRows(loadMnist("test"), rows)).metrics.accuracy!)).toBe(`${share} %`);
  expect(Number(share)).toBeGreaterThan(85);
  await page.getByRole("button", { name: "Undo: training" }).click();
  expect(await words.innerText()).toContain("784–64–10");
});

test("test images that could not be had are asked for again by who wants them", async () => {
  const { page, faults, close } = await openLab();
  let cut = true;
  await page.route("**/test-1000*", (route) =>
    cut ? route.fulfill({ body: gzipSync("cut") }) : route.continue(),
  );
  await page.getByRole("button", { name: "Digits", exact: true }).click();
  const one = page.getByRole("button", { name: "A test image" });
  await one.click();
  await page.locator(".confusion .digits-fault", { hasText: "load the page anew" }).waitFor();
  cut = false;
  await one.click();
  await page.locator(".drawing-target").waitFor();
  await poll(() => page.locator(".confusion .digits-fault").count()).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

test("stopped while its images are on their way, training takes nobody's place", async () => {
  const page = await fresh();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    void page.route("**/train-2000*", async (route) => {
      resolve();
      await held;
      await route.continue();
    });
  });
  const training = page.locator(".training");
  await training.getByRole("button", { name: "Train", exact: true }).click();
  await asked;
  await training.getByRole("button", { name: "Stop", exact: true }).click();
  release();
  await poll(() => training.locator("[role=status]").innerText()).toMatch(/^Stopped after/);
  expect(await page.locator(".model-words").first().innerText()).toContain("784–64–10");
  expect(await page.getByRole("button", { name: "Undo: training" }).count()).toBe(0);
});

test.skipIf(mnistFiles().size === 0)("all test images are tested on where the server has them", async () => {
  const data = new Map([...mnistFiles()].map(([name, path]) => [`/data/mnist/${name}`, path]));
  const { page, faults, close } = await openDigits({ data });
  // The page asks the server first.
  await poll(() => page.locator(".training").innerText()).toContain("All 60,000 training images");
  await page.locator(".confusion").scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Test on all 10,000" }).click();
  const { accuracy } = evaluate(fromSafetensors(shippedBytes), loadMnist("test")).metrics;
  expect(accuracy).toBeGreaterThanOrEqual(0.97);
  const words = page.locator(".confusion-words").first();
  await poll(() => words.textContent()).toContain(
    `${percent(accuracy!)} of 10,000 test images are read right.`,
  );
  expect(faults).toEqual([]);
  await close();
});

test.each([
  ["a finger", true, 44],
  ["a mouse", false, 24],
])(
  "on a narrow page every cell is large enough for %s, and the matrix shows its last column to the keyboard",
  async (_, touch, least) => {
    const viewport = { width: 360, height: 740 };
    const { page, faults, close } = await openDigits({ viewport, hasTouch: touch, isMobile: touch });
    await page.locator(".confusion").scrollIntoViewIfNeeded();
    await page.locator(".matrix-cell").first().waitFor();
    const smallest = (place: string): Promise<number> =>
      page
        .locator(place)
        .evaluateAll((all) =>
          Math.min(
            ...all.map((one) => one.getBoundingClientRect()).flatMap(({ width, height }) => [width, height]),
          ),
        );
    expect(await smallest(".matrix-cell")).toBeGreaterThanOrEqual(least);
    expect(await smallest("main button:not(.layer-cell)")).toBeGreaterThanOrEqual(least);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.locator(".matrix-cell").first().focus();
    for (let i = 0; i < 9; i += 1) await page.keyboard.press("ArrowRight");
    const box = await page.locator(".matrix-cell:focus").boundingBox();
    expect(await page.locator(".matrix-cell:focus").getAttribute("aria-label")).toMatch(/ of 0 read as 9$/);
    expect(box!.x + box!.width).toBeLessThanOrEqual(360);
    // A neuron has a larger button among the pictures of weights, so a wide layer may have cells of 36 for a finger.
    const wide = network([dense(784, 128, "relu"), dense(128, 10, "softmax")]);
    await drop(page, "wide.safetensors", toSafetensors(wide));
    await poll(() => page.locator(".layer-cell").count()).toBe(128);
    expect(await smallest(".layer-cell")).toBeGreaterThanOrEqual(touch ? 36 : 24);
    expect(faults).toEqual([]);
    await close();
  },
);
