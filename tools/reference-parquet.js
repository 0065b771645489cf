// Writes test/reference/parquet: small Parquet files by DuckDB, in every packing and encoding that it has, and what DuckDB itself
// reads from them as JSON lines. Needs the package @duckdb/node-api; its version stands in versions.json.
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { DuckDBInstance, version } from "@duckdb/node-api";

const folder = new URL("../test/reference/parquet/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });

// Few values, many of them null; 300 rows, in groups of at most 2,048.
const mixed = `select
  i::integer as id,
  case when i % 7 = 0 then null else i * 0.5 end as half,
  (i % 5 = 0) as "true",
  case when i % 3 = 0 then null else ['red', 'grün', '蓝', '😀'][1 + i % 4] end as color,
  'row ' || i as "unique",
  (i - 150)::bigint * 60129542144 as big,
  date '1969-12-20' + i::integer as day,
  timestamp '2024-02-28 23:59:59.5' + interval (i * 977) second as moment,
  timestamptz '2024-02-28 23:59:59+00' + interval (i) millisecond as instant,
  ((i - 150) * 1.37)::decimal(9, 2) as price,
  (i * 12345678901234.567)::decimal(30, 3) as wide,
  (i % 4)::float / 10 as small,
  null::integer as nothing,
  1 as one
from range(300) t(i)`;

const types = `select * from (values
  (true, 1::tinyint, 1::smallint, 1::utinyint, 1::usmallint, 4294967295::uinteger, 18446744073709551615::ubigint, 9223372036854775807::bigint,
   0.1::float, 0.1::double, 0.07::decimal(4,2), 123456789.012345678::decimal(18,9), -0.01::decimal(38,2),
   date '0001-01-01', time '23:59:59.123456', timestamp_ms '1969-12-31 23:59:59.999', timestamp_s '2000-02-29 00:00:00',
   timestamp_ns '2024-01-01 00:00:00.123456789', timestamptz '9999-12-31 23:59:59+00', uuid '00112233-4455-6677-8899-aabbccddeeff', 'é', 'a'::enum_ab),
  (false, (-128)::tinyint, (-32768)::smallint, 255::utinyint, 65535::usmallint, 0::uinteger, 9007199254740991::ubigint, -9007199254740993::bigint,
   'nan'::float, 'infinity'::double, -99.99::decimal(4,2), -0.000000001::decimal(18,9), 123456789012345678901234567890123456.78::decimal(38,2),
   date '9999-12-31', time '00:00:00', timestamp_ms '2024-06-30 12:00:00', timestamp_s '1960-01-01 00:00:01',
   timestamp_ns '1677-09-22 00:00:00', timestamptz '1969-12-31 23:59:59.999999+00', uuid 'ffffffff-ffff-ffff-ffff-ffffffffffff', '', 'b'::enum_ab),
  (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
) t("boolean", i8, i16, u8, u16, u32, u64, i64, f32, f64, d4, d18, d38, "date", "time", "ms", s, ns, tz, "uuid", "text", "enum")`;

const files = {
  plain: [mixed, "CODEC 'uncompressed', DICTIONARY_SIZE_LIMIT 1"],
  snappy: [mixed, "CODEC 'snappy'"],
  gzip: [mixed, "CODEC 'gzip'"],
  zstd: [mixed, "CODEC 'zstd'"],
  lz4: [mixed, "CODEC 'lz4_raw'"],
  second: [mixed, "CODEC 'snappy', PARQUET_VERSION V2"],
  "second-plain": [mixed, "CODEC 'uncompressed', PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1"],
  types: [types, "CODEC 'snappy'"],
  "types-second": [types, "CODEC 'zstd', PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1"],
  groups: [
    "select i::integer as i, (i % 3)::varchar as k from range(5000) t(i)",
    "CODEC 'zstd', ROW_GROUP_SIZE 2048",
  ],
  // Mostly values and little footer, not packed, so that damage to it meets the decoders.
  deltas: [
    "select i::integer as i, i * 7919 % 10007 - (i % 2) * 4e9::bigint as big, 'row ' || (i * i) as t, i / 7.0 as x from range(64) t(i)",
    "CODEC 'uncompressed', PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1",
  ],
  dictionaries: [
    "select case when i % 5 > 0 then ['red', 'grün', 'blue'][1 + i % 3] end as c, i % 4 as k, i % 2 = 0 as b from range(256) t(i)",
    "CODEC 'uncompressed'",
  ],
  empty: ["select 1 as a, 'x' as b where false", "CODEC 'snappy'"],
  nested: [
    "select 1 as a, [1, 2] as list, {'x': 1} as struct, 'b'::blob as bytes, interval 1 day as span, 2 as z",
    "CODEC 'uncompressed'",
  ],
};

const database = await DuckDBInstance.create(":memory:", { threads: "1" });
const connection = await database.connect();
await connection.run("set timezone = 'UTC'; create type enum_ab as enum ('a', 'b');");
const sizes = {};
for (const [name, [query, options]] of Object.entries(files)) {
  await connection.run(`copy (${query}) to '${folder}${name}.parquet' (format parquet, ${options})`);
  sizes[`${name}.parquet`] = statSync(`${folder}${name}.parquet`).size;
}
for (const name of ["plain", "types"]) {
  await connection.run(
    `copy (select * from '${folder}${name}.parquet') to '${folder}${name}.csv' (format csv, header)`,
  );
}
writeFileSync(`${folder}versions.json`, `${JSON.stringify({ duckdb: version(), sizes }, null, 2)}\n`);
connection.closeSync();
