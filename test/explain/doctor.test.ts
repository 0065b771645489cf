/** The doctor: a table of planted faults, each of which it names, and healthy networks, of which it has nothing to say. */
import {
  type Dataset,
  type DoctorOptions,
  dense,
  doctor,
  type FindingCode,
  gradientDescent,
  type Level,
  momentum,
  moons,
  type Network,
  network,
  parabola,
  selectRows,
  sine,
  spirals,
  train,
} from "talweg";
import { describe, expect, test } from "vitest";

interface Patient {
  n: Network;
  data: Dataset;
  options?: DoctorOptions;
}

interface Fault {
  name: string;
  code: FindingCode;
  level: Level;
  layer?: number;
  /** What the message and the remedy must say. */
  says: RegExp;
  helps: RegExp;
  make(): Patient | Promise<Patient>;
}

const loss = "meanSquaredError";
const both = parabola({ interval: [-1, 1], seed: 2 });

/** A table of inputs: column j of row i is value(i, j), and the target the mean of its first two columns. */
function table(rows: number, inputs: number, value: (i: number, j: number) => number): Dataset {
  const x = new Float32Array(rows * inputs);
  const y = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < inputs; j++) x[i * inputs + j] = value(i, j);
    y[i] = ((i * 7) % 5) / 5;
  }
  return { x, y, rows, inputs, outputs: 1 };
}

const wave = (i: number, j: number): number => Math.round(1000 * (((i * (j + 3)) % 17) / 8 - 1)) / 1000;

const faults: Fault[] = [
  {
    name: "the start of the source, whose output neuron stands at 30 to 50",
    code: "saturated",
    level: "error",
    layer: 3,
    says: /^layer 3 \(sigmoid\) is saturated: over 1000 examples its pre-activations are .*, where its derivative is at most \d\.\de-\d+ \(at 0 it is 0\.25\), so next to nothing is learnt$/,
    helps: /^train anew with init "he" or "glorot"$/,
    make() {
      const o = { init: "document" } as const;
      const layers = [dense(1, 12, "relu", o), dense(12, 12, "relu", o), dense(12, 1, "sigmoid", o)];
      return { n: network(layers, { seed: 1 }), data: parabola(), options: { loss } };
    },
  },
  {
    name: "a hidden layer of tanh with weights that are far too large",
    code: "saturated",
    level: "warning",
    layer: 1,
    says: /below a thousandth of that at 0/,
    helps: /scale the inputs/,
    make() {
      const n = network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
      n.weights(1).fill(300);
      return { n, data: both, options: { loss } };
    },
  },
  {
    name: "biases so low that no ReLU is ever on",
    code: "dead-relu",
    level: "error",
    layer: 2,
    says: /^layer 2 \(relu\): 6 of 6 units are dead, 0 for each of 1000 examples, so that the output is the same for every input/,
    helps: /leakyRelu/,
    make() {
      const n = network([dense(1, 8, "tanh"), dense(8, 6, "relu"), dense(6, 1)], { seed: 1 });
      n.biases(2).fill(-50);
      return { n, data: both, options: { loss } };
    },
  },
  {
    name: "nine of ten ReLUs off",
    code: "dead-relu",
    level: "warning",
    layer: 1,
    says: /^layer 1 \(relu\): 9 of 10 units are dead/,
    helps: /center the inputs/,
    make() {
      const n = network([dense(1, 10, "relu"), dense(10, 1)], { seed: 1 });
      n.biases(1).fill(-50).fill(1, 9);
      return { n, data: both, options: { loss } };
    },
  },
  {
    name: "ten layers of sigmoid",
    code: "vanishing-gradient",
    level: "warning",
    says: /^the gradient vanishes on its way to layer \d \(sigmoid\): .* a ratio of \d/,
    helps: /relu or tanh instead of sigmoid/,
    make() {
      const hidden = Array.from({ length: 9 }, () => dense(8, 8, "sigmoid"));
      const n = network([dense(1, 8, "sigmoid"), ...hidden, dense(8, 1)], { seed: 1 });
      return { n, data: both, options: { loss } };
    },
  },
  {
    name: "weights of zero behind the first layer, which the gradient cannot pass",
    code: "vanishing-gradient",
    level: "error",
    layer: 1,
    says: /so that it cannot learn at all$/,
    helps: /a start that keeps sizes/,
    make() {
      const n = network([dense(1, 8, "tanh"), dense(8, 1, "linear", { init: "zeros" })], { seed: 1 });
      return { n, data: both, options: { loss } };
    },
  },
  {
    name: "six linear layers whose weights are ten times too large",
    code: "exploding-gradient",
    level: "warning",
    layer: 1,
    says: /^the gradient explodes on its way to layer 1 \(linear\): .* a ratio of \d/,
    helps: /clipNorm/,
    make() {
      const hidden = Array.from({ length: 5 }, () => dense(6, 6));
      const n = network([dense(1, 6), ...hidden, dense(6, 1)], { seed: 1 });
      for (let layer = 2; layer <= 6; layer++) {
        const w = n.weights(layer);
        for (let i = 0; i < w.length; i++) w[i]! *= 10;
      }
      return { n, data: both, options: { loss } };
    },
  },
  {
    name: "a column that is the same everywhere",
    code: "constant-feature",
    level: "warning",
    says: /^1 of 3 inputs is constant in 200 examples \(column 1: 4\)/,
    helps: /leave constant columns out/,
    make() {
      const data = table(200, 3, (i, j) => (j === 1 ? 4 : wave(i, j)));
      return { n: network([dense(3, 8, "tanh"), dense(8, 1)]), data, options: { loss } };
    },
  },
  {
    name: "nothing but columns that are the same everywhere",
    code: "constant-feature",
    level: "error",
    says: /^2 of 2 inputs are constant .*, so that every example looks the same$/,
    helps: /how the inputs were read/,
    make() {
      const data = table(50, 2, (_, j) => j + 1);
      return { n: network([dense(2, 8, "tanh"), dense(8, 1)]), data, options: { loss } };
    },
  },
  {
    name: "a column in thousands beside others around 1",
    code: "unscaled-feature",
    level: "warning",
    says: /^1 of 3 inputs is far from mean 0 and spread 1 \(column 2: mean \d+(\.\d+)?, spread \d+(\.\d+)?\)/,
    helps: /subtract from each column its mean/,
    make() {
      const data = table(200, 3, (i, j) => (j === 2 ? 3000 + 500 * wave(i, j) : wave(i, j)));
      return { n: network([dense(3, 8, "relu"), dense(8, 1)]), data, options: { loss } };
    },
  },
  {
    name: "a column of tiny numbers",
    code: "unscaled-feature",
    level: "warning",
    says: /^1 of 2 inputs is far from/,
    helps: /divide by its spread/,
    make() {
      const data = table(200, 2, (i, j) => (j === 0 ? 1e-4 * wave(i, j) : wave(i, j)));
      return { n: network([dense(2, 8, "tanh"), dense(8, 1)]), data, options: { loss } };
    },
  },
  {
    name: "images whose bytes nobody scaled",
    code: "unscaled-feature",
    level: "warning",
    says: /^the inputs are bytes times the scale 1, of root mean square 1\d\d/,
    helps: /scale: 1 \/ 255/,
    make() {
      const x = Uint8Array.from({ length: 100 * 9 }, (_, i) => (i * 89) % 256);
      const y = Uint8Array.from({ length: 100 }, (_, i) => i % 2);
      const n = network([dense(9, 4, "leakyRelu"), dense(4, 2, "softmax")]);
      return {
        n,
        data: { x, y, rows: 100, inputs: 9, outputs: 2 },
        options: { loss: "categoricalCrossEntropy" },
      };
    },
  },
  {
    name: "x² asked for on [-1, 1] of a network that saw [0, 1]",
    code: "outside-trained-range",
    level: "warning",
    says: /^\d\d % of the 1000 examples lie outside of what the network was trained on \(column 0: \S+ to \S+\), by up to \S+ times its width: there its answers are extrapolated$/,
    helps: /^train on examples from where it shall answer/,
    async make() {
      const n = network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
      await train(n, parabola(), { epochs: 1 });
      return { n, data: both };
    },
  },
  {
    name: "targets up to 4 for a sigmoid",
    code: "target-out-of-range",
    level: "error",
    says: /^50 % of the targets lie outside of what the sigmoid of the last layer can give \(0 to 1\): they go from \S+ to \S+, so that the loss cannot fall below 1\.\d+$/,
    helps: /make the last layer linear/,
    make() {
      const data = parabola({ interval: [-2, 2] });
      return { n: network([dense(1, 8, "tanh"), dense(8, 1, "sigmoid")]), data, options: { loss } };
    },
  },
  {
    name: "one example in fifty of the second class",
    code: "class-imbalance",
    level: "warning",
    says: /^the classes are out of balance: of 510 examples a fair share would be 255, but there are class 1: 10, and always answering 0 would be right in 98\.0 %$/,
    helps: /repeat those that there are/,
    make() {
      const all = moons({ rows: 1000 });
      const rows = [...all.y.keys()];
      const chosen = [
        ...rows.filter((i) => all.y[i] === 0),
        ...rows.filter((i) => all.y[i] === 1).slice(0, 10),
      ];
      const n = network([dense(2, 8, "tanh"), dense(8, 1, "sigmoid")]);
      return { n, data: selectRows(all, chosen), options: { loss: "binaryCrossEntropy" } };
    },
  },
  {
    name: "a learning rate of gradient descent beyond what the curvature allows",
    code: "learning-rate-too-large",
    level: "warning",
    says: /^the learning rate 30 of gradientDescent is too large here: the largest curvature of the loss is \S+, which allows rates up to \S+,/,
    helps: /^take at most \S+, or an optimizer that finds its steps/,
    make() {
      const n = network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
      return { n, data: both, options: { loss, learningRate: 30 } };
    },
  },
  {
    name: "a model that was trained with a rate that crawls",
    code: "learning-rate-too-small",
    level: "warning",
    says: /^the learning rate 1e-5 of gradientDescent is too small here: .* times as much, so that it crawls$/,
    helps: /^take about \S+/,
    async make() {
      const n = network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
      await train(n, both, { optimizer: gradientDescent({ learningRate: 1e-5 }), epochs: 1 });
      return { n, data: both };
    },
  },
  {
    name: "twenty noisy examples learnt by heart",
    code: "over-fitting",
    level: "warning",
    says: /^R² \(the share of variance that is explained\) is \S+ on 20 examples of the training and -?\S+ on 200 others, with losses of \S+ and \S+: it has learnt by heart/,
    helps: /^stop early/,
    async make() {
      const data = sine({ rows: 20, noise: 0.4, seed: 3 });
      const n = network([dense(1, 40, "tanh"), dense(40, 40, "tanh"), dense(40, 1)], { seed: 1 });
      await train(n, data, { epochs: 1500, batchSize: "full" });
      return { n, data, options: { test: sine({ rows: 200, noise: 0.4, seed: 4, part: "test" }) } };
    },
  },
  {
    name: "a parameter that is NaN",
    code: "not-finite",
    level: "error",
    layer: 2,
    says: /^layer 2 \(linear\): 1 of 9 parameters is NaN or infinite, so that no answer is a number$/,
    helps: /^train anew/,
    make() {
      const n = network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
      n.parameters[20] = Number.NaN;
      return { n, data: both, options: { loss } };
    },
  },
];

describe("a planted fault is named", () => {
  test.each(faults)("$code: $name", async ({ code, level, layer, says, helps, make }) => {
    const { n, data, options } = await make();
    const before = n.parameters.slice();
    const diagnosis = doctor(n, data, options);
    const found = diagnosis.findings.find((f) => f.code === code && (layer ?? f.layer) === f.layer);
    expect(found, JSON.stringify(diagnosis.findings)).toBeDefined();
    expect(found!.level).toBe(level);
    expect(found!.message).toMatch(says);
    expect(found!.remedy).toMatch(helps);
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
    expect(JSON.stringify(diagnosis)).not.toContain("null,null");
    expect(n.parameters).toEqual(before);
  });
});

test("findings come with errors first, and are counted by level", async () => {
  const data = table(300, 3, (i, j) => (j === 0 ? 7 : 1000 * wave(i, j)));
  const y = data.y.map((target) => 3 * target);
  const { findings, counts } = doctor(
    network([dense(3, 8, "relu"), dense(8, 1, "tanh")]),
    { ...data, y },
    { loss },
  );
  const levels = findings.map(({ level }) => level);
  expect(levels).toEqual([...levels].sort());
  expect(levels[0]).toBe("error");
  for (const level of ["error", "warning", "note"] as const) {
    expect(counts[level]).toBe(levels.filter((each) => each === level).length);
  }
});

interface Healthy {
  name: string;
  make(): Promise<Patient>;
}

const healthy: Healthy[] = [
  {
    name: "x² on [-1, 1] by tanh",
    async make() {
      const n = network([dense(1, 16, "tanh"), dense(16, 1)], { seed: 1 });
      await train(n, both, { epochs: 20 });
      return { n, data: both, options: { test: parabola({ interval: [-1, 1], seed: 2, part: "test" }) } };
    },
  },
  {
    name: "sine by momentum at a good rate",
    async make() {
      const n = network([dense(1, 16, "tanh"), dense(16, 1)], { seed: 1 });
      const data = sine();
      await train(n, data, { epochs: 20, optimizer: momentum({ learningRate: 0.05 }) });
      return { n, data, options: { test: sine({ part: "test" }) } };
    },
  },
  {
    name: "two moons by ReLU and a sigmoid that is rightly sure",
    async make() {
      const data = moons({ rows: 600, noise: 0.1 });
      const n = network([dense(2, 16, "tanh"), dense(16, 1, "sigmoid")], { seed: 1 });
      await train(n, data, { epochs: 40 });
      return { n, data, options: { test: moons({ rows: 600, noise: 0.1, part: "test" }) } };
    },
  },
  {
    name: "a fresh network on two spirals",
    async make() {
      const n = network([dense(2, 16, "tanh"), dense(16, 16, "tanh"), dense(16, 1, "sigmoid")], { seed: 1 });
      return { n, data: spirals(), options: { loss: "binaryCrossEntropy" } };
    },
  },
];

test.each(healthy)("a healthy network has no findings: $name", async ({ make }) => {
  const { n, data, options } = await make();
  const { findings, layers } = doctor(n, data, options);
  expect(findings).toEqual([]);
  expect(layers).toHaveLength(n.layers.length);
});

test("inputs of one sign leave units dead, which is a note as long as the layer is no bottleneck", async () => {
  const n = network([dense(1, 16, "relu"), dense(16, 16, "relu"), dense(16, 1)], { seed: 1 });
  const data = parabola();
  await train(n, data, { epochs: 20 });
  const { findings, counts } = doctor(n, data, { test: parabola({ part: "test" }) });
  expect(counts).toMatchObject({ error: 0, warning: 0 });
  expect(findings.map(({ code }) => code)).toContain("dead-relu");
});

test("black margins of images are a note", () => {
  const x = Uint8Array.from({ length: 200 * 9 }, (_, i) => (i % 9 < 2 ? 0 : (i * 89) % 256));
  const y = Uint8Array.from({ length: 200 }, (_, i) => i % 2);
  const n = network([dense(9, 4, "tanh"), dense(4, 2, "softmax")]);
  const data = { x, y, rows: 200, inputs: 9, outputs: 2, scale: 1 / 255 };
  const { findings } = doctor(n, data, { loss: "categoricalCrossEntropy" });
  expect(findings).toMatchObject([{ code: "constant-feature", level: "note", columns: [0, 1] }]);
});

test("the largest stable rate is that of the method: momentum swings later than gradient descent", async () => {
  const n = network([dense(1, 6, "tanh"), dense(6, 1)], { seed: 1 });
  await train(n, both, { epochs: 1, optimizer: momentum({ learningRate: 0.01, momentum: 0.5 }) });
  const withMomentum = doctor(n, both).learningRate!;
  const without = doctor(n, both, { learningRate: 0.01 }).learningRate!;
  expect(withMomentum.curvature).toBe(without.curvature);
  expect(without.largest).toBeCloseTo(2 / without.curvature, 12);
  expect(withMomentum.largest).toBeCloseTo(3 / without.curvature, 12);
});

test("an optimizer that adapts its rates, or a rate that falls, is not judged by the curvature", async () => {
  const n = network([dense(1, 6, "tanh"), dense(6, 1)], { seed: 1 });
  await train(n, both, { epochs: 1 });
  expect(doctor(n, both).learningRate).toBeNull();
  await train(n, both, { epochs: 1, optimizer: gradientDescent({ learningRate: 0.1, schedule: "linear" }) });
  expect(doctor(n, both).learningRate).toBeNull();
});

test("bad input is refused with what helps", () => {
  const n = network([dense(1, 6, "tanh"), dense(6, 1)]);
  expect(() => doctor(n, both)).toThrow(
    'doctor: the network has no loss, since it was not trained; pass one, such as { loss: "meanSquaredError" }.',
  );
  expect(() => doctor(n, moons(), { loss })).toThrow(
    "the data have 2 inputs a row, but layer 1 takes 1; write dense(2, …) for layer 1.",
  );
  expect(() => doctor(n, both, { loss, learningRate: 0 })).toThrow(
    "doctor: learningRate is 0, expected a finite number above 0, the rate to be judged; pass for example 0.1.",
  );
  const x = both.x.slice();
  x[3] = Number.NaN;
  expect(() => doctor(n, { ...both, x }, { loss })).toThrow(/row 3, column 0/);
});

test("outputs that are flat because they are sure, and right, are what training is for; wrong ones are stuck", () => {
  const n = network([dense(1, 1, "sigmoid")], { seed: 1 });
  n.weights(1)[0] = 1000;
  const rows = 100;
  const x = Float32Array.from({ length: rows }, (_, i) => (i < 50 ? -1 - i / 50 : i / 50));
  const right: Dataset = { x, y: x.map((value) => (value > 0 ? 1 : 0)), rows, inputs: 1, outputs: 1 };
  expect(doctor(n, right, { loss }).findings).toEqual([]);
  const wrong = { ...right, y: right.y.map((target) => 1 - target) as Float32Array };
  expect(doctor(n, wrong, { loss }).findings).toMatchObject([{ code: "saturated", level: "error" }]);
  // A cross-entropy's gradient does not pass through the derivative of the output.
  expect(doctor(n, wrong, { loss: "binaryCrossEntropy" }).findings).toEqual([]);
});

test("examples a little beyond those of the training are chance, and few that are far beyond a note", async () => {
  const n = network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
  await train(n, { x: [[-1], [0], [1]], y: [[1], [0], [1]] }, { epochs: 1 });
  const asked = (last: number): Dataset => {
    const x = Float32Array.from({ length: 200 }, (_, i) => (i === 199 ? last : (i % 20) / 10 - 1));
    return { x, y: x.map((value) => value * value), rows: 200, inputs: 1, outputs: 1 };
  };
  expect(doctor(n, asked(1.09)).findings).toEqual([]);
  expect(doctor(n, asked(3)).findings).toMatchObject([
    { code: "outside-trained-range", level: "note", columns: [0], numbers: { outside: 1, farthest: 1 } },
  ]);
});

test("who is bad at everything has learnt nothing by heart", () => {
  const n = network([dense(1, 8, "tanh"), dense(8, 1)], { seed: 1 });
  const trained = parabola({ rows: 60, interval: [-1, 1], seed: 2 });
  // Worse by far than the mean of the targets, and worse still on the others.
  n.biases(2)[0] = 0.6;
  const others = { ...trained, y: trained.y.map((target) => target - 3) as Float32Array };
  const { findings } = doctor(n, trained, { loss, test: others });
  expect(findings.map(({ code }) => code)).not.toContain("over-fitting");
});
