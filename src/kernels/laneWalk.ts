/**
 * How generated code goes along vectors of n float32 numbers: which of them belong to a thread, and in what portions.
 *
 * Threads share out whole leaves of 1024 numbers (`core/sums.ts`), each a run of neighbors; here 3 threads and 5 leaves:
 *
 *     leaf     | 0 | 1 | 2 | 3 | 4, shorter |
 *     thread   | 0 | 1     | 2              |
 *
 * A portion is eight numbers at a time, then four, then one, so that nothing is written behind the n-th: what lies there
 * belongs to others.
 */
import { LEAF } from "../core/index.ts";
import { shareOf } from "./share.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import { Int, Lanes } from "./wasmValues.ts";

const BYTES = 4;
export const LEAF_BYTES: number = BYTES * LEAF;

/** A place in memory that four lanes are read from and written to: using it reads it anew each time. */
export type Place = Local<Lanes>;

/** Four numbers from `offset` bytes behind the address. */
export function fourAt(f: WasmFunction, address: Int, offset: number): Place {
  const place = Lanes.at(address, offset) as Place;
  place.set = (value) => f.store(address, offset, value);
  return place;
}

/** One number, read into all four lanes, so that the same lines of arithmetic serve; the first lane is written. */
export function oneAt(f: WasmFunction, address: Int, offset: number): Place {
  const place = Lanes.splatAt(address, offset) as Place;
  place.set = (value) => f.storeLane(address, offset, value, 0);
  return place;
}

/** The leaves of a thread, from the first to before the last. */
export function leavesOf(f: WasmFunction, thread: Int, threads: Int, n: Int): [Local<Int>, Local<Int>] {
  return shareOf(f, thread, threads, n.plus(LEAF - 1).over(LEAF));
}

/** The smaller one, as unsigned numbers. */
export function smaller(a: Int, b: Int): Int {
  return a.where(a.lessUnsigned(b), b);
}

/**
 * Does the same to every element from number `from` to before number `to`.
 *
 * @param body Is given places of each vector at the same four elements, or at one, three times over.
 */
export function walk<V extends string>(
  f: WasmFunction,
  vectors: Readonly<Record<V, Int>>,
  from: Int,
  to: Int,
  body: (places: Record<V, Place>) => void,
): void {
  const at = f.local(Int, from.times(BYTES));
  const end = f.local(Int, to.times(BYTES));
  const count = f.local(Int, end.minus(at));
  const until = f.local(Int);
  const places = (kind: typeof fourAt, offset: number): Record<V, Place> =>
    mapped(vectors, (address) => kind(f, address.plus(at), offset));
  until.set(at.plus(count.and(-32)));
  const eight = (): void => {
    body(places(fourAt, 0));
    body(places(fourAt, 16));
  };
  f.count(at, at, until, 32, eight, true);
  until.set(at.plus(count.and(16)));
  f.count(at, at, until, 16, () => body(places(fourAt, 0)), true);
  f.count(at, at, end, BYTES, () => body(places(oneAt, 0)), true);
}

/** The same keys with other values. */
export function mapped<K extends string, A, B>(
  record: Readonly<Record<K, A>>,
  change: (value: A) => B,
): Record<K, B> {
  return Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, change(value)])) as Record<
    K,
    B
  >;
}

/** Names with what belongs to each, in order. */
export function named<K extends string, T>(names: readonly K[], values: readonly T[]): Record<K, T> {
  return Object.fromEntries(names.map((name, i) => [name, values[i]])) as Record<K, T>;
}
