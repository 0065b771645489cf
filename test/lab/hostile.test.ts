/** What is broken, lies or is refused: the page says so in words, and works on. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openLab, sharedLab } from "./browser.ts";
import { arriveAt, arriveAtEnd, hashOf } from "./reading.ts";

/** Keeps the workers that train and all that is called at intervals, for a test to end and to call. */
function keepWorkers(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const made: Worker[] = [];
    const looks: (() => void)[] = [];
    const Real = Worker;
    const realInterval = setInterval;
    Object.assign(globalThis, {
      made,
      looks,
      Worker: class extends Real {
        constructor(...rest: ConstructorParameters<typeof Worker>) {
          super(...rest);
          if (/\/worker-/.test(String(rest[0]))) made.push(this);
        }
      },
      setInterval: (call: () => void, pause: number) => {
        looks.push(call);
        return realInterval(call, pause);
      },
    });
  });
}

const lab = sharedLab({ prepare: keepWorkers });

/** A link as a stranger would write it: "a" and the fields that differ from a plain setting. */
const forged = (setting: unknown): string =>
  `#a${Buffer.from(JSON.stringify(setting)).toString("base64url")}`;

const layers = (...units: number[]) => units.map((count) => ({ units: count, activation: "relu" }));

/** Something is trained, so the page is alive. */
async function expectAlive(page: Page): Promise<void> {
  const before = await page.locator("input.dock-line").inputValue();
  await page.getByRole("button", { name: "One step on" }).click();
  await page.waitForFunction(
    (last) => document.querySelector<HTMLInputElement>("input.dock-line")?.value !== last,
    before,
  );
}

const links: readonly (readonly [name: string, link: string, words: RegExp])[] = [
  ["of no known form", "#zzz", /begins with "z"/],
  ["with letters that do not belong there", "#b!!!!", /has "!" at place 1/],
  ["that is cut short", "#bq1YqS0wpTlWyUkpJLElUslIqLkksSVWyMjTQUSooSi1LzStRstJRKk", /link: /],
  ["that unfolds to a bomb", "", /link: it unfolds to more than/],
  ["with a layer of a billion", forged({ hidden: layers(1e9) }), /from 1 to 32/],
  ["with a thousand layers", forged({ hidden: layers(...new Array(1000).fill(2)) }), /layers/],
  ["with weights that are too few", forged({ start: "AAAA" }), /start|parameters/],
  ["with a step of nothing", forged({ step: "many" }), /step/],
  ["with points that are none", forged({ data: { kind: "drawn", points: [[null]] } }), /points/],
];

test("a broken or forged link is told of in words, whatever is wrong with it, and the page works on", async () => {
  const page = await lab.at();
  for (const [name, link, words] of links) {
    await page.evaluate(async (given) => {
      if (given !== "") {
        location.hash = given;
        return;
      }
      const zeros = new Blob([new Uint8Array(8e6)]).stream();
      const packed = await new Response(
        zeros.pipeThrough(new CompressionStream("deflate-raw") as unknown as TransformStream),
      ).arrayBuffer();
      const text = btoa(String.fromCharCode(...new Uint8Array(packed)));
      location.hash = `b${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
    }, link);
    const notice = page.locator(".notice", { hasText: words });
    await notice.waitFor({ timeout: 3000 }).catch(async () => {
      throw new Error(`a link ${name}: the page says "${await page.locator(".notice").allTextContents()}"`);
    });
    await notice.getByRole("button", { name: "Close" }).click();
  }
  await expectAlive(page);
});

/** Hands a file to the page that was made there: [piece, how often it is repeated]. */
async function drop(page: Page, name: string, piece: string | number[], times = 1): Promise<void> {
  await page.evaluate(
    ([called, what, count]) => {
      const one = typeof what === "string" ? what : new Uint8Array(what);
      const file = new File(new Array<BlobPart>(count).fill(one), called);
      const event = new DragEvent("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: { files: [file] } });
      document.querySelector(".drop")?.dispatchEvent(event);
    },
    [name, piece, times] as const,
  );
}

test("a CSV file of junk, of nothing, or of more than 100 MB is refused in words", async () => {
  const page = await lab.at();
  await page.getByRole("radio", { name: "a table", exact: true }).check({ force: true });
  await page.locator(".drop").waitFor();
  const junk = Array.from({ length: 20_000 }, (_, i) => (i * 2654435761) % 251);
  const wide = `${Array.from({ length: 20_000 }, (_, i) => `c${i}`).join()}\n`;
  const files: [string, string | number[], number, RegExp][] = [
    ["huge.csv", "1,2,3,4,5\n".repeat(1e5), 101, /huge.csv has 101 MB, and the page takes at most 100/],
    ["empty.csv", "", 1, /empty.csv/],
    ["header.csv", "a,b,c\n", 1, /header.csv/],
    ["words.csv", "a,b\nred,tall\nblue,low\n", 1, /no column has numbers/],
    ["junk.csv", junk, 1, /junk.csv/],
    ["quote.csv", 'a,b\n1,"2\n3,4\n', 1, /quote.csv/],
    ["wide.csv", wide, 1, /wide.csv/],
    ["nul.csv", [0, 0, 0, 0, 10, 0, 0], 1, /nul.csv/],
  ];
  for (const [name, piece, times, words] of files) {
    await drop(page, name, piece, times);
    await page
      .getByRole("alert")
      .filter({ hasText: words })
      .waitFor({ timeout: 5000 })
      .catch(async () => {
        throw new Error(`${name}: the page says "${await page.locator(".table-data").allTextContents()}"`);
      });
  }
  await drop(page, "good.csv", `a,b\n${"1,2\n3,4\n5,6\n7,9\n".repeat(10)}`);
  await page.getByText("40 rows are in use.").waitFor();
  await expectAlive(page);
});

test("a large CSV file is read piece by piece, while the page goes on drawing", async () => {
  const page = await lab.at();
  await page.getByRole("radio", { name: "a table", exact: true }).check({ force: true });
  await page.locator(".drop").waitFor();
  await page.evaluate(() => {
    const state = { last: performance.now(), worst: 0 };
    Object.assign(globalThis, { state });
    const look = (now: number): void => {
      state.worst = Math.max(state.worst, now - state.last);
      state.last = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const piece = Array.from(
    { length: 20_000 },
    (_, i) => `${i / 10},${i % 13},${i % 2 ? "yes" : "no"}\n`,
  ).join("");
  await drop(page, "large.csv", piece, 20);
  await page.getByText(/2000 of 400000 rows|rows are in use/).waitFor({ timeout: 15_000 });
  const worst = await page.evaluate(
    () => (globalThis as unknown as { state: { worst: number } }).state.worst,
  );
  expect(worst).toBeLessThan(2000);
  await expectAlive(page);
});

/** A server that has lost a file. */
const without =
  (file: string) =>
  (page: Page): Promise<void> =>
    page.route(file, (route) => route.fulfill({ status: 404, body: "gone" }));

test("a worker that cannot be loaded is told of, and the network can still be changed", async () => {
  const { page, faults, close } = await openLab("", { prepare: without("**/assets/worker-*.js") });
  await page.locator(".heading-message", { hasText: "The worker that trains has stopped" }).waitFor();
  const hash = await hashOf(page);
  await page.locator("[data-neuron='1-0']").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  expect(await hashOf(page)).not.toBe(hash);
  // Back again: the next run starts a new one.
  await page.unroute("**/assets/worker-*.js");
  await expectAlive(page);
  expect(faults.filter((fault) => !/404|worker-/.test(fault))).toEqual([]);
  await close();
});

test("a worker that dies is told of, the page works on, and run starts a new one", async () => {
  const page = await lab.at();
  lab.expectFaults(/power cut/);
  const line = page.locator("input.dock-line");
  const message = page.locator(".heading-message");
  const worker = page.workers().findLast((one) => /\/worker-/.test(one.url()))!;
  // Thrown outside of any question, as when memory is short.
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error("power cut");
    });
  });
  await message.filter({ hasText: "has stopped" }).waitFor();
  expect(await message.textContent()).toMatch(/The worker that trains has stopped: .*power cut/);
  expect(await line.inputValue()).toBe("60");
  await page.locator("main").focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLInputElement>("input.dock-line")?.value) > 60,
  );
  expect(await message.count()).toBe(0);
});

test("a worker that dies in the middle of a run is missed, told of, and replaced", async () => {
  const page = await lab.at();
  await page.getByRole("button", { name: "Run", exact: true }).evaluate((run: HTMLElement) => {
    const { made, looks } = globalThis as unknown as { made: Worker[]; looks: (() => void)[] };
    run.click();
    // In the same breath, so that what it was asked for cannot have come.
    for (const worker of made) worker.terminate();
    // Ten seconds of silence at once.
    for (let second = 0; second < 12; second += 1) for (const look of looks) look();
  });
  await page.locator(".heading-message", { hasText: "it has been silent for ten seconds" }).waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await arriveAtEnd(page);
});

test("without a worker that thinks, figures that need it say so, and the page works on", async () => {
  const { page, faults, close } = await openLab("", { prepare: without("**/assets/thinkWorker-*.js") });
  await arriveAt(page, 60);
  await page.locator(".landscape").scrollIntoViewIfNeeded();
  await page.getByText("The worker that thinks has stopped").first().waitFor();
  await expectAlive(page);
  expect(faults.filter((fault) => !/404|thinkWorker-/.test(fault))).toEqual([]);
  await close();
});

/** Neither storage nor WebAssembly, as in a browser that is shut tight. */
async function refuse(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, "WebAssembly");
    for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
      Object.defineProperty(globalThis, name, {
        get: () => {
          throw new DOMException("refused", "SecurityError");
        },
      });
    }
  });
  // Workers ask the policy of their own script.
  await page.route(/\.(js|html)$|\/$/, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = (headers["content-security-policy"] ?? "").replace("'wasm-unsafe-eval'", "");
    await route.fulfill({ response, headers: { ...headers, "content-security-policy": policy } });
  });
}

test("where storage or WebAssembly is refused the same numbers come out", async () => {
  const hash = await hashOf(await lab.at());
  const { page, faults, close } = await openLab("", { prepare: refuse });
  await arriveAt(page, 60);
  expect(await hashOf(page)).toBe(hash);
  await expectAlive(page);
  expect(faults.filter((fault) => !/WebAssembly|wasm/i.test(fault))).toEqual([]);
  await close();
});
