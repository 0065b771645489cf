/**
 * Small whole numbers in runs: one value many times, or packed bit by bit. Parquet writes levels and places in a dictionary so.
 *
 * Source: Apache Parquet format 2.11, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".
 */
import { ParquetFault } from "./parquetThrift.ts";

/** A varint of at most 5 bytes, below 2^35. @returns The value, and the place after it. */
export function varintAt(bytes: Uint8Array, at: number, end: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let next = at; next < end && next < at + 5; ) {
    const byte = bytes[next++] as number;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, next };
    factor *= 128;
  }
  throw new ParquetFault("a number is cut off or longer than 5 bytes");
}

/** Numbers of `width` bits, least bit first, from any bit on. */
export class BitReader {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private at: number;
  private bit = 0;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** @param width From 0 to 32. */
  next(width: number): number {
    let value = 0;
    let factor = 1;
    for (let left = width; left > 0; ) {
      if (this.at >= this.end) throw new ParquetFault("packed numbers are cut off");
      const some = Math.min(8 - this.bit, left);
      value += (((this.bytes[this.at] as number) >> this.bit) & ((1 << some) - 1)) * factor;
      factor *= 1 << some;
      left -= some;
      this.bit += some;
      if (this.bit === 8) {
        this.bit = 0;
        this.at++;
      }
    }
    return value;
  }
}

export class HybridReader {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly width: number;
  private at: number;
  private left = 0;
  private value = 0;
  private packed: BitReader | undefined;

  /** @param width Bits of a number, 0 to 32. */
  constructor(bytes: Uint8Array, at: number, end: number, width: number) {
    if (width > 32) throw new ParquetFault(`numbers have ${width} bits, expected at most 32`);
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.width = width;
  }

  next(): number {
    if (this.left === 0) this.begin();
    this.left--;
    return this.packed === undefined ? this.value : this.packed.next(this.width);
  }

  private begin(): void {
    if (this.width === 0) {
      // Some writers write no runs where there is only one number; nothing of what they say could matter.
      this.left = Number.MAX_SAFE_INTEGER;
      return;
    }
    const { value: head, next } = varintAt(this.bytes, this.at, this.end);
    const count = Math.floor(head / 2);
    if (count === 0) throw new ParquetFault("a run has no numbers, expected at least one");
    this.at = next;
    if (head % 2 === 1) {
      this.left = count * 8;
      this.packed = new BitReader(this.bytes, next, this.end);
      this.at = next + count * this.width;
    } else {
      this.left = count;
      this.packed = undefined;
      const size = Math.ceil(this.width / 8);
      if (next + size > this.end) throw new ParquetFault("a run is cut off");
      this.value = 0;
      for (let b = size - 1; b >= 0; b--) this.value = this.value * 256 + (this.bytes[next + b] as number);
      this.at = next + size;
    }
  }
}
