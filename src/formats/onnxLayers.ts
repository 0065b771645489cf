/**
 * The layers of a network as ONNX nodes: a Gemm each, and the activation as the operators that ONNX has for it.
 *
 * Source: the operator list of github.com/onnx/onnx; gelu and silu, which have no operator of their own in the versions
 * written here, are their definitions: gelu(z) = z (1 + erf(z / sqrt 2)) / 2, silu(z) = z s(z).
 */
import { NotFiniteError, type Vector } from "../core/index.ts";
import type { Layer, Network } from "../network/index.ts";
import type { Attribute, GraphBuilder } from "./onnxGraph.ts";

/** Writes a = s(z) under `name` and returns it. */
type WriteActivation = (g: GraphBuilder, z: string, name: string) => string;

const one =
  (operator: string, attributes: Record<string, Attribute> = {}): WriteActivation =>
  (g, z, name) =>
    g.node(operator, [z], { name, attributes });

/** Of selu; the constants of Klambauer et al. (arXiv 1706.02515), as the kernels have them. */
const seluConstants = { alpha: { float: 1.6732632423543772 }, gamma: { float: 1.0507009873554805 } };

const writers: Readonly<Record<Exclude<Layer["activation"], "linear">, WriteActivation>> = {
  sigmoid: one("Sigmoid"),
  tanh: one("Tanh"),
  relu: one("Relu"),
  leakyRelu: one("LeakyRelu", { alpha: { float: 0.01 } }),
  elu: one("Elu", { alpha: { float: 1 } }),
  selu: one("Selu", seluConstants),
  gelu(g, z, name) {
    const number = (wish: string, value: number): string => g.constant(wish, Float32Array.of(value), []);
    const scaled = g.node("Mul", [z, number("inverse_sqrt_2", Math.SQRT1_2)]);
    const raised = g.node("Add", [g.node("Erf", [scaled]), number("one", 1)]);
    return g.node("Mul", [z, g.node("Mul", [raised, number("half", 0.5)])], { name });
  },
  silu: (g, z, name) => g.node("Mul", [z, g.node("Sigmoid", [z])], { name }),
  softplus: one("Softplus"),
  softmax: one("Softmax", { axis: { whole: 1 } }),
};

/**
 * Adds the layers.
 *
 * @param from The tensor of the inputs, float `[rows, inputs]`.
 * @param name Of the tensor of the outputs, float `[rows, outputs]`; it must be free.
 * @throws {NotFiniteError} When a parameter is beyond float32, with its layer.
 */
export function addLayers(g: GraphBuilder, n: Network, from: string, name: string): void {
  let a = from;
  for (const [i, { inputs, units, activation }] of n.layers.entries()) {
    const number = i + 1;
    const last = number === n.layers.length;
    const weights = float32(n.weights(number), number, "weights");
    const biases = float32(n.biases(number), number, "biases");
    const w = g.constant(`layers.${number}.weights`, weights, [inputs, units]);
    const b = g.constant(`layers.${number}.biases`, biases, [units]);
    const out = last ? name : g.free(`layers.${number}.a`);
    const z = activation === "linear" ? out : g.free(`layers.${number}.z`);
    g.node("Gemm", [a, w, b], { name: z });
    a = activation === "linear" ? z : writers[activation](g, z, out);
  }
}

/** A copy in float32. */
function float32(values: Vector, layer: number, what: string): Float32Array {
  const rounded = Float32Array.from(values);
  const at = rounded.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return rounded;
  throw new NotFiniteError(
    `layer ${layer}: number ${at} (from 0) of its ${what} is ${values[at]}, expected one that float32 holds (it ends at 3.4e38), ` +
      "since the file has float32 numbers; train with a penalty, or scale the inputs.",
    { layer },
  );
}
