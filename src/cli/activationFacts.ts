/** What is known of each activation function: its formula, its range, its kinks, and numbers from the kernels themselves. */
import { type Activation, type ActivationFunction, activationTable } from "../kernels/index.ts";

export type ScalarActivation = Exclude<Activation, "softmax">;

export interface ActivationFacts {
  name: Activation;
  /** a = s(z), for people. */
  formula: string;
  /** s'(z), for people; a is s(z). */
  derivative: string;
  /** The range, for people: a bracket belongs to a bound that is reached. */
  range: string;
  /** Its ends; null where there is none. */
  low: number | null;
  high: number | null;
  /** Where the derivative jumps, and from what to what; null where it does not, and for softmax. */
  kink: { z: number; left: number; right: number } | null;
  /** Empty for softmax, which needs a whole row. */
  points: ActivationPoint[];
}

interface ActivationPoint {
  z: number;
  value: number;
  derivative: number;
}

interface Known {
  formula: string;
  derivative: string;
  range: string;
  low: number | null;
  high: number | null;
}

const all = { low: null, high: null, range: "(−∞, ∞)" };
const share = { low: 0, high: 1, range: "(0, 1)" };

const known: Readonly<Record<Activation, Known>> = {
  linear: { formula: "z", derivative: "1", ...all },
  sigmoid: { formula: "1 / (1 + exp(−z))", derivative: "a (1 − a)", ...share },
  tanh: { formula: "tanh z", derivative: "1 − a²", low: -1, high: 1, range: "(−1, 1)" },
  relu: { formula: "max(0, z)", derivative: "1 if z > 0 else 0", low: 0, high: null, range: "[0, ∞)" },
  leakyRelu: { formula: "z if z > 0 else 0.01 z", derivative: "1 if z > 0 else 0.01", ...all },
  elu: {
    formula: "z if z > 0 else exp(z) − 1",
    derivative: "1 if z > 0 else a + 1",
    low: -1,
    high: null,
    range: "(−1, ∞)",
  },
  selu: {
    formula: "λz if z > 0 else λα(exp(z) − 1)",
    derivative: "λ if z > 0 else a + λα",
    low: -1.7580993408473766,
    high: null,
    range: "(−1.758, ∞)",
  },
  // The lower ends of these two are minima, found where the derivative is 0.
  gelu: {
    formula: "z Φ(z)",
    derivative: "Φ(z) + z φ(z)",
    low: -0.16997120747990366,
    high: null,
    range: "[−0.170, ∞)",
  },
  silu: {
    formula: "z σ(z)",
    derivative: "σ(z) + a (1 − σ(z))",
    low: -0.27846454276107374,
    high: null,
    range: "[−0.278, ∞)",
  },
  softplus: { formula: "log(1 + exp(z))", derivative: "σ(z)", low: 0, high: null, range: "(0, ∞)" },
  softmax: { formula: "exp(z_j) / Σ exp(z_k)", derivative: "a_j ([j = k] − a_k)", ...share },
};

const table = activationTable("float64");

/** @param at Where value and derivative are wanted. */
export function factsOf(name: Activation, at: readonly number[]): ActivationFacts {
  if (name === "softmax") return { name, ...known[name], kink: null, points: [] };
  return { name, ...known[name], kink: kinkOf(table[name]), points: at.map((z) => pointOf(name, z)) };
}

/** Value and derivative in float64, as the readable kernels have them. */
export function pointOf(name: ScalarActivation, z: number): ActivationPoint {
  const value = table[name].value(z);
  return { z, value, derivative: table[name].derivative(z, value) };
}

/** All functions of the list are smooth but at 0, so it is enough to look there. */
function kinkOf({ value, derivative }: ActivationFunction): ActivationFacts["kink"] {
  const tiny = 1e-12;
  const left = derivative(0, value(0));
  const right = derivative(tiny, value(tiny));
  return Math.abs(right - left) > 1e-6 ? { z: 0, left, right } : null;
}
