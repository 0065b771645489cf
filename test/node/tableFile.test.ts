import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { FileError, FormatError, OptionError, TalwegError } from "talweg/core";
import { readTable, tableFile } from "talweg/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "talweg-table-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function refusal(reading: Promise<unknown>): Promise<Error> {
  return reading.then(
    () => new Error("nothing was refused"),
    (error: unknown) => error as Error,
  );
}

test("a table is read by the end of its file's name, packed or not", async () => {
  const csv = "a,b\n1,x\n2,NA\n";
  const wanted = {
    names: ["a", "b"],
    rows: 2,
    columns: [
      ["1", "2"],
      ["x", null],
    ],
    lines: [2, 3],
  };
  const files = [
    file("a.csv", csv),
    file("B.CSV", `\uFEFF${csv.replaceAll("\n", "\r\n")}`),
    file("a.tsv", csv.replaceAll(",", "\t")),
    file("a.csv.gz", gzipSync(csv)),
    // Two packed parts, one after the other, are one file.
    file("b.tsv.gz", Buffer.concat([gzipSync("a\tb\n1\t"), gzipSync("x\n2\tNA\n")])),
  ];
  for (const path of files) expect(await readTable(path)).toEqual({ ...wanted, source: path });
  const lines = '{"a":"1","b":"x"}\n{"a":"2","b":null}';
  for (const path of [file("a.jsonl", lines), file("a.ndjson", lines), file("a.jsonl.gz", gzipSync(lines))]) {
    expect(await readTable(path)).toEqual({ ...wanted, lines: [1, 2], source: path });
  }
  const other = file("a.data", csv.replaceAll(",", ";"));
  expect(await readTable(other, { format: "csv", name: "here", missing: [] })).toMatchObject({
    columns: [
      ["1", "2"],
      ["x", "NA"],
    ],
    source: "here",
  });
  expect(await readTable(file("na.jsonl", '{"a":"NA"}'), { missing: ["NA"] })).toMatchObject({
    columns: [[null]],
  });
});

describe("Parquet", () => {
  const path = fileURLToPath(new URL("../reference/parquet/types.parquet", import.meta.url));

  test("is read where it lies, all columns or some", async () => {
    const table = await readTable(path, { columns: ["text", "i8"] });
    expect(table).toEqual({
      names: ["text", "i8"],
      rows: 3,
      columns: [
        ["é", "", null],
        [1, -128, null],
      ],
      source: path,
    });
    expect((await readTable(file("a.data", readFileSync(path)), { format: "parquet" })).names).toHaveLength(
      22,
    );
  });

  test("is refused by its path where it cannot be read", async () => {
    const cases: [string, () => Promise<unknown>, string][] = [
      [
        "a fault in it",
        () => readTable(file("cut.parquet", readFileSync(path).subarray(0, 500))),
        "the file does not end in PAR1",
      ],
      ["a folder", () => readTable(folder, { format: "parquet" }), "since it is a folder, expected a file"],
      [
        "no file",
        () => readTable(join(folder, "none.parquet")),
        "since there is no file or folder of that name",
      ],
      [
        "packed once more",
        () => readTable(file("a.parquet.gz", gzipSync("a"))),
        "the file is Parquet packed with gzip",
      ],
      [
        "columns of text",
        () => readTable(file("c.csv", "a\n1"), { columns: ["a"] }),
        "columns is given for csv",
      ],
    ];
    for (const [what, reading, message] of cases) {
      const error = await refusal(reading());
      expect(error, what).toBeInstanceOf(TalwegError);
      expect(error.message.startsWith(folder), what).toBe(true);
      expect(error.message, what).toContain(message);
    }
  });

  test("the file is closed when the reader stops early", async () => {
    const open = (): number => readdirSync("/proc/self/fd").length;
    const groups = fileURLToPath(new URL("../reference/parquet/groups.parquet", import.meta.url));
    const before = open();
    for (let i = 0; i < 20; i++) for await (const _ of tableFile(groups)) break;
    expect(open()).toBeLessThan(before + 10);
  });
});

describe("what cannot be read is refused by path, with a remedy", () => {
  test("names that tell no kind", async () => {
    const known =
      'expected .parquet, or .csv, .tsv, .jsonl or .ndjson, also with .gz; rename the file, or pass format: "csv", "tsv", "jsonl" or "parquet".';
    for (const [name, given] of [
      ["a.xlsx", "a name that ends in .xlsx"],
      ["table.gz", "a name without an ending"],
      ["csv", "a name without an ending"],
    ]) {
      const error = await refusal(readTable(`${name}`));
      expect(error).toBeInstanceOf(OptionError);
      expect(error.message).toBe(`${name}: the kind of table is not known from ${given}, ${known}`);
    }
    const error = await refusal(readTable("a.csv", { format: "xls" as "csv" }));
    expect(error.message).toBe(`a.csv: the kind of table is not known from "xls", ${known}`);
  });

  test("files that are missing, and folders", async () => {
    const folderPath = join(folder, "folder.csv");
    mkdirSync(folderPath);
    for (const [path, reason] of [
      [
        join(folder, "none.csv"),
        `since there is no file or folder of that name; check the name, or make the folder ${folder}.`,
      ],
      [
        join(folder, "none.csv.gz"),
        `since there is no file or folder of that name; check the name, or make the folder ${folder}.`,
      ],
      [folderPath, "since it is a folder, expected a file; give the name of a file."],
    ] as const) {
      const error = await refusal(readTable(path));
      expect(error).toBeInstanceOf(FileError);
      expect(error.message).toBe(`${path}: the file could not be read, ${reason}`);
    }
  });

  test("faults in the text, with the path before line and cell", async () => {
    const path = file("fault.csv", 'a,b\n1,"2\n');
    const error = await refusal(readTable(path));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toBe(
      `${path}:2:2: the quote that opens here is never closed, expected a second one; close it, or take it away.`,
    );
  });

  test("files that are no gzip, are cut off, or unpack to more than is wanted", async () => {
    const packed = gzipSync("a,b\n".repeat(100_000));
    const broken = "expected gzip as its name says; it is damaged or cut off, fetch it again.";
    for (const [content, message] of [
      ["a,b\n", `the file could not be unpacked (incorrect header check), ${broken}`],
      [
        packed.subarray(0, packed.length - 20),
        `the file could not be unpacked (unexpected end of file), ${broken}`,
      ],
    ] as const) {
      const path = file("broken.csv.gz", content);
      const error = await refusal(readTable(path));
      expect(error).toBeInstanceOf(FormatError);
      expect(error.message).toBe(`${path}: ${message}`);
    }
    const path = file("bomb.csv.gz", packed);
    const error = await refusal(readTable(path, { maxBytes: 300_000 }));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toBe(
      `${path}: unpacked, the file has more than 300000 bytes, expected no more, since a small file must not keep a program busy for ever; ` +
        "pass a larger maxBytes if it is meant.",
    );
  });
});

test("a file that is left in the middle is closed", async () => {
  const path = file("long.csv", `a\n${"1\n".repeat(100_000)}`);
  for (const target of [path, file("long.csv.gz", gzipSync(`a\n${"1\n".repeat(100_000)}`))]) {
    for await (const chunk of tableFile(target)) {
      expect(chunk.rows).toBeGreaterThan(1000);
      break;
    }
  }
  expect((await readTable(path)).rows).toBe(100_000);
});

test("a file of 50 MB goes through a process that never holds more than 150 MB", () => {
  const path = file("large.csv", "id,long text,number\n");
  const row = (i: number): string => `${i},"a longer text, number ${i % 100}",${i / 7}\n`;
  const block = Array.from({ length: 20_000 }, (_, i) => row(i)).join("");
  const blocks = Math.ceil(50_000_000 / block.length);
  for (let i = 0; i < blocks; i++) appendFileSync(path, block);
  const program = `
    import { existsSync, readFileSync } from "node:fs";
    import { tableFile } from "talweg/node";
    // Linux counts the most that a process ever held since it was a copy of the one that began it; its own stands in status.
    const status = "/proc/self/status";
    const most = () =>
      existsSync(status)
        ? Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync(status, "utf8"))[1])
        : process.resourceUsage().maxRSS;
    let rows = 0;
    let last = "";
    for await (const chunk of tableFile(process.argv[1])) {
      rows += chunk.rows;
      last = chunk.columns[2].at(-1);
    }
    console.log(JSON.stringify({ rows, last, kilobytes: most() }));`;
  const stdout = execFileSync(process.execPath, ["--input-type=module", "-e", program, "--", path], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    encoding: "utf8",
  });
  const { rows, last, kilobytes } = JSON.parse(stdout) as Record<string, number>;
  expect({ rows, last }).toEqual({ rows: blocks * 20_000, last: String(19_999 / 7) });
  expect(kilobytes, `${kilobytes} kB`).toBeLessThan(150_000);
});
