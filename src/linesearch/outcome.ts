/** How searches end: with a step, or with a reason. */
import type { Search, Trial } from "./types.ts";

/** The search that found a step. @param trials Absent where nobody asked for them. */
export function found(
  stepSize: number,
  value: number,
  evaluations: number,
  trials: Trial[] | undefined,
): Search {
  return { accepted: true, stepSize, value, evaluations, reason: "accepted", ...(trials && { trials }) };
}

/** The search that found none. */
export function failed(
  phi0: number,
  evaluations: number,
  reason: string,
  trials: Trial[] | undefined,
): Search {
  return { accepted: false, stepSize: 0, value: phi0, evaluations, reason, ...(trials && { trials }) };
}
