/** Dropout for one block of rows: masks drawn by address, and the activations times the masks. */
import { dropThreshold, maskFunction } from "./laneRandom.ts";
import { type Gather, gatherFunction } from "./narrowGather.ts";
import { blockBytes, FOUR_ROWS, type NarrowLayout, settings } from "./narrowLayout.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes, Single } from "./wasmValues.ts";

type Address = typeof Int;

/** (start, count, training): the mask of one layer, all 1 without training, and out = a * mask. */
export type Drop = Callable<readonly [Address, Address, Address], undefined>;

/** One function for each layer that drops. */
export function dropFunctions(module: WasmModule, layout: NarrowLayout): (Drop | undefined)[] {
  if (!layout.layers.some((layer) => layer.drops)) return layout.layers.map(() => undefined);
  const draw = maskFunction(module);
  const said = (offset: number): Int => Int.at(Int.of(layout.settings), offset);
  return layout.layers.map(({ shape, drops, mask, a, out }, i) => {
    if (!drops) return undefined;
    const { units, dropout } = shape;
    const gather: Gather = gatherFunction(module, units, "floats");
    const threshold = Int.of(dropThreshold(dropout));
    const kept = Single.of(1 / (1 - dropout));
    return module.inner([Int, Int, Int], undefined, (f, start, count, training) => {
      const drawMask = (): void => {
        const from = f.local(Int, start.times(units));
        const place = Int.of(layout.drawn).minus(from.times(4));
        const keys = [said(settings.key0), said(settings.key1), said(settings.step)] as const;
        f.run(draw.call(...keys, Int.of(i + 1), from, count.times(units), threshold, kept, place));
        f.run(gather.call(Int.of(layout.drawn), Single.of(1), Int.of(0), Int.of(0), count, Int.of(mask)));
      };
      f.if(training.and(said(settings.dropping)), drawMask, () =>
        eachLane(f, units, (place) => f.store(place, mask, Lanes.of(1))),
      );
      eachLane(f, units, (place) => f.store(place, out, Lanes.at(place, a).times(Lanes.at(place, mask))));
    });
  });
}

/** The whole block, with what lies between the units. */
function eachLane(f: WasmFunction, units: number, body: (place: Int) => void): void {
  const place = f.local(Int);
  f.count(place, 0, blockBytes(units), FOUR_ROWS, () => body(place));
}
