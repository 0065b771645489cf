import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { folder, hasScript, last, lines, onTerminal, talweg } from "./command.ts";

interface Finding {
  code: string;
  level: string;
  message: string;
  remedy: string;
}

const cwd = folder();
const doctor = (words: string): ReturnType<typeof talweg> => talweg(["doctor", ...words.split(" ")], { cwd });
const gradcheck = (words: string): ReturnType<typeof talweg> =>
  talweg(["gradcheck", ...words.split(" ")], { cwd });
const findingsOf = (stdout: string): Finding[] => last(stdout).findings as Finding[];

beforeAll(async () => {
  const runs = [
    "parabola --activation tanh --layers 8 --epochs 20 --seed 1 --out healthy.safetensors",
    "parabola --layers 12,12 --output-activation sigmoid --init document --epochs 1 --out document.safetensors",
  ];
  await Promise.all(runs.map((words) => talweg(["train", ...words.split(" "), "--quiet"], { cwd })));
});

test("the digits network of npm start, here with fewer epochs, gets no error and no warning, in training and after it", async () => {
  const words = "train mnist --layers 128 --epochs 1 --batch-size 128 --seed 1 --json --quiet-steps";
  const trained = await talweg(words.split(" "), { cwd });
  expect(lines(trained.stdout).map(({ event }) => event)).toEqual(["start", "epoch", "result"]);
  const { code, stdout } = await doctor("mnist.safetensors mnist --json");
  expect(code).toBe(0);
  expect(last(stdout)).toMatchObject({ rows: 60_000, counts: { error: 0, warning: 0 } });
  // Pixels at the margins of all 60,000 images.
  expect(findingsOf(stdout).find(({ code: name }) => name === "constant-feature")).toMatchObject({
    level: "note",
    message: expect.stringMatching(/^67 of 784 inputs are constant in 60000 examples/),
  });
});

test("a healthy network: nothing is wrong, the layers and scores in a table, and exit code 0", async () => {
  const { code, stdout, stderr } = await doctor("healthy.safetensors parabola");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    /^healthy\.safetensors on parabola: nothing is wrong\n1,000 examples, meanSquaredError\n/,
  );
  expect(stdout).toMatch(/^ +activation +units +dead +saturated +pre-activations +‖dL\/dz‖ +ratio$/m);
  expect(stdout).toMatch(/^ {2}layer 1 +tanh +8 +0\.00 % +-?\d\S* to \d\S* +\d\S* +\d\S*$/m);
  expect(stdout).toMatch(/^ {2}given +1,000 examples +loss \S+ +R² 0\.9\d+$/m);
});

test("an error is named first, with its numbers and what helps, and the exit code is 1", async () => {
  const { code, stdout } = await doctor("document.safetensors parabola");
  expect(code).toBe(1);
  expect(stdout).toMatch(/^document\.safetensors on parabola: 1 error/);
  expect(stdout).toMatch(
    /\nerror {2}saturated\n {4}Layer 3 \(sigmoid\) is saturated: over 1000 examples its pre-activations are\n {4}/,
  );
  expect(stdout).toMatch(/\n {2}→ Train anew with init "he" or "glorot"\.\n/);
  expect(Math.max(...stdout.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(80);
  const json = await doctor("document.safetensors parabola --json");
  expect(json.code).toBe(1);
  expect(lines(json.stdout)).toHaveLength(1);
  expect(last(json.stdout)).toMatchObject({
    event: "result",
    command: "doctor",
    loss: "meanSquaredError",
    counts: { error: 1, warning: 0 },
    layers: [
      { layer: 1 },
      { layer: 2 },
      { layer: 3, activation: "sigmoid", saturated: 1, wrong: expect.any(Number) },
    ],
  });
  expect(findingsOf(json.stdout)[0]).toMatchObject({ code: "saturated", level: "error", layer: 3 });
});

test("x² asked for on [-1, 1] of a network that saw [0, 1] is a warning, and leaves the exit code at 0", async () => {
  const { code, stdout } = await doctor("healthy.safetensors parabola --interval -1,1 --json");
  expect(code).toBe(0);
  expect(findingsOf(stdout)).toMatchObject([{ code: "outside-trained-range", level: "warning" }]);
});

test("a learning rate is judged by the curvature", async () => {
  const { stdout } = await doctor("healthy.safetensors parabola --learning-rate 1000 --json");
  expect(findingsOf(stdout)).toMatchObject([{ code: "learning-rate-too-large", level: "warning" }]);
  const text = await doctor("healthy.safetensors parabola --learning-rate 0.1");
  expect(text.stdout).toMatch(/^ {2}gradientDescent at 0\.1; largest curvature \d\S*, stable up to \d\S*$/m);
});

test("--plot draws layers and data", async () => {
  const { stdout } = await doctor("healthy.safetensors parabola --plot doctor.svg --json");
  expect(last(stdout)).toMatchObject({ plot: "doctor.svg" });
  const svg = readFileSync(join(cwd, "doctor.svg"), "utf8");
  for (const text of [
    "How much of the gradient arrives",
    "Saturated activations",
    "The inputs",
    "The loss",
  ]) {
    expect(svg).toContain(text);
  }
});

test.runIf(hasScript)("on a terminal levels have a color besides their word, and lines fit", () => {
  const shown = onTerminal(["doctor", join(cwd, "document.safetensors"), "parabola"], 60);
  expect(shown).toContain("\u001b[31merror  saturated\u001b[39m");
});

test("gradcheck tells worst and typical error by layer, the parameter, the step and a verdict", async () => {
  const { code, stdout } = await gradcheck("healthy.safetensors parabola --all");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^healthy\.safetensors on parabola, meanSquaredError, 32 examples\n/);
  expect(stdout).toMatch(/^ +activation +checked +kinks +typical +worst +where +step$/m);
  expect(stdout).toMatch(
    /^ {2}layer 1 +tanh +16 of 16 +0 +\d\.\de-\d+ +\d\.\de-\d+ +(W1\[0,\d\]|b1\[\d\]) +9\.8e-4$/m,
  );
  expect(stdout).toMatch(/^passed: the largest error of 25 derivatives is \S+, allowed is 1e-7$/m);
  const json = await gradcheck("healthy.safetensors parabola --rows 4 --parameters 5 --json");
  expect(last(json.stdout)).toMatchObject({
    event: "result",
    command: "gradcheck",
    rows: 4,
    verdict: "passed",
    layers: [{ checked: 5 }, { checked: 5 }],
  });
});

test("gradcheck fits into 80 columns, and --plot draws the errors of each layer below what is allowed", async () => {
  const { stdout } = await gradcheck("healthy.safetensors parabola --all --plot check.svg");
  for (const line of stdout.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
  const svg = readFileSync(join(cwd, "check.svg"), "utf8");
  for (const text of ["relative error", "allowed", "worst", "typical", "1 tanh", "2 linear"])
    expect(svg).toContain(text);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test("training tells its warnings as JSON lines, and as lines for people", async () => {
  const words = "train parabola --interval -2,2 --output-activation sigmoid --epochs 1 --rows 100";
  const json = await talweg([...words.split(" "), "--json", "--quiet-steps"], { cwd });
  expect(lines(json.stdout)[1]).toMatchObject({
    event: "warning",
    code: "target-out-of-range",
    level: "error",
    numbers: { from: 0, to: 1 },
  });
  const { stderr } = await talweg(words.split(" "), { cwd });
  expect(stderr).toMatch(/^warning: \d\d % of the targets lie outside of what the sigmoid/m);
});

test.each([
  ["doctor none.safetensors parabola", 1, /none\.safetensors/],
  ["doctor healthy.safetensors moons", 1, /the data have 2 inputs a row, but layer 1 takes 1/],
  [
    "doctor healthy.safetensors parabola --learning-rate 0",
    2,
    /learningRate is 0, expected a finite number above 0/,
  ],
  ["doctor healthy.safetensors parabola --plot x.gif", 2, /--plot is "x\.gif"/],
  ["gradcheck healthy.safetensors parabola --all --parameters 3", 2, /got both --all and --parameters 3/],
  ["gradcheck healthy.safetensors parabola --parameters 0", 2, /samples is 0, expected a whole number/],
  ["gradcheck healthy.safetensors", 2, /missing required argument 'data'/],
])("talweg %s is refused with what helps", async (words, exitCode, message) => {
  const { code, stdout } = await talweg([...words.split(" "), "--json"], { cwd });
  expect(code).toBe(exitCode);
  expect(lines(stdout)).toHaveLength(1);
  expect(last(stdout)).toMatchObject({ event: "error", exitCode, message: expect.stringMatching(message) });
});
