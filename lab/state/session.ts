/** A run as the page has it: where it begins, what is known of it, and where in it the reader stands. */
import { type Network, parameterName } from "talweg";
import type { Mark } from "../engine/protocol.ts";
import { adaptParameters } from "./adaptParameters.ts";
import { floatsToText } from "./bits.ts";
import { Trace } from "./trace.ts";
import { batchOf } from "./training.ts";
import type { Setting } from "./types.ts";

export interface Session {
  readonly id: number;
  /** At step 0; its `start` is written when somebody asks, see `settingOf`. */
  readonly setting: Setting;
  /** Where it begins, if not where the seed says. */
  readonly start: Float32Array | null;
  readonly trace: Trace;
}

/** What is on show: never changed in place, so that undo only has to keep it. */
export interface Shown {
  readonly session: Session;
  readonly mark: Mark;
  readonly parameters: Float32Array;
  /** Why there are no more steps, "" while there are. */
  readonly ended: string;
  /** The step that a replay is on its way to; null where what is on show is what is meant. */
  readonly target: number | null;
}

export const atStart: Mark = {
  step: 0,
  epoch: 0,
  stepSize: null,
  valueEvaluations: 0,
  gradientEvaluations: 0,
  exampleEvaluations: 0,
};

let sessions = 0;

export function newSession(setting: Setting, start: Float32Array | null): Session {
  const id = ++sessions;
  return { id, setting: { ...setting, start: null, step: 0 }, start, trace: new Trace(id, labelOf(setting)) };
}

const texts = new WeakMap<Float32Array, string>();

/** The setting of a session at a step, complete. */
export function settingOf({ setting, start }: Session, step: number): Setting {
  if (start === null) return step === 0 ? setting : { ...setting, step };
  let text = texts.get(start);
  if (text === undefined) {
    text = floatsToText(start);
    texts.set(start, text);
  }
  return { ...setting, start: text, step };
}

/** "auto, batch 32" */
function labelOf({ trainer }: Setting): string {
  const { method, learningRate } = trainer;
  const name = names[method];
  const batch = batchOf(trainer);
  const rate = name.rate ? ` ${learningRate}` : "";
  return `${name.word}${rate}, ${batch === "full" ? "full batch" : `batch ${batch}`}`;
}

const names: Readonly<Record<Setting["trainer"]["method"], { word: string; rate?: true }>> = {
  auto: { word: "auto" },
  guess: { word: "guess" },
  perturb: { word: "perturb" },
  gradientDescent: { word: "gradient descent", rate: true },
  armijo: { word: "Armijo" },
  momentum: { word: "momentum", rate: true },
  adam: { word: "Adam", rate: true },
  lbfgs: { word: "L-BFGS" },
  stochasticArmijo: { word: "stochastic Armijo" },
};

/** Whether two settings are of the same run, wherever in it: all but the view and the step. */
export function sameRun(a: Setting, b: Setting): boolean {
  const keys = ["data", "hidden", "output", "init", "loss", "trainer", "seed", "start"] as const;
  return keys.every((key) => same(a[key], b[key]));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Where the run of a changed setting begins, null for where its seed says.
 *
 * New data, another seed or start begin anew. Anything else goes on from the parameters on show, fitted to the new layers;
 * but before the first step of a run from the seed there is nothing to keep.
 */
export function startAfter(
  now: Setting,
  next: Setting,
  shown: Shown,
  from: Network,
  to: Network,
): Float32Array | null {
  if (!same(now.data, next.data) || now.seed !== next.seed || now.init !== next.init) return null;
  if (shown.mark.step === 0 && shown.session.start === null) return null;
  return adaptParameters(from, shown.parameters, to);
}

/** "weight W2[3,0]" */
export function parameterLabel(n: Network, index: number): string {
  const name = parameterName(n, index);
  return `${name.startsWith("W") ? "weight" : "bias"} ${name}`;
}
