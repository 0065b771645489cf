/** A link to the digits view: what is on show comes back to the same bits, and what a link cannot hold is told of. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { dense, fromSafetensors, network, parametersSha256, toSafetensors } from "talweg";
import { expect, test } from "vitest";
import { folder, last, talweg } from "../cli/command.ts";
import {
  answer,
  clear,
  digitsLink,
  drawSeven,
  drop,
  poll,
  sharedDigits,
  shippedBytes,
  taken,
  train,
} from "./digitsPage.ts";
import { trainedHere } from "./digitsTraining.ts";
import { hashOf } from "./reading.ts";

const { fresh, reloaded } = sharedDigits();
const shippedHash = parametersSha256(fromSafetensors(shippedBytes)).slice(0, 8);
const wanted = (page: Page) => page.locator(".wanted");

/** The link that the button at the top copies. */
async function copied(page: Page): Promise<string> {
  await page.evaluate(() => {
    delete (globalThis as { copied?: string }).copied;
    navigator.clipboard.writeText = async (text) => void Object.assign(globalThis, { copied: text });
  });
  await page.getByRole("button", { name: "Copy link" }).click();
  const text = await page.waitForFunction(() => (globalThis as { copied?: string }).copied);
  return new URL(String(await text.jsonValue())).hash;
}

/** Opens the page anew by the link to what it shows. */
async function comeBack(page: Page): Promise<string> {
  const link = await copied(page);
  await page.evaluate((hash) => history.replaceState(null, "", hash), link);
  await reloaded();
  return link;
}

/** All that the reader sees of picture, network and answer. */
async function seen(page: Page): Promise<Record<string, unknown>> {
  const { pixels, ...rest } = await page.evaluate(() => {
    const text = (place: string): string => document.querySelector(place)?.textContent ?? "";
    const all = (place: string): Element[] => [...document.querySelectorAll(place)];
    return {
      pixels: document.querySelector<HTMLCanvasElement>(".pad canvas")?.toDataURL() ?? "",
      outputs: all(".output-number").map((one) => one.textContent),
      why: text(".why .frame-title"),
      neuron: text(".neuron h2"),
      off: all(".layer-cell.is-off").map((one) => one.ariaLabel),
      centered: document.querySelector<HTMLInputElement>(".drawing input[type=checkbox]")?.checked,
      target: text(".drawing-target"),
      hash: /[0-9a-f]{8}/.exec(document.querySelector(".top-link")?.ariaLabel ?? "")?.[0],
      model: text(".model-words"),
    };
  });
  return { ...rest, ink: createHash("sha256").update(pixels).digest("hex") };
}

/** As a stranger would write it: a line of JSON, then the picture. */
const forged = (fields: unknown, picture: readonly number[] = []): string =>
  `a${Buffer.concat([Buffer.from(`${JSON.stringify(fields)}\n`), Uint8Array.from(picture)]).toString("base64url")}`;
const plan = { kind: "trained", extent: "full", hidden: 64, epochs: 5, seed: 0, step: 10 };

/** Follows a link whose part for this view is that. */
const paste = (page: Page, letter: string): Promise<void> =>
  page.evaluate((hash) => {
    location.hash = hash;
  }, digitsLink(letter));

test("a link brings back the drawing, how it is scaled, silenced neurons, the digit in question and the chosen neuron", async () => {
  const page = await fresh();
  expect(await hashOf(page)).toBe(shippedHash);
  await clear(page);
  await drawSeven(page);
  await page.getByRole("checkbox", { name: "scale and center" }).uncheck();
  await page.locator(".layer-cell").nth(5).click();
  await page.getByRole("checkbox", { name: "it takes part" }).uncheck();
  await page.locator(".layer-cell").nth(9).click();
  await page.locator(".output").nth(2).click();
  const before = await seen(page);
  expect(before).toMatchObject({ why: "Why 2?", neuron: "Neuron 9 of layer 1", centered: false });
  expect(before.off).toHaveLength(1);
  expect(before.hash).not.toBe(shippedHash);
  const link = await copied(page);
  // A stroke's edges are many numbers; the rest is short.
  expect(link.length).toBeLessThan(2000);
  // The address holds the same by itself, when things have been at rest for a moment.
  await page.waitForFunction((hash) => location.hash === hash, link);
  expect(await seen(await reloaded())).toEqual(before);
  expect(await copied(page)).toBe(link);
});

test("a link brings back a test image with its number, and what it should be read as", async () => {
  const page = await fresh();
  await page.getByRole("button", { name: "A test image" }).click();
  await page.locator(".drawing-target").waitFor();
  const before = await seen(page);
  expect(before.target).toMatch(/^number \d+, a \d$/);
  expect((await comeBack(page)).length).toBeLessThan(900);
  expect(await seen(page)).toEqual(before);
});

test("who goes to the playground and back finds the view as it was, and can still undo", async () => {
  const page = await fresh();
  await clear(page);
  await drawSeven(page);
  const before = await seen(page);
  await page.getByRole("button", { name: "Playground", exact: true }).click();
  await page.locator(".diagram").first().waitFor();
  expect(await hashOf(page)).not.toBe(shippedHash);
  await page.getByRole("button", { name: "Digits", exact: true }).click();
  await page.locator(".pad").waitFor();
  expect(await seen(page)).toEqual(before);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: "Redo: clear" }).waitFor();
});

test("the line at the top is about the digits: their examples and undo, the hash that the command shows, and no run that space would start", async () => {
  const page = await fresh();
  await page.getByRole("button", { name: "Examples", exact: true }).click();
  await page.getByRole("menuitem", { name: "A six in the corner" }).click();
  expect(await answer(page)).toBe("2");
  await page.getByRole("checkbox", { name: "scale and center" }).check();
  expect(await answer(page)).toBe("6");
  await page.locator(".layer-cell").nth(5).click();
  await page.getByRole("checkbox", { name: "it takes part" }).uncheck();
  const path = join(folder(), "digits.safetensors");
  writeFileSync(path, await taken(page, "safetensors"));
  const { stdout, code } = await talweg(["inspect", path, "--json"]);
  expect(code).toBe(0);
  expect(String(last(stdout).parametersSha256).slice(0, 8)).toBe(await hashOf(page));
  // A checkbox takes no letters, so undo is the page's.
  await page.keyboard.press("Control+z");
  await poll(() => hashOf(page)).toBe(shippedHash);
  await page.locator("main").focus();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  expect(await keys.innerText()).toContain("paint there");
  expect(await keys.innerText()).not.toContain("run or pause");
  await page.keyboard.press("Escape");
  await page.keyboard.press(" ");
  await page.waitForTimeout(300);
  await page.getByRole("button", { name: "Playground", exact: true }).click();
  expect(await page.locator("input.dock-line").inputValue()).toBe("0");
  await page.getByRole("button", { name: "Digits", exact: true }).click();
  await page.locator(".pad").waitFor();
});

test("a network that learned here is in a link as its plan: trained again at a press it has the same bits, and its silenced neurons", async () => {
  const page = await fresh();
  await train(page, "32");
  await page.locator(".layer-cell").nth(3).click();
  await page.getByRole("checkbox", { name: "it takes part" }).uncheck();
  const before = await seen(page);
  expect(before.model).toContain("30 epochs of 2,000 images, seed 0");
  await comeBack(page);
  // Nothing happens that nobody asked for.
  expect((await seen(page)).model).toContain("it came with the page");
  expect(await wanted(page).innerText()).toContain("32 hidden neurons, 30 epochs of 2,000 images, seed 0");
  expect(await answer(page)).not.toBe("");
  await wanted(page).getByRole("button", { name: "Train it again" }).click();
  await poll(() => wanted(page).innerText()).toContain("to the same bits");
  expect(await seen(page)).toEqual(before);
  await wanted(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Undo: training" }).click();
  expect(await wanted(page).getByRole("button", { name: "Train it again" }).count()).toBe(1);
  await wanted(page).getByRole("button", { name: "Go on without it" }).click();
  expect(await wanted(page).count()).toBe(0);
});

test("training that was stopped comes back as far as it came, in the page as in the library", async () => {
  const page = await fresh();
  const stopped = { ...plan, extent: "shipped", epochs: 30, step: 40 } as const;
  const hash = parametersSha256(await trainedHere(stopped, 40)).slice(0, 8);
  await paste(page, forged({ origin: stopped, hash, off: [[1, 5]], selected: [1, 7] }));
  await poll(() => wanted(page).innerText()).toContain("stopped after step 40 of 960");
  await wanted(page).getByRole("button", { name: "Train it again" }).click();
  await poll(() => wanted(page).innerText()).toContain(`to the same bits: its hash is ${hash}`);
  expect(await seen(page)).toMatchObject({
    neuron: "Neuron 7 of layer 1",
    off: [expect.stringMatching(/^neuron 5 /)],
  });
});

test("a link to the network of a file says which one it was; another file is told from it, and that file brings all back", async () => {
  const page = await fresh();
  const n = network([dense(784, 12, "relu"), dense(12, 10, "softmax")], { seed: 4 });
  await drop(page, "mine.safetensors", toSafetensors(n));
  await poll(() => hashOf(page)).toBe(parametersSha256(n).slice(0, 8));
  await page.locator(".layer-cell").nth(3).click();
  await page.getByRole("checkbox", { name: "it takes part" }).uncheck();
  const before = await seen(page);
  const link = await comeBack(page);
  expect(await hashOf(page)).toBe(shippedHash);
  const words = `mine.safetensors, with the hash ${parametersSha256(n).slice(0, 8)}`;
  expect(await wanted(page).innerText()).toContain(words);
  // Who hands the link on hands on what it was about.
  await clear(page);
  expect(await comeBack(page)).not.toBe(link);
  expect(await wanted(page).innerText()).toContain(words);
  await page.getByRole("button", { name: "A test image" }).click();

  await drop(
    page,
    "other.safetensors",
    toSafetensors(network([...n.layers], { seed: 5 })),
    ".wanted .model-drop",
  );
  await poll(() => wanted(page).innerText()).toContain("What is on show has another hash");
  await drop(page, "mine.safetensors", toSafetensors(n), ".wanted .model-drop");
  await poll(() => wanted(page).innerText()).toContain("to the same bits");
  expect(await seen(page)).toMatchObject({
    off: before.off,
    neuron: before.neuron,
    hash: before.hash,
    model: before.model,
  });
});

const broken: readonly (readonly [name: string, letter: string, words: RegExp])[] = [
  ["of no known form", "zzz", /begins with "z"/],
  ["with letters that do not belong there", "b!!", /has "!" at place 1/],
  ["that is cut short", "bq1YqS0wpTlWyUkpJLElUslIqLkks", /link: /],
  ["that is no text", "a____", /cannot be read/],
  ["that is a list", forged([]), /digits is a list/],
  ["with a picture that is too short", forged({ picture: "drawn" }, [0, 255, 7]), /28224 values/],
  [
    "with a picture that is too long",
    forged({ picture: "taken", number: 1 }, [0, 255, 0, 255, 0, 255, 0, 255]),
    /784 values/,
  ],
  ["with a picture of no kind", forged({ picture: "song" }), /picture is "song"/],
  ["with a network of a billion", forged({ origin: { ...plan, hidden: 1e9 } }), /hidden is 1000000000/],
  ["with training without end", forged({ origin: { ...plan, epochs: 1e9 } }), /epochs is 1000000000/],
  ["with more steps than are planned", forged({ origin: { ...plan, step: 4691 } }), /from 1 to 4690/],
  ["with a file of no name", forged({ origin: { kind: "file", name: 7 } }), /file is 7/],
  ["with a hash that is none", forged({ hash: "<b>" }), /hash is "<b>"/],
  ["with neurons that are none", forged({ off: [[1, -1]] }), /off: unit is -1/],
  ["with a digit that is none", forged({ about: 11 }), /about is 11/],
];

test("a broken or forged link is told of in words, whatever is wrong with it, and the view works on", async () => {
  const page = await fresh();
  await drawSeven(page);
  const before = await seen(page);
  for (const [name, letter, words] of broken) {
    await paste(page, letter);
    const notice = page.locator(".notice", { hasText: words });
    await notice.waitFor({ timeout: 5000 }).catch(async () => {
      throw new Error(`a link ${name}: the page says "${await page.locator(".notice").allTextContents()}"`);
    });
    await notice.getByRole("button", { name: "Close" }).click();
    expect(await seen(page), name).toEqual(before);
  }
  await clear(page);
  await drawSeven(page);
  expect(await answer(page)).toBe("7");
});

test("a page that opens with a broken link opens as it does without one, and says so", async () => {
  const page = await fresh();
  await page.evaluate((hash) => history.replaceState(null, "", hash), digitsLink("zzz"));
  await reloaded();
  await page.locator(".notice", { hasText: 'begins with "z"' }).waitFor();
  expect(await hashOf(page)).toBe(shippedHash);
  await clear(page);
  await drawSeven(page);
  expect(await answer(page)).toBe("7");
});

test("a plan of all images says where they are to be had, on a page that has few of them", async () => {
  const page = await fresh();
  await paste(page, forged({ origin: plan, hash: "0123abcd" }));
  await poll(() => wanted(page).innerText()).toContain("stopped after step 10 of 4690");
  expect(await wanted(page).innerText()).toContain("open the link in the page of talweg lab");
  expect(await wanted(page).getByRole("button", { name: "Train it again" }).count()).toBe(0);
});
