import fc from "fast-check";
import type { Vector } from "talweg/core";
import { applyUpdate, elementwise, type Update } from "talweg/kernels";
import { expect, test } from "vitest";

const round = {
  float32: Math.fround,
  float64: (x: number): number => x,
} as const;
const make = {
  float32: (values: readonly number[]): Vector => Float32Array.from(values),
  float64: (values: readonly number[]): Vector => Float64Array.from(values),
} as const;
const precisions = ["float32", "float64"] as const;

// Numbers of one size with full mantissas, so that every rounding shows; random doubles are mostly far apart in size.
const number = fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((k) => k / 2 ** 38);
const vectors = fc
  .integer({ min: 1, max: 20 })
  .chain((n) => fc.tuple(...[0, 1, 2, 3].map(() => fc.array(number, { minLength: n, maxLength: n }))));
const rate = fc.double({ min: 1e-4, max: 2, noNaN: true });

/** The rules once more, one element at a time, with a rounding function: slow and plain. */
type Round = (x: number) => number;

function plainMomentum(r: Round, w: number, g: number, u: number, rate: number, kept: number): number[] {
  const next = r(r(r(kept) * u) + g);
  return [r(w - r(r(rate) * next)), next];
}

function plainNesterov(r: Round, w: number, g: number, u: number, rate: number, kept: number): number[] {
  const next = r(r(r(kept) * u) + g);
  return [r(w - r(r(rate) * r(g + r(r(kept) * next)))), next];
}

function plainRmsProp(r: Round, w: number, g: number, v: number, rate: number, decay: number): number[] {
  const v2 = r(r(r(decay) * v) + r(r(1 - decay) * r(g * g)));
  return [r(w - r(r(r(rate) * g) / r(r(Math.sqrt(v2)) + r(1e-8)))), v2];
}

function plainAdam(
  r: Round,
  w: number,
  g: number,
  m: number,
  v: number,
  o: Update & { rule: "adam" | "adamW" },
): number[] {
  const m2 = r(r(r(o.beta1) * m) + r(r(1 - o.beta1) * g));
  const v2 = r(r(r(o.beta2) * v) + r(r(1 - o.beta2) * r(g * g)));
  const root = r(Math.sqrt(r(r(1 / o.correction2) * v2)));
  return [r(w - r(r(r(o.learningRate / o.correction1) * m2) / r(root + r(o.epsilon)))), m2, v2];
}

test.each(precisions)(
  "%s gradient descent subtracts rate times gradient, each operation rounded",
  (precision) => {
    const r = round[precision];
    fc.assert(
      fc.property(vectors, rate, ([a, b], learningRate) => {
        const w = make[precision](a!);
        const g = make[precision](b!);
        const expected = Array.from(w, (wi, i) => r(wi - r(r(learningRate) * g[i]!)));
        applyUpdate({ rule: "gradientDescent", learningRate }, w, g);
        expect(Array.from(w)).toEqual(expected);
      }),
    );
  },
);

test.each(precisions)("%s momentum keeps its velocity, each operation rounded", (precision) => {
  fc.assert(
    fc.property(vectors, rate, ([a, b, c], learningRate) => {
      const w = make[precision](a!);
      const g = make[precision](b!);
      const velocity = make[precision](c!);
      const expected = Array.from(w, (wi, i) =>
        plainMomentum(round[precision], wi, g[i]!, velocity[i]!, learningRate, 0.9),
      );
      applyUpdate({ rule: "momentum", learningRate, momentum: 0.9, velocity }, w, g);
      expect(Array.from(w, (wi, i) => [wi, velocity[i]!])).toEqual(expected);
    }),
  );
});

test.each(precisions)(
  "%s Nesterov's momentum looks ahead along its velocity, each operation rounded",
  (precision) => {
    fc.assert(
      fc.property(vectors, rate, ([a, b, c], learningRate) => {
        const w = make[precision](a!);
        const g = make[precision](b!);
        const velocity = make[precision](c!);
        const expected = Array.from(w, (wi, i) =>
          plainNesterov(round[precision], wi, g[i]!, velocity[i]!, learningRate, 0.9),
        );
        applyUpdate({ rule: "nesterov", learningRate, momentum: 0.9, velocity }, w, g);
        expect(Array.from(w, (wi, i) => [wi, velocity[i]!])).toEqual(expected);
      }),
    );
  },
);

test.each(precisions)("%s RMSProp keeps its mean squares, each operation rounded", (precision) => {
  fc.assert(
    fc.property(vectors, rate, ([a, b, c], learningRate) => {
      const w = make[precision](a!);
      const g = make[precision](b!);
      const v = make[precision](c!.map(Math.abs));
      const expected = Array.from(w, (wi, i) =>
        plainRmsProp(round[precision], wi, g[i]!, v[i]!, learningRate, 0.99),
      );
      applyUpdate({ rule: "rmsProp", learningRate, decay: 0.99, epsilon: 1e-8, v }, w, g);
      expect(Array.from(w, (wi, i) => [wi, v[i]!])).toEqual(expected);
    }),
  );
});

test.each(precisions)("%s AdamW takes a share of the parameters away and then is Adam", (precision) => {
  const r = round[precision];
  fc.assert(
    fc.property(vectors, rate, fc.integer({ min: 1, max: 50 }), ([a, b, c, d], learningRate, t) => {
      const w = make[precision](a!);
      const g = make[precision](b!);
      const m = make[precision](c!);
      const v = make[precision](d!.map(Math.abs));
      const [correction1, correction2] = [1 - 0.9 ** t, 1 - 0.999 ** t];
      const constants = { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1, correction2 };
      const update: Update & { rule: "adamW" } = { rule: "adamW", ...constants, weightDecay: 0.3, m, v };
      const expected = Array.from(w, (wi, i) =>
        plainAdam(r, r(wi - r(r(learningRate * 0.3) * wi)), g[i]!, m[i]!, v[i]!, update),
      );
      applyUpdate(update, w, g);
      expect(Array.from(w, (wi, i) => [wi, m[i]!, v[i]!])).toEqual(expected);
    }),
  );
});

test.each(precisions)(
  "%s Adam updates both moments and the parameters, each operation rounded",
  (precision) => {
    fc.assert(
      fc.property(vectors, rate, fc.integer({ min: 1, max: 50 }), ([a, b, c, d], learningRate, t) => {
        const w = make[precision](a!);
        const g = make[precision](b!);
        const m = make[precision](c!);
        const v = make[precision](d!.map(Math.abs));
        const [correction1, correction2] = [1 - 0.9 ** t, 1 - 0.999 ** t];
        const constants = { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1, correction2 };
        const update: Update = { rule: "adam", ...constants, m, v };
        const expected = Array.from(w, (wi, i) =>
          plainAdam(round[precision], wi, g[i]!, m[i]!, v[i]!, update),
        );
        applyUpdate(update, w, g);
        expect(Array.from(w, (wi, i) => [wi, m[i]!, v[i]!])).toEqual(expected);
      }),
    );
  },
);

test.each(precisions)("%s building blocks do what their names say, each operation rounded", (precision) => {
  const r = round[precision];
  fc.assert(
    fc.property(vectors, rate, ([a, b, c, d], t) => {
      const x = make[precision](a!);
      const y = make[precision](b!);
      const z = make[precision](c!);
      const v = make[precision](d!.map(Math.abs));
      const op = elementwise(x);
      const run = (call: (out: Vector) => void, from: Vector = x): number[] => {
        const out = from.slice();
        call(out);
        return Array.from(out);
      };
      const each = (formula: (i: number) => number): number[] => Array.from(x, (_, i) => formula(i));
      const k = r(t);
      expect(run((out) => op.descend(out, x, t, y))).toEqual(each((i) => r(x[i]! - r(k * y[i]!))));
      expect(run((out) => op.descendBySign(out, x, t, y))).toEqual(
        each((i) => r(x[i]! - (y[i]! > 0 ? k : y[i]! < 0 ? -k : k * y[i]!))),
      );
      expect(run((out) => op.subtract(out, x, y))).toEqual(each((i) => r(x[i]! - y[i]!)));
      expect(run((out) => op.mix(out, t, x, 0.1, y))).toEqual(
        each((i) => r(r(k * x[i]!) + r(r(0.1) * y[i]!))),
      );
      expect(run((out) => op.approach(out, t, z))).toEqual(each((i) => r(x[i]! + r(k * r(z[i]! - x[i]!)))));
      expect(run((out) => op.accumulate(out, 0.9, t, y))).toEqual(
        each((i) => r(r(r(0.9) * x[i]!) + r(k * y[i]!))),
      );
      expect(run((out) => op.accumulateSquares(out, 0.9, t, y))).toEqual(
        each((i) => r(r(r(0.9) * x[i]!) + r(k * r(y[i]! * y[i]!)))),
      );
      expect(run((out) => op.divideByRoot(out, y, v, t, 1e-8))).toEqual(
        each((i) => r(y[i]! / r(r(Math.sqrt(r(k * v[i]!))) + r(1e-8)))),
      );
    }),
  );
});

test("float32 vectors are not worked on in float64 and rounded at the end", () => {
  // 1 - fround(0.1) * 3 needs a rounding after the product to give this last bit.
  const differing = Array.from({ length: 200 }, (_, i) => {
    const w = Float32Array.of(1 + i / 7);
    const g = Float32Array.of(3 + i / 11);
    const once = Math.fround(w[0]! - Math.fround(0.1) * g[0]!);
    applyUpdate({ rule: "gradientDescent", learningRate: 0.1 }, w, g);
    return w[0] !== once;
  });
  expect(differing.some(Boolean)).toBe(true);
});

test("a gradient of 0 and moments of 0 leave the parameters alone", () => {
  for (const precision of precisions) {
    const w = make[precision]([1, -2]);
    const zero = make[precision]([0, 0]);
    applyUpdate(
      {
        rule: "adam",
        learningRate: 1,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        correction1: 0.1,
        correction2: 0.001,
        m: zero.slice(),
        v: zero.slice(),
      },
      w,
      zero,
    );
    expect(Array.from(w)).toEqual([1, -2]);
  }
});
