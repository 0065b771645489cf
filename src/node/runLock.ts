/**
 * One process at a time in a run folder: a file names the process that has it, and who comes when that process is gone
 * takes it over.
 *
 * A process is told by its number and by when it started, since numbers are given again. Who takes a lock away must have its
 * claim, a lock beside it, and look again: without it two who saw the same dead lock could remove it one after the other, the
 * second one the living lock of the first.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { FileError } from "../core/index.ts";
import { clear, type Link, type Placed, place, placedAt } from "./lockPlace.ts";

interface Holder {
  pid: number;
  /** When the process started, as its system counts it; null where the system does not say. */
  started: string | null;
  host: string;
}

/** How often a lock that others take and leave at the same moment is tried, and the pause between, in milliseconds: 2 s. */
const ATTEMPTS = 400;
const PAUSE = 5;

/** A lock without a holder that is younger, in milliseconds, may be half written by an older version. */
const WRITING = 1000;

/** A claim is left behind by a kill within a millisecond, so that claims of claims end soon. */
const DEEPEST = 4;

/**
 * Takes the lock of a run folder.
 *
 * @param link How hard links are made; for tests.
 * @returns Gives it back.
 * @throws {FileError} When a living process has it, or the folder cannot be written.
 */
export function takeLock(folder: string, link?: Link): () => void {
  const path = lockPath(folder);
  return take(path, link, (holder) => {
    throw inUse(folder, holder);
  });
}

/** @param refused Is told who has the lock; where it returns, the lock is waited for. */
function take(path: string, link: Link | undefined, refused: (by: Holder) => void, depth = 0): () => void {
  // The mark makes each lock another one, so that its text alone tells whose it is.
  const mark = randomBytes(8).toString("hex");
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), host: hostname(), mark });
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (place(path, mine, link)) {
      tidy(path, link, depth);
      return () => release(path, mine);
    }
    const found = placedAt(path);
    const holder = found === undefined ? undefined : holderIn(found.text);
    if (holder !== undefined && isAlive(holder)) refused(holder);
    else if (found !== undefined && (holder !== undefined || Math.abs(found.age) > WRITING)) {
      takeAway(path, found, link, depth);
      continue;
    }
    pause();
  }
  throw busy(path);
}

function busy(path: string): FileError {
  const folder = dirname(path);
  return new FileError(
    folder,
    `${folder}: several processes want this run at once, expected one, since two would undo each other's files; ` +
      `try again, or remove ${path} where no other process works there.`,
  );
}

/** Removes a lock that was found dead, unless another has taken its place meanwhile. */
function takeAway(path: string, dead: Placed, link: Link | undefined, depth: number): void {
  if (depth >= DEEPEST) throw busy(path);
  const unclaim = take(claimPath(path), link, () => {}, depth + 1);
  try {
    const now = placedAt(path);
    if (now?.text === dead.text && now.file === dead.file) clear(path);
  } finally {
    unclaim();
  }
}

/** Takes away the claim of a process that was killed with it, once the lock that it was for has gone: nobody asks for it again. */
function tidy(path: string, link: Link | undefined, depth: number): void {
  const claim = claimPath(path);
  if (depth >= DEEPEST || placedAt(claim) === undefined) return;
  try {
    take(claim, link, () => {}, depth + 1)();
  } catch {
    // Whoever is busy with the claim gives it back; the lock is taken all the same.
  }
}

/** Halts this thread: locks are taken in the middle of work that does not wait for anything else. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}

/** Whether a living process has the run. */
export function isLocked(folder: string): boolean {
  const text = placedAt(lockPath(folder))?.text;
  const holder = text === undefined ? undefined : holderIn(text);
  return holder !== undefined && isAlive(holder);
}

const LOCK = "run.lock";

/** Whether a name in a run folder is that of its lock, or of a claim to it that a kill has left. */
export function isLockName(name: string): boolean {
  return name === LOCK || /^\.+run\.lock(\.claim)+$/.test(name);
}

function claimPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.claim`);
}

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

function release(path: string, mine: string): void {
  if (placedAt(path)?.text === mine) clear(path);
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
