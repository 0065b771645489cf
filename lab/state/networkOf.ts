/** The network of a setting at its start: the same bits as those of the command line. */
import { type Activation, type Dataset, dense, type Loss, type Network, network, OptionError } from "talweg";
import { textToFloats } from "./bits.ts";
import type { Setting } from "./types.ts";

/**
 * A network as the setting's seed starts it; `start` is not looked at, see `startOf`.
 *
 * @throws {OptionError} When an activation cannot stand where it does.
 */
export function networkOf(
  { hidden, output, init, seed }: Pick<Setting, "hidden" | "output" | "init" | "seed">,
  data: Dataset,
): Network {
  const start = init === null ? {} : { init };
  const widths = [data.inputs, ...hidden.map(({ units }) => units)];
  const layers = hidden.map(({ units, activation }, i) => dense(widths[i]!, units, activation, start));
  const last = dense(widths.at(-1)!, data.outputs, output ?? outputActivation(data), start);
  return network([...layers, last], { seed });
}

/** What the last layer is where the setting leaves it open, by the targets. */
function outputActivation(data: Dataset): Activation {
  if (!hasClasses(data)) return "linear";
  return data.outputs === 1 ? "sigmoid" : "softmax";
}

/** The loss where the setting leaves it open, as `train` chooses it. */
export function lossOf({ loss }: Pick<Setting, "loss">, n: Network, data: Dataset): Loss {
  if (loss !== null) return loss;
  const { activation } = n.layers.at(-1)!;
  if (activation === "softmax") return "categoricalCrossEntropy";
  return activation === "sigmoid" && hasClasses(data) ? "binaryCrossEntropy" : "meanSquaredError";
}

/** Whether targets are classes. */
export function hasClasses(data: Dataset): boolean {
  return data.y instanceof Uint8Array || data.classes !== undefined;
}

/**
 * Where training begins: the numbers of `start`, else those of the seed.
 *
 * @throws {OptionError} When `start` is damaged or has another count than the network has parameters.
 */
export function startOf({ start }: Pick<Setting, "start">, n: Network): Float32Array {
  if (start === null) return n.parameters.slice() as Float32Array;
  const parameters = textToFloats(start, "start");
  if (parameters.length === n.parameterCount) return parameters;
  throw new OptionError(
    "start",
    `setting: start has ${parameters.length} numbers, expected ${n.parameterCount}, the parameters of this network; ` +
      "copy the link again, or begin at the seed.",
  );
}
