/**
 * The products of a layer whose inputs are mostly zero, such as the pixels of handwritten digits, one-hot columns, or what
 * ReLU lets through: only the numbers that are not zero are looked at. The bits are those of the dense products, since a sum
 * that began at +0 does not change when ±0 is added to it.
 *
 * `compress` goes through the rows once and writes each number twice:
 *
 *     entries of row r    {offset of W[i] in its panel, x[r][i]}, …   i ascending: the order of the forward sum
 *     list of input i     {offset of row r in delta, x[r][i]}, …      r ascending: the order of the gradient's sum
 *
 * Threads compress rows of their own and write into their own part of each list, which begins at the place of their first row;
 * read in the order of threads, the parts hold ascending rows, whatever the number of threads.
 *
 *     list of input 5     | rows 0 … 63 of thread 0:  ▪▪▪▪░░░░░ | rows 64 … 127 of thread 1:  ▪▪░░░░░░░ |
 */
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Ints, Lanes, Single } from "./wasmValues.ts";
import { type Finish, storeLanes } from "./wideDense.ts";
import { ENTRY, type WideLayer } from "./wideLayout.ts";

type I = typeof Int;

/** Vectors of four units whose sums are formed at once. V8 of Node 20 loads all before it adds the first, and with eight it runs out of registers. */
const STRIP = 6;

/** Strips of a layer: eight vectors each, and what is left. */
function strips(units: number): { at: number; vectors: number; last: number }[] {
  const out: { at: number; vectors: number; last: number }[] = [];
  for (let unit = 0; unit < units; unit += 4 * STRIP) {
    const width = Math.min(4 * STRIP, units - unit);
    const vectors = Math.ceil(width / 4);
    out.push({ at: 4 * unit, vectors, last: width - 4 * (vectors - 1) });
  }
  return out;
}

/** Adds number * row[v] to each sum for the entries from `p` to `end`; `row` is the address that an entry's offset leads to. */
function entrySums(
  f: WasmFunction,
  sums: readonly Local<Lanes>[],
  p: Local<Int>,
  end: Int,
  rowAt: (offset: Int) => Int,
  vectorAt: (row: Int, v: number) => Lanes,
): void {
  const row = f.local(Int);
  const number = f.local(Lanes);
  f.loop(() => {
    row.set(rowAt(Int.at(p, 0)));
    number.set(Lanes.splatAt(p, 4));
    for (const [v, sum] of sums.entries()) sum.set(sum.plus(number.times(vectorAt(row, v))));
    p.set(p.plus(ENTRY));
    return p.differs(end);
  });
}

/**
 * Z = A W + b of rows `row` … `rowEnd` - 1 from their entries, then `finish`. Parameters: weights, biases, row, rowEnd.
 *
 * The weights are read from the panels, where what a strip needs lies close together; `asTheyLie` reads them from the
 * parameters themselves, for a few rows, for which packing would not pay.
 */
export function sparseForward(
  module: WasmModule,
  { shape, z, entries, entryEnds, panels, panelBytes }: WideLayer,
  finish: Finish,
  asTheyLie: boolean,
): Callable<readonly [I, I, I, I], undefined> {
  const { units } = shape;
  const made = new Map<number, ReturnType<typeof strip>>();
  const strip = (vectors: number) =>
    module.inner([Int, Int, Int, Int, Int], undefined, (f, weights, biases, to, p, end) => {
      const sums = Array.from({ length: vectors }, () => f.local(Lanes));
      const inPanels = (row: Int, v: number): Lanes => Lanes.at(row, (v >> 1) * panelBytes + 16 * (v & 1));
      f.if(p.differs(end), () => {
        if (asTheyLie) {
          const rowAt = (offset: Int): Int => offset.shiftRight(3).times(units).plus(weights);
          entrySums(f, sums, p, end, rowAt, (row, v) => Lanes.at(row, 16 * v));
        } else entrySums(f, sums, p, end, (offset) => offset.plus(weights), inPanels);
      });
      for (const [v, sum] of sums.entries()) {
        sum.set(sum.plus(Lanes.at(biases, 16 * v)));
        f.store(to, 16 * v, finish(f, sum));
      }
    });
  const parts = strips(units).map(({ at, vectors }) => {
    const run = made.get(vectors) ?? strip(vectors);
    made.set(vectors, run);
    return { at, run };
  });
  return module.inner([Int, Int, Int, Int], undefined, (f, weights, biases, row, rowEnd) => {
    const r = f.local(Int);
    for (const { at, run } of parts) {
      f.count(r, row, rowEnd, 1, () => {
        const from = r.times(entries.stride).plus(entries.address);
        const to = r.times(z.stride).plus(z.address + at);
        const end = Int.at(r.times(4), entryEnds);
        const w = asTheyLie ? weights.plus(at) : Int.of(panels + (at / 32) * panelBytes);
        f.run(run.call(w, biases.plus(at), to, from, end));
      });
    }
  });
}

/**
 * dW from the lists, times `share`, into the flat gradient; threads take turns at groups of 16 inputs, since the busy ones
 * stand together. Parameters: thread, threads, address of the layer's weights in g, rows, share, and in how many parts the lists are.
 */
export function sparseGradient(
  module: WasmModule,
  { shape, delta, lists, listEnds }: WideLayer,
): Callable<readonly [I, I, I, I, typeof Single, I], undefined> {
  const { inputs, units } = shape;
  /** One strip of one input. */
  const input = (at: number, vectors: number, last: number) =>
    module.inner([Int, Int, Int, Int, Single], undefined, (f, i, to, parts, rows, share) => {
      const sums = Array.from({ length: vectors }, () => f.local(Lanes));
      const list = f.local(Int, i.times(lists.stride).plus(lists.address));
      const p = f.local(Int);
      const end = f.local(Int);
      const part = f.local(Int);
      const groups = f.local(Int, rows.plus(3).shiftRight(2));
      f.loop(() => {
        // Where the rows of this part begin: see `shareOf`, of groups of four.
        const firstRow = groups.times(part).over(parts).times(4);
        p.set(firstRow.times(ENTRY).plus(list));
        end.set(Int.at(part.times(inputs).plus(i).times(4), listEnds));
        f.if(p.differs(end), () =>
          entrySums(
            f,
            sums,
            p,
            end,
            (offset) => offset,
            (row, v) => Lanes.at(row, delta.address + at + 16 * v),
          ),
        );
        part.set(part.plus(1));
        return part.lessUnsigned(parts);
      });
      const factor = f.local(Lanes, share.splat());
      for (const [v, sum] of sums.entries()) {
        sum.set(sum.times(factor));
        storeLanes(f, to, 16 * v, sum, v === vectors - 1 ? last : 4);
      }
    });
  const all = strips(units).map(({ at, vectors, last }) => {
    return { at, run: input(at, vectors, last) };
  });
  return module.inner(
    [Int, Int, Int, Int, Single, Int],
    undefined,
    (f, thread, threads, g, rows, share, parts) => {
      const group = f.local(Int);
      const i = f.local(Int);
      const groups = Math.ceil(inputs / 16);
      for (const { at, run } of all) {
        group.set(thread);
        f.if(group.less(groups), () => {
          f.loop(() => {
            const first = group.times(16);
            const end = first.plus(16).where(first.plus(16).less(inputs), inputs);
            f.count(i, first, end, 1, () => {
              f.run(run.call(i, i.times(4 * units).plus(g.plus(at)), parts, rows, share));
            });
            group.set(group.plus(threads));
            return group.less(groups);
          });
        });
      }
    },
  );
}

/** The numbers of one row, and how to tell which are not zero. */
export interface RowReader {
  /** Numbers that are looked at in one go. */
  readonly step: number;
  /** Bytes from one number to the next. */
  readonly width: number;
  /** One bit for each of `step` numbers at an address, set where it is not zero. */
  notZero(address: Int): Int;
  /** The float32 number there. */
  number(address: Int): Lanes;
}

/** float32 numbers, sixteen in one go. */
export const floatReader: RowReader = {
  step: 16,
  width: 4,
  notZero: (address) => {
    const [a, b, c, d] = [0, 16, 32, 48].map((offset) => Lanes.at(address, offset).differs(0).asInts());
    return a!.narrow(b!).narrowBytes(c!.narrow(d!)).bytesNotZero();
  },
  number: (address) => Lanes.splatAt(address),
};

/** Bytes, sixteen in one go, through the table of their products with the scale. */
export function byteReader(table: number): RowReader {
  return {
    step: 16,
    width: 1,
    notZero: (address) => Ints.at(address).bytesNotZero(),
    number: (address) => Lanes.splatAt(Int.byteAt(address).times(4), table),
  };
}

/**
 * Writes the entries of one row, and its part of the lists where a gradient will be asked for.
 *
 * Parameters: address of the row's numbers, the row r in the block, thread, whether to write lists.
 */
export function compressRow(
  module: WasmModule,
  { shape, delta, entries, entryEnds, listEnds }: WideLayer,
  reader: RowReader,
  learns: boolean,
): Callable<readonly [I, I, I, I], undefined> {
  const { inputs } = shape;
  return module.inner([Int, Int, Int, Int], undefined, (f, from, r, thread, withLists) => {
    const to = f.local(Int, r.times(entries.stride).plus(entries.address));
    const bits = f.local(Int);
    const base = f.local(Int);
    const i = f.local(Int);
    const number = f.local(Lanes);
    const cursor = f.local(Int);
    const place = f.local(Int);
    const deltaRow = r.times(delta.stride);
    const each = (alsoLists: boolean): void => {
      // The lowest bit that is set, then the next one, …
      f.loop(() => {
        i.set(bits.trailingZeros().plus(base));
        number.set(reader.number(i.times(reader.width).plus(from)));
        f.store(to, 0, i.times(32));
        f.storeLane(to, 4, number, 0);
        to.set(to.plus(ENTRY));
        if (alsoLists) {
          cursor.set(thread.times(inputs).plus(i).times(4));
          place.set(Int.at(cursor, listEnds));
          f.store(place, 0, deltaRow);
          f.storeLane(place, 4, number, 0);
          f.store(cursor, listEnds, place.plus(ENTRY));
        }
        bits.set(bits.and(bits.minus(1)));
        return bits;
      });
    };
    const scan = (alsoLists: boolean): void =>
      f.count(base, 0, inputs, reader.step, () => {
        bits.set(reader.notZero(base.times(reader.width).plus(from)));
        const past = inputs % reader.step;
        // What was read beyond the last number does not count.
        if (past > 0) {
          const inside = Int.of((1 << past) - 1).where(base.equals(inputs - past), -1);
          bits.set(bits.and(inside));
        }
        f.if(bits, () => each(alsoLists));
      });
    if (learns) {
      f.if(
        withLists,
        () => scan(true),
        () => scan(false),
      );
    } else scan(false);
    f.store(r.times(4), entryEnds, to);
  });
}

/** Sets the ends of a thread's part of every list to its beginning. Parameters: thread, the thread's first row. */
export function clearLists(
  module: WasmModule,
  { shape, lists, listEnds }: WideLayer,
): Callable<readonly [I, I], undefined> {
  const { inputs } = shape;
  return module.inner([Int, Int], undefined, (f, thread, firstRow) => {
    const to = f.local(Int, thread.times(4 * inputs).plus(listEnds));
    const end = f.local(Int, to.plus(4 * inputs));
    const place = f.local(Int, firstRow.times(ENTRY).plus(lists.address));
    f.loop(() => {
      f.store(to, 0, place);
      place.set(place.plus(lists.stride));
      to.set(to.plus(4));
      return to.differs(end);
    });
  });
}
