/** Unpacks the pages of a Parquet file; what is packed with gzip or LZ4 needs the optional package hyparquet-compressors. */
import { FileError } from "../core/index.ts";
import { unpackSnappy } from "./parquetSnappy.ts";
import { ParquetFault } from "./parquetThrift.ts";
import { unpackZstandard } from "./zstandard.ts";

/** Bytes of a page once it is unpacked: DuckDB writes up to 100 MB, others about 1 MB. */
const LARGEST_PAGE = 134_217_728;

/** How many bytes one byte can become at most, by the numbers of `enum CompressionCodec`, so that a small page cannot ask for much memory. */
const codecs: readonly { readonly name: string; readonly most: number }[] = [
  { name: "UNCOMPRESSED", most: 1 },
  { name: "SNAPPY", most: 32 },
  { name: "GZIP", most: 1100 },
  { name: "LZO", most: 0 },
  // A few hundred bytes can unfold to gigabytes, and the package makes room for all of it, whatever the page claims.
  { name: "BROTLI", most: 0 },
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
      `its pages are packed with ${known?.name ?? `codec ${codec}`}, expected Snappy, gzip, Zstandard, LZ4 or none`,
    );
  }
  const { name, most } = known;
  const own = { UNCOMPRESSED: undefined, SNAPPY: unpackSnappy, ZSTD: unpackZstandard };
  const unpack = name in own ? own[name as keyof typeof own] : await packaged(name);
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
        "run: npm install hyparquet-compressors, or write the file with Snappy or Zstandard.",
    );
  }
  return library.compressors[name as "GZIP" | "LZ4" | "LZ4_RAW"] as Unpack;
}
