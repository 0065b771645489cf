import { DataError } from "talweg/core";
import { collectTable, csvChunks, readCsv, type TableChunk } from "talweg/data";
import { expect, test } from "vitest";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test("a stream that gives no bytes is refused, with the way to read what it is", async () => {
  for (const [source, kind] of [
    [utf8("a"), "one Uint8Array"],
    ["a,b", 'the text "a,b"'],
    [["a,b"], 'the text "a,b"'],
    [null, "null"],
  ] as const) {
    await expect(collectTable(csvChunks(source as unknown as Uint8Array[]))).rejects.toThrow(
      `CSV: the source gives ${kind}, expected pieces of bytes (Uint8Array); pass a stream or a list of Uint8Array, ` +
        "or read text and whole files with readCsv or readJsonLines.",
    );
  }
});

test("a table without rows has its columns, in chunks too", async () => {
  expect(readCsv("a,b\n")).toEqual({
    names: ["a", "b"],
    rows: 0,
    columns: [[], []],
    lines: [],
    source: "CSV",
  });
  const chunks: TableChunk[] = [];
  for await (const chunk of csvChunks([utf8("a,b")])) chunks.push(chunk);
  expect(chunks).toEqual([{ names: ["a", "b"], from: 0, rows: 0, columns: [[], []], lines: [] }]);
});

test("the stream of a browser's file is read, and left when no more is wanted", async () => {
  const text = `a\n${"1\n".repeat(40_000)}`;
  const table = await collectTable(csvChunks(new Blob([text]).stream() as ReadableStream<Uint8Array>));
  expect(table.rows).toBe(40_000);
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(utf8(text.slice(2))),
    cancel: () => {
      cancelled = true;
    },
  });
  // As in a browser whose streams are not iterable.
  Object.defineProperty(endless, Symbol.asyncIterator, { value: undefined });
  const bare = { getReader: () => endless.getReader() } as ReadableStream<Uint8Array>;
  for await (const chunk of csvChunks(bare, { header: false })) {
    expect(chunk.rows).toBeGreaterThan(1000);
    break;
  }
  expect(cancelled).toBe(true);
});

test("chunks of several files make one table, with null where one lacks a column", async () => {
  const first = readCsv("a,b\n1,2\n");
  const second = { names: ["b", "c"], rows: 1, columns: [["3"], ["4"]] };
  const table = await collectTable([
    { ...first, from: 0 },
    { ...second, from: 1 },
  ]);
  expect(table).toEqual({
    names: ["a", "b", "c"],
    rows: 2,
    columns: [
      ["1", null],
      ["2", "3"],
      [null, "4"],
    ],
  });
});

test("the memory of a piece may be used for the next one", async () => {
  const bytes = utf8("a,b\n€,😀\n");
  const memory = new Uint8Array(3);
  function* pieces(): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 3) {
      const piece = bytes.subarray(at, at + 3);
      memory.set(piece);
      yield memory.subarray(0, piece.length);
    }
  }
  expect((await collectTable(csvChunks(pieces()))).columns).toEqual([["€"], ["😀"]]);
});

test("chunks are bounded in cells and in text, and follow each other", async () => {
  const bounds: [string, number, number][] = [
    ["1,2,3\n".repeat(20_000), 20_000, 16_384 / 3 + 1],
    [`${"x".repeat(50_000)}\n`.repeat(200), 200, 4_194_304 / 50_000 + 1],
  ];
  for (const [text, total, most] of bounds) {
    let rows = 0;
    for await (const chunk of csvChunks([utf8(text)], { header: false })) {
      expect(chunk.from).toBe(rows);
      expect(chunk.rows).toBeLessThanOrEqual(most);
      for (const column of chunk.columns) expect(column).toHaveLength(chunk.rows);
      rows += chunk.rows;
    }
    expect(rows).toBe(total);
  }
});

test("a table of 16,384 columns is read, and equal names cost no more than others", () => {
  const same = new Array(16_384).fill("x").join(",");
  const begun = performance.now();
  const table = readCsv(`${same}\n${same}\n`);
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(new Set(table.names).size).toBe(16_384);
  expect([table.names[0], table.names[16_383]]).toEqual(["x", "x_16384"]);
});

test("a table that would fill the memory is refused before it does", async () => {
  const chunk = { names: ["a", "b"], from: 0, rows: 33_554_433, columns: [[], []] };
  const error = await collectTable([chunk], "a.csv").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  expect((error as DataError).message).toBe(
    "a.csv: the table has more than 33554432 rows of 2 columns, expected at most 67108864 cells in memory at once; " +
      "read it in chunks (csvChunks, jsonLinesChunks, parquetChunks, tableFile), or take fewer rows or columns.",
  );
});

test("a cell that comes byte by byte, or is nothing but quotes, takes time in proportion to its length", async () => {
  const text = `a\n"${'""'.repeat(50_000)}"\n`;
  const begun = performance.now();
  const bytes = utf8(text);
  const single = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
  const { columns } = await collectTable(csvChunks(single));
  expect(columns).toEqual([['"'.repeat(50_000)]]);
  expect(performance.now() - begun).toBeLessThan(5000);
});
