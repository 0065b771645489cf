/** `talweg predict` on tables: raw rows in, answers in the columns' own terms out. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { folder, last, lines, talweg } from "./command.ts";

const penguins = resolve("test/reference/vega/penguins.jsonl");
let cwd = "";

/** Rows of a rule that is easy to learn: y is warm where t is above 20; its words are a trap for formulas and for names. */
function rows(count: number): string {
  const line = (i: number): string =>
    `${i % 40},${i % 2 === 0 ? "a" : "=1+1"},${i % 40 > 20 ? "warm" : "=cold"}`;
  return `t,__proto__,y\n${Array.from({ length: count }, (_, i) => line(i)).join("\n")}\n`;
}

beforeAll(async () => {
  cwd = folder();
  writeFileSync(join(cwd, "t.csv"), rows(200));
  await talweg(["train", "t.csv", "--target", "y", "--epochs", "30", "--quiet"], { cwd });
  await talweg(["train", penguins, "--target", "Body Mass (g)", "--epochs", "10", "--quiet"], { cwd });
});

const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);

describe("predict on a table", () => {
  test("answers with class names and a probability for each class, harmless for spreadsheets", async () => {
    write("new.csv", "t,__proto__\n5,a\n35,=1+1\n");
    const { code, stdout } = await talweg(["predict", "t.safetensors", "new.csv"], { cwd });
    expect(code).toBe(0);
    const [head, cold, warm] = stdout.split("\n");
    expect(head).toBe("y,p(=cold),p(warm)");
    expect(cold).toMatch(/^'=cold,(1|0\.[5-9]\d*),[\d.e-]+$/);
    expect(warm).toMatch(/^warm,[\d.e-]+,(1|0\.[5-9]\d*)$/);
  });

  test("finds columns by name, in any order, beside others, under BOM and CRLF", async () => {
    write("new.csv", "t,__proto__\n5,a\n35,=1+1\n");
    write("other.csv", "\uFEFFmore,__proto__,t\r\nx,a,5\r\ny,=1+1,35\r\n");
    const [one, other] = await Promise.all(
      ["new.csv", "other.csv"].map((name) => talweg(["predict", "t.safetensors", name], { cwd })),
    );
    expect(one!.stdout.split("\n")).toHaveLength(4);
    expect(other!.stdout).toBe(one!.stdout);
  });

  test("names rows that it cannot read, by line and column, and skips them", async () => {
    write("bad.csv", "t,__proto__\n5,a\nfive,a\n35,a\n,a\n");
    const words = ["predict", "t.safetensors", "bad.csv"];
    const { code, stdout, stderr } = await talweg(words, { cwd });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(4);
    expect(stderr).toBe(
      'talweg: skipped bad.csv:3: column "t": "five" is no number\n' +
        "talweg: 1 row skipped; --on-bad missing lets bad cells count as missing.\n",
    );
    const missing = await talweg([...words, "--on-bad", "missing"], { cwd });
    expect(missing.stdout.trimEnd().split("\n")).toHaveLength(5);
    expect(missing.stderr).toBe("");
    const stopped = await talweg([...words, "--on-bad", "stop", "--out", "stopped.csv"], { cwd });
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(
      'talweg: bad.csv:3: column "t": "five" is no number, expected a value as the model learned from',
    );
    expect(existsSync(join(cwd, "stopped.csv"))).toBe(false);
    expect(readdirSync(cwd).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("takes unseen categories as such, and says 1 where every row was refused", async () => {
    write("unseen.csv", "t,__proto__\n5,never seen\n");
    expect((await talweg(["predict", "t.safetensors", "unseen.csv"], { cwd })).stdout).toMatch(/\n'=cold,/);
    write("none.csv", "t,__proto__\nx,a\n");
    const none = await talweg(["predict", "t.safetensors", "none.csv"], { cwd });
    expect(none).toMatchObject({ code: 1, stdout: "y,p(=cold),p(warm)\n" });
  });

  test("names a column that is not there, in CSV and where no line of JSON has it", async () => {
    write("few.csv", "__proto__,y\na,warm\n");
    write("few.jsonl", '{"__proto__":"a"}\n{"__proto__":"a","y":"warm"}\n');
    for (const name of ["few.csv", "few.jsonl"]) {
      const { code, stderr, stdout } = await talweg(["predict", "t.safetensors", name], { cwd });
      expect(stderr).toContain('lacks the column: "t"');
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    }
    write("late.jsonl", '{"__proto__":"a"}\n{"t":35}\n');
    const late = await talweg(["predict", "t.safetensors", "late.jsonl"], { cwd });
    expect(late.stdout.trimEnd().split("\n")).toHaveLength(3);
  });

  test("keeps the table's columns with --keep, its answers under a name of their own", async () => {
    const words = ["predict", "t.safetensors", "t.csv", "--keep", "--rows", "2"];
    const { stdout } = await talweg(words, { cwd });
    expect(stdout.split("\n")[0]).toBe("t,__proto__,y,predicted(y),p(=cold),p(warm)");
    expect(stdout.split("\n")[1]).toMatch(/^0,a,'=cold,'=cold,/);
  });

  test.each(["answers.csv", "answers.tsv", "answers.jsonl"])("writes %s whole or not at all", async (out) => {
    write(out, "old");
    const { code, stdout } = await talweg(["predict", "t.safetensors", "t.csv", "--out", out], { cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `200 rows answered in ${out}\n` });
    const text = readFileSync(join(cwd, out), "utf8").trimEnd().split("\n");
    expect(text).toHaveLength(out.endsWith("l") ? 200 : 201);
    if (out.endsWith(".jsonl"))
      expect(Object.keys(JSON.parse(text[0]!))).toEqual(["y", "p(=cold)", "p(warm)"]);
    if (out.endsWith(".tsv")) expect(text[0]).toBe("y\tp(=cold)\tp(warm)");
    expect(readdirSync(cwd).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("gives one line of JSON a row, with its line in the file, in all digits", async () => {
    const words = ["predict", "penguins.safetensors", penguins, "--rows", "5", "--json"];
    const { stdout } = await talweg(words, { cwd });
    const [first] = lines(stdout);
    expect(first).toMatchObject({ row: 0, line: 1 });
    const mass = (first!.values as Record<string, number>)["Body Mass (g)"]!;
    expect(mass).toBeGreaterThan(2500);
    expect(mass).toBeLessThan(6500);
    expect(last(stdout)).toMatchObject({ event: "result", command: "predict", rows: 5, refusedRows: 0 });
    const csv = await talweg(["predict", "penguins.safetensors", penguins, "--rows", "1"], { cwd });
    expect(csv.stdout).toBe(`Body Mass (g)\n${Number(mass.toPrecision(7))}\n`);
  });
});

describe("predict on rows from stdin", () => {
  const asked = (stdin: string, ...more: string[]): ReturnType<typeof talweg> =>
    talweg(["predict", "t.safetensors", ...more], { cwd, stdin });

  test("answers each by its column names", async () => {
    const { code, stdout } = await asked('{"t":35,"__proto__":"a"}\n\n{"__proto__":"a","t":"2"}\n');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warm {2}\(warm \d+\.\d\d %, =cold \d+\.\d\d %\)\n=cold {2}\(/);
    const json = lines((await asked('{"t":35,"__proto__":"a"}', "--json")).stdout);
    expect(json[0]).toMatchObject({ row: 0, line: 1, values: { y: "warm" } });
  });

  test("says which column it lacks, and names a row that it cannot read", async () => {
    const { stdout, stderr } = await asked('{"t":35}\n{"t":"x","__proto__":"a"}\n');
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toContain('stdin:1: no "__proto__", so it counts as missing');
    expect(stderr).toContain('skipped stdin:2: column "t": "x" is no number');
  });

  test.each([
    ["not JSON", "{t:1}", "stdin:1: the line is not JSON"],
    ["a list", "[1,2]", "stdin:1: the line is no object, expected a row by the names of its columns"],
    ["another row", '{"T":1}', 'stdin:1: the row has only "T", expected columns that the model learned from'],
    [
      "a list in a cell",
      '{"t":[1]}',
      'stdin:1: "t" is a list, expected a text, a number, true, false or null',
    ],
    ["too large a number", '{"t":1e999}', 'stdin:1: "t" is too large a number'],
  ])("refuses %s, and shows what a row is", async (_, line, message) => {
    const { code, stderr } = await asked(`${line}\n`);
    expect(stderr).toContain(`talweg: ${message}`);
    expect(stderr).toContain('such as {"t":');
    expect(code).toBe(1);
  });
});

test.each([
  [
    "numbers for a model that knows columns",
    ["t.safetensors", "--input", "1,2"],
    "t.safetensors knows columns",
  ],
  ["two things at once", ["t.safetensors", "t.csv", "--input", "1"], "t.csv and --input are both given"],
  ["no table with --keep", ["t.safetensors", "--keep"], "--keep is given without a table"],
  ["another ending", ["t.safetensors", "t.txt"], "t.txt is no table by its name"],
  [
    "an ending of --out that is none",
    ["t.safetensors", "t.csv", "--out", "a.xls"],
    '--out is "a.xls", expected a name that ends in .csv',
  ],
])("predict with %s is wrong usage", async (_, words, message) => {
  const { code, stderr, stdout } = await talweg(["predict", ...words], { cwd });
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("predict on a table with a model of numbers says what to do", async () => {
  await talweg(["train", "xor", "--epochs", "1", "--quiet"], { cwd });
  const { code, stderr } = await talweg(["predict", "xor.safetensors", "t.csv"], { cwd });
  expect(stderr).toContain(
    "xor.safetensors knows no columns, since it was not trained on a table, but t.csv is to be answered; pass its 2 inputs by --input",
  );
  expect(code).toBe(2);
});
