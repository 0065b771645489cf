/** What `talweg resume` says of a run that is done. */
import type { Seed } from "../core/index.ts";
import { type RunRecord, readRun, tidyRun } from "../node/index.ts";
import type { Outcome } from "./command.ts";
import { duration, plural, short } from "./numbers.ts";
import { isFolder, shellWord } from "./outputs.ts";
import type { Session } from "./session.ts";
import { stopFlags } from "./stopOptions.ts";
import { checkFree } from "./trainState.ts";

/** A run that needs nothing more. */
export interface DoneRun {
  path: string;
  record: RunRecord;
}

/**
 * The run that shall be resumed, where it is done. A run that ended by a limit of its own goes on when it is given another.
 *
 * @throws {TalwegError} When its `run.json` cannot be read, or options are given that would change its numbers.
 */
export function doneRun(
  data: string | undefined,
  flags: Record<string, unknown>,
  seed: Seed | undefined,
): DoneRun | undefined {
  const path = flags.resume as string | undefined;
  if (path === undefined || !isFolder(path)) return undefined;
  checkFree(data, flags, seed);
  const record = readRun(path);
  if (record.state !== "done") return undefined;
  const extended = stopFlags.some((name) => flags[name] !== undefined);
  if (extended && endedByLimit(record)) return undefined;
  tidyRun(path);
  return { path, record };
}

/** Whether the run spent what it was given, and could go on. */
function endedByLimit({ result }: RunRecord): boolean {
  return ["steps", "evaluations", "seconds"].includes(String(result?.reason));
}

export function tellDone({ path, record }: DoneRun, session: Session): Outcome {
  const result = record.result ?? {};
  const { epochs, steps, seconds, loss, reason, model } = result;
  const spent =
    `${plural(Number(epochs ?? 0), "epoch")}, ${plural(Number(steps ?? 0), "step")} ` +
    `in ${duration(Number(seconds ?? 0))}, training loss ${short(Number(loss ?? Number.NaN))}`;
  session.say(session.out.bold(`${path}: this run is done, so there is nothing to resume`));
  session.say(spent);
  if (typeof model === "string") session.say(`model  ${model}`);
  if (endedByLimit(record)) {
    const flag = `--stop-${String(reason)}`;
    session.say(`It ended by ${flag}; a larger one goes on: talweg resume ${shellWord(path)} ${flag} NUMBER`);
  } else session.say(`The same again: ${record.command} --run FOLDER`);
  const { seed } = record;
  return {
    seed: typeof seed === "string" ? BigInt(seed) : seed,
    fields: { ...result, run: path, alreadyDone: true },
  };
}
