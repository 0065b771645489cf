/** ONNX files read again, independently of what wrote them, and evaluated operator by operator in float64. */
import { mathematics64 } from "talweg/core";

/** A tensor: texts, numbers or truth values, row-major. */
export interface Value {
  shape: number[];
  data: (number | string | boolean)[];
}

type Message = Map<number, (number | Uint8Array)[]>;

/** The fields of a message by number; whole numbers, or the bytes of everything else. */
function fieldsOf(bytes: Uint8Array): Message {
  const fields: Message = new Map();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("cut off");
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag % 8;
    let value: number | Uint8Array;
    if (kind === 0) value = varint();
    else if (kind === 2 || kind === 5) {
      const length = kind === 2 ? varint() : 4;
      if (at + length > bytes.length) throw new Error("cut off");
      value = bytes.slice(at, at + length);
      at += length;
    } else throw new Error(`wire type ${kind}`);
    const list = fields.get(Math.floor(tag / 8)) ?? [];
    list.push(value);
    fields.set(Math.floor(tag / 8), list);
  }
  return fields;
}

const text = (value: unknown): string =>
  new TextDecoder("utf-8", { fatal: true }).decode(value as Uint8Array);
const float = (value: unknown): number => new DataView((value as Uint8Array).buffer).getFloat32(0, true);
const one = (message: Message, field: number): unknown => message.get(field)?.[0];
const texts = (message: Message, field: number): string[] => (message.get(field) ?? []).map(text);
const messages = (message: Message, field: number): Message[] =>
  (message.get(field) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array));

interface Node {
  operator: string;
  domain: string;
  inputs: string[];
  output: string;
  attributes: Map<string, number | (number | string)[]>;
}

interface Port {
  name: string;
  /** "float", "int64", "string" or "double". */
  type: string;
  shape: (number | string)[];
}

export interface Model {
  opset: Map<string, number>;
  metadata: Map<string, string>;
  graphName: string;
  inputs: Port[];
  outputs: Port[];
  constants: Map<string, Value>;
  nodes: Node[];
}

const typeNames = new Map([
  [1, "float"],
  [7, "int64"],
  [8, "string"],
  [11, "double"],
]);

export function readOnnx(bytes: Uint8Array): Model {
  const model = fieldsOf(bytes);
  const [graph] = messages(model, 7);
  if (graph === undefined) throw new Error("no graph");
  return {
    opset: new Map(messages(model, 8).map((m) => [text(one(m, 1)), one(m, 2) as number])),
    metadata: new Map(messages(model, 14).map((m) => [text(one(m, 1)), text(one(m, 2))])),
    graphName: text(one(graph, 2)),
    inputs: messages(graph, 11).map(portOf),
    outputs: messages(graph, 12).map(portOf),
    constants: new Map(messages(graph, 5).map((m) => [text(one(m, 8)), tensorOf(m)])),
    nodes: messages(graph, 1).map((m) => ({
      operator: text(one(m, 4)),
      domain: m.has(7) ? text(one(m, 7)) : "",
      inputs: texts(m, 1),
      output: text(one(m, 2)),
      attributes: new Map(messages(m, 5).map((a) => [text(one(a, 1)), attributeOf(a)])),
    })),
  };
}

function portOf(m: Message): Port {
  const [type] = messages(m, 2);
  const [tensor] = messages(type as Message, 1);
  const [shape] = messages(tensor as Message, 2);
  const sizes = messages(shape as Message, 1).map((d) =>
    d.has(1) ? (one(d, 1) as number) : text(one(d, 2)),
  );
  return { name: text(one(m, 1)), type: typeNames.get(one(tensor as Message, 1) as number)!, shape: sizes };
}

function tensorOf(m: Message): Value {
  const shape = (m.get(1) ?? []) as number[];
  const type = typeNames.get(one(m, 2) as number);
  if (type === "string") return { shape, data: texts(m, 6) };
  const { buffer } = one(m, 9) as Uint8Array;
  if (type === "float") return { shape, data: [...new Float32Array(buffer as ArrayBuffer)] };
  if (type === "double") return { shape, data: [...new Float64Array(buffer as ArrayBuffer)] };
  return { shape, data: [...new BigInt64Array(buffer as ArrayBuffer)].map(Number) };
}

/** By its kind: 1 float, 2 whole, 6 floats, 7 wholes, 8 texts. */
function attributeOf(m: Message): number | (number | string)[] {
  const kind = one(m, 20);
  if (kind === 1) return float(one(m, 2));
  if (kind === 2) return one(m, 3) as number;
  if (kind === 6) return (m.get(7) ?? []).map(float);
  if (kind === 7) return (m.get(8) ?? []) as number[];
  if (kind === 8) return texts(m, 9);
  throw new Error(`attribute of kind ${String(kind)}`);
}

type Given = Record<string, number | (number | string)[] | undefined>;

const map =
  (operation: (x: number) => number) =>
  (_a: Given, x: Value): Value => ({
    shape: x.shape,
    data: x.data.map((value) => operation(value as number)),
  });

/** Elementwise, with the sizes of both stretched as in NumPy. */
function both(operation: (x: never, y: never) => number | boolean | string) {
  return (_a: Given, x: Value, y: Value): Value => {
    const rank = Math.max(x.shape.length, y.shape.length);
    const size = (v: Value, axis: number): number => v.shape[axis - rank + v.shape.length] ?? 1;
    const shape = Array.from({ length: rank }, (_, axis) => Math.max(size(x, axis), size(y, axis)));
    const count = shape.reduce((product, length) => product * length, 1);
    const pick = (v: Value, index: number): unknown => {
      let at = 0;
      let step = 1;
      for (let axis = rank - 1, left = index; axis >= 0; axis--) {
        const place = left % shape[axis]!;
        left = Math.floor(left / shape[axis]!);
        if (size(v, axis) > 1) at += step * place;
        step *= size(v, axis);
      }
      return v.data[at];
    };
    const data = Array.from({ length: count }, (_, i) => operation(pick(x, i) as never, pick(y, i) as never));
    return { shape, data };
  };
}

function gemm(_a: Given, x: Value, w: Value, b: Value): Value {
  const [rows, inputs] = x.shape as [number, number];
  const units = w.shape[1]!;
  const data = Array.from({ length: rows * units }, (_, i) => {
    const [row, unit] = [Math.floor(i / units), i % units];
    let sum = b.data[unit] as number;
    for (let k = 0; k < inputs; k++)
      sum += (x.data[row * inputs + k] as number) * (w.data[k * units + unit] as number);
    return sum;
  });
  return { shape: [rows, units], data };
}

function rowsOf({ shape, data }: Value): (number | string | boolean)[][] {
  const width = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, r) => data.slice(r * width, (r + 1) * width));
}

function softmax(_a: Given, x: Value): Value {
  const data = (rowsOf(x) as number[][]).flatMap((row) => {
    const powers = row.map((z) => Math.exp(z - Math.max(...row)));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  return { shape: x.shape, data };
}

function labelEncoder(a: Given, x: Value): Value {
  const values = (a.values_floats ?? a.values_int64s) as number[];
  const otherwise = (a.default_float ?? a.default_int64) as number;
  const keys = a.keys_strings as string[];
  if (keys.length !== values.length) throw new Error("LabelEncoder: keys and values differ");
  return { shape: x.shape, data: x.data.map((word) => values[keys.indexOf(word as string)] ?? otherwise) };
}

function concat(_a: Given, ...parts: Value[]): Value {
  const rows = parts.map(rowsOf);
  const joined = rows[0]!.map((_, r) => rows.flatMap((part) => part[r]!));
  return { shape: [joined.length, joined[0]?.length ?? 0], data: joined.flat() };
}

function gather(a: Given, x: Value, at: Value): Value {
  const places = at.data as number[];
  if ((a.axis ?? 0) === 0) return { shape: at.shape, data: places.map((i) => x.data[i]!) };
  return {
    shape: [x.shape[0]!, places.length],
    data: rowsOf(x).flatMap((row) => places.map((i) => row[i]!)),
  };
}

const operators: Record<string, (a: Given, ...inputs: never[]) => Value> = {
  Gemm: gemm,
  Sigmoid: map((z) => 1 / (1 + Math.exp(-z))),
  Tanh: map(Math.tanh),
  Relu: map((z) => Math.max(z, 0)),
  LeakyRelu: (a, x: Value) => map((z) => (z < 0 ? (a.alpha as number) * z : z))(a, x),
  Elu: (a, x: Value) => map((z) => (z < 0 ? (a.alpha as number) * Math.expm1(z) : z))(a, x),
  Selu: (a, x: Value) =>
    map((z) => (a.gamma as number) * (z > 0 ? z : (a.alpha as number) * Math.expm1(z)))(a, x),
  Erf: map(mathematics64.erf),
  Softplus: map((z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))),
  Softmax: softmax,
  Mul: both((x: number, y: number) => x * y),
  Add: both((x: number, y: number) => x + y),
  Sub: both((x: number, y: number) => x - y),
  Div: both((x: number, y: number) => x / y),
  Less: both((x: number, y: number) => x < y),
  GreaterOrEqual: both((x: number, y: number) => x >= y),
  IsNaN: (_a, x: Value) => ({ shape: x.shape, data: x.data.map((v) => Number.isNaN(v)) }),
  Where: (a, which: Value, x: Value, y: Value) => {
    const kept = both((yes: boolean, value: never) => (yes ? value : "left"))(a, which, x);
    return both((first: never, second: never) => (first === "left" ? second : first))(a, kept, y);
  },
  Cast: (a, x: Value) => ({
    shape: x.shape,
    data: x.data.map((v) => (a.to === 1 ? Math.fround(Number(v)) : Number(v))),
  }),
  Concat: concat,
  LabelEncoder: labelEncoder,
  OneHot: (_a, x: Value, depth: Value, values: Value) => ({
    shape: [...x.shape, depth.data[0] as number],
    data: x.data.flatMap((at) =>
      Array.from({ length: depth.data[0] as number }, (_, i) => values.data[i === at ? 1 : 0]!),
    ),
  }),
  Flatten: (_a, x: Value) => ({ shape: [x.shape[0]!, x.data.length / x.shape[0]!], data: x.data }),
  Reshape: (_a, x: Value) => ({ shape: [x.data.length], data: x.data }),
  ArgMax: (_a, x: Value) => {
    const data = (rowsOf(x) as number[][]).map((row) => row.indexOf(Math.max(...row)));
    return { shape: [data.length], data };
  },
  Gather: gather,
  Identity: (_a, x: Value) => x,
} as Record<string, (a: Given, ...inputs: never[]) => Value>;

/** The outputs for these inputs; refuses names that are missing, written twice or unknown. */
export function evaluateOnnx(model: Model, given: Record<string, Value>): Record<string, Value> {
  const known = new Map<string, Value>(model.constants);
  for (const { name, shape } of model.inputs) {
    if (given[name]?.shape[1] !== shape[1]) throw new Error(`input ${name} has another width`);
    if (known.has(name)) throw new Error(`${name} is written twice`);
    known.set(name, given[name]!);
  }
  for (const { operator, inputs, output, attributes } of model.nodes) {
    const values = inputs.map((name) => {
      const value = known.get(name);
      if (value === undefined) throw new Error(`${operator} reads ${name}, which nothing has written`);
      return value;
    });
    const evaluate = operators[operator];
    if (evaluate === undefined) throw new Error(`no operator ${operator}`);
    if (known.has(output)) throw new Error(`${output} is written twice`);
    known.set(output, evaluate(Object.fromEntries(attributes), ...(values as never[])));
  }
  return Object.fromEntries(model.outputs.map(({ name }) => [name, known.get(name)!]));
}
