// ml-fnn, batches by its own propagate and backpropagation. usage: node mlfnn.js
// It only classifies (x² becomes two classes), always with tanh, by plain gradient descent: near the workloads, not the same.
import { predictionRounds, trainingRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { inputs, load, rowArrays, targets, versionOf } from "./task.js";

const library = load("ml-fnn");
const FeedForward = library.default ?? library;
const { Matrix } = load("ml-matrix");
/** With ten times as much it does not learn to read digits. */
const RATE = 1e-4;

let x;
let labels;
let net;
let whole;

function make({ kind, sizes }) {
  const classes = kind === "curve" ? 2 : sizes.at(-1);
  const made = new FeedForward({
    hiddenLayers: sizes.slice(1, -1),
    iterations: 1,
    learningRate: RATE,
    regularization: 1e-9,
  });
  made.buildNetwork(sizes[0], classes);
  const same = Object.fromEntries(Array.from({ length: classes }, (_, i) => [i, i]));
  made.dicts = { inputs: same, outputs: same };
  return made;
}

function step(to, rows, wanted) {
  to.backpropagation(rows, wanted, to.propagate(rows));
}

const training = trainingRounds({
  prepare(task) {
    x = rowArrays(inputs(task), task.sizes[0], Array);
    const y = targets(task);
    labels = task.kind === "curve" ? Array.from(y, (value) => (value < 0.25 ? 0 : 1)) : Array.from(y);
  },
  make,
  epochs(to, { batch }, rows, count, nextOrder) {
    for (let epoch = 0; epoch < count; epoch++) {
      const order = nextOrder();
      for (let from = 0; from < rows; from += batch) {
        const some = Array.from({ length: Math.min(batch, rows - from) }, (_, k) =>
          order === undefined ? from + k : order[from + k],
        );
        step(
          to,
          new Matrix(some.map((i) => x[i])),
          some.map((i) => labels[i]),
        );
      }
    }
  },
  loss(of, _task, rows) {
    const outputs = of.propagate(new Matrix(x.slice(0, rows))).to2DArray();
    let sum = 0;
    for (const [i, row] of outputs.entries()) {
      const total = row.reduce((all, value) => all + value, 0);
      sum -= Math.log(row[labels[i]] / total);
    }
    return sum / rows;
  },
});

serve({
  prepare: () => ({ version: versionOf("ml-fnn") }),
  training,
  prediction: predictionRounds({
    prepare(task) {
      x = rowArrays(inputs(task), task.sizes[0], Array).map((row) => new Matrix([row]));
      whole = new Matrix(x.map((row) => row.getRow(0)));
      net = make(task);
    },
    one: (_task, i) => net.propagate(x[i]).to1DArray(),
    many: (_task, rows) =>
      net
        .propagate(rows === whole.rows ? whole : whole.subMatrix(0, rows - 1, 0, whole.columns - 1))
        .to1DArray(),
  }),
});
