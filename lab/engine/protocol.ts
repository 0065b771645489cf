/** What the page asks of the worker that trains, and what it answers: plain data. */
import type { Counts } from "talweg";
import type { Setting } from "../state/types.ts";

/** Where a run stands after a step; the parameters are those that the step left. */
export interface Mark extends Counts {
  /** Steps since the start of the run. */
  readonly step: number;
  /** From 1; 0 before the first step. */
  readonly epoch: number;
  /** Of the last step; null before the first. */
  readonly stepSize: number | null;
}

/** What steps saw, one number each. */
export interface Losses {
  readonly steps: readonly number[];
  /** Examples gone over since the start. */
  readonly evaluations: readonly number[];
  readonly losses: readonly number[];
}

export interface Frame {
  readonly mark: Mark;
  readonly parameters: Float32Array;
  /** Of the steps that were taken for this frame. */
  readonly losses: Losses;
  /** False while the run is still on its way to the step that it should go on from. */
  readonly arrived: boolean;
  /** Why there are no more steps, in a sentence; null while there are. */
  readonly ended: string | null;
}

/** A little work: go to step `from`, then take up to `most` steps, and answer when that is done or the time is over. */
export interface Ask {
  readonly run: number;
  /** With the first question about a run; `start` is where it begins, `step` has no meaning. */
  readonly setting?: Setting;
  readonly from: number;
  readonly most: number;
  readonly milliseconds: number;
}

export type Reply =
  | { readonly kind: "frame"; readonly run: number; readonly frame: Frame }
  /** The library refused, with its reasons. */
  | { readonly kind: "refused"; readonly run: number; readonly message: string }
  /** Still at work: so often, however long a question takes. */
  | { readonly kind: "alive" };

/** Who trains: a worker, or the same code on the page. Answers come one for one question. */
export interface Engine {
  ask(ask: Ask): void;
  close(): void;
}

export interface EngineListener {
  reply(reply: Reply): void;
  /** It is gone for good, with the reason. */
  died(message: string): void;
}

export type MakeEngine = (listener: EngineListener) => Engine;
