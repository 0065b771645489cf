/** Bytes and float32 numbers as text that an address can hold: base64url of RFC 4648, section 5, without padding. */
import { OptionError } from "talweg";

/** Bytes that are made into text at once; more arguments than this would not fit on the stack everywhere. */
const PIECE = 0x2000;

export function bytesToText(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @throws {OptionError} When a character does not belong there. @param name What the text is, for the message. */
export function textToBytes(text: string, name: string): Uint8Array {
  const stray = text.search(/[^A-Za-z0-9_-]/);
  if (stray >= 0 || text.length % 4 === 1) {
    const what = stray >= 0 ? `has ${JSON.stringify(text[stray])} at place ${stray + 1}` : "is cut short";
    throw new OptionError(
      name,
      `${name} ${what}, expected base64url: letters, digits, "-" and "_" in groups of four; copy the whole of it again.`,
    );
  }
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Float32 numbers, little-endian, as text: what `Setting.start` holds. */
export function floatsToText(values: Float32Array): string {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  return bytesToText(bytes);
}

/** @throws {OptionError} When the text is not that of whole, finite float32 numbers. @param name For the message. */
export function textToFloats(text: string, name: string): Float32Array {
  const bytes = textToBytes(text, name);
  if (bytes.length % 4 !== 0) {
    throw new OptionError(
      name,
      `${name} has ${bytes.length} bytes, expected four for each number; copy the whole of it again.`,
    );
  }
  const view = new DataView(bytes.buffer);
  const values = new Float32Array(bytes.length / 4);
  for (let i = 0; i < values.length; i++) {
    values[i] = view.getFloat32(4 * i, true);
    if (Number.isFinite(values[i])) continue;
    throw new OptionError(
      name,
      `${name} holds ${values[i]} as number ${i} (from 0), expected finite numbers; take other weights.`,
    );
  }
  return values;
}
