import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dense, network } from "talweg";
import { errataIds, galleryNames, proofLines } from "talweg/explain";
import { saveModel } from "talweg/node";
import { expect, test } from "vitest";
import { folder, last, lines, onTerminal, talweg } from "./command.ts";

const cwd = folder();

test("converge on a quadratic holds every line in every step, and says what the end is", async () => {
  const { code, stdout, stderr } = await talweg("converge --function quadratic".split(" "));
  expect(stderr).toBe("");
  expect(code).toBe(0);
  for (const { number, statement } of proofLines) expect(stdout).toContain(`✓ ${number}  ${statement}`);
  expect(stdout.match(/holds in all 636 steps/g)).toHaveLength(9);
  expect(stdout).toContain("so it is a minimum");
  for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
});

test("a line that holds by its rounding allowance alone says so, and sides that look alike say by how much they differ", async () => {
  // Near its minimum, 85822, this function falls by less than its last place.
  const { code, stdout } = await talweg("converge --function brownDennis".split(" "));
  expect(code).toBe(0);
  expect(stdout).toMatch(/nearest in step \d+: 85820 ≤ 85820, (equal|by \S+)$/m);
  expect(stdout).toMatch(/nearest in step \d+: 0 not > \S+, rounding allows \S+$/m);
  expect(stdout).not.toMatch(/: 0 > /);
});

test("of many parameters the end is a minimum only as far as Lanczos' method sees", async () => {
  const { stdout } = await talweg("converge --function sphere --dimension 301".split(" "));
  expect(stdout.replaceAll("\n", " ")).toContain(
    "so it is a minimum, as far as Lanczos' method sees (2 to 2;",
  );
});

test("converge --json writes each step with its lines, then the run", async () => {
  const { stdout } = await talweg("converge --function booth --json".split(" "));
  const all = lines(stdout);
  const result = all.at(-1)!;
  expect(result).toMatchObject({ event: "result", command: "converge", reason: "gradientNorm", broken: [] });
  const steps = all.slice(0, -1) as { event: string; step: number; lines: { holds: boolean }[] }[];
  expect(steps).toHaveLength(result.steps as number);
  for (const [i, { event, step, lines: checked }] of steps.entries()) {
    expect({ event, step }).toEqual({ event: "step", step: i + 1 });
    expect(checked.every(({ holds }) => holds)).toBe(true);
  }
});

test("converge takes a model with its data, and ends with 1 when a line fails, as can be at the kinks of ReLU", async () => {
  saveModel(network([dense(1, 6, "tanh"), dense(6, 1)], { seed: 2 }), join(cwd, "smooth.json"));
  const smooth = "converge smooth.json parabola --rows 20 --growth 2 --steps 20 --json".split(" ");
  const first = await talweg(smooth, { cwd });
  expect(first.code).toBe(0);
  expect(last(first.stdout)).toMatchObject({ steps: 20, broken: expect.not.arrayContaining(["meanValue"]) });
  const kinked = network([dense(1, 12, "relu"), dense(12, 12, "relu"), dense(12, 1, "sigmoid")], { seed: 1 });
  saveModel(kinked, join(cwd, "kinked.json"));
  const words =
    "converge kinked.json parabola --rows 100 --growth 2 --steps 40 --loss sumOfSquares --json".split(" ");
  const second = await talweg(words, { cwd });
  expect(last(second.stdout)).toMatchObject({ broken: expect.arrayContaining(["meanValue"]) });
  expect(second.code).toBe(1);
});

test("converge --plot draws f, its gradient, the steps with their bound, and line 4", async () => {
  await talweg("converge --function quadratic --plot run.svg".split(" "), { cwd });
  const svg = readFileSync(join(cwd, "run.svg"), "utf8");
  for (const name of ["The function falls in every step", "Its gradient", "bound of line 9", "Line 4"])
    expect(svg).toContain(name);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test("converge --gallery lists every example with what breaks in its numbers", async () => {
  const { code, stdout } = await talweg(["converge", "--gallery"]);
  expect(code).toBe(0);
  for (const name of galleryNames) expect(stdout).toMatch(new RegExp(`^${name}  `, "m"));
  expect(stdout).toContain("Breaks: line 6, ∇f(z)ᵀd = [f(x + τ d) - f(x)] / τ, in 20 of 20 steps");
  expect(stdout).toContain("Breaks: the end is a saddle, not a minimum.");
  for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
});

test.each(["kink", "c1-too-large", "maximum"])(
  "converge --example %s runs it for people and as JSON",
  async (name) => {
    const { code, stdout, stderr } = await talweg(["converge", "--example", name]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("Breaks: ");
    expect(stdout).not.toMatch(/NaN|undefined|null/);
    const { stdout: json } = await talweg(["converge", "--example", name, "--json"]);
    expect(last(json)).toMatchObject({ event: "result", name });
  },
);

test("on a wide terminal long lines are not broken at 80", () => {
  const text = onTerminal(["converge", "--example", "kink"], 120);
  expect(text).toContain("A kink stops the descent");
});

test.each([
  ["--function sphere --c1 1", "armijo: c1 is 1, expected a number between 0 and 1", 2],
  ["--function sphere --steps 0", "converge: steps is 0, expected a whole number from 1 to 100000", 2],
  ["--example cliff", '--example is "cliff", expected one of kink', 2],
  ["--gallery --c1 0.1", "the gallery takes nothing beside --example and its --plot, but --c1 is given", 2],
  ["--example c1-too-large --plot a.svg", "c1-too-large has no step to draw; leave --plot out.", 2],
  ["", "got no model, expected a model and its data, or a function", 2],
])("converge %s is refused", async (words, text, exitCode) => {
  const { code, stderr } = await talweg(["converge", ...words.split(" ").filter(Boolean)], { cwd });
  expect(stderr).toContain(text);
  expect(code).toBe(exitCode);
});

test("errata computes what the source prints beside what is right, as it is stored", async () => {
  const { code, stdout, stderr } = await talweg(["errata"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toBe(readFileSync("test/golden/errata-converge.txt", "utf8"));
  for (const id of errataIds) expect(stdout).toContain(`${id}, section `);
  expect(stdout).not.toContain("✗");
});

test("errata of one id is that part, with --json as data", async () => {
  const { stdout } = await talweg(["errata", "m16", "--json"]);
  expect(last(stdout)).toMatchObject({ command: "errata", errata: [{ id: "M16" }] });
  const { code, stderr } = await talweg(["errata", "M5"]);
  expect(stderr).toContain('id is "M5"');
  expect(code).toBe(2);
});
