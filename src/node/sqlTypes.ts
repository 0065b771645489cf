/** From the values of DuckDB to those of a table, by the types of its columns. */
import type { DuckDBTimestampTZValue, DuckDBTypeId, DuckDBValue } from "@duckdb/node-api";
import { DataError } from "../core/index.ts";
import { isoDate, isoTime, isoTimestamp, type Value } from "../data/index.ts";

type Convert = (value: DuckDBValue) => Value;

/** Characters of one cell, as readers of files have it. */
const LONGEST = 1_048_576;

/** What makes values of a table from those of a column, by the names of DuckDB's types; those of other types are no cells. */
const converters: Readonly<Partial<Record<keyof typeof DuckDBTypeId, Convert>>> = {
  BOOLEAN: (value) => value as boolean,
  TINYINT: (value) => value as number,
  SMALLINT: (value) => value as number,
  INTEGER: (value) => value as number,
  UTINYINT: (value) => value as number,
  USMALLINT: (value) => value as number,
  UINTEGER: (value) => value as number,
  BIGINT: whole,
  UBIGINT: whole,
  HUGEINT: whole,
  UHUGEINT: whole,
  BIGNUM: whole,
  FLOAT: float,
  DOUBLE: float,
  DECIMAL: (value) => Number(String(value)),
  VARCHAR: text,
  ENUM: text,
  UUID: String,
  DATE: (value) => finite(value, () => isoDate((value as { days: number }).days)),
  TIME: (value) => isoTime((value as { micros: bigint }).micros, 1e6),
  TIME_NS: (value) => isoTime((value as { nanos: bigint }).nanos, 1e9),
  TIME_TZ: String,
  TIMESTAMP: (value) =>
    finite(value, () => isoTimestamp((value as DuckDBTimestampTZValue).micros, 1e6, false)),
  TIMESTAMP_S: (value) => finite(value, () => isoTimestamp((value as { seconds: bigint }).seconds, 1, false)),
  TIMESTAMP_MS: (value) =>
    finite(value, () => isoTimestamp((value as { millis: bigint }).millis, 1e3, false)),
  TIMESTAMP_NS: (value) => finite(value, () => isoTimestamp((value as { nanos: bigint }).nanos, 1e9, false)),
  TIMESTAMP_TZ: (value) =>
    finite(value, () => isoTimestamp((value as DuckDBTimestampTZValue).micros, 1e6, true)),
  SQLNULL: () => null,
};

/**
 * What makes a cell of each value of a column.
 *
 * @param type The name of the type in DuckDB.
 * @throws {DataError} When such values are no cells: lists, structs, bytes, intervals.
 */
export function sqlConverter(name: string, type: string, column: number, source: string): Convert {
  const convert = Object.hasOwn(converters, type) ? converters[type as keyof typeof DuckDBTypeId] : undefined;
  if (convert === undefined) {
    throw new DataError(
      `${source}: column ${JSON.stringify(name)} is of type ${type}, expected numbers, text, true and false, or dates, since a cell holds one value; ` +
        "leave it out of the query, or turn it into such values there (a field of a struct, unnest, cast(… as varchar)).",
      { column },
    );
  }
  return (value) => {
    const cell = value === null ? null : convert(value);
    if (typeof cell !== "string" || cell.length <= LONGEST) return cell;
    throw new DataError(
      `${source}: a text in column ${JSON.stringify(name)} has ${cell.length} characters, expected at most ${LONGEST}; cut it (left(…, 1000)) or leave the column out.`,
      { column },
    );
  };
}

/** Numbers that no float64 holds exactly stay text. */
function whole(value: DuckDBValue): Value {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function float(value: DuckDBValue): Value {
  return Number.isNaN(value) ? null : (value as number);
}

function text(value: DuckDBValue): Value {
  return value as string;
}

function finite(value: DuckDBValue, convert: () => string): string {
  if ((value as { isFinite: boolean }).isFinite) return convert();
  return Object.values(value as object).some((given) => typeof given !== "boolean" && given < 0)
    ? "-infinity"
    : "infinity";
}
