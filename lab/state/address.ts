/**
 * A setting as the fragment of an address, and back.
 *
 * The first character tells the form: "a" the JSON as it is, "b" the same deflated (RFC 1951); then base64url. Of the fields only
 * those are written that differ from a plain setting, so that most links are short. Links are made by strangers: what comes in
 * is bounded in length, and what it unfolds to as well, before anything is parsed.
 */
import { FormatError, TalwegError } from "talweg";
import { bytesToText, textToBytes } from "./bits.ts";
import { checkSetting } from "./checkSetting.ts";
import { blankSetting } from "./presets.ts";
import type { Setting } from "./types.ts";

/** Longest fragment, in characters, and most bytes that one may unfold to. */
const LONGEST = 400_000;
const UNFOLDED = 1024 * 1024;

type Plain = Record<string, unknown>;

/** The fragment without "#": compact, the same for the same setting. */
export async function toAddress(setting: Setting): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(difference(setting, blankSetting)));
  const plain = `a${bytesToText(bytes)}`;
  if (typeof CompressionStream !== "function") return plain;
  const packed = `b${bytesToText(await through(bytes, new CompressionStream("deflate-raw"), Infinity))}`;
  return packed.length < plain.length ? packed : plain;
}

/**
 * @param fragment With or without "#".
 * @throws {FormatError} When it is damaged, too long or of another version.
 * @throws {TalwegError} When what it says cannot be; see `checkSetting`.
 */
export async function fromAddress(fragment: string): Promise<Setting> {
  const text = fragment.replace(/^#/, "");
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
  const json = form === "a" ? bytes : await inflate(bytes);
  const given = parse(json);
  return checkSetting(merged(blankSetting, given));
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

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function parse(bytes: Uint8Array): Plain {
  let given: unknown;
  try {
    given = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new FormatError("link: what is in it is not the text of a setting; copy the whole of it again.");
  }
  if (isPlain(given)) return given;
  throw new FormatError("link: what is in it is no setting; copy the whole of it again.");
}

/** The fields in which a setting is another than `base`, objects within it likewise. */
function difference(setting: object, base: object): Plain {
  const out: Plain = {};
  for (const [name, value] of Object.entries(setting)) {
    const other = (base as Plain)[name];
    if (JSON.stringify(value) === JSON.stringify(other)) continue;
    out[name] = isPlain(value) && isPlain(other) ? difference(value, other) : value;
  }
  return out;
}

/** `base` with the fields that were given. */
function merged(base: object, given: Plain): Plain {
  const out: Plain = Object.assign(Object.create(null), base);
  for (const [name, value] of Object.entries(given)) {
    const other = out[name];
    out[name] = isPlain(value) && isPlain(other) ? merged(other, value) : value;
  }
  return out;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
