/** What a network makes of one picture: all activations, and which pixels spoke for an answer. Every number is the library's. */
import {
  type Activation,
  type Dataset,
  dense,
  type Layer,
  type Loss,
  type Network,
  network,
  objective,
} from "talweg";

export interface Reading {
  /** Of each layer, the outputs last. */
  readonly activations: readonly (readonly number[])[];
  /** Of the last layer before its activation. */
  readonly logits: readonly number[];
  /** The place of the largest output. */
  readonly answer: number;
}

/** @param input `[784]`. */
export function readingOf(n: Network, input: Float32Array): Reading {
  const { z, a } = n.forward(input);
  const activations = a.map((layer) => Array.from(layer));
  const outputs = activations.at(-1) ?? [];
  return { activations, logits: Array.from(z.at(-1) ?? []), answer: largestAt(outputs) };
}

export function largestAt(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

/** The loss of a classifier of images by its outputs, where it does not name one itself. */
export function lossOf(n: Network): Loss {
  if (n.metadata.loss !== undefined) return n.metadata.loss;
  const { activation } = n.layers.at(-1)!;
  if (activation === "softmax" || activation === "linear") return "categoricalCrossEntropy";
  return activation === "sigmoid" ? "binaryCrossEntropy" : "meanSquaredError";
}

/** A network with the same numbers, some neurons of hidden layers silenced: what they hand on counts nothing. */
export function silenced(n: Network, off: readonly Neuron[]): Network {
  const copy = network([...n.layers], { precision: n.precision });
  copy.parameters.set(n.parameters);
  Object.assign(copy.metadata, structuredClone(n.metadata));
  for (const { layer, unit } of off) {
    const next = n.layers[layer];
    if (next !== undefined) copy.weights(layer + 1).fill(0, unit * next.units, (unit + 1) * next.units);
  }
  return copy;
}

/** Layers from 1, units from 0. */
export interface Neuron {
  readonly layer: number;
  readonly unit: number;
}

export const sameNeuron = (a: Neuron, b: Neuron): boolean => a.layer === b.layer && a.unit === b.unit;

export interface Attribution {
  /** x_i times the derivative of the logit by x_i, `[784]`. */
  readonly pixels: readonly number[];
  readonly logit: number;
  /** Sums of the pixels that speak for the class and against it. */
  readonly forIt: number;
  readonly against: number;
  /** What is left of the logit: the part of the biases. Exactly that where all hidden layers are relu or linear. */
  readonly rest: number;
}

/**
 * Input times gradient of one output's logit (Shrikumar et al., arXiv 1605.01713).
 *
 * The library differentiates by parameters. So the picture is made the biases of a layer in front, and the logit the only output
 * y of a loss (y - t)² with t = y - 1/2, whose derivative by y is 1: the gradient by those biases is that of the logit.
 *
 * @param input `[784]`.
 */
export function attributionOf(n: Network, input: Float32Array, label: number): Attribution {
  const pixels = input.length;
  const last = n.layers.at(-1)!;
  // Starts would be drawn for nothing.
  const zeros = { init: "zeros" } as const;
  const hidden = n.layers.slice(0, -1).map((layer): Layer => ({ ...layer, ...zeros }));
  const probe = network(
    [dense(1, pixels, "linear", zeros), ...hidden, dense(last.inputs, 1, "linear", zeros)] as Layer[],
    {
      precision: n.precision,
    },
  );
  const w = probe.parameters;
  w.fill(0, 0, pixels);
  w.set(input, pixels);
  const before = hidden.reduce((sum, { inputs, units }) => sum + (inputs + 1) * units, 0);
  w.set(n.parameters.subarray(0, before), 2 * pixels);
  const [weights, biases] = [n.weights(n.layers.length), n.biases(n.layers.length)];
  for (let i = 0; i < last.inputs; i++) w[2 * pixels + before + i] = weights[i * last.units + label]!;
  w[2 * pixels + before + last.inputs] = biases[label]!;
  const logit = probe.predict([[0]])[0]!;
  const one = { x: new Float32Array(1), y: Float32Array.of(logit - 0.5), rows: 1, inputs: 1, outputs: 1 };
  const g = n.precision === "float64" ? new Float64Array(w.length) : new Float32Array(w.length);
  objective(probe, "meanSquaredError", one satisfies Dataset, { kernels: "scalar" }).gradient(w, g);
  const products = Array.from(input, (x, i) => x * g[pixels + i]!);
  const sum = (sign: 1 | -1): number => products.reduce((s, p) => (p * sign > 0 ? s + p : s), 0);
  const [forIt, against] = [sum(1), sum(-1)];
  return { pixels: products, logit, forIt, against, rest: logit - forIt - against };
}

/** Whether the pixels and the biases make up the logit exactly. */
export const isPiecewiseLinear = (n: Network): boolean =>
  n.layers
    .slice(0, -1)
    .every(({ activation }) => (["relu", "leakyRelu", "linear"] as Activation[]).includes(activation));
