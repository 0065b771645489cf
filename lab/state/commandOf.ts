/** The line of the command that gives the same bits. */
import type { Dataset } from "talweg";
import { batchOf, methodsWithRate, plannedSteps } from "./training.ts";
import type { Method, Setting } from "./types.ts";

const optimizerNames: Readonly<Record<Method, string>> = {
  auto: "auto",
  guess: "guess",
  perturb: "perturb",
  gradientDescent: "gradient-descent",
  armijo: "armijo",
  momentum: "momentum",
  adam: "adam",
  lbfgs: "lbfgs",
  stochasticArmijo: "stochastic-armijo",
};

/**
 * `talweg train …` with every choice spelled out; null where the command has no words for it: points of the reader's own,
 * weights that were set by hand, activations that differ from layer to layer, or no hidden layer at all.
 */
export function commandOf(setting: Setting, data: Dataset): string | null {
  const { data: set, hidden, output, init, loss, trainer, seed, start, step } = setting;
  const activations = new Set(hidden.map(({ activation }) => activation));
  if (set.points !== undefined || start !== null || activations.size !== 1) return null;
  const { method, learningRate, epochs, penalty } = trainer;
  const words: (string | number)[] = ["talweg train", set.kind, "--rows", set.rows, "--noise", set.noise];
  if (set.kind === "parabola" || set.kind === "sine") words.push(`--interval=${set.interval.join()}`);
  words.push("--layers", hidden.map(({ units }) => units).join(), "--activation", ...activations);
  if (output !== null) words.push("--output-activation", output);
  if (init !== null) words.push("--init", init);
  if (loss !== null) words.push("--loss", loss);
  words.push("--optimizer", optimizerNames[method]);
  if (methodsWithRate.includes(method)) words.push("--learning-rate", learningRate);
  words.push("--batch-size", batchOf(trainer), "--epochs", epochs);
  if (penalty !== 0) words.push("--penalty", penalty);
  words.push("--seed", seed);
  if (step > 0 && step < plannedSteps(setting, data.rows)) words.push("--stop-steps", step);
  return words.join(" ");
}
