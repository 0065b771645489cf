/** A network as the tensors and metadata of a safetensors file, which any tool that reads that format can open, and back. */
import { FormatError, NotFiniteError, type Vector } from "../core/index.ts";
import { checkLoss, type Layer, type Metadata, type Network, restoreNetwork } from "../network/index.ts";
import { asFormatError, type Description, describe, readDescription } from "./description.ts";
import type { SafetensorsFile } from "./readSafetensors.ts";
import { parseStrictJson, shorten } from "./strictJson.ts";
import { type Tensor, tensorValues, toTensor } from "./tensorBytes.ts";

/** Tensors whose names begin so belong to a checkpoint and are no part of the model. */
export const checkpointPrefix = "checkpoint.";

const place = "metadata talweg";

/** The tensors of a network, in order. */
export function modelTensors(n: Network): Map<string, Tensor> {
  requireFiniteParameters(n);
  const tensors = new Map<string, Tensor>();
  for (const [i, { inputs, units }] of n.layers.entries()) {
    tensors.set(weightsName(i + 1), toTensor(n.weights(i + 1), [inputs, units]));
    tensors.set(biasesName(i + 1), toTensor(n.biases(i + 1), [units]));
  }
  return tensors;
}

/** The metadata of a network. */
export function modelMetadata(n: Network): Map<string, string> {
  return new Map([["talweg", JSON.stringify(describe(n))]]);
}

/** What a file says about its network, as parsed and as read. */
export interface FileDescription extends Description {
  parsed: unknown;
}

/** The description in a file that has been read. @throws {FormatError} When it has none, or one that does not make sense. */
export function descriptionIn({ metadata }: SafetensorsFile): FileDescription {
  const text = metadata.get("talweg");
  if (text === undefined) {
    throw new FormatError(
      'the metadata have no key "talweg", expected the description of the network there; ' +
        "the file is of another program: describe it with layers, or read its tensors with readSafetensors.",
    );
  }
  const parsed = parseStrictJson(text, { what: place, maxParts: 1_000_000 });
  return { parsed, ...readDescription(parsed, place) };
}

/** The network in a file that has been read. @throws {FormatError} As `fromSafetensors`. */
export function modelFrom(
  file: SafetensorsFile,
  description: FileDescription = descriptionIn(file),
): Network {
  const { tensors } = file;
  const { layers, metadata } = description;
  const shapes = new Map<string, readonly number[]>();
  for (const [i, { inputs, units }] of layers.entries()) {
    shapes.set(weightsName(i + 1), [inputs, units]);
    shapes.set(biasesName(i + 1), [units]);
  }
  requireTensors(tensors, shapes);
  return buildNetwork(layers, metadata, joinTensors(tensors, [...shapes.keys()]), place);
}

/**
 * The network of a description and its parameters, with what the other rooms check.
 *
 * @throws {FormatError} When they do not make a network.
 */
export function buildNetwork(
  layers: readonly Layer[],
  metadata: Metadata,
  parameters: Vector,
  where: string,
): Network {
  return asFormatError(where, () => {
    const n = restoreNetwork(layers, parameters, metadata);
    if (metadata.loss !== undefined) checkLoss(n, metadata.loss);
    return n;
  });
}

/** @throws {NotFiniteError} When a parameter is NaN or infinite, with its layer. */
export function requireFiniteParameters(n: Network): void {
  for (const [i] of n.layers.entries()) {
    for (const [what, values] of Object.entries({ weights: n.weights(i + 1), biases: n.biases(i + 1) })) {
      const at = firstNotFinite(values);
      if (at < 0) continue;
      throw new NotFiniteError(
        `layer ${i + 1}: number ${at} (from 0) of its ${what} is ${values[at]}, expected a finite number, since a model with it predicts nothing; ` +
          "go back to the last good checkpoint, and train with a smaller learning rate or a line search.",
        { layer: i + 1 },
      );
    }
  }
}

/** The index of the first NaN or infinity, -1 where there is none. */
function firstNotFinite(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

function weightsName(layer: number): string {
  return `layers.${layer}.weights`;
}

function biasesName(layer: number): string {
  return `layers.${layer}.biases`;
}

/** Checks names, shapes and types before anything is allocated. */
function requireTensors(
  tensors: ReadonlyMap<string, Tensor>,
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  const dtype = tensors.get("layers.1.weights")?.dtype;
  for (const [name, shape] of shapes) {
    const problem = tensorProblem(tensors.get(name), shape, dtype);
    if (problem === undefined) continue;
    throw new FormatError(
      `tensor ${shorten(name)} ${problem}; the file is damaged or edited: save or fetch it again.`,
      { tensor: name },
    );
  }
  for (const name of tensors.keys()) {
    if (shapes.has(name) || name.startsWith(checkpointPrefix)) continue;
    throw new FormatError(
      `tensor ${shorten(name)} belongs to no layer, expected only the weights and biases of ${shapes.size / 2} layers; ` +
        "remove it from the file, or save the model again.",
      { tensor: name },
    );
  }
}

/** What is wrong with a tensor, or undefined where nothing is. */
function tensorProblem(
  tensor: Tensor | undefined,
  shape: readonly number[],
  dtype: string | undefined,
): string | undefined {
  const wanted = `[${shape.join(", ")}]`;
  if (tensor === undefined)
    return `is missing, expected it with shape ${wanted}, as the metadata describe it`;
  if (tensor.dtype !== "F32" && tensor.dtype !== "F64") {
    return `is ${tensor.dtype}, expected F32 or F64, the two precisions of a network`;
  }
  if (tensor.dtype !== dtype) {
    return `is ${tensor.dtype}, expected ${dtype} as the first tensor, since all have one type`;
  }
  const fits = tensor.shape.length === shape.length && shape.every((size, i) => size === tensor.shape[i]);
  if (fits) return undefined;
  return `has shape [${tensor.shape.slice(0, 8).join(", ")}], expected ${wanted}, as the metadata describe the layer`;
}

/** The parameters as one flat vector, each checked to be finite. */
function joinTensors(tensors: ReadonlyMap<string, Tensor>, names: readonly string[]): Vector {
  const parts = names.map((name) => [name, tensors.get(name) as Tensor] as const);
  const bytes = parts.reduce((sum, [, { data }]) => sum + data.length, 0);
  const flat = parts[0]?.[1].dtype === "F32" ? new Float32Array(bytes / 4) : new Float64Array(bytes / 8);
  let start = 0;
  for (const [name, tensor] of parts) {
    const values = tensorValues(tensor, name);
    const at = firstNotFinite(values);
    if (at >= 0) {
      throw new FormatError(
        `tensor ${shorten(name)}: number ${at} (from 0) is ${values[at]}, expected a finite number, since a model with it predicts nothing; ` +
          "the file is damaged or was not saved here: fetch it again.",
        { tensor: name },
      );
    }
    flat.set(values, start);
    start += values.length;
  }
  return flat;
}
