/** One row of the data, as it is read for a step with one example. */
import { type NarrowLayout, settings } from "./narrowLayout.ts";
import { firstLanes, type SingleLayout } from "./narrowSingleLayout.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import { Int, Ints, Lanes } from "./wasmValues.ts";

/** Puts inputs and targets of one row of the data that was described where the example lies. */
export function fetch(f: WasmFunction, layout: NarrowLayout, { layers, x, y }: SingleLayout, row: Int): void {
  const { inputs } = layers[0]!.shape;
  const { units } = layers.at(-1)!.shape;
  const place = Int.of(layout.settings);
  const base = Int.of(0);
  const at = f.local(Int);
  const copy = (width: number, to: number, four: (first: number) => Lanes): void => {
    for (let i = 0; i < width; i += 4) f.store(base, to + 4 * i, firstLanes(four(i), width - i));
  };
  f.if(
    Int.at(place, settings.bytes),
    () => {
      at.set(Int.at(place, settings.x).plus(row.times(inputs)));
      const scale = f.local(Lanes, Lanes.splatAt(place, settings.scale));
      copy(inputs, x, (i) => Ints.bytesAt(at, i).toLanes().times(scale));
    },
    () => {
      at.set(Int.at(place, settings.x).plus(row.times(4 * inputs)));
      copy(inputs, x, (i) => Lanes.at(at, 4 * i));
    },
  );
  f.if(
    Int.at(place, settings.labels),
    () => {
      const label = f.local(Ints, Ints.splat(Int.byteAt(Int.at(place, settings.y).plus(row))));
      const numbers = [1, 2, 3].reduce((all, lane) => all.withLane(lane, Int.of(lane)), Ints.of(0));
      copy(units, y, (j) => Lanes.of(1).and(label.equals(numbers.plus(j)).asLanes()));
    },
    () => {
      at.set(Int.at(place, settings.y).plus(row.times(4 * units)));
      copy(units, y, (j) => Lanes.at(at, 4 * j));
    },
  );
}
