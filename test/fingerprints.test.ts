import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const golden = "test/golden/fingerprints.json";

/** What the trainings end with in a process of its own. */
function fingerprints(
  kernels: string,
  threads: number,
): { fingerprints: Record<string, string>; together: number } {
  const parameters = ["tools/fingerprints.js", kernels, String(threads)];
  const { node, ...figures } = JSON.parse(execFileSync(process.execPath, parameters, { encoding: "utf8" }));
  expect(node).toBe(process.version);
  return figures;
}

test("the same trainings end with the same bits, on this Node as on all others, stopped and resumed too", async () => {
  const found = fingerprints("scalar", 1);
  await expect(`${JSON.stringify(found.fingerprints, null, 2)}\n`).toMatchFileSnapshot(
    "golden/fingerprints.json",
  );
});

test.each([1, 2, 3])("generated code ends with the same bits, threads: %d", (threads) => {
  const found = fingerprints("simd", threads);
  expect(found.fingerprints).toEqual(JSON.parse(readFileSync(golden, "utf8")));
  if (threads === 1) expect(found.together).toBe(0);
  else expect(found.together).toBeGreaterThan(100);
});
