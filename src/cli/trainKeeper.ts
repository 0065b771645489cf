/** Where the state of a training goes: a checkpoint beside its model, or a run folder with all that belongs to it. */
import { DataError, FileError } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import { createRun, type RunFolder, saveCheckpoint } from "../node/index.ts";
import type { TrainEvent, TrainOptions } from "../train/index.ts";
import { plural } from "./numbers.ts";
import { shellWord } from "./outputs.ts";
import { InterruptedError, type Session } from "./session.ts";
import { recordOf } from "./startRecord.ts";
import { logEveryOf, type PlannedRun, type TrainPlan } from "./trainPlan.ts";
import { checkpointPath } from "./trainSetup.ts";
import type { SavedRun } from "./trainState.ts";
import { version } from "./version.ts";

export interface Keeper {
  /** How often the state is saved, beside what the options say. */
  readonly often: TrainOptions;
  /** Whether it is saved before the run is stopped. */
  readonly periodic: boolean;
  /** The command that goes on with the run. */
  readonly goOn: string;
  /** Of the result and of the error of a stopped run. */
  readonly fields: Record<string, unknown>;
  /**
   * Before the first step.
   *
   * @param sha256 Of what is learned from.
   * @throws {FileError} When nothing can be written.
   * @throws {DataError} When a run that goes on had other data.
   */
  begin(model: Network, sha256: string, start: Start): void;
  add(event: Exclude<TrainEvent, { event: "result" }>): void;
  /** @returns Where. @throws {FileError} When it cannot; what was saved before is as it was. */
  save(model: Network, state: SavedRun): string;
  done(result: Record<string, unknown>): void;
  failed(error: unknown): void;
  close(): void;
}

type Start = Extract<TrainEvent, { event: "start" }>;

/** With a run folder and where nobody says how often. */
const SECONDS = 30;

export function keeperFor(plan: TrainPlan, session: Session): Keeper {
  return plan.run === undefined ? besideModel(plan) : new RunKeeper(plan, plan.run, session);
}

function besideModel({ out, flags }: TrainPlan): Keeper {
  const path = checkpointPath(out);
  return {
    often: {},
    periodic: flags.checkpointEvery !== undefined || flags.checkpointSeconds !== undefined,
    goOn: `talweg train --resume ${shellWord(path)}`,
    fields: {},
    begin() {},
    add() {},
    save(model, state) {
      saveCheckpoint(model, state, path);
      return path;
    },
    done() {},
    failed() {},
    close() {},
  };
}

class RunKeeper implements Keeper {
  readonly often: TrainOptions;
  readonly periodic: boolean = true;
  readonly goOn: string;
  readonly fields: Record<string, unknown>;
  private readonly plan: TrainPlan;
  private readonly run: PlannedRun;
  private readonly session: Session;
  private readonly logEvery: number;
  private folder: RunFolder | undefined;
  /** Whether the run has been changed by this process. */
  private begun = false;
  /** The step of the last checkpoint. */
  private saved: number | undefined;

  constructor(plan: TrainPlan, run: PlannedRun, session: Session) {
    const { checkpointEvery, checkpointSeconds } = plan.flags;
    const chosen = checkpointEvery !== undefined || checkpointSeconds !== undefined;
    this.often = chosen ? {} : { checkpointSeconds: SECONDS };
    this.goOn = `talweg resume ${shellWord(run.path)}`;
    this.fields = { run: run.path };
    this.plan = plan;
    this.run = run;
    this.session = session;
    this.logEvery = logEveryOf(plan.flags);
    this.folder = run.folder;
    this.saved = run.folder?.found?.entry.step;
  }

  begin(model: Network, sha256: string, { rows, options }: Start): void {
    const { folder: resumed, plan } = this;
    if (resumed !== undefined) checkData(resumed, sha256);
    this.begun = true;
    if (resumed === undefined) {
      this.folder = createRun(this.run.path, recordOf(plan, this.run, { model, sha256, rows, options }));
      this.kept(() => this.folder!.begin());
      return;
    }
    this.tellResumed(resumed);
    const step = this.saved ?? 0;
    this.kept(() => {
      if (resumed.begin()) this.warn("short-metrics", shortMetrics(resumed.path, step));
      resumed.update({
        state: "running",
        flags: plan.flags,
        out: this.run.out,
        plot: plan.plot ?? null,
        ended: null,
        reason: null,
        result: null,
        resumed: [...resumed.record.resumed, { time: now(), step }],
      });
    });
  }

  private tellResumed({ found, damaged, path, record }: RunFolder): void {
    const { session } = this;
    for (const message of damaged) this.warn("damaged-checkpoint", message);
    const { talweg } = record.versions;
    if (talweg !== version()) this.warn("other-version", otherVersion(path, talweg));
    const checkpoint = found?.entry.file ?? null;
    const step = found?.entry.step ?? 0;
    session.event({ event: "resume", run: path, step, checkpoint });
    if (session.quiet) return;
    const from = checkpoint === null ? "from the beginning" : `after step ${step}, from ${checkpoint}`;
    session.note(`${path}: the run goes on ${from}.`);
  }

  private warn(code: string, message: string): void {
    this.session.event({ event: "warning", code, level: "warning", message });
    this.session.note(this.session.progress.alarm(`warning: ${message}`));
  }

  add(event: Exclude<TrainEvent, { event: "result" }>): void {
    if (event.event === "start") return;
    if (event.event === "step" && event.step % this.logEvery !== 0) return;
    this.kept(() => this.folder?.add(event));
  }

  save(model: Network, state: SavedRun): string {
    const { step, epoch } = state.train;
    const path = this.kept(() => this.folder!.save(model, state, { step, epoch }));
    this.saved = step;
    this.session.event({ event: "checkpoint", step, epoch, file: path });
    return path;
  }

  done(result: Record<string, unknown>): void {
    this.kept(() => this.folder?.update({ state: "done", ended: now(), reason: null, result }));
  }

  failed(error: unknown): void {
    if (!this.begun) return;
    const state = error instanceof InterruptedError ? "stopped" : "failed";
    const reason =
      error instanceof InterruptedError
        ? error.signal
        : error instanceof Error
          ? error.message
          : String(error);
    try {
      this.folder?.update({ state, ended: now(), reason });
    } catch {
      // The error that led here says more, and a run that says "running" without a process has been broken off.
    }
  }

  close(): void {
    this.folder?.close();
    this.folder = undefined;
  }

  /** Adds to an error of the disk how the run stands and how to go on. */
  private kept<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      const stands = this.saved === undefined ? "before its first step" : `after step ${this.saved}`;
      throw new FileError(
        error.path,
        `${error.message}\nThe run stands ${stands}, and nothing of that is lost. Go on with: ${this.goOn}`,
      );
    }
  }
}

const now = (): string => new Date().toISOString();

/** @throws {DataError} When the examples are not those that the run began with. */
function checkData({ path, record }: RunFolder, found: string): void {
  if (found === record.dataSha256) return;
  throw new DataError(
    `${path}: the examples of ${record.data} have SHA-256 ${found}, expected ${record.dataSha256}, as they had when the run ` +
      "began, since it goes on to the same bits only with the same data; put those back, or begin a new run.",
  );
}

function otherVersion(path: string, begun: string | undefined): string {
  return (
    `${path}: the run was begun by talweg ${begun ?? "of no version"} and goes on under ${version()}; ` +
    "the same bits are certain only under one version."
  );
}

function shortMetrics(path: string, step: number): string {
  return (
    `${path}: metrics.jsonl is shorter than it was after ${plural(step, "step")}, so lines of it are missing; ` +
    "the training itself does not need them."
  );
}
