/** The output layer for one example: its loss and its deltas. */
import { LaneMathematics } from "./laneMathematics.ts";
import { outputFunctions } from "./laneOutputs.ts";
import { differenceOutput } from "./narrowDifferences.ts";
import { transposed } from "./narrowGather.ts";
import { InPlace } from "./narrowInPlace.ts";
import { each, type Row } from "./narrowSingleLayer.ts";
import { firstLanes, type SingleLayout, vectors } from "./narrowSingleLayout.ts";
import type { Loss } from "./spec.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { WasmModule } from "./wasmModule.ts";
import { Int, Lanes, Single } from "./wasmValues.ts";

/** The loss, and the deltas of the output layer, from its z. */
export type Judge = (f: WasmFunction, z: Row) => { loss: Single; delta: Row };

export function judgeOne(module: WasmModule, m: LaneMathematics, single: SingleLayout, loss: Loss): Judge {
  const last = single.layers.at(-1)!;
  const { units, activation } = last.shape;
  const copied = outputFunctions(module, m, { activation, loss, units, stride: 16 });
  return (f, z) => {
    const inPlace = units === 1 ? new LaneMathematics(new InPlace(f)) : m;
    const plain = differenceOutput(f, inPlace, last.shape, loss);
    if (plain === undefined) return judgeCopies(f, single, copied, z);
    const deltas: Row[number][] = [];
    let sum: Single | undefined;
    for (const [v, zv] of z.entries()) {
      const y = last.byInputs ? Lanes.splatAt(Int.of(0), single.y) : Lanes.at(Int.of(0), single.y + 16 * v);
      const a = f.local(Lanes, plain.a(zv));
      const d = f.local(Lanes, a.minus(y));
      const delta = plain.delta(zv, a, d);
      deltas.push(f.local(Lanes, last.byInputs ? delta : firstLanes(delta, units - 4 * v)));
      const term = f.local(Lanes, plain.term(d));
      for (let lane = 0; lane < Math.min(4, units - 4 * v); lane++)
        sum = sum === undefined ? term.lane(lane) : sum.plus(term.lane(lane));
    }
    return {
      loss: f.local(Single, plain.share === 1 ? sum! : sum!.times(Single.of(plain.share))),
      delta: deltas,
    };
  };
}

/** By the functions for four examples, which are four times the same one here. */
function judgeCopies(
  f: WasmFunction,
  { layers, y, copies }: SingleLayout,
  { activate, value, delta }: ReturnType<typeof outputFunctions>,
  row: Row,
): { loss: Single; delta: Row } {
  const { units } = layers.at(-1)!.shape;
  const base = Int.of(0);
  for (let j = 0; j < units; j++) {
    const four = row[j >> 2]!;
    f.store(base, copies.z + 16 * j, four.shuffle(four, [j & 3, j & 3, j & 3, j & 3]));
    f.store(base, copies.y + 16 * j, Lanes.splatAt(base, y + 4 * j));
  }
  const [z, a, targets] = [Int.of(copies.z), Int.of(copies.a), Int.of(copies.y)];
  f.run(activate.call(z, a));
  const loss = f.local(Single, value!.call(z, a, targets).lane(0));
  f.run(delta!.call(z, a, targets, Int.of(copies.delta)));
  const deltas = each(vectors(units), (v) => {
    const four = each(4, (j) =>
      f.local(Lanes, Lanes.at(base, copies.delta + 16 * Math.min(4 * v + j, units - 1))),
    );
    return f.local(Lanes, firstLanes(transposed(f, four)[0], units - 4 * v));
  });
  if (layers.at(-1)!.byInputs) return { loss, delta: [f.local(Lanes, Lanes.at(base, copies.delta))] };
  return { loss, delta: deltas };
}
