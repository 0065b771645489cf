/**
 * Where a narrow network keeps its numbers while it is trained on one example at a time, units in the lanes.
 *
 * Parameters are copied out of the flat vector for a run and back after it, every row of W filled up with zeros to whole
 * vectors, so that nothing needs care for what lies behind the last unit:
 *
 *     W    unit 0 | 1 | 2 | 3    4 | 5 | 0 | 0     of input 0
 *          …                                       of the others
 *     b    unit 0 | 1 | 2 | 3    4 | 5 | 0 | 0
 *
 * A layer of one unit has its inputs in the lanes: one row of weights, and one vector with the bias.
 */

import { type LaneActivation, laneActivations } from "./laneActivations.ts";
import type { MemoryLayout } from "./memoryLayout.ts";
import { storeFirst } from "./narrowGather.ts";
import type { LayerShape } from "./spec.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Ints, Lanes } from "./wasmValues.ts";

type Address = typeof Int;

export interface SingleLayer {
  readonly shape: LayerShape;
  /** Undefined for softmax. */
  readonly activation: LaneActivation | undefined;
  /** Whether there is one unit, and the inputs are in the lanes. */
  readonly byInputs: boolean;
  /** Addresses of W and b, and bytes from one row to the next. */
  readonly weights: number;
  readonly biases: number;
  readonly rowBytes: number;
  /** Addresses of a and delta, for loops that need single numbers of them. */
  readonly a: number;
  readonly delta: number;
  /** Address of what the example before put in. */
  readonly old: number;
  /** Whether the code goes through the inputs in loops, or is written out. */
  readonly loops: boolean;
}

export interface SingleLayout {
  readonly layers: readonly SingleLayer[];
  /** Parameters, then m, then v, each of so many bytes. */
  readonly own: number;
  readonly ownBytes: number;
  /** The rate of the step before, in all lanes. */
  readonly rate: number;
  /** The example's inputs and targets. */
  readonly x: number;
  readonly y: number;
  /** z, a, targets and delta of the output layer with four copies of each unit, for `laneOutputs.ts`. */
  readonly copies: { readonly z: number; readonly a: number; readonly y: number; readonly delta: number };
}

/** Up to so many vectors of weights a layer's code is written out. */
const MOST_WRITTEN = 48;

/** Vectors that hold so many numbers. */
export const vectors = (n: number): number => Math.ceil(n / 4);

export function singleLayout(shapes: readonly LayerShape[], memory: MemoryLayout): SingleLayout {
  const sizes = shapes.map(({ inputs, units }) =>
    units === 1 ? 16 * (vectors(inputs) + 1) : 16 * vectors(units) * (inputs + 1),
  );
  const ownBytes = sizes.reduce((sum, size) => sum + size, 0);
  const own = memory.take(3 * ownBytes);
  let at = own;
  const layers = shapes.map((shape, i): SingleLayer => {
    const { inputs, units } = shape;
    const byInputs = units === 1;
    const rowBytes = 16 * vectors(byInputs ? inputs : units);
    const weights = at;
    at += sizes[i]!;
    return {
      shape,
      activation: shape.activation === "softmax" ? undefined : laneActivations[shape.activation],
      byInputs,
      weights,
      biases: weights + (byInputs ? rowBytes : inputs * rowBytes),
      rowBytes,
      a: memory.floats(4 * vectors(units)),
      delta: memory.floats(4 * vectors(units)),
      old: memory.floats(4 * vectors(inputs)),
      loops: !byInputs && inputs * vectors(units) > MOST_WRITTEN,
    };
  });
  const outputs = 16 * shapes.at(-1)!.units;
  const copy = (): number => memory.take(outputs);
  return {
    layers,
    own,
    ownBytes,
    rate: memory.floats(4),
    x: memory.floats(4 * vectors(shapes[0]!.inputs)),
    y: memory.floats(4 * vectors(shapes.at(-1)!.units)),
    copies: { z: copy(), a: copy(), y: copy(), delta: copy() },
  };
}

/** The first `count` lanes of x, the others 0; all four where it is more. */
export function firstLanes(x: Lanes, count: number): Lanes {
  if (count >= 4) return x;
  const mask = Array.from({ length: count }, (_, lane) => lane).reduce(
    (lanes, lane) => lanes.withLane(lane, Int.of(-1)),
    Ints.of(0),
  );
  return x.and(mask.asLanes());
}

/** Copies between a flat vector and what begins at `own` plus an offset. */
export interface Copies {
  /** (flat, offset) */
  readonly copyIn: Callable<readonly [Address, Address], undefined>;
  readonly copyOut: Callable<readonly [Address, Address], undefined>;
}

export function copyFunctions(module: WasmModule, { layers }: SingleLayout): Copies {
  /** Goes through the rows of all layers: how many numbers each has, where it lies in the flat vector and here. */
  const build = (inwards: boolean): Callable<readonly [Address, Address], undefined> =>
    module.inner([Int, Int], undefined, (f, flat, offset) => {
      const line = f.local(Int);
      const move = (width: number, here: number): void => {
        for (let unit = 0; unit < width; unit += 4) {
          const left = width - unit;
          if (inwards) f.store(offset, here + 4 * unit, firstLanes(Lanes.at(flat, 4 * unit), left));
          else storeFirst(f, flat, 4 * unit, Lanes.at(offset, here + 4 * unit), left);
        }
        flat.set(flat.plus(4 * width));
      };
      for (const { shape, byInputs, weights, biases, rowBytes } of layers) {
        if (byInputs) {
          move(shape.inputs, weights);
          move(1, biases);
          continue;
        }
        f.count(line, 0, shape.inputs + 1, 1, () => {
          move(shape.units, weights);
          offset.set(offset.plus(rowBytes));
        });
        offset.set(offset.minus((shape.inputs + 1) * rowBytes));
      }
    });
  return { copyIn: build(true), copyOut: build(false) };
}
