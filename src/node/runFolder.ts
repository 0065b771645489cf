/**
 * A run in a folder of its own, so that it survives Ctrl-C, a kill and a full disk:
 *
 *     run.json                     what it is and how it stands
 *     metrics.jsonl                its events, one a line, in a file that only grows
 *     checkpoint-120.safetensors   the last two, each after the step in its name
 *     checkpoints.json             their checksums; what is not named here does not count
 *     run.lock                     the process that has it
 *     model.safetensors            what came out
 *
 * Every file but the metrics is old or new and never half (`writeFileAtomic.ts`).
 */
import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { FileError } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import { MetricsLog } from "./metricsLog.ts";
import { reasonOf } from "./reasons.ts";
import {
  addCheckpoint,
  type CheckpointEntry,
  type FoundCheckpoint,
  isCheckpointName,
  newestGood,
  readManifest,
  writeManifest,
} from "./runCheckpoints.ts";
import { isLockName, takeLock } from "./runLock.ts";
import { isRunFolder, type RunRecord, readRun, writeRecord } from "./runRecord.ts";
import { isTemporary, removeQuietly } from "./temporaryFiles.ts";

/** The file of a run's events. */
export function metricsPath(folder: string): string {
  return join(folder, "metrics.jsonl");
}

/** A run that this process has to itself; close it. */
export class RunFolder {
  readonly path: string;
  /** What `begin` goes on from; undefined where the run starts at its first step. */
  readonly found: FoundCheckpoint | undefined;
  /** A sentence for each checkpoint that is damaged. */
  readonly damaged: readonly string[];
  private now: RunRecord;
  private readonly entriesBefore: number;
  private entries: CheckpointEntry[];
  private log: MetricsLog | undefined;
  private readonly unlock: () => void;

  /** @see createRun @see openRun */
  constructor(path: string, record: RunRecord, unlock: () => void) {
    this.path = path;
    this.now = record;
    this.unlock = unlock;
    this.entries = readManifest(path);
    this.entriesBefore = this.entries.length;
    const { found, damaged } = newestGood(path, this.entries);
    this.found = found;
    this.damaged = damaged;
  }

  get record(): RunRecord {
    return this.now;
  }

  /**
   * Makes the folder ready for the step after the checkpoint: cuts off what the metrics have beyond it, and sweeps away what
   * a kill has left.
   *
   * @returns Whether lines of the metrics are missing that had been there.
   * @throws {FileError} When the folder cannot be written.
   */
  begin(): boolean {
    if (this.entries.length !== this.entriesBefore) writeManifest(this.path, this.entries);
    sweep(this.path, this.entries);
    this.log = new MetricsLog(metricsPath(this.path), this.found?.entry.metricsBytes ?? 0);
    return this.log.shortened;
  }

  /** Adds a line to the metrics. @throws {FileError} When it cannot be written. */
  add(event: object): void {
    this.log?.add(event);
  }

  /**
   * Saves a checkpoint; the metrics so far belong to it.
   *
   * @returns Its path.
   * @throws {FileError} When it cannot be written; the ones before are as they were.
   */
  save(network: Network, state: unknown, at: { step: number; epoch: number }): string {
    const metricsBytes = this.log?.force() ?? 0;
    this.entries = addCheckpoint(this.path, this.entries, { network, state }, { ...at, metricsBytes });
    return join(this.path, this.entries.at(-1)!.file);
  }

  /** Changes what `run.json` says, after all metrics are written. @throws {FileError} When it cannot be written. */
  update(fields: Partial<RunRecord>): void {
    this.log?.force();
    this.now = { ...this.now, ...fields };
    writeRecord(this.path, this.now);
  }

  /** Gives the run back to others. */
  close(): void {
    this.log?.close();
    this.log = undefined;
    this.unlock();
  }
}

/**
 * A new run.
 *
 * @param path A folder that is new or empty.
 * @throws {FileError} When it is not, or cannot be made, or a living process has it.
 */
export function createRun(path: string, record: RunRecord): RunFolder {
  checkNewRun(path);
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new FileError(path, `${path}: the folder could not be made, ${reasonOf(error, dirname(path))}`);
  }
  const unlock = takeLock(path);
  try {
    // Another may have begun here before we had the lock.
    checkNewRun(path);
    writeRecord(path, record);
    return new RunFolder(path, record, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * The run in a folder, to go on with.
 *
 * @throws {FileError} When there is none, or a living process has it.
 * @throws {FormatError} When its `run.json` or `checkpoints.json` is damaged.
 */
export function openRun(path: string): RunFolder {
  readRun(path);
  const unlock = takeLock(path);
  try {
    return new RunFolder(path, readRun(path), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Sweeps away what a kill has left in the last moments of a run that is done; not where it cannot be done. */
export function tidyRun(path: string): void {
  try {
    const unlock = takeLock(path);
    try {
      sweep(path, readManifest(path));
    } finally {
      unlock();
    }
  } catch {
    // Whoever has the run, or keeps it from being changed, may.
  }
}

/** @throws {FileError} When the folder is neither new nor empty. What a kill has left before a run began does not count. */
export function checkNewRun(path: string): void {
  if (isRunFolder(path)) {
    throw new FileError(
      path,
      `${path}: a run stands there already, expected a new or empty folder, since each run has its own; ` +
        `go on with it by talweg resume ${path}, or name another folder.`,
    );
  }
  const others = namesIn(path).filter((name) => !isLockName(name) && !isTemporary(name));
  if (others.length === 0) return;
  throw new FileError(
    path,
    `${path}: the folder has ${others[0]}${others.length > 1 ? ` and ${others.length - 1} more` : ""} in it, ` +
      "expected a new or empty one, since a run fills it with its files; name another folder.",
  );
}

/** No names where there is no folder. */
function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    const reason =
      code === "ENOTDIR" ? "since a file stands there; name another folder." : reasonOf(error, dirname(path));
    throw new FileError(path, `${path}: the folder could not be read, ${reason}`);
  }
}

/** Removes what a kill has left. Nobody writes here while we have the lock, so its age does not matter. */
function sweep(path: string, entries: readonly CheckpointEntry[]): void {
  const kept = new Set(entries.map(({ file }) => file));
  for (const name of namesIn(path)) {
    if (isTemporary(name) || (isCheckpointName(name) && !kept.has(name))) removeQuietly(join(path, name));
  }
}
