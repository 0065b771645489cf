import {
  adam,
  dense,
  evaluate,
  gradientDescent,
  type Network,
  NotFiniteError,
  network,
  objective,
  parabola,
  perturb,
  selectRows,
  type TrainEvent,
  type TrainOptions,
  train,
  trainEvents,
} from "talweg";
import { squaredNorm } from "talweg/core";
import { expect, test } from "vitest";

const small = (seed = 1, precision: "float32" | "float64" = "float32"): Network =>
  network([dense(1, 6, "tanh"), dense(6, 1)], { seed, precision });
const examples = parabola({ rows: 50, interval: [-1, 1], seed: 3 });

async function collect(n: Network, options: TrainOptions, data = examples): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of trainEvents(n, data, options)) events.push(event);
  return events;
}

test("a full-batch step subtracts the average of the examples' gradients, summed anew in each epoch", async () => {
  const data = parabola({ rows: 7, interval: [0, 1], seed: 1, precision: "float64" });
  const n = small(2, "float64");
  const w = n.parameters.slice();
  for (let epoch = 0; epoch < 3; epoch++) {
    const sum = new Float64Array(w.length);
    for (let row = 0; row < data.rows; row++) {
      const g = new Float64Array(w.length);
      objective(n, "sumOfSquares", selectRows(data, [row])).gradient(w, g);
      for (let i = 0; i < sum.length; i++) sum[i]! += g[i]!;
    }
    for (let i = 0; i < w.length; i++) w[i]! -= 0.2 * (sum[i]! / data.rows);
  }
  await train(n, data, {
    loss: "sumOfSquares",
    optimizer: gradientDescent({ learningRate: 0.2 }),
    epochs: 3,
    batchSize: "full",
  });
  for (let i = 0; i < w.length; i++) expect(n.parameters[i]).toBeCloseTo(w[i]!, 14);
});

test("an epoch goes over every example once, the last batch being what is left", async () => {
  const events = await collect(small(), { epochs: 2, batchSize: 16, optimizer: adam() });
  const steps = events.filter((e) => e.event === "step");
  expect(steps).toHaveLength(8);
  expect(steps.at(-1)).toMatchObject({ epoch: 2, step: 8, gradientEvaluations: 8, exampleEvaluations: 100 });
  expect(events.map((e) => e.event).join(" ")).toBe(
    "start step step step step epoch step step step step epoch result",
  );
});

test("single examples are batches of one", async () => {
  const result = await train(small(), examples, { epochs: 1, batchSize: 1, optimizer: adam() });
  expect(result).toMatchObject({ steps: 50, exampleEvaluations: 50, reason: "epochs", epochs: 1 });
});

test("every event is plain data that survives JSON", async () => {
  const options: TrainOptions = { epochs: 2, validation: 0.2, batchSize: 8, optimizer: perturb({ seed: 1 }) };
  for (const event of await collect(small(), options)) {
    expect(JSON.parse(JSON.stringify(event))).toEqual(event);
  }
});

test("the same seed gives the same bits, another seed others", async () => {
  const run = async (seed: number): Promise<string> =>
    (await train(small(4), examples, { seed, epochs: 3, batchSize: 8 })).parametersSha256;
  expect(await run(5)).toBe(await run(5));
  expect(await run(5)).not.toBe(await run(6));
});

test("the result's loss and metrics are those of the parameters that come back", async () => {
  const n = small();
  const result = await train(n, examples, { epochs: 5, metrics: ["rSquared", "meanAbsoluteError"] });
  const again = evaluate(n, examples, { metrics: ["rSquared", "meanAbsoluteError"] });
  expect(result.loss).toBe(again.loss);
  expect(result.metrics).toEqual(again.metrics);
});

test("auto learns x² without being told anything", async () => {
  const result = await train(small(), examples, { epochs: 300 });
  expect(result.loss).toBeLessThan(1e-4);
});

test("early stopping ends after `patience` epochs without a better validation loss and restores the best", async () => {
  const noisy = parabola({ rows: 24, interval: [-1, 1], noise: 0.3, seed: 8 });
  const n = network([dense(1, 24, "tanh"), dense(24, 1)], { seed: 2 });
  const options: TrainOptions = {
    epochs: 400,
    batchSize: 4,
    validation: 0.4,
    patience: 12,
    optimizer: adam({ learningRate: 0.03 }),
  };
  const events = await collect(n, options, noisy);
  const losses = events.filter((e) => e.event === "epoch").map((e) => e.validation!.loss!);
  const best = Math.min(...losses);
  const result = events.at(-1)!;
  expect(result).toMatchObject({ event: "result", reason: "patience" });
  expect(losses.length).toBe(losses.indexOf(best) + 1 + 12);
  expect(result).toHaveProperty("validation.loss", best);
});

test("weight decay makes weights smaller and leaves biases alone", async () => {
  const run = async (penalty: number): Promise<Network> => {
    const n = small();
    await train(n, examples, { penalty, epochs: 100 });
    return n;
  };
  const size = (n: Network): number => squaredNorm(n.weights(1));
  expect(size(await run(0.1))).toBeLessThan(size(await run(0)) / 2);
  const zero = network([dense(1, 1)], { precision: "float64" });
  zero.parameters.set([0, 3]);
  const g = new Float64Array(2);
  const f = objective(
    zero,
    "sumOfSquares",
    { x: Float64Array.of(0), y: Float64Array.of(3), rows: 1, inputs: 1, outputs: 1 },
    { penalty: 5 },
  );
  expect(f.gradient(zero.parameters, g)).toBe(0);
  expect([...g]).toEqual([0, 0]);
});

test("dropout changes training and never prediction", async () => {
  const make = (dropout: number): Network =>
    network([dense(1, 16, "relu", { dropout }), dense(16, 1)], { seed: 1 });
  const a = make(0.5);
  const b = make(0);
  expect(a.predict([[0.3]])).toEqual(b.predict([[0.3]]));
  const options: TrainOptions = { epochs: 3, optimizer: adam() };
  const first = await train(a, examples, options);
  expect(first.parametersSha256).not.toBe((await train(b, examples, options)).parametersSha256);
  expect(first.parametersSha256).toBe((await train(make(0.5), examples, options)).parametersSha256);
});

test("clipNorm bounds the step and the event tells the norm before clipping", async () => {
  const n = small();
  const before = n.parameters.slice();
  const events = await collect(n, {
    epochs: 1,
    batchSize: "full",
    clipNorm: 1e-3,
    optimizer: gradientDescent({ learningRate: 1 }),
  });
  const moved = Math.sqrt(squaredNorm(Float64Array.from(before, (b, i) => n.parameters[i]! - b)));
  expect(moved).toBeLessThanOrEqual(1.001e-3);
  expect(events.find((e) => e.event === "step")!.gradientNorm).toBeGreaterThan(0.01);
});

test("clipValue bounds each number of the step and leaves small ones as they are", async () => {
  const step = async (clipValue: number): Promise<number[]> => {
    const n = small();
    const before = n.parameters.slice();
    const optimizer = gradientDescent({ learningRate: 1 });
    await collect(n, { epochs: 1, batchSize: "full", clipValue, optimizer });
    return Array.from(before, (b, i) => b - n.parameters[i]!);
  };
  const free = await step(1e9);
  const bound = free.map(Math.abs).sort((a, b) => a - b)[Math.floor(free.length / 2)]!;
  const held = await step(bound);
  for (const [i, moved] of held.entries()) {
    expect(moved).toBeCloseTo(Math.max(-bound, Math.min(bound, free[i]!)), 6);
  }
  expect(held).not.toEqual(free);
});

test("stop rules end a run and say so", async () => {
  const reason = async (options: TrainOptions): Promise<string> =>
    (await train(small(), examples, options)).reason;
  expect(await reason({ stop: { steps: 3 } })).toBe("steps");
  expect(await reason({ stop: { loss: 0.01 } })).toBe("loss");
  expect(await reason({ stop: { evaluations: 5 } })).toBe("evaluations");
  expect(await reason({ stop: { gradientNorm: 100 } })).toBe("gradientNorm");
  expect(await reason({ stop: { plateau: 5 }, optimizer: adam({ learningRate: 0.5 }) })).toBe("plateau");
  expect(await reason({ stop: { seconds: 0.02 } })).toBe("seconds");
  expect(await reason({ stop: { signal: AbortSignal.abort() } })).toBe("signal");
});

test("a signal ends training at the next step", async () => {
  const abort = new AbortController();
  const events: TrainEvent[] = [];
  for await (const event of trainEvents(small(), examples, {
    epochs: 1000,
    stop: { signal: abort.signal },
  })) {
    events.push(event);
    if (event.event === "step" && event.step === 5) abort.abort();
  }
  expect(events.at(-1)).toMatchObject({ event: "result", reason: "signal", steps: 5 });
});

test("a loss that is never reached does not keep a run going for ever, and a signal alone changes nothing", async () => {
  const tiny = parabola({ rows: 4, seed: 1 });
  const unreachable = await train(network([dense(1, 1)]), tiny, { stop: { loss: 1e-30 } });
  expect(unreachable).toMatchObject({ reason: "epochs", epochs: 10_000 });
  const { signal } = new AbortController();
  const cancellable = await train(small(), examples, { stop: { signal } });
  expect(cancellable).toMatchObject({ reason: "epochs", epochs: 30 });
  expect(cancellable.parametersSha256).toBe((await train(small(), examples, {})).parametersSha256);
});

test("a checkpoint never holds parameters that are not finite", async () => {
  const n = network([dense(1, 4, "relu"), dense(4, 1)], { seed: 1 });
  const start = n.parameters.slice();
  const handed: boolean[] = [];
  const onCheckpoint = (): void => void handed.push(n.parameters.every(Number.isFinite));
  const result = await train(n, examples, {
    epochs: 2,
    checkpointEvery: 1,
    onCheckpoint,
    optimizer: gradientDescent({ learningRate: 1e39 }),
  });
  expect(result).toMatchObject({ reason: "notFinite", steps: 0 });
  expect(result.failure!.message).toMatch(
    /^step 1: the parameters of layer [12] \((relu|linear)\) are no longer finite; the parameters are those of the last good step\./,
  );
  expect(handed).toEqual([]);
  expect(n.parameters).toEqual(start);
});

test("a start from which nothing is finite is refused, and says that the start is to blame", async () => {
  const n = network([dense(1, 1)], { precision: "float64" });
  n.parameters.set([1e200, 0]);
  const error = await train(n, parabola({ rows: 3, precision: "float64", seed: 1 })).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NotFiniteError);
  expect((error as Error).message).toBe(
    "step 1: the loss behind layer 1 (linear) is no longer finite; there was no good step before it, so the start itself is " +
      "to blame. Scale the data, or start with smaller weights.",
  );
});

test("a step that is not finite stops training, names the layer and keeps the last good parameters", async () => {
  const n = network([dense(1, 4, "relu"), dense(4, 1)], { seed: 1 });
  const start = n.parameters.slice();
  const events = await collect(n, {
    epochs: 5,
    batchSize: "full",
    optimizer: gradientDescent({ learningRate: 1e30 }),
  });
  const warning = events.find((e) => e.event === "warning")!;
  expect(warning).toMatchObject({ code: "not-finite" });
  expect(warning.message).toMatch(
    /^step 2: the .* of layer [12] \((relu|linear)\) (is|are) no longer finite; the parameters are those of the last good step\./,
  );
  expect(events.at(-1)).toMatchObject({
    event: "result",
    reason: "notFinite",
    steps: 1,
    failure: { message: warning.message },
  });
  expect(n.parameters).toEqual(start);
  expect(Number.isFinite((events.at(-1) as { loss: number }).loss)).toBe(true);
});

test("the outcome of the very last step is looked at too", async () => {
  const n = network([dense(1, 4, "relu"), dense(4, 1)], { seed: 1 });
  const start = n.parameters.slice();
  const result = await train(n, examples, {
    epochs: 1,
    batchSize: "full",
    optimizer: gradientDescent({ learningRate: 1e38 }),
  });
  expect(result.reason).toBe("notFinite");
  expect(n.parameters).toEqual(start);
});

test("parameters that are not finite at the start are refused", async () => {
  const n = small();
  n.parameters[3] = NaN;
  await expect(train(n, examples)).rejects.toThrow(/the network's parameters: row 0, column 3/);
});

test("the source's start is called saturated, with numbers", async () => {
  const o = { init: "document" } as const;
  const n = network([dense(1, 12, "relu", o), dense(12, 12, "relu", o), dense(12, 1, "sigmoid", o)], {
    seed: 1,
  });
  const events = await collect(n, { epochs: 1 });
  const warning = events.find((e) => e.event === "warning")!;
  expect(warning).toMatchObject({ code: "saturated", layer: 3 });
  expect(warning.message).toMatch(
    /^layer 3 \(sigmoid\) starts saturated: over 50 examples its pre-activations are \d+\.\d to \d+\.\d, where its derivative is at most \d\.\de-\d+ \(at 0 it is 0.25\), so next to nothing is learnt; start the network with init "he" or "glorot"\.$/,
  );
  const healthy = await collect(small(), { epochs: 1 });
  expect(healthy.some((e) => e.event === "warning")).toBe(false);
});
