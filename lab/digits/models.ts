/** Models in and out as files, by the library's formats. */
import { FormatError, fromJson, fromSafetensors, type Network, ShapeError } from "talweg";
import { PIXELS } from "./images.ts";
import shipped from "./network.safetensors?url";

export type ModelKind = "safetensors" | "onnx" | "ts" | "json";

/** Bytes that a file may have: a network of this size still answers within a frame or two. */
const MOST = 64 * 1024 * 1024;

/** The network that comes with the page: 784-64-10, trained by the command (`tools/lab-digits.js`). */
export async function shippedNetwork(): Promise<Network> {
  const response = await fetch(shipped);
  if (!response.ok)
    throw new FormatError(`The network cannot be had (${response.status}); load the page anew.`);
  return fromSafetensors(new Uint8Array(await response.arrayBuffer()));
}

/**
 * The network of a file that reads pictures of 28 by 28 pixels as digits.
 *
 * @throws {FormatError} What the library says of a file that is none of its models.
 * @throws {ShapeError} When its inputs are not 784 or its outputs not 10.
 */
export async function readModel(file: File): Promise<Network> {
  if (file.size > MOST) {
    throw new FormatError(
      `${file.name}: the file has ${file.size} bytes, expected at most ${MOST}; pass a smaller model.`,
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const n = /\.json$/i.test(file.name) ? fromJson(new TextDecoder().decode(bytes)) : fromSafetensors(bytes);
  if (n.inputs === PIXELS && n.outputs === 10) return n;
  throw new ShapeError(
    `${file.name}: the network has ${n.inputs} inputs and ${n.outputs} outputs, expected ${PIXELS} (28 by 28 pixels) and 10 (the digits); pass one trained on mnist.`,
  );
}

/** The file of a network; what writes the larger formats is loaded when it is asked for. */
export async function modelFile(n: Network, kind: ModelKind): Promise<Blob> {
  const { toCode, toJson, toOnnx, toSafetensors } = await import("talweg/formats");
  if (kind === "safetensors") return new Blob([toSafetensors(n) as BlobPart]);
  if (kind === "onnx") return new Blob([toOnnx(n) as BlobPart]);
  if (kind === "ts") return new Blob([toCode(n)], { type: "text/plain" });
  return new Blob([toJson(n)], { type: "application/json" });
}

export const modelName = (n: Network): string => [n.inputs, ...n.layers.map(({ units }) => units)].join("–");
