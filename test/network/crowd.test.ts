/** Predictions of many rows: shared out to threads, from parameters that may move. */
import { randomStream } from "talweg/core";
import { createPlan, loadKernels } from "talweg/kernels";
import { dense, network } from "talweg/network";
import { beforeAll, expect, test } from "vitest";

const rows = 6000;
const layers = [dense(200, 90, "relu"), dense(90, 3, "softmax")];
const { uniform } = randomStream(4, "data");
const x = Float32Array.from({ length: rows * 200 }, (_, i) => (i % 3 === 0 ? uniform(i) : 0));

// Without it the first predictions would be the readable plan's.
beforeAll(loadKernels);

function readably(parameters: Float32Array): Float32Array {
  const out = new Float32Array(rows * 3);
  createPlan({ layers, precision: "float32" }, "scalar").predict(parameters, x, rows, out);
  return out;
}

test("many rows give the same bits before threads have started, with them, and after parameters changed", async () => {
  const n = network(layers, { seed: 2 });
  const first = n.predict(x);
  expect(first).toEqual(readably(n.parameters as Float32Array));
  // Time for threads to start.
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(n.predict(x)).toEqual(first);
  const bias = n.parameters.length - 1;
  n.parameters[bias] = n.parameters[bias]! + 1;
  const changed = n.predict(x);
  expect(changed).not.toEqual(first);
  expect(changed).toEqual(readably(n.parameters as Float32Array));
});

test("a vector that was read may be written until the next await, whatever was predicted meanwhile", async () => {
  const n = network(layers, { seed: 2 });
  const one = x.subarray(0, 200);
  const held = n.parameters;
  // Enough for generated code, which would rather have the parameters elsewhere.
  for (let i = 0; i < 2000; i++) n.predict(one);
  const before = n.predict(one);
  held[held.length - 1] = held.at(-1)! + 1;
  const after = n.predict(one);
  expect(after).not.toEqual(before);
  await Promise.resolve();
  // From here on they may move, with the numbers that they have.
  for (let i = 0; i < 3; i++) expect(n.predict(one)).toEqual(after);
});

test("NaN among many rows is named", () => {
  const n = network(layers, { seed: 2 });
  const bad = x.slice();
  bad[5 * 200 + 7] = Number.NaN;
  for (let i = 0; i < 2; i++) expect(() => n.predict(bad)).toThrow("predict: x: row 5, column 7");
});
