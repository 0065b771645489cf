/**
 * One layer of a narrow network for one example, units in the lanes: forward, backward, and its update.
 *
 *     forward    z     = sum over the inputs of  a_i * W_i     a number in all lanes times a row of W
 *     backward   dC/da = sum over the units of   dz_j * W^T_j  four rows of W turned around at a time
 *     update     of W_i by a_i * dz, and of b by dz
 *
 * All sums run upwards, one chain in each lane; the bias comes last. They begin with their first term, not at +0: that can
 * make -0 of +0, which nobody sees, since training looks at z and delta only by way of other sums. What is in the lanes
 * stays in locals; a loop at run time reads single numbers from memory.
 */
import type { LaneMathematics } from "./laneMathematics.ts";
import { transposed } from "./narrowGather.ts";
import { firstLanes, type SingleLayer, vectors } from "./narrowSingleLayout.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import { Int, Lanes } from "./wasmValues.ts";

/** Numbers of one layer, four in each local; also in memory, as far as someone needs them there. */
export type Row = readonly Local<Lanes>[];

/** Keeps what is said in the body together: engines take the loads of a long piece of code first and run out of registers. */
export type Group = (body: () => void) => void;

/** Vectors that a loop at run time adds up at once. */
const AT_ONCE = 4;

/** What is made of 0 … n - 1. */
export const each = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));

/** The row that lies there. */
export const rowAt = (f: WasmFunction, address: number, count: number): Row =>
  each(vectors(count), (v) => f.local(Lanes, Lanes.at(Int.of(0), address + 16 * v)));

/** Number i of a row in all lanes. */
function spread(row: Row, i: number): Lanes {
  const lane = i & 3;
  const four = row[i >> 2]!;
  return four.shuffle(four, [lane, lane, lane, lane]);
}

/** Moves four parameters by a gradient, and gives the new ones. */
export type Move = (address: number, gradient: Lanes) => Lanes;

/** The update of a layer that is still to be made: by the example before, when the layer's weights are read for this one. */
interface Pending {
  /** The deltas that the example before gave; what it put in is in memory. */
  readonly delta: Row;
  readonly move: Move;
}

/** z of all units; moves the parameters first, where `move` is given. */
export function forwardOne(
  f: WasmFunction,
  group: Group,
  layer: SingleLayer,
  below: Row,
  belowAt: number,
  move: Move | undefined,
): Row {
  const { shape, biases, byInputs } = layer;
  const pending = move === undefined ? undefined : { delta: rowAt(f, layer.delta, shape.units), move };
  const bias = (v: number): Lanes => parameters(biases + 16 * v, pending, ({ delta }) => delta[v]!);
  if (byInputs) {
    const sum = sumOfOne(f, layer, below, pending);
    const b = f.local(Lanes, bias(0));
    return [f.local(Lanes, sum.plus(b.shuffle(b, [0, 0, 0, 0])))];
  }
  const sums = layer.loops ? loopSums(f, layer, belowAt) : writtenSums(f, group, layer, below, pending);
  return sums.map((sum, v) => f.local(Lanes, sum.plus(bias(v))));
}

/** Four parameters, moved by their gradient where that is still to be done. */
function parameters(address: number, pending: Pending | undefined, gradient: (p: Pending) => Lanes): Lanes {
  if (pending === undefined) return Lanes.at(Int.of(0), address);
  return pending.move(address, gradient(pending));
}

/** The only unit's sum, in all lanes. */
function sumOfOne(
  f: WasmFunction,
  { shape, weights, old }: SingleLayer,
  below: Row,
  pending: Pending | undefined,
): Lanes {
  const products = below.map((four, v) => {
    const w = parameters(weights + 16 * v, pending, ({ delta }) =>
      Lanes.at(Int.of(0), old + 16 * v).times(delta[0]!),
    );
    return f.local(Lanes, four.times(w));
  });
  const sum = f.local(Lanes, spread(products, 0));
  for (let i = 1; i < shape.inputs; i++) sum.set(sum.plus(spread(products, i)));
  return sum;
}

/** Two inputs at a time. */
function writtenSums(
  f: WasmFunction,
  group: Group,
  { shape, weights, rowBytes, old }: SingleLayer,
  below: Row,
  pending: Pending | undefined,
): Row {
  const { inputs, units } = shape;
  const sums = each(vectors(units), () => f.local(Lanes));
  const addInput = (i: number): void => {
    const factor = f.local(Lanes, spread(below, i));
    const before = f.local(Lanes);
    if (pending !== undefined) before.set(Lanes.splatAt(Int.of(0), old + 4 * i));
    for (const [v, sum] of sums.entries()) {
      const w = parameters(weights + i * rowBytes + 16 * v, pending, ({ delta }) => before.times(delta[v]!));
      sum.set(i === 0 ? factor.times(w) : sum.plus(factor.times(w)));
    }
  };
  for (let i = 0; i < inputs; i += 2) {
    group(() => {
      addInput(i);
      if (i + 1 < inputs) addInput(i + 1);
    });
  }
  return sums;
}

function loopSums(f: WasmFunction, { shape, weights, rowBytes }: SingleLayer, belowAt: number): Row {
  const sums = each(vectors(shape.units), () => f.local(Lanes, Lanes.of(0)));
  const i = f.local(Int);
  const row = f.local(Int);
  const factor = f.local(Lanes);
  for (let first = 0; first < sums.length; first += AT_ONCE) {
    row.set(Int.of(0));
    f.count(i, 0, 4 * shape.inputs, 4, () => {
      factor.set(Lanes.splatAt(i, belowAt));
      for (const [v, sum] of sums.slice(first, first + AT_ONCE).entries()) {
        sum.set(sum.plus(factor.times(Lanes.at(row, weights + 16 * (first + v)))));
      }
      row.set(row.plus(rowBytes));
    });
  }
  return sums;
}

/** dC/da of the layer below, 0 where there is no unit. */
export function backwardOne(
  f: WasmFunction,
  group: Group,
  layer: SingleLayer,
  delta: Row,
  belowDelta: number,
): Row {
  const { inputs } = layer.shape;
  const sums = layer.byInputs
    ? each(vectors(inputs), (v) => delta[0]!.times(Lanes.at(Int.of(0), layer.weights + 16 * v)))
    : layer.loops
      ? loopBackward(f, layer, belowDelta)
      : writtenBackward(f, group, layer, delta);
  return sums.map((sum, v) => f.local(Lanes, firstLanes(sum, inputs - 4 * v)));
}

/** Four rows of four weights at a time, turned around. */
function writtenBackward(
  f: WasmFunction,
  group: Group,
  { shape, weights, rowBytes }: SingleLayer,
  delta: Row,
): Row {
  const { inputs, units } = shape;
  const sums = each(vectors(inputs), () => f.local(Lanes));
  for (let v = 0; v < vectors(units); v++) {
    const factors = each(Math.min(4, units - 4 * v), () => f.local(Lanes));
    for (const [q, sum] of sums.entries()) {
      group(() => {
        // Set here, they are computed once; engines would compute locals set outside anew in each group.
        if (q === 0) for (const [j, factor] of factors.entries()) factor.set(spread(delta, 4 * v + j));
        const rows = each(4, (r) => {
          const row = Math.min(4 * q + r, inputs - 1);
          return f.local(Lanes, Lanes.at(Int.of(0), weights + row * rowBytes + 16 * v));
        });
        const columns = transposed(f, rows);
        for (const [j, factor] of factors.entries()) {
          const product = factor.times(columns[j]!);
          sum.set(v + j === 0 ? product : sum.plus(product));
        }
      });
    }
  }
  return sums;
}

/** By way of memory at `out`. Behind the last unit W and delta are 0, which changes no sum. */
function loopBackward(
  f: WasmFunction,
  { shape, weights, rowBytes, delta }: SingleLayer,
  out: number,
): Lanes[] {
  const q = f.local(Int);
  const at = f.local(Int);
  const place = f.local(Int, Int.of(0));
  const sum = f.local(Lanes);
  const rows = each(4, () => f.local(Lanes));
  const count = vectors(shape.inputs);
  f.count(q, 0, 16 * count, 16, () => {
    sum.set(Lanes.of(0));
    f.count(at, 0, rowBytes, 16, () => {
      for (const [r, row] of rows.entries()) row.set(Lanes.at(place, weights + r * rowBytes));
      for (const [j, column] of transposed(f, rows).entries())
        sum.set(sum.plus(Lanes.splatAt(at, delta + 4 * j).times(column)));
      place.set(place.plus(16));
    });
    f.store(q, out, sum);
    place.set(place.plus(3 * rowBytes));
  });
  return each(count, (v) => Lanes.at(Int.of(0), out + 16 * v));
}

/** a of all units from z. */
export function activateOne(
  f: WasmFunction,
  m: LaneMathematics,
  { activation, shape }: SingleLayer,
  z: Row,
): Row {
  // -0 stays -0, which nobody sees either.
  if (shape.activation === "relu") return z.map((four) => f.local(Lanes, four.atLeast(0)));
  return z.map((four) => f.local(Lanes, activation!.value(m, f, four)));
}

/** dC/dz of all units from dC/da. */
export function throughOne(
  f: WasmFunction,
  m: LaneMathematics,
  { activation, shape }: SingleLayer,
  z: Row,
  a: Row,
  dA: Row,
): Row {
  if (shape.activation === "linear") return dA;
  return dA.map((four, v) => f.local(Lanes, four.times(activation!.derivative(m, f, z[v]!, a[v]!))));
}

/**
 * Moves the four parameters at this place by their gradient, the sum of one product; whoever minds the sign of a zero has to
 * add it to +0.
 */
export type Apply = (address: Int, offset: number, gradient: Local<Lanes>) => void;

export function updateOne(
  f: WasmFunction,
  group: Group,
  layer: SingleLayer,
  below: Row,
  belowAt: number,
  delta: Row,
  apply: Apply,
): void {
  const { shape, weights, biases, rowBytes, byInputs, loops } = layer;
  const base = Int.of(0);
  const gradient = f.local(Lanes);
  const put = (address: Int, offset: number, product: Lanes): void => {
    gradient.set(product);
    apply(address, offset, gradient);
  };
  if (byInputs) {
    for (const [v, a] of below.entries()) put(base, weights + 16 * v, a.times(delta[0]!));
  } else if (loops) {
    const i = f.local(Int);
    const row = f.local(Int, Int.of(0));
    const factor = f.local(Lanes);
    f.count(i, 0, 4 * shape.inputs, 4, () => {
      factor.set(Lanes.splatAt(i, belowAt));
      for (const [v, d] of delta.entries()) put(row, weights + 16 * v, factor.times(d));
      row.set(row.plus(rowBytes));
    });
  } else {
    for (let i = 0; i < shape.inputs; i++) {
      group(() => {
        const factor = f.local(Lanes, Lanes.splatAt(base, belowAt + 4 * i));
        for (const [v, d] of delta.entries()) put(base, weights + i * rowBytes + 16 * v, factor.times(d));
      });
    }
  }
  for (const [v, d] of delta.entries()) put(base, biases + 16 * v, d);
}
