import { readFileSync } from "node:fs";
import { join } from "node:path";
import { activationTable } from "talweg/kernels";
import { expect, test } from "vitest";
import { folder, hasScript, last, onTerminal, talweg } from "./command.ts";

interface Facts {
  name: string;
  low: number | null;
  high: number | null;
  range: string;
  kink: { z: number; left: number; right: number } | null;
  points: { z: number; value: number; derivative: number }[];
}

const factsOf = async (words: readonly string[]): Promise<Facts[]> =>
  last((await talweg(["activations", ...words, "--json"])).stdout).activations as Facts[];

test("talweg activations shows every function with formula, range, values and derivatives", async () => {
  const { code, stdout, stderr } = await talweg(["activations"]);
  expect([code, stderr]).toEqual([0, ""]);
  await expect(stdout).toMatchFileSnapshot("../golden/activations.txt");
});

test("values and derivatives are those of the kernels in float64, to the last bit", async () => {
  const at = [-30, -0.5, 0, 1e-9, 0.5, 30];
  const table = activationTable("float64");
  const facts = await factsOf(["--at", at.join(",")]);
  expect(facts.map(({ name }) => name)).toEqual([...Object.keys(table), "softmax"]);
  for (const { name, points } of facts) {
    if (name === "softmax") expect(points).toEqual([]);
    else {
      // JSON has no −0.
      const s = table[name as keyof typeof table];
      expect(points).toEqual(
        at.map((z) => ({ z, value: s.value(z) + 0, derivative: s.derivative(z, s.value(z)) })),
      );
    }
  }
});

test("no value lies outside of the range that is stated, and its ends are approached", async () => {
  const at = [-1e4, ...Array.from({ length: 801 }, (_, i) => (i - 400) / 40), 1e4];
  for (const { name, low, high, range, points } of await factsOf(["--at", at.join(",")])) {
    if (points.length === 0) continue;
    const values = points.map(({ value }) => value);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    // A bound that is never reached in theory may be reached by rounding.
    if (low === null) expect(least, name).toBeLessThan(-99);
    else {
      expect(least, name).toBeGreaterThanOrEqual(low);
      expect(least - low, `${name} ${range}`).toBeLessThan(1e-3);
    }
    if (high === null) expect(most, name).toBeGreaterThan(99);
    else {
      expect(most, name).toBeLessThanOrEqual(high);
      expect(high - most, name).toBeLessThan(1e-3);
    }
  }
});

test("the derivative jumps at 0 for relu, leakyRelu and selu, and for no other", async () => {
  const kinks = (await factsOf([])).filter(({ kink }) => kink !== null);
  expect(kinks.map(({ name, kink }) => [name, kink!.left, kink!.right])).toEqual([
    ["relu", 0, 1],
    ["leakyRelu", 0.01, 1],
    ["selu", 1.7580993408473766, 1.0507009873554805],
  ]);
});

test("--plot draws each function with its derivative, and says that softmax has no curve", async () => {
  const cwd = folder();
  const words = ["activations", "relu", "tanh", "relu", "--plot", "a.svg", "--from", "-2", "--to", "2"];
  expect((await talweg(words, { cwd })).code).toBe(0);
  const svg = readFileSync(join(cwd, "a.svg"), "utf8");
  for (const text of ["relu", "tanh", "s(z)", "s′(z)", "kink"])
    expect(svg.split(`>${text}</text>`)).toHaveLength(2);
  const { code, stderr } = await talweg(["activations", "softmax", "--plot", "a.svg"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toBe(
    "talweg: --plot draws functions of one number, but softmax needs a whole row; leave --plot out, or name another activation.\n",
  );
});

test.skipIf(!hasScript)("on a terminal of 80 columns no line wraps", () => {
  const bare = onTerminal(["activations"], 80, { NO_COLOR: "1" });
  for (const line of bare.split("\r\n")) expect(line.length, line).toBeLessThanOrEqual(80);
});

test.each([
  [["rleu"], /^talweg: an activation is "rleu" \(did you mean relu\?\), expected one of linear, sigmoid, /],
  [
    ["--from", "2", "--to", "-2"],
    /^talweg: --from is 2 and --to is -2, expected two numbers between -1e100 and 1e100, the smaller first/,
  ],
  [["--at", "1e200"], /^talweg: --at has 1e\+200, expected numbers between -1e100 and 1e100/],
  [["--at", "here"], /^talweg: --at is "here", expected numbers with commas between them/],
  [["--plot", "a.gif"], /^talweg: --plot is "a.gif", expected a name that ends in \.svg or \.png/],
])("talweg activations %j is refused with what to write", async (words, message) => {
  const { code, stderr } = await talweg(["activations", ...words]);
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
