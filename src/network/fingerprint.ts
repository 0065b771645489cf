import { sha256 } from "../core/index.ts";
import { readParameters } from "./network.ts";
import type { Network } from "./types.ts";

/** SHA-256 of the flat parameter vector as little-endian float32, in hexadecimal: one word for "the same bits". */
export function parametersSha256(n: Network): string {
  const parameters = readParameters(n);
  const bytes = new Uint8Array(parameters.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, p] of parameters.entries()) view.setFloat32(4 * i, p, true);
  return sha256(bytes);
}
