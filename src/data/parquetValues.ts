/**
 * From the values of a Parquet file to those of a table: exact numbers, text, dates and times as ISO text.
 *
 * Source: Apache Parquet format 2.11, LogicalTypes.md; INT96 as Impala and Spark write it: nanoseconds of the day, Julian day.
 */

import { isoDate, isoTime, isoTimestamp } from "./isoText.ts";
import type { Raw } from "./parquetPlain.ts";
import type { Meaning, ParquetColumn } from "./parquetSchema.ts";
import { ParquetFault } from "./parquetThrift.ts";
import { MAX_CELL } from "./tableLimits.ts";
import type { Value } from "./tableTypes.ts";

/** Why a column cannot be read, as the end of a sentence; undefined where it can. */
export function unreadable({ physical, width, meaning, nested }: ParquetColumn): string | undefined {
  if (nested) return "holds lists or structs";
  if (meaning.kind === "unreadable") return `holds ${meaning.name}`;
  const bytes = physical === "BYTE_ARRAY" || physical === "FIXED_LEN_BYTE_ARRAY";
  if (meaning.kind === "float16" || meaning.kind === "uuid") {
    const wanted = meaning.kind === "uuid" ? 16 : 2;
    return physical === "FIXED_LEN_BYTE_ARRAY" && width === wanted
      ? undefined
      : `holds ${meaning.kind} in other than ${wanted} bytes`;
  }
  if (meaning.kind === "decimal") {
    if (physical !== "INT32" && physical !== "INT64" && !bytes) return `holds decimals in ${physical}`;
    return meaning.scale < 0 || meaning.scale > 76 || width > 64
      ? "holds decimals with more than 76 places"
      : undefined;
  }
  if (meaning.kind === "text") return bytes ? undefined : `holds text in ${physical}`;
  if (bytes) return "holds bytes that are not marked as text";
  const whole = physical === "INT32" || physical === "INT64";
  if (meaning.kind === "none" || whole) return undefined;
  return `holds a ${meaning.kind} in ${physical}`;
}

/** Is told of the characters of each text that is made, and throws where they are too many. */
export type Spend = (letters: number) => void;

/** What makes values of a table from those of a column that can be read. */
export function converter({ physical, meaning }: ParquetColumn, spend: Spend): (raw: Raw) => Value {
  if (physical === "INT96") return (raw) => impalaTimestamp(raw as Uint8Array);
  switch (meaning.kind) {
    case "text":
      return textConverter(spend);
    case "date":
      return (raw) => isoDate(Number(raw));
    case "time":
      return (raw) => isoTime(raw as number | bigint, meaning.units);
    case "timestamp":
      return (raw) => isoTimestamp(raw as number | bigint, meaning.units, meaning.utc);
    case "uuid":
      return (raw) => hex(raw as Uint8Array).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    case "float16":
      return (raw) => present(float16(raw as Uint8Array));
    case "decimal":
      return decimalConverter(meaning);
    case "integer":
      return meaning.signed
        ? whole
        : (raw) => unsigned(raw as number | bigint, physical === "INT64" ? 64 : 32);
    default:
      return physical === "BOOLEAN" ? (raw) => raw as boolean : whole;
  }
}

function present(number: number): number | null {
  return Number.isNaN(number) ? null : number;
}

/** Numbers that no float64 holds exactly stay text. */
function whole(raw: Raw): Value {
  return typeof raw === "bigint" ? String(raw) : present(raw as number);
}

function unsigned(raw: number | bigint, bits: 32 | 64): Value {
  if (raw >= 0) return whole(raw);
  const value = BigInt.asUintN(bits, BigInt(raw));
  return value <= 0x1fffffffffffffn ? Number(value) : String(value);
}

function textConverter(spend: Spend): (raw: Raw) => Value {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return (raw) => {
    const bytes = raw as Uint8Array;
    if (bytes.length > 3 * MAX_CELL) throw tooLong(bytes.length);
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      throw new ParquetFault("a text is not UTF-8");
    }
    if (text.length > MAX_CELL) throw tooLong(text.length);
    spend(text.length);
    return text;
  };
}

function tooLong(length: number): ParquetFault {
  return new ParquetFault(`a text has about ${length} characters, expected at most ${MAX_CELL}`);
}

function decimalConverter({ scale }: Meaning & { kind: "decimal" }): (raw: Raw) => Value {
  let power = 1;
  // Up to 10^22 a power of ten is exact, and so the quotient of two exact numbers is rounded once.
  for (let i = 0; i < scale && i < 22; i++) power *= 10;
  return (raw) => {
    if (typeof raw === "number" && scale <= 22) return raw / power;
    return decimalNumber(
      typeof raw === "number" ? BigInt(raw) : raw instanceof Uint8Array ? bigEndian(raw) : (raw as bigint),
      scale,
    );
  };
}

/** unscaled · 10^-scale, rounded once. */
function decimalNumber(unscaled: bigint, scale: number): number {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const at = digits.length - scale;
  return Number(`${unscaled < 0n ? "-" : ""}${digits.slice(0, at)}.${digits.slice(at)}0`);
}

function bigEndian(bytes: Uint8Array): bigint {
  if (bytes.length > 64) throw new ParquetFault(`a decimal has ${bytes.length} bytes, expected at most 64`);
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex(bytes)}`));
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** IEEE 754 binary16, least byte first. */
function float16(bytes: Uint8Array): number {
  const bits = ((bytes[1] ?? 0) << 8) | (bytes[0] ?? 0);
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // In units of 2^-24, the least number of the format; the factor is exact.
  const units = exponent === 0 ? fraction : (1024 + fraction) * (1 << (exponent - 1));
  return (sign * units) / 16_777_216;
}

function impalaTimestamp(bytes: Uint8Array): Value {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const day = BigInt(view.getInt32(8, true) - 2_440_588);
  return isoTimestamp(day * 86_400_000_000_000n + view.getBigInt64(0, true), 1e9, false);
}
