// Trains network after network in one process, of all shapes and to all ends, and prints how much memory that takes:
// node tools/soak.js [RUNS]. What a run has held must be free when it is over, WebAssembly memories and workers included.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  adam,
  adamW,
  auto,
  dense,
  evaluate,
  fromCheckpoint,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  momentum,
  nesterov,
  network,
  perturb,
  randomGuess,
  rmsProp,
  stochasticArmijo,
  toCheckpoint,
  train,
  trainEvents,
} from "talweg";

const RUNS = Number(process.argv[2] ?? 10_000);
const EVERY = 100;

const optimizers = [
  () => auto(),
  () => auto({ variant: "scheduleFree" }),
  () => gradientDescent({ learningRate: 0.01 }),
  () => gradientDescent({ search: "armijo", growth: 2 }),
  () => gradientDescent({ search: "goldstein" }),
  () => gradientDescent({ search: "wolfe" }),
  () => momentum({ learningRate: 0.01 }),
  () => nesterov({ learningRate: 0.01, schedule: "exponential" }),
  () => rmsProp({ learningRate: 0.001, schedule: "steps" }),
  () => adamW({ learningRate: 0.01, weightDecay: 0.01 }),
  () => lbfgs(),
  () => levenbergMarquardt(),
  () => adam({ learningRate: 0.01, schedule: "cosine" }),
  () => stochasticArmijo(),
  () => stochasticArmijo({ direction: "adam" }),
  () => randomGuess({ seed: 4 }),
  () => perturb({ seed: 4 }),
];
const activations = ["sigmoid", "tanh", "relu", "leakyRelu", "elu", "selu", "gelu", "silu", "softplus"];

/** Whole numbers from 0 to below a limit, the same in every process. */
let word = 1;
function draw(below) {
  word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
  return Math.floor((word / 0x100000000) * below);
}

const pick = (list) => list[draw(list.length)];

/**
 * Runs come in tens, as when seeds are tried: ten have a shape and an optimizer in common, and the shape never comes again. The
 * V8 of Node 20 keeps about one kilobyte for every WebAssembly module that it ever made an instance of; that of Node 26 does not.
 */
const TENS = 10;

/** A network and examples for it: numbers, or bytes of which most are 0. */
function task(i) {
  const ten = Math.floor(i / TENS);
  word = Math.imul(ten + 1, 2654435761) >>> 0;
  const optimizer = optimizers[ten % optimizers.length]();
  // Some methods need the same function in each step, and one solves with a matrix of the parameters' number squared.
  const whole = optimizer.wholeFunction === true;
  const squares = optimizer.name === "levenbergMarquardt";
  const narrow = squares || ten % 3 !== 0;
  const width = () => (squares ? 1 + draw(6) : narrow ? 1 + draw(20) : 10 + draw(60));
  const widths = [width(), width(), width(), 2 + draw(4)];
  if (!narrow) widths[1] = 33 + draw(40);
  const dropout = draw(4) === 0 && !whole ? 0.2 : 0;
  const model = network(
    [
      dense(widths[0], widths[1], pick(activations), { dropout }),
      dense(widths[1], widths[2], pick(activations)),
      dense(widths[2], widths[3], "softmax"),
    ],
    { seed: i },
  );
  const rows = 10 + draw(100);
  const batchSize = draw(5) === 0 || whole ? "full" : 8 + draw(100);
  const asBytes = draw(2) === 0;
  word = (word + i) >>> 0;
  const [inputs, outputs] = [widths[0], widths[3]];
  const bytes = Uint8Array.from({ length: rows * inputs }, () => (draw(5) === 0 ? 1 + draw(255) : 0));
  const y = Uint8Array.from({ length: rows }, () => draw(outputs));
  const shape = { y, rows, inputs, outputs };
  const data = asBytes
    ? { x: bytes, ...shape, scale: 1 / 255 }
    : { x: Float32Array.from(bytes, (byte) => byte / 255), ...shape };
  const loss = squares ? "meanSquaredError" : "categoricalCrossEntropy";
  return { model, data, optimizer, batchSize, loss };
}

/** How a run may come to its end; each is given the network, the examples and the options. */
const ends = {
  async done(model, data, options) {
    return (await train(model, data, options)).reason;
  },
  async aborted(model, data, options) {
    const abort = new AbortController();
    let bytes;
    const onCheckpoint = (state) => {
      bytes = toCheckpoint(model, state);
    };
    const first = { ...options, epochs: 9, stop: { signal: abort.signal }, onCheckpoint };
    for await (const event of trainEvents(model, data, first)) {
      if (event.event === "step" && event.step === 3) abort.abort();
    }
    if (bytes === undefined) return "too short to abort";
    const { network: model2, state } = fromCheckpoint(bytes);
    await train(model2, data, { ...options, epochs: 9, resume: state });
    return "aborted and resumed";
  },
  async overflowing(model, data, options) {
    const optimizer = gradientDescent({ learningRate: 3e38 });
    return (await train(model, { ...data, scale: 1e30 }, { ...options, optimizer })).reason;
  },
  /** Whoever listens has heard enough. */
  async left(model, data, options) {
    for await (const { event } of trainEvents(model, data, options)) if (event === "step") break;
    return "left";
  },
  /** Nobody tells the run that no more events are wanted. */
  async forgotten(model, data, options) {
    const events = trainEvents(model, data, { ...options, threads: 1 });
    for (let n = 0; n < 4; n++) await events.next();
    return "forgotten";
  },
  async refused(model, data, options) {
    const wrong = { ...data, rows: data.rows + 1 };
    return train(model, wrong, options).catch(({ code }) => `refused: ${code}`);
  },
};

const counts = {};

async function one(i) {
  const { model, data, optimizer, batchSize, loss } = task(i);
  const end = i % 7 === 0 ? pick(["aborted", "overflowing", "left", "forgotten", "refused"]) : "done";
  const kernels = i % 10 === 5 ? "scalar" : i % 10 < 2 ? "auto" : "simd";
  const threads = i % 30 === 3 ? 2 : 1;
  const options = {
    loss,
    optimizer,
    epochs: 1 + draw(3),
    batchSize,
    kernels,
    threads,
    seed: i,
    ...(i % 6 === 0 ? { validation: 0.2 } : {}),
  };
  const outcome = await ends[end](model, data, options);
  counts[outcome] = (counts[outcome] ?? 0) + 1;
  if (threads > 1) counts.threads = (counts.threads ?? 0) + 1;
  if (end === "done") evaluate(model, data, { kernels });
  const rows = Array.from({ length: 1 + draw(9) }, () => Array.from({ length: data.inputs }, () => draw(9)));
  model.predict(rows);
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** Megabytes of the process, and of what JavaScript holds, after all garbage is gone. */
async function memory() {
  // Workers end, and what refers to them goes, some turns of the event loop later.
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  const round = (bytes) => Math.round(bytes / 1e4) / 100;
  // Array buffers are part of what is external.
  return { resident: round(rss), held: round(heapUsed + external) };
}

const series = [];
for (let i = 1; i <= RUNS; i++) {
  await one(i);
  if (i % EVERY !== 0) continue;
  series.push({ runs: i, ...(await memory()) });
}
const workers = process.report.getReport().workers.length;
console.log(JSON.stringify({ counts, workers, series }));
