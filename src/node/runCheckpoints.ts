/**
 * The checkpoints of a run folder: the last two, and a small manifest, written after each, that has their SHA-256.
 *
 * A checkpoint counts only when the manifest names it and its bytes have that checksum; otherwise the one before it is
 * taken. So a kill at any moment, or a byte that the disk has lost, costs some steps and never the run.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { FormatError } from "../core/index.ts";
import { decodeUtf8, fromCheckpoint, toCheckpoint } from "../formats/index.ts";
import type { Network } from "../network/index.ts";
import { atPath, readBytes } from "./readBytes.ts";
import { removeQuietly } from "./temporaryFiles.ts";
import { writeFileAtomic } from "./writeFileAtomic.ts";

/** One line of the manifest. */
export interface CheckpointEntry {
  /** In the folder of the run. */
  file: string;
  step: number;
  epoch: number;
  bytes: number;
  sha256: string;
  /** How long the metrics were at that moment. */
  metricsBytes: number;
}

/** What a run goes on from. */
export interface FoundCheckpoint {
  network: Network;
  state: unknown;
  entry: CheckpointEntry;
}

const MANIFEST = "checkpoints.json";
const KEPT = 2;

/** The name of a checkpoint: of the step after which it was made. */
const nameOf = (step: number): string => `checkpoint-${step}.safetensors`;

/** Whether a file of a run folder may be a checkpoint. */
export function isCheckpointName(name: string): boolean {
  return /^checkpoint-\d+\.safetensors$/.test(name);
}

/** Oldest first. @throws {FileError | FormatError} When the manifest cannot be read or is damaged. */
export function readManifest(folder: string): CheckpointEntry[] {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return [];
  const text = decodeUtf8(readBytes(path), path);
  const entries = manifestIn(text);
  if (entries !== undefined) return entries;
  throw new FormatError(
    `${path}: the text is no list of checkpoints of version 1, expected what talweg train wrote there; it is damaged or newer: ` +
      `upgrade talweg, go on from a file with talweg train --resume ${join(folder, "checkpoint-….safetensors")}, ` +
      "or remove it to begin the run anew.",
  );
}

function manifestIn(text: string): CheckpointEntry[] | undefined {
  try {
    const { version, checkpoints } = JSON.parse(text) as { version: unknown; checkpoints: unknown };
    if (version !== 1 || !Array.isArray(checkpoints)) return undefined;
    return checkpoints.every(isEntry) ? checkpoints : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is CheckpointEntry {
  if (typeof value !== "object" || value === null) return false;
  const { file, step, epoch, bytes, sha256, metricsBytes } = value as CheckpointEntry;
  const counts = [step, epoch, bytes, metricsBytes];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) return false;
  // A name and never a path, so that a manifest reaches no other folder.
  return typeof file === "string" && isCheckpointName(file) && typeof sha256 === "string";
}

export function writeManifest(folder: string, entries: readonly CheckpointEntry[]): void {
  const text = JSON.stringify({ version: 1, checkpoints: entries }, undefined, 2);
  writeFileAtomic(join(folder, MANIFEST), `${text}\n`);
}

/**
 * Saves a checkpoint beside those that there are, of which the newest stays.
 *
 * @param at.metricsBytes What of the metrics belongs to it; forced to the disk already.
 * @returns The entries of the manifest from now on.
 * @throws {FileError} When it cannot be written; the others are as they were.
 */
export function addCheckpoint(
  folder: string,
  entries: readonly CheckpointEntry[],
  what: { network: Network; state: unknown },
  at: Pick<CheckpointEntry, "step" | "epoch" | "metricsBytes">,
): CheckpointEntry[] {
  // The same step has the same bits, so its file must not be written anew while the manifest relies on it.
  if (entries.at(-1)?.step === at.step) return [...entries];
  const bytes = toCheckpoint(what.network, what.state);
  const file = nameOf(at.step);
  const path = join(folder, file);
  writeFileAtomic(path, bytes);
  const entry = { file, ...at, bytes: bytes.length, sha256: hashOf(bytes) };
  const others = entries.filter((other) => other.file !== file);
  const kept = [...others, entry].slice(-KEPT);
  try {
    writeManifest(folder, kept);
  } catch (error) {
    removeQuietly(path);
    throw error;
  }
  for (const old of others) if (!kept.includes(old)) removeQuietly(join(folder, old.file));
  return kept;
}

/**
 * The newest checkpoint whose bytes are those that were written.
 *
 * @param entries Oldest first; those that are damaged are taken out.
 * @returns `damaged`: a sentence for each that was passed over.
 */
export function newestGood(
  folder: string,
  entries: CheckpointEntry[],
): { found: FoundCheckpoint | undefined; damaged: string[] } {
  const damaged: string[] = [];
  for (let entry = entries.at(-1); entry !== undefined; entry = entries.at(-1)) {
    const path = join(folder, entry.file);
    const bytes = existsSync(path) ? readBytes(path) : undefined;
    const fault = bytes === undefined ? "the file is missing" : faultIn(bytes, entry);
    if (bytes !== undefined && fault === undefined) {
      const { network, state } = atPath(path, () => fromCheckpoint(bytes));
      return { found: { network, state, entry }, damaged };
    }
    entries.pop();
    const next = entries.at(-1);
    const instead = next === undefined ? "the run begins anew" : `${next.file} is taken instead`;
    damaged.push(`${path}: ${fault}; ${instead}, which costs some steps and changes no bit.`);
  }
  return { found: undefined, damaged };
}

function faultIn(bytes: Uint8Array, { bytes: length, sha256 }: CheckpointEntry): string | undefined {
  if (bytes.length !== length) return `the file has ${bytes.length} bytes, expected ${length}`;
  const found = hashOf(bytes);
  return found === sha256 ? undefined : `the file has SHA-256 ${found}, expected ${sha256}`;
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
