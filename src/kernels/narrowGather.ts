/**
 * Rows of the data into blocks and back: `[row][unit]` in the data is `[unit][row]` in a block (`narrowLayout.ts`), so four
 * rows of four units are turned around at a time.
 *
 *     row 0   a b c d        unit 0   a e i m
 *     row 1   e f g h   →    unit 1   b f j n
 *     row 2   i j k l        unit 2   c g k o
 *     row 3   m n o p        unit 3   d h l p
 */
import { blockBytes, STRIDE } from "./narrowLayout.ts";
import { BLOCK_ROWS } from "./reduction.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Ints, Lanes, Single } from "./wasmValues.ts";

type Address = typeof Int;

/** The four columns of four rows. */
export function transposed(f: WasmFunction, rows: readonly Lanes[]): [Lanes, Lanes, Lanes, Lanes] {
  const [a, b, c, d] = rows as [Lanes, Lanes, Lanes, Lanes];
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

/** (data, scale, order, from, rows, to): rows of the data into blocks at `to`, up to a multiple of eight. */
export type Gather = Callable<
  readonly [Address, typeof Single, Address, Address, Address, Address],
  undefined
>;

/**
 * Goes through the rows four at a time.
 *
 * @param body Is given the numbers of the four rows in the data, and the place of the first in its block.
 */
function eachFour(
  f: WasmFunction,
  width: number,
  [order, from, rows, to]: readonly [Int, Int, Int, Int],
  body: (numbers: Local<Int>[], place: Local<Int>) => void,
): void {
  const r = f.local(Int);
  const place = f.local(Int);
  const last = f.local(Int, rows.minus(1));
  const numbers = [0, 1, 2, 3].map(() => f.local(Int));
  f.count(r, 0, f.local(Int, rows.plus(7).and(-8)), 4, () => {
    const block = r.over(BLOCK_ROWS).times(blockBytes(width));
    place.set(to.plus(block).plus(r.and(BLOCK_ROWS - 1).times(4)));
    for (const [lane, number] of numbers.entries()) {
      number.set(r.plus(lane));
      number.set(number.where(number.less(last), last).plus(from));
      f.if(order.differs(0), () => number.set(Int.at(order.plus(number.shiftLeft(2)))));
    }
    body(numbers, place);
  });
}

/** Rows of `width` float32 numbers, or of bytes that count times the scale. */
export function gatherFunction(module: WasmModule, width: number, form: "floats" | "bytes"): Gather {
  const size = form === "bytes" ? 1 : 4;
  return module.inner([Int, Single, Int, Int, Int, Int], undefined, (f, data, scale, ...rows) => {
    const factor = f.local(Lanes, scale.splat());
    const four = (address: Int, unit: number): Lanes =>
      form === "bytes" ? Ints.bytesAt(address, unit).toLanes().times(factor) : Lanes.at(address, 4 * unit);
    eachFour(f, width, rows, (numbers, place) => {
      const addresses = numbers.map((number) => f.local(Int, data.plus(number.times(width * size))));
      for (let unit = 0; unit < width; unit += 4) {
        const columns = transposed(
          f,
          addresses.map((address) => f.local(Lanes, four(address, unit))),
        );
        for (const [i, column] of columns.slice(0, width - unit).entries())
          f.store(place, (unit + i) * STRIDE, column);
      }
    });
  });
}

/** A label byte a row: 1 for the unit that it names, 0 for the others. */
function gatherLabels(module: WasmModule, width: number): Gather {
  return module.inner([Int, Single, Int, Int, Int, Int], undefined, (f, data, _scale, ...rows) => {
    const labels = f.local(Ints);
    eachFour(f, width, rows, (numbers, place) => {
      for (const [lane, number] of numbers.entries())
        labels.set(labels.withLane(lane, Int.byteAt(data.plus(number))));
      for (let unit = 0; unit < width; unit++)
        f.store(place, unit * STRIDE, Lanes.of(1).and(labels.equals(unit).asLanes()));
    });
  });
}

/** (data, bytes, scale, order, from, rows, to): inputs of either form. */
export type GatherInputs = Callable<
  readonly [Address, Address, typeof Single, Address, Address, Address, Address],
  undefined
>;

export function gatherInputs(module: WasmModule, width: number): GatherInputs {
  const ofBytes = gatherFunction(module, width, "bytes");
  const ofFloats = gatherFunction(module, width, "floats");
  return module.inner([Int, Int, Single, Int, Int, Int, Int], undefined, (f, data, bytes, ...rest) =>
    f.if(
      bytes,
      () => f.run(ofBytes.call(data, ...rest)),
      () => f.run(ofFloats.call(data, ...rest)),
    ),
  );
}

/** (data, labels, order, from, rows, to): targets of either form. */
export function gatherTargets(
  module: WasmModule,
  width: number,
): Callable<readonly [Address, Address, Address, Address, Address, Address], undefined> {
  const ofLabels = gatherLabels(module, width);
  const ofFloats = gatherFunction(module, width, "floats");
  return module.inner([Int, Int, Int, Int, Int, Int], undefined, (f, data, labels, ...rest) =>
    f.if(
      labels,
      () => f.run(ofLabels.call(data, Single.of(1), ...rest)),
      () => f.run(ofFloats.call(data, Single.of(1), ...rest)),
    ),
  );
}

/** (out, count): `count` rows of a block at `block` to `out`, `[count, width]`. */
export function scatterFunction(
  module: WasmModule,
  width: number,
  block: number,
): Callable<readonly [Address, Address], undefined> {
  return module.inner([Int, Int], undefined, (f, out, count) => {
    const r = f.local(Int);
    const to = f.local(Int);
    f.count(r, 0, count, 4, () => {
      to.set(out.plus(r.times(4 * width)));
      const place = f.local(Int, r.shiftLeft(2));
      for (let unit = 0; unit < width; unit += 4) {
        const lines = [0, 1, 2, 3].map((i) => {
          const line = Math.min(unit + i, width - 1);
          return f.local(Lanes, Lanes.at(place, block + line * STRIDE));
        });
        for (const [lane, row] of transposed(f, lines).entries()) {
          const put = (): void => storeFirst(f, to, 4 * (lane * width + unit), row, width - unit);
          if (lane === 0) put();
          else f.if(r.plus(lane).lessUnsigned(count), put);
        }
      }
    });
  });
}

/** The first `count` lanes, all four where it is more. */
export function storeFirst(f: WasmFunction, address: Int, offset: number, x: Lanes, count: number): void {
  if (count >= 4) {
    f.store(address, offset, x);
    return;
  }
  const held = f.local(Lanes, x);
  for (let lane = 0; lane < count; lane++) f.storeLane(address, offset + 4 * lane, held, lane);
}
