/** The generated plan against the readable one: the same bits, whatever the shape, the batch and the number of threads. */
import fc from "fast-check";
import { type Dataset, shuffledOrder } from "talweg/core";
import { type Activation, createPlan, type LayerShape, type Loss, loadKernels } from "talweg/kernels";
import { afterAll, describe, expect, test } from "vitest";
import { ScalarPlan } from "../../src/kernels/scalarPlan.ts";
import { SimdPlan } from "../../src/kernels/simdPlan.ts";
import {
  bits,
  examplesFor,
  hiddenActivations,
  lossesWithOutputs,
  normals,
  parametersFor,
  shapes,
  thrown,
} from "./material.ts";

interface Case {
  readonly layers: readonly LayerShape[];
  readonly loss: Loss;
  readonly data: Dataset;
  readonly rows: number;
  readonly ordered: boolean;
  readonly seed: number;
}

/** Examples with a share of zeros of both signs; bytes and labels where they are asked for. */
function examples(
  layers: readonly LayerShape[],
  loss: Loss,
  rows: number,
  seed: number,
  kind: { zeros: number; bytes: boolean; labels: boolean },
): Dataset {
  const data = examplesFor(layers, loss, rows, "float32", seed);
  const x = data.x as Float32Array;
  const order = shuffledOrder(x.length, seed, 2);
  for (const i of order.subarray(0, Math.floor(kind.zeros * x.length))) x[i] = i % 2 === 0 ? 0 : -0;
  if (kind.bytes) {
    data.x = Uint8Array.from(x, (v) => Math.min(255, Math.abs(Math.round(100 * v))));
    data.scale = 1 / 255;
  }
  if (kind.labels && data.outputs > 1)
    data.y = Uint8Array.from({ length: rows }, (_, i) => (i * 7) % data.outputs);
  return data;
}

/** Everything that a plan gives, as bits. */
function answers(
  plan: ScalarPlan | SimdPlan,
  { layers, data, rows, ordered, seed }: Case,
): Record<string, unknown> {
  const w = parametersFor(layers, "float32", seed + 1) as Float32Array;
  for (let i = 0; i < w.length; i++) w[i] = w[i]! * 1.2345678;
  for (let i = 0; i < w.length; i += 11) w[i] = -0;
  const order = shuffledOrder(data.rows, seed, 1);
  const from = data.rows - rows;
  plan.load(data, ordered ? { order, from, rows } : { from, rows });
  plan.dropout({ seed, step: 3 });
  const g = new Float32Array(w.length).fill(NaN);
  const loss = plan.gradient(w, g);
  const value = plan.value(w);
  plan.dropout();
  const dry = plan.value(w);
  plan.load(data, { from: 0, rows: data.rows });
  const whole = plan.value(w);
  const outputs = layers.at(-1)!.units;
  const out = new Float32Array(data.rows * outputs).fill(NaN);
  plan.predict(w, data.x, data.rows, out, data.scale);
  const one = new Float32Array(outputs).fill(NaN);
  plan.predict(w, data.x.subarray(0, layers[0]!.inputs), 1, one, data.scale);
  return { loss, value, dry, whole, g: bits(g), out: bits(out), one: bits(one) };
}

const plans: SimdPlan[] = [];
afterAll(() => {
  for (const plan of plans) plan.close();
});

async function compare(given: Case, threads = 1): Promise<void> {
  const { layers, loss } = given;
  const spec = { layers, loss, precision: "float32" } as const;
  const simd = new SimdPlan(spec, { threads });
  plans.push(simd);
  if (threads > 1) {
    simd.load(given.data, { order: shuffledOrder(given.data.rows, 1, 1), from: 0, rows: given.rows });
    await simd.started();
  }
  expect(answers(simd, given)).toEqual(answers(new ScalarPlan(spec), given));
  simd.close();
}

const width = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 15, max: 34 }),
  fc.integer({ min: 33, max: 70 }),
);

const anyCase = fc
  .record({
    widths: fc.array(width, { minLength: 2, maxLength: 4 }),
    hidden: fc.array(fc.constantFrom(...hiddenActivations), { minLength: 2, maxLength: 2 }),
    dropout: fc.constantFrom(0, 0, 0.3),
    end: fc.constantFrom(...lossesWithOutputs),
    rows: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 120, max: 270 })),
    more: fc.integer({ min: 0, max: 40 }),
    ordered: fc.boolean(),
    zeros: fc.constantFrom(0, 0.5, 0.9, 1),
    bytes: fc.boolean(),
    labels: fc.boolean(),
    seed: fc.integer({ min: 0, max: 1e6 }),
  })
  .map(({ widths, hidden, dropout, end: [loss, output], rows, more, ordered, seed, ...kind }): Case => {
    if (output === "softmax" && widths.at(-1) === 1) widths[widths.length - 1] = 2;
    const count = widths.length - 1;
    const activations: Activation[] = [...hidden.slice(0, count - 1), output];
    const layers = shapes(
      widths,
      activations,
      activations.map((_, i) => (i < count - 1 ? dropout : 0)),
    );
    return { layers, loss, data: examples(layers, loss, rows + more, seed, kind), rows, ordered, seed };
  });

test("gradient, losses and predictions have the bits of the readable plan, whatever the shape", async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, (given) => compare(given)),
    { numRuns: 250 },
  );
});

// One neuron, odd widths, tails of tiles and of blocks, and networks at the border between narrow and wide.
describe.each([
  [[33, 1], 1],
  [[1, 33, 1], 5],
  [[40, 17, 3], 129],
  [[64, 48, 10], 128],
  [[100, 50, 50, 7], 300],
  [[32, 32, 32], 257],
] as const)("the network %j over %i rows", (widths, rows) => {
  const activations: Activation[] = widths.slice(2).map(() => "relu" as const);
  const layers = shapes(widths, [...activations, "linear"]);
  const data = examples(layers, "huber", rows + 9, rows, { zeros: 0.7, bytes: false, labels: false });
  const given: Case = { layers, loss: "huber", data, rows, ordered: true, seed: rows };

  test.each([1, 2, 3, 8])("gives the same bits on %i threads", (threads) => compare(given, threads));
});

test("it is really the generated code that is compared", () => {
  const layers = shapes([40, 8, 2], ["relu", "softmax"]);
  const plan = new SimdPlan({ layers, loss: "categoricalCrossEntropy", precision: "float32" });
  expect(plan.holdsVectors).toBe(false);
  const data = examplesFor(layers, "categoricalCrossEntropy", 40, "float32", 1);
  plan.load(data, { from: 0, rows: 40 });
  plan.value(parametersFor(layers, "float32", 1));
  expect(plan.holdsVectors).toBe(true);
  expect(plan.vector().buffer).not.toBe(plan.vector().slice().buffer);
});

test("bytes of all kinds, and inputs without any zero or nothing else, go the same way", async () => {
  for (const zeros of [0, 0.2, 0.99, 1]) {
    for (const bytes of [false, true]) {
      const layers = shapes([50, 40, 10], ["relu", "softmax"]);
      const loss = "categoricalCrossEntropy";
      const data = examples(layers, loss, 200, 7, { zeros, bytes, labels: true });
      await compare({ layers, loss, data, rows: 128, ordered: true, seed: 5 });
    }
  }
});

test("what does not fit into one memory is refused by simd, with a cure", async () => {
  await loadKernels();
  const layers = shapes([40_000, 20_000, 1], ["relu", "linear"]);
  const spec = { layers, loss: "meanSquaredError", precision: "float32" } as const;
  const plan = createPlan(spec, "simd");
  const data = { x: new Float32Array(40_000), y: Float32Array.of(1), rows: 1, inputs: 40_000, outputs: 1 };
  plan.load(data, { from: 0, rows: 1 });
  const { message } = thrown(() => plan.vector());
  expect(message).toContain('GiB of WebAssembly memory, which ends at 4 GiB; pass "auto" or "scalar"');
});

test("a network's parameters may be read, kept and written between predictions", () => {
  const layers = shapes([64, 40, 2], ["relu", "linear"]);
  const plan = new SimdPlan({ layers, precision: "float32" });
  const w = parametersFor(layers, "float32", 3) as Float32Array;
  const x = normals("float32", 64, 1) as Float32Array;
  const first = new Float32Array(2);
  const second = new Float32Array(2);
  plan.predict(w, x, 1, first);
  w[w.length - 1] = w.at(-1)! + 1;
  plan.predict(w, x, 1, second);
  expect(second[1]! - first[1]!).toBeCloseTo(1, 5);
  expect(second[0]).toBe(first[0]);
});
