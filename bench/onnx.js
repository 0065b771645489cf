// A dense network as an ONNX file: Gemm, Relu and Softmax, written byte by byte in protobuf's wire format, so that no other
// program is needed. Field numbers are those of onnx.proto, IR version 8, operators of version 13.
import { Buffer } from "node:buffer";

function varint(number) {
  const bytes = [];
  let left = number;
  while (left > 127) {
    bytes.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  return Buffer.from([...bytes, left]);
}

/** A field: whole numbers as varints, everything else with its length before it. */
function field(number, value) {
  if (typeof value === "number") return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

const message = (...fields) => Buffer.concat(fields);
const FLOAT = 1;

/** TensorProto with raw little-endian float32. */
function tensor(name, shape, values) {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const dims = shape.map((size) => field(1, size));
  return message(...dims, field(2, FLOAT), field(8, name), field(9, raw));
}

/** NodeProto without attributes. */
const node = (operator, inputs, output) =>
  message(...inputs.map((name) => field(1, name)), field(2, output), field(4, operator));

/** ValueInfoProto of a float32 matrix with any number of rows. */
function matrix(name, columns) {
  const rows = field(1, field(2, "rows"));
  const shape = message(rows, field(1, field(1, columns)));
  return message(field(1, name), field(2, field(1, message(field(1, FLOAT), field(2, shape)))));
}

/**
 * The bytes of the file; input `x` `[rows, inputs]`, output `y` `[rows, outputs]`.
 *
 * @param layers `{ width, units, w, b }` each, w `[width, units]` row-major in float32, as Gemm takes it; ReLU between them and
 *   softmax behind the last.
 */
export function onnxFile(layers) {
  const nodes = [];
  const weights = [];
  for (const [l, { width, units, w, b }] of layers.entries()) {
    const last = l === layers.length - 1;
    weights.push(tensor(`w${l}`, [width, units], w), tensor(`b${l}`, [units], b));
    nodes.push(node("Gemm", [l === 0 ? "x" : `a${l}`, `w${l}`, `b${l}`], `z${l}`));
    nodes.push(last ? node("Softmax", [`z${l}`], "y") : node("Relu", [`z${l}`], `a${l + 1}`));
  }
  const graph = message(
    ...nodes.map((bytes) => field(1, bytes)),
    field(2, "dense"),
    ...weights.map((bytes) => field(5, bytes)),
    field(11, matrix("x", layers[0].width)),
    field(12, matrix("y", layers.at(-1).units)),
  );
  const operators = message(field(1, ""), field(2, 13));
  return message(field(1, 8), field(2, "talweg-bench"), field(7, graph), field(8, operators));
}
