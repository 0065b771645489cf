/** What `run.json` says of a run that begins. */
import { createHash } from "node:crypto";
import { cpus, totalmem } from "node:os";
import type { Dataset } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import type { RunRecord } from "../node/index.ts";
import { kebab } from "./optimizers.ts";
import { shellWord } from "./outputs.ts";
import type { PlannedRun, TrainPlan } from "./trainPlan.ts";
import { version } from "./version.ts";

export interface Beginning {
  model: Network;
  /** Of what is learned from. */
  sha256: string;
  /** Examples that are learnt from. */
  rows: number;
  /** The options with every default filled in. */
  options: Record<string, unknown>;
}

export function recordOf(
  plan: TrainPlan,
  run: PlannedRun,
  { model, sha256, rows, options }: Beginning,
): RunRecord {
  const { data, flags, seed, plot } = plan;
  return {
    version: 1,
    state: "running",
    command: commandOf(plan),
    data,
    flags,
    seed: typeof seed === "bigint" ? seed.toString() : seed,
    out: run.out,
    plot: plot ?? null,
    directory: process.cwd(),
    options,
    layers: model.layers,
    parameterCount: model.parameterCount,
    rows,
    dataSha256: sha256,
    versions: { talweg: version(), node: process.version },
    machine: {
      system: `${process.platform}-${process.arch}`,
      processor: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
    started: new Date().toISOString(),
    ended: null,
    resumed: [],
    reason: null,
    result: null,
  };
}

/** What begins the same training again. */
export function commandOf({ data, flags, seed }: Pick<TrainPlan, "data" | "flags" | "seed">): string {
  const words = Object.entries(flags).flatMap(([name, value]) => {
    if (value === true) return [kebab(name)];
    if (value === false) return [kebab(name).replace("--", "--no-")];
    return [kebab(name), shellWord(Array.isArray(value) ? value.join(",") : String(value))];
  });
  return [
    "talweg train",
    ...(flags.sql === undefined ? [shellWord(data)] : []),
    ...words,
    "--seed",
    String(seed),
  ].join(" ");
}

/** SHA-256 of all examples, so that a resumed run learns from the same ones. */
export function dataSha256({ x, y, rows, inputs, outputs, scale, classes }: Dataset): string {
  const hash = createHash("sha256").update(JSON.stringify({ rows, inputs, outputs, scale, classes }));
  for (const { buffer, byteOffset, byteLength } of [x, y]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}
