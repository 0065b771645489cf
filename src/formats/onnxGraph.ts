/**
 * A graph of operators as ONNX has it, and its bytes: nodes that read and write named tensors, constants, inputs and outputs.
 *
 * Source: onnx.proto3 of github.com/onnx/onnx, IR version 8; the field numbers below are those of its messages.
 */
import {
  bytesField,
  type Fields,
  floatField,
  messageBytes,
  messageField,
  textField,
  wholeField,
} from "./protobuf.ts";
import { toTensor } from "./tensorBytes.ts";

/** TensorProto.DataType. */
const elementTypes = { float: 1, int64: 7, string: 8, double: 11 } as const;

type ElementType = keyof typeof elementTypes;

/** What a constant holds: float32, float64, whole numbers (as int64) or texts. */
type Constant = Float32Array | Float64Array | readonly bigint[] | readonly string[];

/** An attribute of a node: one float32 number, one whole number, or a list of texts, whole numbers or float32 numbers. */
export type Attribute =
  | { float: number }
  | { whole: number }
  | { texts: readonly string[] }
  | { wholes: readonly number[] }
  | { floats: readonly number[] };

/** Operators of this domain are for tables and classes; "" is the ordinary domain. */
export const tableDomain = "ai.onnx.ml";

/** An input or output of a graph. */
export interface OnnxPort {
  name: string;
  type: ElementType;
  /** Behind the rows; absent where there is one value a row, `[rows]`. */
  columns?: number;
}

/** A graph in the making: each call adds to it and returns the name of what was added. */
export interface GraphBuilder {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** A name that is still free: the wish itself, or with a number behind it. */
  free(wish: string): string;
  /** An input `[rows, columns]`. */
  input(name: string, type: ElementType, columns: number): string;
  /** An output `[rows, columns]`, or `[rows]` without columns, that a node has written under this name. */
  output(name: string, type: ElementType, columns?: number): void;
  constant(wish: string, values: Constant, shape: readonly number[]): string;
  /** A node with one output, whose name is returned: `name`, or else a free one after the operator. */
  node(operator: string, inputs: readonly string[], o?: NodeOptions): string;
  /** All that was added, as GraphProto. */
  fields(name: string): Fields[];
}

interface NodeOptions {
  attributes?: Readonly<Record<string, Attribute>>;
  /** Of the output; it must be free. */
  name?: string;
  domain?: string;
}

export function graphBuilder(): GraphBuilder {
  const taken = new Set<string>();
  const nodes: Fields[] = [];
  const constants: Fields[] = [];
  const inputs: OnnxPort[] = [];
  const outputs: OnnxPort[] = [];
  const free = (wish: string): string => {
    let name = wish;
    // An empty name means "left out" in ONNX.
    for (let k = 2; name === "" || taken.has(name); k++) name = `${wish}_${k}`;
    taken.add(name);
    return name;
  };
  return {
    inputs,
    outputs,
    free,
    input(name, type, columns) {
      inputs.push({ name, type, columns });
      return name;
    },
    output(name, type, columns) {
      outputs.push({ name, type, ...(columns !== undefined && { columns }) });
    },
    constant(wish, values, shape) {
      const name = free(wish);
      constants.push(messageField(5, tensor(name, values, shape)));
      return name;
    },
    node(operator, from, { attributes = {}, name = free(operator), domain = "" } = {}) {
      nodes.push(
        messageField(1, [
          ...from.map((input) => textField(1, input)),
          textField(2, name),
          textField(4, operator),
          ...Object.entries(attributes).map(([key, value]) => messageField(5, attribute(key, value))),
          ...(domain === "" ? [] : [textField(7, domain)]),
        ]),
      );
      return name;
    },
    fields: (name) => [
      ...nodes,
      textField(2, name),
      ...constants,
      ...inputs.map((port) => messageField(11, valueInfo(port))),
      ...outputs.map((port) => messageField(12, valueInfo(port))),
    ],
  };
}

export interface ModelInfo {
  /** Of the graph. */
  name: string;
  /** Version of the ordinary operators. */
  opset: number;
  /** Version of the operators for tables, where the graph has some. */
  tableOpset?: number;
  /** What the file says about itself, by key. */
  metadata: ReadonlyMap<string, string>;
}

/** ModelProto: the bytes of a file. */
export function modelBytes(
  graph: GraphBuilder,
  { name, opset, tableOpset, metadata }: ModelInfo,
): Uint8Array {
  const operators = (domain: string, version: number): Fields =>
    messageField(8, [textField(1, domain), wholeField(2, version)]);
  return messageBytes([
    wholeField(1, 8),
    textField(2, "talweg"),
    messageField(7, graph.fields(name)),
    operators("", opset),
    ...(tableOpset === undefined ? [] : [operators(tableDomain, tableOpset)]),
    ...[...metadata].map(([key, value]) => messageField(14, [textField(1, key), textField(2, value)])),
  ]);
}

/** ValueInfoProto: a name and the type and shape of a tensor; any number of rows. */
function valueInfo({ name, type, columns }: OnnxPort): Fields[] {
  const sizes = [textField(2, "rows"), ...(columns === undefined ? [] : [wholeField(1, columns)])];
  const shape = sizes.map((size) => messageField(1, [size]));
  const tensorType = [wholeField(1, elementTypes[type]), messageField(2, shape)];
  return [textField(1, name), messageField(2, [messageField(1, tensorType)])];
}

/** TensorProto: numbers as raw little-endian bytes, texts one by one. */
function tensor(name: string, values: Constant, shape: readonly number[]): Fields[] {
  const dimensions = shape.map((size) => wholeField(1, size));
  const typed = (type: ElementType): Fields[] => [
    ...dimensions,
    wholeField(2, elementTypes[type]),
    textField(8, name),
  ];
  if (values instanceof Float32Array) return [...typed("float"), bytesField(9, toTensor(values).data)];
  if (values instanceof Float64Array) return [...typed("double"), bytesField(9, toTensor(values).data)];
  if (values.every((value) => typeof value === "string")) {
    return [...typed("string"), ...(values as readonly string[]).map((text) => textField(6, text))];
  }
  const raw = new DataView(new ArrayBuffer(8 * values.length));
  for (const [i, value] of (values as readonly bigint[]).entries()) raw.setBigInt64(8 * i, value, true);
  return [...typed("int64"), bytesField(9, new Uint8Array(raw.buffer))];
}

/** AttributeProto; the last field of each is its kind. */
function attribute(name: string, value: Attribute): Fields[] {
  const named = textField(1, name);
  if ("float" in value) return [named, floatField(2, value.float), wholeField(20, 1)];
  if ("whole" in value) return [named, wholeField(3, value.whole), wholeField(20, 2)];
  if ("floats" in value) return [named, ...value.floats.map((x) => floatField(7, x)), wholeField(20, 6)];
  if ("wholes" in value) return [named, ...value.wholes.map((x) => wholeField(8, x)), wholeField(20, 7)];
  return [named, ...value.texts.map((text) => textField(9, text)), wholeField(20, 8)];
}
