import fc from "fast-check";
import {
  adam,
  adamW,
  auto,
  circle,
  dense,
  gradientDescent,
  momentum,
  type Network,
  nesterov,
  network,
  type Optimizer,
  parabola,
  perturb,
  randomGuess,
  rmsProp,
  stochasticArmijo,
  type TrainEvent,
  type TrainOptions,
  type TrainState,
  train,
  trainEvents,
  trainStream,
} from "talweg";
import { expect, test } from "vitest";

const small = (seed = 1, precision: "float32" | "float64" = "float32"): Network =>
  network([dense(1, 6, "tanh"), dense(6, 1)], { seed, precision });
const examples = parabola({ rows: 50, interval: [-1, 1], seed: 3 });

const optimizers: [string, () => Optimizer, TrainOptions][] = [
  ["auto", auto, {}],
  ["auto, schedule-free", () => auto({ variant: "scheduleFree" }), {}],
  ["gradient descent", () => gradientDescent({ learningRate: 0.1 }), {}],
  ["growing Armijo", () => gradientDescent({ search: "armijo", growth: 2 }), { batchSize: "full" }],
  ["momentum", () => momentum({ learningRate: 0.05 }), {}],
  ["nesterov, exponential", () => nesterov({ learningRate: 0.05, schedule: "exponential" }), {}],
  ["RMSProp, steps", () => rmsProp({ learningRate: 0.01, schedule: { name: "steps", warmup: 2 } }), {}],
  [
    "AdamW, cosine after a warm-up",
    () => adamW({ learningRate: 0.01, schedule: { name: "cosine", warmup: 5, end: 0.1 } }),
    { clipValue: 0.05 },
  ],
  ["Adam, cosine", () => adam({ learningRate: 0.01, schedule: "cosine" }), {}],
  ["stochastic Armijo", () => stochasticArmijo(), {}],
  ["stochastic Armijo along Adam", () => stochasticArmijo({ direction: "adam" }), {}],
  ["guess", () => randomGuess({ seed: 4 }), { batchSize: "full" }],
  ["perturb", () => perturb({ seed: 4 }), {}],
];

test.each(optimizers)(
  "%s: a run that was stopped anywhere and resumed ends with the same bits",
  async (_, make, extra) => {
    const options = (): TrainOptions => ({
      optimizer: make(),
      epochs: 4,
      batchSize: 9,
      seed: 11,
      validation: 0.2,
      ...extra,
    });
    const dropped = (): Network =>
      network([dense(1, 8, "relu", { dropout: 0.25 }), dense(8, 1)], { seed: 9 });
    const whole = await train(dropped(), examples, options());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.steps - 1 }), async (cut) => {
        const n = dropped();
        let saved: TrainState | undefined;
        const abort = new AbortController();
        for await (const event of trainEvents(n, examples, {
          ...options(),
          stop: { signal: abort.signal },
          onCheckpoint: (state) => {
            saved = structuredClone(state);
          },
        })) {
          if (event.event === "step" && event.step === cut) abort.abort();
        }
        expect(saved).toBeDefined();
        const result = await train(n, examples, { ...options(), resume: saved! });
        expect({ ...result, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
      }),
      { numRuns: 4 },
    );
  },
);

test.each([
  ["patience", { validation: 0.3, patience: 2 }],
  ["plateau", { stop: { plateau: 1 } }],
] as [string, TrainOptions][])(
  "a run that %s ends goes no further when it was stopped at its last step",
  async (_, extra) => {
    const data = circle({ rows: 60, noise: 0.3, seed: 3 });
    const make = (): Network => network([dense(2, 8, "tanh"), dense(8, 1, "sigmoid")], { seed: 2 });
    const options = (): TrainOptions => ({
      batchSize: "full",
      epochs: 200,
      optimizer: adam({ learningRate: 0.3 }),
      ...extra,
    });
    const whole = await train(make(), data, options());
    expect(whole.steps).toBeLessThan(200);
    for (const cut of [whole.steps - 1, whole.steps]) {
      let n = make();
      let saved: { state: TrainState; parameters: Float32Array } | undefined;
      const abort = new AbortController();
      const events = trainEvents(n, data, {
        ...options(),
        stop: { ...extra.stop, signal: abort.signal },
        onCheckpoint: (state) => {
          saved = { state: structuredClone(state), parameters: n.parameters.slice() as Float32Array };
        },
      });
      let last: TrainEvent | undefined;
      for await (const event of events) {
        last = event;
        if (event.event === "step" && event.step === cut) abort.abort();
      }
      if (saved === undefined) {
        expect({ ...last, seconds: 0 }).toEqual({ event: "result", ...whole, seconds: 0 });
        continue;
      }
      n = make();
      n.parameters.set(saved.parameters);
      const result = await train(n, data, { ...options(), resume: saved.state });
      expect({ ...result, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
    }
  },
);

test("resuming from other parameters than the state's is refused", async () => {
  let saved: TrainState | undefined;
  const n = small();
  const onCheckpoint = (state: TrainState): void => {
    saved = structuredClone(state);
  };
  await train(n, examples, { epochs: 5, onCheckpoint, stop: { steps: 2 } });
  await expect(train(small(), examples, { epochs: 5, resume: saved! })).rejects.toThrow(
    "resume: the network's parameters are not those that the state belongs to; save n.parameters in onCheckpoint too, and put them back before going on.",
  );
  await expect(train(small(), examples, { resume: {} as TrainState })).rejects.toThrow(
    "resume is no state that onCheckpoint handed out; pass one of those, copied or loaded.",
  );
});

test("a resumed run does not overshoot the limit that it was stopped by", async () => {
  let saved: TrainState | undefined;
  const n = small();
  const onCheckpoint = (state: TrainState): void => {
    saved = structuredClone(state);
  };
  const options: TrainOptions = { epochs: 5, stop: { steps: 3 } };
  await train(n, examples, { ...options, onCheckpoint });
  expect(await train(n, examples, { ...options, resume: saved! })).toMatchObject({
    steps: 3,
    reason: "steps",
  });
});

test("resuming under other options is refused by name", async () => {
  let saved: TrainState | undefined;
  const n = small();
  const onCheckpoint = (state: TrainState): void => {
    saved = structuredClone(state);
  };
  const options: TrainOptions = { epochs: 5, onCheckpoint };
  await train(n, examples, { ...options, stop: { steps: 2 } });
  await expect(train(n, examples, { epochs: 6, resume: saved! })).rejects.toThrow(
    "resume: epochs was 5 when the run began and is 6 now; a run goes on to the same bits only under the options that it began with.",
  );
});

test("of a stream no row is read over before the options of a resumed run are looked at", async () => {
  const opened: number[] = [];
  const source = {
    rows: examples.rows,
    inputs: 1,
    outputs: 1,
    async *blocks(epoch: number) {
      opened.push(epoch);
      yield examples;
    },
  };
  let saved: TrainState | undefined;
  const onCheckpoint = (state: TrainState): void => {
    saved = state;
  };
  const n = small();
  await trainStream(n, source, { seed: 1, stop: { steps: 3 }, onCheckpoint });
  expect(opened.splice(0)).toEqual([1, 2]);
  await expect(trainStream(n, source, { seed: 2, stop: { steps: 4 }, resume: saved! })).rejects.toThrow(
    "resume: seed was 1 when the run began and is 2 now",
  );
  expect(opened).toEqual([1]);
});
