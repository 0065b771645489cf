/** What is on show, and the changes and their undoing: everything but the passing of time. */
import { type Accessor, batch, createSignal, type Setter } from "solid-js";
import type { Network } from "talweg";
import { History } from "./history.ts";
import { networkOf, startOf } from "./networkOf.ts";
import { repaired } from "./repaired.ts";
import { type Scene, sceneOf } from "./scene.ts";
import {
  atStart,
  newSession,
  parameterLabel,
  type Session,
  type Shown,
  sameRun,
  settingOf,
  startAfter,
} from "./session.ts";
import type { Change, ParameterValue, Setting } from "./types.ts";

/** Runs that are kept beside the one at hand. */
const KEPT = 8;

export class Stage {
  readonly shown: Accessor<Shown>;
  readonly scene: Accessor<Scene>;
  /** Runs that have been, the oldest first. */
  readonly kept: Accessor<readonly Session[]>;
  readonly undoLabel: Accessor<string | null>;
  readonly redoLabel: Accessor<string | null>;
  private readonly setShown: Setter<Shown>;
  private readonly setScene: Setter<Scene>;
  private readonly setKept: Setter<readonly Session[]>;
  private readonly setHistory: Setter<number>;
  private readonly history = new History<Shown>();

  /** @param setting Checked. */
  constructor(setting: Setting) {
    const scene = sceneOf(setting, undefined);
    const start = givenStart(setting, scene.network);
    const parameters = start ?? (scene.network.parameters.slice() as Float32Array);
    const first = shownAt(newSession(setting, start), parameters, setting.step);
    scene.network.parameters.set(parameters);
    [this.scene, this.setScene] = createSignal<Scene>(scene);
    [this.shown, this.setShown] = createSignal<Shown>(first);
    [this.kept, this.setKept] = createSignal<readonly Session[]>([]);
    const [version, setVersion] = createSignal(0);
    this.setHistory = setVersion;
    this.undoLabel = () => (version() < 0 ? null : this.history.undoLabel);
    this.redoLabel = () => (version() < 0 ? null : this.history.redoLabel);
  }

  /** Complete, at the step on show or on the way. */
  setting(): Setting {
    const { session, mark, target } = this.shown();
    return settingOf(session, target ?? mark.step);
  }

  /** Time has passed: the same run at another place. */
  pass(change: Partial<Omit<Shown, "session">>): void {
    const shown = { ...this.shown(), ...change };
    if (change.mark !== undefined) this.history.seal();
    shown.session.trace.pass(shown.mark.step, shown.parameters);
    this.put(shown, this.scene());
  }

  /**
   * @returns "step" where only the step is another, which is no change; "same" where nothing of the run is.
   * @throws {TalwegError} When the changed setting is no good; nothing has happened then.
   */
  change({ label, merge, edit }: Change): "changed" | "step" | "same" {
    const now = this.setting();
    const edited = edit(now);
    if (edited === now) return "same";
    const other = edited.data !== now.data && edited.hidden !== now.hidden && edited.trainer !== now.trainer;
    const whole = other || edited.start !== now.start;
    // Another start alone is a place to begin at.
    const step = whole && (other || edited.step !== now.step) ? edited.step : 0;
    const next = repaired({ ...edited, start: whole ? edited.start : null, step });
    const again = { ...next, start: edited.start };
    if (sameRun(now, again)) return this.sameRun(edited);
    const shown = this.shown();
    const scene = this.scene();
    const to = sceneOf(next, scene);
    // As the seed starts it: the network of the scene may have learnt already.
    const fresh = networkOf(next, to.dataset);
    const start = whole ? givenStart(next, fresh) : startAfter(now, next, shown, scene.network, fresh);
    const parameters = start ?? (fresh.parameters.slice() as Float32Array);
    this.become(label, merge, shownAt(newSession(next, start), parameters, next.step), to);
    return "changed";
  }

  /** Sets some parameters of those on show; a new run begins there. */
  setParameters(values: readonly ParameterValue[], merge: string): void {
    const { session, parameters } = this.shown();
    const start = parameters.slice();
    const good = values.filter(([at, value]) => at in start && Number.isFinite(Math.fround(value)));
    if (good.length === 0) return;
    for (const [at, value] of good) start[at] = value;
    const shown = shownAt(newSession(session.setting, start), start, 0);
    const labels = good.map(([at]) => parameterLabel(this.scene().network, at));
    this.become(labels.join(", "), merge, shown, this.scene());
  }

  /** Whether there was something to undo. */
  undo(): boolean {
    return this.restore(this.history.undo(this.shown()));
  }

  redo(): boolean {
    return this.restore(this.history.redo(this.shown()));
  }

  forgetRuns(): void {
    this.setKept([]);
  }

  private sameRun(edited: Setting): "step" | "same" {
    const { session, ...rest } = this.shown();
    if (edited.view !== session.setting.view) {
      const setting = { ...session.setting, view: edited.view };
      this.put({ ...rest, session: { ...session, setting } }, this.scene());
    }
    return edited.step === this.setting().step ? "same" : "step";
  }

  private become(label: string, merge: string | undefined, shown: Shown, scene: Scene): void {
    const before = this.shown();
    this.history.record(label, merge, before);
    batch(() => {
      this.keep(before.session, shown.session);
      this.put(shown, scene);
      this.setHistory((version) => version + 1);
    });
  }

  private restore(shown: Shown | undefined): boolean {
    if (shown === undefined) return false;
    const before = this.shown();
    const scene = sceneOf(shown.session.setting, this.scene());
    batch(() => {
      this.keep(before.session, shown.session);
      this.put(shown, scene);
      this.setHistory((version) => version + 1);
    });
    return true;
  }

  /** The run that was at hand stays to be compared with, if it has taken steps. */
  private keep(before: Session, now: Session): void {
    if (before.id === now.id || (before.trace.empty && this.kept().every(({ id }) => id !== now.id))) return;
    const others = this.kept().filter(({ id }) => id !== now.id && id !== before.id);
    const all = before.trace.empty ? others : [...others, before];
    this.setKept(all.slice(-KEPT));
  }

  private put(shown: Shown, scene: Scene): void {
    scene.network.parameters.set(shown.parameters);
    batch(() => {
      this.setScene(() => scene);
      this.setShown(() => shown);
    });
  }
}

function givenStart(setting: Setting, n: Network): Float32Array | null {
  return setting.start === null ? null : startOf(setting, n);
}

/** A run at its start, on its way to a step where that is not 0. */
function shownAt(session: Session, parameters: Float32Array, step: number): Shown {
  session.trace.pass(0, parameters);
  return { session, mark: atStart, parameters, ended: "", target: step === 0 ? null : step };
}
