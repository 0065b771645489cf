/** The bytes of a Parquet file, from wherever they lie: memory, a file that a page was given, anything that hands out slices. */
import { FormatError, OptionError } from "../core/index.ts";
import type { Fetch } from "./parquetPages.ts";
import { ParquetFault } from "./parquetThrift.ts";

/** Bytes that are there as a whole, a file in a page (`File`, `Blob`), or a file that hands out slices, as hyparquet's AsyncBuffer. */
export type ParquetSource =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | {
      readonly byteLength: number;
      /** Bytes from `start` up to but not with `end`. */
      slice(start: number, end: number): Promise<ArrayBuffer | Uint8Array> | ArrayBuffer | Uint8Array;
    };

/** The footer of Parquet and what leads to it. */
const MAGIC = 0x31524150;
const ENCRYPTED = 0x45524150;
const LARGEST_FOOTER = 67_108_864;
/** Fetched at first: most footers are in it as a whole. */
const TAIL = 65_536;

/** @throws {OptionError} When the source is none. */
export function sourceOf(source: ParquetSource, name: string): { size: number; fetch: Fetch } {
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    const bytes = source instanceof Uint8Array ? source : new Uint8Array(source);
    return { size: bytes.length, fetch: async (start, end) => bytes.subarray(start, end) };
  }
  const given: unknown = source;
  if (typeof given === "object" && given !== null && "slice" in given && typeof given.slice === "function") {
    const size = "byteLength" in given ? given.byteLength : "size" in given ? given.size : undefined;
    if (typeof size === "number" && size >= 0) return { size, fetch: sliced(source as Blob, name) };
  }
  throw new OptionError(
    "source",
    `${name}: the source is ${given === null ? "null" : `a ${typeof given}`}, expected bytes (Uint8Array, ArrayBuffer), a File or Blob, ` +
      "or an object with byteLength and slice(start, end); in Node open files with tableFile or readTable.",
  );
}

function sliced(source: Exclude<ParquetSource, Uint8Array>, name: string): Fetch {
  return async (start, end) => {
    const part = await source.slice(start, end);
    const bytes =
      part instanceof Uint8Array
        ? part
        : new Uint8Array(part instanceof ArrayBuffer ? part : await part.arrayBuffer());
    if (bytes.length === end - start) return bytes;
    throw new FormatError(
      `${name}: ${end - start} bytes were asked for at ${start} and ${bytes.length} came, expected all of them; has the file changed while it was read?`,
    );
  };
}

/** The bytes of the footer, and the place where it begins. @throws {ParquetFault} When the file has none. */
export async function footerBytes(size: number, fetch: Fetch): Promise<{ bytes: Uint8Array; from: number }> {
  if (size < 12) throw new ParquetFault(`the file has ${size} bytes, expected at least 12`);
  const tail = await fetch(Math.max(0, size - TAIL), size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  const magic = view.getUint32(tail.length - 4, true);
  if (magic === ENCRYPTED) throw new ParquetFault("the file is encrypted, expected one that is not");
  if (magic !== MAGIC) throw new ParquetFault("the file does not end in PAR1 as Parquet does");
  const length = view.getUint32(tail.length - 8, true);
  const from = size - 8 - length;
  if (from < 4 || length > LARGEST_FOOTER) {
    throw new ParquetFault(
      `the footer claims ${length} bytes, expected at most ${Math.min(LARGEST_FOOTER, size - 12)}`,
    );
  }
  const inTail = tail.length - 8 - length;
  return {
    from,
    bytes: inTail >= 0 ? tail.subarray(inTail, inTail + length) : await fetch(from, from + length),
  };
}
