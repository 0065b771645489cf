/** The lab in a real Chromium, served by our own server: what the tests of test/lab open. */
import { resolve } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, expect } from "vitest";
import { presets } from "../../lab/state/presets.ts";
import type { Setting } from "../../lab/state/types.ts";
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
  /** Done with the page before anything is loaded. */
  prepare?: (page: Page) => Promise<unknown>;
}

/**
 * Opens the page in a fresh profile.
 *
 * @param path What stands behind the server's address: "#…", "" by default.
 */
export async function openLab(
  path = "",
  { data, prepare, ...options }: OpenOptions = {},
): Promise<OpenedLab> {
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
  await prepare?.(page);
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

interface SharedLab {
  /**
   * The page with this setting on show, by default the one that it opens with: a new run, nothing selected, at the top.
   * What parts keep for themselves stays: an axis, a constant of the line search, runs to compare with. Tests put it back.
   */
  at(setting?: Setting): Promise<Page>;
  /** Faults like this are meant to happen in the test at hand. */
  expectFaults(like: RegExp): void;
}

/** One point and no hidden layer: no test is about it, so it can be seen when it has come and when it has gone. */
const blank = { data: { kind: "drawn", points: [[0, 0]] }, hidden: [] };

/** A link in its plain form. */
const plainLink = (setting: unknown): string =>
  `#a${Buffer.from(JSON.stringify(setting)).toString("base64url")}`;

/**
 * A page that all tests of a file use one after the other, since opening one costs as much as twenty changes of it.
 *
 * A fault fails the test in which it happened, and a test that failed leaves no page to the next one. What is about opening
 * itself, about storage, about files that are missing or about another kind of window opens a page of its own.
 */
export function sharedLab(options: OpenOptions = {}): SharedLab {
  let lab: OpenedLab | undefined;
  let wanted: RegExp | undefined;
  afterEach(async ({ task }) => {
    const faults = (lab?.faults.splice(0) ?? []).filter((fault) => wanted?.test(fault) !== true);
    wanted = undefined;
    if (task.result?.state === "fail" || faults.length > 0) await close();
    expect(faults).toEqual([]);
  });
  const close = async (): Promise<void> => {
    await lab?.close();
    lab = undefined;
  };
  afterAll(close);
  return {
    at: async (given) => {
      const setting = given ?? presets[0]!.setting;
      if (lab !== undefined) await changeTo(lab.page, setting);
      else lab = await openLab(given === undefined ? "" : plainLink(given), options);
      await arrived(lab.page, setting);
      return lab.page;
    },
    expectFaults: (like) => {
      wanted = like;
    },
  };
}

/** By way of the blank setting, so that also a run that is on show already begins anew. */
async function changeTo(page: Page, setting: Setting): Promise<void> {
  await page.mouse.move(0, 0);
  await follow(page, plainLink(blank));
  await page.waitForFunction(() => document.querySelectorAll(".diagram-neuron").length === 2);
  await follow(page, plainLink(setting));
}

/** Changes the address, as one who pastes a link; the next Tab begins at the top, as on a new page. */
function follow(page: Page, link: string): Promise<void> {
  return page.evaluate((hash) => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
    location.hash = hash;
  }, link);
}

/** Waits until the network of the setting is on show, at its step. */
async function arrived(page: Page, { step }: Setting): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll(".diagram-neuron").length > 2 &&
      document.querySelector<HTMLInputElement>("input.dock-line")?.value === wanted,
    String(step),
  );
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
  page.on("requestfailed", (request) => {
    // The icon is asked for whenever the address changes, and a thread of the kernels begins with a blob: both are given up when the
    // page is left just then. What the policy blocks fails by another name.
    const own = /\/icon-[^/]*$|^blob:/.test(request.url());
    const left = own && request.failure()?.errorText === "net::ERR_ABORTED";
    if (!left) faults.push(`failed: ${request.url()}`);
  });
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
