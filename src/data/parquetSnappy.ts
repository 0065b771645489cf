/**
 * Unpacks Snappy, which most writers of Parquet use: texts, and copies of what came before.
 *
 * Source: google/snappy, format_description.txt. It is short, and every step of it is checked against the size that was announced.
 */
import { varintAt } from "./parquetHybrid.ts";
import { ParquetFault } from "./parquetThrift.ts";

/** @throws {ParquetFault} When the bytes do not unpack to exactly `size`. */
export function unpackSnappy(bytes: Uint8Array, size: number): Uint8Array {
  const head = varintAt(bytes, 0, bytes.length);
  if (head.value !== size) throw new ParquetFault(`it tells of ${head.value} bytes, and its page of ${size}`);
  const out = new Uint8Array(size);
  let at = head.next;
  let to = 0;
  const number = (count: number): number => {
    if (at + count > bytes.length) throw new ParquetFault("it is cut off");
    let value = 0;
    for (let b = count - 1; b >= 0; b--) value = value * 256 + (bytes[at + b] as number);
    at += count;
    return value;
  };
  while (at < bytes.length) {
    const tag = bytes[at++] as number;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const length = (short < 60 ? short : number(short - 59)) + 1;
      if (length > bytes.length - at || length > size - to)
        throw new ParquetFault("a text in it is too long");
      out.set(bytes.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = kind === 1 ? (tag >> 5) * 256 + number(1) : number(kind === 2 ? 2 : 4);
    if (back === 0 || back > to || length > size - to)
      throw new ParquetFault("a copy in it is too long or from before its start");
    // The copy may overlap itself, and then repeats what it has written.
    for (const end = to + length; to < end; to++) out[to] = out[to - back] as number;
  }
  if (to !== size) throw new ParquetFault(`it unpacks to ${to} bytes, expected ${size}`);
  return out;
}
