/** How threads share out work: contiguous parts, as equal as whole numbers allow, that depend on thread and count alone. */
import type { Local, WasmFunction } from "./wasmFunction.ts";
import { Int } from "./wasmValues.ts";

/** The part of 0 … count - 1 that a thread has, as two locals: from and to. */
export function shareOf(
  f: WasmFunction,
  thread: Int,
  threads: Int,
  count: Int | number,
): [Local<Int>, Local<Int>] {
  const all = f.local(Int, typeof count === "number" ? Int.of(count) : count);
  const from = f.local(Int, all.times(thread).over(threads));
  const to = f.local(Int, all.times(thread.plus(1)).over(threads));
  return [from, to];
}
