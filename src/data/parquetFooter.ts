/**
 * The footer of a Parquet file: its columns, and where the bytes of each lie in each group of rows.
 *
 * Nothing in it is believed: every place must lie in the file, every count must fit the others.
 * Source: Apache Parquet format 2.11, parquet.thrift, FileMetaData.
 */
import {
  columnsOf,
  type ParquetColumn,
  type Physical,
  physicalNames,
  readElement,
  type SchemaElement,
} from "./parquetSchema.ts";
import { ParquetFault, requireCount, ThriftReader } from "./parquetThrift.ts";

/** Nodes of the tree of columns, and parts of columns in all groups of rows: a byte of the footer may make an object of a hundred. */
const MOST_ELEMENTS = 131_072;
const MOST_PARTS = 2_097_152;

function requireFew(given: number, most: number): void {
  if (given > most)
    throw new ParquetFault(`it lists more than ${most} columns or groups of rows, expected no more`);
}

/** Where the bytes of one column in one group of rows lie. */
export interface ParquetPart {
  readonly physical: Physical;
  readonly codec: number;
  readonly values: number;
  readonly start: number;
  readonly bytes: number;
  /** What makes it unreadable here: encryption, another file. */
  readonly elsewhere?: string;
}

export interface ParquetGroup {
  readonly rows: number;
  /** [leaves] */
  readonly parts: readonly ParquetPart[];
}

export interface ParquetFooter {
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly ParquetGroup[];
}

function readList(reader: ThriftReader, kind: number, item: (kind: number) => void): void {
  reader.requireList(kind);
  reader.list(item);
}

/** @param bytes The footer alone. @param end Of the part of the file that holds values. @throws {ParquetFault} */
export function readFooter(bytes: Uint8Array, end: number): ParquetFooter {
  const reader = new ThriftReader(bytes, 0);
  let rows = -1;
  let parts = 0;
  const elements: SchemaElement[] = [];
  const groups: ParquetGroup[] = [];
  reader.struct((id, kind) => {
    if (id === 2)
      readList(reader, kind, (item) => requireFew(elements.push(readElement(reader, item)), MOST_ELEMENTS));
    else if (id === 3) rows = requireCount(reader.integer(kind), "rows of the file");
    else if (id === 4)
      readList(reader, kind, (item) => {
        const group = readGroup(reader, item, end);
        parts += group.parts.length + 1;
        requireFew(parts, MOST_PARTS);
        groups.push(group);
      });
    else return false;
    return true;
  });
  if (rows < 0 || elements.length === 0)
    throw new ParquetFault("its columns or the number of its rows are missing");
  const { columns, leaves } = columnsOf(elements);
  let sum = 0;
  for (const group of groups) {
    sum += group.rows;
    requireGroup(group, columns, leaves);
  }
  if (sum !== rows)
    throw new ParquetFault(`it tells of ${rows} rows in all and ${sum} in its groups of rows`);
  return { rows, columns, groups };
}

function readGroup(reader: ThriftReader, item: number, end: number): ParquetGroup {
  reader.requireStruct(item);
  let rows = -1;
  const parts: ParquetPart[] = [];
  reader.struct((id, kind) => {
    if (id === 1)
      readList(reader, kind, (part) => requireFew(parts.push(readPart(reader, part, end)), MOST_ELEMENTS));
    else if (id === 3) rows = requireCount(reader.integer(kind), "rows of a group");
    else return false;
    return true;
  });
  if (rows < 0) throw new ParquetFault("a group of rows does not tell how many it has");
  return { rows, parts };
}

function readPart(reader: ThriftReader, item: number, end: number): ParquetPart {
  reader.requireStruct(item);
  let elsewhere: string | undefined = "is encrypted";
  const meta = { type: -1, codec: -1, values: -1, bytes: -1, data: -1, dictionary: 0 };
  reader.struct((id, kind) => {
    if (id === 1 && reader.binary(kind).length > 0) elsewhere = "lies in another file";
    else if (id === 3) {
      reader.requireStruct(kind);
      if (elsewhere === "is encrypted") elsewhere = undefined;
      reader.struct((field, type) => {
        if (field === 1) meta.type = reader.integer(type);
        else if (field === 4) meta.codec = reader.integer(type);
        else if (field === 5) meta.values = reader.integer(type);
        else if (field === 7) meta.bytes = reader.integer(type);
        else if (field === 9) meta.data = reader.integer(type);
        else if (field === 11) meta.dictionary = reader.integer(type);
        else return false;
        return true;
      });
    } else return false;
    return true;
  });
  const physical = physicalNames[meta.type] ?? "BOOLEAN";
  if (elsewhere !== undefined) return { physical, codec: 0, values: 0, start: 0, bytes: 0, elsewhere };
  const start = meta.dictionary > 0 && meta.dictionary < meta.data ? meta.dictionary : meta.data;
  if (start < 0 || meta.bytes < 0 || start + meta.bytes > end) {
    throw new ParquetFault(
      `a column begins at byte ${start} and has ${meta.bytes}, expected it before the footer at ${end}`,
    );
  }
  return {
    physical,
    codec: meta.codec,
    values: requireCount(meta.values, "values"),
    start,
    bytes: meta.bytes,
  };
}

function requireGroup(group: ParquetGroup, columns: readonly ParquetColumn[], leaves: number): void {
  if (group.parts.length !== leaves) {
    throw new ParquetFault(
      `a group of rows has ${group.parts.length} columns, expected ${leaves} as the schema has`,
    );
  }
  for (const { name, physical, leaf, nested } of columns) {
    const part = group.parts[leaf];
    if (nested || part === undefined || part.elsewhere !== undefined) continue;
    if (part.physical !== physical) {
      throw new ParquetFault(
        `column ${JSON.stringify(name)} is of ${physical} and in a group of rows of ${part.physical}`,
      );
    }
    if (part.values !== group.rows) {
      throw new ParquetFault(
        `column ${JSON.stringify(name)} has ${part.values} values in a group of ${group.rows} rows`,
      );
    }
  }
}
