/** What a number of the page is, in words. */
import type { Lab, Method } from "../state/types.ts";
import type { DataRow } from "./Frame.tsx";
import { mathNumber } from "./mathNumber.ts";
import type { Topic } from "./showCalculation.ts";

const said = (value: number | null): string => (value === null ? "not finite" : mathNumber(value, 4));

/** "the accuracy" */
export function topicTitle(topic: Topic): string {
  if (topic.kind === "gradientNorm") return `the gradient of layer ${topic.layer}`;
  if (topic.kind === "accuracy") return topic.test ? "the accuracy in the test" : "the accuracy";
  return { testLoss: "the test loss", stepSize: "the step size", hash: "the hash" }[topic.kind];
}

/** Whether the number is there: with other data or fewer layers it may be gone. */
export function topicExists(lab: Lab, topic: Topic): boolean {
  const { accuracy, testAccuracy, gradientNorms } = lab.measures();
  if (topic.kind === "accuracy") return (topic.test ? testAccuracy : accuracy) !== null;
  if (topic.kind === "testLoss") return lab.testset() !== lab.dataset();
  return topic.kind !== "gradientNorm" || topic.layer <= gradientNorms.length;
}

/** How a step size comes about, by method. */
const stepWords: Readonly<Record<Method, string>> = {
  auto: "A line search on the first batch gave the first step size; from then on the way that the parameters have gone says whether it can be longer, and where the length of the run is known it falls to 0 at the last step.",
  guess: "1 where the guess was better than the best so far and is kept, 0 where it was not.",
  perturb: "1 where the small change made the loss smaller and is kept, 0 where it did not.",
  gradientDescent: "It is the learning rate that was chosen, the same for every step.",
  armijo:
    "It was searched for: the longest of the trials, each half of the one before, at which the loss falls as far as Armijo's condition asks.",
  momentum: "It is the learning rate that was chosen; how far a step goes also depends on the steps before.",
  adam: "It is the learning rate that was chosen; each parameter's own step is that times the mean of its last derivatives by their size.",
  lbfgs:
    "It was searched for along a direction that the last gradients gave: the first trial is 1, and each is shorter until the loss falls far enough.",
  stochasticArmijo:
    "It was searched for on the batch of this step: from a little more than the last step size, each trial nine tenths of the one before, until the loss of the batch falls far enough.",
};

const stepSentence = (lab: Lab): string => stepWords[lab.setting().trainer.method];

export function topicSentence(lab: Lab, topic: Topic): string {
  const { accuracy, testAccuracy, testLoss, loss, gradientNorms, hash } = lab.measures();
  if (topic.kind === "accuracy") {
    const share = topic.test ? testAccuracy : accuracy;
    const which = topic.test ? "examples that training never sees" : "examples";
    return `The network names the right class for ${said(share === null ? null : 100 * share)} % of the ${which}. How sure it is does not count here; the loss says that.`;
  }
  if (topic.kind === "testLoss") {
    return `The mean loss over examples that training never sees is ${said(testLoss)}; over those that it trains on it is ${said(loss)}. Where the first rises while the second falls, the network learns by heart.`;
  }
  if (topic.kind === "gradientNorm") {
    return `How strongly layer ${topic.layer} is asked to change: all derivatives of the mean loss by its weights and biases, as one length, ${said(gradientNorms[topic.layer - 1] ?? 0)}.`;
  }
  if (topic.kind === "hash") {
    return `${hash} are the first eight digits of the SHA-256 of all ${lab.network().parameterCount} parameters: two networks with the same letters have the same weights, to the last bit.`;
  }
  const { stepSize } = lab.progress();
  return stepSize === null
    ? "No step was taken yet, so there is no step size."
    : `The last step went t = ${said(stepSize)} along its direction. ${stepSentence(lab)}`;
}

export function topicRows(lab: Lab, topic: Topic): DataRow[] {
  const { accuracy, testAccuracy, loss, testLoss, gradientNorms, hash } = lab.measures();
  if (topic.kind === "accuracy")
    return [
      { name: "accuracy", value: accuracy },
      { name: "accuracy in the test", value: testAccuracy },
    ];
  if (topic.kind === "testLoss")
    return [
      { name: "loss", value: loss },
      { name: "test loss", value: testLoss },
    ];
  if (topic.kind === "gradientNorm")
    return gradientNorms.map((value, i) => ({ name: `norm of the gradient of layer ${i + 1}`, value }));
  return [
    topic.kind === "hash"
      ? { name: "hash", value: hash }
      : { name: "step size", value: lab.progress().stepSize },
  ];
}
