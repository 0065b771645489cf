// Check and rounds of the two kinds of work, the same for every contestant in JavaScript.
import { checkOrder, roundOrders } from "./task.js";

/** Seconds that `work` takes; it may give a promise. */
export async function timed(work) {
  const begun = performance.now();
  const promise = work();
  // Waiting for what is no promise would let other work in between.
  if (promise instanceof Promise) await promise;
  return (performance.now() - begun) / 1000;
}

/**
 * Training: the check trains a net of its own from the common start, the rounds go on with another one.
 *
 * @param o.prepare Reads the data.
 * @param o.make    A net at the start.
 * @param o.epochs  Trains `net` for `count` epochs over the first `rows` rows; `nextOrder()` gives the order of each epoch, or
 *   undefined where the rows come as they stand.
 * @param o.loss    The loss of a net on the first `rows` rows.
 */
export function trainingRounds({ prepare, make, epochs, loss }) {
  let net;
  let nextOrder;
  return {
    async prepare(task) {
      await prepare(task);
      net = await make(task);
      nextOrder = task.shuffle ? roundOrders(task) : () => undefined;
    },
    async check(task) {
      const { rows, epochs: count, probe } = task.check;
      const tried = await make(task);
      const before = await loss(tried, task, probe);
      // A contestant that only comes near learns from fewer rows, as they stand.
      const order = task.shuffle && !task.check.near ? checkOrder(task) : undefined;
      await epochs(tried, task, rows, count, () => order);
      return { before, loss: await loss(tried, task, probe) };
    },
    async round(task, units) {
      return { seconds: await timed(() => epochs(net, task, task.rows, units, nextOrder)) };
    },
  };
}

/**
 * Prediction, one row a call or all of them in one call.
 *
 * @param o.prepare Reads the inputs and makes the net at the common start.
 * @param o.one     Outputs for row `i`.
 * @param o.many    Outputs for the first `rows` rows.
 * @param o.waits   Whether both give promises; false by default.
 */
export function predictionRounds({ prepare, one, many, waits = false }) {
  return {
    prepare,
    async check(task) {
      const { rows } = task.check;
      if (task.kind === "many") return { outputs: Array.from(await many(task, rows)) };
      const outputs = [];
      for (let i = 0; i < rows; i++) outputs.push(...(await one(task, i)));
      return { outputs };
    },
    async round(task, units) {
      if (task.kind === "one") return { seconds: await medianCall(units, task, one, waits) };
      const work = async () => {
        for (let i = 0; i < units; i++) {
          const outputs = many(task, task.rows);
          if (waits) await outputs;
        }
      };
      return { seconds: await timed(work) };
    },
  };
}

/** A contestant that is slow at single calls makes fewer of them. */
const CALLS_SECONDS = 5;
const FEWEST_CALLS = 20;

/** Median seconds of one call out of `calls`. */
async function medianCall(calls, task, one, waits) {
  const times = [];
  const started = performance.now();
  for (let i = 0; i < calls; i++) {
    const row = i % task.rows;
    const begun = performance.now();
    const outputs = one(task, row);
    if (waits) await outputs;
    const now = performance.now();
    times.push((now - begun) / 1000);
    if (i >= FEWEST_CALLS && now - started > 1000 * CALLS_SECONDS) break;
  }
  times.sort((a, b) => a - b);
  return times[times.length >> 1];
}
