/** What is the same stays the same object, so that who follows it need not look again. */
import type { Progress, RunTrace } from "./types.ts";

/** What it was where nothing is another: in a drag all of it stays. */
export function sameProgress(last: Progress | undefined, now: Progress): Progress {
  const keys = Object.keys(now) as (keyof Progress)[];
  return last !== undefined && keys.every((key) => Object.is(last[key], now[key])) ? last : now;
}

/** The list as it was where nobody could see a difference: in a drag each move begins a run that has no step yet. */
export function sameRuns(
  last: readonly RunTrace[] | undefined,
  now: readonly RunTrace[],
): readonly RunTrace[] {
  const isSame = (a: RunTrace, b: RunTrace): boolean =>
    a === b || (a.live && b.live && a.label === b.label && a.steps.length + b.steps.length === 0);
  return last?.length === now.length && now.every((run, i) => isSame(last[i]!, run)) ? last : now;
}
