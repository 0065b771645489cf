/** The chain of three neurons by which section 6.3 of the source explains backpropagation, with the numbers of its example. */
import { dense, type Network, restoreNetwork } from "../network/index.ts";

/** The example that goes with the chain: input and target, one number each. */
export const chainExample: { readonly input: readonly number[]; readonly target: readonly number[] } = {
  input: [0.5],
  target: [0.25],
};

/**
 * Three layers of one sigmoid each, in float64, with the loss sumOfSquares: W1 = 0.8, b1 = 0.1, W2 = -0.6, b2 = 0.2,
 * W3 = 1.2, b3 = -0.3.
 */
export function chain(): Network {
  const layers = [dense(1, 1, "sigmoid"), dense(1, 1, "sigmoid"), dense(1, 1, "sigmoid")];
  const parameters = Float64Array.of(0.8, 0.1, -0.6, 0.2, 1.2, -0.3);
  return restoreNetwork(layers, parameters, { loss: "sumOfSquares", seed: 0 });
}
