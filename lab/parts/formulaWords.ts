/** What a formula says, in a sentence. */
import type { Network } from "talweg";
import type { Explanation, ParameterExplanation } from "talweg/explain";
import type { DataSetting } from "../state/types.ts";
import { mathNumber } from "./mathNumber.ts";
import { neuronWords } from "./parameterPlace.ts";

/** Digits of a number in a sentence. */
const DIGITS = 4;
const said = (value: number): string => mathNumber(value, DIGITS);

/** "Neuron 3 of layer 2 adds up 12 products and its bias to 0.41, of which tanh makes 0.39." */
export function neuronSentence(
  data: Pick<DataSetting, "names">,
  n: Network,
  { layers, input }: Explanation,
  layer: number,
  unit: number,
): string {
  const name = capital(neuronWords(data, n, layer, unit));
  if (layer === 0)
    return `${name} is ${said(input[unit] ?? Number.NaN)} in this example; it is given, not computed.`;
  const { activation, units } = layers[layer - 1]!;
  const { terms, z, a, kink } = units[unit]!;
  const products = terms.length === 1 ? "one product" : `${terms.length} products`;
  const made =
    activation === "linear"
      ? "which it hands on as it is"
      : activation === "softmax"
        ? `which softmax, beside the sums of the other outputs, makes the share ${said(a)}`
        : activation === "relu" && z <= 0
          ? "which is not above 0, so relu says 0"
          : `of which ${activation} makes ${said(a)}`;
  return `${name} adds up ${products} and its bias to ${said(z)}, ${made}${kink ? ", right at its kink" : ""}.`;
}

/** What a small change of the parameter does to the loss of the example. */
export function parameterSentence({ name, paths, value, local, slope: own }: ParameterExplanation): string {
  const slope = paths.sum;
  if (slope === 0) {
    const why =
      local.value === 0
        ? `what it multiplies, ${local.formula}, is 0`
        : own?.value === 0
          ? "its neuron is where the activation is flat"
          : "nothing behind its neuron passes anything on";
    return `${name} is ${said(value)}. A small change of it changes nothing in the loss of this example, since ${why}.`;
  }
  const size = said(Math.abs(slope));
  const way = slope > 0 ? "rises" : "falls";
  const help = slope > 0 ? "smaller" : "larger";
  return `${name} is ${said(value)}. Where it grows a little, the loss of this example ${way} ${size} times as much; so for this example it should be ${help}.`;
}

/** What the network says of the example, and how far off that is. */
export function lossSentence(
  { loss, outputs }: Explanation,
  row: number,
  rows: number,
  mean: number | null,
): string {
  if (loss === undefined) return "";
  const one = outputs.length === 1;
  const share = loss.outputs.find(({ target }) => target === 1);
  const answer = one
    ? `the network says ${said(outputs[0]!.output)} and ${said(loss.outputs[0]!.target)} is wanted`
    : share === undefined
      ? `the network gives ${outputs.length} outputs`
      : `the network gives the wanted class ${said(share.output)}`;
  const all = mean === null ? "the mean is not finite" : `the mean over all ${rows} is ${said(mean)}`;
  return `In example ${row + 1} ${answer}, which costs ${said(loss.value)}; ${all}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
