import { readFileSync } from "node:fs";
import { parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetChunks, readCsv, readParquet, type Table, type Value } from "talweg/data";
import { describe, expect, test } from "vitest";
import { handMade, little, parquetFile, utf8, varint, zigzag } from "./parquetMaterial.ts";

const packings = ["plain", "snappy", "gzip", "zstd", "lz4", "second", "second-plain"];

function column(table: Table, name: string): readonly Value[] {
  return table.columns[table.names.indexOf(name)] ?? [];
}

/** What DuckDB wrote as CSV, as values: text of its own for dates, numbers rounded once from their decimals. */
function csvValue(name: string, text: Value): Value {
  if (text === null) return null;
  const given = String(text);
  if (name === "true") return given === "true";
  if (name === "color" || name === "unique" || name === "day") return given;
  if (name === "moment" || name === "instant") {
    const [, seconds, fraction = "", zone = ""] = /^([^.+]+)(\.\d+)?(\+00)?$/.exec(given) ?? [];
    return `${String(seconds).replace(" ", "T")}${fraction === "" ? "" : fraction.padEnd(4, "0")}${zone === "" ? "" : "Z"}`;
  }
  return name === "small" ? Math.fround(Number(given)) : Number(given);
}

const csv = readCsv(readFileSync(new URL("../reference/parquet/plain.csv", import.meta.url)), {
  missing: [""],
});

describe("values", () => {
  test.each(packings)("of each packing and encoding are those that DuckDB reads (%s)", async (name) => {
    const table = await readParquet(parquetFile(name));
    expect(table.names).toEqual(csv.names);
    expect(table.rows).toBe(300);
    for (const [c, own] of table.columns.entries()) {
      const wanted = csv.names[c] as string;
      expect(own, wanted).toEqual(csv.columns[c]?.map((text) => csvValue(wanted, text)));
    }
  });

  test("are those of hyparquet, another reader, where it rounds nothing", async () => {
    const file = parquetFile("second").buffer;
    const theirs = await parquetReadObjects({ file, compressors });
    const ours = await readParquet(file);
    for (const name of ["id", "half", "true", "color", "unique", "small", "nothing", "one"]) {
      expect(column(ours, name)).toEqual(theirs.map((row) => row[name] ?? null));
    }
    expect(column(ours, "big")).toEqual(theirs.map((row) => Number(row.big)));
  });

  test.each(["types", "types-second"])("of every type that a cell can hold (%s)", async (name) => {
    const { names, columns } = await readParquet(parquetFile(name));
    const rows = [0, 1, 2].map((r) => Object.fromEntries(names.map((one, c) => [one, columns[c]?.[r]])));
    expect(rows).toEqual([
      {
        boolean: true,
        ...{ i8: 1, i16: 1, u8: 1, u16: 1, u32: 4294967295 },
        ...{ u64: "18446744073709551615", i64: "9223372036854775807" },
        ...{ f32: Math.fround(0.1), f64: 0.1, d4: 0.07, d18: 123456789.01234567, d38: -0.01 },
        ...{
          date: "0001-01-01",
          time: "23:59:59.123456",
          ms: "1969-12-31T23:59:59.999",
          s: "2000-02-29T00:00:00",
        },
        ...{ ns: "2024-01-01T00:00:00.123456789", tz: "9999-12-31T23:59:59Z" },
        ...{ uuid: "00112233-4455-6677-8899-aabbccddeeff", text: "é", enum: "a" },
      },
      {
        boolean: false,
        ...{ i8: -128, i16: -32768, u8: 255, u16: 65535, u32: 0 },
        ...{ u64: 9007199254740991, i64: "-9007199254740993" },
        ...{
          f32: null,
          f64: Number.POSITIVE_INFINITY,
          d4: -99.99,
          d18: -1e-9,
          d38: Number("123456789012345678901234567890123456.78"),
        },
        ...{ date: "9999-12-31", time: "00:00:00", ms: "2024-06-30T12:00:00", s: "1960-01-01T00:00:01" },
        ...{ ns: "1677-09-22T00:00:00", tz: "1969-12-31T23:59:59.999999Z" },
        ...{ uuid: "ffffffff-ffff-ffff-ffff-ffffffffffff", text: "", enum: "b" },
      },
      Object.fromEntries(names.map((one) => [one, null])),
    ]);
  });

  const cases: [string, Parameters<typeof handMade>[0], Value[]][] = [
    [
      "texts that share their beginnings (DELTA_BYTE_ARRAY)",
      {
        type: 6,
        schema: [[6, 5, 0]],
        values: 3,
        encoding: 7,
        page: [...deltas(0, 3, 2), ...deltas(3, 1, 0), ...utf8("redd")],
      },
      ["red", "redd", "re"],
    ],
    [
      "numbers whose bytes are split into streams (BYTE_STREAM_SPLIT)",
      { type: 1, values: 2, encoding: 9, page: [1, 2, 0, 1, 0, 0, 0, 0] },
      [1, 258],
    ],
    [
      "timestamps of Impala and Spark (INT96)",
      { type: 3, values: 1, page: [...little(8, 1_500_000_000n), ...little(4, 2_440_588 + 366)] },
      ["1971-01-02T00:00:01.500"],
    ],
    [
      "half-precision numbers",
      {
        type: 7,
        width: 2,
        schema: [[10, 12, [[15, 12, []]]]],
        values: 5,
        page: little(2, 0x3c00, 0xc000, 0x0001, 0x7e00, 0x7bff),
      },
      [1, -2, 1 / 16_777_216, null, 65504],
    ],
    [
      "a dictionary of one value, for whose places some writers write nothing",
      {
        type: 6,
        schema: [[6, 5, 0]],
        values: 3,
        encoding: 8,
        page: [0],
        dictionary: { values: 1, page: [...little(4, 1), ...utf8("a")] },
      },
      ["a", "a", "a"],
    ],
    [
      "true and false in runs",
      { type: 0, values: 10, encoding: 3, page: [...little(4, 4), 12, 1, 8, 0] },
      [...Array(6).fill(true), ...Array(4).fill(false)],
    ],
    [
      "differences of more bits than a number holds",
      {
        type: 2,
        values: 2,
        encoding: 5,
        page: [...varint(128), 4, 2, ...zigzag(0), ...zigzag(0), 64, 0, 0, 0, ...little(8, 2n ** 60n + 1n)],
      },
      [0, "1152921504606846977"],
    ],
    [
      "large differences that wrap",
      {
        type: 2,
        values: 2,
        encoding: 5,
        page: [...varint(128), 4, 2, ...zigzag(2n ** 63n - 1n), ...zigzag(1), 0, 0, 0, 0],
      },
      ["9223372036854775807", "-9223372036854775808"],
    ],
  ];
  test.each(cases)("of files that DuckDB does not write: %s", async (_, made, wanted) => {
    expect((await readParquet(handMade(made))).columns).toEqual([wanted]);
  });
});

/** Three numbers as the differences of one block: the first, and two that follow. */
function deltas(...values: [number, number, number]): number[] {
  const [a, b, c] = values;
  const least = Math.min(b - a, c - b);
  const packed = (b - a - least) | ((c - b - least) << 4);
  return [...varint(128), 4, 3, ...zigzag(a), ...zigzag(least), 4, 0, 0, 0, packed, ...Array(15).fill(0)];
}

describe("reading", () => {
  test("gives the columns that are asked for, in that order, whatever the others hold", async () => {
    const { names, columns } = await readParquet(parquetFile("nested"), { columns: ["z", "a"] });
    expect({ names, columns }).toEqual({ names: ["z", "a"], columns: [[2], [1]] });
  });

  test("goes on over groups of rows, in chunks that follow one another", async () => {
    const ends: number[] = [];
    const values: Value[] = [];
    for await (const chunk of parquetChunks(parquetFile("groups"))) {
      expect(chunk.from).toBe(values.length);
      for (const [c, cells] of chunk.columns.entries()) {
        expect(cells).toHaveLength(chunk.rows);
        if (c === 0) values.push(...cells);
        else expect(cells).toEqual(chunk.columns[0]?.map((i) => String((i as number) % 3)));
      }
      ends.push(values.length);
    }
    expect(values).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(ends).toEqual([2048, 4096, 5000]);
  });

  test("a table without rows still tells its columns", async () => {
    expect(await readParquet(parquetFile("empty"))).toEqual({
      names: ["a", "b"],
      rows: 0,
      columns: [[], []],
      source: "Parquet",
    });
  });

  test("takes bytes, a Blob, and anything that hands out slices, of which it takes what it needs", async () => {
    const bytes = parquetFile("plain");
    const wanted = await readParquet(bytes, { columns: ["price"] });
    expect(await readParquet(bytes.buffer, { columns: ["price"] })).toEqual(wanted);
    expect(await readParquet(new Blob([bytes]), { columns: ["price"] })).toEqual(wanted);
    // Between the values and the footer lies much that nobody asks for.
    const footer = bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
    const large = new Uint8Array(bytes.length + 1e6);
    large.set(bytes.subarray(0, footer));
    large.set(bytes.subarray(footer), footer + 1e6);
    let taken = 0;
    const slice = async (start: number, end: number): Promise<Uint8Array> => {
      taken += end - start;
      return large.slice(start, end);
    };
    expect(await readParquet({ byteLength: large.length, slice }, { columns: ["price"] })).toEqual(wanted);
    expect(taken).toBeLessThan(80_000);
  });
});
