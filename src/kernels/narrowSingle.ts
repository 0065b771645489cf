/** Runs of steps with one example each: the parameters are copied to where the steps want them, and back at the end. */
import { laneRules } from "./laneRules.ts";
import type { NarrowLayout } from "./narrowLayout.ts";
import { copyFunctions, type SingleLayout } from "./narrowSingleLayout.ts";
import { settleFunction, stepFunction } from "./narrowSingleStep.ts";
import { type Steps, stepsParameters } from "./narrowSteps.ts";
import type { Update } from "./updates.ts";
import type { WasmModule } from "./wasmModule.ts";
import { Double, Int } from "./wasmValues.ts";

/** What `stepsFunction` in narrowSteps.ts makes, for batches of one row. */
export function singleStepsFunction(
  module: WasmModule,
  layout: NarrowLayout,
  single: SingleLayout,
  rule: Update["rule"],
): Steps {
  const { copyIn, copyOut } = copyFunctions(module, single);
  const settle = settleFunction(module, single, rule);
  const step = stepFunction(module, layout, single, rule);
  const kept = 1 + laneRules[rule].keeps.length;
  return module.inner(stepsParameters, Double, (f, ...parameters) => {
    const [w, _g, m, v, order, first, to, _batch, count, _loaded, table, stride, losses, ...more] =
      parameters;
    const [beta1, beta2, rest1, rest2, epsilon, sum] = more;
    const flat = [w, m, v].slice(0, kept);
    const from = f.local(Int, first);
    const row = f.local(Int);
    const loss = f.local(Double);
    const i = f.local(Int);
    for (const [k, vector] of flat.entries()) f.run(copyIn.call(vector, Int.of(k * single.ownBytes)));
    f.run(settle.call(Int.of(0)));
    f.count(i, 0, count, 1, () => {
      row.set(from);
      f.if(order.differs(0), () => row.set(Int.at(order.plus(from.shiftLeft(2)))));
      loss.set(step.call(row, table, beta1, beta2, rest1, rest2, epsilon));
      sum.set(sum.plus(loss));
      f.if(losses.differs(0), () => {
        f.store(losses, 0, loss);
        losses.set(losses.plus(8));
      });
      table.set(table.plus(stride));
      from.set(from.plus(1));
      f.if(from.equals(to), () => from.set(first));
    });
    f.run(settle.call(Int.of(1)));
    for (const [k, vector] of flat.entries()) f.run(copyOut.call(vector, Int.of(k * single.ownBytes)));
    return sum;
  });
}
