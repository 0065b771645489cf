import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, last, lines, talweg } from "./command.ts";

const wrong: [string, string[], string][] = [
  ["no command", [], "no command is given, expected one of train, resume, runs, evaluate, "],
  [
    "an unknown command",
    ["trian"],
    'there is no command "trian" (did you mean train?), expected one of train, ',
  ],
  [
    "no data",
    ["train"],
    "no data are named; write for example talweg train sales.csv --target price, talweg train parabola",
  ],
  [
    "unknown data",
    ["train", "parabla"],
    'there is no data "parabla" (did you mean parabola?), expected one of parabola, sine, xor, circle, moons, spirals, mnist, fashion-mnist, the path of a table such as sales.csv, or that of a folder with IDX files',
  ],
  [
    "an unknown option",
    ["train", "parabola", "--epoch", "3"],
    "train has no option --epoch (did you mean --epochs?), expected some of --seed, ",
  ],
  [
    "an unknown optimizer",
    ["train", "parabola", "--optimizer", "addam"],
    '--optimizer is "addam" (did you mean adam?), expected one of auto, gradient-descent, armijo, goldstein, wolfe, momentum, nesterov, rms-prop, adam, adamw, ' +
      "stochastic-armijo, lbfgs, levenberg-marquardt, guess, perturb.",
  ],
  [
    "an unknown method",
    ["minimize", "rosenbrock", "--method", "newton"],
    '--method is "newton", expected one of auto, gradient-descent, ',
  ],
  [
    "an unknown function",
    ["minimize", "rosenbrok"],
    'there is no function "rosenbrok" (did you mean rosenbrock?), expected one of sphere, rosenbrock, ',
  ],
  [
    "a learning rate for auto",
    ["train", "parabola", "--learning-rate", "0.1"],
    "auto takes no --learning-rate, since it finds its step sizes by itself; leave it out, or choose one that does: gradient-descent, momentum, nesterov, rms-prop, adam, adamw.",
  ],
  [
    "a part of a schedule that does not go with it",
    ["minimize", "sphere", "--method", "adam", "--schedule", "linear", "--schedule-every", "5"],
    'adam: schedule is "linear", which has no every; leave it out, or take steps.',
  ],
  [
    "a warm-up longer than the run",
    ["minimize", "sphere", "--method", "adamw", "--warmup", "20", "--stop-steps", "20"],
    "adamW: schedule.warmup is 20, but 20 steps are planned, so that the full rate would never be reached; ",
  ],
  [
    "clipping for a method that searches",
    ["minimize", "sphere", "--method", "armijo", "--clip-norm", "1"],
    "clipNorm is 1, but gradientDescent searches its step along the gradient, ",
  ],
  [
    "no learning rate for gradient descent",
    ["train", "parabola", "--optimizer", "gradient-descent"],
    "gradient-descent needs a learning rate, since the gradient says where to go and not how far; write for example --learning-rate 0.1, ",
  ],
  [
    "text for a number",
    ["train", "parabola", "--epochs", "many"],
    '--epochs is "many", expected a number; write for example --epochs 30.',
  ],
  ["a number out of range", ["train", "parabola", "--epochs", "0"], "epochs is 0, expected "],
  [
    "an option without its value",
    ["train", "parabola", "--epochs"],
    "option '--epochs <count>' argument missing; talweg train --help",
  ],
  [
    "half an interval",
    ["train", "parabola", "--interval", "1"],
    '--interval is "1", expected 2 numbers with commas between them; write for example --interval -1,1.',
  ],
  [
    "a batch of no rows",
    ["train", "parabola", "--batch-size", "0"],
    '--batch-size is "0", expected a whole number of rows of at least 1, or full',
  ],
  [
    "a negative seed",
    ["train", "parabola", "--seed", "-1"],
    '--seed is "-1", expected a whole number from 0 to 2^64 - 1',
  ],
  [
    "an unknown format of the model",
    ["train", "parabola", "--out", "model.txt"],
    '--out is "model.txt", expected a name that ends in .safetensors or .json, since that chooses the format; write for example --out model.safetensors.',
  ],
  [
    "an unknown format of the plot",
    ["minimize", "beale", "--plot", "plot.gif"],
    '--plot is "plot.gif", expected a name that ends in .svg or .png, since that chooses the format; write for example --plot plot.svg.',
  ],
  ["an operand too many", ["inspect", "a.json", "b.json"], "too many arguments for 'inspect'"],
  [
    "a missing operand",
    ["inspect"],
    "missing required argument 'model'; talweg inspect --help shows all of it.",
  ],
  [
    "a model without data",
    ["evaluate", "model.json"],
    "no data are named, expected a name such as moons, or a table such as new.csv; name some behind the model.",
  ],
  [
    "two sources of input",
    ["predict", "m.json", "--input", "1", "--image", "a.png"],
    "--input and --image are both given, expected one of them",
  ],
  [
    "a condition for a function without one",
    ["minimize", "beale", "--condition", "3"],
    "beale: --condition is given, but only quadratic has one; leave it out.",
  ],
];

test.each(wrong)("%s is wrong usage: exit 2, one message, no stack", async (_, words, message) => {
  const { code, stdout, stderr } = await talweg(words);
  expect(stderr).toContain(`talweg: `);
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stdout).toBe("");
  expect(code).toBe(2);
});

test.each(wrong.filter(([, words]) => words.length > 0))(
  "with --json, %s is one JSON line",
  async (_, words, message) => {
    const { code, stdout, stderr } = await talweg([...words, "--json"]);
    const all = lines(stdout);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ event: "error", exitCode: 2 });
    expect(["usage", "option"]).toContain(all[0]?.code);
    if (words.at(-1) !== "--epochs") expect(all[0]?.message).toContain(message);
    expect(stderr).toBe("");
    expect(code).toBe(2);
  },
);

test.each([
  [
    "a missing folder",
    "nowhere/model.safetensors",
    "nowhere/model.safetensors: nothing can be written there (ENOENT: no such file or directory), which would lose the result; make the folder first, or give another path.",
  ],
  [
    "a file as folder",
    "file/model.safetensors",
    "file/model.safetensors: nothing can be written there (ENOTDIR: not a directory)",
  ],
  [
    "a folder as file",
    "folder.safetensors",
    "folder.safetensors: a folder stands there, expected a place for a file; give a name inside of it.",
  ],
])("%s is found before training: exit 1 and no event", async (_, out, message) => {
  const cwd = folder();
  writeFileSync(join(cwd, "file"), "");
  if (!out.includes("/")) (await import("node:fs")).mkdirSync(join(cwd, out));
  const { code, stdout } = await talweg(["train", "parabola", "--out", out, "--json"], { cwd });
  expect(lines(stdout)).toHaveLength(1);
  expect(last(stdout)).toMatchObject({ event: "error", code: "file", exitCode: 1 });
  expect(last(stdout).message).toContain(message);
  expect(code).toBe(1);
});

test("a model that is not there is a failure, not wrong usage", async () => {
  const { code, stderr } = await talweg(["inspect", "nothing.safetensors"]);
  expect(stderr).toMatch(/^talweg: nothing\.safetensors: the file could not be read, /);
  expect(code).toBe(1);
});
