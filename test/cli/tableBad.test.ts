/** Tables as they come: each trains, or the command says precisely why not. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { folder, last, talweg } from "./command.ts";

let cwd = "";

const DIRTY = `id,__proto__,age,city,joined,note,y
1,a,3,Rome,2020-01-05,x,1.5
2,b,4,Rome,2020-02-05,x,2.5
3,a,,Oslo,2020-03-05,x,3
4,b,7,Oslo,2020-04-05,x,abc
5,a,8,"Bonn, am Rhein",2020-05-05,x,4
6,b,9,Bonn,2020-06-05,x,
7,a,3,Rome,,x,6
8,b,4,Rome,2020-08-05,x,7
`;

/** A film is named by a number once, dates are written as people do, and most words never come again. */
const FILMS = Array.from({ length: 60 }, (_, i) => {
  const title = i === 7 ? "300" : `"A film about ${i} things and ${i * i} more"`;
  return `{"Title":${title},"Release":"Jun ${(i % 28) + 1} ${1950 + i}","Gross":${i % 9 === 0 ? "null" : i * 1000},"Rating":${(i % 10) / 2}}`;
}).join("\n");

beforeAll(() => {
  cwd = folder();
  const files: Record<string, string | Uint8Array> = {
    "dirty.csv": DIRTY,
    "films.jsonl": FILMS,
    "empty.csv": "",
    "head.csv": "a,b\n",
    "ragged.csv": "a,b\n1,2\n2,3,4\n3,4\n",
    "one.csv": "a,y\n1,2\n",
    "same.csv": "a,y\n1,x\n2,x\n3,x\n",
    "none.csv": "a,y\n1,\n2,\n",
    "junk.csv": Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919 + 200) % 256),
    "junk.csv.gz": Uint8Array.from({ length: 400 }, (_, i) => (i * 7919 + 200) % 256),
    "junk.parquet": Uint8Array.from({ length: 400 }, (_, i) => (i * 7919 + 200) % 256),
    "list.jsonl": "[1,2]\n",
    "notes.txt": "a,b\n1,2\n",
    "quote.csv": 'a,b\n1,"2\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  mkdirSync(join(cwd, "folder.csv"));
});

test("a table without --target is a table whose columns are named", async () => {
  const { code, stderr } = await talweg(["train", "dirty.csv"], { cwd });
  expect(stderr).toBe(
    "talweg: dirty.csv is a table, and no --target says which of its columns to predict, expected one of id, __proto__, age, city, joined, note, y; " +
      "write for example talweg train dirty.csv --target y.\n",
  );
  expect(code).toBe(2);
});

test("a table that is not there is named, with the file that was probably meant", async () => {
  const { code, stderr } = await talweg(["train", "dirtx.csv", "--target", "y"], { cwd });
  expect(stderr).toBe(
    "talweg: there is no file dirtx.csv (did you mean dirty.csv?); check its name and the folder that it is in.\n",
  );
  expect(code).toBe(2);
});

test("dirty columns are each given a kind, dropped or refused with a reason, and rows without a target named", async () => {
  const words = ["train", "dirty.csv", "--target", "y", "--missing", "abc", "--epochs", "3"];
  const { code, stdout } = await talweg(words, { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}__proto__ +category +3 {2}2 values: a, b$/m);
  expect(stdout).toMatch(/^ {2}age +number +2 /m);
  expect(stdout).toMatch(/^ {2}city +category +5 {2}4 values: Bonn, Bonn, am Rhein, Oslo, Rome$/m);
  expect(stdout).toMatch(/^ {2}joined +date +2 /m);
  expect(stdout).toMatch(/^ {2}id +dropped +its whole numbers count the rows$/m);
  expect(stdout).toMatch(/^ {2}note +dropped +it has one value only, "x"$/m);
  expect(stdout).toContain('line 5, "y": the target is missing\n  line 7, "y": the target is missing');
});

test("a model remembers the words for missing values that its table was read with", async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i % 5 === 0 ? "none" : i},${i * 2}`);
  writeFileSync(join(cwd, "words.csv"), `a,y\n${rows.join("\n")}\n`);
  const words = ["train", "words.csv", "--target", "y", "--missing", "none", "--epochs", "2"];
  expect((await talweg(words, { cwd })).code).toBe(0);
  const { stdout } = await talweg(["predict", "words.safetensors", "words.csv", "--json"], { cwd });
  expect(last(stdout)).toMatchObject({ rows: 20, refusedRows: 0 });
});

test("--types and --drop decide over what is seen, and --class-weights over what is rare", async () => {
  const words = [
    "train",
    "dirty.csv",
    "--target",
    "__proto__",
    "--types",
    "id=category,age=number",
    "--drop",
    "note,y",
  ];
  const { code, stdout } = await talweg([...words, "--class-weights", "balanced", "--epochs", "3"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}id +category +9 /m);
  expect(stdout).toMatch(/^ {2}y +dropped +it is named to be dropped$/m);
});

describe("what cannot be learned from is refused with the reason and the remedy", () => {
  test.each([
    [
      "empty.csv --target y",
      "empty.csv: there is no row, expected a header with the names of the columns",
      1,
    ],
    ["head.csv --target b", "head.csv: the table has no rows", 1],
    ["ragged.csv --target b", "ragged.csv:3: the row has 3 cells, expected 2 as the header has", 1],
    ["ragged.csv --target b", "On the command line: --ragged skip.", 1],
    ["quote.csv --target b", "quote.csv:2", 1],
    ["one.csv --target y", 'the target "y" is always 2', 1],
    ["same.csv --target y", 'the target "y" is always "x", expected at least two classes', 1],
    ["none.csv --target y", 'the target "y" has no values in 2 rows', 1],
    ["junk.csv --target y", "junk.csv:1:", 1],
    ["junk.csv.gz --target y", "junk.csv.gz: the file could not be unpacked", 1],
    ["junk.parquet --target y", "junk.parquet", 1],
    ["list.jsonl --target y", "list.jsonl:1", 1],
    ["folder.csv --target y", "folder.csv", 2],
    ["absent.csv --target y", "there is no file absent.csv", 2],
    [
      "notes.txt --target b",
      "--target belongs to tables, but notes.txt is none, expected a file (.csv, .tsv",
      2,
    ],
    ["notes.txt", "A table such as sales.csv is read by readTable and needs a target", 2],
    ["mnist --target y", "--target belongs to tables, but mnist is none", 2],
    ["moons --types a=number", "--types belongs to tables, but moons is none", 2],
    ["dirty.csv --target y --noise 1", "--noise is given, but dirty.csv is a table", 2],
    ["dirty.csv --target z", 'target names "z", but the table has no such column', 2],
    [
      "dirty.csv --target y --drop nope",
      'drop names "nope", but the table has no such column (did you mean "note"?)',
      2,
    ],
    ["dirty.csv --target y --types age=numbr", '--types has "age=numbr" (did you mean number?)', 2],
    ["dirty.csv --target y --types age", '--types has "age", expected column=type', 2],
    ["dirty.csv --target y --delimiter ;;", '--delimiter is ";;", expected one character', 2],
    ["dirty.csv --target y --rows 0", "--rows is 0, expected a whole number from 1", 2],
    ["dirty.csv --target joined", 'the target "joined" is a date', 1],
    ["dirty.csv --target y", 'the first other one is "abc" in line 5', 1],
    ["dirty.csv --target y", "On the command line: --types NAME=TYPE or --missing WORD.", 1],
    ["films.jsonl --target Rating", "On the command line: --drop Release or --types NAME=TYPE.", 1],
    ["dirty.csv --target city --output-activation linear", "outputActivation", 2],
  ])("talweg train %s: %s", async (words, message, code) => {
    const ended = await talweg(["train", ...words.split(" ")], { cwd });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toContain("fault of talweg");
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: "" });
  });

  test.each([
    ["dirty.csv", "--part test", "--part is given, but dirty.csv is a table", 2],
    ["moons", "", "the model was trained on a table and knows its columns, but moons is no table", 2],
    ["one.csv", "", 'one.csv: the table lacks 4 columns: "id"', 1],
  ])("talweg evaluate dirty.safetensors %s %s: %s", async (data, more, message, code) => {
    const words = ["evaluate", "dirty.safetensors", data, ...more.split(" ").filter((word) => word !== "")];
    const ended = await talweg(words, { cwd });
    expect(ended.stderr).toContain(message);
    expect(ended.code).toBe(code);
  });
});

test("films train once their free text is dropped, as the message says", async () => {
  const words = [
    "train",
    "films.jsonl",
    "--target",
    "Rating",
    "--drop",
    "Title,Release",
    "--epochs",
    "3",
    "--json",
  ];
  const { code, stdout } = await talweg(words, { cwd });
  expect(code).toBe(0);
  expect(last(stdout)).toMatchObject({ event: "result", refusedRows: 0 });
});
