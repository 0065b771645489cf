/**
 * Bytes as text that an address can hold, and back.
 *
 * The first character tells the form: "a" the bytes as they are, "b" the same deflated (RFC 1951); then base64url. Links are made
 * by strangers: what comes in is bounded in length, and what it unfolds to as well, before anybody reads it.
 */
import { FormatError, TalwegError } from "talweg";
import { bytesToText, textToBytes } from "./bits.ts";

/** Longest text, in characters, and most bytes that one may unfold to. */
const LONGEST = 400_000;
const UNFOLDED = 1024 * 1024;

/** Compact, the same for the same bytes. */
export async function pack(bytes: Uint8Array): Promise<string> {
  const plain = `a${bytesToText(bytes)}`;
  if (typeof CompressionStream !== "function") return plain;
  const packed = `b${bytesToText(await through(bytes, new CompressionStream("deflate-raw"), Infinity))}`;
  return packed.length < plain.length ? packed : plain;
}

/** @throws {TalwegError} When it is damaged, too long or of another form. */
export async function unpack(text: string): Promise<Uint8Array> {
  const form = text[0];
  if (text.length > LONGEST) {
    throw new FormatError(
      `link: it has ${text.length} characters, expected at most ${LONGEST}; this page does not make such links.`,
    );
  }
  if (form !== "a" && form !== "b") {
    throw new FormatError(
      `link: it begins with ${JSON.stringify(form ?? "")}, expected "a" or "b", the forms that this page knows; copy the whole of it again.`,
    );
  }
  const bytes = textToBytes(text.slice(1), "link");
  return form === "a" ? bytes : await inflate(bytes);
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await through(bytes, new DecompressionStream("deflate-raw"), UNFOLDED);
  } catch (error) {
    if (error instanceof TalwegError) throw error;
    throw new FormatError(
      "link: it cannot be unpacked, since something in it is missing or changed; copy the whole of it again.",
    );
  }
}

/** Bytes sent through a stream. @throws {FormatError} When more than `most` come out. */
async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // Its errors come out of the reader too.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return joined(pieces, length);
    length += value.length;
    pieces.push(value);
    if (length <= most) continue;
    reader.cancel().catch(() => {});
    throw new FormatError(
      `link: it unfolds to more than ${most} bytes, expected less; this page does not make such links.`,
    );
  }
}

/** Pieces one behind the other, `length` bytes in all. */
export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
