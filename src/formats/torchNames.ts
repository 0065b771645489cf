/** The modules of PyTorch that a network is, and their numbers, as nn.Sequential counts them. */
import { OptionError } from "../core/index.ts";
import type { Layer } from "../network/index.ts";
import { shorten } from "./strictJson.ts";

/** The arguments that make PyTorch compute what is computed here; its softplus goes over to z at 20 by default. */
const modules: Readonly<Record<Exclude<Layer["activation"], "linear">, string>> = {
  sigmoid: "Sigmoid()",
  tanh: "Tanh()",
  relu: "ReLU()",
  leakyRelu: "LeakyReLU(0.01)",
  elu: "ELU()",
  selu: "SELU()",
  gelu: "GELU()",
  silu: "SiLU()",
  softplus: "Softplus(threshold=500)",
  softmax: "Softmax(dim=1)",
};

/**
 * What to write in Python so that `load_state_dict` fits: "Linear(2, 16)", "Tanh()", "Linear(16, 1)", …, for
 * `nn.Sequential`; dropout has a module of its own, a linear activation has none.
 */
export function torchModules(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ inputs, units, activation, dropout }) => [
    `Linear(${inputs}, ${units})`,
    ...(activation === "linear" ? [] : [modules[activation]]),
    ...(dropout > 0 ? [`Dropout(${dropout})`] : []),
  ]);
}

/** The numbers of the linear modules: ["0", "2", "4"] where an activation stands between any two. */
export function torchNumbers(layers: readonly Layer[]): string[] {
  return [...torchModules(layers).entries()]
    .filter(([, module]) => module.startsWith("Linear"))
    .map(([i]) => String(i));
}

/** @throws {OptionError} When there is not one name a layer, each once. */
export function checkNames(names: readonly string[], layers: readonly Layer[]): void {
  const texts = Array.isArray(names) && names.every((name) => typeof name === "string" && name !== "");
  if (texts && names.length === layers.length && new Set(names).size === names.length) return;
  throw new OptionError(
    "names",
    `names is ${shorten(names)}, expected ${layers.length} different texts, one for each layer, since tensors are called NAME.weight and NAME.bias; ` +
      `write for example ${shorten(torchNumbers(layers))}.`,
  );
}
