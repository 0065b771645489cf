// ConvNetJS, one example at a time, with real batches. usage: node convnet.js
// It has softmax but no Adam (Adadelta here), and a linear output for numbers: training is near the workloads, prediction the same.
import { predictionRounds, trainingRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { inputs, load, rowArrays, startLayers, targets, versionOf } from "./task.js";

const { Net, SGDTrainer, Trainer, Vol } = load("convnetjs");

let x;
let y;
let net;

function definitions({ kind, sizes }) {
  const hidden = sizes.slice(1, -1).map((units) => ({ type: "fc", num_neurons: units, activation: "relu" }));
  const last =
    kind === "curve"
      ? { type: "regression", num_neurons: sizes.at(-1) }
      : { type: "softmax", num_classes: sizes.at(-1) };
  return [{ type: "input", out_sx: 1, out_sy: 1, out_depth: sizes[0] }, ...hidden, last];
}

/** A net with the common start in its fully connected layers. */
function make(task) {
  const made = new Net();
  made.makeLayers(definitions(task));
  const full = made.layers.filter(({ layer_type }) => layer_type === "fc");
  for (const [l, { width, units, w, b }] of startLayers(task).entries()) {
    for (let j = 0; j < units; j++) {
      for (let i = 0; i < width; i++) full[l].filters[j].w[i] = w[i * units + j];
      full[l].biases.w[j] = b[j];
    }
  }
  return { net: made, trainer: trainerOf(made, task) };
}

function trainerOf(made, { kind, batch, learningRate }) {
  if (kind !== "curve") return new Trainer(made, { method: "adadelta", batch_size: batch, l2_decay: 0 });
  const options = { learning_rate: learningRate, momentum: 0, batch_size: batch, l2_decay: 0 };
  return new SGDTrainer(made, options);
}

function volumes(task) {
  return rowArrays(inputs(task), task.sizes[0]).map((row) => {
    const volume = new Vol(1, 1, row.length, 0);
    volume.w.set(row);
    return volume;
  });
}

/** Squared error, or minus the logarithm of the right class's probability. */
function lossOf({ net: of }, kind, i) {
  const { w } = of.forward(x[i]);
  return kind === "curve" ? (w[0] - y[i][0]) ** 2 : -Math.log(w[y[i]]);
}

const training = trainingRounds({
  prepare(task) {
    x = volumes(task);
    y = Array.from(targets(task), (value) => (task.kind === "curve" ? [value] : value));
  },
  make,
  epochs({ trainer }, _task, rows, count, nextOrder) {
    for (let epoch = 0; epoch < count; epoch++) {
      const order = nextOrder();
      for (let i = 0; i < rows; i++) {
        const row = order === undefined ? i : order[i];
        trainer.train(x[row], y[row]);
      }
    }
  },
  loss(of, { kind }, rows) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += lossOf(of, kind, i);
    return sum / rows;
  },
});

serve({
  prepare: () => ({ version: versionOf("convnetjs") }),
  training,
  prediction: predictionRounds({
    prepare(task) {
      x = volumes(task);
      net = make(task).net;
    },
    one: (_task, i) => net.forward(x[i]).w,
    many: (_task, rows) => x.slice(0, rows).flatMap((row) => Array.from(net.forward(row).w)),
  }),
});
