/** A fixed learning rate beside what the largest curvature of the loss allows, measured on some examples in float64. */
import { type Dataset, NotFiniteError, type Seed } from "../core/index.ts";
import { selectRows } from "../data/index.ts";
import type { Loss } from "../kernels/index.ts";
import { type Network, objective, readParameters, withPrecision } from "../network/index.ts";
import { largestCurvature } from "./curvature.ts";
import { evenly } from "./findings.ts";
import { type FixedRate, largestStableRate, type RateCheck } from "./trainingFindings.ts";

/**
 * Null where the loss curves upwards nowhere, or its second derivatives overflow.
 *
 * @param o Examples that are looked at, evenly taken; iterations of the search for the curvature, 2 gradients each; the seed
 *   of its first direction.
 */
export function rateCheck(
  n: Network,
  loss: Loss,
  data: Dataset,
  rate: FixedRate,
  { rows, iterations, seed }: { rows: number; iterations: number; seed: Seed },
): RateCheck | null {
  const n64 = withPrecision(n, "float64");
  const f = objective(n64, loss, selectRows(data, evenly(data.rows, rows)), { kernels: "scalar" });
  try {
    const curvature = largestCurvature(f, Float64Array.from(readParameters(n64)), { iterations, seed });
    return curvature > 0 ? { ...rate, curvature, largest: largestStableRate(rate, curvature) } : null;
  } catch (error) {
    if (error instanceof NotFiniteError) return null;
    throw error;
  }
}
