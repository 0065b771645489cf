/**
 * Files that are old or new and never half: written beside their place, forced to the disk, then moved over it.
 *
 * A rename within one folder is atomic; forcing the folder afterwards makes it survive a loss of power too.
 */
import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { FileError } from "../core/index.ts";
import { reasonOf } from "./reasons.ts";
import { removeQuietly, removeStale, temporaryPath } from "./temporaryFiles.ts";

/**
 * Writes a file, or leaves the previous one as it was.
 *
 * Temporary files that a killed run has left for the same path are removed.
 *
 * @throws {FileError} When the folder is missing or not writable, a folder stands in the file's place, or the disk is full.
 */
export function writeFileAtomic(path: string, content: Uint8Array | string): void {
  const folder = dirname(path);
  const temporary = temporaryPath(path);
  try {
    writeForced(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw new FileError(
      path,
      `${path}: the file could not be written, ${writeReason(error, path, folder)} A file that was there before is unchanged.`,
    );
  }
  forceFolder(folder, path);
  removeStale(path);
}

/** A rename onto a folder fails with a code of its own on each system, so the place itself is looked at. */
function writeReason(error: unknown, path: string, folder: string): string {
  try {
    if (statSync(path).isDirectory()) {
      return "since a folder stands there, expected a place for a file; give a name inside of it or another one.";
    }
  } catch {
    // Nothing is there, which is no reason.
  }
  return reasonOf(error, folder);
}

function writeForced(path: string, content: Uint8Array | string): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  // "wx" refuses a name that exists, so that a planted link is never followed.
  const file = openSync(path, "wx", 0o666);
  try {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written, bytes.length - written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function forceFolder(folder: string, path: string): void {
  let opened: number;
  try {
    opened = openSync(folder, "r");
  } catch {
    return; // Windows, and folders that may be written but not read, cannot be forced.
  }
  try {
    fsyncSync(opened);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Some file systems know no forcing of folders.
    if (code === "EINVAL" || code === "ENOTSUP" || code === "EPERM") return;
    throw new FileError(
      path,
      `${path}: the file is written, but its folder could not be forced to the disk, ${reasonOf(error, folder)}`,
    );
  } finally {
    closeSync(opened);
  }
}
