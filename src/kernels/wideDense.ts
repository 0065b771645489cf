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
import { Int, Lanes, Single } from "./wasmValues.ts";
import type { WideLayer } from "./wideLayout.ts";

type I = typeof Int;

const TILE_ROWS = 4;
const TILE_UNITS = 8;

/** Vectors of four units in a tile: two, or four where V8 is let to pair them into registers of eight lanes (`wider.ts`). */
export type TileVectors = 2 | 4;

/** What a tile works on: a left number for each row, and vectors of neighbours on the right. */
interface TileShape {
  /** Rows of the tile, up to four, and bytes between their left numbers. */
  readonly rows: number;
  readonly leftPlace: number;
  /** What the addresses grow by in a step. */
  readonly leftStep: number;
  readonly rightStep: number;
  /** Offset of each vector on the right. */
  readonly right: readonly number[];
}

/** The loop inside of a tile: adds left[i] * right[v] to sum i, v until `right` has reached `end`. */
function tileSums(
  f: WasmFunction,
  { rows, leftPlace, leftStep, rightStep, right: offsets }: TileShape,
  left: Local<Int>,
  right: Local<Int>,
  end: Int,
): Local<Lanes>[][] {
  const sums = Array.from({ length: rows }, () => offsets.map(() => f.local(Lanes)));
  const neighbours = offsets.map(() => f.local(Lanes));
  const number = f.local(Lanes);
  f.loop(() => {
    for (const [v, offset] of offsets.entries()) neighbours[v]!.set(Lanes.at(right, offset));
    for (const [i, row] of sums.entries()) {
      number.set(Lanes.splatAt(left, i * leftPlace));
      for (const [v, sum] of row.entries()) sum.set(sum.plus(number.times(neighbours[v]!)));
    }
    right.set(right.plus(rightStep));
    left.set(left.plus(leftStep));
    return right.differs(end);
  });
  return sums;
}

/** Where the vectors of a tile lie in panels of 8 units, and in rows. */
const inPanels = (vectors: number, panelBytes: number): number[] =>
  Array.from({ length: vectors }, (_, v) => (v >> 1) * panelBytes + 16 * (v & 1));
const inRows = (vectors: number): number[] => Array.from({ length: vectors }, (_, v) => 16 * v);

/** Calls `tile` for whole tiles over `panels` panels of 8 units, and one of half the width for what is left. */
function overPanels(
  f: WasmFunction,
  panels: number,
  vectors: TileVectors,
  tile: (vectors: TileVectors, panel: Int) => void,
): void {
  const each = vectors / 2;
  const whole = panels - (panels % each);
  const panel = f.local(Int);
  if (whole > 0) f.count(panel, 0, whole, each, () => tile(vectors, panel));
  if (whole < panels) {
    panel.set(Int.of(whole));
    tile(2, panel);
  }
}

/** One function for each width of tile that is asked for. */
function byWidth<F>(make: (vectors: TileVectors) => F): (vectors: TileVectors) => F {
  const made = new Map<TileVectors, F>();
  return (vectors) => {
    const found = made.get(vectors) ?? make(vectors);
    made.set(vectors, found);
    return found;
  };
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
  width: TileVectors,
): Callable<readonly [I, I, I], undefined> {
  const tile = byWidth((vectors) =>
    module.inner([Int, Int, Int, Int], undefined, (f, a, w, b, to) => {
      const end = f.local(Int, w.plus(panelBytes));
      const right = inPanels(vectors, panelBytes);
      const at = { rows: TILE_ROWS, leftPlace: input.stride, leftStep: 4, rightStep: 32, right };
      const sum = f.local(Lanes);
      for (const [i, row] of tileSums(f, at, a, w, end).entries()) {
        for (const [v, each] of row.entries()) {
          sum.set(each.plus(Lanes.at(b, 16 * v)));
          f.store(to, i * z.stride + 16 * v, finish(f, sum));
        }
      }
    }),
  );
  // Functions are made one after the other, so those that are called come first.
  const count = Math.ceil(shape.units / TILE_UNITS);
  prepareTiles(tile, count, width);
  return module.inner([Int, Int, Int], undefined, (f, biases, row, rowEnd) => {
    const r = f.local(Int);
    overPanels(f, count, width, (vectors, panel) => {
      f.count(r, row, rowEnd, TILE_ROWS, () => {
        const a = r.times(input.stride).plus(input.address);
        const w = panel.times(panelBytes).plus(panels);
        const to = r.times(z.stride).plus(panel.times(32)).plus(z.address);
        f.run(tile(vectors).call(a, w, biases.plus(panel.times(32)), to));
      });
    });
  });
}

/** Makes the tiles that `overPanels` will ask for. */
function prepareTiles(tile: (vectors: TileVectors) => unknown, panels: number, width: TileVectors): void {
  if (panels >= width / 2) tile(width);
  if (panels % (width / 2) > 0) tile(2);
}

/** The delta of the layer below, before its own derivative, for rows `row` … `rowEnd` - 1, from the transposed panels. */
export function denseBackward(
  module: WasmModule,
  { shape, delta, transposed, transposedBytes }: WideLayer,
  below: WideLayer,
  width: TileVectors,
): Callable<readonly [I, I], undefined> {
  const tile = byWidth((vectors) =>
    module.inner([Int, Int, Int], undefined, (f, d, w, to) => {
      const end = f.local(Int, w.plus(32 * shape.units));
      const right = inPanels(vectors, transposedBytes);
      const at = { rows: TILE_ROWS, leftPlace: delta.stride, leftStep: 4, rightStep: 32, right };
      for (const [i, row] of tileSums(f, at, d, w, end).entries()) {
        for (const [v, sum] of row.entries()) f.store(to, i * below.delta.stride + 16 * v, sum);
      }
    }),
  );
  const count = Math.ceil(shape.inputs / TILE_UNITS);
  prepareTiles(tile, count, width);
  return module.inner([Int, Int], undefined, (f, row, rowEnd) => {
    const r = f.local(Int);
    overPanels(f, count, width, (vectors, panel) => {
      f.count(r, row, rowEnd, TILE_ROWS, () => {
        const d = r.times(delta.stride).plus(delta.address);
        const w = panel.times(transposedBytes).plus(transposed);
        const to = r.times(below.delta.stride).plus(panel.times(32)).plus(below.delta.address);
        f.run(tile(vectors).call(d, w, to));
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
  else for (let lane = 0; lane < count; lane++) f.store(address, offset + 4 * lane, v.lane(lane));
}

/**
 * dW over `rows` rows, times `share`, into the flat gradient `g`; each thread has its share of the inputs.
 *
 * Parameters: thread, threads, address of the layer's weights in g, rows, share.
 */
export function denseGradient(
  module: WasmModule,
  { shape, input, delta }: WideLayer,
  width: TileVectors,
): Callable<readonly [I, I, I, I, typeof Single], undefined> {
  const { inputs, units } = shape;
  /** `columns` says how many of the tile's units there are. */
  const tile = (rows: number, columns: number) =>
    module.inner([Int, Int, Int, Int, Single], undefined, (f, a, d, end, to, share) => {
      const right = inRows(Math.max(2, Math.ceil(columns / 4)));
      const at = { rows, leftPlace: 4, leftStep: input.stride, rightStep: delta.stride, right };
      const sums = tileSums(f, at, a, d, end);
      const factor = f.local(Lanes, share.splat());
      for (const [i, row] of sums.entries()) {
        for (const [v, sum] of row.entries()) {
          sum.set(sum.times(factor));
          storeLanes(f, to, 4 * i * units + 16 * v, sum, columns - 4 * v);
        }
      }
    });
  const wide = 4 * width;
  const wholes = Math.floor(units / wide);
  const lastRows = inputs % TILE_ROWS;
  /** All tiles of one strip of inputs: whole ones, then at most one of 8 units, and what is left. */
  const strip = (rows: number) => {
    const whole = wholes > 0 ? tile(rows, wide) : undefined;
    const rest: { at: number; run: ReturnType<typeof tile> }[] = [];
    for (let unit = wholes * wide; unit < units; unit += TILE_UNITS) {
      rest.push({ at: 4 * unit, run: tile(rows, Math.min(TILE_UNITS, units - unit)) });
    }
    return module.inner([Int, Int, Int, Single], undefined, (f, i, to, count, share) => {
      const a = f.local(Int, i.times(4).plus(input.address));
      const end = f.local(Int, count.times(delta.stride).plus(delta.address));
      const at = f.local(Int);
      if (whole !== undefined) {
        f.count(at, 0, 4 * wholes * wide, 4 * wide, () => {
          f.run(whole.call(a, at.plus(delta.address), end.plus(at), to.plus(at), share));
        });
      }
      for (const { at: offset, run } of rest) {
        f.run(run.call(a, Int.of(delta.address + offset), end.plus(offset), to.plus(offset), share));
      }
    });
  };
  const wholeStrip = inputs >= TILE_ROWS ? strip(TILE_ROWS) : undefined;
  const lastStrip = lastRows > 0 ? strip(lastRows) : undefined;
  const full = inputs - lastRows;
  return module.inner([Int, Int, Int, Int, Single], undefined, (f, thread, threads, g, rows, share) => {
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
): Callable<readonly [I, I, I, I, typeof Single], undefined> {
  const { units } = shape;
  const column = module.inner([Int, Int, Single], Lanes, (f, d, rows, share) => {
    const sum = f.local(Lanes);
    const end = f.local(Int, d.plus(rows.times(delta.stride)));
    f.loop(() => {
      sum.set(sum.plus(Lanes.at(d)));
      d.set(d.plus(delta.stride));
      return d.differs(end);
    });
    return sum.times(share.splat());
  });
  return module.inner([Int, Int, Int, Int, Single], undefined, (f, thread, threads, g, rows, share) => {
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
