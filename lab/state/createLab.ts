/**
 * The one object that every part is handed: signals of what is on show, and what can be asked for.
 *
 * Everything that follows from the parameters is made on the page, when somebody reads it; the engine only trains.
 */
import { type Accessor, batch, createSignal, type Setter } from "solid-js";
import { loadKernels, TalwegError } from "talweg";
import { workerEngine } from "../engine/client.ts";
import type { Frame, MakeEngine } from "../engine/protocol.ts";
import { createThinker, type Thinker } from "../engine/thinker.ts";
import { cached } from "./cached.ts";
import { checkSetting } from "./checkSetting.ts";
import { Driver } from "./driver.ts";
import { nextPlace, type Place, previousPlace } from "./operations.ts";
import { presets } from "./presets.ts";
import { sameProgress, sameRuns } from "./same.ts";
import { settingOf } from "./session.ts";
import { Stage } from "./stage.ts";
import { batchesOf, plannedSteps } from "./training.ts";
import type {
  Change,
  Lab,
  Measures,
  Operation,
  ParameterValue,
  Progress,
  RunTrace,
  Selected,
  Setting,
} from "./types.ts";
import { type DoctorWatch, watchDoctor } from "./watchDoctor.ts";

/** Who works beside the page; in tests the same code without workers. */
export interface Workers {
  readonly engine?: MakeEngine;
  readonly thinker?: Thinker;
}

/**
 * @param initial Where the page begins; a step above 0 is replayed. By default the first preset.
 * @throws {TalwegError} When the setting is no good.
 */
export function createLab(initial: Setting = presets[0]!.setting, workers: Workers = {}): Lab {
  const page = new Page(checkSetting(initial), workers);
  page.begin();
  return page.lab();
}

const NONE: Selected = { kind: "none" };

interface Trouble {
  readonly message: string;
  /** The engine is gone, or refused; else only a change was refused. */
  readonly failed: boolean;
}

const NO_TROUBLE: Trouble = { message: "", failed: false };

class Page {
  private readonly stage: Stage;
  private readonly driver: Driver;
  private readonly thinker: Thinker;
  private readonly doctor: DoctorWatch;
  private readonly measures: Accessor<Measures>;
  private readonly runs: Accessor<readonly RunTrace[]>;
  private readonly selected: Accessor<Selected>;
  private readonly setSelected: Setter<Selected>;
  private readonly operation: Accessor<Operation | null>;
  private readonly setOperation: Setter<Operation | null>;
  private readonly example: Accessor<number>;
  private readonly setExample: Setter<number>;
  private readonly speed: Accessor<number>;
  private readonly setSpeedSignal: Setter<number>;
  /** Counts what the driver does. */
  private readonly driven: Accessor<number>;
  private readonly setDriven: Setter<number>;
  /** Why something was refused or failed; "" otherwise. */
  private readonly trouble: Accessor<Trouble>;
  private readonly setTrouble: Setter<Trouble>;
  /** An operation that is shown when the step below it has arrived. */
  private arriving: { step: number; operation: Operation } | undefined;

  constructor(initial: Setting, { engine = workerEngine, thinker = createThinker() }: Workers) {
    const stage = new Stage(initial);
    this.stage = stage;
    this.thinker = thinker;
    [this.selected, this.setSelected] = createSignal<Selected>(NONE);
    [this.operation, this.setOperation] = createSignal<Operation | null>(null);
    [this.example, this.setExample] = createSignal(0);
    [this.speed, this.setSpeedSignal] = createSignal(Infinity);
    [this.driven, this.setDriven] = createSignal(0);
    [this.trouble, this.setTrouble] = createSignal<Trouble>(NO_TROUBLE);
    this.measures = cached(
      () => [stage.scene().meter, stage.shown().parameters] as const,
      ([meter, parameters]) => meter.measure(parameters),
    );
    this.runs = cached(
      () => [stage.kept(), stage.shown().session.trace, this.driven()] as const,
      ([kept, trace], last) =>
        sameRuns(last, [...kept.map((one) => one.trace.view(false)), trace.view(true)]),
    );
    this.driver = new Driver(engine, {
      show: (frame) => this.show(frame),
      learn: (losses) => stage.shown().session.trace.add(losses),
      changed: () => this.moved(),
      failed: (message) => batch(() => this.fail(message)),
    });
    this.doctor = watchDoctor(thinker, () => {
      const { session, parameters } = stage.shown();
      return { setting: settingOf({ ...session, start: null }, 0), parameters };
    });
  }

  begin(): void {
    // Fast code for what the page computes; until it is there, and without it, the readable code does the same.
    loadKernels().catch(() => {});
    this.arrive();
  }

  lab(): Lab {
    const { stage } = this;
    return {
      ...this.accessors(),
      thinker: this.thinker,
      select: (selected) => this.setSelected(() => this.existing(selected)),
      showExample: (row) => this.showExample(row),
      change: (change) => this.change(change),
      setParameter: (index, value, merge) => this.setParameters([[index, value]], merge),
      setParameters: (values, merge) => this.setParameters(values, merge),
      undo: () => this.travel(() => stage.undo()),
      redo: () => this.travel(() => stage.redo()),
      play: () => this.play(),
      pause: () => this.pause(),
      stepBy: (grain, direction) => this.stepBy(grain, direction),
      goTo: (step) => this.goTo(step),
      setSpeed: (steps) => this.setSpeed(steps),
      reset: (all) => this.reset(all === true),
      forgetRuns: () => stage.forgetRuns(),
      close: () => this.close(),
    };
  }

  private accessors(): Pick<
    Lab,
    | "setting"
    | "data"
    | "dataset"
    | "testset"
    | "loss"
    | "parameters"
    | "network"
    | "progress"
    | "measures"
    | "predict"
    | "runs"
    | "path"
    | "findings"
    | "findingsStale"
    | "selected"
    | "operation"
    | "example"
    | "speed"
    | "undoLabel"
    | "redoLabel"
  > {
    const { stage, doctor } = this;
    const { scene, shown } = stage;
    return {
      setting: cached(
        () => [shown()] as const,
        () => stage.setting(),
      ),
      data: () => scene().data,
      dataset: () => scene().dataset,
      testset: () => scene().testset,
      loss: () => scene().loss,
      parameters: () => shown().parameters,
      network: () => scene().network,
      progress: cached(
        () => [shown(), this.driven(), this.trouble()] as const,
        (_, last) => sameProgress(last, this.progress()),
      ),
      measures: this.measures,
      predict: (x) => scene().meter.predict(shown().parameters, x),
      runs: this.runs,
      path: () => shown().session.trace.path,
      findings: doctor.findings,
      findingsStale: doctor.stale,
      selected: this.selected,
      operation: this.operation,
      example: this.example,
      speed: this.speed,
      undoLabel: stage.undoLabel,
      redoLabel: stage.redoLabel,
    };
  }

  private progress(): Progress {
    const { mark, ended, session, target } = this.stage.shown();
    const { playing, target: going, reached } = this.driver;
    const { message, failed } = this.trouble();
    const replaying = reached !== null || (going !== null && target !== null);
    const moving = replaying ? "replaying" : playing ? "running" : undefined;
    return {
      ...mark,
      status: failed ? "failed" : (moving ?? (ended === "" ? "idle" : "ended")),
      step: reached ?? mark.step,
      steps: this.plannedSteps(session.setting),
      message: message === "" ? ended : message,
    };
  }

  private plannedSteps(setting: Setting): number {
    return plannedSteps(setting, this.stage.scene().dataset.rows);
  }

  /** The driver does something else now, or has come further. */
  private moved(): void {
    this.setDriven((count) => count + 1);
  }

  private show({ mark, parameters, ended }: Frame): void {
    batch(() => {
      this.stage.pass({ mark, parameters, ended: ended ?? "", target: null });
      this.showOperation(mark.step);
      this.moved();
      this.doctor.moved();
    });
  }

  private showOperation(step: number): void {
    const { arriving } = this;
    if (arriving === undefined || this.driver.target !== null) return;
    this.arriving = undefined;
    if (arriving.step === step) this.setOperation(arriving.operation);
  }

  private fail(message: string): void {
    this.arriving = undefined;
    this.setTrouble({ message, failed: true });
    this.moved();
  }

  /** A message of its own stands until something else is done. */
  private clearTrouble(): void {
    if (this.trouble().message !== "") this.setTrouble(NO_TROUBLE);
  }

  /** What is on show was put there by a change, not by the driver. */
  private arrive(): void {
    const { session, mark, target } = this.stage.shown();
    this.arriving = undefined;
    this.setOperation(null);
    this.setSelected((selected) => this.existing(selected));
    this.showExample(this.example());
    this.driver.begin({ id: session.id, setting: () => settingOf(session, 0) }, mark.step);
    if (target === null) this.moved();
    else this.driver.goTo(target);
    this.doctor.moved();
  }

  private change(change: Change): void {
    batch(() => {
      this.clearTrouble();
      try {
        const done = this.stage.change(change);
        if (done === "changed") this.arrive();
        else if (done === "step") this.goTo(change.edit(this.stage.setting()).step);
      } catch (error) {
        if (!(error instanceof TalwegError)) throw error;
        this.setTrouble({ message: error.message, failed: false });
      }
    });
  }

  private setParameters(values: readonly ParameterValue[], merge: string): void {
    batch(() => {
      this.clearTrouble();
      this.stage.setParameters(values, merge);
      this.arrive();
    });
  }

  private travel(move: () => boolean): void {
    batch(() => {
      this.clearTrouble();
      if (move()) this.arrive();
    });
  }

  private play(): void {
    batch(() => {
      this.clearTrouble();
      this.leaveOperation();
      const { target } = this.stage.shown();
      // A replay that was broken off comes first.
      if (target === null) this.driver.play();
      else this.driver.goTo(target);
    });
  }

  /** Breaking a replay off leaves what is on show. */
  private pause(): void {
    batch(() => {
      if (this.stage.shown().target !== null) this.stage.pass({ target: null });
      this.driver.pause();
    });
  }

  private goTo(step: number): void {
    const most = this.plannedSteps(this.stage.shown().session.setting);
    const wanted = Math.round(Math.min(most, Math.max(0, step)));
    if (Number.isNaN(wanted)) return;
    batch(() => {
      this.clearTrouble();
      this.leaveOperation();
      this.driver.goTo(wanted);
    });
  }

  private leaveOperation(): void {
    this.arriving = undefined;
    this.setOperation(null);
  }

  private stepBy(grain: "operation" | "step" | "epoch", direction: 1 | -1): void {
    // Steps that are asked for faster than they come add up.
    const step = this.driver.target ?? this.stage.shown().mark.step;
    if (grain === "operation") this.walk(step, direction);
    else if (grain === "step") this.goTo(step + direction);
    else {
      const { setting } = this.stage.shown().session;
      const batches = batchesOf(setting.trainer, this.stage.scene().dataset.rows);
      const epoch = direction === 1 ? Math.floor(step / batches) + 1 : Math.ceil(step / batches) - 1;
      this.goTo(epoch * batches);
    }
  }

  /** One operation on or back; an update changes the step, and is shown when that has arrived. */
  private walk(step: number, direction: 1 | -1): void {
    const { ended } = this.stage.shown();
    const layers = this.stage.scene().network.layers.length;
    const here: Place = { step, operation: this.arriving?.operation ?? this.operation() };
    const there = direction === 1 ? nextPlace(here, layers) : previousPlace(here, layers);
    if (there.step === step) {
      if (direction === 1 && ended !== "") return;
      this.pause();
      this.setOperation(there.operation);
      return;
    }
    this.clearTrouble();
    this.arriving = { step: there.step, operation: there.operation! };
    this.driver.goTo(there.step);
  }

  private reset(all: boolean): void {
    if (!all) this.goTo(0);
    else this.change({ label: "start anew", edit: (setting) => ({ ...setting, start: null, step: 0 }) });
  }

  private setSpeed(steps: number): void {
    if (!(steps > 0)) return;
    this.driver.speed = steps;
    this.setSpeedSignal(steps);
  }

  private showExample(row: number): void {
    const { rows } = this.stage.scene().dataset;
    if (Number.isFinite(row)) this.setExample(Math.round(Math.min(rows - 1, Math.max(0, row))));
  }

  /** Nothing where what was selected is no more. */
  private existing(selected: Selected): Selected {
    if (selected.kind === "none") return NONE;
    const { layers, inputs } = this.stage.scene().network;
    const widths = [inputs, ...layers.map(({ units }) => units)];
    const { layer, unit } = selected;
    const isThere = (l: number, u: number): boolean => u >= 0 && u < (widths[l] ?? 0);
    const below = selected.kind !== "weight" || isThere(layer - 1, selected.input);
    const real = selected.kind === "neuron" || layer >= 1;
    return real && below && isThere(layer, unit) ? selected : NONE;
  }

  private close(): void {
    this.driver.close();
    this.doctor.close();
    this.thinker.close();
    this.stage.scene().meter.close();
  }
}
