/** How an experiment is followed and ended: long loops that stay polite to the program around them. */

export interface ExperimentControl {
  /** Told before each part of the work. */
  progress?: (at: ExperimentProgress) => void;
  /** Aborted, it ends the experiment within a part of the work: the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
}

export interface ExperimentProgress {
  /** Parts of the work that are done, and how many there are. */
  done: number;
  planned: number;
  /** The part that comes next, in words. */
  text: string;
}

/** How long the work may hold the thread, in milliseconds, before timers, signals and messages get through. */
const SLICE = 40;

/** What is awaited before each part of the work. */
export type Pace = (text: string) => Promise<void>;

/** @param planned Parts of the work, one call each. */
export function pace({ progress, signal }: ExperimentControl, planned: number): Pace {
  let done = 0;
  let breath = performance.now();
  return async (text) => {
    progress?.({ done, planned, text });
    done += 1;
    if (performance.now() - breath >= SLICE) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      breath = performance.now();
    }
    signal?.throwIfAborted();
  };
}
