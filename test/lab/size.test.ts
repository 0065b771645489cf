/** How much the page loads before it shows itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openLab } from "./browser.ts";

const folder = process.env.LAB_FOLDER ?? resolve("dist/lab");
const FIRST_PAINT = 150 * 1024;
const ALL = 300 * 1024;

const compressed = (path: string): number => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length;

/** What the page loads while the reader does nothing, [file, compressed bytes]. */
async function loaded(): Promise<(readonly [string, number])[]> {
  const { page, faults, close } = await openLab();
  await page.waitForLoadState("networkidle");
  const paths = await page.evaluate(() => [
    location.pathname,
    ...performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
  ]);
  expect(faults).toEqual([]);
  await close();
  const files = [...new Set(paths)].map((path) => (path === "/" ? "index.html" : path.slice(1)));
  return files
    .filter((file) => existsSync(join(folder, file)))
    .map((file) => [file, compressed(file)] as const);
}

/** The page and what it names: scripts, the modules that these need, sheets and the icon. Everything else comes after the first paint. */
function first(): (readonly [string, number])[] {
  const named = [...readFileSync(join(folder, "index.html"), "utf8").matchAll(/(?:src|href)="\.\/([^"]+)"/g)];
  return ["index.html", ...named.map(([, file = ""]) => file)].map(
    (file) => [file, compressed(file)] as const,
  );
}

const sum = (files: readonly (readonly [string, number])[]): number =>
  files.reduce((bytes, [, size]) => bytes + size, 0);

const listed = (files: readonly (readonly [string, number])[]): string =>
  `${sum(files)} bytes: ${JSON.stringify(Object.fromEntries(files), null, 1)}`;

test("the first paint takes less than 150 KB compressed", () => {
  const files = first();
  expect(files.length).toBeGreaterThan(3);
  expect(sum(files), listed(files)).toBeLessThan(FIRST_PAINT);
});

test("all that the page loads by itself, workers and fast code too, takes less than 300 KB compressed", async () => {
  const files = await loaded();
  expect(files.length).toBeGreaterThan(first().length);
  expect(sum(files), listed(files)).toBeLessThan(ALL);
});

test("nothing that the page loads stands in a sheet or a script as a data: address, which its policy forbids for fonts", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.(css|html)$/.test(file),
  );
  expect(files.length).toBeGreaterThan(1);
  for (const file of files)
    expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/url\(["']?data:font/);
});
