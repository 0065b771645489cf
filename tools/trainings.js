// Trains a fixed set of networks and gives the SHA-256 of their parameters: the same bits are wanted everywhere, whichever code
// does the arithmetic, and on however many threads. `tools/fingerprints.js` prints them, which the tests and a proof ask of
// Nodes; `tools/proofs/browser.js` asks a browser.
import {
  adam,
  adamW,
  auto,
  dense,
  fromCheckpoint,
  gradientDescent,
  momentum,
  moons,
  nesterov,
  network,
  parabola,
  perturb,
  randomGuess,
  rmsProp,
  spirals,
  stochasticArmijo,
  toCheckpoint,
  trainEvents,
} from "talweg";
import { Threads } from "../dist/src/kernels/threads.js";

const hidden = ["sigmoid", "tanh", "relu", "leakyRelu", "elu", "selu", "gelu", "silu", "softplus"];

const optimizers = {
  auto: [() => auto(), {}],
  "auto, schedule-free": [() => auto({ variant: "scheduleFree" }), {}],
  "gradient descent": [() => gradientDescent({ learningRate: 0.1 }), {}],
  Armijo: [() => gradientDescent({ search: "armijo", growth: 2 }), { batchSize: "full" }],
  momentum: [() => momentum({ learningRate: 0.05 }), {}],
  nesterov: [() => nesterov({ learningRate: 0.05 }), {}],
  "RMSProp, exponential": [() => rmsProp({ learningRate: 0.01, schedule: "exponential" }), {}],
  "Adam, cosine": [() => adam({ learningRate: 0.01, schedule: "cosine" }), {}],
  "AdamW, warm-up and cosine": [
    () => adamW({ learningRate: 0.01, schedule: { name: "cosine", warmup: 7, end: 0.1 } }),
    {},
  ],
  "AdamW, one by one": [() => adamW({ learningRate: 0.01, weightDecay: 0.1 }), { batchSize: 1 }],
  "stochastic Armijo": [() => stochasticArmijo(), {}],
  "stochastic Armijo along Adam": [() => stochasticArmijo({ direction: "adam" }), {}],
  guess: [() => randomGuess({ seed: 4 }), { batchSize: "full" }],
  perturb: [() => perturb({ seed: 4 }), { batchSize: "full" }],
};

const curve = parabola({ rows: 150, interval: [-1, 1], noise: 0.01, seed: 3 });

/** `rows` examples of `inputs` numbers, a `share` of them 0 as in images, and one of ten classes for each. */
function images(rows, inputs, share) {
  const bytes = new Uint8Array(rows * inputs);
  const y = new Uint8Array(rows);
  let word = 1;
  const draw = (below) => {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    return Math.floor((word / 0x100000000) * below);
  };
  for (let row = 0; row < rows; row++) {
    y[row] = draw(10);
    for (let i = 0; i < inputs; i++) {
      const lit = draw(1000) >= 1000 * share;
      if (lit) bytes[row * inputs + i] = 1 + draw(200) + (i % 10 === y[row] ? 55 : 0);
    }
  }
  return { x: bytes, y, rows, inputs, outputs: 10, scale: 1 / 255 };
}

function asNumbers({ scale, ...data }) {
  return { ...data, x: Float32Array.from(data.x, (byte) => byte * scale - 0.25 * (byte % 3)) };
}

function asTargets(data) {
  const y = new Float32Array(data.rows * data.outputs);
  data.y.forEach((label, row) => {
    y[row * data.outputs + label] = 1;
  });
  return { ...data, y };
}

const sparse = images(280, 60, 0.8);
const filled = images(280, 60, 0);
const many = images(150, 300, 0.8);

const deep = (dropout) => [
  dense(60, 64, "relu", { dropout }),
  dense(64, 48, "relu", { dropout }),
  dense(48, 10, "softmax"),
];
const allActivations = [
  dense(60, 33, hidden[0]),
  ...hidden.slice(1).map((activation) => dense(33, 33, activation)),
  dense(33, 10),
];

/** Work that is worth threads; some are stopped and resumed as well. Batches have tails; a block of the arithmetic has 128 rows, a vector that is shared 16,384 numbers. */
const wide = {
  "auto, bytes, dropout": [deep(0.2), sparse, { batchSize: 128, cut: 4 }],
  "auto, schedule-free, numbers": [
    deep(0.1),
    asNumbers(filled),
    { batchSize: 100, optimizer: () => auto({ variant: "scheduleFree" }) },
  ],
  "Adam, sparse numbers, dropout": [
    deep(0.2),
    asNumbers(sparse),
    { batchSize: 128, cut: 4, optimizer: () => adam({ learningRate: 0.01, schedule: "cosine" }) },
  ],
  "momentum, batches of 200, dense bytes": [
    deep(0),
    filled,
    { batchSize: 200, optimizer: () => momentum({ learningRate: 0.05 }) },
  ],
  "gradient descent, batches of 7": [
    deep(0.2),
    sparse,
    { batchSize: 7, epochs: 1, optimizer: () => gradientDescent({ learningRate: 0.05 }) },
  ],
  "stochastic Armijo, targets, dropout": [
    deep(0.2),
    asTargets(sparse),
    { batchSize: 128, optimizer: () => stochasticArmijo() },
  ],
  "stochastic Armijo along Adam, penalty": [
    deep(0),
    asNumbers(sparse),
    { batchSize: 50, cut: 4, penalty: 0.001, optimizer: () => stochasticArmijo({ direction: "adam" }) },
  ],
  "Armijo, full batch": [
    deep(0),
    sparse,
    { batchSize: "full", cut: 2, optimizer: () => gradientDescent({ search: "armijo", growth: 2 }) },
  ],
  "perturb, full batch": [
    deep(0),
    asNumbers(filled),
    { batchSize: "full", epochs: 30, optimizer: () => perturb({ seed: 4 }) },
  ],
  "nesterov, steps, bytes": [
    deep(0.2),
    sparse,
    {
      batchSize: 64,
      cut: 4,
      optimizer: () => nesterov({ learningRate: 0.02, schedule: { name: "steps", factor: 0.5, every: 5 } }),
    },
  ],
  "RMSProp, 20,000 parameters": [
    [dense(300, 64, "tanh"), dense(64, 10, "softmax")],
    many,
    { batchSize: 64, clipValue: 0.01, optimizer: () => rmsProp({ learningRate: 0.002 }) },
  ],
  "AdamW, 20,000 parameters": [
    [dense(300, 64, "relu"), dense(64, 10, "softmax")],
    asNumbers(many),
    { batchSize: 64, optimizer: () => adamW({ learningRate: 0.01, schedule: "linear" }) },
  ],
  "every activation": [allActivations, asTargets(sparse), { batchSize: 128, loss: "meanSquaredError" }],
  "auto, 20,000 parameters": [[dense(300, 64, "relu"), dense(64, 10, "softmax")], many, { batchSize: 64 }],
  "Adam, 20,000 parameters, clipped": [
    [dense(300, 64, "gelu"), dense(64, 10, "softmax")],
    asNumbers(many),
    { batchSize: 64, clipNorm: 0.5, optimizer: () => adam({ learningRate: 0.01 }) },
  ],
};

/** The threads that were at work last, and how many commands threads have carried out together. */
let latest;
let together = 0;
const { run } = Threads.prototype;
Threads.prototype.run = function (...parameters) {
  latest = this;
  run.apply(this, parameters);
  if (this.active > 1) together++;
};

/** Trains, and waits after the first epoch until the threads have started, who would else come when all is done. */
async function trained(model, data, options) {
  latest = undefined;
  for await (const event of trainEvents(model, data, { ...options, report: "epoch" })) {
    if (event.event === "epoch" && event.epoch === 1 && options.threads > 1) await latest?.started();
    if (event.event === "result") return event.parametersSha256;
  }
}

/** The same run, stopped after `cut` steps, taken through a checkpoint's bytes, and resumed. */
async function resumed(model, data, options, cut) {
  const abort = new AbortController();
  let bytes;
  const onCheckpoint = (state) => {
    bytes = toCheckpoint(model, state);
  };
  const first = { ...options, stop: { signal: abort.signal }, onCheckpoint };
  for await (const event of trainEvents(model, data, first)) {
    if (event.event === "step" && event.step === cut) abort.abort();
  }
  const loaded = fromCheckpoint(bytes);
  return trained(loaded.network, data, { ...options, resume: loaded.state });
}

/**
 * Every training by name, each stopped and resumed one checked against the unbroken one; and how many commands of the
 * arithmetic several threads carried out together.
 */
export async function fingerprints({ kernels = "scalar", threads = 1, lanes = 4 } = {}) {
  const out = {};
  const begun = together;
  const where = { epochs: 10, seed: 7, kernels, threads, wide: lanes === 8 };
  for (const activation of hidden) {
    const model = network([dense(1, 7, activation), dense(7, 5, activation), dense(5, 1)], { seed: 1 });
    out[`activation ${activation}`] = await trained(model, curve, where);
  }
  const losses = {
    sumOfSquares: "linear",
    meanSquaredError: "tanh",
    huber: "linear",
    binaryCrossEntropy: "sigmoid",
  };
  for (const [loss, activation] of Object.entries(losses)) {
    const model = network([dense(2, 9, "tanh"), dense(9, 1, activation)], { seed: 2 });
    out[`loss ${loss}`] = await trained(model, moons({ rows: 150, seed: 5 }), { ...where, loss });
  }
  const labels = spirals({ rows: 150, seed: 5 });
  const classes = { ...labels, y: Uint8Array.from(labels.y), outputs: 2 };
  const dropping = network([dense(2, 40, "relu", { dropout: 0.2 }), dense(40, 2, "softmax")], { seed: 2 });
  out["loss categoricalCrossEntropy, wide, dropout"] = await trained(dropping, classes, where);
  const small = () => network([dense(1, 8, "relu"), dense(8, 1)], { seed: 9 });
  for (const [name, [make, options]] of Object.entries(optimizers)) {
    const all = () => ({ ...where, optimizer: make(), ...options });
    out[`optimizer ${name}`] = await whole(name, small, curve, all, 4);
  }
  // There is readable code only for 64 bits.
  const double = network([dense(1, 8, "gelu"), dense(8, 1)], { seed: 9, precision: "float64" });
  out.float64 = await trained(double, curve, { ...where, kernels: "scalar" });
  for (const [name, [layers, data, { optimizer = auto, cut, ...options }]] of Object.entries(wide)) {
    const make = () => network(layers, { seed: 3 });
    const all = () => ({ ...where, epochs: 3, optimizer: optimizer(), ...options });
    out[`wide, ${name}`] = await whole(name, make, data, all, cut);
  }
  return { fingerprints: out, together: together - begun };
}

/** An unbroken run, checked against one that was stopped after `cut` steps and resumed, where `cut` is given. */
async function whole(name, make, data, options, cut) {
  const unbroken = await trained(make(), data, options());
  if (cut === undefined) return unbroken;
  const parts = await resumed(make(), data, options(), cut);
  if (parts !== unbroken) throw new Error(`${name}: the resumed run ends with other bits`);
  return unbroken;
}
