/**
 * Sums over vectors in the order of `core/sums.ts`, bit for bit, in WebAssembly: eight lanes of float64 are four Doubles.
 *
 *     number of the leaf   0  1 | 2  3 | 4  5 | 6  7 | 8  9 | …
 *     lanes                0  1 | 2  3 | 4  5 | 6  7 | 0  1 | …
 *     Doubles              0    | 1    | 2    | 3    | 0    | …
 *
 * A thread writes the sums of its leaves, and when all are done one of them joins the leaves: who summed which does not
 * show in the result.
 */
import { LEAF } from "../core/index.ts";
import { fourAt, LEAF_BYTES, leavesOf, mapped, named, oneAt, type Place, smaller } from "./laneWalk.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Double, Doubles, Int, type Kind, Lanes, Single, type Value } from "./wasmValues.ts";

/** The one or two float32 numbers whose product in float64 is the term of an element. */
type Factors<V extends string, C extends string> = (
  e: Record<V, Place> & Record<C, Lanes>,
  held: (value: Lanes) => Lanes,
) => readonly Lanes[];

export function addSums(module: WasmModule): void {
  define(module, "dot", ["a", "b"], [], ({ a, b }) => [a, b]);
  define(module, "absoluteSum", ["a"], [], ({ a }) => [a.absolute()]);
  define(module, "dotDifference", ["g", "x0", "w"], [], ({ g, x0, w }) => [g, x0.minus(w)]);
  define(module, "accumulateAbsolute", ["s", "g"], ["decay", "c"], ({ s, g, decay, c }, held) => {
    const next = held(decay.times(s).plus(c.times(g)));
    s.set(next);
    return [next.absolute()];
  });
  addJoin(module);
}

/** Adds the function `name(thread, threads, n, …vectors, …constants, leaves)`. */
function define<const V extends string, const C extends string>(
  module: WasmModule,
  name: string,
  vectors: readonly V[],
  constants: readonly C[],
  factors: Factors<V, C>,
): void {
  const leafSum = defineLeaf(module, vectors, constants, factors);
  const kinds: Kind[] = [Int, Int, Int, ...vectors.map(() => Int), ...constants.map(() => Single), Int];
  module.export(name, kinds, undefined, (f, ...parameters: Value[]): undefined => {
    const [thread, threads, n, ...rest] = parameters as [Int, Int, Int, ...Value[]];
    const leaves = rest.pop() as Int;
    const addresses = rest.slice(0, vectors.length) as Int[];
    const scalars = rest.slice(vectors.length);
    const [first, last] = leavesOf(f, thread, threads, n);
    const leaf = f.local(Int);
    const left = f.local(Int);
    const ofLeaf = (): void => {
      left.set(n.minus(leaf.times(LEAF)));
      const here = addresses.map((address) => address.plus(leaf.times(LEAF_BYTES)));
      const sum = leafSum.call(smaller(left, Int.of(LEAF)), ...here, ...scalars);
      f.store(leaves.plus(leaf.times(8)), 0, sum);
    };
    f.count(leaf, first, last, 1, ofLeaf, true);
  });
}

/** The function (count, …vectors, …constants) that sums one leaf, of at most 1024 numbers. */
function defineLeaf<const V extends string, const C extends string>(
  module: WasmModule,
  vectors: readonly V[],
  constants: readonly C[],
  factors: Factors<V, C>,
): Callable<Kind[], Double> {
  const kinds: Kind[] = [Int, ...vectors.map(() => Int), ...constants.map(() => Single)];
  return module.inner(kinds, Double, (f, ...parameters: Value[]): Double => {
    const [count, ...rest] = parameters as [Int, ...Value[]];
    const addresses = named(vectors, rest as Int[]);
    const scalars = named(constants, rest.slice(vectors.length) as Single[]);
    const splat = mapped(scalars, (x) => f.local(Lanes, x.splat()));
    const held = (value: Lanes): Lanes => f.local(Lanes, value);
    const sums = [0, 1, 2, 3].map(() => f.local(Doubles));
    const at = f.local(Int);
    const factorsAt = (kind: typeof fourAt, offset: number): Lanes[] => {
      const places = mapped(addresses, (address) => kind(f, address.plus(at), offset));
      return factors({ ...places, ...splat }, held).map(held);
    };
    const addFour = (low: Local<Doubles>, high: Local<Doubles>, offset: number): void => {
      const four = factorsAt(fourAt, offset);
      low.set(low.plus(product(four.map((x) => x.lowDoubles()))));
      high.set(high.plus(product(four.map((x) => x.highDoubles()))));
    };
    const eight = (): void => {
      addFour(sums[0]!, sums[1]!, 0);
      addFour(sums[2]!, sums[3]!, 16);
    };
    f.count(at, 0, count.and(-8).times(4), 32, eight, true);
    addRest(f, sums, count.and(7), (k) => product(factorsAt(oneAt, 4 * k).map((x) => x.lowDoubles())));
    return joined(sums);
  });
}

/** Adds the term k, given in both lanes, to lane k where k is below `rest`, which is at most 7. */
function addRest(
  f: WasmFunction,
  sums: readonly Local<Doubles>[],
  rest: Int,
  term: (k: number) => Doubles,
): void {
  for (let k = 0; k < 7; k++) {
    const sum = sums[k >> 1]!;
    const lane = k & 1;
    f.if(Int.of(k).less(rest), () => sum.set(sum.withLane(lane, sum.lane(lane).plus(term(k).lane(lane)))));
  }
}

/** ((0+1)+(2+3)) + ((4+5)+(6+7)). */
function joined(sums: readonly Doubles[]): Double {
  const [s01, s23, s45, s67] = sums.map((s) => s.lane(0).plus(s.lane(1))) as [Double, Double, Double, Double];
  return s01.plus(s23).plus(s45.plus(s67));
}

function product(factors: readonly Doubles[]): Doubles {
  return factors.reduce((a, b) => a.times(b));
}

/** Adds `join(leaves, count)`: neighbors in pairs, level by level, where a last one without a neighbor moves up. */
function addJoin(module: WasmModule): void {
  module.export("join", [Int, Int], Double, (f, leaves, count) => {
    const pairs = f.local(Int);
    const i = f.local(Int);
    const level = (): void => {
      pairs.set(count.shiftRight(1));
      f.count(i, 0, pairs, 1, () => {
        const two = leaves.plus(i.times(16));
        f.store(leaves.plus(i.times(8)), 0, Double.at(two).plus(Double.at(two, 8)));
      });
      f.if(count.and(1), () =>
        f.store(leaves.plus(pairs.times(8)), 0, Double.at(leaves.plus(pairs.times(16)))),
      );
      count.set(count.plus(1).shiftRight(1));
    };
    const total = f.local(Double);
    f.if(Int.of(1).lessUnsigned(count), () =>
      f.loop(() => {
        level();
        return Int.of(1).lessUnsigned(count);
      }),
    );
    f.if(count, () => total.set(Double.at(leaves)));
    return total;
  });
}
