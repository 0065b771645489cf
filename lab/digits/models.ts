/** Models in and out as files, by the library's formats. */
import { FormatError, fromJson, fromSafetensors, type Network, parametersSha256, ShapeError } from "talweg";
import type { Origin } from "./digitsState.ts";
import { PIXELS } from "./images.ts";
import shipped from "./network.safetensors?url";
import { plannedImages, plannedSteps, type TrainingPlan } from "./protocol.ts";

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

const hashes = new WeakMap<Network, string>();

/** The first eight digits of parametersSha256, as the command shows them; of networks that stay as they are. */
export function hashOf(n: Network): string {
  const known = hashes.get(n);
  if (known !== undefined) return known;
  const hash = parametersSha256(n).slice(0, 8);
  hashes.set(n, hash);
  return hash;
}

/** Where a network came from, in a few words. */
export function originText(origin: Origin): string {
  if (origin.kind === "file") return origin.name;
  if (origin.kind === "shipped") return "it came with the page, trained on MNIST by talweg train";
  return `trained in this page, ${planText(origin.plan)}${stopText(origin)}`;
}

export const planText = ({ extent, epochs, seed }: TrainingPlan): string =>
  `${epochs} epochs of ${extent === "full" ? "all " : ""}${plannedImages[extent].toLocaleString("en-US")} images, seed ${seed}`;

/** Where it did not come to the end of its plan. */
export const stopText = ({ plan, step }: Extract<Origin, { kind: "trained" }>): string =>
  step < plannedSteps(plan) ? `, stopped after step ${step} of ${plannedSteps(plan)}` : "";

export const modelName = (n: Network): string => [n.inputs, ...n.layers.map(({ units }) => units)].join("–");
