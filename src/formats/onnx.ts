/**
 * A network as an ONNX file, which onnxruntime and its kin run in any language; with its preprocessing inside, raw rows go in.
 *
 * Source: github.com/onnx/onnx; operators of versions 13 to 21, and ai.onnx.ml 2 where texts come in.
 */
import { OptionError } from "../core/index.ts";
import type { Network } from "../network/index.ts";
import { modelMetadata, requireFiniteParameters } from "./model.ts";
import { addDecoding, addEncoding, answerNames, columnInputs } from "./onnxColumns.ts";
import { type GraphBuilder, graphBuilder, modelBytes, type OnnxPort } from "./onnxGraph.ts";
import { addLayers } from "./onnxLayers.ts";
import { preprocessingOf } from "./preprocessing.ts";

export interface OnnxOptions {
  /** Of the graph; "talweg". */
  name?: string;
  /** Version of the operators, 13 to 21; 17, which onnxruntime reads since 1.12. */
  opset?: number;
}

/** The operators used here mean the same in all of these. */
const opsets = { least: 13, most: 21 };

/**
 * The bytes of an ONNX file that computes in float32.
 *
 * Without preprocessing: input `input`, float `[rows, inputs]`; output `output`, float `[rows, outputs]`, as `predict` gives
 * it. With preprocessing: an input for each column of the table, with the column's name, `[rows, 1]`: numbers as double, NaN
 * where missing; dates as double, days since 1970-01-01 UTC; categories and booleans as string without spaces around it, ""
 * where missing. Cells that `encodeRows` refuses are not refused there: what is neither true nor false counts as missing.
 * Outputs: `label`, string `[rows]`, and `probabilities`, float `[rows, classes]`; or each number target under its name,
 * double `[rows, 1]`. Where two names are equal, the later one has `_2` behind it.
 *
 * @throws {OptionError} When an option is out of range.
 * @throws {NotFiniteError} When a parameter is NaN, infinite or beyond float32, with its layer.
 * @throws {FormatError} When the model's preprocessing is none that this library writes.
 */
export function toOnnx(n: Network, { name = "talweg", opset = 17 }: OnnxOptions = {}): Uint8Array {
  checkOptions(name, opset);
  requireFiniteParameters(n);
  const g = graphOf(n);
  // Only texts need the operators for tables, but a version that nothing uses does no harm.
  const tables = preprocessingOf(n) === undefined ? {} : { tableOpset: 2 };
  return modelBytes(g, { name, opset, ...tables, metadata: modelMetadata(n) });
}

/** The inputs and outputs of the file that `toOnnx` writes, by name. */
export function onnxPorts(n: Network): { inputs: readonly OnnxPort[]; outputs: readonly OnnxPort[] } {
  const { inputs, outputs } = graphOf(n);
  return { inputs, outputs };
}

function graphOf(n: Network): GraphBuilder {
  const preprocessing = preprocessingOf(n);
  const g = graphBuilder();
  if (preprocessing === undefined) {
    const input = g.input(g.free("input"), "float", n.inputs);
    const output = g.free("output");
    addLayers(g, n, input, output);
    g.output(output, "float", n.outputs);
    return g;
  }
  const inputs = columnInputs(g, preprocessing);
  const names = answerNames(g, preprocessing.targets);
  const encoded = addEncoding(g, preprocessing, inputs);
  const outputs = g.free("outputs");
  addLayers(g, n, encoded, outputs);
  addDecoding(g, n, preprocessing.targets, outputs, names);
  return g;
}

function checkOptions(name: string, opset: number): void {
  const { least, most } = opsets;
  if (!Number.isSafeInteger(opset) || opset < least || opset > most) {
    throw new OptionError(
      "opset",
      `toOnnx: opset is ${String(opset)}, expected a whole number from ${least} to ${most}, the versions that its operators are written for; ` +
        "leave it out for 17.",
    );
  }
  if (typeof name === "string" && name !== "") return;
  throw new OptionError(
    "name",
    `toOnnx: name is ${JSON.stringify(name) ?? String(name)}, expected a text that is not empty, since a graph has a name; leave it out for "talweg".`,
  );
}
