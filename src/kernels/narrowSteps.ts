/**
 * Runs of training steps inside of WebAssembly: for each batch the rows are gathered, the gradient is computed and the
 * parameters are moved by a declared rule, the lines of `updates32.ts`.
 *
 * What changes from step to step stands in a table that JavaScript fills before the run, float32 numbers in this order:
 *
 *     gradientDescent   rate
 *     momentum          rate, decay
 *     adam              rate / correction1, 1 / correction2
 */
import { type Place, walk } from "./laneWalk.ts";
import type { Evaluation } from "./narrowEvaluate.ts";
import type { NarrowLayout } from "./narrowLayout.ts";
import type { Update } from "./updates.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Double, Int, Lanes, Single } from "./wasmValues.ts";

type Address = typeof Int;
type Number32 = typeof Single;

/** The vectors that a rule works on; m is the velocity of momentum. */
export type Vectors = Record<"w" | "g" | "m" | "v", Int>;

/** Constants of all lanes: those of the step, in the order of the table, and those of the run. */
export interface Constants {
  readonly ofStep: readonly [Lanes, Lanes];
  readonly beta1: Lanes;
  readonly beta2: Lanes;
  readonly rest1: Lanes;
  readonly rest2: Lanes;
  readonly epsilon: Lanes;
}

/** One rule for a few elements: moves w by g. */
export type Rule = (e: Record<"w" | "g" | "m" | "v", Place>, c: Constants, held: (x: Lanes) => Lanes) => void;

export const rules: Readonly<Record<Update["rule"], Rule>> = {
  gradientDescent: ({ w, g }, { ofStep: [rate] }) => w.set(w.minus(rate.times(g))),
  momentum: ({ w, g, m }, { ofStep: [rate, decay] }, held) => {
    const next = held(decay.times(m).plus(g));
    m.set(next);
    w.set(w.minus(rate.times(next)));
  },
  adam: ({ w, g, m, v }, c, held) => {
    const [rate, inverse2] = c.ofStep;
    const gi = held(g);
    const mi = held(c.beta1.times(m).plus(c.rest1.times(gi)));
    const vi = held(c.beta2.times(v).plus(c.rest2.times(gi.times(gi))));
    m.set(mi);
    v.set(vi);
    w.set(w.minus(rate.times(mi).over(inverse2.times(vi).squareRoot().plus(c.epsilon))));
  },
};

/** How many numbers of the table belong to a step. */
export const tableWidth: Readonly<Record<Update["rule"], number>> = {
  gradientDescent: 1,
  momentum: 2,
  adam: 2,
};

export type FixedConstants = readonly [Number32, Number32, Number32, Number32, Number32];
type UpdateParameters = readonly [Address, Address, Address, Address, Address, ...FixedConstants];
type FourAddresses = readonly [Address, Address, Address, Address];
export type StepsParameters = readonly [
  ...FourAddresses,
  ...FourAddresses,
  ...(readonly [Address, Address]),
  ...(readonly [Address, Address, Address]),
  ...FixedConstants,
  typeof Double,
];
const four: FourAddresses = [Int, Int, Int, Int];
const fixed: FixedConstants = [Single, Single, Single, Single, Single];
export const stepsParameters: StepsParameters = [...four, ...four, Int, Int, Int, Int, Int, ...fixed, Double];

/** In all lanes: the constants of the step at `table`, and those of the run. */
export function constantsOf(
  f: WasmFunction,
  rule: Update["rule"],
  table: Int,
  ofRun: readonly Single[],
): Constants {
  const held = (x: Lanes): Lanes => f.local(Lanes, x);
  const rate = held(Lanes.splatAt(table));
  const second = tableWidth[rule] > 1 ? held(Lanes.splatAt(table, 4)) : rate;
  const [beta1, beta2, rest1, rest2, epsilon] = ofRun.map((x) =>
    rule === "adam" ? held(x.splat()) : rate,
  ) as Lanes[] as [Lanes, Lanes, Lanes, Lanes, Lanes];
  return { ofStep: [rate, second], beta1, beta2, rest1, rest2, epsilon };
}

/** (w, g, m, v, table, beta1, beta2, rest1, rest2, epsilon): one update of n parameters. */
export function updateFunction(
  module: WasmModule,
  rule: Update["rule"],
  n: number,
): Callable<UpdateParameters, undefined> {
  const parameters: UpdateParameters = [...four, Int, ...fixed];
  return module.inner(parameters, undefined, (f, w, g, m, v, table, ...ofRun) => {
    const constants = constantsOf(f, rule, table, ofRun);
    const held = (x: Lanes): Lanes => f.local(Lanes, x);
    walk(f, { w, g, m, v }, Int.of(0), Int.of(n), (places) => rules[rule](places, constants, held));
  });
}

/** (order, from, rows, block): gathers the batch, or what of it begins with that block, from the data that was described. */
export type Load = Callable<FourAddresses, undefined>;

/** The function "steps". */
export type Steps = Callable<StepsParameters, Double>;

/**
 *
 *     (w, g, m, v,                                  vectors; m and v as far as the rule keeps them
 *      order, first, to, batch,                     batches of so many rows from `first` up to `to`, and again from `first` on
 *      count, loaded,                               number of steps, and whether the first batch is loaded already
 *      table, stride, losses,                       constants of a step, bytes to the next (0: all the same), losses or 0
 *      beta1, beta2, rest1, rest2, epsilon, sum)    gives sum + loss * rows of each step, one after the other
 *
 * The loss of step i, before its update, is written to `losses + 8 i`.
 */
export function stepsFunction(
  module: WasmModule,
  layout: NarrowLayout,
  rule: Update["rule"],
  load: Load,
  { gradient }: Evaluation,
): Steps {
  const update = updateFunction(module, rule, layout.parameterCount);
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
      table.set(table.plus(stride));
      from.set(from.plus(rows));
      f.if(from.equals(to), () => from.set(first));
    });
    return sum;
  });
}
