// synaptic, one example at a time: ReLU hidden, sigmoid out, squared error. usage: node synaptic.js
// It writes JavaScript for the whole net, which suits a few hundred weights and no more.
import { predictionRounds, trainingRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { inputs, load, meanSquaredError, rowArrays, targetRows, versionOf } from "./task.js";

const { Architect, Neuron, Trainer } = load("synaptic");
/** For images and for tiny nets alike. */
const RATE = 0.01;

let examples;
let rows;
let net;

function make({ sizes }) {
  const made = new Architect.Perceptron(...sizes);
  for (const layer of made.layers.hidden) layer.set({ squash: Neuron.squash.RELU });
  return made;
}

const training = trainingRounds({
  prepare(task) {
    const y = rowArrays(targetRows(task), task.sizes.at(-1), Array);
    examples = rowArrays(inputs(task), task.sizes[0], Array).map((input, i) => ({ input, output: y[i] }));
  },
  make,
  epochs(to, _task, count, times) {
    // It takes an error of 0 for none, and then stops at one of its own.
    const options = { rate: RATE, iterations: times, error: 1e-300, shuffle: false, cost: Trainer.cost.MSE };
    const part = count === examples.length ? examples : examples.slice(0, count);
    const { iterations } = new Trainer(to).train(part, options);
    if (iterations !== times) throw new Error(`it stopped after ${iterations} of ${times} epochs`);
  },
  loss(of, _task, count) {
    const errors = examples
      .slice(0, count)
      .map(({ input, output }) => meanSquaredError(of.activate(input), output));
    return errors.reduce((sum, error) => sum + error, 0) / count;
  },
});

serve({
  prepare: () => ({ version: versionOf("synaptic") }),
  training,
  prediction: predictionRounds({
    prepare(task) {
      rows = rowArrays(inputs(task), task.sizes[0], Array);
      net = make(task);
    },
    one: (_task, i) => net.activate(rows[i]),
    many: (_task, count) => rows.slice(0, count).flatMap((row) => net.activate(row)),
  }),
});
