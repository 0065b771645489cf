/** A network as a safetensors file, in this library's layout or in PyTorch's, and back; also files without a description. */
import { OptionError } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import { asFormatError } from "./description.ts";
import { descriptionIn, modelFrom, modelMetadata, modelTensors, requireFiniteParameters } from "./model.ts";
import { readSafetensors } from "./readSafetensors.ts";
import { isObject, shorten } from "./strictJson.ts";
import { type Tensor, toTensor } from "./tensorBytes.ts";
import { checkLayout, type DescribedOptions, describedNetwork, type Layout } from "./torchLayout.ts";
import { checkNames, torchNumbers } from "./torchNames.ts";
import { writeSafetensors } from "./writeSafetensors.ts";

export interface SafetensorsOptions {
  /** How weights are named and lie: "talweg", `layers.1.weights` `[in, out]`; "torch", `0.weight` `[out, in]`; "talweg". */
  layout?: Layout;
  /** With "torch": what stands before `.weight` and `.bias` of each layer; the places in nn.Sequential by default. */
  names?: readonly string[];
}

/**
 * The bytes of a safetensors file; the same network always gives the same bytes.
 *
 * In our layout: tensors `layers.1.weights` `[inputs, units]`, `layers.1.biases` `[units]`, …. In PyTorch's: `0.weight`
 * `[units, inputs]`, `0.bias` `[units]`, …, numbered as the modules that `torchModules` lists. Either has the description as
 * JSON under the metadata key `talweg`.
 *
 * @throws {NotFiniteError} When a parameter is NaN or infinite, with its layer.
 * @throws {OptionError} When the layout is unknown, or there is not one name a layer.
 */
export function toSafetensors(n: Network, { layout = "talweg", names }: SafetensorsOptions = {}): Uint8Array {
  if (checkLayout(layout) === "torch") return torchFile(n, names);
  if (names !== undefined) {
    throw new OptionError(
      "names",
      `toSafetensors: names is ${shorten(names)}, expected none in our own layout, whose names are fixed; add layout: "torch".`,
    );
  }
  return writeSafetensors(modelTensors(n), modelMetadata(n));
}

function torchFile(n: Network, names: readonly string[] | undefined): Uint8Array {
  requireFiniteParameters(n);
  if (names !== undefined) checkNames(names, n.layers);
  const used = names ?? torchNumbers(n.layers);
  const tensors = new Map<string, Tensor>();
  for (const [i, { inputs, units }] of n.layers.entries()) {
    const from = n.weights(i + 1);
    const turned = from.slice();
    for (let j = 0; j < units; j++)
      for (let k = 0; k < inputs; k++) turned[j * inputs + k] = from[k * units + j]!;
    tensors.set(`${used[i]}.weight`, toTensor(turned, [units, inputs]));
    tensors.set(`${used[i]}.bias`, toTensor(n.biases(i + 1), [units]));
  }
  const description = JSON.parse(modelMetadata(n).get("talweg") as string) as Record<string, unknown>;
  const talweg = JSON.stringify({ ...description, layout: "torch", names: used });
  // Readers of PyTorch's world look for "pt".
  return writeSafetensors(
    tensors,
    new Map([
      ["format", "pt"],
      ["talweg", talweg],
    ]),
  );
}

/**
 * The network in the bytes of a safetensors file, every parameter with the same bits.
 *
 * A file without our description is read when `layers` describes it: weights `[out, in]` or `[in, out]` by their shapes,
 * F64, F32, F16 or BF16. A changed byte in the data of a tensor gives another number that may be as valid as the old one,
 * and is not noticed; everything else is. Tensors of a checkpoint are left alone.
 *
 * @throws {FormatError} When the bytes are not a model that this library could have written or that `layers` describes; it
 *   names the tensor.
 * @throws {OptionError} When every weight matrix is square and `layout` does not say how they lie.
 */
export function fromSafetensors(bytes: Uint8Array, options: Partial<DescribedOptions> = {}): Network {
  const file = readSafetensors(bytes);
  const { layers } = options;
  if (layers !== undefined) return describedNetwork(file, { ...options, layers });
  const description = descriptionIn(file);
  const { parsed } = description;
  if (!isObject(parsed) || parsed.layout !== "torch") return modelFrom(file, description);
  const { layers: described, metadata } = description;
  const names = (parsed.names ?? torchNumbers(described)) as readonly string[];
  return asFormatError("metadata talweg", () =>
    describedNetwork(file, { layers: described, metadata, layout: "torch", names }),
  );
}
