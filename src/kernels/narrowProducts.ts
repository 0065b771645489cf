/**
 * The two matrix products of a narrow network for one block of rows, in tiles of four units by eight rows:
 *
 *     forward    Z = A W + b           sum over the inputs, upwards, the bias last
 *     backward   dC/dA = dZ W^T        sum over the units, upwards
 *
 * Each step of a sum reads eight rows of one number of the layer at the other side, and a weight for each unit of the tile:
 *
 *               rows 0-3   rows 4-7
 *     unit 0    sum        sum         += weight 0 in all lanes * the eight rows
 *     unit 1    sum        sum         += weight 1 …
 *     unit 2    sum        sum
 *     unit 3    sum        sum
 *
 * which are 12 registers of 16. The body of the loop is one step and no more: some engines order a longer one so that the
 * registers do not suffice.
 */
import type { LaneMathematics } from "./laneMathematics.ts";
import { blockBytes, EIGHT_ROWS, FOUR_ROWS, type NarrowLayer, STRIDE, tilesOf } from "./narrowLayout.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Lanes } from "./wasmValues.ts";

type Address = typeof Int;

/** What the sums of a tile run over. */
interface Terms {
  readonly count: number;
  /** Where the rows of the first number lie; those of the next are STRIDE further. */
  readonly rows: (offset: number) => { address: Int; offset: number };
  /** Address of the weights, with the offset of the first one of each unit of the tile, and bytes to the next. */
  readonly weights: Int;
  readonly offsets: readonly number[];
  readonly next: number;
}

/** Sums of a tile, `[unit][rows 0-3 or rows 4-7]`. */
function tileSums(f: WasmFunction, { count, rows, weights, offsets, next }: Terms): Local<Lanes>[][] {
  const halves = [0, 1];
  const start = rows(0);
  const four = halves.map(() => f.local(Lanes));
  const weight = f.local(Lanes);
  const read = (address: Int, offset: number): void => {
    for (const half of halves) four[half]!.set(Lanes.at(address, offset + half * FOUR_ROWS));
  };
  if (count === 1) {
    read(start.address, start.offset);
    return offsets.map((offset) => {
      weight.set(Lanes.splatAt(weights, offset));
      return four.map((x) => f.local(Lanes, weight.times(x)));
    });
  }
  const sums = offsets.map(() => halves.map(() => f.local(Lanes, Lanes.of(0))));
  const row = f.local(Int, start.address);
  const at = f.local(Int, weights);
  const end = f.local(Int, weights.plus(count * next));
  f.loop(() => {
    read(row, start.offset);
    for (const [unit, offset] of offsets.entries()) {
      weight.set(Lanes.splatAt(at, offset));
      for (const half of halves) sums[unit]![half]!.set(sums[unit]![half]!.plus(weight.times(four[half]!)));
    }
    row.set(row.plus(STRIDE));
    at.set(at.plus(next));
    return at.differs(end);
  });
  return sums;
}

/**
 * (w, input, end): z or a of one layer for the rows of a block up to `end`, in bytes from the first.
 *
 * @param below Address of the block below; undefined for the first layer, whose block is `input`.
 */
export function forwardFunction(
  module: WasmModule,
  mathematics: LaneMathematics,
  layer: NarrowLayer,
  below: number | undefined,
): Callable<readonly [Address, Address, Address], undefined> {
  const { inputs, units } = layer.shape;
  const { activation } = layer;
  // The last layer's activation belongs to the loss.
  const inline = !layer.isLast && activation?.cheap === true;
  return module.inner([Int, Int, Int], undefined, (f, w, input, end) => {
    const r = f.local(Int);
    f.count(r, 0, end, EIGHT_ROWS, () => {
      for (const { first, count } of tilesOf(units)) {
        const sums = tileSums(f, {
          count: inputs,
          rows: () =>
            below === undefined ? { address: input.plus(r), offset: 0 } : { address: r, offset: below },
          weights: w,
          offsets: Array.from({ length: count }, (_, u) => layer.weights + 4 * (first + u)),
          next: 4 * units,
        });
        for (const [u, halves] of sums.entries()) {
          // Added to +0, a bias of -0 and a single product of -0 give what a sum from +0 gives.
          const bias = f.local(Lanes, Lanes.splatAt(w, layer.biases + 4 * (first + u)).plus(0));
          for (const [half, sum] of halves.entries()) {
            const z = f.local(Lanes, sum.plus(bias));
            const offset = (first + u) * STRIDE + half * FOUR_ROWS;
            if (!inline) f.store(r, layer.z + offset, z);
            else {
              if (layer.z !== layer.a) f.store(r, layer.z + offset, z);
              f.store(r, layer.a + offset, value(mathematics, f, layer, z));
            }
          }
        }
      }
    });
    if (!layer.isLast && !inline) activate(f, mathematics, layer, end);
  });
}

/** a = s(z). */
function value(m: LaneMathematics, f: WasmFunction, layer: NarrowLayer, z: Local<Lanes>): Lanes {
  // A sum from +0 upwards is never -0, so this is all that relu has to do.
  if (layer.shape.activation === "relu") return z.atLeast(0);
  return layer.activation!.value(m, f, z);
}

/** Does the same to each four rows of each unit, up to `end`. */
function eachFour(f: WasmFunction, units: number, end: Int, body: (place: Local<Int>) => void): void {
  const line = f.local(Int);
  const place = f.local(Int);
  const stop = f.local(Int);
  f.count(line, 0, blockBytes(units), STRIDE, () => {
    stop.set(line.plus(end));
    f.count(place, line, stop, FOUR_ROWS, () => body(place));
  });
}

/** The activations that are no few operations, in a pass of their own. */
function activate(f: WasmFunction, m: LaneMathematics, layer: NarrowLayer, end: Int): void {
  const z = f.local(Lanes);
  eachFour(f, layer.shape.units, end, (place) => {
    z.set(Lanes.at(place, layer.z));
    f.store(place, layer.a, value(m, f, layer, z));
  });
}

/** (w, end): delta of the layer below, dC/dA times the mask, if it has one, times s'(z). */
export function backwardFunction(
  module: WasmModule,
  mathematics: LaneMathematics,
  layer: NarrowLayer,
  below: NarrowLayer,
): Callable<readonly [Address, Address], undefined> {
  const { inputs, units } = layer.shape;
  const inline = below.activation!.cheap && !below.drops;
  return module.inner([Int, Int], undefined, (f, w, end) => {
    const r = f.local(Int);
    const slope = slopes(f, mathematics, below);
    f.count(r, 0, end, EIGHT_ROWS, () => {
      for (const { first, count } of tilesOf(inputs)) {
        const sums = tileSums(f, {
          count: units,
          rows: () => ({ address: r, offset: layer.delta }),
          weights: w,
          offsets: Array.from({ length: count }, (_, i) => layer.weights + 4 * (first + i) * units),
          next: 4,
        });
        for (const [i, halves] of sums.entries()) {
          for (const [half, sum] of halves.entries()) {
            const offset = (first + i) * STRIDE + half * FOUR_ROWS;
            f.store(r, below.delta + offset, inline ? slope(r, offset, sum) : sum);
          }
        }
      }
    });
    if (inline) return undefined;
    eachFour(f, inputs, end, (place) =>
      f.store(place, below.delta, slope(place, 0, Lanes.at(place, below.delta))),
    );
    return undefined;
  });
}

/** Takes dC/dA there to dC/dZ. */
function slopes(
  f: WasmFunction,
  m: LaneMathematics,
  layer: NarrowLayer,
): (place: Int, offset: number, dA: Lanes) => Lanes {
  const { activation, shape } = layer;
  const z = f.local(Lanes);
  const a = f.local(Lanes);
  return (place, offset, dA) => {
    const kept = layer.drops ? dA.times(Lanes.at(place, layer.mask + offset)) : dA;
    if (shape.activation === "linear") return kept;
    a.set(Lanes.at(place, layer.a + offset));
    if (activation!.derivativeFrom === "z") z.set(Lanes.at(place, layer.z + offset));
    return kept.times(activation!.derivative(m, f, activation!.derivativeFrom === "z" ? z : a, a));
  };
}
