/**
 * Where things lie in the memory of a generated plan: addresses are handed out upwards, before anything is compiled, so that
 * they can be built into the code.
 *
 *   0        control block of the threads (`threads.ts`)
 *   4096     whatever is taken here: blocks of rows, packed weights, sums
 *   above    what the plan adds when it knows it: the data, the order of the rows, vectors of parameters
 *
 * Everything begins at a multiple of 64, a line of the cache, and has 64 bytes of slack behind it, so that reading the
 * last lanes of a row in one go never leaves the memory.
 */

const CONTROL_BYTES = 4096;
const LINE = 64;
export const PAGE: number = 65536;

export class MemoryLayout {
  /** The first address that is free. */
  top: number = CONTROL_BYTES;

  /** Room for so many bytes; gives the address. */
  take(bytes: number): number {
    const address = this.top;
    this.top = roundUp(address + bytes + LINE, LINE);
    return address;
  }

  /** Room for so many float32 numbers. */
  floats(count: number): number {
    return this.take(4 * count);
  }
}

export function roundUp(n: number, multiple: number): number {
  return Math.ceil(n / multiple) * multiple;
}

/**
 * Bytes from one row of `width` float32 numbers to the next: whole lines of the cache, and an odd number of them, so that
 * the same column of many rows does not fall into the same few sets of the cache.
 */
export function rowStride(width: number): number {
  const lines = Math.ceil((4 * width) / LINE);
  return (lines | 1) * LINE;
}
