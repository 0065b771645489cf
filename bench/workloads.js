// The workloads: what is trained or predicted, how much of it, and in which unit it is told.

const tiny = {
  kind: "curve",
  data: "parabola",
  sizes: [1, 12, 12, 1],
  activations: ["relu", "relu", "sigmoid"],
  loss: "meanSquaredError",
  optimizer: "gradientDescent",
  shuffle: false,
};

const digits = {
  kind: "classes",
  data: "mnist",
  sizes: [784, 128, 10],
  activations: ["relu", "softmax"],
  loss: "categoricalCrossEntropy",
  optimizer: "adam",
  learningRate: 1e-3,
  shuffle: true,
  rows: 60_000,
  batch: 128,
};

const wideDigits = { ...digits, sizes: [784, 512, 512, 10], activations: ["relu", "relu", "softmax"] };

/** Of time per epoch, whatever part of the 60,000 rows a contestant was given. */
const secondsAnEpoch = {
  unit: "s/epoch",
  better: "less",
  value: (seconds, rows) => (seconds * 60_000) / rows,
};

/**
 * Each workload.
 *
 * `check` says what every contestant computes before it is timed: so many epochs over the first rows, or the outputs for them.
 * `target` is how many seconds a round should take where its units are small; `calls` are the calls of a round.
 */
export const workloads = [
  {
    name: "W1a",
    title: "x², 1-12-12-1, 1,000 examples, full batch, gradient descent 0.1",
    ...tiny,
    rows: 1000,
    batch: 1000,
    learningRate: 0.1,
    check: { rows: 1000, epochs: 100 },
    target: 1,
    unit: "epochs/s",
    better: "more",
    value: (seconds) => 1 / seconds,
  },
  {
    name: "W1b",
    title: "x², 1-12-12-1, 10,000 examples one by one, gradient descent 0.01",
    ...tiny,
    rows: 10_000,
    batch: 1,
    learningRate: 0.01,
    check: { rows: 10_000, epochs: 1 },
    target: 1,
    unit: "examples/s",
    better: "more",
    value: (seconds, rows) => rows / seconds,
  },
  {
    name: "W2b128",
    title: "MNIST 60,000, 784-128-10, Adam, batch 128",
    ...digits,
    check: { rows: 100 * 128, epochs: 1 },
    ...secondsAnEpoch,
  },
  {
    name: "W2b32",
    title: "MNIST 60,000, 784-128-10, Adam, batch 32",
    ...digits,
    batch: 32,
    check: { rows: 200 * 32, epochs: 1 },
    ...secondsAnEpoch,
  },
  {
    name: "W3",
    title: "MNIST 60,000, 784-512-512-10, Adam, batch 128",
    ...wideDigits,
    check: { rows: 10 * 128, epochs: 1 },
    ...secondsAnEpoch,
  },
  {
    name: "W2d",
    title: "dense random inputs, 784-128-10, Adam, batch 128",
    ...digits,
    data: "dense",
    check: { rows: 100 * 128, epochs: 1 },
    ...secondsAnEpoch,
  },
  {
    name: "W3d",
    title: "dense random inputs, 784-512-512-10, Adam, batch 128",
    ...wideDigits,
    data: "dense",
    check: { rows: 10 * 128, epochs: 1 },
    ...secondsAnEpoch,
  },
  {
    name: "W4one",
    title: "one image a call, 784-128-10",
    ...digits,
    kind: "one",
    shuffle: false,
    rows: 10_000,
    check: { rows: 100 },
    calls: 2000,
    unit: "µs",
    better: "less",
    value: (seconds) => 1e6 * seconds,
  },
  {
    name: "W4many",
    title: "10,000 images in one call, 784-128-10",
    ...digits,
    kind: "many",
    shuffle: false,
    rows: 10_000,
    check: { rows: 100 },
    target: 0.5,
    unit: "images/s",
    better: "more",
    value: (seconds, rows) => rows / seconds,
  },
];

/** The rows on which the loss of a check is taken. */
const MOST_PROBED = 2000;

/** What a quick try is cut down to; it shows that everything works, and its figures mean nothing. */
const QUICK = { rows: 640, checkRows: 256, checkEpochs: 5, target: 0.05, calls: 50 };

function cutDown(workload) {
  const { check, target, calls } = workload;
  const rows = Math.min(workload.rows, QUICK.rows);
  // A full batch stays one.
  const full = workload.batch >= workload.rows;
  const made = {
    ...workload,
    rows,
    batch: full ? rows : workload.batch,
    check: { ...check, rows: full ? rows : Math.min(check.rows, QUICK.checkRows) },
  };
  if (check.epochs !== undefined) made.check.epochs = Math.min(check.epochs, QUICK.checkEpochs);
  if (target !== undefined) made.target = QUICK.target;
  if (calls !== undefined) made.calls = QUICK.calls;
  return made;
}

/** The workload as it is run: with the rows of the probe, and small in a quick try. */
export function scaled(workload, quick) {
  const made = quick ? cutDown(workload) : workload;
  return { ...made, check: { ...made.check, probe: Math.min(MOST_PROBED, made.check.rows) } };
}
