/** A file that is written piece by piece and stands in its place only when it is whole. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { FileError } from "../core/index.ts";
import { reasonOf } from "./reasons.ts";
import { removeQuietly, removeStale, temporaryPath } from "./temporaryFiles.ts";

/** End it by `finish` or `abandon`. */
export interface GrowingFile {
  /** @throws {FileError} When it cannot be written; what was there before is unchanged. */
  write(text: string): void;
  /** Puts it in its place. @throws {FileError} When that cannot be. */
  finish(): void;
  /** Takes away what was written; nothing after `finish`. */
  abandon(): void;
}

/** @throws {FileError} When nothing can be written beside the path. */
export function growingFile(path: string): GrowingFile {
  const temporary = temporaryPath(path);
  let file: number | undefined;
  const kept = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      abandon();
      throw new FileError(
        path,
        `${path}: the file could not be written, ${reasonOf(error, dirname(path))} A file that was there before is unchanged.`,
      );
    }
  };
  const close = (): void => {
    const opened = file;
    file = undefined;
    if (opened !== undefined) closeSync(opened);
  };
  const abandon = (): void => {
    if (file === undefined) return;
    try {
      close();
    } finally {
      removeQuietly(temporary);
    }
  };
  // "wx" refuses a name that exists, so that a planted link is never followed.
  file = kept(() => openSync(temporary, "wx", 0o666));
  return {
    write(text) {
      const bytes = new TextEncoder().encode(text);
      kept(() => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file!, bytes, at, bytes.length - at);
      });
    },
    finish() {
      kept(() => {
        fsyncSync(file!);
        renameSync(temporary, path);
        close();
      });
      removeStale(path);
    },
    abandon,
  };
}
