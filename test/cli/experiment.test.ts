import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, last, lines, talweg } from "./command.ts";

const names = ["local-minima", "batch-noise", "depth"];

test.each(names)("talweg experiment %s --quick writes tables and draws a figure", async (name) => {
  const cwd = folder();
  const { code, stdout, stderr } = await talweg(["experiment", name, "--quick", "--plot", "figure.svg"], {
    cwd,
  });
  expect(stderr).not.toContain("talweg:");
  expect(code).toBe(0);
  expect(stdout).toContain("What this does not say");
  expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
  for (const line of stdout.split("\n")) {
    expect(line).toBe(line.trimEnd());
    expect([...line].length, line).toBeLessThanOrEqual(80);
  }
  expect(readFileSync(join(cwd, "figure.svg"), "utf8")).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
});

test.each(names)("talweg experiment %s --quick --json writes one line, the same again", async (name) => {
  const run = (): ReturnType<typeof talweg> =>
    talweg(["experiment", name, "--quick", "--json", "--seed", "3"]);
  const [a, b] = [await run(), await run()];
  expect(a.code).toBe(0);
  expect(a.stderr).toBe("");
  expect(lines(a.stdout)).toHaveLength(1);
  expect(last(a.stdout)).toMatchObject({ event: "result", command: "experiment", experiment: name, seed: 3 });
  const { seconds: _, ...first } = last(a.stdout);
  const { seconds: __, ...second } = last(b.stdout);
  expect(second).toEqual(first);
});

test.each([
  [
    ["experiment", "dept"],
    'there is no experiment "dept" (did you mean depth?), expected one of local-minima',
  ],
  [
    ["experiment", "depth", "--starts", "3"],
    "experiment depth has no option --starts, expected some of --seeds",
  ],
  [["experiment", "batch-noise", "--hidden", "2,4"], '--hidden is "2,4", expected one number of units here'],
  [["experiment", "local-minima", "--starts", "0"], "localMinima: starts is 0, expected a whole number"],
  [["experiment", "depth", "--plot", "figure.pdf"], "--plot"],
  [
    ["experiment", "depth", "--seed", "18446744073709551615"],
    "--seed is 18446744073709551615, expected at most 2^53",
  ],
  [["experiment"], "missing required argument"],
])("%j is refused with exit code 2", async (words, text) => {
  const { code, stdout, stderr } = await talweg(words);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(text);
});

test("Ctrl-C ends an experiment at once with exit code 130 and leaves no figure", async () => {
  const cwd = folder();
  let sent = 0;
  const { code, stderr } = await talweg(["experiment", "local-minima", "--plot", "never.svg"], {
    cwd,
    onLine: (_line, child) => {
      // The first line of progress.
      if (sent === 0) child.kill("SIGINT");
      sent ||= performance.now();
    },
  });
  expect(performance.now() - sent).toBeLessThan(3000);
  expect(code).toBe(130);
  expect(stderr).toMatch(/experiment local-minima: stopped by SIGINT after \d+ of \d+ parts/);
  expect(existsSync(join(cwd, "never.svg"))).toBe(false);
});
