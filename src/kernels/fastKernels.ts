/** What `loadKernels` loads. */
import type { PlanSpec } from "./plan.ts";
import { type SimdOptions, SimdPlan } from "./simdPlan.ts";
import { widerLanes } from "./wider.ts";

/** The generated plan, with wide tiles only where the engine has shown that they give the same bits. */
export function fastPlan(spec: PlanSpec, o: SimdOptions): SimdPlan {
  return new SimdPlan(spec, o.wide === true ? { ...o, wide: widerLanes() } : o);
}
