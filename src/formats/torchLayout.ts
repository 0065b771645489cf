/**
 * Networks as other programs store them: one weight matrix and one bias a layer, without a description. PyTorch's Linear
 * keeps its weights as `[out, in]`; Keras, JAX and this library keep them as `[in, out]`.
 *
 * Source: torch.nn.Linear and torch.nn.Sequential in the documentation of PyTorch.
 */
import { FormatError, OptionError, ShapeError, type Vector, zeros } from "../core/index.ts";
import type { Layer, Metadata, Network } from "../network/index.ts";
import { buildNetwork, checkpointPrefix } from "./model.ts";
import type { SafetensorsFile } from "./readSafetensors.ts";
import { realValues } from "./realValues.ts";
import { shorten } from "./strictJson.ts";
import type { Tensor } from "./tensorBytes.ts";
import { checkNames } from "./torchNames.ts";

/** How weights lie: "talweg" `[in, out]`, "torch" `[out, in]`. */
export type Layout = "talweg" | "torch";

export interface DescribedOptions {
  /** What the tensors are: `[dense(2, 16, "tanh"), dense(16, 1)]`. */
  layers: readonly Layer[];
  /** How the weights lie; by default what the shapes say. */
  layout?: Layout;
  /** What stands before `.weight` and `.bias` of each layer; by default the names in the file, in their order. */
  names?: readonly string[];
  /** What the model shall say beside: seed 0 by default. */
  metadata?: Metadata;
}

/** Tensors of one layer. */
interface Pair {
  weightName: string;
  weight: Tensor;
  biasName: string;
  /** Absent where the layer has none. */
  bias: Tensor | undefined;
}

/**
 * The network in a file without a description.
 *
 * A layer without a bias gets zeros. F16, BF16 and F32 give a network in float32, with F64 among them one in float64.
 *
 * @throws {FormatError} When a tensor is missing, left over or of a shape or type that does not fit, with its name.
 * @throws {OptionError} When the shapes do not tell how the weights lie: all of them are square.
 */
export function describedNetwork({ tensors }: SafetensorsFile, options: DescribedOptions): Network {
  const { layers, metadata = { seed: 0 } } = options;
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new ShapeError(
      `fromSafetensors: layers is ${shorten(layers)}, expected a list such as [dense(2, 16, "tanh"), dense(16, 1)], since the tensors do not say what lies between them; pass one dense layer for each.`,
    );
  }
  const pairs = pairsOf(tensors, options);
  const layout = layoutOf(pairs, options);
  const wide = pairs.some(({ weight, bias }) => weight.dtype === "F64" || bias?.dtype === "F64");
  const count = layers.reduce((sum, { inputs, units }) => sum + (inputs + 1) * units, 0);
  const flat = zeros(wide ? "float64" : "float32", count);
  let at = 0;
  for (const [i, { weightName, weight, biasName, bias }] of pairs.entries()) {
    const { inputs, units } = layers[i] as Layer;
    place(realValues(weight, weightName), flat.subarray(at, at + inputs * units), layout, inputs, units);
    at += inputs * units;
    if (bias !== undefined) flat.set(realValues(bias, biasName), at);
    at += units;
  }
  return buildNetwork(layers, metadata, flat, "fromSafetensors");
}

/** Copies a matrix as `[in, out]`. */
function place(from: Vector, to: Vector, layout: Layout, inputs: number, units: number): void {
  if (layout === "talweg") {
    to.set(from);
    return;
  }
  for (let j = 0; j < units; j++) for (let i = 0; i < inputs; i++) to[i * units + j] = from[j * inputs + i]!;
}

const weightEndings = [".weight", ".weights", ".kernel"];
const biasEndings = [".bias", ".biases"];

/** One pair of tensors a layer, in the order of the layers. */
function pairsOf(tensors: ReadonlyMap<string, Tensor>, { layers, names }: DescribedOptions): Pair[] {
  const found = new Map<string, Pair>();
  for (const [tensor, weight] of tensors) {
    const ending = weightEndings.find((end) => tensor.endsWith(end));
    if (ending === undefined) continue;
    const name = tensor.slice(0, -ending.length);
    const biasName = name + (biasEndings.find((end) => tensors.has(name + end)) ?? ".bias");
    found.set(name, { weightName: tensor, weight, biasName, bias: tensors.get(biasName) });
  }
  if (names !== undefined) checkNames(names, layers);
  const order = names ?? [...found.keys()].sort(byNumber);
  const pairs = order.map((name) => {
    const pair = found.get(name);
    if (pair !== undefined) return pair;
    throw new FormatError(
      `tensor ${shorten(`${name}.weight`)} is missing, expected one for each of names; the file has ${list(tensors)}.`,
      { tensor: `${name}.weight` },
    );
  });
  if (pairs.length !== layers.length) {
    throw new FormatError(
      `the file has ${pairs.length} weight tensors (${list(tensors)}), expected ${layers.length}, one for each of layers; ` +
        "describe every layer, or pick some with names.",
    );
  }
  requireAllUsed(tensors, pairs, names !== undefined);
  return pairs;
}

/** @throws {FormatError} When something else is in the file, which the network would leave out, such as a normalization. */
function requireAllUsed(tensors: ReadonlyMap<string, Tensor>, pairs: readonly Pair[], picked: boolean): void {
  if (picked) return;
  const used = new Set(pairs.flatMap(({ weight, bias }) => [weight, bias]));
  for (const [name, tensor] of tensors) {
    if (used.has(tensor) || name.startsWith(checkpointPrefix)) continue;
    throw new FormatError(
      `tensor ${shorten(name)} is neither the weights nor the bias of a dense layer, expected nothing else, since only dense layers are computed here; ` +
        "remove it from the file, or pick the layers with names where it does not matter.",
      { tensor: name },
    );
  }
}

/** "layers.2" before "layers.10". */
function byNumber(a: string, b: string): number {
  const [p, q] = [a.split("."), b.split(".")];
  for (let i = 0; i < Math.min(p.length, q.length); i++) {
    const [s, t] = [p[i] as string, q[i] as string];
    if (s === t) continue;
    const [k, l] = [trailing(s), trailing(t)];
    if (k.stem === l.stem && k.number !== l.number) return k.number - l.number;
    return s < t ? -1 : 1;
  }
  return p.length - q.length;
}

/** A word and the number at its end: "fc2" is "fc" and 2. */
function trailing(word: string): { stem: string; number: number } {
  let end = word.length;
  while (end > 0 && word[end - 1]! >= "0" && word[end - 1]! <= "9") end--;
  return { stem: word.slice(0, end), number: Number(word.slice(end)) };
}

/** How the weights lie, from their shapes; where one matrix tells, the square ones follow. */
function layoutOf(pairs: readonly Pair[], { layers, layout: wanted }: DescribedOptions): Layout {
  let layout = checkLayout(wanted);
  for (const [i, pair] of pairs.entries()) {
    const { inputs, units } = layers[i] as Layer;
    const { weightName, weight } = pair;
    const fits = (rows: number, columns: number): boolean =>
      weight.shape.length === 2 && weight.shape[0] === rows && weight.shape[1] === columns;
    const possible: Layout[] = [];
    if (fits(units, inputs)) possible.push("torch");
    if (fits(inputs, units)) possible.push("talweg");
    const wrong = possible.length === 0 || (layout !== undefined && !possible.includes(layout));
    if (wrong) throw wrongShape(weightName, weight, i + 1, { inputs, units }, layout);
    if (possible.length === 1) layout = possible[0];
    requireBias(pair, units, i + 1);
  }
  // One number lies the same either way.
  if (layout !== undefined || pairs.every(({ weight }) => weight.shape[0] === 1)) return layout ?? "talweg";
  throw new OptionError(
    "layout",
    `the weights are square in every layer (${pairs.map(({ weight }) => `[${weight.shape.join(", ")}]`).join(", ")}), so their shapes do not tell whether they lie as [out, in] or [in, out]; ` +
      'pass layout: "torch" for a file from PyTorch, or "talweg" for [in, out].',
  );
}

/** @throws {OptionError} When it is neither. */
export function checkLayout(layout: Layout | undefined): Layout | undefined {
  if (layout === undefined || layout === "talweg" || layout === "torch") return layout;
  throw new OptionError(
    "layout",
    `layout is ${shorten(layout)}, expected "talweg" (weights [in, out]) or "torch" ([out, in]); write one of them.`,
  );
}

function wrongShape(
  name: string,
  { shape }: Tensor,
  number: number,
  { inputs, units }: { inputs: number; units: number },
  layout: Layout | undefined,
): FormatError {
  const torch = `[${units}, ${inputs}]`;
  const talweg = `[${inputs}, ${units}]`;
  const expected =
    layout === undefined
      ? `${torch} ([out, in], as PyTorch has it) or ${talweg} ([in, out])`
      : `${layout === "torch" ? torch : talweg}, since the weights lie as ${layout === "torch" ? "[out, in]" : "[in, out]"}`;
  return new FormatError(
    `tensor ${shorten(name)} has shape [${shape.slice(0, 8).join(", ")}], expected ${expected} for layer ${number}, dense(${inputs}, ${units}); ` +
      "describe the layers as the file has them, and their order with names.",
    { tensor: name },
  );
}

function requireBias({ biasName, bias }: Pair, units: number, number: number): void {
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === units)) return;
  throw new FormatError(
    `tensor ${shorten(biasName)} has shape [${bias.shape.slice(0, 8).join(", ")}], expected [${units}], one number for each unit of layer ${number}; ` +
      "describe the layers as the file has them.",
    { tensor: biasName },
  );
}

function list(tensors: ReadonlyMap<string, Tensor>): string {
  const names = [...tensors.keys()].slice(0, 8).map((name) => shorten(name));
  return names.length === 0 ? "no tensors" : `${names.join(", ")}${tensors.size > 8 ? ", …" : ""}`;
}
