import fc from "fast-check";
import type { Dataset, LeastSquares } from "talweg/core";
import type { Activation, Loss } from "talweg/kernels";
import { dense, type Network, network, objective } from "talweg/network";
import { expect, test } from "vitest";
import { hiddenActivations, normals } from "../kernels/material.ts";

const squared: readonly Loss[] = ["sumOfSquares", "meanSquaredError"];
const outputs: readonly Activation[] = ["linear", "sigmoid", "tanh", "softmax"];

function examples(n: Network, rows: number, seed: number): Dataset {
  return {
    x: normals("float64", rows * n.inputs, seed),
    y: normals("float64", rows * n.outputs, seed + 1, 0.5),
    rows,
    inputs: n.inputs,
    outputs: n.outputs,
  };
}

function evaluated(
  squares: LeastSquares,
  w: Float64Array | Float32Array,
): { r: Float64Array; jacobian: Float64Array } {
  const m = squares.residuals;
  const r = new Float64Array(m);
  const jacobian = new Float64Array(m * w.length).fill(7);
  squares.evaluate(w, r, jacobian);
  return { r, jacobian };
}

const sum = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => a + b, 0);

/** 2 J'r, the gradient of the sum of squares. */
function gradientOf(r: Float64Array, jacobian: Float64Array, n: number): number[] {
  return Array.from({ length: n }, (_, j) => 2 * sum(r.map((ri, i) => ri * jacobian[i * n + j]!)));
}

test("the squares of the residuals add up to the loss, and 2 J'r is its gradient, for any network and squared loss", () => {
  const network2 = fc.record({
    widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
    hidden: fc.constantFrom(...hiddenActivations),
    output: fc.constantFrom(...outputs),
    loss: fc.constantFrom(...squared),
    rows: fc.integer({ min: 1, max: 6 }),
    penalty: fc.constantFrom(0, 0.3),
    seed: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(network2, ({ widths, hidden, output, loss, rows, penalty, seed }) => {
      const last = widths.length - 2;
      // Softmax of one unit is always 1.
      if (output === "softmax" && widths[last + 1] === 1) return;
      const layers = widths
        .slice(1)
        .map((units, i) => dense(widths[i]!, units, i === last ? output : hidden));
      const n = network(layers, { seed, precision: "float64" });
      const w = n.parameters as Float64Array;
      const f = objective(n, loss, examples(n, rows, seed), { penalty });
      const { r, jacobian } = evaluated(f.leastSquares!, w);
      const g = new Float64Array(w.length);
      const value = f.gradient(w, g);
      expect(Math.abs(sum(r.map((ri) => ri * ri)) - value)).toBeLessThanOrEqual(1e-13 * Math.max(1, value));
      for (const [j, gj] of gradientOf(r, jacobian, w.length).entries()) {
        expect(Math.abs(gj - g[j]!)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(g[j]!)));
      }
      const weights = n.layers.reduce((count, { inputs, units }) => count + inputs * units, 0);
      expect(r).toHaveLength(rows * n.outputs + (penalty > 0 ? weights : 0));
      expect(f.leastSquares?.gradientsPerJacobian).toBe(n.outputs);
    }),
    { numRuns: 60 },
  );
});

test("the Jacobian is that of central differences of the residuals, also where outputs are huge", () => {
  for (const size of [1, 1e8]) {
    const n = network([dense(2, 3, "tanh"), dense(3, 2)], { seed: 3, precision: "float64" });
    n.weights(2)[0] = size;
    const w = n.parameters as Float64Array;
    const squares = objective(n, "sumOfSquares", examples(n, 3, 5)).leastSquares!;
    const { r, jacobian } = evaluated(squares, w);
    const [above, below] = [r.slice(), r.slice()];
    const h = 2 ** -17;
    for (let j = 0; j < w.length; j++) {
      const wj = w[j]!;
      w[j] = wj + h;
      squares.evaluate(w, above);
      w[j] = wj - h;
      squares.evaluate(w, below);
      w[j] = wj;
      for (let i = 0; i < r.length; i++) {
        const difference = (above[i]! - below[i]!) / (2 * h);
        expect(Math.abs(difference - jacobian[i * w.length + j]!)).toBeLessThan(1e-8 * size);
      }
    }
  }
});

test("labels are rows with a 1 at their place, bytes count times their scale, and a batch is what was loaded", () => {
  const n = network([dense(2, 3, "tanh"), dense(3, 2, "softmax")], { seed: 4, precision: "float64" });
  const w = n.parameters as Float64Array;
  const bytes: Dataset = {
    x: Uint8Array.of(0, 255, 51, 102, 204, 153),
    y: Uint8Array.of(1, 0, 1),
    rows: 3,
    inputs: 2,
    outputs: 2,
    scale: 1 / 255,
  };
  const f = objective(n, "meanSquaredError", bytes);
  f.load({ order: Uint32Array.of(2, 0, 1), from: 1, rows: 2 });
  const { r, jacobian } = evaluated(f.leastSquares!, w);
  expect(r).toHaveLength(4);
  const a = n.predict([
    [0, 1],
    [51 / 255, 102 / 255],
  ]);
  const targets = [0, 1, 1, 0];
  for (const [i, ri] of r.entries()) expect(ri).toBeCloseTo((a[i]! - targets[i]!) / 2, 14);
  const g = new Float64Array(w.length);
  expect(f.gradient(w, g)).toBeCloseTo(sum(r.map((ri) => ri * ri)), 14);
  for (const [j, gj] of gradientOf(r, jacobian, w.length).entries()) expect(gj).toBeCloseTo(g[j]!, 13);
});

test("a float32 network has the residuals of its copy in float64", () => {
  const layers = [dense(2, 3, "tanh"), dense(3, 1)];
  const single = network(layers, { seed: 6 });
  const double = network(layers, { seed: 6, precision: "float64" });
  double.parameters.set(single.parameters);
  const data = examples(single, 4, 9);
  const [a, b] = [single, double].map((n) =>
    evaluated(objective(n, "meanSquaredError", data).leastSquares!, n.parameters),
  );
  expect(a).toEqual(b);
});

test("losses that are no sums of squares, and dropout, have no such view", () => {
  const plain = network([dense(1, 2, "tanh"), dense(2, 1, "sigmoid")], { seed: 1 });
  const data: Dataset = {
    x: Float32Array.of(0, 1),
    y: Float32Array.of(0, 1),
    rows: 2,
    inputs: 1,
    outputs: 1,
  };
  for (const loss of ["huber", "binaryCrossEntropy"] as const) {
    expect(objective(plain, loss, data)).not.toHaveProperty("leastSquares");
  }
  const dropped = network([dense(1, 2, "tanh", { dropout: 0.5 }), dense(2, 1)], { seed: 1 });
  expect(objective(dropped, "meanSquaredError", data)).not.toHaveProperty("leastSquares");
});
