import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { moons, parabola } from "talweg";
import { loadModel } from "talweg/node";
import { evaluate } from "talweg/train";
import { expect, test } from "vitest";
import { folder, hasScript, last, lines, onTerminal, talweg } from "./command.ts";

const ESC = "\u001b";

test("with --json every event is a line, and the last is the result with the model's fingerprint and test loss", async () => {
  const cwd = folder();
  const words =
    "train parabola --layers 6 --epochs 3 --rows 70 --batch-size 32 --validation 0.1 --seed 5 --json";
  const { code, stdout, stderr } = await talweg([...words.split(" "), "--out", "m.safetensors"], { cwd });
  expect(code).toBe(0);
  expect(stderr).toBe("");
  const events = lines(stdout);
  const names = events.map(({ event }) => event);
  // 63 examples make two batches.
  expect(names).toEqual(["start", ...Array(3).fill(["step", "step", "epoch"]).flat(), "result"]);
  const result = last(stdout);
  const model = loadModel(join(cwd, "m.safetensors"));
  expect(result).toMatchObject({
    event: "result",
    command: "train",
    version: "0.1.0",
    seed: 5,
    reason: "epochs",
    epochs: 3,
    steps: 6,
    metrics: {},
    model: "m.safetensors",
  });
  expect(result.parametersSha256).toMatch(/^[0-9a-f]{64}$/);
  expect(result.testLoss).toBe(evaluate(model, parabola({ rows: 70, seed: 5, part: "test" })).loss);
  for (const field of ["loss", "seconds", "valueEvaluations", "gradientEvaluations", "exampleEvaluations"]) {
    expect(result[field]).toEqual(expect.any(Number));
  }
});

test("--quiet-steps leaves the steps out and changes nothing else", async () => {
  const words = ["train", "moons", "--epochs", "2", "--rows", "64", "--json"];
  const full = await talweg(words);
  const quiet = await talweg([...words, "--quiet-steps"]);
  expect(lines(quiet.stdout).map(({ event }) => event)).toEqual(["start", "epoch", "epoch", "result"]);
  expect(last(quiet.stdout).parametersSha256).toBe(last(full.stdout).parametersSha256);
});

test("two classes get a sigmoid with binary cross-entropy, and a test accuracy", async () => {
  const cwd = folder();
  const { stdout } = await talweg(["train", "moons", "--rows", "200", "--epochs", "30", "--json"], { cwd });
  const model = loadModel(join(cwd, "moons.safetensors"));
  expect(model.layers.at(-1)?.activation).toBe("sigmoid");
  expect(model.metadata.loss).toBe("binaryCrossEntropy");
  const { metrics } = evaluate(model, moons({ rows: 200, part: "test" }));
  expect(last(stdout).testAccuracy).toBe(metrics.accuracy);
});

test("digits get a softmax with categorical cross-entropy", async () => {
  const cwd = folder();
  const words = "train mnist --layers 8 --rows 64 --epochs 1 --batch-size 16 --json --quiet-steps".split(" ");
  const { code, stdout } = await talweg(words, { cwd });
  expect(code).toBe(0);
  const model = loadModel(join(cwd, "mnist.safetensors"));
  expect(model.layers.map(({ inputs, units, activation }) => [inputs, units, activation])).toEqual([
    [784, 8, "relu"],
    [8, 10, "softmax"],
  ]);
  expect(model.metadata.loss).toBe("categoricalCrossEntropy");
  expect(last(stdout)).toMatchObject({ testAccuracy: expect.any(Number), testLoss: expect.any(Number) });
});

test("every option of the network, the data and the optimizer reaches what it is for", async () => {
  const cwd = folder();
  const words =
    "train sine --layers 5,4 --activation tanh --output-activation linear --init lecun --dropout 0.25 --precision float64 " +
    "--interval 0,1 --noise 0.01 --rows 40 --optimizer adam --learning-rate 0.02 --schedule cosine --beta1 0.8 --loss huber " +
    "--epochs 2 --batch-size full --penalty 0.001 --clip-norm 2 --metrics rSquared --kernels scalar --json --seed 3";
  const { code, stdout } = await talweg(words.split(" "), { cwd });
  expect(code).toBe(0);
  const { layers, precision, metadata } = loadModel(join(cwd, "sine.safetensors"));
  expect(precision).toBe("float64");
  expect(layers).toEqual([
    { inputs: 1, units: 5, activation: "tanh", init: "lecun", dropout: 0.25 },
    { inputs: 5, units: 4, activation: "tanh", init: "lecun", dropout: 0.25 },
    { inputs: 4, units: 1, activation: "linear", init: "lecun", dropout: 0 },
  ]);
  expect(metadata).toMatchObject({ seed: 3, loss: "huber" });
  expect(metadata.options).toMatchObject({
    optimizer: "adam",
    optimizerOptions: { learningRate: 0.02, schedule: "cosine", beta1: 0.8 },
    batchSize: "full",
    epochs: 2,
    penalty: 0.001,
    clipNorm: 2,
    data: { name: "sine", rows: 40, noise: 0.01, interval: [0, 1] },
  });
  expect(lines(stdout)[0]).toMatchObject({ event: "start", rows: 40 });
  expect(last(stdout)).toMatchObject({ testMetrics: { rSquared: expect.any(Number) } });
});

test.each([
  ["gradient-descent", "--learning-rate 0.1"],
  ["armijo", "--growth 2 --c1 0.001 --shrink 0.4"],
  ["momentum", "--learning-rate 0.05 --momentum 0.8"],
  ["nesterov", "--learning-rate 0.05 --momentum 0.8 --schedule linear --schedule-end 0.1"],
  ["rms-prop", "--decay 0.8 --epsilon 1e-7 --schedule steps --schedule-factor 0.5 --schedule-every 2"],
  ["adamw", "--weight-decay 0.1 --warmup 2 --clip-value 0.5"],
  ["stochastic-armijo", "--direction adam"],
  ["guess", "--range 2"],
  ["perturb", "--range 0.2"],
])("the optimizer %s trains with its own options", async (name, options) => {
  const words = `train xor --epochs 5 --optimizer ${name} ${options} --json`.split(" ");
  const { code, stdout } = await talweg(words);
  expect(code).toBe(0);
  expect(last(stdout)).toMatchObject({ event: "result", epochs: 5 });
});

test("a seed beyond 2^53 is kept to the last digit", async () => {
  const { stdout } = await talweg("train xor --epochs 1 --json --seed 18446744073709551615".split(" "));
  expect(last(stdout)).toMatchObject({ event: "result", seed: "18446744073709551615" });
});

test("off a terminal progress is plain lines on stderr, and the report on stdout has no escape codes", async () => {
  const { code, stdout, stderr } = await talweg(
    "train spirals --epochs 30 --rows 100 --validation 0.1".split(" "),
  );
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(ESC);
  const progress = stderr.trimEnd().split("\n");
  expect(progress.length).toBeGreaterThanOrEqual(10);
  expect(progress.length).toBeLessThanOrEqual(12);
  for (const line of progress) {
    expect(line).toMatch(
      /^epoch \d+\/30: loss [\d.e-]+, validation [\d.e-]+ \([\d.]+ %\), \d+ examples\/s, .* left$/,
    );
  }
  expect(stdout).toMatch(/[\u2801-\u28ff]/);
  expect(stdout).toMatch(/^test loss +[\d.e-]+, accuracy [\d.]+ %$/m);
  expect(stdout).toContain("talweg evaluate spirals.safetensors spirals");
});

test("--quiet leaves progress and plot out", async () => {
  const { stdout, stderr } = await talweg("train xor --epochs 30 --quiet".split(" "));
  expect(stderr).toBe("");
  expect(stdout).not.toMatch(/[\u2801-\u28ff]/);
  expect(stdout).toContain("training loss");
});

test.skipIf(!hasScript)("on a terminal the plot is drawn in place, in color, and no line is too wide", () => {
  const shown = onTerminal("train spirals --epochs 200 --rows 3000".split(" "), 50);
  expect(shown).toContain(`${ESC}[0J`);
  expect(shown).toContain(`${ESC}[36m`);
  const frames = shown.split(`${ESC}[0J`);
  expect(frames.length).toBeGreaterThan(2);
  expect(frames[1]).toMatch(/epoch \d+\/200, loss [\d.e-]+/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes of the terminal are what is looked for.
  const letters = (line: string): number => [...line.replace(/\u001b\[\d*[A-Za-z]|\r/g, "")].length;
  for (const frame of frames.slice(0, -1)) {
    for (const line of frame.split("\n")) expect(letters(line)).toBeLessThan(50);
  }
});

test.skipIf(!hasScript)("NO_COLOR takes the colors and leaves the plot", () => {
  const shown = onTerminal("train spirals --epochs 100 --rows 300".split(" "), 60, { NO_COLOR: "1" });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape codes of the terminal are what is looked for.
  expect(shown).not.toMatch(/\u001b\[\d*m/);
  expect(shown).toMatch(/[\u2801-\u28ff]/);
});

test("--plot draws the loss as SVG or PNG", async () => {
  const cwd = folder();
  for (const plot of ["loss.svg", "loss.png"]) {
    const words = `train xor --epochs 20 --validation 0.25 --json --plot ${plot}`.split(" ");
    expect(last((await talweg(words, { cwd })).stdout)).toMatchObject({ plot });
  }
  const svg = readFileSync(join(cwd, "loss.svg"), "utf8");
  expect(svg).toContain(">validation</text>");
  const png = readFileSync(join(cwd, "loss.png"));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([960, 600]);
});

test("the figure of a method that guesses has its proposals and the best so far", async () => {
  const cwd = folder();
  for (const [epochs, proposals] of [
    [60, "each proposal"],
    [1500, "proposals, mean of 2 steps"],
  ] as const) {
    const words = `train xor --optimizer guess --epochs ${epochs} --json --plot loss.svg`;
    expect((await talweg(words.split(" "), { cwd })).code).toBe(0);
    const svg = readFileSync(join(cwd, "loss.svg"), "utf8");
    expect(svg).toContain(`>${proposals}</text>`);
    expect(svg).toContain(">best so far</text>");
  }
  await talweg("train xor --epochs 5 --json --plot loss.svg".split(" "), { cwd });
  expect(readFileSync(join(cwd, "loss.svg"), "utf8")).not.toContain("best so far");
});

const long =
  "train parabola --layers 9,9 --dropout 0.1 --epochs 400 --validation 0.2 --patience 400 --seed 2 --json";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)(
  "after %s the state is saved within a second, and --resume ends with the same bits",
  async (signal, exitCode) => {
    const cwd = folder();
    let sent = 0;
    const stopped = await talweg([...long.split(" "), "--out", "a.safetensors"], {
      cwd,
      onLine: (line, child) => {
        if (sent > 0 || !line.includes('"event":"epoch"')) return;
        sent = performance.now();
        child.kill(signal);
      },
    });
    expect(performance.now() - sent).toBeLessThan(1000);
    expect(stopped.code).toBe(exitCode);
    const error = last(stopped.stdout);
    expect(error).toMatchObject({
      event: "error",
      code: "interrupted",
      exitCode,
      checkpoint: "a.checkpoint.safetensors",
    });
    expect(error.message).toContain(`stopped by ${signal} after step ${error.steps}; the state is saved in `);
    expect(error.message).toContain("talweg train --resume a.checkpoint.safetensors");
    expect(existsSync(join(cwd, "a.safetensors"))).toBe(false);
    const resumed = await talweg(["train", "--resume", "a.checkpoint.safetensors", "--json"], { cwd });
    expect(resumed.code).toBe(0);
    expect(lines(resumed.stdout).find(({ event }) => event === "step")?.step).toBe(
      (error.steps as number) + 1,
    );
    const whole = await talweg([...long.split(" "), "--out", "b.safetensors"], { cwd });
    expect(last(resumed.stdout).parametersSha256).toBe(last(whole.stdout).parametersSha256);
    expect(last(resumed.stdout).steps).toBe(last(whole.stdout).steps);
    expect(readFileSync(join(cwd, "a.safetensors"))).toEqual(readFileSync(join(cwd, "b.safetensors")));
    expect(readdirSync(cwd).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  },
);

test("without --json an interrupted run says how to go on, quoted for the shell", async () => {
  const words = ["train", "parabola", "--epochs", "100000", "--out", "my model.safetensors"];
  const { code, stdout, stderr } = await talweg(words, {
    onLine: (line, child) => {
      if (line.startsWith("epoch 1/")) child.kill("SIGINT");
    },
  });
  expect(code).toBe(130);
  expect(stdout).toBe("");
  expect(stderr).toMatch(
    /^talweg: stopped by SIGINT after step \d+; the state is saved in my model\.checkpoint\.safetensors\.\nGo on with: talweg train --resume 'my model\.checkpoint\.safetensors'$/m,
  );
});

test("--checkpoint-every saves a state from which the run goes on, even after it was killed", async () => {
  const cwd = folder();
  const words = [...long.split(" "), "--out", "a.safetensors", "--checkpoint-every", "16"];
  const killed = await talweg(words, {
    cwd,
    onLine: (line, child) => {
      if (line.includes('"epoch":4,')) child.kill("SIGKILL");
    },
  });
  expect(killed.code).toBe(null);
  const resume = ["train", "--resume", "a.checkpoint.safetensors", "--checkpoint-every", "100000", "--json"];
  const resumed = await talweg(resume, { cwd });
  const whole = await talweg([...long.split(" "), "--out", "b.safetensors"], { cwd });
  expect(last(resumed.stdout).parametersSha256).toBe(last(whole.stdout).parametersSha256);
});

test("a resumed run refuses options that would change its numbers, and a file that holds no run", async () => {
  const cwd = folder();
  await talweg("train xor --epochs 4 --checkpoint-every 1 --out a.safetensors".split(" "), { cwd });
  const words = ["train", "--resume", "a.checkpoint.safetensors"];
  const changed = await talweg([...words, "--epochs", "9", "--seed", "3"], { cwd });
  expect(changed.code).toBe(2);
  expect(changed.stderr).toContain("but --epochs, --seed are given; leave them out (--out, --plot, ");
  const named = await talweg([...words, "xor"], { cwd });
  expect(named.code).toBe(2);
  expect(named.stderr).toContain("but data is given; leave it out (");
  const model = await talweg(["train", "--resume", "a.safetensors"], { cwd });
  expect(model.code).toBe(1);
  expect(model.stderr).toMatch(/^talweg: a\.safetensors: /);
});

test("a training whose numbers are not finite keeps the last good parameters and ends with 1", async () => {
  const cwd = folder();
  const words =
    "train parabola --interval -100,100 --optimizer gradient-descent --learning-rate 1e20 --epochs 2";
  const { code, stdout, stderr } = await talweg([...words.split(" "), "--json", "--out", "m.safetensors"], {
    cwd,
  });
  expect(code).toBe(1);
  expect(stderr).toBe("");
  expect(last(stdout)).toMatchObject({
    event: "result",
    reason: "notFinite",
    failure: { layer: expect.any(Number) },
  });
  expect(loadModel(join(cwd, "m.safetensors")).parameters.every(Number.isFinite)).toBe(true);
});

test("train says in one line that a run was stuck and what came of the challenge", async () => {
  const words = "train xor --layers 3 --activation sigmoid --loss meanSquaredError --epochs 2000 --seed 27";
  const { stdout } = await talweg([...words.split(" "), "--out", "stuck.json"]);
  expect(stdout).toMatch(
    /^auto was stuck \(loss 0\.125 on 4 examples\); L-BFGS, at [\d.e-]+, is more than twice as good and takes its place$/m,
  );
});
