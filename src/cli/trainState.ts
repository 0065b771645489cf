/** What a checkpoint of `talweg train` holds beside the network, so that a later call goes on to the same bits. */
import { FormatError, type Seed } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import { loadCheckpoint } from "../node/index.ts";
import type { TrainState } from "../train/index.ts";
import type { LossCurve } from "./lossCurve.ts";
import { kebab } from "./optimizers.ts";
import { stopFlags } from "./stopOptions.ts";
import type { TrainFlags } from "./trainSetup.ts";
import { UsageError } from "./usage.ts";

/** Plain data. */
export interface SavedRun {
  kind: "talweg train";
  data: string;
  flags: TrainFlags;
  seed: Seed;
  out: string;
  plot: string | null;
  /** Of the steps and of the validation after each epoch. */
  curve: LossCurve;
  validation: { steps: number[]; losses: number[] };
  train: TrainState;
  /** Of the file, where a table is learned from. */
  tableSha256?: string;
}

/** Options that change nothing about the numbers that come out, so that a resumed run may have its own. */
const free = [
  "resume",
  "out",
  "plot",
  "threads",
  "kernels",
  "wide",
  "checkpointEvery",
  "checkpointSeconds",
  "quietSteps",
  ...stopFlags,
];

/**
 * @param given The options of this call; only those that leave the numbers as they are may be among them.
 * @throws {UsageError} When others are, or data are named.
 */
export function checkFree(
  data: string | undefined,
  given: Record<string, unknown>,
  seed: Seed | undefined,
): void {
  const fixed = Object.keys(given).filter((name) => !free.includes(name));
  const named = [
    ...(data === undefined ? [] : ["data"]),
    ...fixed.map(kebab),
    ...(seed === undefined ? [] : ["--seed"]),
  ];
  if (named.length > 0) {
    throw new UsageError(
      `--resume goes on to the same bits, under the data and options that the run began with, but ${named.join(", ")} ` +
        `${named.length === 1 ? "is" : "are"} given; leave ${named.length === 1 ? "it" : "them"} out ` +
        `(${free.slice(1).map(kebab).join(", ")} may be given).`,
    );
  }
}

/** @throws {FormatError} When the file is not a checkpoint of `talweg train`. */
export function loadRun(path: string): { model: Network; saved: SavedRun } {
  const { network, state } = loadCheckpoint(path);
  return { model: network, saved: savedRunOf(state, path) };
}

/** @throws {FormatError} When the state of a checkpoint is none of `talweg train`. */
export function savedRunOf(state: unknown, path: string): SavedRun {
  const saved = state as Partial<SavedRun> | null;
  if (saved === null || typeof saved !== "object" || saved.kind !== "talweg train") {
    throw new FormatError(
      `${path}: the file holds no stopped training of this command; pass a file that talweg train named when it was stopped.`,
    );
  }
  return saved as SavedRun;
}

/** The options of the run, with those of this call that may be its own. */
export function resumedFlags(saved: TrainFlags, given: Record<string, unknown>): TrainFlags {
  const own = Object.entries(given).filter(([name]) => name !== "resume" && free.includes(name));
  return { ...saved, ...Object.fromEntries(own) };
}
