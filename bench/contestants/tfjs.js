// TensorFlow.js, a loop over its core API. usage: node tfjs.js <cpu|wasm>
// In Node its WebAssembly has SIMD and one thread: the package turns its threads off there.
import { join } from "node:path";
import { predictionRounds, trainingRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { batches, inputs, load, packageFolder, rowOf, startLayers, targetRows, versionOf } from "./task.js";

const [backend = "wasm"] = process.argv.slice(2);
// Its first word is an advertisement.
const { warn } = console;
console.warn = () => {};
const tf = load("@tensorflow/tfjs");
console.warn = warn;

async function chooseBackend() {
  if (backend === "wasm") {
    const folder = join(packageFolder("@tensorflow/tfjs-backend-wasm"), "wasm-out");
    load("@tensorflow/tfjs-backend-wasm").setWasmPaths(`${folder}/`);
  }
  await tf.setBackend(backend);
  await tf.ready();
  if (tf.getBackend() !== backend) throw new Error(`wanted ${backend} and got ${tf.getBackend()}`);
}

let x;
let y;
let net;

/** Parameters as variables, with an optimizer of their own. */
function make(task) {
  const layers = startLayers(task).map(({ width, units, w, b }) => [
    tf.variable(tf.tensor2d(w, [width, units])),
    tf.variable(tf.tensor1d(b)),
  ]);
  const { adam, sgd } = tf.train;
  const { optimizer, learningRate } = task;
  return {
    layers,
    optimizer: optimizer === "adam" ? adam(learningRate, 0.9, 0.999, 1e-8) : sgd(learningRate ?? 0),
  };
}

/** Pre-activations of the last layer. */
function forward({ layers }, batch) {
  let a = batch;
  for (const [i, [w, b]] of layers.entries()) {
    a = tf.add(tf.matMul(a, w), b);
    if (i < layers.length - 1) a = tf.relu(a);
  }
  return a;
}

const losses = {
  meanSquaredError: (wanted, z) => tf.losses.meanSquaredError(wanted, tf.sigmoid(z)),
  categoricalCrossEntropy: (wanted, z) => tf.losses.softmaxCrossEntropy(wanted, z),
};

const matrix = (values, width) => tf.tensor2d(values, [values.length / width, width]);
const inputsOf = (task, values) => matrix(values, task.sizes[0]);
const targetsOf = (task, values) => matrix(values, task.sizes.at(-1));

function step(to, task, batch, wanted) {
  to.optimizer.minimize(() => losses[task.loss](wanted, forward(to, batch)));
}

/** A full batch lies in tensors that are made once. */
function fullBatch(to, task, count) {
  to.full ??= [inputsOf(task, x), targetsOf(task, y)];
  for (let i = 0; i < count; i++) tf.tidy(() => step(to, task, ...to.full));
}

function epoch(to, task, rows, order) {
  for (const [bx, by] of batches(task, x, y, rows, order)) {
    tf.tidy(() => step(to, task, inputsOf(task, bx), targetsOf(task, by)));
  }
}

const training = trainingRounds({
  prepare(task) {
    x = inputs(task);
    y = targetRows(task);
  },
  make,
  epochs(to, task, rows, count, nextOrder) {
    if (task.batch >= rows) fullBatch(to, task, count);
    else for (let i = 0; i < count; i++) epoch(to, task, rows, nextOrder());
    // Reading a number waits for all that was asked for.
    to.layers[0][1].dataSync();
  },
  loss: (of, task, rows) =>
    tf.tidy(() => {
      const wanted = targetsOf(task, y.slice(0, rows * task.sizes.at(-1)));
      const outputs = forward(of, inputsOf(task, x.slice(0, rows * task.sizes[0])));
      return losses[task.loss](wanted, outputs).dataSync()[0];
    }),
});

const predict = (task, values) => tf.tidy(() => tf.softmax(forward(net, inputsOf(task, values))).dataSync());

serve({
  async prepare() {
    await chooseBackend();
    return { version: versionOf("@tensorflow/tfjs") };
  },
  training,
  prediction: predictionRounds({
    prepare(task) {
      x = inputs(task);
      net = make(task);
    },
    one: (task, i) => predict(task, rowOf(x, task.sizes[0], i)),
    many: (task, rows) => predict(task, x.subarray(0, rows * task.sizes[0])),
  }),
});
