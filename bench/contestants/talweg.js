// Talweg. usage: node talweg.js <default|one-thread|wide>
import { adam, dense, evaluate, gradientDescent, network, train, trainEvents } from "talweg";
import { predictionRounds, timed, trainingRounds } from "./rounds.js";
import { serve } from "./serve.js";
import { inputs, rawInputs, rowOf, startFlat, targets, versionOf } from "./task.js";

const [variant = "default"] = process.argv.slice(2);

/** Options that ask for events by the epoch, not by the step. */
const FEWER_EVENTS = { report: "epoch" };
/** Options that ask for the wide kernels: training has one, prediction none. */
const WIDE_TRAINING = { wide: true };

const wide = variant === "wide";
if (wide && !process.version.startsWith("v26.")) {
  throw new Error(`the wide kernels want Node 26, and this is Node ${process.version}`);
}
const trainingOptions = {
  ...FEWER_EVENTS,
  ...(variant === "one-thread" ? { threads: 1 } : {}),
  ...(wide ? WIDE_TRAINING : {}),
};

let data;
let x;
let model;

/** A network at the common start. */
function make({ sizes, activations, seed, ...task }) {
  const layers = sizes.slice(1).map((units, i) => dense(sizes[i], units, activations[i]));
  const made = network(layers, { seed });
  made.parameters.set(startFlat({ sizes, ...task }));
  return made;
}

/** The first rows of the data, without a copy; bytes stay bytes. */
function firstRows(rows) {
  const { inputs: width, labels, outputs } = data;
  return {
    ...data,
    x: data.x.subarray(0, rows * width),
    y: data.y.subarray(0, rows * (labels ? 1 : outputs)),
    rows,
  };
}

function optionsFor({ batch, optimizer, learningRate, loss, shuffle, seed }, rows, epochs) {
  const method = { adam, gradientDescent }[optimizer];
  const batchSize = batch >= rows ? "full" : batch;
  return { optimizer: method({ learningRate }), loss, epochs, batchSize, shuffle, seed, ...trainingOptions };
}

const whole = trainingRounds({
  prepare(task) {
    data = {
      x: rawInputs(task),
      y: targets(task),
      inputs: task.sizes[0],
      outputs: task.sizes.at(-1),
      labels: task.types.y === "u8",
      ...(task.types.x === "u8" ? { scale: 1 / 255 } : {}),
    };
  },
  make,
  // The same rows in the same order, since the orders in the files are those that this library draws from the seed.
  async epochs(net, task, rows, count) {
    const { reason } = await train(net, firstRows(rows), optionsFor(task, rows, count));
    if (reason !== "epochs") throw new Error(`training ended by ${reason}`);
  },
  loss: (net, task, rows) => evaluate(net, firstRows(rows), { loss: task.loss }).loss,
});

/** More than there will be rounds. */
const MANY_EPOCHS = 1_000_000;
let events;

/** Seconds of the next epoch of one long run, as its event says. */
async function nextEpoch(task) {
  events ??= trainEvents(make(task), firstRows(task.rows), optionsFor(task, task.rows, MANY_EPOCHS));
  for (;;) {
    const { value } = await events.next();
    if (value.event === "epoch") return value.seconds;
  }
}

/** A round of one epoch, as its event tells it; where the clock knows of more that the event leaves out, that counts. */
async function epochRound(task) {
  let told;
  const clock = await timed(async () => {
    told = await nextEpoch(task);
  });
  return { seconds: clock > 1.05 * told + 0.005 ? clock : told };
}

serve({
  prepare: () => ({ version: `${versionOf("talweg")}, Node ${process.versions.node}` }),
  training: {
    ...whole,
    // A tiny net is trained by one call, which is timed whole.
    round: (task, units) => (task.kind === "curve" ? whole.round(task, units) : epochRound(task)),
  },
  prediction: predictionRounds({
    prepare(task) {
      x = inputs(task);
      model = make(task);
    },
    one: (task, i) => model.predict(rowOf(x, task.sizes[0], i)),
    many: (task, rows) => model.predict(x.subarray(0, rows * task.sizes[0])),
  }),
});
