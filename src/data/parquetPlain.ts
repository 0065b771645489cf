/**
 * The values of a page, one after another, from each encoding that writers use.
 *
 * Source: Apache Parquet format 2.11, Encodings.md: PLAIN, RLE, DELTA_*, BYTE_STREAM_SPLIT. The numbers are those of `enum Encoding`.
 */
import { DeltaReader, lengthTexts, prefixTexts } from "./parquetDelta.ts";
import { BitReader, HybridReader } from "./parquetHybrid.ts";
import type { ParquetColumn } from "./parquetSchema.ts";
import { ParquetFault } from "./parquetThrift.ts";

/** A value as the file has it: 64 bits as a number where they fit, all that has no number as bytes. */
export type Raw = number | bigint | boolean | Uint8Array;

export const encodings = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  bitPacked: 4,
  delta: 5,
  deltaLength: 6,
  deltaBytes: 7,
  dictionary: 8,
  split: 9,
} as const;

const names: readonly string[] = [
  "PLAIN",
  "GROUP_VAR_INT",
  "PLAIN_DICTIONARY",
  "RLE",
  "BIT_PACKED",
  "DELTA_BINARY_PACKED",
  "DELTA_LENGTH_BYTE_ARRAY",
  "DELTA_BYTE_ARRAY",
  "RLE_DICTIONARY",
  "BYTE_STREAM_SPLIT",
];

/** What gives the values of a page, the next at each call. @param bytes From `at` to `end` only. */
export function valuesOf(encoding: number, column: ParquetColumn, bytes: Uint8Array, at: number): () => Raw {
  const { physical } = column;
  const end = bytes.length;
  const whole = physical === "INT32" || physical === "INT64";
  const texts = physical === "BYTE_ARRAY";
  if (encoding === encodings.plain) return plainValues(column, bytes, at);
  if (encoding === encodings.rle && physical === "BOOLEAN") return booleanRuns(bytes, at);
  if (encoding === encodings.delta && whole) {
    const reader = new DeltaReader(bytes, at, end, physical === "INT32" ? 32 : 64);
    return () => small(reader.next());
  }
  if (encoding === encodings.deltaLength && texts) return lengthTexts(bytes, at, end);
  if (encoding === encodings.deltaBytes && (texts || physical === "FIXED_LEN_BYTE_ARRAY"))
    return prefixTexts(bytes, at, end);
  if (encoding === encodings.split) return plainValues(column, joined(column, bytes.subarray(at)), 0);
  throw new ParquetFault(
    `values of ${physical} are encoded as ${names[encoding] ?? `number ${encoding}`}, which is not read`,
  );
}

function small(value: bigint): number | bigint {
  return value >= -0x1fffffffffffffn && value <= 0x1fffffffffffffn ? Number(value) : value;
}

function booleanRuns(bytes: Uint8Array, at: number): () => Raw {
  if (at + 4 > bytes.length) throw new ParquetFault("a page of true and false is cut off");
  const reader = new HybridReader(bytes, at + 4, bytes.length, 1);
  return () => reader.next() === 1;
}

/** Bytes of one value; 0 where each has its own length. */
function widthOf({ physical, width }: ParquetColumn): number {
  if (physical === "INT32" || physical === "FLOAT") return 4;
  if (physical === "INT64" || physical === "DOUBLE") return 8;
  if (physical === "INT96") return 12;
  return physical === "FIXED_LEN_BYTE_ARRAY" ? width : 0;
}

function plainValues(column: ParquetColumn, bytes: Uint8Array, at: number): () => Raw {
  const { physical } = column;
  if (physical === "BOOLEAN") {
    const bits = new BitReader(bytes, at, bytes.length);
    return () => bits.next(1) === 1;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = at;
  const take = (size: number): number => {
    if (size > bytes.length - place)
      throw new ParquetFault(`a value has ${size} bytes, and ${bytes.length - place} are left of its page`);
    place += size;
    return place - size;
  };
  if (physical === "INT32") return () => view.getInt32(take(4), true);
  if (physical === "FLOAT") return () => view.getFloat32(take(4), true);
  if (physical === "DOUBLE") return () => view.getFloat64(take(8), true);
  if (physical === "INT64") return () => wholeNumber(view, take(8));
  const width = widthOf(column);
  return () => {
    const size = physical === "BYTE_ARRAY" ? view.getUint32(take(4), true) : width;
    const from = take(size);
    return bytes.subarray(from, from + size);
  };
}

function wholeNumber(view: DataView, at: number): number | bigint {
  const high = view.getInt32(at + 4, true);
  // Below 2^52 in size a number holds it, and needs no bigint.
  if (high >= -0x100000 && high < 0x100000) return high * 4_294_967_296 + view.getUint32(at, true);
  return small(view.getBigInt64(at, true));
}

/** Undoes the splitting of values into streams of their first, second, … bytes. */
function joined(column: ParquetColumn, bytes: Uint8Array): Uint8Array {
  const width = widthOf(column);
  if (width === 0 || bytes.length % width !== 0) {
    throw new ParquetFault(
      `${bytes.length} bytes are split into streams, expected a multiple of the ${width} bytes of a value`,
    );
  }
  const values = bytes.length / width;
  const out = new Uint8Array(bytes.length);
  for (let b = 0, at = 0; b < width; b++)
    for (let i = 0; i < values; i++) out[i * width + b] = bytes[at++] as number;
  return out;
}
