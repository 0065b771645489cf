/**
 * The declared rules of updating parameters, four numbers at a time: the lines of `updates32.ts`.
 *
 * What changes from step to step stands in a table that JavaScript fills before the run, float32 numbers in this order:
 *
 *     gradientDescent   rate
 *     momentum          rate, decay
 *     adam              rate / correction1, 1 / correction2
 */
import { type Place, walk } from "./laneWalk.ts";
import type { Update } from "./updates.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes, Single } from "./wasmValues.ts";

type Address = typeof Int;
type Number32 = typeof Single;

/** In all lanes: the constants of the step, in the order of the table, and those of the run. */
export interface Constants {
  readonly ofStep: readonly [Lanes, Lanes];
  readonly beta1: Lanes;
  readonly beta2: Lanes;
  readonly rest1: Lanes;
  readonly rest2: Lanes;
  readonly epsilon: Lanes;
}

/** One rule for a few elements: moves w by g. The velocity of momentum is m. */
type Rule = (e: Record<"w" | "g" | "m" | "v", Place>, c: Constants, held: (x: Lanes) => Lanes) => void;

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

/** beta1, beta2, rest1, rest2 and epsilon of a run, as parameters. */
export type FixedConstants = readonly [Number32, Number32, Number32, Number32, Number32];
export const fixedConstants: FixedConstants = [Single, Single, Single, Single, Single];

type UpdateParameters = readonly [Address, Address, Address, Address, Address, ...FixedConstants];

/** In all lanes: the constants of the step at `table`, and those of the run. */
export function constantsOf(
  f: WasmFunction,
  rule: Update["rule"],
  table: Int,
  ofRun: readonly Single[],
): Constants {
  const held = (x: Lanes): Lanes => f.local(Lanes, x);
  const rate = held(Lanes.splatAt(table));
  const second = rule === "gradientDescent" ? rate : held(Lanes.splatAt(table, 4));
  // Nobody but Adam asks for the others.
  const ofAdam = ofRun.map((x): Lanes => (rule === "adam" ? held(x.splat()) : rate));
  const [beta1, beta2, rest1, rest2, epsilon] = ofAdam as [Lanes, Lanes, Lanes, Lanes, Lanes];
  return { ofStep: [rate, second], beta1, beta2, rest1, rest2, epsilon };
}

/** (w, g, m, v, table, beta1, beta2, rest1, rest2, epsilon): one update of n parameters. */
export function updateFunction(
  module: WasmModule,
  rule: Update["rule"],
  n: number,
): Callable<UpdateParameters, undefined> {
  const parameters: UpdateParameters = [Int, Int, Int, Int, Int, ...fixedConstants];
  return module.inner(parameters, undefined, (f, w, g, m, v, table, ...ofRun) => {
    const constants = constantsOf(f, rule, table, ofRun);
    const held = (x: Lanes): Lanes => f.local(Lanes, x);
    walk(f, { w, g, m, v }, Int.of(0), Int.of(n), (places) => rules[rule](places, constants, held));
  });
}
