import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { DataError, FileError, FormatError, OptionError } from "talweg/core";
import { readParquet } from "talweg/data";
import { readSql, readTable, sqlChunks } from "talweg/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parquetFile } from "../data/parquetMaterial.ts";

let folder: string;
let database: string;
const types = fileURLToPath(new URL("../reference/parquet/types.parquet", import.meta.url));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "talweg-sql-"));
  database = join(folder, "sales.duckdb");
  writeFileSync(join(folder, "sales.csv"), "city,price\nRoma,1.5\nBari,2\nRoma,3\n");
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run("create table sales as select i as id, i * 0.5 as price from range(10000) t(i)");
  connection.closeSync();
  instance.closeSync();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function refusal(reading: Promise<unknown>): Promise<Error> {
  return reading.then(
    () => new Error("nothing was refused"),
    (error: unknown) => error as Error,
  );
}

describe("a query gives a table", () => {
  test("over files, whose values are those that the reader of Parquet gives", async () => {
    for (const name of ["types", "types-second", "deltas", "dictionaries", "groups", "second"]) {
      const ours = await readParquet(parquetFile(name), { name: "SQL" });
      expect(await readSql(`from '${types.replace("types", name)}'`), name).toEqual(ours);
    }
    expect(
      await readSql(
        `select city, sum(price) as total from '${folder}/sales.csv' group by city order by city`,
      ),
    ).toEqual({
      names: ["city", "total"],
      rows: 2,
      columns: [
        ["Bari", "Roma"],
        [2, 4.5],
      ],
      source: "SQL",
    });
  });

  test("over a database, in chunks that follow one another; it stays as it was", async () => {
    let rows = 0;
    for await (const chunk of sqlChunks("from sales order by id", { database })) {
      expect(chunk.from).toBe(rows);
      expect(chunk.columns[0]?.[0]).toBe(rows);
      rows += chunk.rows;
    }
    expect(rows).toBe(10_000);
    // It is only read, and so by several at once.
    const [one, two] = [sqlChunks("from sales", { database }), sqlChunks("from sales", { database })];
    expect((await one.next()).done || (await two.next()).done).toBe(false);
    await Promise.all([one.return(undefined), two.return(undefined)]);
    expect(readdirSync(folder).sort()).toEqual(["sales.csv", "sales.duckdb"]);
  });

  test("with parameters by place and by name", async () => {
    expect(
      (await readSql("select ? as a, ? as b", { parameters: ["x'; drop table y", null] })).columns,
    ).toEqual([["x'; drop table y"], [null]]);
    expect((await readSql("select $n + 1 as a", { parameters: { n: 2 } })).columns).toEqual([[3]]);
  });

  test("without rows still tells its columns", async () => {
    expect(await readSql("select 1 as a where false")).toMatchObject({
      names: ["a"],
      rows: 0,
      columns: [[]],
    });
  });

  test("of values that the calendar and numbers lack: null, or text", async () => {
    const { columns } = await readSql(
      "select 'nan'::double, 'infinity'::date, '-infinity'::timestamp, 123456789012345678901::hugeint, time '12:00', null",
    );
    expect(columns).toEqual([
      [null],
      ["infinity"],
      ["-infinity"],
      ["123456789012345678901"],
      ["12:00:00"],
      [null],
    ]);
  });

  test("and what was opened is closed when the reader stops early", async () => {
    for (let i = 0; i < 20; i++) {
      for await (const { rows } of sqlChunks("from sales, range(1000)", { database })) {
        expect(rows).toBeGreaterThan(0);
        break;
      }
    }
    // Whoever writes needs the database for itself.
    const instance = await DuckDBInstance.create(database);
    instance.closeSync();
  });
});

describe("what does not fit into memory", () => {
  const sorted = (from: number): string =>
    `select a from (select hash(i + ${from}) as a, repeat(hash(i)::varchar, 5) as b from range(900000) t(i)) order by a, b`;
  const spilled = (): string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`.talweg-sql.${process.pid}.`));
  const count = async (chunks: AsyncIterable<{ rows: number }>): Promise<number> => {
    let rows = 0;
    for await (const chunk of chunks) rows += chunk.rows;
    return rows;
  };

  test("lies in a folder of its own for each query, so that queries at the same time do not mix", async () => {
    const options = { memoryLimit: "60MB" };
    const [one, two] = [sqlChunks(sorted(1), options), sqlChunks(sorted(2), options)];
    await Promise.all([one.next(), two.next()]);
    expect(spilled()).toHaveLength(2);
    const { value } = await one.next();
    expect((await count(one)) + (value?.rows ?? 0)).toBe(900_000 - 2048);
    expect(spilled()).toHaveLength(1);
    expect(await count(two)).toBe(900_000 - 2048);
    expect(spilled()).toEqual([]);
  });

  test("and was left behind by a killed process is taken away by the next query", async () => {
    const left = join(tmpdir(), ".talweg-sql.999999999.0123abcd.tmp");
    mkdirSync(left, { recursive: true });
    utimesSync(left, 0, 0);
    await readSql("select 1 as a");
    expect(existsSync(left)).toBe(false);
  });
});

describe("what cannot be asked is refused with what to do", () => {
  const cases: [string, () => Promise<unknown>, new (...args: never[]) => Error, string][] = [
    [
      "a fault in the query",
      () => readSql("select * form x"),
      OptionError,
      'SQL: the query cannot be run (DuckDB says: Parser Error: syntax error at or near "x" LINE 1: select * form x), expected one query over tables and files that are there; mend the query.',
    ],
    [
      "a file that is not there",
      () => readSql("from 'none.parquet'"),
      OptionError,
      'No files found that match the pattern "none.parquet"',
    ],
    [
      "a statement that writes",
      () => readSql("create table x as select 1"),
      OptionError,
      'SQL: the statement "create table x as select 1" is no query, expected one that only reads',
    ],
    [
      "a copy to a file",
      () => readSql(`copy (select 1) to '${join(tmpdir(), "talweg-no.csv")}'`),
      OptionError,
      "is no query",
    ],
    ["a setting", () => readSql("set threads = 1"), OptionError, "is no query"],
    ["a database of one's own", () => readSql("attach 'x.db'"), OptionError, "is no query"],
    [
      "two statements",
      () => readSql("select 1; drop table x"),
      OptionError,
      "Cannot prepare multiple statements at once!",
    ],
    ["no query", () => readSql(" "), OptionError, 'SQL: the query is " ", expected a text'],
    [
      "equal names",
      () => readSql("select 1 as a, 2 as a"),
      DataError,
      'SQL: the query gives two columns named "a"',
    ],
    ["lists", () => readSql("select [1] as l"), DataError, 'SQL: column "l" is of type LIST'],
    ["bytes", () => readSql("select 'a'::blob as b"), DataError, 'SQL: column "b" is of type BLOB'],
    [
      "a fault on the way",
      () => readSql("select x::int from (values ('1'), ('b')) t(x)"),
      DataError,
      "SQL: the query failed while it ran (DuckDB says: Conversion Error: Could not convert string 'b' to INT32",
    ],
    [
      "a parameter too few",
      () => readSql("select ? as x"),
      OptionError,
      "SQL: 0 parameters are given, expected 1",
    ],
    [
      "a parameter of another name",
      () => readSql("select $a as x", { parameters: { b: 1 } }),
      OptionError,
      "SQL: the parameters do not fit the query",
    ],
    [
      "a limit without a unit",
      () => readSql("select 1", { memoryLimit: "lots" }),
      OptionError,
      'SQL: memoryLimit is "lots", expected a size with its unit; pass one as "200MB".',
    ],
    [
      "a database that is not there",
      () => readSql("select 1", { database: "none.duckdb" }),
      FileError,
      "SQL: the database none.duckdb cannot be opened, since there is no file or folder of that name",
    ],
    [
      "a file that is no database",
      () => readSql("select 1", { database: types }),
      FileError,
      "is no database of DuckDB, expected one; query files by their path in the query",
    ],
  ];
  test.each(cases)("%s", async (_, read, kind, message) => {
    const error = await refusal(read());
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });

  test("a query larger than its memory limit ends in an error of DuckDB or in rows, never in a crash", async () => {
    const error = await refusal(
      readSql(
        "select count(*) as n from (select distinct range as a, range || 'x' as b from range(300000))",
        { memoryLimit: "10MB" },
      ),
    );
    expect(["nothing was refused", "DataError"]).toContain(
      error instanceof DataError ? "DataError" : error.message,
    );
  });
});

/** Runs a module in a Node that has no optional packages. */
function withoutPackages(code: string): string {
  const hook = `export function resolve(name, context, next) {
    if (/duckdb|hyparquet/.test(name)) throw new Error("Cannot find package '" + name + "'");
    return next(name, context);
  }`;
  const register = `import { register } from "node:module"; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)});`;
  const dist = pathToFileURL(fileURLToPath(new URL("../../dist/src/", import.meta.url))).href;
  return execFileSync(
    process.execPath,
    ["--input-type=module", "-e", register + code.replaceAll("DIST/", dist)],
    { encoding: "utf8" },
  );
}

test("a row of Parquet that is longer than a row may be is refused", async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const path = join(folder, "long.parquet");
  const columns = Array.from({ length: 22 }, (_, c) => `repeat('x', 1000000) as c${c}`);
  await connection.run(`copy (select ${columns.join(", ")} from range(1)) to '${path}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
  const error = await refusal(readTable(path));
  expect(error).toBeInstanceOf(FormatError);
  expect(error.message).toBe(
    `${path}: row group 1: a row has more than 16777216 characters, expected no more; leave columns of long texts out (name the others in columns).`,
  );
  expect((await readTable(path, { columns: ["c3", "c4"] })).rows).toBe(1);
});

describe("without the optional packages", () => {
  test("SQL says which one is missing and how to get it", () => {
    const message = withoutPackages(
      `const { readSql } = await import("DIST/node/index.js"); await readSql("select 1").catch((error) => console.log(error.name, error.message));`,
    );
    expect(message).toBe(
      "FileError SQL needs the package @duckdb/node-api, which could not be loaded (Cannot find package '@duckdb/node-api'); run: npm install @duckdb/node-api@1.5.5-r.5.\n",
    );
  });

  test("Parquet without packing, with Snappy or Zstandard is read, other packing says what is missing", () => {
    const message = withoutPackages(`
      const { readTable } = await import("DIST/node/index.js");
      for (const name of ["plain", "snappy", "zstd", "gzip"]) {
        const path = ${JSON.stringify(types.replace("types.parquet", ""))} + name + ".parquet";
        await readTable(path).then(({ rows }) => console.log(rows), (error) => console.log(error.name, error.message));
      }`);
    expect(message).toBe(
      "300\n300\n300\nFileError Parquet packed with GZIP needs the package hyparquet-compressors, which could not be loaded " +
        "(Cannot find package 'hyparquet-compressors'); run: npm install hyparquet-compressors, or write the file with Snappy or Zstandard.\n",
    );
  });
});
