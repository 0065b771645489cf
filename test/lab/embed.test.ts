/** Figures of the lab in another page, opened from a file: no server, no workers, one line of script. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { forHost } from "../../lab/embed/plugin.ts";
import { toAddress } from "../../lab/state/address.ts";
import { presets } from "../../lab/state/setting.ts";
import { requireBrowser } from "../../tools/browser.js";

const script = resolve(process.env.LAB_FOLDER ?? "dist/lab", "talweg-figure.js");
let browser: Browser;
let folder: string;
let page: Page;
let faults: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "talweg-figure-"));
  copyFileSync(script, join(folder, "talweg-figure.js"));
  browser = await chromium.launch({
    executablePath: requireBrowser(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  page = await browser.newPage({ reducedMotion: "reduce" });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) faults.push(`foreign: ${request.url()}`);
  });
});

beforeEach(() => {
  faults = [];
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The article with this body, in the page that all tests share. */
async function open(body: string): Promise<void> {
  const file = join(folder, "article.html");
  writeFileSync(
    file,
    `<!doctype html><html lang="en"><title>An article</title><script defer src="talweg-figure.js"></script>${body}</html>`,
  );
  await page.goto(pathToFileURL(file).href);
}

/** "step 12 · loss 0.01" */
const numbers = (figure: number): Promise<string | null> =>
  page.locator("talweg-figure .embed-numbers").nth(figure).textContent();

test("two figures of a group show the same network, and it trains without workers", async () => {
  const { setting } = presets.find(({ id }) => id === "moons")!;
  const link = `#${(await toAddress({ ...setting, start: null, step: 0 })).replace(/^#/, "")}`;
  await open(
    `<talweg-figure part="network" link="${link}" group="one"></talweg-figure><talweg-figure part="fit" group="one"></talweg-figure>`,
  );
  await page.locator("talweg-figure .diagram-edges path").first().waitFor({ state: "attached" });
  await page.locator("talweg-figure .embed-numbers").nth(1).waitFor();
  const first = await numbers(0);
  expect(first).toMatch(/^step 0 · loss 0\.\d+$/);
  expect(await numbers(1)).toBe(first);
  await page.getByRole("button", { name: "One step on" }).nth(1).click();
  await page.waitForFunction(() =>
    document.querySelector("talweg-figure")?.shadowRoot?.textContent?.includes("step 1 ·"),
  );
  expect(await numbers(1)).toBe(await numbers(0));
  await page.getByRole("button", { name: "Run" }).first().click();
  await page.waitForFunction(() => {
    const text = document
      .querySelector("talweg-figure")
      ?.shadowRoot?.querySelector(".embed-numbers")?.textContent;
    return Number(/step (\d+)/.exec(text ?? "")?.[1]) > 20;
  });
  const loss = (text: string | null): number =>
    Number(/loss (.*)$/.exec(text ?? "")?.[1]?.replaceAll("−", "-"));
  expect(loss(await numbers(0))).toBeLessThan(loss(first));
  expect(faults).toEqual([]);
});

test("figures without a group are on their own, and each part is there", async () => {
  const parts = ["network", "fit", "loss", "landscape", "line-search", "formula"];
  await open(
    parts.map((part) => `<talweg-figure part="${part}" preset="xor" bare></talweg-figure>`).join(""),
  );
  for (const [i] of parts.entries())
    await page.locator("talweg-figure").nth(i).locator("figure").first().waitFor();
  expect(await page.locator(".embed-numbers").count()).toBe(0);
  // The page's own elements are not touched by the figures' sheets.
  expect(await page.evaluate(() => getComputedStyle(document.body).margin)).toBe("8px");
  await page.evaluate(() => document.querySelector("talweg-figure")?.remove());
  expect(await page.locator("talweg-figure").count()).toBe(parts.length - 1);
  expect(faults).toEqual([]);
});

test("a part or a link that does not exist is said in the figure", async () => {
  await open(
    '<talweg-figure part="grid"></talweg-figure><talweg-figure part="fit" link="#bAAAA"></talweg-figure><talweg-figure preset="y"></talweg-figure>',
  );
  await page.getByText("There is no part “grid”; expected one of network, fit, loss").waitFor();
  await page.getByText("The link could not be followed.").waitFor();
  await page.getByText("There is no preset “y”; expected one of parabola").waitFor();
  expect(faults).toEqual([]);
});

test("a sheet of the page becomes one of the figure: the root is the host, registered properties go", () => {
  expect(
    forHost(
      '@property --a {\n syntax: "<color>";\n}\n:root { color: red }\n:root[data-theme="dark"] { x: y }',
    ),
  ).toBe(' :host { color: red } :host([data-theme="dark"]) { x: y }');
  expect(forHost("html,\nbody {\n margin: 0\n}\n.body-text {}")).toBe(
    ":host, :host { margin: 0 } .body-text {}",
  );
});
