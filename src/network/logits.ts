/** Whether a network's outputs are logits. */
import type { Loss } from "../kernels/index.ts";
import type { Network } from "./types.ts";

/**
 * Whether the outputs are logits, of which sigmoid or softmax makes probabilities: a linear last layer under a cross-entropy,
 * which has them inside.
 *
 * @param loss By default that of the training; a network without one gives no logits.
 */
export function givesLogits(
  { layers, metadata }: Pick<Network, "layers" | "metadata">,
  loss: Loss | undefined = metadata.loss,
): boolean {
  const crossEntropy = loss === "binaryCrossEntropy" || loss === "categoricalCrossEntropy";
  return crossEntropy && layers.at(-1)!.activation === "linear";
}
