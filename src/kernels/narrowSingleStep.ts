/**
 * One step of training with one example: forward, loss, backward, and the update of the parameters.
 *
 * By gradient descent a layer is moved only when the next example comes and reads its weights anyway; the last example's
 * updates are made at the end of the run. Other rules, and layers that go through their inputs in loops, move the
 * parameters at the end of each step. The gradient itself is not kept.
 */
import { LaneMathematics } from "./laneMathematics.ts";
import { type Constants, laneRules } from "./laneRules.ts";
import { fourAt } from "./laneWalk.ts";
import type { NarrowLayout } from "./narrowLayout.ts";
import { constantsOf, type FixedConstants, fixedConstants } from "./narrowRules.ts";
import { fetch } from "./narrowSingleFetch.ts";
import {
  type Apply,
  activateOne,
  backwardOne,
  forwardOne,
  type Group,
  type Move,
  type Row,
  rowAt,
  throughOne,
  updateOne,
} from "./narrowSingleLayer.ts";
import type { SingleLayer, SingleLayout } from "./narrowSingleLayout.ts";
import { judgeOne } from "./narrowSingleOutput.ts";
import type { Update } from "./updates.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Double, Int, Lanes } from "./wasmValues.ts";

type Address = typeof Int;

/** (row, table, beta1, beta2, rest1, rest2, epsilon): one step with this example; gives its loss. */
export function stepFunction(
  module: WasmModule,
  layout: NarrowLayout,
  single: SingleLayout,
  rule: Update["rule"],
): Callable<readonly [Address, Address, ...FixedConstants], Double> {
  const { layers, x } = single;
  const mathematics = new LaneMathematics(module);
  const judge = judgeOne(module, mathematics, single, layout.loss!);
  return module.inner([Int, Int, ...fixedConstants], Double, (f, row, table, ...ofRun) => {
    fetch(f, layout, single, row);
    // A condition that always holds, but that no engine knows to hold.
    const group: Group = (body) => f.if(table.equals(0), () => undefined, body);
    const constants = constantsOf(f, rule, table, ofRun);
    const apply = applyOf(f, single, rule, constants);
    const oldRate = f.local(Lanes, Lanes.at(Int.of(0), single.rate));
    const move: Move = (address, gradient) => {
      const w = f.local(Lanes, Lanes.at(Int.of(0), address).minus(oldRate.times(gradient)));
      f.store(Int.of(0), address, w);
      return w;
    };
    const inputs = rowAt(f, x, layers[0]!.shape.inputs);
    const zs: Row[] = [];
    const as: Row[] = [];
    const below = (l: number): Row => (l === 0 ? inputs : as[l - 1]!);
    const belowAt = (l: number): number => (l === 0 ? x : layers[l - 1]!.a);
    for (const [l, layer] of layers.entries()) {
      zs.push(forwardOne(f, group, layer, below(l), belowAt(l), waits(layer, rule) ? move : undefined));
      if (l === layers.length - 1) break;
      as.push(activateOne(f, mathematics, layer, zs[l]!));
      store(f, layer.a, as[l]!);
    }
    const judged = judge(f, zs.at(-1)!);
    const deltas: Row[] = [judged.delta];
    store(f, layers.at(-1)!.delta, judged.delta);
    for (let l = layers.length - 1; l > 0; l--) {
      const under = layers[l - 1]!;
      const dA = backwardOne(f, group, layers[l]!, deltas[0]!, under.delta);
      as[l - 1] = rowAt(f, under.a, under.shape.units);
      const delta = throughOne(f, mathematics, under, zs[l - 1]!, as[l - 1]!, dA);
      const [first] = delta as [Row[number]];
      deltas.unshift(under.byInputs ? [f.local(Lanes, first.shuffle(first, [0, 0, 0, 0]))] : delta);
      store(f, under.delta, deltas[0]!);
    }
    for (const [l, layer] of layers.entries()) {
      if (waits(layer, rule)) store(f, layer.old, rowAt(f, belowAt(l), layer.shape.inputs));
      else updateOne(f, group, layer, below(l), belowAt(l), deltas[l]!, apply);
    }
    store(f, single.rate, [constants.rate]);
    return judged.loss.toDouble();
  });
}

/**
 * Whether a layer is moved when the next example reads its weights. Before the first one the gradient is 0, by which gradient
 * descent moves nothing.
 */
function waits(layer: SingleLayer, rule: Update["rule"]): boolean {
  return rule === "gradientDescent" && !layer.loops;
}

/** (moves): makes all updates that wait, if it is not 0, and leaves nothing to be done in any case. */
export function settleFunction(
  module: WasmModule,
  { layers, rate: rateAt }: SingleLayout,
  rule: Update["rule"],
): Callable<readonly [Address], undefined> {
  return module.inner([Int], undefined, (f, moves) => {
    const rate = f.local(Lanes, Lanes.at(Int.of(0), rateAt));
    const apply: Apply = (address, offset, gradient) => {
      const w = fourAt(f, address, offset);
      w.set(w.minus(rate.times(gradient)));
    };
    const group: Group = (body) => body();
    for (const layer of layers.filter((each) => waits(each, rule))) {
      const below = rowAt(f, layer.old, layer.shape.inputs);
      const delta = rowAt(f, layer.delta, layer.shape.units);
      f.if(moves, () => updateOne(f, group, layer, below, layer.old, delta, apply));
      for (const [v] of below.entries()) f.store(Int.of(0), layer.old + 16 * v, Lanes.of(0));
      for (const [v] of delta.entries()) f.store(Int.of(0), layer.delta + 16 * v, Lanes.of(0));
    }
    store(f, rateAt, [Lanes.of(0)]);
  });
}

function store(f: WasmFunction, address: number, row: readonly Lanes[]): void {
  for (const [v, four] of row.entries()) f.store(Int.of(0), address + 16 * v, four);
}

/** Moves parameters by the rule; m and v lie behind w. */
function applyOf(f: WasmFunction, { ownBytes }: SingleLayout, rule: Update["rule"], c: Constants): Apply {
  const held = (value: Lanes): Lanes => f.local(Lanes, value);
  return (address, offset, gradient) => {
    const [w, m, v] = [0, 1, 2].map((k) => fourAt(f, address, offset + k * ownBytes));
    if (rule !== "gradientDescent") gradient.set(gradient.plus(0));
    laneRules[rule].move({ w: w!, g: gradient, m: m!, v: v! }, c, held);
  };
}
