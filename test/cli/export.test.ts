import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readSafetensors } from "talweg/formats";
import { dense, network } from "talweg/network";
import { loadModel, saveModel } from "talweg/node";
import { beforeAll, expect, test } from "vitest";
import { bitsOf } from "../formats/material.ts";
import { tableNetwork } from "../formats/tableModel.ts";
import { folder, last, talweg } from "./command.ts";

const classes = [{ name: "outcome", kind: "class" as const, classes: ["no", "yes"], weights: [1, 1] }];
let cwd: string;

beforeAll(() => {
  cwd = folder();
  saveModel(
    network([dense(2, 3, "tanh"), dense(3, 1, "sigmoid")], { seed: 4 }),
    join(cwd, "moons.safetensors"),
  );
  saveModel(tableNetwork(classes, 1, "sigmoid"), join(cwd, "table.safetensors"));
});

test("export writes ONNX and tells its inputs and outputs", async () => {
  const { code, stdout, stderr } = await talweg(["export", "table.safetensors", "--out", "table.onnx"], {
    cwd,
  });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  const bytes = readFileSync(join(cwd, "table.onnx")).length;
  expect(stdout).toBe(`table.onnx: ONNX, ${bytes.toLocaleString("en")} bytes

  input   age            double  [rows, 1]
  input   label          string  [rows, 1]
  input   member         string  [rows, 1]
  input   since          double  [rows, 1]
  input   _2             double  [rows, 1]
  output  label_2        string  [rows]
  output  probabilities  float   [rows, 2]

In the file missing numbers come in as NaN, missing texts as empty ones, dates
(since) as days since 1970-01-01 UTC.
`);
});

test("export --layout torch writes what PyTorch loads and says how", async () => {
  const words = ["export", "moons.safetensors", "--layout", "torch", "--out", "torch.safetensors"];
  const { stdout } = await talweg(words, { cwd });
  expect(stdout).toContain(
    "  model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1), nn.Sigmoid())",
  );
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(join(cwd, "torch.safetensors"))));
  expect([...tensors.keys()]).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
  const original = loadModel(join(cwd, "moons.safetensors"));
  expect(bitsOf(loadModel(join(cwd, "torch.safetensors")).parameters)).toBe(bitsOf(original.parameters));
  const named = await talweg([...words, "--names", "fc1,fc2", "--json"], { cwd });
  expect(last(named.stdout)).toMatchObject({ event: "result", command: "export", form: "safetensors" });
  expect(last(named.stdout)).not.toHaveProperty("modules");
});

test("export writes code that predicts what talweg predict answers", async () => {
  const { stdout } = await talweg(["export", "moons.safetensors", "--out", "moons.mjs", "--json"], { cwd });
  expect(last(stdout)).toMatchObject({ form: "code", out: "moons.mjs", row: [0.5, 0.5] });
  const module = (await import(/* @vite-ignore */ pathToFileURL(join(cwd, "moons.mjs")).href)) as {
    predict(rows: number[][]): number[][];
  };
  const answer = await talweg(["predict", "moons.safetensors", "--input", "0.5,-2", "--json"], { cwd });
  const [first] = answer.stdout.split("\n");
  expect(module.predict([[0.5, -2]])[0]).toEqual((JSON.parse(first!) as { output: number[] }).output);
  const table = await talweg(["export", "table.safetensors", "--out", "table.ts"], { cwd });
  expect(table.stdout).toContain(
    '  import { predict } from "./table.ts";\n  predict([{"age":40,"label":"Bergen","member":true,',
  );
});

test("export --layers reads what PyTorch wrote", async () => {
  const torch = resolve("test/reference/torch-deep-f32.safetensors");
  const words = ["export", torch, "--layers", "3,5,4,4,4,5,2", "--activation", "tanh", "--out", "deep.json"];
  const { code, stderr } = await talweg(words, { cwd });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(loadModel(join(cwd, "deep.json")).layers.map(({ activation }) => activation)).toEqual([
    ..."tanh tanh tanh tanh tanh linear".split(" "),
  ]);
  const square = resolve("test/reference/torch-square-f32.safetensors");
  const asked = await talweg(["export", square, "--layers", "3,3,3", "--out", "square.json"], { cwd });
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain("add --read-layout torch for a file from PyTorch, or talweg for [in, out].");
  const told = [...["export", square, "--layers", "3,3,3"], "--read-layout", "torch", "--out", "square.json"];
  expect((await talweg(told, { cwd })).code).toBe(0);
});

test.each([
  [["moons.safetensors"], 2, "--out is missing, expected the name of the file to write"],
  [["moons.safetensors", "--out", "a.h5"], 2, '--out is "a.h5", expected a name that ends in .onnx or .ts'],
  [
    ["moons.safetensors", "--as", "onnx", "--out", "a.ts"],
    2,
    '--out is "a.ts", expected a name that ends in .onnx',
  ],
  [
    ["moons.safetensors", "--layout", "torch", "--out", "a.onnx"],
    2,
    "--layout is given for onnx, expected it for safetensors",
  ],
  [
    ["moons.safetensors", "--names", "a,b", "--out", "a.safetensors"],
    2,
    "--names is given without --layout torch",
  ],
  [
    ["moons.safetensors", "--activation", "relu", "--out", "a.json"],
    2,
    "--activation is given without --layers",
  ],
  [
    ["moons.safetensors", "--layers", "2", "--out", "a.json"],
    2,
    "--layers is 2, expected at least two widths",
  ],
  [["none.safetensors", "--out", "a.json"], 1, "none.safetensors: the file could not be read"],
  [["moons.safetensors", "--out", "no/a.json"], 1, "no/a.json: nothing can be written there"],
  [["text.safetensors", "--out", "a.onnx"], 1, "text.safetensors: safetensors: the header"],
  [["foreign.safetensors", "--out", "a.onnx"], 1, "describe it with layers"],
])("export %j ends with %i and says why", async (words, exitCode, message) => {
  writeFileSync(join(cwd, "text.safetensors"), "no model at all");
  writeFileSync(join(cwd, "foreign.safetensors"), readFileSync("test/reference/torch-deep-f32.safetensors"));
  const { code, stderr } = await talweg(["export", ...words], { cwd });
  expect(stderr).toContain(message);
  expect(code).toBe(exitCode);
});
