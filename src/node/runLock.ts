/**
 * One process at a time in a run folder: a file names the process that has it, and who comes when that process is gone
 * takes it over.
 *
 * A process is told by its number and by when it started, since numbers are given again.
 */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { FileError } from "../core/index.ts";
import { reasonOf } from "./reasons.ts";
import { removeQuietly } from "./writeFileAtomic.ts";

interface Holder {
  pid: number;
  /** When the process started, as its system counts it; null where the system does not say. */
  started: string | null;
  host: string;
}

/** How often a lock that others take and leave at the same moment is tried. */
const ATTEMPTS = 8;

/**
 * Takes the lock of a run folder.
 *
 * @returns Gives it back.
 * @throws {FileError} When a living process has it, or the folder cannot be written.
 */
export function takeLock(folder: string): () => void {
  const path = lockPath(folder);
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), host: hostname() });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (placed(path, mine)) return () => release(path, mine);
    const text = textOf(path);
    if (text === undefined) continue;
    const holder = holderIn(text);
    if (holder !== undefined && isAlive(holder)) throw inUse(folder, holder);
    takeAway(path, text);
  }
  throw new FileError(
    folder,
    `${folder}: several processes want this run at once, expected one, since two would undo each other's files; try again.`,
  );
}

/** Whether a living process has the run. */
export function isLocked(folder: string): boolean {
  const text = textOf(lockPath(folder));
  const holder = text === undefined ? undefined : holderIn(text);
  return holder !== undefined && isAlive(holder);
}

/** The name of the lock in its folder. */
export const LOCK = "run.lock";

function lockPath(folder: string): string {
  return join(folder, LOCK);
}

function inUse(folder: string, { pid, host }: Holder): FileError {
  const here = host === hostname();
  const who = here ? `process ${pid}` : `process ${pid} on ${host}`;
  const mend = here
    ? `wait for it, or stop it with kill ${pid}.`
    : `wait for it, or remove ${lockPath(folder)} where that process is gone, which cannot be seen from here.`;
  return new FileError(
    folder,
    `${folder}: ${who} is training this run, expected nobody, since two would undo each other's files; ${mend}`,
  );
}

/** Writes the lock if there is none. The text is there from the first moment, so that nobody reads half of it. */
function placed(path: string, text: string): boolean {
  const folder = dirname(path);
  const temporary = join(folder, `.${LOCK}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    linkSync(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Who took the lock meanwhile may have swept the temporary file away.
    if (code === "EEXIST" || (code === "ENOENT" && textOf(path) !== undefined)) return false;
    if (code !== undefined && NO_LINKS.includes(code)) return placedWithoutLink(path, text);
    throw unwritable(path, error);
  } finally {
    removeQuietly(temporary);
  }
}

/** What file systems without hard links answer. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

function placedWithoutLink(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): FileError {
  const folder = dirname(path);
  return new FileError(
    folder,
    `${folder}: the run could not be locked, since nothing can be written there, ${reasonOf(error, folder)}`,
  );
}

/** Removes a lock that was found stale, unless another has taken its place meanwhile. */
function takeAway(path: string, stale: string): void {
  const aside = join(dirname(path), `.${LOCK}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    renameSync(path, aside);
    if (textOf(aside) !== stale) linkSync(aside, path);
  } catch {
    // Another was faster, and the next attempt sees its lock.
  }
  removeQuietly(aside);
}

function release(path: string, mine: string): void {
  if (textOf(path) === mine) removeQuietly(path);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Undefined where the text names no process, as after a loss of power. */
function holderIn(text: string): Holder | undefined {
  try {
    const { pid, started, host } = JSON.parse(text) as Partial<Holder>;
    if (!Number.isSafeInteger(pid) || (pid as number) < 1 || typeof host !== "string") return undefined;
    return { pid: pid as number, started: typeof started === "string" ? started : null, host };
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started, host }: Holder): boolean {
  // The processes of another machine cannot be seen, so it is believed.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = startOf(pid);
  return now === null ? !isZombie(pid) : started === null || now === started;
}

/** From /proc, in ticks since the machine's start; null elsewhere, and for a process that has ended and is not yet collected. */
function startOf(pid: number): string | null {
  const fields = statusOf(pid);
  if (fields === undefined || isEnded(fields)) return null;
  const ticks = fields[19];
  if (ticks === undefined) return null;
  return `${textOf("/proc/sys/kernel/random/boot_id")?.trim() ?? ""}:${ticks}`;
}

function isZombie(pid: number): boolean {
  const fields = statusOf(pid);
  return fields !== undefined && isEnded(fields);
}

const isEnded = ([state]: readonly string[]): boolean => state === "Z" || state === "X";

/** What stands behind the name of the process, which may have blanks and parentheses of its own: state, parent, … */
function statusOf(pid: number): string[] | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}
