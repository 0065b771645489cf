/** `run.json`: what a run is, how it began, and how it stands. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { FileError, FormatError } from "../core/index.ts";
import { decodeUtf8 } from "../formats/index.ts";
import { readBytes } from "./readBytes.ts";
import { writeFileAtomic } from "./writeFileAtomic.ts";

/** "running" is also what a run says that was killed. */
export type RunState = "running" | "stopped" | "failed" | "done";

/** Plain data that survives JSON. */
export interface RunRecord {
  version: 1;
  state: RunState;
  /** What begins the same run anew, to the same bits. */
  command: string;
  /** Name of the data, or their path from `directory`. */
  data: string;
  /** The options as they were typed, by their names in camel case. */
  flags: Record<string, unknown>;
  /** Text where it is beyond 2^53. */
  seed: number | string;
  /** Where the model goes, from `directory`; null for `model.safetensors` in the folder of the run. */
  out: string | null;
  plot: string | null;
  /** Where the command was called. */
  directory: string;
  /** The options with every default filled in. */
  options: Record<string, unknown>;
  layers: readonly object[];
  parameterCount: number;
  /** Examples that are learnt from. */
  rows: number;
  /** Of all examples, those for validation too, or of the file of a table; a run goes on only with the same ones. */
  dataSha256: string;
  versions: Record<string, string>;
  machine: Record<string, string | number>;
  /** ISO 8601. */
  started: string;
  /** When it was done, stopped or failed; null while it runs. */
  ended: string | null;
  /** When and after which step it went on. */
  resumed: { time: string; step: number }[];
  /** Why it failed or was stopped. */
  reason: string | null;
  /** The result of the training, as --json has it; null before. */
  result: Record<string, unknown> | null;
}

const RECORD = "run.json";

/** Whether a folder holds a run. */
export function isRunFolder(folder: string): boolean {
  return existsSync(join(folder, RECORD));
}

/** @throws {FileError} When it cannot be written; the one before stays. */
export function writeRecord(folder: string, record: RunRecord): void {
  writeFileAtomic(join(folder, RECORD), `${JSON.stringify(record, undefined, 2)}\n`);
}

const states: readonly string[] = ["running", "stopped", "failed", "done"] satisfies RunState[];

/**
 * How a run stands.
 *
 * @throws {FileError} When there is none in the folder, or it cannot be read.
 * @throws {FormatError} When it is damaged or newer.
 */
export function readRun(folder: string): RunRecord {
  const path = join(folder, RECORD);
  if (!existsSync(path)) {
    throw new FileError(
      folder,
      `${folder}: there is no run (no ${RECORD}), expected a folder that talweg train --run has made; check the name.`,
    );
  }
  const text = decodeUtf8(readBytes(path), path);
  const fault = faultIn(text);
  if (typeof fault === "object") return fault;
  throw new FormatError(
    `${path}: ${fault}, expected what talweg train --run wrote there; the file is damaged or newer: ` +
      "upgrade talweg, or begin the run anew in another folder.",
  );
}

/** What is wrong with the text, or what it says. Only what others rely on is looked at. */
function faultIn(text: string): string | RunRecord {
  let value: Partial<RunRecord>;
  try {
    value = JSON.parse(text) as Partial<RunRecord>;
  } catch (error) {
    return `the text is not JSON (${(error as Error).message})`;
  }
  if (typeof value !== "object" || value === null) return "the text is no object";
  if (value.version !== 1) return `version is ${JSON.stringify(value.version)} and not 1`;
  if (typeof value.state !== "string" || !states.includes(value.state)) {
    return `state is ${JSON.stringify(value.state)} and none of ${states.join(", ")}`;
  }
  const { seed } = value;
  const goodSeed = typeof seed === "string" ? /^\d{1,20}$/.test(seed) : Number.isSafeInteger(seed);
  if (!goodSeed) return `seed is ${JSON.stringify(seed)} and no whole number`;
  for (const name of ["data", "dataSha256", "command", "directory", "started"] as const) {
    if (typeof value[name] !== "string") return `${name} is no text`;
  }
  for (const name of ["flags", "options", "versions", "machine"] as const) {
    if (!isPlainObject(value[name])) return `${name} is no object`;
  }
  for (const name of ["out", "plot", "reason", "ended"] as const) {
    if (value[name] !== null && typeof value[name] !== "string") return `${name} is no text`;
  }
  if (value.result !== null && !isPlainObject(value.result)) return "result is no object";
  if (!Array.isArray(value.layers) || !Array.isArray(value.resumed)) return "layers or resumed is no list";
  return value as RunRecord;
}

function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
