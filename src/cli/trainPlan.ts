/** What `talweg train` is to do: begin, go on from a checkpoint, or go on with the run in a folder. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { OptionError, type Seed } from "../core/index.ts";
import { dataNames } from "../data/index.ts";
import type { Network } from "../network/index.ts";
import { checkNewRun, openRun, type RunFolder, type RunRecord } from "../node/index.ts";
import { checkDataName } from "./dataOptions.ts";
import { isFolder, shellWord } from "./outputs.ts";
import { sqlSource } from "./sqlOptions.ts";
import { SQL_DATA } from "./trainingTable.ts";
import { defaultOut, type TrainFlags } from "./trainSetup.ts";
import { checkFree, loadRun, resumedFlags, type SavedRun, savedRunOf } from "./trainState.ts";
import { UsageError } from "./usage.ts";

/** One training: what was asked for, and where it stands when it is resumed. */
export interface TrainPlan {
  data: string;
  flags: TrainFlags;
  seed: Seed;
  out: string;
  plot: string | undefined;
  model: Network | undefined;
  saved: SavedRun | undefined;
  /** Undefined where nobody asked for a folder: then a checkpoint lies beside the model. */
  run: PlannedRun | undefined;
}

export interface PlannedRun {
  path: string;
  /** Of a run that goes on; a new one is made when the first step is to be taken. */
  folder: RunFolder | undefined;
  /** As it was asked for; null for the model's place in the folder. */
  out: string | null;
}

const MODEL = "model.safetensors";
const LOG_EVERY = 10;

/** @throws {TalwegError} When what was asked for does not go together, or what shall be resumed cannot be read. */
export function planOf(
  data: string | undefined,
  flags: Record<string, unknown>,
  seed: Seed | undefined,
): TrainPlan {
  const path = flags.resume as string | undefined;
  if (path === undefined) return newPlan(data, flags, seed);
  return isFolder(path) ? runPlan(path, data, flags, seed) : filePlan(path, data, flags, seed);
}

/**
 * The data that a training is of.
 *
 * @throws {UsageError} When none are named, twice as many as needed, or none of that name are there.
 */
export function trainingData(name: string | undefined, flags: Record<string, unknown>): string {
  const query = sqlSource(flags);
  if (query !== undefined && name !== undefined) {
    throw new UsageError(`${name} and --sql are both given, expected one of them; leave one out.`);
  }
  const data = query === undefined ? name : SQL_DATA;
  if (data === undefined) {
    throw new UsageError(
      "train: no data are named; write for example talweg train sales.csv --target price, talweg train parabola, " +
        "or --resume FILE to go on with a stopped run.",
    );
  }
  if (query === undefined) checkDataName(data);
  return data;
}

function newPlan(
  name: string | undefined,
  flags: Record<string, unknown>,
  seed: Seed | undefined,
): TrainPlan {
  const data = trainingData(name, flags);
  const { out, plot, quietSteps: _, run: named, runs, ...kept } = flags as NewFlags;
  const path = runPathOf(data, named, runs);
  if (path === undefined && kept.logEvery !== undefined) {
    throw new UsageError(
      "--log-every says how often a line goes into the metrics of a run folder, but none is named; add --run FOLDER.",
    );
  }
  if (path !== undefined) checkNewRun(path);
  logEveryOf(kept);
  return {
    data,
    flags: kept,
    seed: seed ?? 0,
    out: out ?? (path === undefined ? defaultOut(data) : join(path, MODEL)),
    plot,
    model: undefined,
    saved: undefined,
    run: path === undefined ? undefined : { path, folder: undefined, out: out ?? null },
  };
}

type NewFlags = TrainFlags & {
  out?: string;
  plot?: string;
  quietSteps?: boolean;
  run?: string;
  runs?: string;
};

/** Where the run goes; undefined where nobody asked for a folder. */
function runPathOf(data: string, run: string | undefined, runs: string | undefined): string | undefined {
  if (runs === undefined) return run;
  if (run !== undefined) {
    throw new UsageError(
      "--run names the folder of the run and --runs the one that it is made in, expected one of them; leave the other out.",
    );
  }
  const two = (value: number): string => String(value).padStart(2, "0");
  const now = new Date();
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("");
  const name = join(runs, `${day}-${time}-${basename(data)}`);
  for (let another = 2; ; another++) {
    const path = another === 2 ? name : `${name}-${another - 1}`;
    if (!existsSync(path)) return path;
  }
}

/** Steps between two lines of the metrics. @throws {OptionError} When it is no whole number. */
export function logEveryOf({ logEvery = LOG_EVERY }: TrainFlags): number {
  if (Number.isSafeInteger(logEvery) && logEvery >= 1) return logEvery;
  throw new OptionError(
    "logEvery",
    `--log-every is ${logEvery}, expected a whole number of steps of at least 1; write for example --log-every 10.`,
  );
}

function filePlan(
  path: string,
  data: string | undefined,
  flags: Record<string, unknown>,
  seed: Seed | undefined,
): TrainPlan {
  checkFree(data, flags, seed);
  const { model, saved } = loadRun(path);
  return {
    data: saved.data,
    flags: resumedFlags(saved.flags, flags),
    seed: saved.seed,
    out: (flags.out as string | undefined) ?? saved.out,
    plot: (flags.plot as string | undefined) ?? saved.plot ?? undefined,
    model,
    saved,
    run: undefined,
  };
}

function runPlan(
  path: string,
  data: string | undefined,
  flags: Record<string, unknown>,
  seed: Seed | undefined,
): TrainPlan {
  checkFree(data, flags, seed);
  const folder = openRun(path);
  try {
    const { record, found } = folder;
    checkPlace(path, record);
    // Relative paths are meant from where the run was begun.
    const there = (file: string | null): string | null =>
      file === null || record.directory === process.cwd() ? file : resolve(record.directory, file);
    const out = (flags.out as string | undefined) ?? there(record.out);
    return {
      data: record.data,
      flags: resumedFlags(record.flags, flags),
      seed: typeof record.seed === "string" ? BigInt(record.seed) : record.seed,
      out: out ?? join(path, MODEL),
      plot: (flags.plot as string | undefined) ?? there(record.plot) ?? undefined,
      model: found?.network,
      saved: found === undefined ? undefined : savedRunOf(found.state, join(path, found.entry.file)),
      run: { path, folder, out },
    };
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** @throws {UsageError} When the data of the run lie elsewhere, as seen from here. */
function checkPlace(path: string, { data, directory, flags }: RunRecord): void {
  if (flags.sql !== undefined || (dataNames as readonly string[]).includes(data) || existsSync(data)) return;
  throw new UsageError(
    `${path}: the run learns from ${data}, as seen from ${directory}, where it was begun, and nothing of that name is ` +
      `here, expected its data; go there first: cd ${shellWord(directory)}.`,
  );
}
