/** Steps that nobody watches are taken in strides: everything that comes out must be what watched steps give. */
import { spirals } from "talweg/data";
import { dense, type Network, network } from "talweg/network";
import {
  adam,
  adamW,
  auto,
  gradientDescent,
  momentum,
  nesterov,
  type Optimizer,
  randomGuess,
  rmsProp,
  stochasticArmijo,
} from "talweg/optim";
import { type TrainEvent, type TrainOptions, type TrainState, trainEvents } from "talweg/train";
import { describe, expect, test } from "vitest";

const optimizers: Record<string, () => Optimizer> = {
  auto: () => auto(),
  "auto, schedule-free": () => auto({ variant: "scheduleFree" }),
  adam: () => adam({ learningRate: 0.01, schedule: "cosine" }),
  adamW: () => adamW({ learningRate: 0.01, schedule: { name: "linear", warmup: 3 } }),
  nesterov: () => nesterov({ learningRate: 0.05 }),
  rmsProp: () => rmsProp({ learningRate: 0.005, schedule: "steps" }),
  momentum: () => momentum({ learningRate: 0.05 }),
  "gradient descent": () => gradientDescent({ learningRate: 0.1 }),
  Armijo: () => gradientDescent({ search: "armijo", growth: 2 }),
  "stochastic Armijo": () => stochasticArmijo(),
  guess: () => randomGuess({ seed: 3 }),
};

const data = spirals({ rows: 150, seed: 2 });
const narrow = (): Network => network([dense(2, 9, "tanh"), dense(9, 1, "sigmoid")], { seed: 1 });
const wide = (): Network =>
  network([dense(2, 40, "relu", { dropout: 0.1 }), dense(40, 1, "sigmoid")], { seed: 1 });

interface Outcome {
  events: unknown[];
  states: TrainState[];
  parameters: Float32Array;
}

/** All events but those of steps, without what the clock says. */
async function outcome(n: Network, options: TrainOptions): Promise<Outcome> {
  const events: unknown[] = [];
  const states: TrainState[] = [];
  const onCheckpoint = (state: TrainState): void => {
    states.push({ ...state, seconds: 0 });
  };
  for await (const event of trainEvents(n, data, { ...options, onCheckpoint })) {
    if (event.event !== "step") events.push(timeless(event));
  }
  return { events, states, parameters: n.parameters.slice() as Float32Array };
}

function timeless(event: TrainEvent): unknown {
  return "seconds" in event ? { ...event, seconds: 0 } : event;
}

async function compare(make: () => Network, options: () => TrainOptions): Promise<Outcome> {
  const watched = await outcome(make(), { ...options(), report: "step" });
  const strides = await outcome(make(), { ...options(), report: "epoch" });
  expect(strides).toEqual(watched);
  return watched;
}

describe.each(["scalar", "simd"] as const)("with %s kernels", (kernels) => {
  test.each(Object.entries(optimizers))(
    "%s: the same epochs, counts, states and bits",
    async (_name, make) => {
      for (const n of [narrow, wide]) {
        for (const batchSize of [32, "full"] as const) {
          const { states } = await compare(n, () => ({
            kernels,
            batchSize,
            optimizer: make(),
            epochs: 6,
            checkpointEvery: 2,
            stop: { steps: 25 },
          }));
          expect(states.length).toBeGreaterThan(0);
        }
      }
    },
  );

  test("one example a step, with a short last batch, and without shuffling", async () => {
    for (const options of [{ batchSize: 1 }, { batchSize: 64 }, { batchSize: 1, shuffle: false }]) {
      for (const make of [optimizers.adam!, optimizers.momentum!, optimizers["gradient descent"]!]) {
        await compare(narrow, () => ({ kernels, epochs: 3, optimizer: make(), ...options }));
      }
    }
  });

  test("limits of steps and of evaluations end a run at the same step", async () => {
    for (const stop of [{ steps: 7 }, { evaluations: 11 }, { evaluations: 60 }, { loss: 0.2, steps: 40 }]) {
      for (const make of [() => adam(), optimizers.auto!, optimizers["stochastic Armijo"]!]) {
        await compare(narrow, () => ({ kernels, optimizer: make(), stop }));
      }
    }
  });

  test.each([
    ["at once", 1e38],
    ["after some steps", 1e3],
  ])(
    "a step that ends in numbers that are not finite is found, named and undone: %s",
    async (_when, learningRate) => {
      const deep = (): Network =>
        network([dense(2, 12, "relu"), dense(12, 12, "relu"), dense(12, 1)], { seed: 3 });
      const { events } = await compare(deep, () => ({
        kernels,
        epochs: 200,
        loss: "sumOfSquares",
        optimizer: momentum({ learningRate }),
      }));
      expect(events.at(-1)).toMatchObject({ event: "result", reason: "notFinite" });
    },
  );

  test("penalty, clipping and a watched gradient norm", async () => {
    for (const more of [
      { penalty: 0.01 },
      { clipNorm: 0.1 },
      { clipValue: 0.01 },
      { stop: { gradientNorm: 0.05, steps: 60 } },
    ]) {
      await compare(narrow, () => ({ kernels, epochs: 5, optimizer: adam(), ...more }));
    }
  });
});

test("an unknown report is refused", async () => {
  const events = trainEvents(narrow(), data, { report: "all" as "step" });
  await expect(events.next()).rejects.toThrow(
    'report is "all", expected "step" or "epoch"; leave it out for "step".',
  );
});
