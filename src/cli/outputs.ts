/** Files that a command will write at its end: their names are checked before the work begins. */
import { rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { FileError } from "../core/index.ts";
import { temporaryPath } from "../node/index.ts";
import { UsageError } from "./usage.ts";

export const MODEL_FORMATS: readonly string[] = [".safetensors", ".json"];

/**
 * Makes sure that a file can be written, by writing a trial beside it, so that hours of work are not lost at the end.
 *
 * @throws {FileError} When it cannot.
 */
export function checkWritable(path: string): void {
  if (isFolder(path)) {
    throw new FileError(
      path,
      `${path}: a folder stands there, expected a place for a file; give a name inside of it.`,
    );
  }
  // Named as `writeFileAtomic` names what is not whole yet, so that what a kill leaves is swept away.
  const trial = temporaryPath(path);
  try {
    writeFileSync(trial, "", { flag: "wx" });
    rmSync(trial);
  } catch (error) {
    throw new FileError(
      path,
      `${path}: nothing can be written there (${(error as Error).message.split(",")[0]}), ` +
        "which would lose the result; make the folder first, or give another path.",
    );
  }
}

/** Whether a folder stands there. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Nothing is there, or its folder is none, which the trial will tell.
    return false;
  }
}

/** @throws {UsageError | FileError} When the name or the place will not do. */
export function checkModelPath(path: string): void {
  checkExtension("--out", path, MODEL_FORMATS);
  checkWritable(path);
}

/** @throws {UsageError} When a name ends in none of these. */
export function checkExtension(flag: string, path: string, formats: readonly string[]): void {
  if (formats.includes(extname(path))) return;
  throw new UsageError(
    `${flag} is "${path}", expected a name that ends in ${formats.join(" or ")}, since that chooses the format; ` +
      `write for example ${flag} ${basename(path, extname(path)) || "file"}${formats[0]}.`,
  );
}

/** A word of a command line as a shell wants it, in quotes of the sort that reads best. */
export function shellWord(word: string): string {
  if (word.includes("'") && !/["$`\\!]/.test(word)) return `"${word}"`;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
