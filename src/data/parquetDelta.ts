/**
 * Whole numbers as differences to the one before, and texts whose lengths or common beginnings are written so.
 *
 * Source: Apache Parquet format 2.11, Encodings.md: DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY.
 */
import { BitReader, varintAt } from "./parquetHybrid.ts";
import { ParquetFault } from "./parquetThrift.ts";

/** Bytes of a text that is put together. */
const LONGEST = 4_194_304;

export class DeltaReader {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private readonly bits: 32 | 64;
  private readonly block: number;
  private readonly minis: number;
  private readonly total: number;
  private at: number;
  private given = 0;
  private value: bigint;
  private least = 0n;
  /** Numbers that are left of the present part of a block, and its reader. */
  private left = 0;
  private width = 0;
  private packed: BitReader | undefined;
  private widths: number[] = [];
  private mini = 0;

  constructor(bytes: Uint8Array, at: number, end: number, bits: 32 | 64) {
    this.bytes = bytes;
    this.end = end;
    this.bits = bits;
    const block = varintAt(bytes, at, end);
    const minis = varintAt(bytes, block.next, end);
    const total = varintAt(bytes, minis.next, end);
    this.block = block.value;
    this.minis = minis.value;
    this.total = total.value;
    const part = this.block / this.minis;
    if (this.block === 0 || this.block % 128 !== 0 || this.block > 1_048_576 || part % 32 !== 0) {
      throw new ParquetFault(
        `differences come in blocks of ${this.block} in ${this.minis} parts, expected multiples of 128 in parts of multiples of 32`,
      );
    }
    this.at = total.next;
    this.value = BigInt.asIntN(bits, this.zigzag());
    this.mini = this.minis;
  }

  next(): bigint {
    if (this.given >= this.total) throw new ParquetFault(`there are ${this.total} numbers, expected more`);
    if (this.given++ === 0) return this.value;
    if (this.left === 0) this.begin();
    this.left--;
    this.value = BigInt.asIntN(this.bits, this.value + this.least + this.packedNumber());
    return this.value;
  }

  /** The place after all numbers, which are passed over; no further one can be read. */
  finish(): number {
    for (this.given = 1; this.given < this.total; this.given += this.left) this.begin();
    return this.at;
  }

  private begin(): void {
    if (this.mini === this.minis) {
      this.least = this.zigzag();
      if (this.at + this.minis > this.end) throw new ParquetFault("a block of differences is cut off");
      this.widths = [...this.bytes.subarray(this.at, this.at + this.minis)];
      this.at += this.minis;
      this.mini = 0;
    }
    this.width = this.widths[this.mini++] as number;
    if (this.width > 64) throw new ParquetFault(`differences have ${this.width} bits, expected at most 64`);
    this.left = this.block / this.minis;
    this.packed = new BitReader(this.bytes, this.at, this.end);
    this.at += (this.left * this.width) / 8;
  }

  private packedNumber(): bigint {
    const { packed, width } = this;
    if (packed === undefined || width === 0) return 0n;
    if (width <= 32) return BigInt(packed.next(width));
    const low = BigInt(packed.next(32));
    return low + (BigInt(packed.next(width - 32)) << 32n);
  }

  private zigzag(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.at];
      if (byte === undefined || this.at >= this.end) break;
      this.at++;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return (value >> 1n) ^ -(value & 1n);
    }
    throw new ParquetFault("a number is cut off or longer than 10 bytes");
  }
}

/** Texts whose lengths stand before all of them. */
export function lengthTexts(bytes: Uint8Array, at: number, end: number): () => Uint8Array {
  const lengths = new DeltaReader(bytes, at, end, 32);
  let place = new DeltaReader(bytes, at, end, 32).finish();
  return () => {
    const length = Number(lengths.next());
    if (length < 0 || length > end - place) throw tooLong(length, end - place);
    place += length;
    return bytes.subarray(place - length, place);
  };
}

/** Texts that begin as the one before does. */
export function prefixTexts(bytes: Uint8Array, at: number, end: number): () => Uint8Array {
  const prefixes = new DeltaReader(bytes, at, end, 32);
  const suffix = lengthTexts(bytes, new DeltaReader(bytes, at, end, 32).finish(), end);
  let last: Uint8Array = new Uint8Array(0);
  return () => {
    const shared = Number(prefixes.next());
    const rest = suffix();
    if (shared < 0 || shared > last.length || shared + rest.length > LONGEST) {
      throw new ParquetFault(
        `a text shares ${shared} bytes with one of ${last.length}, expected at most those, and ${LONGEST} in all`,
      );
    }
    const text = new Uint8Array(shared + rest.length);
    text.set(last.subarray(0, shared));
    text.set(rest, shared);
    last = text;
    return text;
  };
}

function tooLong(length: number, left: number): ParquetFault {
  return new ParquetFault(`a text has ${length} bytes, and ${left} are left of its page`);
}
