/**
 * The network as source text: how it computes a row, in float32 and in the order of `kernels/scalarPlan.ts`, so that every bit
 * is the same. What is TypeScript alone stands between ‹ and ›.
 */
import type { Layer, Network } from "../network/index.ts";

/** The function that computes an activation, and its text where no piece has it. */
const activations: Readonly<Record<Layer["activation"], { name: string; text?: string }>> = {
  linear: { name: "linear", text: "function linear(z‹: number›)‹: number› {\n  return z;\n}" },
  // Mixes the units of a row, so it is taken at the end, of the whole row.
  softmax: { name: "linear", text: "function linear(z‹: number›)‹: number› {\n  return z;\n}" },
  sigmoid: { name: "logistic32" },
  tanh: { name: "tanh32" },
  relu: {
    name: "relu",
    text: "function relu(z‹: number›)‹: number› {\n  return z > 0 ? z : Number.isNaN(z) ? z : 0;\n}",
  },
  leakyRelu: {
    name: "leakyRelu",
    text: "function leakyRelu(z‹: number›)‹: number› {\n  return z > 0 ? z : f(f(0.01) * z);\n}",
  },
  elu: {
    name: "elu",
    text: "function elu(z‹: number›)‹: number› {\n  return z > 0 ? z : expm132(z);\n}",
  },
  selu: {
    name: "selu",
    text: `const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

function selu(z‹: number›)‹: number› {
  return z > 0 ? f(f(SELU_SCALE) * z) : f(f(SELU_SCALE * SELU_ALPHA) * expm132(z));
}`,
  },
  gelu: {
    name: "gelu",
    text: `function gelu(z‹: number›)‹: number› {
  return f(z * f(0.5 * f(1 + erf32(f(z * f(Math.SQRT1_2))))));
}`,
  },
  silu: { name: "silu", text: "function silu(z‹: number›)‹: number› {\n  return f(z * logistic32(z));\n}" },
  softplus: {
    name: "softplus",
    text: `function softplus(z‹: number›)‹: number› {
  return f((z > 0 ? z : 0) + log1p32(exp32(-Math.abs(z))));
}`,
  },
};

/** Softmax of a row. */
export const softmaxText: string = `/** exp(z - max) over their sum, in place. */
function softmax(z‹: Float32Array›)‹: Float32Array› {
  const top = z.reduce((most, value) => Math.max(most, value), -Infinity);
  let sum = 0;
  for (const [j, value] of z.entries()) {
    const e = exp32(f(value - top));
    z[j] = e;
    sum = f(sum + e);
  }
  return z.map((e) => f(e / sum));
}`;

const forwardText = `/** The outputs for one row of inputs, every operation rounded to float32. */
function forward(x‹: Float32Array›)‹: Float32Array› {
  let a = x;
  let weights = 0;
  for (const { inputs, units, activation } of layers) {
    const biases = weights + inputs * units;
    const z = new Float32Array(units);
    for (let i = 0; i < inputs; i++) {
      const factor = a[i]‹!›;
      if (factor === 0) continue;
      const row = weights + i * units;
      for (let j = 0; j < units; j++) z[j] = f(z[j]‹!› + f(factor * parameters[row + j]‹!›));
    }
    for (let j = 0; j < units; j++) z[j] = activation(f(z[j]‹!› + parameters[biases + j]‹!›));
    weights = biases + units;
    a = z;
  }
  return SOFTMAX;
}`;

/** Layers, activations and the forward pass. */
export function networkText(n: Network): string {
  const used = [...new Set(n.layers.map(({ activation }) => activation))];
  const texts = new Set(used.flatMap((name) => activations[name].text ?? []));
  const last = n.layers.at(-1)!.activation === "softmax";
  const layers = n.layers.map(
    ({ inputs, units, activation }) =>
      `  { inputs: ${inputs}, units: ${units}, activation: ${activations[activation].name} },`,
  );
  return [
    `const layers = [\n${layers.join("\n")}\n];`,
    forwardText.replace("SOFTMAX", last ? "softmax(a)" : "a"),
    ...texts,
  ].join("\n\n");
}

const decoderText = `function fromBase64(text‹: string›, count‹: number›)‹: Float32Array› {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const bytes = new DataView(new ArrayBuffer(4 * count));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = letters.indexOf(letter);
    // Line breaks, and what fills up the end.
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.setUint8(at++, (bits >> held) & 255);
  }
  return Float32Array.from({ length: count }, (_, i) => bytes.getFloat32(4 * i, true));
}`;

/** The parameters and what reads them. */
export function parametersText(bytes: Uint8Array): string {
  const lines = base64(bytes).match(/.{1,100}/g) ?? [];
  return `${decoderText}

/** W1 row by row, b1, W2, b2, …: float32 numbers, little-endian, in base64. */
const parameters = fromBase64(
  \`
${lines.join("\n")}
\`,
  ${bytes.length / 4},
);`;
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const four = [18, 12, 6, 0].map((shift) => letters[(bits >> shift) & 63]!);
    parts.push(four.slice(0, left > 2 ? 4 : left + 1).join("") + "=".repeat(left > 2 ? 0 : 3 - left));
  }
  return parts.join("");
}
