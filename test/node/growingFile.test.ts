/** A file that grows stands in its place when it is whole, and what a killed process left beside it goes away. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { growingFile } from "talweg/node";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "talweg-growing-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("until it is finished the file of before stands, and after it the new one alone", () => {
  const path = join(folder, "a.csv");
  writeFileSync(path, "old");
  const file = growingFile(path);
  file.write("new, ");
  file.write("ü€😀");
  expect(readFileSync(path, "utf8")).toBe("old");
  file.finish();
  file.abandon();
  expect(readFileSync(path, "utf8")).toBe("new, ü€😀");
  expect(readdirSync(folder)).toEqual(["a.csv"]);
});

test("what is abandoned leaves nothing", () => {
  const file = growingFile(join(folder, "a.csv"));
  file.write("half");
  file.abandon();
  expect(readdirSync(folder)).toEqual([]);
});

test("what a killed process has left is taken away, what a living one writes is not", () => {
  // No system here gives process ids of 9 digits.
  const [killed, living] = [".a.csv.999999999.0123abcd.tmp", `.a.csv.${process.pid}.0123abcd.tmp`];
  for (const name of [killed, living]) {
    writeFileSync(join(folder, name), "half");
    utimesSync(join(folder, name), 0, 0);
  }
  const file = growingFile(join(folder, "a.csv"));
  file.write("whole");
  file.finish();
  expect(readdirSync(folder).sort()).toEqual([living, "a.csv"].sort());
});
