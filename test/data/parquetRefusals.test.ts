import { DataError, FormatError, OptionError } from "talweg/core";
import { parquetChunks, readParquet, type TableChunk } from "talweg/data";
import { describe, expect, test } from "vitest";
import {
  type Field,
  handMade,
  little,
  parquetFile,
  utf8,
  varint,
  withFooter,
  zigzag,
} from "./parquetMaterial.ts";

const mend = "; the file is damaged, cut off or no Parquet, fetch or write it again.";

async function refusal(reading: Promise<unknown>): Promise<Error> {
  return reading.then(
    () => new Error("nothing was refused"),
    (error: unknown) => error as Error,
  );
}

describe("columns that no cell can hold", () => {
  test.each([
    ["list", 2, "holds lists or structs"],
    ["struct", 3, "holds lists or structs"],
    ["bytes", 4, "holds bytes that are not marked as text"],
    ["span", 5, "holds INTERVAL"],
  ])("%s is refused by its name, with what to do", async (name, place, reason) => {
    const error = await refusal(
      readParquet(parquetFile("nested"), { columns: ["a", name], name: "n.parquet" }),
    );
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toHaveProperty("column", place);
    expect(error.message).toBe(
      `n.parquet: column "${name}" ${reason}, expected numbers, text, true and false, or dates, since a cell holds one value; ` +
        `leave it out: name the others in columns, or in Node ask for them by SQL (select * exclude ("${name}") from 'n.parquet').`,
    );
  });

  test("columns that are not there are refused with the name that was probably meant", async () => {
    const error = await refusal(readParquet(parquetFile("nested"), { columns: ["strukt"] }));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(
      'Parquet: the table lacks the column "strukt" (did you mean "struct"?), expected it, since options.columns names it; it has "a", "list", "struct", "bytes", "span", "z".',
    );
    const twice = await refusal(readParquet(parquetFile("nested"), { columns: ["a", "a"] }));
    expect(twice).toBeInstanceOf(OptionError);
    expect(twice.message).toBe(
      'Parquet: columns is ["a","a"], expected a list of names, each once; pass ["a", "b"].',
    );
  });

  test("a source that is no file is refused", async () => {
    const error = await refusal(readParquet("sales.parquet" as unknown as Uint8Array));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(
      "the source is a string, expected bytes (Uint8Array, ArrayBuffer), a File or Blob",
    );
  });
});

describe("files that are no Parquet, or not whole", () => {
  test.each([
    ["nothing", [], "the file has 0 bytes, expected at least 12"],
    ["a table of text", utf8("a,b,c\n1,2,3\n4,5,6\n"), "the file does not end in PAR1 as Parquet does"],
    ["an encrypted file", [...utf8("PARE00000000PARE")], "the file is encrypted, expected one that is not"],
    [
      "a footer that is longer than the file",
      [...utf8("PAR1"), 0, ...little(4, 1000), ...utf8("PAR1")],
      "the footer claims 1000 bytes, expected at most 1",
    ],
    [
      "a footer of nothing",
      withFooter([], []),
      "the footer of the file is damaged: its columns or the number of its rows are missing",
    ],
  ])("%s", async (_, bytes, message) => {
    const error = await refusal(readParquet(Uint8Array.from(bytes)));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toBe(`Parquet: ${message}${mend}`);
  });

  test("a file cut anywhere is refused", async () => {
    const bytes = parquetFile("types");
    for (let end = 0; end < bytes.length; end += 7) {
      expect(await refusal(readParquet(bytes.slice(0, end)))).toBeInstanceOf(FormatError);
    }
  });

  test("a fault is told with its column and its group of rows", async () => {
    const bytes = parquetFile("groups");
    // The first page of the second group's first column begins behind the first group.
    const broken = bytes.slice();
    broken.fill(255, 5000, 5600);
    const error = await refusal(readParquet(broken, { name: "g.parquet" }));
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toHaveProperty("column", 1);
    expect(error.message).toMatch(
      /^g\.parquet: column "i", row group [12]: .+; the file is damaged, cut off or no Parquet/,
    );
  });
});

/** What a lie about one column is answered with. */
const lies: [string, Parameters<typeof handMade>[0], string][] = [
  [
    "more values than the page has bytes for",
    { type: 1, values: 9, page: little(4, 1) },
    "a value has 4 bytes, and 0 are left of its page",
  ],
  [
    "a text beyond its page",
    { type: 6, schema: [[6, 5, 0]], values: 1, page: little(4, 4e9) },
    "a value has 4000000000 bytes, and 0 are left of its page",
  ],
  [
    "a page of a gigabyte in four bytes",
    { type: 1, values: 1, codec: 1, size: 1e9, page: [0, 0, 0, 0] },
    "a page of 4 bytes packed with SNAPPY claims to unpack to 1000000000, expected at most 192",
  ],
  [
    "a page of a megabyte in four bytes",
    { type: 1, values: 1, codec: 1, size: 1e6, page: [0, 0, 0, 0] },
    "claims to unpack to 1000000, expected at most 192",
  ],
  [
    "a copy of what was never there",
    { type: 1, values: 1, codec: 1, size: 4, page: [4, 1, 9] },
    "a page could not be unpacked with SNAPPY (a copy in it is too long or from before its start)",
  ],
  [
    "two sizes of one page",
    { type: 1, values: 1, codec: 1, size: 4, page: [5, 12, 1, 0, 0, 0] },
    "a page could not be unpacked with SNAPPY (it tells of 5 bytes, and its page of 4)",
  ],
  [
    "a dictionary of a billion values",
    { type: 1, values: 1, encoding: 8, page: [0], dictionary: { values: 1e9, page: [1] } },
    "its dictionary has 1000000000 values in 1 bytes",
  ],
  [
    "a place outside of the dictionary",
    { type: 1, values: 1, encoding: 8, page: [8, 2, 7], dictionary: { values: 1, page: little(4, 1) } },
    "a value is number 7 (from 0) of a dictionary of 1",
  ],
  [
    "a dictionary that is not there",
    { type: 1, values: 1, encoding: 8, page: [8, 2, 7] },
    "a page refers to a dictionary, and there is none before it",
  ],
  [
    "numbers of 200 bits",
    { type: 1, values: 1, encoding: 8, page: [200, 2, 7], dictionary: { values: 1, page: little(4, 1) } },
    "numbers have 200 bits, expected at most 32",
  ],
  [
    "runs of nothing",
    { type: 1, values: 1, encoding: 8, page: [8, 0, 0, 0, 0], dictionary: { values: 1, page: little(4, 1) } },
    "a run has no numbers, expected at least one",
  ],
  [
    "blocks of differences without end",
    { type: 1, values: 5, encoding: 5, page: [0, 0, 5, 0] },
    "differences come in blocks of 0 in 0 parts",
  ],
  [
    "blocks of differences that are too large",
    { type: 1, values: 5, encoding: 5, page: [...varint(2 ** 30), 1, 5, 0] },
    "differences come in blocks of 1073741824 in 1 parts",
  ],
  [
    "lengths below 0",
    { type: 6, schema: [[6, 5, 0]], values: 1, encoding: 6, page: [...varint(128), 4, 1, ...zigzag(-5)] },
    "a text has -5 bytes, and 0 are left of its page",
  ],
  [
    "a beginning that is not there",
    {
      type: 6,
      schema: [[6, 5, 0]],
      values: 1,
      encoding: 7,
      page: [...varint(128), 4, 1, ...zigzag(9), ...varint(128), 4, 1, 0],
    },
    "a text shares 9 bytes with one of 0",
  ],
  [
    "an unknown encoding",
    { type: 1, values: 1, encoding: 77, page: [0] },
    "values of INT32 are encoded as number 77, which is not read",
  ],
  [
    "an unknown packing",
    { type: 1, values: 1, codec: 3, page: [0] },
    "its pages are packed with LZO, expected Snappy, gzip, Zstandard, LZ4 or none",
  ],
  [
    "fewer values in its pages",
    { type: 1, values: 2, pageValues: 1, page: little(4, 1) },
    "a page goes on for 0 bytes",
  ],
  [
    "more values in its pages",
    { type: 1, values: 1, pageValues: 2, page: little(4, 1, 2) },
    "its pages hold more than the 1 values of the footer",
  ],
  [
    "bytes that are no text",
    { type: 6, schema: [[6, 5, 0]], values: 1, page: [...little(4, 1), 255] },
    "a text is not UTF-8",
  ],
  [
    "a text of 1.1 million letters",
    {
      type: 6,
      schema: [[6, 5, 0]],
      values: 1,
      page: [...little(4, 1_100_000), ...new Uint8Array(1_100_000).fill(97)],
    },
    "a text has about 1100000 characters, expected at most 1048576",
  ],
];

describe("a file that lies is refused before it costs memory or time", () => {
  test.each(lies)("%s", async (_, made, message) => {
    const bytes = handMade(made);
    const error = await refusal(readParquet(bytes));
    // A second time, when nothing is to be loaded.
    const begun = performance.now();
    await refusal(readParquet(bytes));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(`Parquet: column "x", row group 1: `);
    if (message !== "a page goes on for 0 bytes") expect(error.message).toContain(message);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  const huge: [string, readonly Field[] | Uint8Array, string][] = [
    [
      "a list of two billion items",
      Uint8Array.from([0x29, 0xfc, ...varint(2e9)]),
      "a list has 2000000000 items, and 0 bytes are left",
    ],
    ["structs without end", new Uint8Array(1000).fill(0x1c), "structs lie more than 16 deep"],
    [
      "a million columns",
      [
        [
          2,
          9,
          [
            12,
            [
              [
                [4, 8, utf8("r")],
                [5, 5, 1e6],
              ],
            ],
          ],
        ],
        [3, 6, 0],
      ],
      "it has 1000000 columns, expected at most 16384",
    ],
    [
      "a million empty columns",
      Uint8Array.from([0x29, 0xfc, ...varint(1e6), ...new Uint8Array(1e6)]),
      "it lists more than 131072 columns or groups of rows",
    ],
    [
      "rows below 0",
      [
        [2, 9, [12, [[[4, 8, utf8("r")]]]]],
        [3, 6, -1],
      ],
      "the number of rows of the file is -1",
    ],
    [
      "rows that its groups do not have",
      [
        [2, 9, [12, [[[4, 8, utf8("r")]]]]],
        [3, 6, 5],
      ],
      "it tells of 5 rows in all and 0 in its groups of rows",
    ],
    [
      "columns that nobody counts",
      [
        [
          2,
          9,
          [
            12,
            [
              [[4, 8, utf8("r")]],
              [
                [1, 5, 1],
                [4, 8, utf8("a")],
              ],
            ],
          ],
        ],
        [3, 6, 0],
      ],
      "it describes 1 columns and parts of them, and uses 0",
    ],
    [
      "a tree of columns that is cut off",
      [
        [
          2,
          9,
          [
            12,
            [
              [
                [4, 8, utf8("r")],
                [5, 5, 1],
              ],
              [
                [4, 8, utf8("a")],
                [5, 5, 7],
              ],
            ],
          ],
        ],
        [3, 6, 0],
      ],
      'the tree of column "a" is cut off',
    ],
  ];
  test.each(huge)("in its footer: %s", async (_, footer, message) => {
    const error = await refusal(readParquet(withFooter([], footer)));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(`Parquet: the footer of the file is damaged: ${message}`);
  });

  test("a billion rows of one value in a hundred bytes come in small chunks, and not all at once", async () => {
    const bytes = handMade({
      type: 1,
      values: 1e9,
      encoding: 8,
      page: [8, ...varint(2e9), 0],
      dictionary: { values: 1, page: little(4, 7) },
    });
    const first = (await parquetChunks(bytes).next()).value as TableChunk;
    expect(first.rows).toBe(16_384);
    expect(first.columns[0]?.every((value) => value === 7)).toBe(true);
    // As a whole it is refused by what its footer says, before any of it is read.
    let reads = 0;
    const slice = (start: number, end: number): Uint8Array => {
      reads++;
      return bytes.slice(start, end);
    };
    expect(await refusal(readParquet({ byteLength: bytes.length, slice }))).toBeInstanceOf(DataError);
    expect(reads).toBe(1);
  });

  test("long texts from a dictionary make a chunk end early", async () => {
    const text = "y".repeat(500_000);
    const bytes = handMade({
      type: 6,
      schema: [[6, 5, 0]],
      values: 1000,
      encoding: 8,
      page: [8, ...varint(2000), 0],
      dictionary: { values: 1, page: [...little(4, text.length), ...utf8(text)] },
    });
    let rows = 0;
    for await (const chunk of parquetChunks(bytes)) {
      expect(chunk.rows).toBeLessThanOrEqual(9);
      rows += chunk.rows;
    }
    expect(rows).toBe(1000);
  });
});
