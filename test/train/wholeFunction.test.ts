/** The methods that need the whole set in each step, inside of training. */
import {
  dense,
  fromCheckpoint,
  gradientDescent,
  lbfgs,
  levenbergMarquardt,
  loadKernels,
  type Network,
  network,
  type Optimizer,
  OptionError,
  parabola,
  type StepEvent,
  type TrainOptions,
  type TrainState,
  toCheckpoint,
  train,
  trainEvents,
} from "talweg";
import { expect, test } from "vitest";

const examples = parabola({ rows: 60, interval: [-1, 1], seed: 3 });
const sourceNetwork = (seed: number, precision: "float32" | "float64" = "float32"): Network =>
  network([dense(1, 12, "relu"), dense(12, 12, "relu"), dense(12, 1, "sigmoid")], { seed, precision });
const small = (): Network => network([dense(1, 4, "tanh"), dense(4, 1)], { seed: 2 });

const methods: [string, () => Optimizer][] = [
  ["lbfgs", lbfgs],
  ["levenbergMarquardt", levenbergMarquardt],
];

test.each([
  ["lbfgs", lbfgs, 5],
  ["levenbergMarquardt", levenbergMarquardt, 1],
] as [string, () => Optimizer, number][])(
  "%s learns x² with the source's network to below 1e-4 on full batches",
  async (_, make, seed) => {
    const options: TrainOptions = { optimizer: make(), batchSize: "full", epochs: 150, stop: { loss: 9e-5 } };
    const { loss } = await train(sourceNetwork(seed), examples, options);
    expect(loss).toBeLessThan(1e-4);
  },
);

test.each(methods)("%s refuses batches and dropout, and says what to do", async (name, make) => {
  const batches = await train(small(), examples, { optimizer: make() }).catch((e: unknown) => e);
  expect(batches).toBeInstanceOf(OptionError);
  expect((batches as Error).message).toBe(
    `${name}: batchSize is 32, expected "full", since it compares the gradients of different steps, which must be of ` +
      'the same examples; pass batchSize "full", or take adam or auto for batches.',
  );
  const dropped = network([dense(1, 4, "tanh", { dropout: 0.5 }), dense(4, 1)], { seed: 2 });
  const options: TrainOptions = { optimizer: make(), batchSize: "full" };
  const dropout = await train(dropped, examples, options).catch((e: unknown) => e);
  expect(dropout).toBeInstanceOf(OptionError);
  expect((dropout as Error).message).toBe(
    `optimizer is ${name}, which compares the gradients of different steps, but layer 1 has dropout 0.5, so that each step sees ` +
      "another function; take dropout out, or adam or auto.",
  );
});

async function stepsOf(n: Network, optimizer: Optimizer, epochs: number): Promise<StepEvent[]> {
  const steps: StepEvent[] = [];
  for await (const event of trainEvents(n, examples, { optimizer, batchSize: "full", epochs })) {
    if (event.event === "step") steps.push(event);
  }
  return steps;
}

test("lbfgs takes one gradient at the start and one for each trial, and tells the norm of the one that its step began with", async () => {
  const steps = await stepsOf(small(), lbfgs(), 6);
  expect(steps.at(-1)?.valueEvaluations).toBe(0);
  expect(steps[0]!.gradientEvaluations).toBeGreaterThanOrEqual(2);
  const [again] = await stepsOf(small(), gradientDescent({ search: "armijo" }), 1);
  expect(steps[0]!.gradientNorm).toBe(again!.gradientNorm);
  // Six good steps whose first trial passes are seven gradients; a search now and then takes one more.
  expect(steps.at(-1)!.gradientEvaluations).toBeLessThan(16);
  for (const [i, step] of steps.entries()) if (i > 0) expect(step.loss).toBeLessThan(steps[i - 1]!.loss);
});

test("levenbergMarquardt counts a Jacobian as one gradient for each output", async () => {
  const two = network([dense(1, 3, "tanh"), dense(3, 2)], { seed: 2 });
  const data = {
    x: [[0], [0.5], [1]],
    y: [
      [0, 1],
      [0.25, 0.5],
      [1, 0],
    ],
  };
  const counts: number[] = [];
  const options: TrainOptions = { optimizer: levenbergMarquardt(), batchSize: "full", epochs: 2 };
  for await (const event of trainEvents(two, data, options)) {
    if (event.event !== "step") continue;
    counts.push(event.gradientEvaluations);
    const { valueEvaluations, gradientEvaluations, exampleEvaluations } = event;
    expect(exampleEvaluations).toBe(3 * (valueEvaluations + gradientEvaluations));
    expect(valueEvaluations).toBeGreaterThanOrEqual(event.step);
  }
  expect(counts).toEqual([3, 6]);
});

test("a trial that overflows is refused by the search and does not end the run, watched or in strides", async () => {
  const optimizer = gradientDescent({ search: "wolfe", initial: 1e30, maxTrials: 200 });
  for (const report of ["step", "epoch"] as const) {
    const n = network([dense(1, 2), dense(2, 1)], { seed: 1 });
    const options: TrainOptions = { optimizer, batchSize: "full", epochs: 3, report };
    let results = 0;
    for await (const event of trainEvents(n, { x: [[1]], y: [[1]] }, options)) {
      expect(event.event).not.toBe("warning");
      if (event.event !== "result") continue;
      expect(event.reason).toBe("epochs");
      expect(event.gradientEvaluations).toBeGreaterThan(6);
      expect(event.loss).toBeLessThan(0.1);
      results++;
    }
    expect(results).toBe(1);
  }
});

test("a start whose gradient is not finite is the start's own fault under searches by gradients as well", async () => {
  const n = network([dense(1, 2), dense(2, 1)], { seed: 1 });
  n.weights(1).fill(1e30);
  n.weights(2).fill(1e30);
  for (const optimizer of [lbfgs(), gradientDescent({ search: "wolfe" })]) {
    for (const report of ["step", "epoch"] as const) {
      const run = train(n, { x: [[1]], y: [[0]] }, { optimizer, batchSize: "full", epochs: 2, report });
      await expect(run).rejects.toThrow(/^step 1: .* no longer finite; there was no good step before it/);
    }
  }
});

test("watched or in strides, steps have the same bits", async () => {
  for (const make of [
    lbfgs,
    levenbergMarquardt,
    (): Optimizer => gradientDescent({ search: "wolfe", growth: 2 }),
  ]) {
    const runs = await Promise.all(
      (["step", "epoch"] as const).map(async (report) => {
        const n = sourceNetwork(5);
        for await (const _ of trainEvents(n, examples, {
          optimizer: make() as Optimizer,
          batchSize: "full",
          epochs: 12,
          report,
        }));
        return Array.from(n.parameters);
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
  }
});

test("readable and generated code give the same bits, also in the vectors of a plan's memory", async () => {
  for (const make of [lbfgs, levenbergMarquardt, (): Optimizer => gradientDescent({ search: "wolfe" })]) {
    await loadKernels();
    const hashes = [];
    for (const kernels of ["scalar", "simd"] as const) {
      const n = network([dense(1, 9, "tanh"), dense(9, 5, "sigmoid"), dense(5, 1)], { seed: 7 });
      const options: TrainOptions = {
        optimizer: make() as Optimizer,
        batchSize: "full",
        epochs: 12,
        kernels,
      };
      hashes.push((await train(n, examples, options)).parametersSha256);
    }
    expect(hashes[0]).toBe(hashes[1]);
  }
});

test("the weight penalty is part of what levenbergMarquardt makes small", async () => {
  const penalty = 0.05;
  const sizes = [];
  for (const p of [0, penalty]) {
    const n = network([dense(1, 4, "tanh"), dense(4, 1)], { seed: 2, precision: "float64" });
    const options: TrainOptions = {
      optimizer: levenbergMarquardt(),
      batchSize: "full",
      epochs: 40,
      penalty: p,
    };
    await train(n, examples, options);
    sizes.push(Math.hypot(...n.weights(1), ...n.weights(2)));
  }
  expect(sizes[1]).toBeLessThan(sizes[0]! / 2);
});

test.each([
  ...methods,
  ["gradient descent by Goldstein", (): Optimizer => gradientDescent({ search: "goldstein", growth: 2 })],
  ["gradient descent by Wolfe", (): Optimizer => gradientDescent({ search: "wolfe", growth: 2 })],
] as [string, () => Optimizer][])(
  "%s: a run that was stopped, saved as a checkpoint and resumed ends with the same bits",
  async (_, make) => {
    const options = (): TrainOptions => ({ optimizer: make(), batchSize: "full", epochs: 9, penalty: 1e-4 });
    const whole = await train(small(), examples, options());
    for (const cut of [1, 4, 8]) {
      const n = small();
      let bytes: Uint8Array | undefined;
      const onCheckpoint = (state: TrainState): void => {
        bytes = toCheckpoint(n, state);
      };
      await train(n, examples, { ...options(), stop: { steps: cut }, onCheckpoint });
      const { network: back, state } = fromCheckpoint(bytes!);
      const result = await train(back, examples, { ...options(), resume: state as TrainState });
      expect({ ...result, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
    }
  },
);
