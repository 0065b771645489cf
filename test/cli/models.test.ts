import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dense, moons, network, parabola, parametersSha256, testFunctions } from "talweg";
import { loadModel, saveModel } from "talweg/node";
import { evaluate, networkScores, permutationImportance, train } from "talweg/train";
import { beforeAll, expect, test } from "vitest";
import { folder, last, lines, talweg } from "./command.ts";

const cwd = folder();

beforeAll(async () => {
  const curve = network([dense(1, 4, "tanh"), dense(4, 1)], { seed: 1 });
  await train(curve, parabola({ rows: 50 }), { epochs: 5 });
  saveModel(curve, join(cwd, "curve.json"));
  const words = "train moons --rows 100 --noise 0.05 --epochs 5 --seed 4 --out points.safetensors".split(" ");
  await talweg(words, { cwd });
});

test("evaluate draws the test examples as the model's own were drawn, and counts its confusions", async () => {
  const { code, stdout } = await talweg(["evaluate", "points.safetensors", "moons", "--json"], { cwd });
  expect(code).toBe(0);
  const model = loadModel(join(cwd, "points.safetensors"));
  const data = moons({ rows: 100, noise: 0.05, seed: 4, part: "test" });
  const { rows, loss, metrics, confusion } = evaluate(model, data);
  expect(last(stdout)).toMatchObject({
    event: "result",
    command: "evaluate",
    seed: 4,
    rows,
    loss,
    accuracy: metrics.accuracy,
    confusion,
  });
});

test("evaluate --part train and other options choose other examples", async () => {
  const words = "evaluate points.safetensors moons --part train --rows 30 --noise 0.2 --seed 9 --json".split(
    " ",
  );
  const { stdout } = await talweg(words, { cwd });
  const model = loadModel(join(cwd, "points.safetensors"));
  expect(last(stdout)).toMatchObject({
    rows: 30,
    loss: evaluate(model, moons({ rows: 30, noise: 0.2, seed: 9 })).loss,
  });
});

test("evaluate shows people the confusion matrix as a table, and draws it", async () => {
  const { stdout } = await talweg(["evaluate", "points.safetensors", "moons", "--plot", "c.svg"], { cwd });
  expect(stdout).toMatch(
    /^100 examples of moons \(test\)\nloss [\d.e-]+\n\n +model +baseline\n +accuracy +[\d.]+ % +50\.00 %\n/,
  );
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^ +1 +[\d·]+ +[\d·]+ +[\d.]+ %$/);
});

test("evaluate draws answers against targets where there are no classes, and refuses figures of the other kind", async () => {
  const words = ["evaluate", "curve.json", "parabola", "--plot", "a.svg"];
  expect((await talweg(words, { cwd })).code).toBe(0);
  expect(readFileSync(join(cwd, "a.svg"), "utf8")).toContain("on the diagonal the answer is right");
  const { code, stderr } = await talweg([...words, "--figure", "roc"], { cwd });
  expect(stderr).toContain(
    "--figure roc is of classes, but these data have none; take answers or importance.",
  );
  expect(code).toBe(2);
});

test.each([
  ["roc", "false positive rate"],
  ["calibration", "95 % interval"],
  ["importance", "rise of the loss"],
  ["confusion", "predicted"],
])("evaluate --figure %s draws it", async (figure, text) => {
  const words = ["evaluate", "points.safetensors", "moons", "--figure", figure, "--plot", `${figure}.svg`];
  expect((await talweg(words, { cwd })).code).toBe(0);
  expect(readFileSync(join(cwd, `${figure}.svg`), "utf8")).toContain(text);
});

test("evaluate --json gives the library's scores and importance", async () => {
  const words = ["evaluate", "points.safetensors", "moons", "--importance", "--json"];
  const { scores, importance } = last((await talweg(words, { cwd })).stdout);
  const model = loadModel(join(cwd, "points.safetensors"));
  const data = moons({ rows: 100, noise: 0.05, seed: 4, part: "test" });
  expect(scores).toEqual(networkScores(model, data));
  expect(importance).toEqual(await permutationImportance(model, data, { seed: 4 }));
});

test("predict answers each line of JSON with the outputs and the label", async () => {
  const model = loadModel(join(cwd, "points.safetensors"));
  const rows = [
    [0.5, 0.25],
    [-1, 0.75],
  ];
  const stdin = `${rows.map((input) => JSON.stringify({ input })).join("\n\n")}\n`;
  const { code, stdout } = await talweg(["predict", "points.safetensors", "--json"], { cwd, stdin });
  expect(code).toBe(0);
  const [first, second, result] = lines(stdout);
  expect(first?.output).toEqual(Array.from(model.predict([rows[0]!])));
  expect(second?.output).toEqual(Array.from(model.predict([rows[1]!])));
  for (const { output, label } of [first, second] as { output: number[]; label: string }[]) {
    expect(label).toBe(output[0]! >= 0.5 ? "1" : "0");
  }
  expect(result).toMatchObject({ event: "result", command: "predict", rows: 2 });
});

test("predict --input answers people with plain numbers", async () => {
  const { code, stdout } = await talweg(["predict", "curve.json", "--input", "-0.5"], { cwd });
  expect(code).toBe(0);
  const [expected] = loadModel(join(cwd, "curve.json")).predict([[-0.5]]);
  expect(Number(stdout)).toBeCloseTo(expected!, 3);
});

test.each([
  ["no JSON", "0.5", 'the line has no array "input"'],
  ["broken JSON", "{", "the line is not JSON ("],
  ["too few numbers", '{"input":[1]}', '"input" has 1 numbers, expected 2, the inputs of the model'],
  ["a text", '{"input":[1,"2"]}', '"input" has "2" at place 1 (from 0), expected a finite number'],
  [
    "a number that overflows",
    '{"input":[1e999,0]}',
    '"input" has null at place 0 (from 0), expected a finite number',
  ],
])("predict names the line with %s", async (_, line, message) => {
  const stdin = `{"input":[1,2]}\n${line}\n`;
  const { code, stdout } = await talweg(["predict", "points.safetensors", "--json"], { cwd, stdin });
  expect(lines(stdout)).toHaveLength(2);
  expect(last(stdout)).toMatchObject({ event: "error", code: "data", exitCode: 1 });
  expect(last(stdout).message).toContain(`stdin:2: ${message}`);
  expect(last(stdout).message).toContain('write one object a line, such as {"input":[0.5,0.5]}.');
  expect(code).toBe(1);
});

test("inspect tells layers, parameters, fingerprint and metadata", async () => {
  const model = loadModel(join(cwd, "points.safetensors"));
  const { stdout } = await talweg(["inspect", "points.safetensors", "--json"], { cwd });
  expect(last(stdout)).toMatchObject({
    event: "result",
    command: "inspect",
    layers: model.layers,
    parameterCount: model.parameterCount,
    parametersSha256: parametersSha256(model),
    metadata: JSON.parse(JSON.stringify(model.metadata)),
  });
  const people = await talweg(["inspect", "points.safetensors"], { cwd });
  expect(people.stdout).toMatch(/^3 layers, 337 parameters, float32\n/);
  expect(people.stdout).toContain(`parametersSha256 ${parametersSha256(model)}`);
});

test("inspect refuses a damaged model with its name", async () => {
  writeFileSync(join(cwd, "damaged.safetensors"), "no model");
  const { code, stderr } = await talweg(["inspect", "damaged.safetensors"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^talweg: damaged\.safetensors: /);
});

test("minimize rosenbrock by Armijo from (-1.2, 1) reaches a gradient norm of 1e-6 at (1, 1)", async () => {
  const words = "minimize rosenbrock --method armijo --from -1.2,1 --json".split(" ");
  const { code, stdout } = await talweg(words);
  expect(code).toBe(0);
  const { point, value, gradientNorm, reason, ...counts } = last(stdout) as Record<string, number> & {
    point: number[];
    reason: string;
  };
  expect(reason).toBe("gradientNorm");
  expect(gradientNorm).toBeLessThanOrEqual(1e-6);
  expect(value).toBe(testFunctions.rosenbrock.objective().value(Float64Array.from(point)));
  for (const coordinate of point) expect(coordinate).toBeCloseTo(1, 5);
  for (const field of ["steps", "valueEvaluations", "gradientEvaluations"])
    expect(counts[field]).toBeGreaterThan(0);
});

test("minimize --trace writes each step with its trials, which fail Armijo's condition until the last", async () => {
  const { stdout } = await talweg("minimize booth --method armijo --trace --json".split(" "));
  const steps = lines(stdout).filter(({ event }) => event === "step");
  expect(steps).toHaveLength(last(stdout).steps as number);
  for (const { search } of steps as unknown as {
    search: { trials: { accepted: boolean; value: number; bound: number }[] };
  }[]) {
    const { trials } = search;
    for (const [i, { accepted, value, bound }] of trials.entries()) {
      expect(accepted).toBe(i === trials.length - 1);
      expect(value <= bound).toBe(accepted);
    }
  }
});

const gentle = [
  "sphere",
  "rosenbrock",
  "beale",
  "booth",
  "himmelblau",
  "powellSingular",
  "wood",
  "quadratic",
];

test.each([
  ...gentle.map((name) => [name, "auto"] as const),
  ...Object.keys(testFunctions).map((name) => [name, "lbfgs"] as const),
])("minimize %s by %s comes near a published minimum", async (name, method) => {
  const words = ["minimize", name, "--method", method, "--stop-steps", "3000", "--json"];
  const { code, stdout } = await talweg(words);
  expect(code).toBe(0);
  const { minimum, localMinima } = testFunctions[name as keyof typeof testFunctions];
  const { value } = last(stdout) as { value: number };
  expect(Math.min(...[minimum, ...localMinima].map((m) => Math.abs(value - m)))).toBeLessThan(0.01);
});

test("minimize takes dimension and condition, and shows people a plot in plain letters", async () => {
  const words = "minimize quadratic --dimension 5 --condition 10 --method armijo --growth 2".split(" ");
  const { stdout, stderr } = await talweg(words);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/[\u2801-\u28ff]/);
  expect(stdout).toMatch(/^point +\(([\d.e-]+, ){4}[\d.e-]+\)$/m);
  expect(stdout).toContain("quadratic by armijo: the wanted gradient norm is reached");
});

test("minimize refuses a start of the wrong length", async () => {
  const { code, stderr } = await talweg("minimize beale --from 1,2,3".split(" "));
  expect(code).toBe(2);
  expect(stderr).toContain("beale: dimension is 3, but the function has exactly 2 variables");
});
