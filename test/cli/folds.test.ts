import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, last, talweg } from "./command.ts";

const moons = ["train", "moons", "--rows", "150", "--epochs", "20", "--layers", "8"];

test("train --folds tests every example once, gives each score beside its baseline, and saves nothing but the figure", async () => {
  const cwd = folder();
  const { code, stdout, stderr } = await talweg([...moons, "--folds", "3", "--plot", "folds.svg"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain("150 examples of moons, 3 folds");
  expect(stdout).toMatch(/^ +accuracy +\d+\.\d\d % +\d+\.\d\d % .* 50\.00 %$/m);
  expect(stderr).toMatch(/^fold 3 of 3: 20 epochs, accuracy 0?\.?\d+ on 50 examples$/m);
  expect(readFileSync(join(cwd, "folds.svg"), "utf8")).toContain("Cross-validation on moons");
  expect(existsSync(join(cwd, "moons.safetensors"))).toBe(false);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("train --folds --json is one line, the same each time, and another seed gives other folds", async () => {
  const line = async (seed: string): Promise<Record<string, unknown>> => {
    const { stdout } = await talweg([...moons, "--folds", "3", "--json", "--seed", seed]);
    const { seconds: _, ...rest } = last(stdout);
    return rest;
  };
  const first = await line("1");
  expect(first.command).toBe("train");
  expect((first.testedIn as number[]).length).toBe(150);
  expect(await line("1")).toEqual(first);
  expect((await line("2")).testedIn).not.toEqual(first.testedIn);
});

test.each([
  [
    "--folds 5 --out m.json",
    "--out is given with --folds, which trains a network for each fold and saves none",
    2,
  ],
  ["--folds 5 --run r", "--run is given with --folds", 2],
  ["--folds 1", "folds is 1, expected a whole number", 2],
  ["--folds 2.5", "folds is 2.5, expected a whole number", 2],
  ["--folds 1000", "folds is 1000", 2],
])("train moons %s is refused: %s", async (words, message, code) => {
  const ended = await talweg([...moons, ...words.split(" ")]);
  expect(ended.stderr).toContain(message);
  expect(ended.code).toBe(code);
});
