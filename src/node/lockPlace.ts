/**
 * The place of a lock: its text is put there whole or not at all, and never over another's.
 *
 * A hard link does so. File systems that have none rename a folder with the text in it, which fails where anything but an
 * empty folder stands: rename, POSIX.1-2017.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { FileError } from "../core/index.ts";
import { reasonOf } from "./reasons.ts";
import { removeQuietly, temporaryPath } from "./temporaryFiles.ts";

/** What stands at the place of a lock. */
export interface Placed {
  text: string;
  /** Which file it is, for locks whose texts are equal. */
  file: string;
  /** Milliseconds since it was written; below 0 where another machine's clock is ahead. */
  age: number;
}

/** Makes a hard link; tests give one that fails. */
export type Link = (from: string, to: string) => void;

/** What file systems without hard links answer. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/** In the folder that stands for a lock where there are no links. */
const INSIDE = "holder";

/** Puts a text where nothing stands; false where something does. @throws {FileError} When nothing can be written there. */
export function place(path: string, text: string, link: Link = linkSync): boolean {
  const temporary = temporaryPath(path);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Who took the lock meanwhile may have swept the temporary file away.
    if (code === "EEXIST" || (code === "ENOENT" && existsSync(dirname(path)))) return false;
    if (code !== undefined && NO_LINKS.includes(code)) return placeFolder(path, text);
    throw unwritable(path, error);
  } finally {
    removeQuietly(temporary);
  }
}

function placeFolder(path: string, text: string): boolean {
  const temporary = temporaryPath(path);
  try {
    mkdirSync(temporary);
    writeFileSync(join(temporary, INSIDE), text, { flag: "wx" });
    renameSync(temporary, path);
    return true;
  } catch (error) {
    // The codes differ from system to system, so the place itself is looked at; it may be free again already.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTEMPTY" || code === "EEXIST" || existsSync(path)) return false;
    throw unwritable(path, error);
  } finally {
    removeQuietly(temporary);
  }
}

function unwritable(path: string, error: unknown): FileError {
  const folder = dirname(path);
  return new FileError(
    folder,
    `${folder}: the run could not be locked, since nothing can be written there, ${reasonOf(error, folder)}`,
  );
}

/** What stands there; undefined where nothing does, or nothing that can be read. */
export function placedAt(path: string): Placed | undefined {
  return readPlaced(path) ?? readPlaced(join(path, INSIDE));
}

function readPlaced(path: string): Placed | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { dev, ino, mtimeMs } = fstatSync(file);
    return { text: readFileSync(file, "utf8"), file: `${dev}:${ino}:${mtimeMs}`, age: Date.now() - mtimeMs };
  } catch {
    // A folder can be opened, but not read.
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Takes away what stands there. Only who has it, or alone may judge it, may ask for that. */
export function clear(path: string): void {
  // A folder that loses its text first would be an empty one for a moment, which a rename replaces.
  const aside = temporaryPath(path);
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  removeQuietly(aside);
}
