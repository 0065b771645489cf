/** What the doctor's findings mean, each in a sentence for who has not met it before. */
import type { Finding, FindingCode } from "talweg";
import type { Selected } from "../state/types.ts";

export const findingTitles: Readonly<Record<FindingCode, string>> = {
  "not-finite": "A number has overflowed",
  saturated: "A saturated layer",
  "dead-relu": "Dead neurons",
  "vanishing-gradient": "A vanishing gradient",
  "exploding-gradient": "An exploding gradient",
  "constant-feature": "An input that never changes",
  "unscaled-feature": "Inputs of very different size",
  "outside-trained-range": "Asked beyond what was trained on",
  "target-out-of-range": "Targets that cannot be reached",
  "class-imbalance": "Classes of very different size",
  "learning-rate-too-large": "Steps that are too large",
  "learning-rate-too-small": "Steps that are too small",
  "over-fitting": "Learning by heart",
};

export const findingMeanings: Readonly<Record<FindingCode, string>> = {
  "not-finite": "Once a number is infinite or not a number, everything that is computed from it is too.",
  saturated:
    "Where an activation is flat, a change of the weights changes next to nothing behind it, so there is hardly a slope to follow.",
  "dead-relu":
    "A ReLU that says 0 for every example has slope 0 everywhere: nothing tells its weights how to come back.",
  "vanishing-gradient":
    "Each layer multiplies what comes back by its weights and slopes; where these are small, little arrives at the first layers.",
  "exploding-gradient":
    "Each layer multiplies what comes back by its weights and slopes; where these are large, one step throws the first layers far off.",
  "constant-feature": "What is the same for all examples cannot tell one from another.",
  "unscaled-feature": "One step size has to suit all weights, and cannot where inputs differ much in size.",
  "outside-trained-range": "There the network has seen nothing, so what it says is a guess.",
  "target-out-of-range":
    "The last activation only has values within its range, so the loss cannot come to 0.",
  "class-imbalance": "To say the largest class always is then right already most of the time.",
  "learning-rate-too-large": "A step beyond the other side of the valley lands higher than it began.",
  "learning-rate-too-small":
    "The loss falls, but a longer step would take it down as surely and much faster.",
  "over-fitting": "It knows the examples that it trained on, and not what they have in common with others.",
};

/** What there is to be looked at. */
export function placeOf({ layer, columns }: Finding): Selected | undefined {
  if (layer !== undefined) return { kind: "neuron", layer, unit: 0 };
  const unit = columns?.[0];
  return unit === undefined ? undefined : { kind: "neuron", layer: 0, unit };
}
