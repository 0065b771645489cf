/**
 * AdamW: Adam, and beside its step each parameter loses a share of itself.
 *
 *     w = w - rate weightDecay w;   then Adam's step
 *
 * The decay does not pass through Adam's moments, so that parameters with large gradients decay as fast as others; a penalty
 * that is added to the loss would be divided by the root like any gradient. The rate of both is the scheduled one.
 *
 * Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2, with the decay times the
 * learning rate, as PyTorch and others have it.
 */
import { OptionError, requireNames } from "../core/index.ts";
import type { Update } from "../kernels/index.ts";
import { type AdamOptions, type AdamState, adamNames, adamParts } from "./adam.ts";
import { declaredStep } from "./declared.ts";
import type { Optimizer } from "./types.ts";

export interface AdamWOptions extends AdamOptions {
  /**
   * Share of each parameter that a step takes away, over the learning rate; from 0 up, at most 1 / learningRate. Default 0.01.
   */
  weightDecay?: number;
}

/**
 * All parameters decay, biases too: an optimizer sees one flat vector. The `penalty` of training is another thing: it belongs
 * to the objective and spares the biases.
 *
 * @throws {OptionError} When a number is out of range.
 */
export function adamW(o: AdamWOptions = {}): Optimizer<AdamState> {
  const name = "adamW";
  requireNames(name, o, [...adamNames, "weightDecay"]);
  const { weightDecay = 0.01 } = o;
  const { options, init, declare } = adamParts(name, o);
  const taken = options.learningRate * weightDecay;
  if (!(weightDecay >= 0 && taken <= 1)) {
    throw new OptionError(
      "weightDecay",
      `adamW: weightDecay is ${String(weightDecay)}, expected a number from 0 to 1 / learningRate (${1 / options.learningRate}), ` +
        "since each step takes the share learningRate times weightDecay of every parameter away; pass for example 0.01.",
    );
  }
  const declareW = (state: AdamState): Update & { rule: "adamW" } => {
    return { ...declare(state), rule: name, weightDecay };
  };
  return { name, options: { ...options, weightDecay }, init, ...declaredStep(name, declareW) };
}
