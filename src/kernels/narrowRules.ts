/**
 * Updates inside of a run of steps, by the rules of `laneRules.ts`. What changes from step to step stands in a table that
 * JavaScript fills before the run (`declaredSteps.ts`), float32 numbers in the order in which the rule names them.
 */
import { type Constants, laneRules, type OfRun } from "./laneRules.ts";
import { walk } from "./laneWalk.ts";
import type { Update } from "./updates.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes, Single } from "./wasmValues.ts";

type Address = typeof Int;
type Number32 = typeof Single;

/** The constants of a run as parameters, for every rule the same, in this order. */
export type FixedConstants = readonly [Number32, Number32, Number32, Number32, Number32];
export const fixedConstants: FixedConstants = [Single, Single, Single, Single, Single];
const fixedNames: readonly OfRun[] = ["beta1", "beta2", "rest1", "rest2", "epsilon"];

type UpdateParameters = readonly [Address, Address, Address, Address, Address, ...FixedConstants];

/** In all lanes: the constants of the step at `table`, and those of the run that the rule asks for. */
export function constantsOf(
  f: WasmFunction,
  rule: Update["rule"],
  table: Int,
  ofRun: readonly Single[],
): Constants {
  const wanted = laneRules[rule];
  const constants: Partial<Record<keyof Constants, Lanes>> = {};
  for (const [i, name] of wanted.ofStep.entries()) {
    constants[name] = f.local(Lanes, Lanes.splatAt(table, 4 * i));
  }
  for (const [i, name] of fixedNames.entries()) {
    if (wanted.ofRun.includes(name)) constants[name] = f.local(Lanes, ofRun[i]!.splat());
  }
  return constants as Constants;
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
    walk(f, { w, g, m, v }, Int.of(0), Int.of(n), (places) => laneRules[rule].move(places, constants, held));
  });
}
