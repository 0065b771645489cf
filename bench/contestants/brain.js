// brain.js, one example at a time. usage: node brain.js <1|2>
// One activation for the whole net, squared error, no batches, no softmax: near the workloads, not the same.
import { predictionRounds, trainingRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { inputs, load, meanSquaredError, rowArrays, targetRows, versionOf } from "./task.js";

const [major = "2"] = process.argv.slice(2);
const name = `brain.js-${major}`;
const brain = load(name);
/** It wants numbers above 0 here and none of its own stops. */
const ALWAYS = { errorThresh: 1e-12, momentum: 1e-9, log: false };
/** Its rate for images; the workload's 0.001 belongs to Adam. */
const IMAGE_RATE = 0.1;

let examples;
let rows;
let net;

function make({ sizes }) {
  return new brain.NeuralNetwork({
    inputSize: sizes[0],
    outputSize: sizes.at(-1),
    hiddenLayers: sizes.slice(1, -1),
    activation: "sigmoid",
  });
}

function readExamples(task) {
  // Of plain arrays it makes float32 ones at the start of each training; typed ones it takes for objects with keys.
  const y = rowArrays(targetRows(task), task.sizes.at(-1), Array);
  examples = rowArrays(inputs(task), task.sizes[0], Array).map((input, i) => ({ input, output: y[i] }));
}

function train(to, task, count, iterations) {
  const learningRate = task.kind === "curve" ? task.learningRate : IMAGE_RATE;
  const part = count === examples.length ? examples : examples.slice(0, count);
  const done = to.train(part, { ...ALWAYS, learningRate, iterations }).iterations;
  if (done !== iterations) throw new Error(`it stopped after ${done} of ${iterations} epochs`);
}

const training = trainingRounds({
  prepare: readExamples,
  // Training sets the net up; a rate next to zero leaves it at its start.
  make(task) {
    const made = make(task);
    made.train(examples.slice(0, 1), { ...ALWAYS, learningRate: 1e-12, iterations: 1 });
    return made;
  },
  epochs: (to, task, count, times) => train(to, task, count, times),
  loss(of, _task, count) {
    const errors = examples
      .slice(0, count)
      .map(({ input, output }) => meanSquaredError(of.run(input), output));
    return errors.reduce((sum, error) => sum + error, 0) / count;
  },
});

serve({
  prepare: () => ({ version: versionOf(name) }),
  training,
  prediction: predictionRounds({
    prepare(task) {
      rows = rowArrays(inputs(task), task.sizes[0], Array);
      net = make(task);
      const output = new Array(task.sizes.at(-1)).fill(0);
      net.train([{ input: rows[0], output }], { ...ALWAYS, learningRate: 1e-12, iterations: 1 });
    },
    one: (_task, i) => net.run(rows[i]),
    many: (_task, count) => rows.slice(0, count).flatMap((row) => Array.from(net.run(row))),
  }),
});
