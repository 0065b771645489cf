/** The output layer for one block of rows: activations, the sum of the losses in four leaves, and the deltas. */

import { timesShare } from "./laneDifferences.ts";
import { LaneMathematics } from "./laneMathematics.ts";
import { type OutputFunctions, outputFunctions } from "./laneOutputs.ts";
import { differenceOutput } from "./narrowDifferences.ts";
import { InPlace } from "./narrowInPlace.ts";
import { blockBytes, FOUR_ROWS, type NarrowLayer, type NarrowLayout, STRIDE } from "./narrowLayout.ts";
import type { Loss } from "./spec.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Double, Doubles, Int, Ints, Lanes } from "./wasmValues.ts";

type Address = typeof Int;

/** Up to so many units there are no calls. */
const FEW_UNITS = 2;

export interface BlockOutputs {
  /** (count): a of `count` rows. */
  readonly activate: Callable<readonly [Address], undefined>;
  /** (y, count): a, and the sum of the losses. */
  readonly value: Callable<readonly [Address, Address], Double> | undefined;
  /** (y, count): the same, and the deltas, 0 for the rows that are missing up to a multiple of eight. */
  readonly gradient: Callable<readonly [Address, Address], Double> | undefined;
}

export function blockOutputs(
  module: WasmModule,
  mathematics: LaneMathematics,
  { layers, loss }: NarrowLayout,
): BlockOutputs {
  const last = layers.at(-1)!;
  const { activation, units } = last.shape;
  const shape = { activation, loss, units, stride: STRIDE };
  const shared = units > FEW_UNITS ? outputFunctions(module, mathematics, shape) : undefined;
  /** For few units, what four rows ask for is written out where it is wanted. */
  const functionsIn = (f: WasmFunction): OutputFunctions => {
    if (shared !== undefined) return shared;
    const here = new InPlace(f);
    return outputFunctions(here, new LaneMathematics(here), shape);
  };

  const activate = module.inner([Int], undefined, (f, count) => {
    const place = f.local(Int);
    const four = functionsIn(f);
    f.count(place, 0, f.local(Int, count.times(4)), FOUR_ROWS, () =>
      f.run(four.activate.call(place.plus(last.z), place.plus(last.a))),
    );
  });
  if (loss === undefined) return { activate, value: undefined, gradient: undefined };

  /** Losses of the four rows at `place`; their deltas are written where they are wanted. */
  const judge = (f: WasmFunction, withDeltas: boolean): ((place: Int, y: Int) => Lanes) => {
    const plain = plainJudge(f, last, loss, withDeltas);
    if (plain !== undefined) return plain;
    const four = functionsIn(f);
    return (place, y) => {
      const [z, a, target] = [place.plus(last.z), place.plus(last.a), place.plus(y)];
      f.run(four.activate.call(z, a));
      if (withDeltas) f.run(four.delta!.call(z, a, target, place.plus(last.delta)));
      return four.value!.call(z, a, target);
    };
  };

  const losses = (withDeltas: boolean): Callable<readonly [Address, Address], Double> =>
    module.inner([Int, Int], Double, (f, y, count) => {
      const place = f.local(Int);
      const low = f.local(Doubles);
      const high = f.local(Doubles);
      const value = f.local(Lanes);
      const lossesAt = judge(f, withDeltas);
      f.count(place, 0, f.local(Int, count.times(4)), FOUR_ROWS, () => {
        value.set(lossesAt(place, y).and(present(place, count)));
        low.set(low.plus(value.lowDoubles()));
        high.set(high.plus(value.shuffle(value, [2, 3, 2, 3]).lowDoubles()));
      });
      if (withDeltas) f.if(count.and(7).differs(0), () => clearMissing(f, last.delta, units, count));
      return low
        .lane(0)
        .plus(low.lane(1))
        .plus(high.lane(0).plus(high.lane(1)));
    });
  return { activate, value: losses(false), gradient: losses(true) };
}

/** For few units and a loss of differences: nothing but z, the targets and the deltas is in memory. */
function plainJudge(
  f: WasmFunction,
  { shape, z: zs, delta }: NarrowLayer,
  loss: Loss,
  withDeltas: boolean,
): ((place: Int, y: Int) => Lanes) | undefined {
  if (shape.units > FEW_UNITS) return undefined;
  const output = differenceOutput(f, new LaneMathematics(new InPlace(f)), shape, loss);
  if (output === undefined) return undefined;
  return (place, y) => {
    const terms = Array.from({ length: shape.units }, (_, j) => {
      const z = f.local(Lanes, Lanes.at(place, zs + j * STRIDE));
      const a = f.local(Lanes, output.a(z));
      const d = f.local(Lanes, a.minus(Lanes.at(place.plus(y), j * STRIDE)));
      if (withDeltas) f.store(place, delta + j * STRIDE, output.delta(z, a, d));
      return f.local(Lanes, output.term(d));
    });
    return timesShare(
      terms.reduce((sum: Lanes, term) => sum.plus(term), Lanes.of(0)),
      output.share,
    );
  };
}

/** All bits of the lanes whose row, of the four at `place`, is below `count`. */
function present(place: Int, count: Int): Lanes {
  const first = Ints.splat(place.shiftRight(2));
  const rows = [1, 2, 3].reduce((lanes, lane) => lanes.withLane(lane, Int.of(lane)), Ints.of(0));
  return Ints.splat(count).greater(first.plus(rows)).asLanes();
}

/** Sets the deltas of the last rows, up to a multiple of eight, to 0 where there is no row. */
function clearMissing(f: WasmFunction, delta: number, units: number, count: Int): void {
  const start = f.local(Int, count.and(-4).times(4));
  const end = f.local(Int, count.plus(7).and(-8).times(4));
  const place = f.local(Int);
  const line: Local<Int> = f.local(Int);
  const mask = f.local(Lanes);
  f.count(place, start, end, FOUR_ROWS, () => {
    mask.set(present(place, count));
    f.count(line, place, f.local(Int, place.plus(blockBytes(units))), STRIDE, () =>
      f.store(line, delta, Lanes.at(line, delta).and(mask)),
    );
  });
}
