/**
 * One column of one group of rows, page by page: of a column, one page and its dictionary are in memory at a time.
 *
 * Source: Apache Parquet format 2.11, parquet.thrift, PageHeader; README.md, "Column chunks" and "Data Pages".
 */
import { type Unpack, unpacker } from "./parquetCodecs.ts";
import type { ParquetPart } from "./parquetFooter.ts";
import { HybridReader } from "./parquetHybrid.ts";
import { encodings, valuesOf } from "./parquetPlain.ts";
import type { ParquetColumn } from "./parquetSchema.ts";
import { ParquetFault, requireCount, ThriftReader } from "./parquetThrift.ts";
import { converter, type Spend } from "./parquetValues.ts";
import type { Value } from "./tableTypes.ts";

/** The bytes of a file from one place to another, as many as that. */
export type Fetch = (start: number, end: number) => Promise<Uint8Array>;

/** Bytes that are fetched at least, where the column has them, and the longest header of a page. */
const AHEAD = 65_536;
const LONGEST_HEADER = 1_048_576;

interface PageHeader {
  kind: number;
  size: number;
  packed: number;
  values: number;
  encoding: number;
  levels: number;
  definition: number;
  repetition: number;
  isPacked: boolean;
}

export class PartReader {
  private readonly column: ParquetColumn;
  private readonly part: ParquetPart;
  private readonly fetch: Fetch;
  private readonly toValue: ReturnType<typeof converter>;
  private unpack: Unpack | undefined;
  /** Bytes of the file that were fetched and begin at `at`. */
  private ahead: Uint8Array = new Uint8Array(0);
  private at: number;
  /** Values of the whole part and of the present page that were not given yet. */
  private owed: number;
  private left = 0;
  private levels: HybridReader | undefined;
  private next: () => Value = () => null;
  private dictionary: Value[] | undefined;

  constructor(column: ParquetColumn, part: ParquetPart, fetch: Fetch, spend: Spend) {
    this.column = column;
    this.part = part;
    this.fetch = fetch;
    this.toValue = converter(column, spend);
    this.at = part.start;
    this.owed = part.values;
  }

  /**
   * Puts up to `count` further values behind those of `out`, at least one; fewer where their texts are long.
   *
   * @returns The letters of their texts.
   */
  async read(count: number, out: Value[], letters: number): Promise<number> {
    while (this.left === 0) await this.page();
    const some = Math.min(count, this.left);
    let size = 0;
    let done = 0;
    while (done < some && (done === 0 || size < letters)) {
      const value = this.levels?.next() === 0 ? null : this.next();
      out.push(value);
      done++;
      if (typeof value === "string") size += value.length;
    }
    this.left -= done;
    this.owed -= done;
    return size;
  }

  private async page(): Promise<void> {
    if (this.owed === 0) throw new ParquetFault("its pages hold fewer values than the footer says");
    this.unpack ??= await unpacker(this.part.codec);
    const header = await this.header();
    const bytes = await this.take(header.packed);
    if (header.kind === 2) this.readDictionary(header, this.unpack(bytes, header.size));
    else if (header.kind === 0) this.begin(header, this.unpack(bytes, header.size));
    else if (header.kind === 3) this.beginSecond(header, bytes, this.unpack);
    else if (header.kind !== 1)
      throw new ParquetFault(`a page is of kind ${header.kind}, which is not known`);
  }

  private async header(): Promise<PageHeader> {
    for (let size = 1024; ; size *= 8) {
      await this.need(Math.min(size, this.rest()));
      const reader = new ThriftReader(this.ahead, 0);
      try {
        const header = readHeader(reader);
        this.skip(reader.at);
        return header;
      } catch (error) {
        // It may only be longer than what is there of it.
        const enough = this.ahead.length >= Math.min(this.rest(), LONGEST_HEADER);
        if (enough || !(error instanceof ParquetFault)) throw headerFault(error);
      }
    }
  }

  /** Bytes of the part from `at` on. */
  private rest(): number {
    return this.part.start + this.part.bytes - this.at;
  }

  private async need(count: number): Promise<void> {
    if (count > this.rest())
      throw new ParquetFault(`a page goes on for ${count} bytes, and ${this.rest()} are left of its column`);
    if (count <= this.ahead.length) return;
    this.ahead = await this.fetch(this.at, this.at + Math.min(this.rest(), Math.max(count, AHEAD)));
  }

  private async take(count: number): Promise<Uint8Array> {
    await this.need(count);
    const bytes = this.ahead.subarray(0, count);
    this.skip(count);
    return bytes;
  }

  private skip(count: number): void {
    this.ahead = this.ahead.subarray(count);
    this.at += count;
  }

  private readDictionary(header: PageHeader, bytes: Uint8Array): void {
    if (this.dictionary !== undefined) throw new ParquetFault("it has two dictionaries, expected one");
    if (header.encoding !== encodings.plain && header.encoding !== encodings.plainDictionary) {
      throw new ParquetFault(`its dictionary has encoding ${header.encoding}, expected plain values`);
    }
    // A value of no bytes could be claimed any number of times.
    const most = this.column.physical === "BOOLEAN" ? bytes.length * 8 : bytes.length;
    if (header.values > most)
      throw new ParquetFault(`its dictionary has ${header.values} values in ${bytes.length} bytes`);
    const next = valuesOf(encodings.plain, this.column, bytes, 0);
    const values: Value[] = [];
    for (let i = 0; i < header.values; i++) values.push(this.toValue(next()));
    this.dictionary = values;
  }

  private begin(header: PageHeader, bytes: Uint8Array): void {
    let at = 0;
    let levels: HybridReader | undefined;
    if (this.column.nullable) {
      if (header.levels !== encodings.rle)
        throw new ParquetFault(`its levels have encoding ${header.levels}, expected 3 (RLE)`);
      if (bytes.length < 4) throw new ParquetFault("a page is cut off");
      const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
      if (length > bytes.length - 4)
        throw new ParquetFault(`its levels have ${length} bytes, and the page ${bytes.length}`);
      at = 4 + length;
      levels = new HybridReader(bytes, 4, at, 1);
    }
    this.open(header, levels, bytes, at);
  }

  /** The second kind of page has its levels outside of what is packed. */
  private beginSecond(header: PageHeader, bytes: Uint8Array, unpack: Unpack): void {
    const { repetition, definition } = header;
    const before = repetition + definition;
    if (repetition < 0 || definition < 0 || before > bytes.length || before > header.size) {
      throw new ParquetFault(`its levels have ${before} bytes, and the page ${bytes.length}`);
    }
    const levels = this.column.nullable ? new HybridReader(bytes, repetition, before, 1) : undefined;
    const packed = bytes.subarray(before);
    this.open(header, levels, header.isPacked ? unpack(packed, header.size - before) : packed, 0);
  }

  private open(header: PageHeader, levels: HybridReader | undefined, bytes: Uint8Array, at: number): void {
    if (header.values > this.owed)
      throw new ParquetFault(`its pages hold more than the ${this.part.values} values of the footer`);
    this.left = header.values;
    this.levels = levels;
    // Where all values are null, a page may have no bytes for them at all.
    if (at === bytes.length) this.next = () => fail("a page has no values, expected some");
    else if (header.encoding === encodings.dictionary || header.encoding === encodings.plainDictionary)
      this.next = this.looked(bytes, at);
    else {
      const next = valuesOf(header.encoding, this.column, bytes, at);
      this.next = () => this.toValue(next());
    }
  }

  private looked(bytes: Uint8Array, at: number): () => Value {
    const { dictionary } = this;
    if (dictionary === undefined)
      throw new ParquetFault("a page refers to a dictionary, and there is none before it");
    const places = new HybridReader(bytes, at + 1, bytes.length, bytes[at] as number);
    return () => {
      const place = places.next();
      const value = dictionary[place];
      if (value === undefined)
        throw new ParquetFault(`a value is number ${place} (from 0) of a dictionary of ${dictionary.length}`);
      return value;
    };
  }
}

function fail(text: string): never {
  throw new ParquetFault(text);
}

function headerFault(error: unknown): unknown {
  return error instanceof ParquetFault
    ? new ParquetFault(`the header of a page cannot be read: ${error.message}`)
    : error;
}

function readHeader(reader: ThriftReader): PageHeader {
  const header: PageHeader = {
    kind: -1,
    size: -1,
    packed: -1,
    values: -1,
    encoding: -1,
    levels: encodings.rle,
    definition: 0,
    repetition: 0,
    isPacked: true,
  };
  reader.struct((id, kind) => {
    if (id === 1) header.kind = reader.integer(kind);
    else if (id === 2) header.size = reader.integer(kind);
    else if (id === 3) header.packed = requireCount(reader.integer(kind), "bytes of a page");
    else if (id === 5 || id === 7) readFirst(reader, kind, header);
    else if (id === 8) readSecond(reader, kind, header);
    else return false;
    return true;
  });
  const { kind, size, packed, values } = header;
  if (kind < 0 || size < 0 || packed < 0 || (values < 0 && kind !== 1))
    throw new ParquetFault("it lacks the kind, the size or the number of values");
  return header;
}

/** DataPageHeader and DictionaryPageHeader, which begin alike. */
function readFirst(reader: ThriftReader, kind: number, header: PageHeader): void {
  reader.requireStruct(kind);
  reader.struct((id, type) => {
    if (id === 1) header.values = requireCount(reader.integer(type), "values of a page");
    else if (id === 2) header.encoding = reader.integer(type);
    // In the header of a dictionary the third field says whether it is sorted.
    else if (id === 3 && type > 2) header.levels = reader.integer(type);
    else return false;
    return true;
  });
}

function readSecond(reader: ThriftReader, kind: number, header: PageHeader): void {
  reader.requireStruct(kind);
  reader.struct((id, type) => {
    if (id === 1) header.values = requireCount(reader.integer(type), "values of a page");
    else if (id === 4) header.encoding = reader.integer(type);
    else if (id === 5) header.definition = reader.integer(type);
    else if (id === 6) header.repetition = reader.integer(type);
    else if (id === 7) header.isPacked = reader.boolean(type);
    else return false;
    return true;
  });
}
