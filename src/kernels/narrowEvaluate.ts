/** Value and gradient of a batch: all layers forward, the losses, all layers backward, block by block. */
import type { LaneMathematics } from "./laneMathematics.ts";
import { dropFunctions } from "./narrowDropout.ts";
import { storeFirst } from "./narrowGather.ts";
import { gradientFunction } from "./narrowGradient.ts";
import { blockBytes, FOUR_ROWS, type NarrowLayout } from "./narrowLayout.ts";
import type { BlockOutputs } from "./narrowLosses.ts";
import { backwardFunction, forwardFunction } from "./narrowProducts.ts";
import { treeMaker } from "./narrowTree.ts";
import { BLOCK_ROWS } from "./reduction.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Double, Int, Lanes } from "./wasmValues.ts";

type Address = typeof Int;

/** (w, input, start, count, training): z or a of all layers for a block that begins with row `start` of the batch. */
export type Forward = Callable<readonly [Address, Address, Address, Address, Address], undefined>;

export function forwardPass(module: WasmModule, mathematics: LaneMathematics, layout: NarrowLayout): Forward {
  const { layers } = layout;
  const steps = layers.map((layer, i) => forwardFunction(module, mathematics, layer, layers[i - 1]?.out));
  const drops = dropFunctions(module, layout);
  return module.inner([Int, Int, Int, Int, Int], undefined, (f, w, input, start, count, training) => {
    const end = f.local(Int, bytesOf(count, 8));
    for (const [i, step] of steps.entries()) {
      f.run(step.call(w, input, end));
      const drop = drops[i];
      if (drop !== undefined) f.run(drop.call(start, count, training));
    }
  });
}

/** Bytes of `count` rows of a unit, rounded up to whole fours or eights. */
function bytesOf(count: Int, whole: 4 | 8): Int {
  return count
    .plus(whole - 1)
    .and(-whole)
    .times(4);
}

/** (w, sums, input, count): dC/dw of a block whose deltas of the output layer are there, to `sums`. */
type Backward = Callable<readonly [Address, Address, Address, Address], undefined>;

function backwardPass(
  module: WasmModule,
  mathematics: LaneMathematics,
  { layers, held }: NarrowLayout,
): Backward {
  const deltas = layers.slice(1).map((layer, i) => backwardFunction(module, mathematics, layer, layers[i]!));
  const gradients = layers.map((layer, i) => gradientFunction(module, layer, layers[i - 1]?.out, held));
  return module.inner([Int, Int, Int, Int], undefined, (f, w, sums, input, count) => {
    const eights = f.local(Int, bytesOf(count, 8));
    const fours = f.local(Int, bytesOf(count, 4));
    for (const step of deltas.toReversed()) f.run(step.call(w, eights));
    for (const step of gradients) f.run(step.call(input, fours, sums));
  });
}

export interface Evaluation {
  /** (w, rows): the mean loss of the batch. */
  readonly value: Callable<readonly [Address, Address], Double>;
  /** (w, g, rows): the same, and its gradient. */
  readonly gradient: Callable<readonly [Address, Address, Address], Double>;
}

export function evaluation(
  module: WasmModule,
  mathematics: LaneMathematics,
  layout: NarrowLayout,
  forward: Forward,
  outputs: BlockOutputs,
): Evaluation {
  const { layers } = layout;
  const inputBytes = blockBytes(layers[0]!.shape.inputs);
  const targetBytes = blockBytes(layers.at(-1)!.shape.units);
  const backward = backwardPass(module, mathematics, layout);
  const tree = treeMaker(module, layout);
  const divide = finishFunction(module, layout);

  /** Calls the body for each block: its inputs, its targets and its number of rows. */
  const eachBlock = (
    f: WasmFunction,
    w: Int,
    rows: Int,
    body: (x: Int, y: Int, count: Int) => void,
  ): void => {
    const start = f.local(Int);
    const x = f.local(Int, Int.of(layout.x));
    const y = f.local(Int, Int.of(layout.y));
    const count = f.local(Int);
    f.count(start, 0, rows, BLOCK_ROWS, () => {
      count.set(rows.minus(start));
      count.set(Int.of(BLOCK_ROWS).where(Int.of(BLOCK_ROWS).less(count), count));
      f.run(forward.call(w, x, start, count, Int.of(1)));
      body(x, y, count);
      x.set(x.plus(inputBytes));
      y.set(y.plus(targetBytes));
    });
  };

  const value = module.inner([Int, Int], Double, (f, w, rows) => {
    const sums = tree(f, false);
    eachBlock(f, w, rows, (_x, y, count) => sums.push(outputs.value!.call(y, count)));
    sums.drain();
    return sums.loss.over(Double.fromInt(rows));
  });
  const gradient = module.inner([Int, Int, Int], Double, (f, w, g, rows) => {
    const sums = tree(f, true);
    const loss = f.local(Double);
    eachBlock(f, w, rows, (x, y, count) => {
      loss.set(outputs.gradient!.call(y, count));
      f.run(backward.call(w, sums.top, x, count));
      sums.push(loss);
    });
    sums.drain();
    f.run(divide.call(g, rows));
    return sums.loss.over(Double.fromInt(rows));
  });
  return { value, gradient };
}

/** (g, rows): g = the sum of all blocks times 1 / rows. */
function finishFunction(
  module: WasmModule,
  { gradients, parameterCount }: NarrowLayout,
): Callable<readonly [Address, Address], undefined> {
  return module.inner([Int, Int], undefined, (f, g, rows) => {
    const share = f.local(Lanes, Double.of(1).over(Double.fromInt(rows)).toSingle().splat());
    const at = f.local(Int);
    const whole = parameterCount & -4;
    const four = (): Lanes => Lanes.at(at, gradients).times(share);
    f.count(at, 0, 4 * whole, FOUR_ROWS, () => f.store(g.plus(at), 0, four()), true);
    if (whole < parameterCount) storeFirst(f, g.plus(at), 0, four(), parameterCount - whole);
  });
}
