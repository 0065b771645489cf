/** `talweg train` and its kin on tables, as a user with a file has them. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { folder, hasScript, last, lines, onTerminal, talweg } from "./command.ts";

const shipped = resolve("test/reference/vega");

/** A folder with the shipped tables in it. */
function tables(): string {
  const cwd = folder();
  for (const name of ["penguins.jsonl", "cars.csv"]) copyFileSync(join(shipped, name), join(cwd, name));
  return cwd;
}

const quick = ["--epochs", "4", "--quiet"];

describe("a table", () => {
  test("is told column by column, learned from, and its model scored beside a baseline", async () => {
    const cwd = tables();
    const words = ["train", "cars.csv", "--target", "Miles_per_Gallon", "--drop", "Name"];
    const { code, stdout, stderr } = await talweg([...words, "--validation", "0.2", "--epochs", "20"], {
      cwd,
    });
    expect(code).toBe(0);
    // The places for unseen categories are constant by design.
    expect(stderr).not.toContain("warning");
    expect(stdout).toContain("cars.csv: 406 rows, 9 columns; predicts Miles_per_Gallon, a number");
    expect(stdout).toMatch(/^ {2}Horsepower +number +2 {2}\d+ to \d+, mean [\d.]+, some missing$/m);
    expect(stdout).toMatch(/^ {2}Origin +category +4 {2}3 values: Europe, Japan, USA$/m);
    expect(stdout).toMatch(/^ {2}Year +date +1 {2}around 197\d-/m);
    expect(stdout).toMatch(/^ {2}Name +dropped {2}/m);
    expect(stdout).toContain(
      '8 rows cannot be learned from and are left out:\n  line 12, "Miles_per_Gallon": the target is missing',
    );
    expect(stdout).toMatch(/^ {2}--layers [\d,]+ {2,}\S/m);
    expect(stdout).toContain("80 rows that were watched and not learned from:");
    expect(Number(/^ {2}R² +([\d.]+) +-?[\d.e-]+$/m.exec(stdout)?.[1])).toBeGreaterThan(0.6);
    expect(stdout).toContain("talweg predict cars.safetensors new.csv --out answers.csv");
    for (const line of stdout.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  test("has its facts as an event of --json, before the start, and scores in the result", async () => {
    const cwd = tables();
    const words = ["train", "penguins.jsonl", "--target", "Species", "--validation", "0.25", "--epochs", "5"];
    const { stdout } = await talweg([...words, "--json", "--quiet-steps"], { cwd });
    const [first, second] = lines(stdout);
    expect(first).toMatchObject({ event: "table", source: "penguins.jsonl", rows: 344, validationRows: 86 });
    expect(
      (first!.columns as { name: string; role: string }[]).map(({ name, role }) => [name, role]),
    ).toContainEqual(["Species", "target"]);
    expect((first!.choices as { option: string }[]).map(({ option }) => option)).toContain("layers");
    expect(second).toMatchObject({ event: "start" });
    const { scores } = last(stdout) as {
      scores: { kind: string; accuracy: number; baseline: { accuracy: number } };
    };
    expect(scores.kind).toBe("classes");
    expect(scores.accuracy).toBeGreaterThan(scores.baseline.accuracy + 0.3);
  });

  test("gives the same bits as CSV with BOM and CRLF, as TSV, and packed", async () => {
    const cwd = tables();
    const text = readFileSync(join(cwd, "cars.csv"), "utf8");
    const crlf = `\uFEFF${text.replaceAll("\n", "\r\n")}`;
    writeFileSync(join(cwd, "crlf.csv"), crlf);
    writeFileSync(join(cwd, "packed.csv.gz"), gzipSync(text));
    writeFileSync(join(cwd, "tabs.tsv"), text.replaceAll(",", "\t"));
    const shas = [];
    for (const name of ["cars.csv", "crlf.csv", "packed.csv.gz", "tabs.tsv"]) {
      const { stdout } = await talweg(
        ["train", name, "--target", "Horsepower", "--drop", "Name", ...quick, "--json", "--quiet-steps"],
        { cwd },
      );
      shas.push(last(stdout).parametersSha256);
    }
    expect(shas[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(shas).size).toBe(1);
    expect(existsSync(join(cwd, "packed.safetensors"))).toBe(true);
  });

  test("is learned from in its first rows with --rows, and in all of its targets with commas", async () => {
    const cwd = tables();
    const words = [
      "train",
      "cars.csv",
      "--target",
      "Horsepower,Acceleration",
      "--drop",
      "Name",
      "--rows",
      "100",
    ];
    const { code, stdout } = await talweg([...words, "--epochs", "4", "--json", "--quiet-steps"], { cwd });
    expect(code).toBe(0);
    expect(lines(stdout)[0]).toMatchObject({ event: "table", rows: 100 });
    const answers = await talweg(["predict", "cars.safetensors", "cars.csv", "--rows", "2"], { cwd });
    expect(answers.stdout).toMatch(/^Horsepower,Acceleration\n[\d.]+,[\d.]+\n[\d.]+,[\d.]+\n$/);
  });

  test("of which no rows are watched says how it does on those that it learned from, and how to learn more", async () => {
    const cwd = tables();
    const words = ["train", "cars.csv", "--target", "Miles_per_Gallon", "--drop", "Name", "--epochs", "20"];
    const { stdout } = await talweg([...words, "--quiet"], { cwd });
    const text = stdout.replace(/\s+/g, " ");
    expect(text).toMatch(
      /On the rows that it learned from, which flatter: R² 0\.[89]\d+ \(baseline 0\), mean absolute error [12]\.\d+ \(baseline 6\.533\)\./,
    );
    expect(stdout).toMatch(
      /^ {2}talweg train cars\.csv --target Miles_per_Gallon --drop Name --epochs 20 --folds 5$/m,
    );
    const { scores, trainingScores } = last((await talweg([...words, "--json"], { cwd })).stdout);
    expect(scores).toBe(null);
    expect(trainingScores).toMatchObject({ kind: "numbers", rows: 398 });
  });

  test("stops early on watched rows when it is told to, and says what was watched and which epoch came back", async () => {
    const cwd = tables();
    const words = ["train", "cars.csv", "--target", "Miles_per_Gallon", "--drop", "Name", "--epochs", "300"];
    const watching = [...words, "--validation", "0.2", "--patience", "3"];
    const { stdout } = await talweg([...watching, "--quiet-steps"], { cwd });
    expect(stdout.replace(/\s+/g, " ")).toContain("; 318 rows to learn from, 80 to watch");
    expect(stdout).toContain("no better validation loss any more");
    const best = Number(
      /^the parameters of epoch (\d+), the best on the rows that were watched, came back$/m.exec(stdout)?.[1],
    );
    const result = last((await talweg([...watching, "--json"], { cwd })).stdout);
    expect(result).toMatchObject({ reason: "patience", bestEpoch: best, epochs: best + 3 });
    expect(result).not.toHaveProperty("trainingScores");
  });

  test("is streamed on demand, which the output says, and a model comes out that answers rows", async () => {
    const cwd = tables();
    const words = [
      "train",
      "cars.csv",
      "--target",
      "Miles_per_Gallon",
      "--drop",
      "Name",
      "--stream",
      "--epochs",
      "10",
    ];
    const { code, stdout } = await talweg(words, { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "The file has 23 kB and is read anew for each epoch, with 32 MB of its rows at\nonce in memory",
    );
    const scored = await talweg(["evaluate", "cars.safetensors", "cars.csv", "--json"], { cwd });
    expect((last(scored.stdout).scores as { rSquared: number }).rSquared).toBeGreaterThan(0.5);
  });

  test.runIf(hasScript)("fits a terminal of 60 columns", () => {
    const shown = onTerminal(
      ["train", join(shipped, "penguins.jsonl"), "--target", "Species", "--epochs", "2", "--quiet-steps"],
      60,
      { NO_COLOR: "1" },
    );
    const table = shown.slice(shown.indexOf("  column"), shown.indexOf("Chosen"));
    expect(table).toContain("Island");
    for (const line of table.split("\r\n")) expect([...line].length, line).toBeLessThanOrEqual(60);
  });
});

describe("inspect", () => {
  test("tells what each column became, what was dropped, every choice, and how to train the same again", async () => {
    const cwd = tables();
    const words = ["train", "cars.csv", "--target", "Miles_per_Gallon", "--drop", "Name", ...quick];
    await talweg(words, { cwd });
    const { stdout } = await talweg(["inspect", "cars.safetensors"], { cwd });
    expect(stdout).toContain("7 columns as 11 inputs:");
    expect(stdout).toMatch(/^ {2}Origin: category of 3: Europe, Japan, USA; one input each/m);
    expect(stdout).toContain("Not learned from:\n  Name: it is named to be dropped");
    const command = /^The same again:\n {2}talweg (.+)$/m.exec(stdout)?.[1] as string;
    const json = last((await talweg(["inspect", "cars.safetensors", "--json"], { cwd })).stdout);
    expect(json.command).toBe(`talweg ${command}`);
    const again = [...command.split(" "), "--out", "again.safetensors", "--quiet"];
    expect((await talweg(again, { cwd })).code).toBe(0);
    const other = last((await talweg(["inspect", "again.safetensors", "--json"], { cwd })).stdout);
    expect(other.parametersSha256).toBe(json.parametersSha256);
  });

  test("reads a file of PyTorch with --layers, and predict answers by it", async () => {
    const file = resolve("test/reference/torch-square-f32.safetensors");
    const refused = await talweg(["inspect", file]);
    expect(refused.code).toBe(1);
    const described = ["--layers", "3,3,3", "--activation", "tanh", "--read-layout", "torch"];
    const told = await talweg(["inspect", file, ...described, "--json"]);
    expect(last(told.stdout)).toMatchObject({ parameterCount: 24 });
    const asked = await talweg(["predict", file, ...described, "--input", "1,2,3", "--json"]);
    expect((lines(asked.stdout)[0]!.output as number[]).length).toBe(3);
    const unknown = await talweg(["predict", file, "--layers", "3,3,3", "--input", "1,2,3"]);
    expect(unknown.stderr).toContain(
      "add --read-layout torch for a file from PyTorch, or talweg for [in, out].",
    );
    expect(unknown.code).toBe(2);
  });
});

describe("evaluate", () => {
  test("scores in the target's own units, and weighs whole columns", async () => {
    const cwd = tables();
    await talweg(
      ["train", "cars.csv", "--target", "Miles_per_Gallon", "--drop", "Name", "--epochs", "20", "--quiet"],
      { cwd },
    );
    const words = ["evaluate", "cars.safetensors", "cars.csv", "--importance", "--plot", "cars.svg"];
    const { stdout, stderr } = await talweg(words, { cwd });
    expect(stdout).toMatch(/^398 examples of cars\.csv$/m);
    expect(stdout).toMatch(/^ {2}mean absolute error +[1-5]\.\d+ +6\.\d+$/m);
    expect(stdout).toMatch(/^ {2}Weight_in_lbs +[\d.]+ +[\d.]+ +[\d.]+$/m);
    expect(stderr).toContain('skipped cars.csv:12: column "Miles_per_Gallon": the target is missing');
    expect(readFileSync(join(cwd, "cars.svg"), "utf8")).toContain("true Miles_per_Gallon");
  });

  test("says that a model was trained on the very table, by its bytes and not by its name", async () => {
    const cwd = tables();
    const words = ["train", "cars.csv", "--target", "Miles_per_Gallon", "--drop", "Name", ...quick];
    await talweg(words, { cwd });
    copyFileSync(join(cwd, "cars.csv"), join(cwd, "same.csv"));
    writeFileSync(
      join(cwd, "cars.csv"),
      readFileSync(join(cwd, "cars.csv"), "utf8").split("\n").slice(0, 200).join("\n"),
    );
    const same = await talweg(["evaluate", "cars.safetensors", "same.csv"], { cwd });
    expect(same.stdout).toContain("The model was trained on this very table");
    const other = await talweg(["evaluate", "cars.safetensors", "cars.csv"], { cwd });
    expect(other.stdout).not.toContain("very table");
    const told = async (name: string): Promise<unknown> =>
      last((await talweg(["evaluate", "cars.safetensors", name, "--json"], { cwd })).stdout).trainedOn;
    expect([await told("same.csv"), await told("cars.csv")]).toEqual([true, false]);
  });

  test("scores classes by name, and draws their confusion", async () => {
    const cwd = tables();
    await talweg(["train", "penguins.jsonl", "--target", "Species", "--epochs", "5", "--quiet"], { cwd });
    const { stdout } = await talweg(
      ["evaluate", "penguins.safetensors", "penguins.jsonl", "--plot", "p.svg"],
      { cwd },
    );
    expect(stdout).toMatch(/^ {2}Chinstrap +68 +[01]\.\d{3}/m);
    expect(readFileSync(join(cwd, "p.svg"), "utf8")).toContain("Chinstrap");
  });
});

describe("a run of a table", () => {
  const words = [
    "train",
    "cars.csv",
    "--target",
    "Miles_per_Gallon",
    "--drop",
    "Name",
    "--epochs",
    "30",
    "--json",
  ];

  test.each([
    ["in memory", []],
    ["streamed", ["--stream"]],
  ])("that is stopped goes on to the bits of one that was not, %s", async (_, more) => {
    const cwd = tables();
    const whole = last((await talweg([...words, ...more, "--quiet-steps"], { cwd })).stdout);
    const part = await talweg([...words, ...more, "--run", "r", "--stop-steps", "100"], { cwd });
    expect(last(part.stdout)).toMatchObject({ reason: "steps", steps: 100 });
    const rest = await talweg(["resume", "r", "--stop-steps", "100000", "--json"], { cwd });
    expect(last(rest.stdout)).toMatchObject({ reason: "epochs", parametersSha256: whole.parametersSha256 });
  });

  test("refuses to go on with a table that has changed", async () => {
    const cwd = tables();
    await talweg([...words, "--run", "r", "--stop-steps", "50"], { cwd });
    const text = readFileSync(join(cwd, "cars.csv"), "utf8");
    writeFileSync(join(cwd, "cars.csv"), text.replace("chevrolet", "Chevrolet"));
    const { code, stderr } = await talweg(["resume", "r", "--stop-steps", "60"], { cwd });
    expect(stderr).toMatch(
      /^talweg: cars\.csv: the table has changed since the run began: its SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}/,
    );
    expect(code).toBe(1);
  });

  test("is saved by Ctrl-C, and its checkpoint refuses a changed table too", async () => {
    const cwd = tables();
    let signaled = false;
    const stopped = await talweg([...words, "--epochs", "100000"], {
      cwd,
      onLine: (line, child) => {
        if (signaled || !line.includes('"step":20,')) return;
        signaled = true;
        child.kill("SIGINT");
      },
    });
    expect(stopped.code).toBe(130);
    const more = ["train", "--resume", "cars.checkpoint.safetensors", "--stop-steps", "1000"];
    expect((await talweg(more, { cwd })).code).toBe(0);
    writeFileSync(join(cwd, "cars.csv"), `${readFileSync(join(cwd, "cars.csv"), "utf8")}\n`);
    expect((await talweg(more, { cwd })).stderr).toContain(
      "cars.csv: the table has changed since the run began",
    );
  });
});

describe("train --folds on a table", () => {
  test("turns columns to numbers inside of each fold, gives scores in the target's unit, and saves nothing", async () => {
    const cwd = tables();
    const words = ["train", "cars.csv", "--target", "Miles_per_Gallon", "--drop", "Name", "--folds", "3"];
    const { code, stdout, stderr } = await talweg([...words, "--epochs", "10"], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("398 examples of cars.csv, 3 folds");
    expect(stdout).toMatch(/^ {2}mean absolute error +[1-4]\.\d+ .* 6\.\d+$/m);
    expect(stderr).toMatch(/^fold 3 of 3: \d+ epochs, R² 0\.\d+ on 132 examples$/m);
    expect(existsSync(join(cwd, "cars.safetensors"))).toBe(false);
  });

  test("refuses --stream, and asks for a target", async () => {
    const cwd = tables();
    const streamed = await talweg(["train", "cars.csv", "--target", "Origin", "--folds", "3", "--stream"], {
      cwd,
    });
    expect(streamed.stderr).toContain("--stream is given with --folds, which needs all rows in memory");
    const without = await talweg(["train", "cars.csv", "--folds", "3"], { cwd });
    expect(without.stderr).toContain(
      "cars.csv is a table, and no --target says which of its columns to predict",
    );
    expect([streamed.code, without.code]).toEqual([2, 2]);
  });
});

test("--sql takes the rows of a query to train, predict and evaluate, and a run of it goes on", async () => {
  const cwd = tables();
  const sql = ["--sql", "select * exclude (Name) from 'cars.csv' where Miles_per_Gallon is not null"];
  const words = ["train", ...sql, "--target", "Miles_per_Gallon", "--epochs", "10", "--run", "r", "--json"];
  const part = await talweg([...words, "--stop-steps", "20"], { cwd });
  expect(last(part.stdout)).toMatchObject({ reason: "steps", model: join("r", "model.safetensors") });
  const rest = await talweg(["resume", "r", "--stop-steps", "100000", "--json"], { cwd });
  expect(last(rest.stdout)).toMatchObject({ reason: "epochs", epochs: 10 });
  const model = join("r", "model.safetensors");
  const answers = await talweg(["predict", model, "--sql", "select * from 'cars.csv' limit 2"], { cwd });
  expect(answers.stdout).toMatch(/^Miles_per_Gallon\n[\d.]+\n[\d.]+\n$/);
  const scored = await talweg(["evaluate", model, ...sql, "--json"], { cwd });
  expect(last(scored.stdout)).toMatchObject({ rows: 398, refusedRows: 0 });
  const both = await talweg(["train", "cars.csv", ...sql, "--target", "Origin"], { cwd });
  expect(both.stderr).toContain("cars.csv and --sql are both given, expected one of them");
  expect(both.code).toBe(2);
});

test("numbers with decimal commas are refused with a query that reads them, and its folds are told as a query too", async () => {
  const cwd = folder();
  const rows = Array.from(
    { length: 30 },
    (_, i) => `${i % 2 === 0 ? "Süd" : "Ost"};${i},5;${(i * 7) % 30},25`,
  );
  writeFileSync(join(cwd, "de.csv"), `Lage;Fläche;Preis\r\n${rows.join("\r\n")}\r\n`);
  const refused = await talweg(["train", "de.csv", "--target", "Preis"], { cwd });
  const query = "select * from read_csv('FILE', decimal_separator = ',')";
  expect(refused.stderr).toContain(`write 1.5, not 1,5`);
  expect(refused.stderr.trimEnd().endsWith(`On the command line: --sql "${query}".`)).toBe(true);
  const asked = query.replace("FILE", "de.csv");
  const words = ["train", "--sql", asked, "--target", "Preis", "--quiet", "--epochs", "2"];
  const { code, stdout } = await talweg(words, { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain(`talweg train --sql "${asked}" --target Preis --epochs 2 --folds 5`);
});
