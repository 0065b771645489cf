/** Tensors of any width of real numbers, as float32 or float64: those of 16 bits, which have no typed array, are widened. */
import { FormatError, type Vector } from "../core/index.ts";
import { shorten } from "./strictJson.ts";
import { type Tensor, tensorValues } from "./tensorBytes.ts";

/**
 * The numbers of an F64, F32, F16 or BF16 tensor, copied and exact.
 *
 * @throws {FormatError} When it has another type, or a number that is not finite.
 */
export function realValues(tensor: Tensor, name: string): Vector {
  const values = widened(tensor, name);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return values;
  throw new FormatError(
    `tensor ${shorten(name)}: number ${at} (from 0) is ${values[at]}, expected a finite number, since a model with it predicts nothing; ` +
      "fetch the file again, or save a model that has not diverged.",
    { tensor: name },
  );
}

function widened(tensor: Tensor, name: string): Vector {
  const { dtype, data } = tensor;
  if (dtype === "F32" || dtype === "F64") return tensorValues(tensor, name) as Vector;
  if (dtype !== "F16" && dtype !== "BF16") {
    throw new FormatError(
      `tensor ${shorten(name)} is ${dtype}, expected F64, F32, F16 or BF16, the real numbers that are read here; convert it, for example to F32.`,
      { tensor: name },
    );
  }
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const values = new Float32Array(data.length / 2);
  const wide = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < values.length; i++) {
    const bits = view.getUint16(2 * i, true);
    if (dtype === "F16") values[i] = half(bits);
    else {
      // The upper half of a float32.
      wide.setUint16(0, bits);
      values[i] = wide.getFloat32(0);
    }
  }
  return values;
}

/** IEEE 754 binary16: a sign, five bits of exponent (15 added), ten of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * TINIEST;
  // (1 + fraction / 1024) 2^(exponent - 15), in whole steps of the smallest number.
  return sign * (1024 + fraction) * TINIEST * (1 << (exponent - 1));
}

/** 2^-24, the smallest number of 16 bits. */
const TINIEST = 1 / 16777216;
