/** Training from a new start on the images of MNIST, by the library's default method, with news several times a second. */
import { auto, type Dataset, network, toSafetensors, trainEvents } from "talweg";
import { loadImages } from "./images.ts";
import { BATCH, type DigitsAsk, type DigitsReply, plannedLayers, plannedSteps } from "./protocol.ts";

/** Milliseconds between two reports, and so the longest that a wish to stop waits. */
const PAUSE = 250;

type Reply = (reply: DigitsReply) => void;

export async function trainDigits(
  { plan, source, until }: Extract<DigitsAsk, { kind: "train" }>,
  test: Dataset,
  stop: AbortSignal,
  reply: Reply,
): Promise<void> {
  const { epochs, seed } = plan;
  let told = 0;
  const data = await loadImages(source, (loaded, total) => {
    if (performance.now() - told < PAUSE && loaded !== total) return;
    told = performance.now();
    reply({ kind: "loading", loaded, total });
  });
  const n = network(plannedLayers(plan), { seed });
  const steps = plannedSteps(plan);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  let last = { step: 0, epoch: 1 };
  let losses = { sum: 0, count: 0 };
  let next = began;
  const report = (): void => {
    if (losses.count === 0) return;
    const loss = losses.sum / losses.count;
    losses = { sum: 0, count: 0 };
    const parameters = n.parameters.slice() as Float32Array<ArrayBuffer>;
    reply({ kind: "trained", ...last, steps, loss, seconds: seconds(), parameters });
  };
  const events = trainEvents(n, data, {
    optimizer: auto(),
    batchSize: BATCH,
    epochs,
    seed,
    validation: test,
    metrics: ["accuracy"],
    // What ends by itself is not told to end, since some of it comes after the last step.
    stop: { signal: stop, ...(until !== undefined && until < steps ? { steps: until } : {}) },
  });
  for await (const event of events) {
    if (event.event === "step") {
      last = { step: event.step, epoch: event.epoch };
      losses = { sum: losses.sum + event.loss, count: losses.count + 1 };
      if (performance.now() < next) continue;
      next = performance.now() + PAUSE;
      report();
      // Only between two tasks does a worker hear that it should stop.
      await new Promise((done) => setTimeout(done));
    } else if (event.event === "epoch") {
      report();
      const accuracy = event.validation?.accuracy ?? 0;
      reply({ kind: "epoch", epoch: event.epoch, step: event.step, accuracy, seconds: seconds() });
    }
  }
  const bytes = toSafetensors(n) as Uint8Array<ArrayBuffer>;
  reply({ kind: "ended", step: last.step, rows: data.rows, stopped: stop.aborted, bytes });
}
