/** Names of what is not whole yet, so that who comes later knows what a killed process has left behind. */
import { randomBytes } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A path beside `path` that nobody else has: `.name.PROCESS.RANDOM.tmp`. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
}

/** What `temporaryPath` makes: the name that it is for, and the process. */
const temporaryName = /^\.(.+)\.([0-9]+)\.[0-9a-f]{8}\.tmp$/s;

/** Whether `temporaryPath` made a name. */
export function isTemporary(name: string): boolean {
  return temporaryName.test(name);
}

/** The process that made a temporary name for a path of this base name; undefined where it is none. */
function makerOf(name: string, base: string): number | undefined {
  const [, of, id] = temporaryName.exec(name) ?? [];
  return of === base ? Number(id) : undefined;
}

/** Removes a file, or a folder with what is in it, if it can be removed. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {
    // The error that led here says more than one about a left-over file.
  }
}

/** Removes what killed processes left behind under temporary names of the same path, a minute old at least. */
export function removeStale(path: string): void {
  const folder = dirname(path);
  for (const name of namesIn(folder)) {
    const maker = makerOf(name, basename(path));
    if (maker === undefined || isRunning(maker)) continue;
    const left = join(folder, name);
    const written = statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    // Another machine may share the folder, and its processes look gone from here.
    if (Date.now() - written > 60_000) removeQuietly(left);
  }
}

/** No names where the folder may be written but not read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
