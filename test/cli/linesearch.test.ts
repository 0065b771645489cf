import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dense, network, objective, parabola, testFunctions } from "talweg";
import { explainLineSearch } from "talweg/explain";
import { loadModel, saveModel } from "talweg/node";
import { beforeAll, expect, test } from "vitest";
import { folder, last, talweg } from "./command.ts";

const cwd = folder();

beforeAll(() => {
  saveModel(network([dense(1, 3, "tanh"), dense(3, 1)], { seed: 2 }), join(cwd, "curve.json"));
});

test("linesearch prints each trial with its bound and verdict, the slope, and what would have been acceptable", async () => {
  const { code, stdout, stderr } = await talweg("linesearch --function rosenbrock --at -1.2,1".split(" "));
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain("f 24.2, ‖∇f‖ 232.9, slope ∇fᵀd -54230");
  expect(stdout).toMatch(/^ {2}0 +1 +2\.105e\+11 +18\.78 +refused: too high$/m);
  expect(stdout).toMatch(/^ {2}10 +0\.0009766 +5\.101 +24\.19 +accepted$/m);
  expect(stdout).toMatch(/^acceptable +0 < t ≤ 0\.001703; 0\.01124 ≤ t ≤ 0\.0131$/m);
  expect(stdout).toMatch(/^valley +crossed/m);
  for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
});

test("linesearch --json gives what explainLineSearch gives", async () => {
  const { stdout } = await talweg("linesearch --function beale --at 1,1 --c1 0.3 --json".split(" "));
  const found = explainLineSearch(testFunctions.beale.objective(), Float64Array.of(1, 1), { c1: 0.3 });
  expect(last(stdout)).toMatchObject({ event: "result", command: "linesearch", seed: null, ...found });
});

test("a function without --at begins at its customary start", async () => {
  const { stdout } = await talweg("linesearch --function wood --json".split(" "));
  expect(last(stdout).point).toEqual([-3, -1, -3, -1]);
});

test("a model is searched from its own parameters, in float64, with the loss that it would be trained with", async () => {
  const { stdout } = await talweg("linesearch curve.json parabola --rows 30 --json".split(" "), { cwd });
  const model = loadModel(join(cwd, "curve.json"));
  const n = network(model.layers, { precision: "float64" });
  n.parameters.set(model.parameters);
  const f = objective(n, "meanSquaredError", parabola({ rows: 30, seed: 2 }));
  const found = explainLineSearch(f, Float64Array.from(n.parameters));
  expect(last(stdout)).toMatchObject({ ...found, seed: 2 });
});

test("a large model is looked at on the first examples alone, which is said, unless --rows asks for more", async () => {
  const cwd = folder();
  saveModel(network([dense(1, 50, "tanh"), dense(50, 50, "tanh"), dense(50, 1)]), join(cwd, "wide.json"));
  const options = ["linesearch", "wide.json", "parabola", "--samples", "10"];
  const few = await talweg(options, { cwd });
  expect(few.stderr).toContain("Looking at the first 740 examples of 1,000");
  expect(few.stdout).toContain("wide.json on 740 examples of parabola");
  const all = await talweg([...options, "--rows", "1000"], { cwd });
  expect(all.stderr).toBe("");
  expect(all.stdout).toContain("wide.json on parabola");
});

test.each(["goldstein", "wolfe"])("--search %s shows its own conditions", async (search) => {
  const { code, stdout } = await talweg(["linesearch", "--function", "booth", "--search", search]);
  expect(code).toBe(0);
  expect(stdout).toContain(search === "goldstein" ? "at least" : "|slope|");
  expect(stdout).toContain("accepted");
});

test("--plot draws the curve, the bound, the trials and the acceptable steps", async () => {
  const words = "linesearch --function rosenbrock --at -1.2,1 --plot search.svg".split(" ");
  await talweg(words, { cwd });
  expect(existsSync(join(cwd, "search.svg"))).toBe(true);
  const svg = readFileSync(join(cwd, "search.svg"), "utf8");
  for (const name of ["acceptable", "refused", "accepted", "lowest", "allowed at most", "step size t"])
    expect(svg).toContain(name);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test.each([
  [
    "--function rosenbrock --at -1.2,1 --direction -1,0",
    "the direction ascends: its slope, gradient times direction, is ",
    2,
  ],
  [
    "--function rosenbrock --at 1,2,3,nan",
    '--at is "1,2,3,nan", expected numbers with commas between them',
    2,
  ],
  [
    "--function beale --at 1,2,3",
    "--at has 3 numbers, expected 2, one for each variable of beale; write for example --at 1,1.",
    2,
  ],
  ["--function beale --at 3,0.5 --direction 1", "direction has 1 number, expected 2", 1],
  ["--function booth --at 1,3", "the gradient is 0 at the start", 2],
  ["--function rozenbrock", 'there is no function "rozenbrock" (did you mean rosenbrock?)', 2],
  ["--function sphere --condition 3", "--condition is given with sphere, but only quadratic has one", 2],
  [
    "--function sphere --rows 3",
    "--rows is given with --function sphere, but it belongs to the data of a model",
    2,
  ],
  [
    "curve.json --function sphere",
    "got both the model curve.json and --function sphere, expected one of them",
    2,
  ],
  ["curve.json parabola --at 1", "--at is given with curve.json, but it belongs to functions", 2],
  ["curve.json", "got the model curve.json without data, expected a model and its data, or a function", 2],
  ["--c1 0.1", "got no model, expected a model and its data, or a function", 2],
  ["--function sphere --c1 1", "armijo: c1 is 1, expected a number between 0 and 1", 2],
])("linesearch %s is refused", async (words, text, exitCode) => {
  const { code, stderr, stdout } = await talweg(["linesearch", ...words.split(" ")], { cwd });
  expect(stderr).toContain(text);
  expect(stdout).toBe("");
  expect(code).toBe(exitCode);
});

test("a refusal with --json is one line of JSON", async () => {
  const { stdout } = await talweg("linesearch --function booth --at 1,3 --json".split(" "));
  expect(last(stdout)).toMatchObject({ event: "error", code: "linesearch", exitCode: 2 });
});
