/** From bytes or text to a reader of text: in small pieces, without the mark of UTF-8, and not where the bytes are of another kind. */
import { FormatError, OptionError } from "../core/index.ts";
import { excerpt, type TextReader } from "./tableLimits.ts";
import { type Utf8Text, utf8Text } from "./utf8Text.ts";

/** Bytes that come in pieces, cut anywhere: a file, the body of a response, `blob.stream()`. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>;

/** Bytes or characters that are read at a time. */
const PIECE = 65_536;

/** How other kinds of files begin, and what to do with them. */
const signatures: readonly (readonly [string, readonly number[], string])[] = [
  ["UTF-16 text", [0xff, 0xfe], 'save it as UTF-8 ("CSV UTF-8" in spreadsheets)'],
  ["UTF-16 text", [0xfe, 0xff], 'save it as UTF-8 ("CSV UTF-8" in spreadsheets)'],
  ["packed with gzip", [0x1f, 0x8b], "unpack it first, or give it a name that ends in .gz"],
  ["a ZIP file or a spreadsheet", [0x50, 0x4b, 3, 4], "unpack it, or export the sheet as CSV"],
  ["an old spreadsheet", [0xd0, 0xcf, 0x11, 0xe0], "export the sheet as CSV"],
  [
    "a Parquet file",
    [0x50, 0x41, 0x52, 0x31],
    "read it with readParquet, or give it a name that ends in .parquet",
  ],
];

/** Hands a text or bytes that are all there to a reader, a piece at a time; stops after each for its results. */
export function* feed(source: string | Uint8Array, reader: TextReader, name: string): Generator<void> {
  if (typeof source !== "string" && !(source instanceof Uint8Array)) {
    throw new OptionError(
      "source",
      `${name}: the source is ${kindOf(source)}, expected text or a Uint8Array; read the file first.`,
    );
  }
  if (typeof source === "string") {
    for (let at = 0; at < source.length; at += PIECE) {
      const piece = source.slice(at, at + PIECE);
      reader.push(at === 0 ? withoutMark(piece) : piece);
      yield;
    }
  } else {
    const bytes = byteReader(reader, name);
    yield* bytes.push(source);
    yield* bytes.end();
  }
  reader.end();
  yield;
}

/** Hands bytes that come in pieces to a reader; stops after each piece for its results. */
export async function* feedStream(
  source: ByteSource,
  reader: TextReader,
  name: string,
): AsyncGenerator<void> {
  const bytes = byteReader(reader, name);
  for await (const piece of iterable(source, name)) {
    if (!(piece instanceof Uint8Array)) throw notBytes(piece, name);
    yield* bytes.push(piece);
  }
  yield* bytes.end();
  reader.end();
  yield;
}

interface ByteReader {
  push(bytes: Uint8Array): Generator<void>;
  end(): Generator<void>;
}

function byteReader(reader: TextReader, name: string): ByteReader {
  const text = utf8Text();
  let begun = false;
  /** The first bytes, until there are enough to know the kind of file. */
  let head: number[] | undefined = [];
  const read = (bytes: Uint8Array): void => {
    const piece = text.next(bytes);
    reader.push(begun ? piece : withoutMark(piece));
    begun ||= piece !== "";
    requireUtf8(text, reader, name);
  };
  const begin = (): void => {
    const bytes = Uint8Array.from(head ?? []);
    head = undefined;
    requireText(bytes, name);
    read(bytes);
  };
  return {
    *push(bytes) {
      let at = 0;
      while (head !== undefined && at < bytes.length) {
        head.push(bytes[at++] as number);
        if (head.length === 4) begin();
      }
      for (; at < bytes.length; at += PIECE) {
        read(bytes.subarray(at, at + PIECE));
        yield;
      }
    },
    *end() {
      if (head !== undefined) begin();
      text.end();
      requireUtf8(text, reader, name);
      yield;
    },
  };
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** @throws {FormatError} When the first bytes are those of another kind of file. */
function requireText(head: Uint8Array, name: string): void {
  const known = signatures.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (known !== undefined) {
    const [kind, , mend] = known;
    throw new FormatError(`${name}: the file is ${kind}, expected text in UTF-8; ${mend}.`, {
      line: 1,
      column: 1,
    });
  }
  if (head.subarray(0, 2).includes(0)) {
    throw new FormatError(
      `${name}: the file begins with a zero byte, expected text in UTF-8, so it is UTF-16 or no text at all; save it as UTF-8.`,
      { line: 1, column: 1 },
    );
  }
}

/** @throws {FormatError} When a byte was not UTF-8, with its place. */
function requireUtf8(text: Utf8Text, reader: TextReader, name: string): void {
  const fault = text.fault();
  if (fault === undefined) return;
  const { line, column } = reader.place();
  throw new FormatError(
    `${name}:${line}:${column}: the byte 0x${fault.toString(16).padStart(2, "0")} is not UTF-8, expected text in UTF-8; ` +
      "save the file as UTF-8 (from Windows-1252: iconv -f WINDOWS-1252 -t UTF-8).",
    { line, column },
  );
}

/** Browsers without iteration of streams have readers of them. */
async function* streamed(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever stops early wants no more bytes; that the source failed is known already.
    await reader.cancel().catch(() => undefined);
  }
}

function iterable(source: ByteSource, name: string): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source === "object" && source !== null && !(source instanceof Uint8Array)) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) {
      return source as AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
    }
    if ("getReader" in source) return streamed(source);
  }
  throw notBytes(source, name);
}

function notBytes(given: unknown, name: string): OptionError {
  return new OptionError(
    "source",
    `${name}: the source gives ${kindOf(given)}, expected pieces of bytes (Uint8Array); ` +
      "pass a stream or a list of Uint8Array, or read text and whole files with readCsv or readJsonLines.",
  );
}

function kindOf(given: unknown): string {
  if (given instanceof Uint8Array) return "one Uint8Array";
  return typeof given === "string"
    ? `the text ${excerpt(given)}`
    : given === null
      ? "null"
      : `a ${typeof given}`;
}
