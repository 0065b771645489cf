/** The network as an object, and the objective that it makes with a loss and data. */
import { type Dataset, type Vector, zeros } from "talweg/core";
import { dense, network, objective, restoreNetwork, withPrecision } from "talweg/network";
import { describe, expect, test } from "vitest";
import { bits, examplesFor, normals } from "../kernels/material.ts";

describe("a network", () => {
  const n = network([dense(3, 4, "tanh"), dense(4, 2, "softmax")], { seed: 5 });

  test("counts (inputs + 1) times units parameters in each layer, in one flat vector: W1, b1, W2, b2", () => {
    expect(n.parameterCount).toBe(26);
    expect([n.inputs, n.outputs, n.precision]).toEqual([3, 2, "float32"]);
    expect([n.weights(1), n.biases(1), n.weights(2), n.biases(2)].map((v) => v.length)).toEqual([
      12, 4, 8, 2,
    ]);
    const joined = [1, 2].flatMap((layer) => [...n.weights(layer), ...n.biases(layer)]);
    expect(joined).toEqual(Array.from(n.parameters));
  });

  test("hands out views: what is written to weights or biases is in the parameters", () => {
    const own = network([dense(2, 2), dense(2, 1)], { precision: "float64" });
    own.weights(2)[1] = 7;
    own.biases(1)[0] = 8;
    expect([own.parameters[7], own.parameters[4]]).toEqual([7, 8]);
    expect(own.predict([[1, 1]])).toHaveLength(1);
  });

  test("has weights [inputs, units], row-major, and rows as examples: Z = A W + b", () => {
    const own = restoreNetwork([dense(2, 3)], Float64Array.of(1, 2, 3, 10, 20, 30, 0.1, 0.2, 0.3), {
      seed: 0,
    });
    expect(
      Array.from(
        own.predict([
          [1, 0],
          [0, 1],
          [1, 1],
        ]),
      ),
    ).toEqual([1.1, 2.2, 3.3, 10.1, 20.2, 30.3, 11.1, 22.2, 33.3]);
  });

  test("predicts the same from rows and from either kind of vector, in its own precision", () => {
    const rows = [
      [0.5, -1, 0.25],
      [2, 0, 1],
    ];
    const fromRows = n.predict(rows);
    expect(fromRows).toBeInstanceOf(Float32Array);
    expect(bits(n.predict(Float64Array.from(rows.flat())))).toEqual(bits(fromRows));
    expect(bits(n.predict(Float32Array.from(rows.flat())))).toEqual(bits(fromRows));
    expect(n.predict([])).toHaveLength(0);
  });

  test("restored from parameters is the same network, with a copy of its own", () => {
    const parameters = n.parameters.slice();
    const copy = restoreNetwork(n.layers, parameters, { seed: 5, loss: "huber" });
    parameters.fill(0);
    expect(bits(copy.parameters)).toEqual(bits(n.parameters));
    expect(copy.metadata).toEqual({ seed: 5, loss: "huber" });
    expect(bits(copy.predict([[1, 2, 3]]))).toEqual(bits(n.predict([[1, 2, 3]])));
    expect(restoreNetwork(n.layers, new Float64Array(26), { seed: 0 }).precision).toBe("float64");
  });

  test("says its sizes, activations and number of parameters as text", () => {
    const text = String(network([dense(3, 4, "relu", { dropout: 0.25 }), dense(4, 1)]));
    expect(text).toBe("network 3-4-1, relu (dropout 0.25), linear, 21 parameters, float32");
  });

  test("keeps its own list of layers", () => {
    const layers = [dense(1, 1)];
    const own = network(layers);
    layers.push(dense(1, 1));
    expect(own.layers).toHaveLength(1);
  });
});

describe("an objective", () => {
  const n = network([dense(3, 4, "tanh"), dense(4, 2)], { seed: 5, precision: "float64" });
  const data: Dataset = examplesFor(n.layers, "sumOfSquares", 150, "float64", 6);

  test("is the mean loss of the predictions over all rows", () => {
    const f = objective(n, "sumOfSquares", data);
    const outputs = n.predict(data.x as Vector);
    let sum = 0;
    for (let i = 0; i < outputs.length; i++) sum += (outputs[i]! - data.y[i]!) * (outputs[i]! - data.y[i]!);
    expect(f.dimension).toBe(n.parameterCount);
    expect(Math.abs(f.value(n.parameters) - sum / 150)).toBeLessThan(1e-12 * sum);
  });

  test("leaves the network as it is, and does not follow its later changes", () => {
    const f = objective(n, "sumOfSquares", data);
    const before = bits(n.parameters);
    const w = n.parameters.map((v) => v + 1) as Vector;
    const moved = f.value(w);
    expect(bits(n.parameters)).toEqual(before);
    expect(f.value(n.parameters)).not.toBe(moved);
  });

  test("adds penalty / 2 times the squared weights, and not the biases, to the loss", () => {
    const bare = objective(n, "sumOfSquares", data);
    const f = objective(n, "sumOfSquares", data, { penalty: 0.5 });
    const w = normals("float64", n.parameterCount, 9);
    let squares = 0;
    for (let i = 0; i < w.length; i++) if (i < 12 || (i >= 16 && i < 24)) squares += w[i]! * w[i]!;
    expect(Math.abs(f.value(w) - bare.value(w) - 0.25 * squares)).toBeLessThan(1e-12 * squares);
    const [a, b] = [zeros("float64", w.length), zeros("float64", w.length)];
    expect(f.gradient(w, a)).toBe(f.value(w));
    bare.gradient(w, b);
    for (const i of w.keys()) {
      const decay = i < 12 || (i >= 16 && i < 24) ? 0.5 * w[i]! : 0;
      expect(Math.abs(a[i]! - b[i]! - decay)).toBeLessThan(1e-13);
    }
  });

  test("in float32 rounds the penalty, its product with a weight and the sum with the gradient, each once", () => {
    const single = network([dense(3, 4, "tanh"), dense(4, 2)], { seed: 5 });
    const w = single.parameters;
    const [bare, penalized] = [new Float32Array(w.length), new Float64Array(w.length)];
    objective(single, "sumOfSquares", data).gradient(w, bare);
    const seen = { onePenalty: false, oneProduct: false };
    for (const penalty of [0.1, 0.7, 1.3]) {
      objective(single, "sumOfSquares", data, { penalty }).gradient(w, penalized);
      for (let i = 0; i < 12; i++) {
        const product = Math.fround(Math.fround(penalty) * w[i]!);
        expect(penalized[i]).toBe(Math.fround(bare[i]! + product));
        seen.onePenalty ||= penalized[i] !== Math.fround(bare[i]! + Math.fround(penalty * w[i]!));
        seen.oneProduct ||= penalized[i] !== Math.fround(bare[i]! + Math.fround(penalty) * w[i]!);
      }
      expect(Array.from(penalized.subarray(12, 16))).toEqual(Array.from(bare.subarray(12, 16)));
    }
    // The numbers do tell the roundings apart.
    expect(seen).toEqual({ onePenalty: true, oneProduct: true });
  });

  test("goes over the rows that it is told to, and back to all", () => {
    for (const penalty of [0, 0.25]) {
      const f = objective(n, "sumOfSquares", data, { penalty });
      const whole = f.value(n.parameters);
      f.load({ from: 10, rows: 5 });
      const part = f.value(n.parameters);
      const same: Dataset = {
        ...data,
        x: data.x.slice(30, 45),
        y: data.y.slice(20, 30),
        rows: 5,
      };
      expect(part).toBe(objective(n, "sumOfSquares", same, { penalty }).value(n.parameters));
      f.load({ order: Uint32Array.of(3, 3, 14, 11), from: 1, rows: 3 });
      expect(f.value(n.parameters)).not.toBe(part);
      f.load({ from: 0, rows: 150 });
      expect(f.value(n.parameters)).toBe(whole);
    }
  });
});

test("withPrecision copies a network into another precision and leaves the first one alone", () => {
  const n = network([dense(2, 3, "tanh"), dense(3, 1)], { seed: 4 });
  n.metadata.loss = "meanSquaredError";
  const precise = withPrecision(n, "float64");
  expect(precise.precision).toBe("float64");
  expect([...precise.parameters]).toEqual([...n.parameters]);
  expect(precise.metadata).toEqual(n.metadata);
  precise.parameters[0] = 1 / 3;
  expect(n.parameters[0]).not.toBe(1 / 3);
  expect(withPrecision(precise, "float32").parameters[0]).toBe(Math.fround(1 / 3));
});
