/**
 * The three products of a dense layer, in tiles of 4 × 8 numbers that stay in registers while their sums are formed:
 *
 *     forward    z[r][j]     = sum over inputs k of  out[r][k] W[k][j]          + b[j]
 *     backward   delta[r][i] = sum over units  j of  dZ[r][j]  W[i][j]
 *     gradient   dW[i][j]    = sum over rows   r of  out[r][i] dZ[r][j]
 *
 *                 8 units →            One step of the inner loop takes 4 numbers of the left matrix, each
 *              ┌────┬────┐             in all lanes of a register, and 8 neighbours of the right one, in two
 *     4 rows   │ c0 │ c1 │             registers: 8 products are added to 8 registers of sums. The sums run
 *       ↓      │ c2 │ c3 │             over ascending index from +0, as the contract has it.
 *              │ c4 │ c5 │
 *              │ c6 │ c7 │             V8 of Node 20 keeps all of this in registers only with one step in the
 *              └────┴────┘             loop's body: unrolling made it two to three times slower.
 */
import { shareOf } from "./share.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes } from "./wasmValues.ts";
import type { WideLayer } from "./wideLayout.ts";

type I = typeof Int;

const TILE_ROWS = 4;
const TILE_UNITS = 8;

/**
 * The loop inside of a tile: adds left[i] * right[j] to the sums until `right` has reached `end`.
 *
 * @param rows      How many numbers of the left matrix, up to four.
 * @param leftPlace Bytes between them.
 * @param leftStep  What the left address grows by in a step; likewise for the right one.
 */
function tileSums(
  f: WasmFunction,
  rows: number,
  left: Local<Int>,
  leftPlace: number,
  leftStep: number,
  right: Local<Int>,
  rightStep: number,
  end: Int,
): Local<Lanes>[] {
  const sums = Array.from({ length: 2 * rows }, () => f.local(Lanes));
  const right0 = f.local(Lanes);
  const right1 = f.local(Lanes);
  const number = f.local(Lanes);
  f.loop(() => {
    right0.set(Lanes.at(right, 0));
    right1.set(Lanes.at(right, 16));
    for (let i = 0; i < rows; i++) {
      const [low, high] = [sums[2 * i]!, sums[2 * i + 1]!];
      number.set(Lanes.splatAt(left, i * leftPlace));
      low.set(low.plus(number.times(right0)));
      high.set(high.plus(number.times(right1)));
    }
    right.set(right.plus(rightStep));
    left.set(left.plus(leftStep));
    return right.differs(end);
  });
  return sums;
}

/** What is done to a vector of sums before it is stored. */
export type Finish = (f: WasmFunction, z: Local<Lanes>) => Lanes;

/**
 * Z = A W + b for rows `row` … `rowEnd` - 1 (rounded up to whole tiles) from the packed panels; `finish` then goes over it.
 */
export function denseForward(
  module: WasmModule,
  { shape, input, z, panels, panelBytes }: WideLayer,
  finish: Finish,
): Callable<readonly [I, I, I], undefined> {
  const tile = module.inner([Int, Int, Int, Int], undefined, (f, a, w, b, to) => {
    const end = f.local(Int, w.plus(panelBytes));
    const sums = tileSums(f, TILE_ROWS, a, input.stride, 4, w, 32, end);
    const sum = f.local(Lanes);
    for (const [i, each] of sums.entries()) {
      const [row, half] = [i >> 1, 16 * (i & 1)];
      sum.set(each.plus(Lanes.at(b, half)));
      f.store(to, row * z.stride + half, finish(f, sum));
    }
  });
  return module.inner([Int, Int, Int], undefined, (f, biases, row, rowEnd) => {
    const panel = f.local(Int);
    const r = f.local(Int);
    f.count(panel, 0, Math.ceil(shape.units / TILE_UNITS), 1, () => {
      f.count(r, row, rowEnd, TILE_ROWS, () => {
        const a = r.times(input.stride).plus(input.address);
        const w = panel.times(panelBytes).plus(panels);
        const to = r.times(z.stride).plus(panel.times(32)).plus(z.address);
        f.run(tile.call(a, w, biases.plus(panel.times(32)), to));
      });
    });
  });
}

/** The delta of the layer below, before its own derivative, for rows `row` … `rowEnd` - 1, from the transposed panels. */
export function denseBackward(
  module: WasmModule,
  { shape, delta, transposed, transposedBytes }: WideLayer,
  below: WideLayer,
): Callable<readonly [I, I], undefined> {
  const tile = module.inner([Int, Int, Int], undefined, (f, d, w, to) => {
    const end = f.local(Int, w.plus(32 * shape.units));
    const sums = tileSums(f, TILE_ROWS, d, delta.stride, 4, w, 32, end);
    for (const [i, sum] of sums.entries()) f.store(to, (i >> 1) * below.delta.stride + 16 * (i & 1), sum);
  });
  return module.inner([Int, Int], undefined, (f, row, rowEnd) => {
    const panel = f.local(Int);
    const r = f.local(Int);
    f.count(panel, 0, Math.ceil(shape.inputs / TILE_UNITS), 1, () => {
      f.count(r, row, rowEnd, TILE_ROWS, () => {
        const d = r.times(delta.stride).plus(delta.address);
        const w = panel.times(transposedBytes).plus(transposed);
        const to = r.times(below.delta.stride).plus(panel.times(32)).plus(below.delta.address);
        f.run(tile.call(d, w, to));
      });
    });
  });
}

/** Writes the first `count` lanes of a vector. */
export function storeLanes(
  f: WasmFunction,
  address: Int,
  offset: number,
  v: Local<Lanes>,
  count: number,
): void {
  if (count >= 4) f.store(address, offset, v);
  else for (let lane = 0; lane < count; lane++) f.storeLane(address, offset + 4 * lane, v, lane);
}

/**
 * dW over `rows` rows, times `share`, into the flat gradient `g`; each thread has its share of the inputs.
 *
 * Parameters: thread, threads, address of the layer's weights in g, rows, share.
 */
export function denseGradient(
  module: WasmModule,
  { shape, input, delta }: WideLayer,
): Callable<readonly [I, I, I, I, typeof Lanes], undefined> {
  const { inputs, units } = shape;
  const tile = (rows: number, columns: number) =>
    module.inner([Int, Int, Int, Int, Lanes], undefined, (f, a, d, end, to, share) => {
      const sums = tileSums(f, rows, a, 4, input.stride, d, delta.stride, end);
      for (const [i, sum] of sums.entries()) {
        sum.set(sum.times(share));
        const half = i & 1;
        storeLanes(f, to, (i >> 1) * 4 * units + 16 * half, sum, columns - 4 * half);
      }
    });
  const lastColumns = units % TILE_UNITS;
  const lastRows = inputs % TILE_ROWS;
  /** All panels of one strip of inputs. */
  const strip = (rows: number) => {
    const whole = tile(rows, TILE_UNITS);
    const last = lastColumns > 0 ? tile(rows, lastColumns) : undefined;
    const panels = Math.floor(units / TILE_UNITS);
    return module.inner([Int, Int, Int, Lanes], undefined, (f, i, to, count, share) => {
      const a = f.local(Int, i.times(4).plus(input.address));
      const end = f.local(Int, count.times(delta.stride).plus(delta.address));
      const panel = f.local(Int);
      if (panels > 0) {
        f.count(panel, 0, panels * 32, 32, () => {
          f.run(whole.call(a, panel.plus(delta.address), end.plus(panel), to.plus(panel), share));
        });
      }
      if (last !== undefined) {
        const at = panels * 32;
        f.run(last.call(a, Int.of(delta.address + at), end.plus(at), to.plus(at), share));
      }
    });
  };
  const wholeStrip = inputs >= TILE_ROWS ? strip(TILE_ROWS) : undefined;
  const lastStrip = lastRows > 0 ? strip(lastRows) : undefined;
  const full = inputs - lastRows;
  return module.inner([Int, Int, Int, Int, Lanes], undefined, (f, thread, threads, g, rows, share) => {
    const i = f.local(Int);
    if (wholeStrip !== undefined) {
      const [from, to] = shareOf(f, thread, threads, full / TILE_ROWS);
      f.count(
        i,
        from.times(TILE_ROWS),
        to.times(TILE_ROWS),
        TILE_ROWS,
        () => f.run(wholeStrip.call(i, i.times(4 * units).plus(g), rows, share)),
        true,
      );
    }
    if (lastStrip !== undefined) {
      f.if(thread.equals(0), () => {
        f.run(lastStrip.call(Int.of(full), g.plus(4 * units * full), rows, share));
      });
    }
  });
}

/** db over `rows` rows, times `share`; each thread has its share of the units. Parameters: thread, threads, address in g, rows, share. */
export function biasGradient(
  module: WasmModule,
  { shape, delta }: WideLayer,
): Callable<readonly [I, I, I, I, typeof Lanes], undefined> {
  const { units } = shape;
  const column = module.inner([Int, Int, Lanes], Lanes, (f, d, rows, share) => {
    const sum = f.local(Lanes);
    const end = f.local(Int, d.plus(rows.times(delta.stride)));
    f.loop(() => {
      sum.set(sum.plus(Lanes.at(d)));
      d.set(d.plus(delta.stride));
      return d.differs(end);
    });
    return sum.times(share);
  });
  return module.inner([Int, Int, Int, Int, Lanes], undefined, (f, thread, threads, g, rows, share) => {
    const at = f.local(Int);
    const whole = 16 * Math.floor(units / 4);
    const sum = f.local(Lanes);
    if (whole > 0) {
      const [from, to] = shareOf(f, thread, threads, whole / 16);
      f.count(
        at,
        from.times(16),
        to.times(16),
        16,
        () => f.store(at.plus(g), 0, column.call(at.plus(delta.address), rows, share)),
        true,
      );
    }
    if (units % 4 > 0) {
      f.if(thread.equals(0), () => {
        sum.set(column.call(Int.of(delta.address + whole), rows, share));
        storeLanes(f, g, whole, sum, units % 4);
      });
    }
  });
}
