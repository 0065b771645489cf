// The trainings of test/golden/fingerprints.json in a headless Chromium, by generated code: the same bits as in Node. Pages come
// from a server of our own on this machine, with and without the headers that let a page share memory with its workers. The
// browser is the one that CHROMIUM names, or the first of the usual names on the path.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PATIENCE = 120_000;

const ISOLATING = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** What each page runs, and where: on the page's own thread or in a worker. */
const PAGES = [
  {
    isolated: false,
    runs: [
      { where: "page", kernels: "simd", threads: 1 },
      { where: "page", kernels: "simd", threads: 2, refused: true },
    ],
  },
  {
    isolated: true,
    runs: [
      { where: "page", kernels: "simd", threads: 2 },
      { where: "page", kernels: "simd", threads: 3 },
      { where: "worker", kernels: "simd", threads: 2 },
    ],
  },
];

/** A worker that does one run. */
const WORKER = `importScripts("trainings.js");
onmessage = ({ data }) => {
  trainings.fingerprints(data).then(postMessage, (error) => postMessage({ error: String(error) }));
};`;

/** Does one run after the other and sends home what came out. */
const PAGE = (runs) => `<!doctype html><meta charset="utf-8"><script src="trainings.js"></script><script>
  const inWorker = (run) => new Promise((resolve) => {
    const worker = new Worker("worker.js");
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve({ error: message });
    worker.postMessage(run);
  });
  const onPage = (run) => trainings.fingerprints(run).catch((error) => ({ error: String(error) }));
  (async () => {
    const results = [];
    for (const run of ${JSON.stringify(runs)}) {
      results.push({ ...run, ...(await (run.where === "worker" ? inWorker(run) : onPage(run))) });
    }
    const body = JSON.stringify({ isolated: crossOriginIsolated, results });
    await fetch("results", { method: "POST", body });
  })();
</script>`;

function browser() {
  const names = process.env.CHROMIUM ? [process.env.CHROMIUM] : NAMES;
  for (const name of names) {
    const { status, stdout } = spawnSync(name, ["--version"], { encoding: "utf8" });
    if (status === 0) return { name, version: stdout.trim() };
  }
  throw new Error(
    `no browser found among ${names.join(", ")}; install Chromium, or set CHROMIUM to its path`,
  );
}

/** One script without imports, so that a page and a worker can load it alike. */
async function bundled() {
  // A script has no import.meta; only Node would ask for it.
  const transform = { define: { "import.meta": "{}" } };
  const bundle = await rolldown({ input: "tools/trainings.js", platform: "browser", transform });
  const { output } = await bundle.generate({ format: "iife", name: "trainings", codeSplitting: false });
  await bundle.close();
  return output[0].code;
}

/** Serves a page and its scripts; `results` is fulfilled with what the page sends home. */
async function serve({ isolated, runs }, script) {
  const files = {
    "/": ["text/html", PAGE(runs)],
    "/trainings.js": ["text/javascript", script],
    "/worker.js": ["text/javascript", WORKER],
  };
  const server = createServer();
  const results = new Promise((resolve) => {
    server.on("request", async (request, response) => {
      const { method, url } = request;
      if (method === "POST" && url === "/results") {
        let body = "";
        for await (const chunk of request) body += chunk;
        response.end();
        resolve(JSON.parse(body));
        return;
      }
      const [type, text] = files[url] ?? [];
      if (text === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "content-type": type, ...(isolated ? ISOLATING : {}) }).end(text);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, results };
}

/** Opens a page in a browser of its own and gives what it sends home. */
async function open(page, script, name) {
  const { server, results } = await serve(page, script);
  const profile = mkdtempSync(join(tmpdir(), "talweg-browser-"));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const child = spawn(name, [...FLAGS, ...QUIET, `--user-data-dir=${profile}`, address], { stdio: "ignore" });
  const ended = once(child, "exit");
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the page gave nothing in ${PATIENCE / 1000} s`)), PATIENCE);
  });
  const early = ended.then(() => {
    throw new Error("the browser ended before the page had given anything");
  });
  try {
    return await Promise.race([results, late, early]);
  } finally {
    clearTimeout(timer);
    child.kill();
    await ended;
    server.close();
    server.closeAllConnections();
    // The browser's helpers may still be writing.
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** What is wrong with a run, in words; nothing where it did what it should. */
function faults({ threads, refused, error, fingerprints = {}, together }, golden) {
  if (refused) return /cross-origin isolated/.test(error) ? [] : [`not refused: ${error}`];
  if (error !== undefined) return [error];
  if (threads > 1 !== together > 0) return [`${threads} threads carried out ${together} commands together`];
  const names = new Set([...Object.keys(golden), ...Object.keys(fingerprints)]);
  return [...names].filter((key) => fingerprints[key] !== golden[key]);
}

export default async function prove(report) {
  const { name, version } = browser();
  const script = await bundled();
  const golden = JSON.parse(readFileSync("test/golden/fingerprints.json", "utf8"));
  const compared = [];
  for (const page of PAGES) {
    const { isolated, results } = await open(page, script, name);
    if (isolated !== page.isolated) {
      throw new Error(`wanted a page with crossOriginIsolated ${page.isolated} and got ${isolated}`);
    }
    for (const result of results) {
      const { where, kernels, threads, refused = false, together } = result;
      const differing = faults(result, golden);
      compared.push({ isolated, where, kernels, threads, refused, together, differing });
      report(
        `${isolated ? "isolated" : "plain"} page, ${where}, ${kernels}, threads: ${threads}: ` +
          `${refused ? "refused as it should be" : `together ${together} commands`}, ${differing.length} differ`,
      );
    }
  }
  return {
    claim:
      "Each training ends in a browser with the same parameters as in Node, bit by bit: by generated code on one thread in any " +
      "page, on several in an isolated one, from a page's own thread and from a worker.",
    holds: compared.every(({ differing }) => differing.length === 0),
    browser: version,
    compared,
    fingerprints: golden,
  };
}
