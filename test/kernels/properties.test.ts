/** Properties of every plan, over random shapes: batches, rows, order and repetition. */
import fc from "fast-check";
import { OptionError, shuffledOrder, type Vector, zeros } from "talweg/core";
import { activationNames, createPlan, loadKernels, type Plan } from "talweg/kernels";
import { dense, network } from "talweg/network";
import { describe, expect, test } from "vitest";
import { bits, examplesFor, hiddenActivations, normals, parametersFor, shapes, thrown } from "./material.ts";

const precision = fc.constantFrom("float32" as const, "float64" as const);
const seed = fc.integer({ min: 0, max: 1e6 });
/** Mostly narrow widths, and now and then one beyond the 32 where the order of sums changes. */
const width = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 8 }) },
  fc.integer({ min: 30, max: 40 }),
);

function gradientOf(plan: Plan, w: Vector): { value: number; g: Uint32Array } {
  const g = zeros(plan.spec.precision, w.length).fill(NaN);
  const value = plan.gradient(w, g);
  return { value, g: bits(g) };
}

test("the forward pass of n rows equals n passes of one row, bit by bit", () => {
  fc.assert(
    fc.property(
      fc.array(width, { minLength: 2, maxLength: 4 }),
      fc.constantFrom(...hiddenActivations),
      fc.constantFrom(...activationNames),
      fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 120, max: 270 })),
      precision,
      seed,
      (widths, hidden, output, rows, kind, start) => {
        // Softmax of one unit is refused, since it is always 1.
        fc.pre(output !== "softmax" || widths.at(-1)! > 1);
        const layers = widths
          .slice(1)
          .map((units, i) => dense(widths[i]!, units, i === widths.length - 2 ? output : hidden));
        const n = network(layers, { seed: start, precision: kind });
        const x = normals(kind, rows * n.inputs, start);
        const together = n.predict(x);
        const { z, a } = n.forward(x);
        expect(bits(a.at(-1)!)).toEqual(bits(together));
        for (let row = 0; row < rows; row += rows > 12 ? 17 : 1) {
          const one = x.slice(row * n.inputs, (row + 1) * n.inputs);
          expect(bits(n.predict(one))).toEqual(bits(together.slice(row * n.outputs, (row + 1) * n.outputs)));
          const single = n.forward(one);
          for (const [l, { units }] of layers.entries()) {
            expect(bits(single.z[l]!)).toEqual(bits(z[l]!.slice(row * units, (row + 1) * units)));
            expect(bits(single.a[l]!)).toEqual(bits(a[l]!.slice(row * units, (row + 1) * units)));
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("a gradient depends on its rows alone: not on what was evaluated before, nor on how the rows are named", () => {
  fc.assert(
    fc.property(
      width,
      width,
      fc.integer({ min: 1, max: 150 }),
      precision,
      seed,
      (inputs, units, rows, kind, start) => {
        const layers = shapes([inputs, units, 2], ["tanh", "softmax"]);
        const loss = "categoricalCrossEntropy";
        const w = parametersFor(layers, kind, start);
        const data = examplesFor(layers, loss, 160, kind, start);
        const order = shuffledOrder(160, start, 1);
        const plan = createPlan({ layers, loss, precision: kind });
        plan.load(data, { order, from: 160 - rows, rows });
        const first = gradientOf(plan, w);
        expect(gradientOf(plan, w)).toEqual(first);
        expect(plan.value(w)).toBe(first.value);

        plan.load(data, { from: 0, rows: 131 });
        gradientOf(
          plan,
          w.map((v) => v + 1),
        );
        plan.predict(w, data.x, 160, zeros(kind, 320));
        plan.load(data, { order, from: 160 - rows, rows });
        expect(gradientOf(plan, w)).toEqual(first);

        const pick = (v: Vector, size: number): Vector => {
          const out = zeros(kind, rows * size);
          for (let r = 0; r < rows; r++) {
            const row = order[160 - rows + r]!;
            out.set(v.subarray(row * size, (row + 1) * size), r * size);
          }
          return out;
        };
        const copy = {
          x: pick(data.x as Vector, inputs),
          y: pick(data.y as Vector, 2),
          rows,
          inputs,
          outputs: 2,
        };
        const other = createPlan({ layers, loss, precision: kind });
        other.load(copy, { from: 0, rows });
        expect(gradientOf(other, w)).toEqual(first);
      },
    ),
    { numRuns: 40 },
  );
});

test("a gradient leaves parameters and data as they are", () => {
  const layers = shapes([3, 4, 2], ["relu", "linear"]);
  const data = examplesFor(layers, "huber", 9, "float32", 1);
  const w = parametersFor(layers, "float32", 2);
  const before = [w, data.x, data.y].map((v) => Array.from(v));
  const plan = createPlan({ layers, loss: "huber", precision: "float32" });
  plan.load(data, { from: 0, rows: 9 });
  plan.gradient(w, new Float32Array(w.length));
  expect([w, data.x, data.y].map((v) => Array.from(v))).toEqual(before);
});

test("bytes count as their product with the rounded scale, rounded once, in every one of 256 values", () => {
  const w = Float32Array.of(1, 0);
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const scale = 1 / 255;
  const plan = createPlan({ layers: shapes([1, 1], ["linear"]), precision: "float32" });
  const out = new Float32Array(256);
  plan.predict(w, bytes, 256, out, scale);
  expect(bits(out)).toEqual(bits(Float32Array.from(bytes, (byte) => byte * Math.fround(scale))));
  expect(bits(out)).not.toEqual(bits(Float32Array.from(bytes, (byte) => byte * scale)));
  plan.predict(w, bytes, 256, out);
  expect(Array.from(out)).toEqual(Array.from(bytes));
});

describe("createPlan", () => {
  test("gives the same bits whichever plan is taken", async () => {
    await loadKernels();
    const layers = shapes([2, 2], ["tanh"]);
    const out = (["auto", "scalar", "simd"] as const).map((kernels) => {
      const a = new Float32Array(2);
      createPlan({ layers, precision: "float32" }, kernels).predict(
        Float32Array.of(1, 2, 3, 4, 5, 6),
        Float32Array.of(0.1, 0.2),
        1,
        a,
      );
      return bits(a);
    });
    expect(out[1]).toEqual(out[0]);
    expect(out[2]).toEqual(out[0]);
  });

  test("refuses generated code for float64, and plans that do not exist", () => {
    const layers = shapes([1, 1], ["linear"]);
    expect(thrown(() => createPlan({ layers, precision: "float64" }, "simd"))).toEqual({
      kind: OptionError,
      message:
        'kernels is "simd", but the network\'s precision is "float64", for which there is readable code only; pass "auto" or ' +
        'take precision "float32".',
    });
    expect(thrown(() => createPlan({ layers, precision: "float32" }, "gpu" as "simd"))).toEqual({
      kind: OptionError,
      message:
        'kernels is "gpu", expected "auto", "scalar" or "simd"; leave the option away for the fastest.',
    });
  });
});
