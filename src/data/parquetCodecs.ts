/** Unpacks the pages of a Parquet file; what is not packed with Snappy needs the optional package hyparquet-compressors. */
import { FileError } from "../core/index.ts";
import { unpackSnappy } from "./parquetSnappy.ts";
import { ParquetFault } from "./parquetThrift.ts";

/** Bytes of a page once it is unpacked: DuckDB writes up to 100 MB, others about 1 MB. */
const LARGEST_PAGE = 134_217_728;

/** How many bytes one byte can become at most, by the numbers of `enum CompressionCodec`, so that a small page cannot ask for much memory. */
const codecs: readonly { readonly name: string; readonly most: number }[] = [
  { name: "UNCOMPRESSED", most: 1 },
  { name: "SNAPPY", most: 32 },
  { name: "GZIP", most: 1100 },
  { name: "LZO", most: 0 },
  { name: "BROTLI", most: 1_000_000 },
  { name: "LZ4", most: 256 },
  { name: "ZSTD", most: 50_000 },
  { name: "LZ4_RAW", most: 256 },
];

export type Unpack = (bytes: Uint8Array, size: number) => Uint8Array;

/**
 * What unpacks the pages of a column.
 *
 * @throws {ParquetFault} When the codec is not known. @throws {FileError} When the package that it needs is not installed.
 */
export async function unpacker(codec: number): Promise<Unpack> {
  const known = codecs[codec];
  if (known === undefined || known.most === 0) {
    throw new ParquetFault(
      `its pages are packed with ${known?.name ?? `codec ${codec}`}, expected Snappy, gzip, Zstandard, LZ4, Brotli or none`,
    );
  }
  const { name, most } = known;
  const unpack =
    name === "SNAPPY" ? unpackSnappy : name === "UNCOMPRESSED" ? undefined : await packaged(name);
  return (bytes, size) => {
    if (size < 0 || size > LARGEST_PAGE || size > 64 + bytes.length * most) {
      throw new ParquetFault(
        `a page of ${bytes.length} bytes packed with ${name} claims to unpack to ${size}, expected at most ${Math.min(LARGEST_PAGE, 64 + bytes.length * most)}`,
      );
    }
    let page: Uint8Array;
    try {
      page = unpack === undefined ? bytes : size === 0 ? new Uint8Array(0) : unpack(bytes, size);
    } catch (error) {
      throw new ParquetFault(`a page could not be unpacked with ${name} (${(error as Error).message})`);
    }
    if (page.length !== size)
      throw new ParquetFault(`a page unpacks to ${page.length} bytes, expected ${size}`);
    return page;
  };
}

async function packaged(name: string): Promise<Unpack> {
  let library: typeof import("hyparquet-compressors");
  try {
    library = await import("hyparquet-compressors");
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new FileError(
      "hyparquet-compressors",
      `Parquet packed with ${name} needs the package hyparquet-compressors, which could not be loaded (${reason}); ` +
        "run: npm install hyparquet-compressors, or write the file with Snappy.",
    );
  }
  if (name === "ZSTD") return (bytes, size) => unpackZstandard(library.decompressZstd, bytes, size);
  return library.compressors[name as "GZIP" | "BROTLI" | "LZ4" | "LZ4_RAW"] as Unpack;
}

/** The package makes room for whatever size a frame claims, so the claim is looked at first (RFC 8878, 3.1.1.1). */
function unpackZstandard(
  decompress: (bytes: Uint8Array, out?: Uint8Array) => Uint8Array,
  bytes: Uint8Array,
  size: number,
): Uint8Array {
  const flags = bytes[4] ?? 0;
  const single = (flags >> 5) & 1;
  const width = flags >> 6 === 0 ? single : 1 << (flags >> 6);
  const at = 6 - single + [0, 1, 2, 4][flags & 3]!;
  let claimed = flags >> 6 === 1 ? 256 : 0;
  for (let b = 0, factor = 1; b < width; b++, factor *= 256) claimed += (bytes[at + b] ?? 0) * factor;
  if (width > 0 && claimed !== size)
    throw new ParquetFault(`its frame has ${claimed} bytes, expected ${size}`);
  return decompress(bytes, new Uint8Array(size));
}
