/**
 * Runs of training steps inside of WebAssembly: for each batch the rows are gathered, the gradient is computed and the
 * parameters are moved by a declared rule.
 */
import type { Evaluation } from "./narrowEvaluate.ts";
import { type NarrowLayout, settings } from "./narrowLayout.ts";
import { type FixedConstants, fixedConstants, updateFunction } from "./narrowRules.ts";
import type { Update } from "./updates.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Double, Int } from "./wasmValues.ts";

type Address = typeof Int;
type FourAddresses = readonly [Address, Address, Address, Address];
type StepsParameters = readonly [
  ...FourAddresses,
  ...FourAddresses,
  ...FourAddresses,
  Address,
  ...FixedConstants,
  typeof Double,
];
const four: FourAddresses = [Int, Int, Int, Int];
export const stepsParameters: StepsParameters = [...four, ...four, ...four, Int, ...fixedConstants, Double];

/** (order, from, rows, block): gathers the batch, or what of it begins with that block, from the data that was described. */
export type Load = Callable<FourAddresses, undefined>;

/** The function "steps". */
export type Steps = Callable<StepsParameters, Double>;

/**
 * Makes the function:
 *
 *     (w, g, m, v,                                  vectors; m and v as far as the rule keeps them
 *      order, first, to, batch,                     batches of so many rows from `first` up to `to`, and again from `first` on
 *      count, loaded,                               number of steps, and whether the first batch is loaded already
 *      table, stride, losses,                       constants of a step, bytes to the next (0: all the same), losses or 0
 *      beta1, beta2, rest1, rest2, epsilon, sum)    gives sum + loss * rows of each step, one after the other
 *
 * The loss of step i, before its update, is written to `losses + 8 i`. Dropout masks are those of the step that they were
 * set to, and then of the following ones.
 */
export function stepsFunction(
  module: WasmModule,
  layout: NarrowLayout,
  rule: Update["rule"],
  load: Load,
  { gradient }: Evaluation,
): Steps {
  const update = updateFunction(module, rule, layout.parameterCount);
  const drops = layout.layers.some((layer) => layer.drops);
  const place = Int.of(layout.settings);
  return module.inner(stepsParameters, Double, (f, ...parameters) => {
    const [w, g, m, v, order, first, to, batch, count, loaded, table, stride, losses, ...more] = parameters;
    const [beta1, beta2, rest1, rest2, epsilon, sum] = more;
    const from = f.local(Int, first);
    const rows = f.local(Int);
    const loss = f.local(Double);
    const i = f.local(Int);
    f.count(i, 0, count, 1, () => {
      rows.set(to.minus(from));
      rows.set(batch.where(batch.lessUnsigned(rows), rows));
      f.if(loaded.equals(0), () => f.run(load.call(order, from, rows, Int.of(0))));
      // One batch without an order that is all there is stays what it is.
      loaded.set(order.equals(0).and(rows.equals(to.minus(first))));
      loss.set(gradient.call(w, g, rows));
      f.run(update.call(w, g, m, v, table, beta1, beta2, rest1, rest2, epsilon));
      sum.set(sum.plus(loss.times(Double.fromInt(rows))));
      f.if(losses.differs(0), () => {
        f.store(losses, 0, loss);
        losses.set(losses.plus(8));
      });
      if (drops) f.store(place, settings.step, Int.at(place, settings.step).plus(1));
      table.set(table.plus(stride));
      from.set(from.plus(rows));
      f.if(from.equals(to), () => from.set(first));
    });
    return sum;
  });
}
