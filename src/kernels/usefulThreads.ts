/** How many threads are worth starting where nobody says. */
import { isNarrow } from "./reduction.ts";
import type { LayerShape } from "./spec.ts";
import { availableThreads, defaultThreadHost } from "./threadHost.ts";

/** Beyond them a step has too little for each. */
const MOST = 8;

/** For much work on these layers: 1 for narrow networks, whose steps are over before threads could meet, and where memory cannot be shared. */
export function usefulThreads(layers: readonly LayerShape[]): number {
  if (isNarrow(layers) || defaultThreadHost() === undefined) return 1;
  return Math.min(MOST, availableThreads());
}
