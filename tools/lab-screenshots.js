// Pictures of every view of the lab, light and dark, at three widths: node tools/lab-screenshots.js FOLDER [NAME=#hash …]

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { requireBrowser } from "./browser.js";
import { build } from "./build.js";
import { root } from "./run.js";

const [folder, ...more] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Where to? node tools/lab-screenshots.js FOLDER");
  process.exit(2);
}
const sizes = [
  { width: 360, height: 740, touch: true },
  { width: 1280, height: 800, touch: false },
  { width: 1920, height: 1080, touch: false },
];
const press = (role, name) => (page) => page.getByRole(role, { name, exact: true }).click();
/** A link as the page writes it: "a" and the fields that differ from a plain setting. */
const link = (setting) => `#a${Buffer.from(JSON.stringify(setting)).toString("base64url")}`;
const SPIRALS = link({
  data: { kind: "spirals", rows: 400 },
  hidden: [16, 16].map((units) => ({ units, activation: "tanh" })),
  trainer: { method: "armijo", batchSize: "full", epochs: 3000 },
  step: 1500,
});
/** What is done on the opened page before the picture is taken, and whether all of it is taken, or the window alone. */
const views = new Map([
  ["playground", { act: async () => {}, whole: true }],
  ["digits", { act: press("button", "Digits"), whole: true }],
  ["spirals", { hash: SPIRALS, act: async () => {}, whole: true }],
  [
    "weight",
    {
      act: async (page) => {
        await page.locator("[data-neuron='2-1']").focus();
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: "Select W2[0,1]" }).click();
      },
      whole: true,
    },
  ],
  [
    "accuracy",
    {
      hash: SPIRALS,
      act: (page) => page.getByRole("button", { name: /^right [\d.]+ %$/ }).click(),
      whole: true,
    },
  ],
  ["race", { act: press("button", "Race"), whole: true }],
  ["examples", { act: press("button", "Examples"), whole: false }],
  ["keys", { act: (page) => page.keyboard.press("?"), whole: false }],
  [
    "drawing",
    { act: (page) => page.getByRole("radio", { name: "by hand" }).check({ force: true }), whole: true },
  ],
]);

await build();
mkdirSync(folder, { recursive: true });
const served = spawn(process.execPath, [join(root, "dist/cli/talweg.js"), "lab", "--port", "0", "--json"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const { value: line } = await createInterface(served.stdout)[Symbol.asyncIterator]().next();
const { url } = JSON.parse(line);
const browser = await chromium.launch({
  executablePath: requireBrowser(),
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  for (const { width, height, touch } of sizes) {
    for (const colorScheme of ["light", "dark"]) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        hasTouch: touch,
        isMobile: touch,
        reducedMotion: "reduce",
      });
      const shoot = async (name, hash, { act, whole }) => {
        const page = await context.newPage();
        page.on("console", (message) => console.error(`${name}: ${message.text()}`));
        await page.goto(`${url}${hash}`);
        await page.locator("main").waitFor();
        await act(page);
        // Until replays and what the workers think about are there.
        await page.waitForTimeout(2500);
        if (whole) {
          // A window as tall as the page, so that the bar at the bottom is at the bottom.
          const tall = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.setViewportSize({ width, height: Math.max(height, tall) });
          await page.waitForTimeout(300);
        }
        const path = join(folder, `${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path });
        console.log(path);
        await page.close();
      };
      for (const [name, how] of views) await shoot(name, how.hash ?? "", how);
      for (const pair of more) {
        const at = pair.indexOf("=");
        await shoot(pair.slice(0, at), pair.slice(at + 1), { act: async () => {}, whole: true });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  served.kill("SIGINT");
}
