/** The small problem whose minima are looked at: a 1-h-1 network with tanh units on noisy points of a sine. */
import type { Dataset, Objective } from "../core/index.ts";
import { sine } from "../data/index.ts";
import { dense, type Layer, type Network, network, objective, restoreNetwork } from "../network/index.ts";

/** Two periods: four bends, so that a network of few units has to leave some of them out, and may leave out the wrong ones. */
export const CURVE_INTERVAL: readonly [number, number] = [-2 * Math.PI, 2 * Math.PI];

/** Standard deviation of the targets' noise: no network of these sizes reaches a loss of 0. */
export const CURVE_NOISE = 0.1;

export interface CurveProblem {
  readonly data: Dataset;
  readonly hidden: number;
  /** Of the examples. */
  readonly seed: number;
  readonly parameterCount: number;
  /** Mean squared error plus penalty / 2 times the sum of squared weights, in float64. */
  readonly objective: Objective;
  /** `[parameterCount]`: the start that a seed draws (Glorot's, biases 0). */
  start(seed: number): Float64Array;
  /** A network with these parameters. */
  networkAt(parameters: Float64Array): Network;
}

/** @param hidden Units of the hidden layer. */
export function curveProblem(hidden: number, rows: number, seed: number, penalty: number): CurveProblem {
  const data = sine({ rows, interval: CURVE_INTERVAL, noise: CURVE_NOISE, seed, precision: "float64" });
  const layers: readonly Layer[] = [dense(1, hidden, "tanh"), dense(hidden, 1)];
  const drawn = (from: number): Network => network(layers, { seed: from, precision: "float64" });
  const first = drawn(seed);
  return {
    data,
    hidden,
    seed,
    parameterCount: first.parameterCount,
    objective: objective(first, "meanSquaredError", data, { penalty }),
    start: (from) => Float64Array.from(drawn(from).parameters),
    networkAt: (parameters) => restoreNetwork(layers, parameters, { ...first.metadata }),
  };
}
