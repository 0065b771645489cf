/** Twenty steps of each declared update rule against PyTorch's optimizers: tools/reference-networks.py. */
import { readFileSync } from "node:fs";
import { type Precision, type Vector, zeros } from "talweg/core";
import { type Activation, createPlan, type Loss, type Update } from "talweg/kernels";
import { dense, type Network, restoreNetwork } from "talweg/network";
import { adam, adamW, gradientDescent, momentum, nesterov, type Optimizer, rmsProp } from "talweg/optim";
import { trainEvents } from "talweg/train";
import { describe, expect, test } from "vitest";

interface Run {
  name: string;
  optimizer: Update["rule"];
  options: {
    learningRate: number;
    momentum?: number;
    decay?: number;
    beta1?: number;
    beta2?: number;
    epsilon?: number;
    weightDecay?: number;
  };
  layers: { inputs: number; units: number; activation: Activation }[];
  loss: Loss;
  rows: number;
  batch: number;
  steps: number;
  order: number[];
  x: number[];
  y: number[];
  start: number[];
  losses: number[];
  end: number[];
}

const { runs } = JSON.parse(
  readFileSync(new URL("../reference/networks-training.json", import.meta.url), "utf8"),
) as { runs: Run[] };

/** The rule of each step; the running products of the betas are the state. */
function* updates({ optimizer, options }: Run, zero: () => Vector): Generator<Update, never> {
  const { learningRate, momentum = 0, decay = 0, epsilon = 0, weightDecay = 0 } = options;
  const { beta1 = 0, beta2 = 0 } = options;
  const [m, v] = [zero(), zero()];
  for (let product1 = beta1, product2 = beta2; ; product1 *= beta1, product2 *= beta2) {
    const corrections = { correction1: 1 - product1, correction2: 1 - product2 };
    const moments = { learningRate, beta1, beta2, epsilon, ...corrections, m, v };
    if (optimizer === "gradientDescent") yield { rule: optimizer, learningRate };
    else if (optimizer === "rmsProp") yield { rule: optimizer, learningRate, decay, epsilon, v };
    else if (optimizer === "adam") yield { rule: optimizer, ...moments };
    else if (optimizer === "adamW") yield { rule: optimizer, ...moments, weightDecay };
    else yield { rule: optimizer, learningRate, momentum, velocity: m };
  }
}

function rerun(run: Run, precision: Precision): { losses: number[]; w: Vector } {
  const vector = (numbers: readonly number[]): Vector => {
    const out = zeros(precision, numbers.length);
    out.set(numbers);
    return out;
  };
  const layers = run.layers.map((layer) => ({ ...layer, dropout: 0 }));
  const inputs = layers[0]!.inputs;
  const outputs = layers.at(-1)!.units;
  const plan = createPlan({ layers, loss: run.loss, precision });
  const data = { x: vector(run.x), y: vector(run.y), rows: run.rows, inputs, outputs };
  const order = Uint32Array.from(run.order);
  const w = vector(run.start);
  const g = zeros(precision, w.length);
  const rules = updates(run, () => zeros(precision, w.length));
  const losses: number[] = [];
  for (let step = 0; step < run.steps; step++) {
    plan.load(data, { order, from: step * run.batch, rows: run.batch });
    losses.push(plan.gradient(w, g));
    plan.update(rules.next().value, w, g);
  }
  return { losses, w };
}

function worst(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...theirs.map((b, i) => Math.abs(ours[i]! - b) / Math.max(1, Math.abs(b))));
}

test.each(runs)("$name: every loss and the last parameters are PyTorch's within 1e-12 in float64", (run) => {
  const { losses, w } = rerun(run, "float64");
  expect(worst(losses, run.losses)).toBeLessThanOrEqual(1e-12);
  expect(worst(w, run.end)).toBeLessThanOrEqual(1e-12);
});

test.each(runs)("$name: every loss and the last parameters are PyTorch's within 2e-5 in float32", (run) => {
  const { losses, w } = rerun(run, "float32");
  expect(worst(losses, run.losses)).toBeLessThanOrEqual(2e-5);
  expect(worst(w, run.end)).toBeLessThanOrEqual(2e-5);
});

/** The library's own optimizer of that name. */
function optimizerOf({ optimizer, options }: Run): Optimizer {
  const make = { gradientDescent, momentum, nesterov, rmsProp, adam, adamW };
  return make[optimizer](options) as Optimizer;
}

async function trained(run: Run, precision: Precision): Promise<{ losses: number[]; n: Network }> {
  const vector = (numbers: readonly number[]): Vector => {
    const out = zeros(precision, numbers.length);
    out.set(numbers);
    return out;
  };
  const layers = run.layers.map(({ inputs, units, activation }) => dense(inputs, units, activation));
  const n = restoreNetwork(layers, vector(run.start), { seed: 0 });
  const data = { x: vector(run.x), y: vector(run.y), rows: run.rows, inputs: n.inputs, outputs: n.outputs };
  const losses: number[] = [];
  const options = {
    loss: run.loss,
    optimizer: optimizerOf(run),
    epochs: run.steps,
    batchSize: "full" as const,
  };
  for await (const event of trainEvents(n, data, options))
    if (event.event === "step") losses.push(event.loss);
  return { losses, n };
}

describe("train, with the library's own optimizers over full batches", () => {
  const full = runs.filter(({ batch, rows }) => batch === rows);

  test("the stored runs have one of each optimizer", () => {
    expect(full.map(({ optimizer }) => optimizer)).toEqual([
      "gradientDescent",
      "momentum",
      "adam",
      "nesterov",
      "rmsProp",
      "adamW",
    ]);
  });

  test.each(full)("$name gives PyTorch's losses and parameters within 1e-12 in float64", async (run) => {
    const { losses, n } = await trained(run, "float64");
    expect(worst(losses, run.losses)).toBeLessThanOrEqual(1e-12);
    expect(worst(n.parameters, run.end)).toBeLessThanOrEqual(1e-12);
  });

  test.each(full)("$name gives PyTorch's losses and parameters within 2e-5 in float32", async (run) => {
    const { losses, n } = await trained(run, "float32");
    expect(worst(losses, run.losses)).toBeLessThanOrEqual(2e-5);
    expect(worst(n.parameters, run.end)).toBeLessThanOrEqual(2e-5);
  });
});
