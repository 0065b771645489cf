import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dense, type Explanation, explain, moons, network } from "talweg";
import { saveModel } from "talweg/node";
import { beforeAll, expect, test } from "vitest";
import { folder, last, talweg } from "./command.ts";

const cwd = folder();
const curve = network([dense(1, 12, "tanh"), dense(12, 12, "relu"), dense(12, 1, "sigmoid")], { seed: 2 });
const points = network([dense(2, 3, "tanh"), dense(3, 1, "sigmoid")], { seed: 3 });
const logits = network([dense(1, 2, "relu", { dropout: 0.5 }), dense(2, 2)], { seed: 4 });

beforeAll(() => {
  curve.metadata.loss = "sumOfSquares";
  saveModel(curve, join(cwd, "curve.json"));
  saveModel(points, join(cwd, "points.safetensors"));
  logits.metadata.loss = "categoricalCrossEntropy";
  logits.metadata.options = { penalty: 0.01 };
  logits.metadata.classes = ["cat", "dog"];
  saveModel(logits, join(cwd, "logits.json"));
});

async function shown(words: string): Promise<string> {
  const { code, stdout, stderr } = await talweg(words.split(" "), { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  return stdout;
}

test("explain --chain shows the forward calculation and the deltas of the source's chain", async () => {
  await expect(await shown("explain --chain")).toMatchFileSnapshot("../golden/explain-chain.txt");
  expect(await shown("explain chain")).toBe(await shown("explain --chain"));
});

test("explain shows the factors of one derivative, the largest paths, and the check", async () => {
  const text = await shown("explain curve.json --input 0.5 --target 0.25 --parameter W1[0,3]");
  await expect(text).toMatchFileSnapshot("../golden/explain-parameter.txt");
});

test("explain --as-printed shows what the source prints for the last layer, and by how much it misses", async () => {
  const weight = await shown("explain --chain --parameter W3[0,0] --as-printed");
  const bias = await shown("explain --chain --parameter b3[0] --as-printed");
  await expect(`${weight}\n${bias}`).toMatchFileSnapshot("../golden/errata-explain.txt");
});

test("explain --json gives the data of the library", async () => {
  const words = "explain curve.json --input 0.5 --target 0.25 --parameter 40 --json".split(" ");
  const { code, stdout } = await talweg(words, { cwd });
  expect(code).toBe(0);
  const { event, command, version, seed, seconds, ...data } = last(stdout);
  expect({ event, command, seed }).toEqual({ event: "result", command: "explain", seed: null });
  expect(data).toStrictEqual(explain(curve, [0.5], { target: [0.25], parameter: 40 }));
});

test("explain --data takes input and target from a row, drawn as for training, with the usual loss", async () => {
  const words = "explain points.safetensors --data moons --row 17 --noise 0.2 --json".split(" ");
  const { stdout } = await talweg(words, { cwd });
  const { x, y } = moons({ noise: 0.2, seed: 3 });
  const { input, loss, data, row, seed } = last(stdout) as unknown as Explanation & Record<string, unknown>;
  expect({ data, row, seed }).toEqual({ data: "moons", row: 17, seed: 3 });
  expect(input).toEqual([x[34], x[35]]);
  expect(loss!.loss).toBe("binaryCrossEntropy");
  expect(loss!.outputs[0]!.target).toBe(y[17]);
});

test.each([
  ["", ["Forward: curve.json", "a1 = tanh(z1)", "a3 = sigmoid(z3)"]],
  ["--target 0.25", ["Forward and backward: curve.json", "delta1 = dC/dz1", "unit of layer 2"]],
  [
    "--target 0.25 --parameter W1[0,3]",
    ["dC/dW1[0,3] = 0.01864", "the largest 5 of 12 paths", "3→10→0", "all"],
  ],
  ["--target 0.25 --parameter W1[0,3] --paths 0", ["dC/dW1[0,3] = 0.01864", "all"]],
  ["--target 0.25 --parameter b3[0]", ["the product of these factors", "dz3[0]/db3[0]"]],
])("explain --plot draws what is explained: %s", async (words, texts) => {
  await shown(`explain curve.json --input 0.5 ${words} --plot why.svg`.replace("  ", " "));
  const svg = readFileSync(join(cwd, "why.svg"), "utf8");
  for (const text of texts) expect(svg).toContain(text);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test("explain cuts wide layers and says what is left out, and --most shows more", async () => {
  const text = await shown("explain curve.json --input 0.5");
  expect(text).toContain("… 8 more units");
  expect(text).toMatch(/… 8 more products +-?\d/);
  expect(await shown("explain curve.json --input 0.5 --most 11")).not.toContain("more");
});

test("explain says what is left out, where a kink is, what a logit means, and which class an output is", async () => {
  const text = await shown("explain logits.json --input 0 --target 1,0");
  expect(text).toContain("\ndropout is off, as in predictions\n");
  expect(text).toContain("\nthe penalty 0.01 on weights, used in training, is no part of the loss\n");
  expect(text).toContain("└─ z is 0, at the kink of relu; the slope there is 0\n");
  expect(text).toContain("p is softmax of the logits\n");
  expect(text).toContain("a2[0] = 0, y[0] = 1, p = 0.5");
  expect(text).toContain("delta2[0] = softmax(z2)[0] - y[0]");
  expect(text).toMatch(/a2\[1\], class dog +0 +0\n/);
  const kinked = await shown("explain logits.json --input 0 --target 1,0 --parameter b1[1]");
  expect(kinked).toContain("not to be compared: z1[1] crosses its kink");
});

test.each([
  ["", "usage", 2, "no model is given, expected a .safetensors or .json file, or --chain"],
  ["curve.json", "usage", 2, "no example is given, expected --input with one row of numbers"],
  ["curve.json --input 1,2", "shape", 1, "explain: input has 2 numbers, expected 1, the inputs of layer 1"],
  ["curve.json --input x", "usage", 2, '--input is "x", expected numbers with commas between them'],
  ["curve.json --input 1 --row 3", "usage", 2, "--row is given, which says which example of data is meant"],
  ["curve.json --input 1 --data sine", "usage", 2, "--data and --input are both given"],
  ["curve.json --chain", "usage", 2, "the model curve.json and --chain are both given"],
  ["chain --data sine", "usage", 2, "--data is given, which chooses data"],
  ["curve.json --data sine --row 5000", "usage", 2, "--row is 5000, expected 0 to 999, the examples of sine"],
  ["curve.json --data sine --row -1", "usage", 2, "--row is -1, expected a whole number from 0 up"],
  ["points.safetensors --input 1,2 --target 1", "option", 2, "explain: no loss is known"],
  ["curve.json --input 1 --parameter b1[0]", "option", 2, "explain: parameter is given without a target"],
  [
    "curve.json --input 1 --target 1 --parameter W3[12,0]",
    "option",
    2,
    "parameter W3[12,0] does not exist; layer 3 has weights W3[0..11, 0] and biases b3[0].",
  ],
  ["missing.json --input 1", "file", 1, "missing.json: "],
])("explain %s is refused", async (words, code, exitCode, message) => {
  const ended = await talweg(["explain", ...words.split(" ").filter(Boolean), "--json"], { cwd });
  expect(last(ended.stdout)).toMatchObject({ event: "error", code, exitCode });
  expect(last(ended.stdout).message).toContain(message);
  expect(ended.code).toBe(exitCode);
});
