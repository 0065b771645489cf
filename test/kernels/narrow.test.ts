/** The code generated for narrow networks against the readable plan: the same bits, whatever the shape, batch and data. */
import fc from "fast-check";
import { seedKey, shuffledOrder } from "talweg/core";
import { type Activation, activationNames, type LayerShape } from "talweg/kernels";
import { describe, expect, test } from "vitest";
import { MemoryLayout, PAGE } from "../../src/kernels/memoryLayout.ts";
import { NarrowEngine } from "../../src/kernels/narrowEngine.ts";
import { narrowModule } from "../../src/kernels/narrowModule.ts";
import { ScalarPlan } from "../../src/kernels/scalarPlan.ts";
import { hiddenActivations, lossesWithOutputs, normals, shapes } from "./material.ts";
import { Bench, differences, examples, parameters } from "./narrowMaterial.ts";

/** Value, gradient and predictions that are not those of the readable plan. */
function disagreements(bench: Bench): string[] {
  const { engine, plan, data, w, g, out } = bench;
  const found: string[] = [];
  const expectedG = new Float32Array(w.length);
  const expectedOut = new Float32Array(out.length);
  const loss = plan.gradient(w.slice(), expectedG);
  const check = (what: string, differing: readonly string[]): void => {
    if (differing.length > 0) found.push(`${what}: ${differing.length} differ, ${differing[0]}`);
  };
  check("gradient's loss", differences([loss], [engine.gradient(w.byteOffset, g.byteOffset)]));
  check("gradient", differences(expectedG, g));
  plan.predict(w.slice(), data.x, data.rows, expectedOut, data.scale);
  const { x, bytes, scale } = bench.resident;
  engine.predict(w.byteOffset, x, bytes, scale, data.rows, out.byteOffset);
  check("predict", differences(expectedOut, out));
  // After the prediction, so that it is known to have left the batch as it was.
  check("value", differences([loss], [engine.value(w.byteOffset)]));
  check("written beside the vectors", bench.trespasses());
  return found;
}

const width = fc.oneof(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 14, max: 32 }));
const rowCount = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 12, 124, 127, 128, 129, 132, 255, 256, 257, 264),
  fc.integer({ min: 1, max: 300 }),
);

const anyCase = fc.record({
  widths: fc.array(width, { minLength: 1, maxLength: 4 }),
  outputs: width,
  hidden: fc.array(fc.constantFrom(...hiddenActivations), { minLength: 3, maxLength: 3 }),
  loss: fc.constantFrom(...lossesWithOutputs),
  rows: rowCount,
  skipped: fc.integer({ min: 0, max: 9 }),
  ordered: fc.boolean(),
  form: fc.record({ zeros: fc.constantFrom(0, 0.5), bytes: fc.boolean(), labels: fc.boolean() }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

describe("a narrow network", () => {
  test("has the readable plan's value, gradient and predictions in every bit", () => {
    fc.assert(
      fc.property(
        anyCase,
        ({ widths, outputs, hidden, loss: [loss, output], rows, skipped, ordered, form, seed }) => {
          const activations = [...hidden.slice(0, widths.length - 1), output];
          const layers = shapes([...widths, outputs], activations);
          const data = examples(layers, loss, rows + skipped, seed, form);
          const bench = new Bench(layers, loss, data, parameters(layers, seed), { batchRows: rows });
          bench.load(skipped, rows, ordered ? shuffledOrder(data.rows, seed, 1) : undefined);
          expect(disagreements(bench)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each(lossesWithOutputs)(
    "agrees for %s after %s, with every hidden activation before it",
    (loss, output) => {
      const wrong = [0, 2, 4, 6, 8].flatMap((i) => {
        const hidden = hiddenActivations.slice(i, i + 2);
        const layers = shapes([3, 6, 5, 1 + ((i / 2) % 4)], [...hidden, output]);
        const data = examples(layers, loss, 135, i + 1);
        const bench = new Bench(layers, loss, data, parameters(layers, i + 1));
        bench.load(0, data.rows);
        return disagreements(bench).map((text) => `${hidden}: ${text}`);
      });
      expect(wrong).toEqual([]);
    },
  );

  test.each([5, 64, 127, 128, 1000, 2500])("joins the blocks of %i rows in the stated tree", (rows) => {
    const layers = shapes([1, 12, 12, 1], ["relu", "relu", "sigmoid"]);
    const bench = new Bench(
      layers,
      "meanSquaredError",
      examples(layers, "meanSquaredError", rows, 4),
      parameters(layers, 5),
    );
    bench.load(0, rows);
    expect(disagreements(bench)).toEqual([]);
  });

  test.each(["linear", "tanh", "leakyRelu", "relu"] as const)(
    "has the zeros of sums from +0 with %s",
    (activation) => {
      const wrong = [1, 2, 5].flatMap((units) => {
        const layers = shapes([1, units, 1], [activation, activation]);
        const data = examples(layers, "sumOfSquares", 9, 2);
        data.x = new Float32Array(9).map((_, i) => (i % 2 === 0 ? 0 : -0));
        const w = parameters(layers, 3).map((x, i) => (i < units ? x : -0));
        const bench = new Bench(layers, "sumOfSquares", data, w);
        bench.load(0, 9);
        return disagreements(bench).map((text) => `${units} units: ${text}`);
      });
      expect(wrong).toEqual([]);
    },
  );

  const overflowing = (hidden: Activation, output: Activation, size: number): Bench => {
    const layers = shapes([2, 5, 4, 2], [hidden, hidden, output]);
    const w = parameters(layers, 3, false).map((x) => x * size);
    const bench = new Bench(layers, "sumOfSquares", examples(layers, "sumOfSquares", 22, 8), w);
    bench.load(0, 22);
    return bench;
  };

  test("overflows like the readable plan", () => {
    const wrong = (["linear", "tanh"] as const).flatMap((hidden) =>
      (["linear", "softplus"] as const).flatMap((output) =>
        [1e3, 1e12, 1e25].flatMap((size) =>
          disagreements(overflowing(hidden, output, size)).map(
            (text) => `${hidden}, ${output}, ${size}: ${text}`,
          ),
        ),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test.each(["relu", "softplus"] as const)(
    "has a gradient that is not finite where an activation of %s is 0 and a delta infinite",
    (hidden) => {
      // The readable plan leaves out terms with a factor of 0, so that the bits may be those of Infinity or of NaN.
      const { engine, plan, w, g } = overflowing(hidden, hidden, 1e12);
      const expected = new Float32Array(w.length);
      expect(engine.gradient(w.byteOffset, g.byteOffset)).toBe(plan.gradient(w.slice(), expected));
      const finite = (v: Float32Array): boolean => v.every(Number.isFinite);
      expect([finite(expected), finite(g)]).toEqual([false, false]);
    },
  );
});

describe("loading", () => {
  const layers = shapes([2, 3, 1], ["tanh", "linear"]);
  const fresh = (): Bench => {
    const data = examples(layers, "huber", 150, 1);
    return new Bench(layers, "huber", data, parameters(layers, 2));
  };

  test("does not gather again what it has, and gathers whatever has an order", () => {
    const bench = fresh();
    const { engine, resident, w, order } = bench;
    for (let i = 0; i < 150; i++) order[i] = i;
    const values = [0, order.byteOffset].map((at) => {
      bench.put(resident.x, bench.data.x);
      engine.load(resident, { order: at, from: 10, rows: 140 });
      const before = engine.value(w.byteOffset);
      bench.put(resident.x, normals("float32", 300, 77));
      engine.load(resident, { order: at, from: 10, rows: 140 });
      return { before, after: engine.value(w.byteOffset) };
    });
    expect(values[0]!.after).toBe(values[0]!.before);
    expect(values[1]!.before).toBe(values[0]!.before);
    expect(values[1]!.after).not.toBe(values[1]!.before);
  });

  test.each([1, 2, 5, 7, 9, 129])("reads no row behind a batch of %i", (rows) => {
    const data = examples(layers, "huber", rows + 8, 1);
    data.x.fill(NaN, 2 * rows);
    data.y.fill(NaN, rows);
    const bench = new Bench(layers, "huber", data, parameters(layers, 2));
    bench.load(0, rows);
    expect(disagreements(bench)).toEqual([]);
    expect(bench.g.some(Number.isNaN)).toBe(false);
  });

  test("takes rows that pass block by block", () => {
    const bench = fresh();
    const { engine, plan, data, resident, w, g } = bench;
    const asked: number[][] = [];
    engine.load(resident, { order: 0, from: 0, rows: 150 }, (start, count) => {
      asked.push([start, count]);
      bench.put(resident.x, data.x.subarray(2 * start, 2 * (start + count)));
      bench.put(resident.y, data.y.subarray(start, start + count));
    });
    plan.load(data, { from: 0, rows: 150 });
    const expected = new Float32Array(w.length);
    expect(asked).toEqual([
      [0, 128],
      [128, 22],
    ]);
    expect(engine.gradient(w.byteOffset, g.byteOffset)).toBe(plan.gradient(w.slice(), expected));
    expect(differences(expected, g)).toEqual([]);
  });
});

describe("dropout", () => {
  test.each([1, 2, 3, 4] as const)(
    "drops in %i layers what the readable plan drops, and nothing when it is off",
    (depth) => {
      const activations: Activation[] = Array.from(
        { length: depth },
        (_, i) => hiddenActivations[(3 * i + depth) % 9]!,
      );
      const layers: LayerShape[] = shapes(
        [3, 7, 10, 5, 6].slice(0, depth + 1),
        activations.map((name, i) => (i === depth - 1 ? "linear" : name)),
        [0.5, 0.2, 0, 0.7],
      );
      const bench = new Bench(
        layers,
        "meanSquaredError",
        examples(layers, "meanSquaredError", 205, depth),
        parameters(layers, depth),
      );
      bench.load(0, 205);
      const { engine, plan } = bench;
      const wrong = [undefined, 3, 4, undefined, 5].flatMap((step) => {
        const masks = step === undefined ? undefined : { seed: 12345678901, step };
        const [key0, key1] = seedKey(12345678901);
        plan.dropout(masks);
        engine.dropout(step === undefined ? undefined : { key0: key0!, key1: key1!, step });
        return disagreements(bench).map((text) => `step ${step}: ${text}`);
      });
      expect(wrong).toEqual([]);
    },
  );
});

describe("a module that only predicts", () => {
  test.each(activationNames)("has outputs of %s", (output) => {
    const layers = shapes([4, 9, 6], ["relu", output]);
    const layout = new MemoryLayout();
    const planned = narrowModule(layers, undefined, { batchRows: 1 }, layout);
    const rows = 131;
    const places = [rows * 4, parameters(layers, 1).length, rows * 6].map((n) => layout.floats(n));
    const [x, w, out] = places as [number, number, number];
    const pages = Math.ceil(layout.top / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const module = new WebAssembly.Module(planned.emit({ pages, maximum: pages, shared: true }));
    const engine = new NarrowEngine(new WebAssembly.Instance(module, { env: { memory } }).exports);
    const floats = (at: number, n: number): Float32Array => new Float32Array(memory.buffer, at, n);
    const inputs = normals("float32", rows * 4, 2);
    floats(x, inputs.length).set(inputs);
    floats(w, parameters(layers, 1).length).set(parameters(layers, 1));
    engine.predict(w, x, false, 1, rows, out);
    const expected = new Float32Array(rows * 6);
    new ScalarPlan({ layers, precision: "float32" }).predict(parameters(layers, 1), inputs, rows, expected);
    expect(differences(expected, floats(out, rows * 6))).toEqual([]);
  });
});
