/** The lock of a run folder, wanted by several processes at the same moment, some of which die with it. */
import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { isLocked, takeLock } from "talweg/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";

const top = mkdtempSync(join(tmpdir(), "talweg-lock-"));
const bundled = join(top, "runLock.mjs");
let folder: string;
let count = 0;

beforeAll(async () => {
  const input = fileURLToPath(new URL("../../src/node/runLock.ts", import.meta.url));
  const bundle = await rolldown({ input, platform: "node" });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  writeFileSync(bundled, output[0].code);
});
beforeEach(() => {
  folder = join(top, `run-${++count}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const noLinks = (): never => {
  throw Object.assign(new Error("no hard links here"), { code: "EPERM" });
};
const dead = JSON.stringify({ pid: 999_999_999, started: null, host: hostname() });
const lock = (): string => join(folder, "run.lock");

/** Takes the lock again and again until it had it so often; every second time it dies with it, as far as others can see. */
const RACER = `
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { takeLock } from ${JSON.stringify(pathToFileURL(bundled).href)};
const [folder, rounds, links] = process.argv.slice(1);
const noLinks = () => { throw Object.assign(new Error("none"), { code: "EPERM" }); };
const link = links === "links" ? undefined : noLinks;
let taken = 0;
while (taken < Number(rounds)) {
  let unlock;
  try { unlock = takeLock(folder, link); } catch (error) {
    if (/is training|at once/.test(error.message)) continue;
    throw error;
  }
  taken++;
  // Two inside at once: the second one cannot make the file.
  writeFileSync(folder + "/inside", "", { flag: "wx" });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random());
  rmSync(folder + "/inside");
  if (taken % 2 === 0) { unlock(); continue; }
  const place = folder + "/run.lock";
  const text = statSync(place).isDirectory() ? place + "/holder" : place;
  const other = folder + "/dead." + process.pid;
  writeFileSync(other, ${JSON.stringify(dead)});
  renameSync(other, text);
}
console.log(taken);
`;

interface Ended {
  status: number | null;
  printed: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  let printed = "";
  child.stdout?.on("data", (text) => (printed += text));
  child.stderr?.on("data", (text) => (printed += text));
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, printed })));
}

function racer(rounds: number, links: string): Promise<Ended> {
  return ended(
    spawn(process.execPath, ["--input-type=module", "--eval", RACER, folder, String(rounds), links]),
  );
}

test.each(["links", "no links"])(
  "of two processes that race for a lock 200 times, dying with it every second time, never both have it (%s)",
  async (links) => {
    const ends = await Promise.all([racer(200, links), racer(200, links)]);
    expect(ends).toEqual([
      { status: 0, printed: "200\n" },
      { status: 0, printed: "200\n" },
    ]);
    // The last one may have died with it; nothing else is left.
    expect(readdirSync(folder).filter((name) => name !== "run.lock")).toEqual([]);
  },
);

describe("where the file system has no hard links", () => {
  test("a lock has its whole text from the first moment, refuses others, and is free when it is given back", () => {
    const unlock = takeLock(folder, noLinks);
    expect(JSON.parse(readFileSync(join(lock(), "holder"), "utf8"))).toMatchObject({ pid: process.pid });
    expect(isLocked(folder)).toBe(true);
    for (const link of [undefined, noLinks]) {
      expect(thrownBy(() => takeLock(folder, link))).toHaveProperty(
        "message",
        expect.stringContaining(`process ${process.pid} is training this run, expected nobody`),
      );
    }
    unlock();
    expect(readdirSync(folder)).toEqual([]);
  });

  test("the lock of a dead process is taken over, and one with links respected", () => {
    writeFileSync(lock(), dead);
    takeLock(folder, noLinks)();
    const unlock = takeLock(folder);
    expect(thrownBy(() => takeLock(folder, noLinks))).toHaveProperty("name", "FileError");
    unlock();
  });
});

test("a lock that was taken over is not given back by the one who had it", () => {
  const unlock = takeLock(folder);
  rmSync(lock());
  const second = takeLock(folder);
  unlock();
  expect(existsSync(lock())).toBe(true);
  second();
  expect(existsSync(lock())).toBe(false);
});

test("an empty lock that is young is waited for until its text is there, one that is old is taken over", async () => {
  writeFileSync(lock(), "");
  // Somewhat ahead, so that a slow start of the writer does not matter.
  utimesSync(lock(), new Date(), new Date(Date.now() + 900));
  const writer = ended(
    spawn(process.execPath, [
      "--eval",
      `setTimeout(() => require("node:fs").writeFileSync(${JSON.stringify(lock())}, JSON.stringify({ pid: ${process.pid}, started: null, host: ${JSON.stringify(hostname())} })), 100)`,
    ]),
  );
  expect(thrownBy(() => takeLock(folder))).toHaveProperty(
    "message",
    expect.stringContaining(`process ${process.pid} is training this run`),
  );
  await writer;
  writeFileSync(lock(), "");
  utimesSync(lock(), 1, 1);
  takeLock(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test("a claim that a kill has left is taken over too", () => {
  writeFileSync(lock(), dead);
  writeFileSync(join(folder, ".run.lock.claim"), dead);
  takeLock(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test.each(["links", "no links"])(
  "a claim whose lock has gone before its process was killed is swept by the next one, %s",
  (links) => {
    writeFileSync(join(folder, ".run.lock.claim"), dead);
    writeFileSync(join(folder, "..run.lock.claim.claim"), dead);
    const unlock = takeLock(folder, links === "links" ? undefined : noLinks);
    expect(readdirSync(folder)).toEqual(["run.lock"]);
    unlock();
    expect(readdirSync(folder)).toEqual([]);
  },
);

test("a claim that a living process holds is waited for, and the message says what to remove", () => {
  writeFileSync(lock(), dead);
  const elsewhere = JSON.stringify({ pid: 1, started: null, host: "elsewhere" });
  writeFileSync(join(folder, ".run.lock.claim"), elsewhere);
  expect(thrownBy(() => takeLock(folder))).toHaveProperty(
    "message",
    `${folder}: several processes want this run at once, expected one, since two would undo each other's files; ` +
      `try again, or remove ${join(folder, ".run.lock.claim")} where no other process works there.`,
  );
});
