/** For methods that compare a step with those before it, which makes sense only while the function stays the same. */
import { OptionError } from "../core/index.ts";
import type { RunPlan } from "./types.ts";

/** @throws {OptionError} When the steps of a run would see batches of the rows. */
export function requireWholeFunction(owner: string, run: RunPlan | undefined): void {
  const { batchSize = "full", rows = Infinity } = run ?? {};
  if (batchSize === "full" || batchSize >= rows) return;
  throw new OptionError(
    "batchSize",
    `${owner}: batchSize is ${batchSize}, expected "full", since it compares the gradients of different steps, which must be of ` +
      'the same examples; pass batchSize "full", or take adam or auto for batches.',
  );
}
