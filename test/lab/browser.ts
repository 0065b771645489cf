/** The lab in a real Chromium, served by our own server: what the tests of test/lab open. */
import { resolve } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";
import { type LabServer, startLab } from "../../src/cli/labServer.ts";
import { requireBrowser } from "../../tools/browser.js";

/** The built page; another build of it can be named. */
const folder = process.env.LAB_FOLDER ?? resolve("dist/lab");

let server: Promise<LabServer> | undefined;
let browser: Promise<Browser> | undefined;

afterAll(async () => {
  await (await browser)?.close();
  await (await server)?.close();
  browser = undefined;
  server = undefined;
});

export interface OpenedLab {
  page: Page;
  /** What must not happen: errors and warnings in the console, failed or foreign requests, breaches of the policy. */
  faults: string[];
  /** Where the page is served. */
  url: string;
  close(): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** More files, as `startLab` takes them; the test then has a server of its own. */
  data?: ReadonlyMap<string, string>;
}

/**
 * Opens the page in a fresh profile.
 *
 * @param path What stands behind the server's address: "#…", "" by default.
 */
export async function openLab(path = "", { data, ...options }: OpenOptions = {}): Promise<OpenedLab> {
  server ??= startLab({ folder, port: 0 });
  browser ??= launch();
  const own = data === undefined ? undefined : await startLab({ folder, data, port: 0 });
  const { url } = own ?? (await server);
  const context = await (await browser).newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    colorScheme: "light",
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  await watch(page, url, faults);
  await page.goto(`${url}${path}`, { waitUntil: "load" });
  await page.locator("main").waitFor();
  return {
    page,
    faults,
    url,
    close: async () => {
      await context.close();
      await own?.close();
    },
  };
}

function launch(): Promise<Browser> {
  const quiet = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
  ];
  return chromium.launch({
    executablePath: requireBrowser(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-sync", ...quiet],
  });
}

async function watch(page: Page, url: string, faults: string[]): Promise<void> {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
  page.on("request", (request) => {
    const own = request.url().startsWith(url) || /^(blob|data):/.test(request.url());
    if (!own) faults.push(`foreign: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(
        `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
}
