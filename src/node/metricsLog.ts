/**
 * The events of a run, one line of JSON each, in a file that only grows.
 *
 * Lines are collected and written about once a second: what a kill takes away lies beyond the last checkpoint, and the
 * resumed run writes it anew. At a checkpoint all of them are forced to the disk, and the checkpoint notes the length.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { FileError, FormatError } from "../core/index.ts";
import { readBytes } from "./readBytes.ts";
import { reasonOf } from "./reasons.ts";

/** Milliseconds and letters that wait at most. */
const WAIT = 1000;
const MOST = 65_536;

export class MetricsLog {
  /** Whether the file was shorter than it had been, so that lines are missing. */
  readonly shortened: boolean;
  private readonly path: string;
  private readonly file: number;
  /** Bytes that are written. */
  private length: number;
  private waiting: string[] = [];
  private letters = 0;
  private written = performance.now();

  /**
   * Opens the file, or makes it.
   *
   * @param keep Bytes from the beginning that stay; what lies behind them goes.
   * @throws {FileError} When it cannot be opened or written.
   */
  constructor(path: string, keep: number) {
    this.path = path;
    this.file = this.tried(() => openSync(path, constants.O_RDWR | constants.O_CREAT, 0o666));
    const size = this.tried(() => fstatSync(this.file).size);
    this.shortened = size < keep;
    this.length = this.shortened ? wholeLines(this.file, size) : keep;
    this.tried(() => ftruncateSync(this.file, this.length));
  }

  /** @param event Plain data; numbers that JSON does not have become null. @throws {FileError} When the file cannot be written. */
  add(event: object): void {
    const line = `${JSON.stringify(event)}\n`;
    this.waiting.push(line);
    this.letters += line.length;
    if (this.letters > MOST || performance.now() - this.written > WAIT) this.flush();
  }

  /** Writes what waits. @throws {FileError} When it cannot; the file then ends as it did before. */
  flush(): void {
    this.written = performance.now();
    if (this.waiting.length === 0) return;
    const bytes = new TextEncoder().encode(this.waiting.join(""));
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.file, bytes, done, bytes.length - done, this.length + done);
      }
    } catch (error) {
      this.cutBack();
      throw this.failed(error);
    }
    this.length += bytes.length;
    this.waiting = [];
    this.letters = 0;
  }

  /** Writes what waits and forces it to the disk. @returns The bytes of the file. @throws {FileError} When it cannot. */
  force(): number {
    this.flush();
    this.tried(() => fsyncSync(this.file));
    return this.length;
  }

  /** Leaves what waits unwritten; call `flush` before. */
  close(): void {
    closeSync(this.file);
  }

  private cutBack(): void {
    try {
      ftruncateSync(this.file, this.length);
    } catch {
      // The reader skips a broken last line, and a resumed run cuts it off.
    }
  }

  private tried<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.failed(error);
    }
  }

  private failed(error: unknown): FileError {
    return new FileError(
      this.path,
      `${this.path}: the metrics could not be written, ${reasonOf(error, dirname(this.path))}`,
    );
  }
}

/** Up to where the lines of a file are whole. */
function wholeLines(file: number, size: number): number {
  const bytes = new Uint8Array(size);
  readSync(file, bytes, 0, size, 0);
  return bytes.lastIndexOf(0x0a) + 1;
}

/** A line of `metrics.jsonl`: an event of the training. */
export type MetricsLine = Record<string, unknown> & { event: string };

/**
 * The lines of a run's metrics; a last one that was cut off is left out.
 *
 * @throws {FileError} When the file cannot be read.
 * @throws {FormatError} When another line is no event, with its number.
 */
export function readMetrics(path: string): MetricsLine[] {
  const text = new TextDecoder().decode(readBytes(path));
  const lines = text.split("\n");
  while (lines.at(-1) === "") lines.pop();
  const events: MetricsLine[] = [];
  for (const [i, line] of lines.entries()) {
    const event = eventIn(line);
    if (event !== undefined) events.push(event);
    else if (i < lines.length - 1) {
      throw new FormatError(
        `${path}:${i + 1}: the line is no event, expected an object of JSON with the key "event" in every line but the last; ` +
          "the file is damaged: remove the line.",
      );
    }
  }
  return events;
}

function eventIn(line: string): MetricsLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const known = typeof value === "object" && value !== null && !Array.isArray(value);
    return known && typeof (value as MetricsLine).event === "string" ? (value as MetricsLine) : undefined;
  } catch {
    return undefined;
  }
}
