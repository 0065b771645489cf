// jax-js on its WebAssembly backend: one jitted step of loss, gradient and update. usage: node jax.js
// Its work is lazy, so every step is awaited, as its documentation advises; queued steps would pile up.
import { predictionRounds, trainingRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { batches, inputs, rowOf, startLayers, targetRows, versionOf } from "./task.js";

// Its start reads navigator.gpu, and Node 20 has no navigator.
globalThis.navigator ??= { hardwareConcurrency: 1 };
const { blockUntilReady, defaultDevice, init, jit, nn, numpy, valueAndGrad } = await import("@jax-js/jax");

const array = (data, shape) => numpy.array(data).reshape(shape);
const again = (list) => list.map((a) => a.ref);

/** Pre-activations of the last layer; uses its arguments up. */
function forward(p, x) {
  let a = x;
  for (let i = 0; i < p.length; i += 2) {
    a = numpy.dot(a, p[i]).add(p[i + 1]);
    if (i + 2 < p.length) a = nn.relu(a);
  }
  return a;
}

const losses = {
  meanSquaredError: (p, x, y) => numpy.mean(numpy.square(nn.sigmoid(forward(p, x)).sub(y))),
  categoricalCrossEntropy: (p, x, y) =>
    numpy.mean(numpy.sum(nn.logSoftmax(forward(p, x), -1).mul(y), -1)).mul(-1),
};

/** Plain gradient descent: parameters in, loss and parameters out. */
function descentStep(loss, rate) {
  return jit((p, x, y) => {
    const [l, g] = valueAndGrad(loss)(again(p), x, y);
    return [l, p.map((a, i) => a.sub(g[i].mul(rate)))];
  });
}

/** Adam; `c` holds 1 / (1 - beta1^t) and 1 / (1 - beta2^t). */
function adamStep(loss, rate) {
  return jit((p, m, v, c, x, y) => {
    const [l, g] = valueAndGrad(loss)(again(p), x, y);
    const m2 = m.map((a, i) => a.mul(0.9).add(g[i].ref.mul(0.1)));
    const v2 = v.map((a, i) => a.mul(0.999).add(numpy.square(g[i]).mul(0.001)));
    const p2 = p.map((a, i) => {
      const root = numpy.sqrt(v2[i].ref.mul(c[1].ref)).add(1e-8);
      return a.sub(m2[i].ref.mul(c[0].ref).mul(rate).div(root));
    });
    for (const a of c) a.dispose();
    return [l, p2, m2, v2];
  });
}

let x;
let y;
let step;
let net;
let predictor;

function make(task) {
  const p = startLayers(task).flatMap(({ width, units, w, b }) => [array(w, [width, units]), numpy.array(b)]);
  const zeros = () => p.map((a) => numpy.zeros(a.shape));
  return task.optimizer === "adam" ? { p, m: zeros(), v: zeros(), t: 0 } : { p };
}

/** One step, awaited. */
async function take(to, bx, by) {
  let loss;
  if (to.m === undefined) {
    [loss, to.p] = step(to.p, bx, by);
  } else {
    to.t++;
    const c = [numpy.array(1 / (1 - 0.9 ** to.t)), numpy.array(1 / (1 - 0.999 ** to.t))];
    [loss, to.p, to.m, to.v] = step(to.p, to.m, to.v, c, bx, by);
  }
  await blockUntilReady(loss);
  loss.dispose();
}

const inputsOf = (task, values) => array(values, [values.length / task.sizes[0], task.sizes[0]]);
const targetsOf = (task, values) => array(values, [values.length / task.sizes.at(-1), task.sizes.at(-1)]);

/** A full batch lies in arrays that are made once. */
async function fullBatch(to, task, count) {
  to.full ??= [inputsOf(task, x), targetsOf(task, y)];
  for (let i = 0; i < count; i++) await take(to, ...again(to.full));
}

const training = trainingRounds({
  prepare(task) {
    x = inputs(task);
    y = targetRows(task);
    const makeStep = task.optimizer === "adam" ? adamStep : descentStep;
    step = makeStep(losses[task.loss], task.learningRate);
  },
  make,
  async epochs(to, task, rows, count, nextOrder) {
    if (task.batch >= rows) await fullBatch(to, task, count);
    else {
      for (let i = 0; i < count; i++) {
        for (const [bx, by] of batches(task, x, y, rows, nextOrder())) {
          await take(to, inputsOf(task, bx), targetsOf(task, by));
        }
      }
    }
    await blockUntilReady(to.p);
  },
  async loss(of, task, rows) {
    const bx = inputsOf(task, x.slice(0, rows * task.sizes[0]));
    const by = targetsOf(task, y.slice(0, rows * task.sizes.at(-1)));
    return (await losses[task.loss](again(of.p), bx, by).data())[0];
  },
});

const predict = (task, values) => predictor(again(net.p), inputsOf(task, values)).dataSync();

serve({
  async prepare() {
    await init();
    defaultDevice("wasm");
    return { version: versionOf("@jax-js/jax") };
  },
  training,
  prediction: predictionRounds({
    prepare(task) {
      x = inputs(task);
      net = make(task);
      predictor = jit((p, batch) => nn.softmax(forward(p, batch), -1));
    },
    one: (task, i) => predict(task, rowOf(x, task.sizes[0], i)),
    many: (task, rows) => predict(task, x.subarray(0, rows * task.sizes[0])),
  }),
});
