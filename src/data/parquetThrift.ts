/**
 * The compact protocol of Thrift, in which Parquet writes its footer and the headers of its pages.
 *
 * Nothing is built from what is read: whoever reads a struct is told of each field and takes or skips it, so that a file
 * cannot fill the memory with fields. Source: Apache Thrift, "Thrift Compact protocol encoding" (thrift-compact-protocol.md).
 */

/** What is wrong with the bytes, and what was expected; the place is put before it by whoever knows it. */
export class ParquetFault extends Error {}

const kinds = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
} as const;

/** Structs within structs; those of Parquet are five deep. */
const DEEPEST = 16;

export class ThriftReader {
  readonly bytes: Uint8Array;
  /** Of the next byte. */
  at: number;
  private depth = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /**
   * Reads one struct.
   *
   * @param field Is told the number and kind of each field, reads it with the methods below and returns true; or leaves it, and returns false.
   */
  struct(field: (id: number, kind: number) => boolean): void {
    if (++this.depth > DEEPEST)
      throw new ParquetFault(`structs lie more than ${DEEPEST} deep, expected at most 5`);
    let id = 0;
    for (;;) {
      const head = this.byte();
      if (head === 0) break;
      const kind = head & 15;
      id = head >> 4 === 0 ? this.zigzag() : id + (head >> 4);
      const from = this.at;
      if (!field(id, kind)) {
        this.at = from;
        this.skip(kind);
      }
    }
    this.depth--;
  }

  /** Reads one list, whose items are all of one kind. */
  list(item: (kind: number) => void): void {
    const { count, kind } = this.listHead();
    for (let i = 0; i < count; i++) item(kind);
  }

  boolean(kind: number): boolean {
    return kind === kinds.true;
  }

  /** A whole number of 16, 32 or 64 bits, or of one byte. */
  integer(kind: number): number {
    if (kind === kinds.byte) return (this.byte() << 24) >> 24;
    if (kind !== kinds.i16 && kind !== kinds.i32 && kind !== kinds.i64)
      throw wrongKind("a whole number", kind);
    return this.zigzag();
  }

  /** Bytes of a text or of anything else; they stay valid as long as those of the reader. */
  binary(kind: number): Uint8Array {
    if (kind !== kinds.binary) throw wrongKind("bytes", kind);
    const length = this.varint();
    const from = this.at;
    this.advance(length);
    return this.bytes.subarray(from, from + length);
  }

  requireStruct(kind: number): void {
    if (kind !== kinds.struct) throw wrongKind("a struct", kind);
  }

  requireList(kind: number): void {
    if (kind !== kinds.list) throw wrongKind("a list", kind);
  }

  private skip(kind: number): void {
    if (kind === kinds.true || kind === kinds.false) return;
    if (kind === kinds.byte) this.advance(1);
    else if (kind === kinds.i16 || kind === kinds.i32 || kind === kinds.i64) this.varint(true);
    else if (kind === kinds.double) this.advance(8);
    else if (kind === kinds.binary) this.advance(this.varint());
    else if (kind === kinds.struct) this.struct(() => false);
    else if (kind === kinds.list || kind === kinds.set) this.skipList();
    else throw new ParquetFault(`a field is of kind ${kind}, which Parquet does not use`);
  }

  private skipList(): void {
    if (++this.depth > DEEPEST)
      throw new ParquetFault(`lists lie more than ${DEEPEST} deep, expected at most 5`);
    const { count, kind } = this.listHead();
    for (let i = 0; i < count; i++) {
      // Booleans have no bytes as fields, but one each in a list.
      if (kind === kinds.true || kind === kinds.false) this.advance(1);
      else this.skip(kind);
    }
    this.depth--;
  }

  private listHead(): { count: number; kind: number } {
    const head = this.byte();
    const count = head >> 4 === 15 ? this.varint() : head >> 4;
    if (count > this.bytes.length - this.at) {
      throw new ParquetFault(`a list has ${count} items, and ${this.bytes.length - this.at} bytes are left`);
    }
    return { count, kind: head & 15 };
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new ParquetFault("it ends in the middle");
    this.at++;
    return byte;
  }

  private advance(count: number): void {
    if (count > this.bytes.length - this.at) {
      throw new ParquetFault(`it goes on for ${count} bytes, and ${this.bytes.length - this.at} are left`);
    }
    this.at += count;
  }

  /** @param any Whether the number may be too large to be told exactly, as one that is skipped may. */
  private varint(any: boolean = false): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      factor *= 128;
      if (byte < 128) {
        if (any || Number.isSafeInteger(value)) return value;
        throw new ParquetFault(`a number is about ${value}, expected one below 2^53`);
      }
    }
    throw new ParquetFault("a number has more than 10 bytes");
  }

  private zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function wrongKind(expected: string, kind: number): ParquetFault {
  return new ParquetFault(`a field is of kind ${kind}, expected ${expected}`);
}

/** A number that counts something. @throws {ParquetFault} When it is negative. */
export function requireCount(value: number, what: string): number {
  if (value < 0) throw new ParquetFault(`the number of ${what} is ${value}, expected none below 0`);
  return value;
}
