/** The gradient check as the library offers it: it passes what is right, and names what is wrong. */
import fc from "fast-check";
import {
  type Activation,
  type Dataset,
  dense,
  gradientCheck,
  type Loss,
  moons,
  type Network,
  network,
  type Objective,
  objective,
  parabola,
  type Vector,
} from "talweg";
import { expect, test } from "vitest";

const both = parabola({ interval: [-1, 1], rows: 16, seed: 2 });
const loss = "meanSquaredError";

function chainOf(activations: readonly Activation[], seed: number, last: Activation = "linear"): Network {
  const widths = [2, ...activations.map((_, i) => 3 + i), 2];
  const all = [...activations, last];
  return network(
    all.map((activation, i) => dense(widths[i]!, widths[i + 1]!, activation)),
    { seed },
  );
}

function examples(rows: number, seed: number): Dataset {
  const x = Float32Array.from({ length: 2 * rows }, (_, i) => Math.fround(Math.sin(seed + 3 * i)));
  const y = Float32Array.from({ length: 2 * rows }, (_, i) => ((i * seed) % 3 === 0 ? 1 : 0));
  for (let r = 0; r < rows; r++) y[2 * r + 1] = 1 - y[2 * r]!;
  return { x, y, rows, inputs: 2, outputs: 2 };
}

const hidden: Activation[] = [
  "linear",
  "sigmoid",
  "tanh",
  "relu",
  "leakyRelu",
  "elu",
  "selu",
  "gelu",
  "silu",
  "softplus",
];
const endings: [Loss, Activation][] = [
  ["meanSquaredError", "linear"],
  ["sumOfSquares", "sigmoid"],
  ["huber", "tanh"],
  ["binaryCrossEntropy", "sigmoid"],
  ["categoricalCrossEntropy", "softmax"],
  ["meanSquaredError", "softmax"],
];

test("the gradient of any network, in any activation and loss, passes, and nearly all of it is checked", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...hidden), { minLength: 0, maxLength: 3 }),
      fc.constantFrom(...endings),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 1000 }),
      (activations, [taken, last], rows, seed) => {
        const n = chainOf(activations, seed, last);
        const result = gradientCheck(n, taken, examples(rows, seed), { samples: Infinity });
        expect(result.verdict, JSON.stringify(result)).toBe("passed");
        expect(result.worst).toBeLessThanOrEqual(1e-7);
        const counts = (name: "checked" | "discarded" | "parameters"): number =>
          result.layers.reduce((sum, layer) => sum + layer[name], 0);
        expect(counts("checked") + counts("discarded")).toBe(n.parameterCount);
        expect(counts("parameters")).toBe(n.parameterCount);
        expect(counts("checked")).toBeGreaterThan(0.7 * n.parameterCount);
        expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      },
    ),
    { numRuns: 60 },
  );
});

/** The loss of a network with a gradient that somebody got wrong. */
function mistaken(n: Network, data: Dataset, spoil: (g: Vector) => void): Objective {
  const right = objective(network(n.layers, { precision: "float64" }), loss, data);
  return {
    dimension: right.dimension,
    value: (w) => right.value(w),
    gradient(w, g) {
      const value = right.gradient(w, g);
      spoil(g);
      return value;
    },
  };
}

const small = network([dense(1, 4, "tanh"), dense(4, 3, "relu"), dense(3, 1)], { seed: 1 });

test.each<[string, string, number, (g: Vector) => void]>([
  // W1 is 0 to 3, b1 4 to 7, W2 8 to 19, b2 20 to 22, W3 23 to 25, b3 26.
  [
    "one weight off by a millionth",
    "W3[1,0]",
    3,
    (g) => {
      g[24]! *= 1 + 1e-6;
    },
  ],
  [
    "a bias with the wrong sign",
    "b3[0]",
    3,
    (g) => {
      g[26]! *= -1;
    },
  ],
  [
    "a derivative that was forgotten",
    "W1[0,2]",
    1,
    (g) => {
      g[2] = 0;
    },
  ],
])("a planted mistake fails and is named: %s", (_name, place, layer, spoil) => {
  const f = mistaken(small, both, spoil);
  const result = gradientCheck(small, loss, both, { samples: Infinity, objective: f });
  expect(result.verdict).toBe("failed");
  const failed = result.layers.filter(({ verdict }) => verdict === "failed");
  expect(failed.map((each) => each.layer)).toEqual([layer]);
  expect(failed[0]!.at!.name).toBe(place);
  expect(failed[0]!.worst).toBe(result.worst);
  expect(failed[0]!.at!.analytic).not.toBe(failed[0]!.at!.numeric);
});

test("the source's derivative, which applies the sigmoid twice, fails by far", () => {
  const n = network([dense(1, 1, "sigmoid")], { seed: 1 });
  const data: Dataset = { x: Float32Array.of(0.5), y: Float32Array.of(0.25), rows: 1, inputs: 1, outputs: 1 };
  const right = objective(network(n.layers, { precision: "float64" }), "sumOfSquares", data);
  const logistic = (z: number): number => 1 / (1 + Math.exp(-z));
  const f: Objective = {
    dimension: 2,
    value: (w) => right.value(w),
    gradient(w, g) {
      const a = logistic(0.5 * w[0]! + w[1]!);
      const printed = 2 * (a - 0.25) * logistic(a) * (1 - logistic(a));
      g.set([0.5 * printed, printed]);
      return right.value(w);
    },
  };
  expect(gradientCheck(n, "sumOfSquares", data).verdict).toBe("passed");
  const { worst, verdict } = gradientCheck(n, "sumOfSquares", data, { objective: f });
  expect(verdict).toBe("failed");
  expect(worst).toBeGreaterThan(0.01);
});

test("parameters beside a kink are discarded, and where all are nothing is claimed", () => {
  const n = network([dense(1, 2, "relu")], { seed: 1 });
  n.weights(1).fill(0);
  const data: Dataset = { x: Float32Array.of(1), y: Float32Array.of(1, 1), rows: 1, inputs: 1, outputs: 2 };
  const result = gradientCheck(n, loss, data);
  expect(result).toMatchObject({ verdict: "unchecked", worst: null });
  expect(result.layers).toMatchObject([
    { checked: 0, discarded: 4, worst: null, typical: null, at: null, verdict: "unchecked" },
  ]);
});

test("a step that is too long for a kink becomes shorter", () => {
  const n = network([dense(1, 1, "relu")], { seed: 1 });
  n.weights(1)[0] = 2 ** -11;
  const data: Dataset = { x: Float32Array.of(1), y: Float32Array.of(1), rows: 1, inputs: 1, outputs: 1 };
  const { layers, verdict } = gradientCheck(n, loss, data);
  expect(verdict).toBe("passed");
  expect(layers[0]!.at!.step).toBe(2 ** -13);
});

test("of large layers a sample is drawn by the seed, with biases in it", () => {
  const n = network([dense(2, 60, "tanh"), dense(60, 40, "tanh"), dense(40, 1)], { seed: 1 });
  const data = moons({ rows: 3 });
  const draw = (seed: number): number[] => {
    const seen: number[] = [];
    const f = objective(network(n.layers, { precision: "float64" }), loss, data);
    const w0 = Float64Array.from(n.parameters);
    const spy: Objective = {
      dimension: f.dimension,
      value(w) {
        const moved = w0.findIndex((value, i) => value !== w[i]);
        if (seen.at(-1) !== moved) seen.push(moved);
        return f.value(w);
      },
      gradient: (w, g) => f.gradient(w, g),
    };
    const { layers } = gradientCheck(n, loss, data, { samples: 20, seed, objective: spy });
    expect(layers.map(({ checked }) => checked)).toEqual([20, 20, 20]);
    return seen;
  };
  const first = draw(1);
  expect(first).toHaveLength(60);
  expect(draw(1)).toEqual(first);
  expect(draw(2)).not.toEqual(first);
  // W1 120, b1 60, W2 2400, b2 40, W3 40, b3 1.
  const biases = (from: number, count: number): number =>
    first.filter((i) => i >= from && i < from + count).length;
  expect([biases(120, 60), biases(2580, 40), biases(2660, 1)]).toEqual([5, 5, 1]);
});

test("bad input is refused with what helps", () => {
  expect(() => gradientCheck(small, loss, both, { samples: 0 })).toThrow(
    "gradientCheck: samples is 0, expected a whole number of parameters of at least 1; pass for example 100, or Infinity for all.",
  );
  expect(() => gradientCheck(small, loss, both, { tolerance: 2 })).toThrow(
    /tolerance is 2, expected a number above 0/,
  );
  expect(() => gradientCheck(small, loss, moons())).toThrow(
    /the data have 2 inputs a row, but layer 1 takes 1/,
  );
  const n = network([dense(1, 2), dense(2, 1)]);
  n.parameters[0] = Number.POSITIVE_INFINITY;
  expect(() => gradientCheck(n, loss, both)).toThrow(
    /gradientCheck: (a derivative|the loss \(.*\)) is not finite/,
  );
});
