/**
 * The weights of a layer in panels, so that a tile reads them from front to back:
 *
 *     panels       strip of 8 units:   W[0][8p … 8p+7], W[1][8p … 8p+7], …        for the forward product
 *     transposed   strip of 8 inputs:  W[8q … 8q+7][0], W[8q … 8q+7][1], …        for the backward one
 *
 * What lies beyond the last unit or input is copied along from whatever follows in memory; nobody reads its products.
 */
import { shareOf } from "./share.ts";
import type { WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes } from "./wasmValues.ts";
import type { WideLayer } from "./wideLayout.ts";

type I = typeof Int;

type Pack = Callable<readonly [I, I, I], undefined>;

/** Parameters: thread, threads, address of the weights. */
export function packPanels(module: WasmModule, { shape, panels, panelBytes }: WideLayer): Pack {
  const { units } = shape;
  const count = Math.ceil(units / 8);
  // Two strips at a time are one line of the cache; the room for the panels is a whole number of such pairs.
  const pair = module.inner([Int, Int], undefined, (f, from, to) => {
    const end = f.local(Int, to.plus(panelBytes));
    f.loop(() => {
      for (const half of [0, 16]) {
        f.store(to, half, Lanes.at(from, half));
        f.store(to, panelBytes + half, Lanes.at(from, 32 + half));
      }
      from.set(from.plus(4 * units));
      to.set(to.plus(32));
      return to.differs(end);
    });
  });
  return module.inner([Int, Int, Int], undefined, (f, thread, threads, weights) => {
    const p = f.local(Int);
    const [first, last] = shareOf(f, thread, threads, Math.ceil(count / 2));
    const step = (): void =>
      f.run(pair.call(p.times(64).plus(weights), p.times(2 * panelBytes).plus(panels)));
    f.count(p, first, last, 1, step, true);
  });
}

/** Four rows of four become four columns: out[j] holds lane j of each. */
export function transpose(
  f: WasmFunction,
  rows: readonly [Lanes, Lanes, Lanes, Lanes],
): [Lanes, Lanes, Lanes, Lanes] {
  const a = f.local(Lanes, rows[0]);
  const b = f.local(Lanes, rows[1]);
  const c = f.local(Lanes, rows[2]);
  const d = f.local(Lanes, rows[3]);
  const ab = f.local(Lanes, a.shuffle(b, [0, 4, 1, 5]));
  const cd = f.local(Lanes, c.shuffle(d, [0, 4, 1, 5]));
  const abHigh = f.local(Lanes, a.shuffle(b, [2, 6, 3, 7]));
  const cdHigh = f.local(Lanes, c.shuffle(d, [2, 6, 3, 7]));
  return [
    ab.shuffle(cd, [0, 1, 4, 5]),
    ab.shuffle(cd, [2, 3, 6, 7]),
    abHigh.shuffle(cdHigh, [0, 1, 4, 5]),
    abHigh.shuffle(cdHigh, [2, 3, 6, 7]),
  ];
}

/** Parameters: thread, threads, address of the weights. */
export function packTransposed(module: WasmModule, { shape, transposed, transposedBytes }: WideLayer): Pack {
  const { inputs, units } = shape;
  const row = 4 * units;
  /** Four columns of eight rows, `half` of them at a time. */
  const quarter = module.inner([Int, Int], undefined, (f, from, to) => {
    const columns = transpose(f, [
      Lanes.at(from, 0),
      Lanes.at(from, row),
      Lanes.at(from, 2 * row),
      Lanes.at(from, 3 * row),
    ]);
    for (const [j, column] of columns.entries()) f.store(to, 32 * j, column);
  });
  const panel = module.inner([Int, Int], undefined, (f, from, to) => {
    const end = f.local(Int, to.plus(transposedBytes));
    f.loop(() => {
      f.run(quarter.call(from, to));
      f.run(quarter.call(from.plus(4 * row), to.plus(16)));
      from.set(from.plus(16));
      to.set(to.plus(128));
      return to.differs(end);
    });
  });
  return module.inner([Int, Int, Int], undefined, (f, thread, threads, weights) => {
    const q = f.local(Int);
    const [first, last] = shareOf(f, thread, threads, Math.ceil(inputs / 8));
    const step = (): void =>
      f.run(panel.call(q.times(8 * row).plus(weights), q.times(transposedBytes).plus(transposed)));
    f.count(q, first, last, 1, step, true);
  });
}
