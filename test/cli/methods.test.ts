/** The searched and second-order methods, from the command. */
import { expect, test } from "vitest";
import { talweg } from "./command.ts";

test.each([
  ["goldstein", /^ {2}trial 1: 2\.105e\+11 > -13530$/m, /^ {2}trial \S+: \S+ in \S+ to \S+$/m],
  ["wolfe", /^ {2}trial 1: 2\.105e\+11 > 18\.78$/m, /^ {2}trial \S+: \S+ <= \S+, \|slope\| \S+ <= \S+$/m],
  ["lbfgs", /^ {2}trial 0\.003294: 112\.4 > 24\.18$/m, /^ {2}trial 1: \S+ <= \S+, \|slope\| \S+ <= \S+$/m],
  [
    "levenberg-marquardt",
    /^ {2}trial with damping 1\.154: 32\.2 >= 13\.2$/m,
    /^ {2}trial with damping 2\.308: 8\.901 < 13\.2$/m,
  ],
])(
  "minimize by %s shows each trial beside what it had to meet, and reaches the minimum",
  async (name, refused, accepted) => {
    const { code, stdout } = await talweg(["minimize", "rosenbrock", "--method", name, "--trace", "--quiet"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(refused);
    expect(stdout).toMatch(accepted);
    expect(stdout).toContain(`rosenbrock by ${name}: the wanted gradient norm is reached`);
  },
);

test("with --json a trial carries its bounds, its slope or its damping", async () => {
  const fields = {
    goldstein: ["bound", "lower"],
    wolfe: ["bound", "slope", "slopeBound"],
    "levenberg-marquardt": ["bound", "damping"],
  };
  for (const [name, wanted] of Object.entries(fields)) {
    const words = ["minimize", "booth", "--method", name, "--trace", "--json"];
    const { stdout } = await talweg(words);
    const [first] = stdout.split("\n").filter((line) => line.includes('"step"'));
    const { search } = JSON.parse(first!) as { search: { trials: Record<string, unknown>[] } };
    for (const field of wanted) expect(search.trials[0], name).toHaveProperty(field);
  }
});

test("train by lbfgs and levenberg-marquardt takes full batches by itself, and learns x² in seconds", async () => {
  for (const [name, epochs] of [
    ["lbfgs", "60"],
    ["levenberg-marquardt", "10"],
  ] as const) {
    const words = ["train", "parabola", "--rows", "100", "--optimizer", name, "--epochs", epochs, "--json"];
    const { code, stdout, stderr } = await talweg([...words, "--quiet-steps"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const result = JSON.parse(stdout.trim().split("\n").at(-1)!) as { loss: number };
    expect(result.loss).toBeLessThan(1e-3);
  }
});

test.each([
  ["train parabola --optimizer lbfgs --batch-size 32", 'lbfgs: batchSize is 32, expected "full"'],
  ["train parabola --optimizer lbfgs --dropout 0.2", "optimizer is lbfgs, which compares the gradients"],
  [
    "train circle --optimizer levenberg-marquardt",
    "levenbergMarquardt: the function is no sum of squares, so its second derivatives come from differences",
  ],
  [
    "train parabola --layers 64,64 --optimizer levenberg-marquardt",
    "there are 4353 parameters, expected at most 2000",
  ],
  ["minimize booth --method goldstein --c 0.5", "goldstein: c is 0.5, expected a number between 0 and 1/2"],
  ["minimize booth --method wolfe --c2 1", "wolfe: c1 is 0.0001 and c2 is 1, expected 0 < c1 < c2 < 1"],
  ["minimize booth --method lbfgs --memory 0", "lbfgs: memory is 0, expected a whole number of at least 1"],
  [
    "minimize booth --method lbfgs --growth 2",
    "lbfgs takes no --growth; leave it out, or choose one that does",
  ],
  ["minimize booth --method levenberg-marquardt --damping -1", "levenbergMarquardt: damping is -1, expected"],
])("talweg %s is refused with exit code 2", async (words, text) => {
  const { code, stderr } = await talweg(words.split(" "));
  expect(stderr).toContain(text);
  expect(code).toBe(2);
});
