/** How runs stand, side by side: plain data for `talweg runs`. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { FileError, FormatError, type Seed } from "../core/index.ts";
import {
  isLocked,
  isRunFolder,
  type MetricsLine,
  metricsPath,
  type RunRecord,
  readMetrics,
  readRun,
} from "../node/index.ts";

/** "broken off": killed, or stopped by a full disk; "unreadable": its `run.json` or metrics are damaged. */
type RunStanding = RunRecord["state"] | "broken off" | "unreadable";

export interface RunSummary {
  name: string;
  path: string;
  state: RunStanding;
  /** Why it ended, failed or cannot be read. */
  reason: string | null;
  data: string;
  started: string;
  seed: Seed | string;
  /** Whole epochs done. */
  epochs: number;
  /** Null where only --stop-… ends the run. */
  plannedEpochs: number | null;
  steps: number;
  /** Of all training examples where the run is done, else the mean over its last epoch. */
  loss: number | null;
  validationLoss: number | null;
  testLoss: number | null;
  /** Of the test examples, or where there are none of the validation examples. */
  accuracy: number | null;
  seconds: number;
  parametersSha256: string | null;
  /** Every option by its name, its value as text. */
  options: Record<string, string>;
  /** The names of those that were given and are not defaults. */
  given: string[];
  /** After each epoch. */
  curve: { epochs: number[]; losses: (number | null)[]; validationLosses: (number | null)[] };
}

/**
 * The runs in a folder, oldest first; where it is a run itself, that one.
 *
 * @throws {FileError} When there is no such folder.
 */
export function runsIn(folder: string): RunSummary[] {
  if (isRunFolder(folder)) return [summaryOf(folder, basename(folder))];
  if (!existsSync(folder)) {
    throw new FileError(
      folder,
      `${folder}: there is no such folder, expected one with runs in it; begin one with talweg train DATA --runs ${folder}, ` +
        "or name another.",
    );
  }
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile() && isRunFolder(join(folder, entry.name)))
    .map(({ name }) => name);
  const runs = names.map((name) => summaryOf(join(folder, name), name));
  // What cannot be read has no start, and stands last.
  const began = ({ started }: RunSummary): string => started || "~";
  return runs.sort((a, b) => compare(began(a), began(b)) || compare(a.name, b.name));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function summaryOf(path: string, name: string): RunSummary {
  try {
    const record = readRun(path);
    const metrics = existsSync(metricsPath(path)) ? readMetrics(metricsPath(path)) : [];
    return summarized(path, name, record, metrics);
  } catch (error) {
    // One damaged run must not hide the others.
    if (!(error instanceof FormatError || error instanceof FileError)) throw error;
    return { ...nothing, name, path, state: "unreadable", reason: error.message };
  }
}

const nothing: Omit<RunSummary, "name" | "path" | "state"> = {
  reason: null,
  data: "",
  started: "",
  seed: 0,
  epochs: 0,
  plannedEpochs: null,
  steps: 0,
  loss: null,
  validationLoss: null,
  testLoss: null,
  accuracy: null,
  seconds: 0,
  parametersSha256: null,
  options: {},
  given: [],
  curve: { epochs: [], losses: [], validationLosses: [] },
};

function summarized(path: string, name: string, record: RunRecord, metrics: MetricsLine[]): RunSummary {
  const epochs = metrics.filter(({ event }) => event === "epoch");
  const last = epochs.at(-1);
  const watched = last?.validation as Record<string, unknown> | undefined;
  const result = record.result ?? {};
  const validation = (result.validation as Record<string, unknown> | undefined) ?? watched;
  const brokenOff = record.state === "running" && !isLocked(path);
  const spent = epochs.reduce((sum, { seconds }) => sum + (finite(seconds) ?? 0), 0);
  return {
    name,
    path,
    state: brokenOff ? "broken off" : record.state,
    reason: record.reason ?? textOrNull(result.reason),
    data: record.data,
    started: record.started,
    seed: record.seed,
    epochs: finite(result.epochs) ?? finite(last?.epoch) ?? 0,
    plannedEpochs: finite(record.options.epochs),
    steps: finite(result.steps) ?? finite(metrics.at(-1)?.step) ?? 0,
    loss: finite(result.loss) ?? finite(last?.loss),
    validationLoss: finite(validation?.loss),
    testLoss: finite(result.testLoss),
    accuracy: finite(result.testAccuracy) ?? finite(validation?.accuracy),
    seconds: finite(result.seconds) ?? spent,
    parametersSha256: textOrNull(result.parametersSha256),
    options: optionsOf(record),
    given: Object.keys(record.flags),
    curve: {
      epochs: epochs.map(({ epoch }) => finite(epoch) ?? 0),
      losses: epochs.map(({ loss }) => finite(loss)),
      validationLosses: epochs.map((line) =>
        finite((line.validation as Record<string, unknown> | undefined)?.loss),
      ),
    },
  };
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

interface LayerFacts {
  inputs?: number;
  units?: number;
  activation?: string;
  init?: string;
  dropout?: number;
}

/** Options that say where and how fast, and nothing about the numbers that come out. */
const beside = ["threads", "kernels", "wide", "checkpointEvery", "checkpointSeconds", "logEvery"];

/** The network, the options as they were typed, and those with their defaults, by one name each. */
function optionsOf({ layers, flags, options, seed }: RunRecord): Record<string, string> {
  const facts = layers as LayerFacts[];
  const { optimizerOptions, ...others } = options;
  const network: Record<string, unknown> = {
    layers: [facts[0]?.inputs, ...facts.map(({ units }) => units)].join("-"),
    activation: facts[0]?.activation,
    outputActivation: facts.at(-1)?.activation,
    init: facts[0]?.init,
    dropout: facts[0]?.dropout,
  };
  const inForce: Record<string, unknown> = { ...others, ...(optimizerOptions as object | undefined), seed };
  // Listed in this order, with what is in force over what was typed.
  const all = { ...network, ...inForce, ...flags, ...inForce, ...network };
  const told = Object.entries(all).filter(
    ([name, value]) => value !== null && value !== undefined && !beside.includes(name),
  );
  return Object.fromEntries(told.map(([name, value]) => [name, text(value)]));
}

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * The options whose values are not the same in all of the runs, in the order of the first sight. What only some have, as an
 * optimizer has its own, counts where somebody gave it.
 */
export function differing(runs: readonly RunSummary[]): string[] {
  const readable = runs.filter(({ state }) => state !== "unreadable");
  const names = new Set(readable.flatMap(({ options }) => Object.keys(options)));
  return [...names].filter((name) => {
    const having = readable.filter(({ options }) => options[name] !== undefined);
    if (new Set(having.map(({ options }) => options[name])).size > 1) return true;
    return having.length < readable.length && having.some(({ given }) => given.includes(name));
  });
}
