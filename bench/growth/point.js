// One point of a curve, in a process of its own so that its peak memory is its own.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { adam, dense, network, trainEvents } from "talweg";
import { rawInputs, targets } from "../contestants/task.js";

/** The option that asks for events by the epoch, not by the step. */
const FEWER_EVENTS = { report: "epoch" };

function makeModel(hidden) {
  const widths = [784, ...hidden];
  const layers = hidden.map((units, i) => dense(widths[i], units, "relu"));
  return network([...layers, dense(widths.at(-1), 10, "softmax")], { seed: 1 });
}

/** Peak resident memory. Linux counts that of the process before its program was loaded into the usual figure, here not. */
function peakKiB() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

/** More than there will be. */
const MANY_EPOCHS = 1_000_000;
const MOST_KEPT = 50;

/** Whether enough epochs were timed. */
const enough = (kept, measured, { rounds, measure }) =>
  (kept >= rounds && measured >= measure) || kept >= MOST_KEPT;

/**
 * Seconds an example of each epoch after the warm-up.
 *
 * @param limits At least so many `rounds` and so many seconds to `measure` after so many of `warmUp`, but `most` seconds in all.
 */
async function measure({ task, point, limits }) {
  const [x, y] = [rawInputs(task), targets(task)];
  const data = { x, y, scale: 1 / 255, rows: point.rows, inputs: 784, outputs: 10 };
  const model = makeModel(point.hidden);
  const batchSize = point.batch >= point.rows ? "full" : point.batch;
  const options = { optimizer: adam({ learningRate: 1e-3 }), epochs: MANY_EPOCHS, batchSize, seed: 1 };
  const secondsAnExample = [];
  let measured = 0;
  const begun = performance.now();
  for await (const event of trainEvents(model, data, { ...options, ...FEWER_EVENTS })) {
    if (event.event !== "epoch" || event.epoch === 1) continue;
    const elapsed = (performance.now() - begun) / 1000;
    if (elapsed - event.seconds < limits.warmUp) continue;
    secondsAnExample.push(event.seconds / point.rows);
    measured += event.seconds;
    if (enough(secondsAnExample.length, measured, limits) || elapsed > limits.most) break;
  }
  return { secondsAnExample, peakMiB: peakKiB() / 1024, parameterCount: model.parameterCount };
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.command === "quit") break;
  try {
    console.log(JSON.stringify(await measure(message)));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
}
process.exit(0);
