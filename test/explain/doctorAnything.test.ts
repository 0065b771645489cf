/** Whatever the network and the data, the doctor answers, in plain finite numbers. */
import fc from "fast-check";
import { type Activation, activationNames, type Dataset, dense, doctor, type Loss, network } from "talweg";
import { expect, test } from "vitest";

const endings: [Loss, Activation][] = [
  ["meanSquaredError", "linear"],
  ["sumOfSquares", "relu"],
  ["huber", "tanh"],
  ["binaryCrossEntropy", "sigmoid"],
  ["binaryCrossEntropy", "linear"],
  ["categoricalCrossEntropy", "softmax"],
  ["meanSquaredError", "softmax"],
];

/** Paths of numbers in plain data that JSON would not keep. */
function lost(value: unknown, path = ""): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${path} ${value}`];
  if (value === undefined || typeof value === "function") return [`${path} ${typeof value}`];
  if (value === null || typeof value !== "object") return [];
  if (ArrayBuffer.isView(value)) return [`${path} typed array`];
  return Object.entries(value).flatMap(([name, part]) => lost(part, `${path}.${name}`));
}

test("any network on any examples gets a diagnosis that survives JSON", () => {
  const size = fc.constantFrom(0, 1e-30, 1e-6, 1, 100, 1e6, 1e15);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...activationNames.filter((name) => name !== "softmax")), { maxLength: 3 }),
      fc.constantFrom(...endings),
      fc.record({ weights: size, biases: size, inputs: size }),
      fc.record({ rows: fc.integer({ min: 1, max: 40 }), seed: fc.nat(1000), labels: fc.boolean() }),
      fc.constantFrom("float32" as const, "float64" as const),
      fc.option(fc.constantFrom(1e-12, 0.1, 1e9)),
      (activations, [loss, last], sizes, { rows, seed, labels }, precision, rate) => {
        const all = [...activations, last];
        const n = network(
          all.map((activation, i) => dense(i === 0 ? 2 : 3, i === all.length - 1 ? 2 : 3, activation)),
          { seed, precision },
        );
        for (let layer = 1; layer <= all.length; layer++) {
          const w = n.weights(layer);
          for (let i = 0; i < w.length; i++) w[i]! *= sizes.weights;
          n.biases(layer).fill(((seed % 3) - 1) * sizes.biases);
        }
        const draw = (i: number): number => ((i * 37 + seed * 11) % 101) / 50 - 1;
        const x = Float32Array.from({ length: 2 * rows }, (_, i) => sizes.inputs * draw(i));
        const classes = Uint8Array.from({ length: rows }, (_, i) => (i * seed) % 2);
        const y = labels
          ? classes
          : Float32Array.from({ length: 2 * rows }, (_, i) => (i + classes[i >> 1]!) % 2);
        const data: Dataset = { x, y, rows, inputs: 2, outputs: 2 };
        const options = { loss, test: data, ...(rate === null ? {} : { learningRate: rate }) };
        const diagnosis = doctor(n, data, options);
        expect(lost(diagnosis)).toEqual([]);
        expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
        const { findings, counts } = diagnosis;
        expect(counts.error + counts.warning + counts.note).toBe(findings.length);
        for (const { code, message, remedy } of findings) {
          if (code !== "not-finite") expect(message).not.toMatch(/NaN|undefined|Infinity/);
          expect(remedy.length).toBeGreaterThan(10);
        }
      },
    ),
    { numRuns: 300 },
  );
});
