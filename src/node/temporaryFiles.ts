/** Names of what is not whole yet, so that who comes later knows what a killed process has left behind. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A path beside `path` that nobody else has: `.name.PROCESS.RANDOM.tmp`. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
}

/** Whether `temporaryPath` made a name. */
export function isTemporary(name: string): boolean {
  return /^\..+\.[0-9]+\.[0-9a-f]{8}\.tmp$/.test(name);
}

/** The process that made a temporary name for a path of this base name; undefined where it is none. */
export function makerOf(name: string, base: string): number | undefined {
  if (!name.startsWith(`.${base}.`)) return undefined;
  const id = /^([0-9]+)\.[0-9a-f]{8}\.tmp$/.exec(name.slice(base.length + 2))?.[1];
  return id === undefined ? undefined : Number(id);
}

/** Removes a file, or a folder with what is in it, if it can be removed. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {
    // The error that led here says more than one about a left-over file.
  }
}
