/** Threads in a process of their own, bundled and minified, as they would be in somebody's program. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "talweg-threads-"));
const bundled = join(folder, "material.mjs");

beforeAll(async () => {
  const input = fileURLToPath(new URL("threadsMaterial.ts", import.meta.url));
  const bundle = await rolldown({ input, platform: "node" });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  writeFileSync(bundled, output[0].code);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints; it fails when the process does not end by itself. */
function printed(program: string, environment: Record<string, string> = {}): string {
  const text = `import { ARGUMENTS, ENDLESS, open } from ${JSON.stringify(pathToFileURL(bundled).href)};\n${program}`;
  const { stdout, stderr, error, status } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", text],
    { encoding: "utf8", timeout: 50_000, env: { ...process.env, ...environment } },
  );
  expect({ error, stderr, status }).toEqual({ error: undefined, stderr: "", status: 0 });
  return stdout;
}

test("a process ends by itself while its threads spin, sleep or start", () => {
  const program = `
    const sleeping = open(2).threads;
    await sleeping.started();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const spinning = open(3).threads;
    await spinning.started();
    spinning.run(ARGUMENTS, 1);
    open(2);
    console.log(sleeping.active, spinning.active);`;
  expect(printed(program)).toBe("2 3\n");
});

test("workers load nothing that the process was told to load, and print nothing", () => {
  const preload = join(folder, "preload.mjs");
  writeFileSync(preload, 'console.log("loaded");');
  const program = `
    const { threads } = open(3);
    await threads.started();
    threads.run(ARGUMENTS, 1);
    console.log(threads.active);`;
  const flags = `--import=${pathToFileURL(preload).href} --throw-deprecation --trace-warnings`;
  expect(printed(program, { NODE_OPTIONS: flags })).toBe("loaded\n3\n");
});

test("two hundred times opened and closed, idle, starting or stuck, no worker is left", () => {
  const program = `
    for (let i = 0; i < 200; i++) {
      const { threads } = open(2, i === 100 ? { patience: 100 } : {});
      if (i % 8 === 4) {
        while (threads.active === 1) threads.run(ARGUMENTS, 1);
      }
      if (i === 100) {
        try { threads.run(ENDLESS, 1); } catch (error) { console.log(error.code); }
      }
      threads.close();
      // A pause at times, so that not all two hundred end at once.
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const workers = () => process.report.getReport().workers.length;
    for (const end = Date.now() + 10_000; workers() > 0 && Date.now() < end; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    console.log(workers());`;
  expect(printed(program)).toBe("thread\n0\n");
});
