/** The function that training makes small, on the page: for what must answer in the same frame. */
import { type Accessor, createMemo, onCleanup } from "solid-js";
import { objective } from "talweg";
import type { BatchObjective } from "talweg/network";
import type { Lab } from "../state/types.ts";

/** So much is to be expected that fast code is made at once. */
const EXPECTED = 1e9;

/**
 * Loss and penalty over all examples on show; made anew where network, examples or loss are others.
 *
 * @param penalty Whether the penalty belongs to it; true.
 */
export function objectiveHere(lab: Lab, penalty: boolean = true): Accessor<BatchObjective> {
  const weight = createMemo(() => (penalty ? lab.setting().trainer.penalty : 0));
  return createMemo(() => {
    const f = objective(lab.network(), lab.loss(), lab.dataset(), { penalty: weight(), work: EXPECTED });
    onCleanup(() => f.plan.close());
    return f;
  });
}
