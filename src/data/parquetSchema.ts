/**
 * The schema in the footer of a Parquet file: what columns there are and what their values mean.
 *
 * Source: Apache Parquet format 2.11, parquet.thrift, SchemaElement and LogicalType; LogicalTypes.md.
 */
import { ParquetFault, requireCount, type ThriftReader } from "./parquetThrift.ts";
import { MAX_COLUMNS } from "./tableLimits.ts";

export const physicalNames = [
  "BOOLEAN",
  "INT32",
  "INT64",
  "INT96",
  "FLOAT",
  "DOUBLE",
  "BYTE_ARRAY",
  "FIXED_LEN_BYTE_ARRAY",
] as const;
export type Physical = (typeof physicalNames)[number];

/** What the values of a column mean beyond their bytes. */
export type Meaning =
  | { readonly kind: "none" | "text" | "date" | "uuid" | "float16" }
  | { readonly kind: "decimal"; readonly scale: number }
  | { readonly kind: "time" | "timestamp" /** In a second. */; readonly units: number; readonly utc: boolean }
  | { readonly kind: "integer"; readonly signed: boolean }
  | { readonly kind: "unreadable"; readonly name: string };

/** One column at the top of the table. */
export interface ParquetColumn {
  readonly name: string;
  readonly physical: Physical;
  /** Bytes of a value of FIXED_LEN_BYTE_ARRAY. */
  readonly width: number;
  readonly nullable: boolean;
  readonly meaning: Meaning;
  /** Whether it holds lists or structs, which no cell can. */
  readonly nested: boolean;
  /** Its place among the columns of bytes, from 0; of the first, where it is nested. */
  readonly leaf: number;
}

/** One node of the tree of columns, as the file has it. */
export interface SchemaElement {
  name: string;
  physical: number | undefined;
  width: number;
  repetition: number;
  children: number;
  converted: number | undefined;
  scale: number;
  logical: Meaning | undefined;
}

const utf8: TextDecoder = new TextDecoder("utf-8", { fatal: true });

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ParquetFault("a name is not UTF-8");
  }
}

/** @throws {ParquetFault} */
export function readElement(reader: ThriftReader, item: number): SchemaElement {
  reader.requireStruct(item);
  const element: SchemaElement = {
    name: "",
    physical: undefined,
    width: 0,
    repetition: 0,
    children: 0,
    converted: undefined,
    scale: 0,
    logical: undefined,
  };
  reader.struct((id, kind) => {
    if (id === 1) element.physical = reader.integer(kind);
    else if (id === 2) element.width = requireCount(reader.integer(kind), "bytes of a value");
    else if (id === 3) element.repetition = reader.integer(kind);
    else if (id === 4) element.name = textOf(reader.binary(kind));
    else if (id === 5) element.children = requireCount(reader.integer(kind), "columns in a column");
    else if (id === 6) element.converted = reader.integer(kind);
    else if (id === 7) element.scale = reader.integer(kind);
    else if (id === 10) element.logical = readLogical(reader, kind);
    else return false;
    return true;
  });
  return element;
}

const plainMeanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [1, { kind: "text" }],
  [4, { kind: "text" }],
  [6, { kind: "date" }],
  [11, { kind: "none" }],
  [12, { kind: "text" }],
  [13, { kind: "unreadable", name: "BSON" }],
  [14, { kind: "uuid" }],
  [15, { kind: "float16" }],
  [16, { kind: "unreadable", name: "VARIANT" }],
  [17, { kind: "unreadable", name: "GEOMETRY" }],
  [18, { kind: "unreadable", name: "GEOGRAPHY" }],
]);

/** LogicalType: a union, of which one field is set; unknown ones are as if there was none. */
function readLogical(reader: ThriftReader, kind: number): Meaning | undefined {
  reader.requireStruct(kind);
  let meaning: Meaning | undefined;
  reader.struct((id, inner) => {
    meaning = plainMeanings.get(id) ?? meaning;
    if (id !== 5 && id !== 7 && id !== 8 && id !== 10) return false;
    reader.requireStruct(inner);
    const given = { first: 0, truth: false, second: false, units: 1000 };
    reader.struct((field, type) => {
      if (field === 1 && id === 5) given.first = reader.integer(type);
      else if (field === 1 && id !== 10) given.truth = reader.boolean(type);
      else if (field === 2 && id === 10) given.second = reader.boolean(type);
      else if (field === 2 && id !== 5) given.units = readUnits(reader, type);
      else return false;
      return true;
    });
    if (id === 5) meaning = { kind: "decimal", scale: given.first };
    else if (id === 10) meaning = { kind: "integer", signed: given.second };
    else meaning = { kind: id === 7 ? "time" : "timestamp", units: given.units, utc: given.truth };
    return true;
  });
  return meaning;
}

function readUnits(reader: ThriftReader, kind: number): number {
  reader.requireStruct(kind);
  let units = 0;
  reader.struct((id) => {
    units = [0, 1e3, 1e6, 1e9][id] ?? 0;
    return false;
  });
  if (units === 0) throw new ParquetFault("a time has a unit that is neither milli-, micro- nor nanoseconds");
  return units;
}

/** ConvertedType, the older way to say it. */
function convertedMeaning(converted: number | undefined, scale: number): Meaning {
  if (converted === 0 || converted === 4 || converted === 19) return { kind: "text" };
  if (converted === 5) return { kind: "decimal", scale };
  if (converted === 6) return { kind: "date" };
  if (converted === 7 || converted === 8)
    return { kind: "time", units: converted === 7 ? 1e3 : 1e6, utc: true };
  if (converted === 9 || converted === 10)
    return { kind: "timestamp", units: converted === 9 ? 1e3 : 1e6, utc: true };
  if (converted !== undefined && converted >= 11 && converted <= 18)
    return { kind: "integer", signed: converted >= 15 };
  if (converted === 20 || converted === 21)
    return { kind: "unreadable", name: converted === 20 ? "BSON" : "INTERVAL" };
  return { kind: "none" };
}

/** The columns at the top; what lies below one of them is only counted. */
export function columnsOf(elements: readonly SchemaElement[]): { columns: ParquetColumn[]; leaves: number } {
  const columns: ParquetColumn[] = [];
  const { children: top = 0 } = elements[0] ?? {};
  if (top > MAX_COLUMNS) throw new ParquetFault(`it has ${top} columns, expected at most ${MAX_COLUMNS}`);
  let at = 1;
  let leaves = 0;
  for (let c = 0; c < top; c++) {
    const element = elements[at];
    if (element === undefined) throw new ParquetFault(`it tells of ${top} columns and has ${c}`);
    const leaf = leaves;
    // Elements stand in depth-first order, so that a column's tree is done when no child is owed.
    for (let owed = 1; owed > 0; owed--) {
      const part = elements[at++];
      if (part === undefined)
        throw new ParquetFault(`the tree of column ${JSON.stringify(element.name)} is cut off`);
      owed += part.children;
      if (part.children === 0) leaves++;
    }
    columns.push(columnOf(element, leaf));
  }
  if (at !== elements.length)
    throw new ParquetFault(
      `it describes ${elements.length - 1} columns and parts of them, and uses ${at - 1}`,
    );
  return { columns, leaves };
}

function columnOf(element: SchemaElement, leaf: number): ParquetColumn {
  const { name, width, repetition, children, converted, scale, logical } = element;
  const nested = children > 0 || repetition === 2;
  const physical = physicalNames[element.physical ?? -1];
  if (!nested && physical === undefined)
    throw new ParquetFault(`column ${JSON.stringify(name)} has no type that is known`);
  return {
    name,
    physical: physical ?? "BOOLEAN",
    width,
    nullable: repetition === 1,
    meaning: logical ?? convertedMeaning(converted, scale),
    nested,
    leaf,
  };
}
