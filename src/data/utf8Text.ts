/**
 * Text from UTF-8 bytes that come in pieces, cut anywhere, with the place of the first byte that is not UTF-8.
 *
 * Source: The Unicode Standard 16.0, chapter 3, table 3-7 (well-formed UTF-8 byte sequences).
 */

export interface Utf8Text {
  /** The text of the next bytes, up to a sequence that is not complete yet or to the first fault. */
  next(bytes: Uint8Array): string;
  /** Says that no bytes follow: a sequence that is not complete is a fault. */
  end(): void;
  /** The first byte that is not UTF-8; the text before it has been given out. */
  fault(): number | undefined;
}

export function utf8Text(): Utf8Text {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let carry: Uint8Array = new Uint8Array(0);
  let fault: number | undefined;
  return {
    next(bytes) {
      const whole = carry.length === 0 ? bytes : joined(carry, bytes);
      const end = completeEnd(whole);
      // A copy, since the caller may fill the same memory with the next bytes.
      carry = whole.slice(end);
      try {
        return decoder.decode(whole.subarray(0, end));
      } catch {
        const valid = validEnd(whole);
        fault = whole[valid] ?? whole.at(-1);
        carry = new Uint8Array(0);
        return decoder.decode(whole.subarray(0, valid));
      }
    },
    end() {
      fault ??= carry[0];
    },
    fault: () => fault,
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The length without a last sequence that wants more bytes than there are. */
function completeEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) !== 0x80) return promised(byte) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** How many bytes a sequence has that begins so. */
function promised(byte: number): number {
  if (byte < 0xc0) return 1;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/** The length of what is well formed. */
function validEnd(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return bytes.length;
}

/** The length of the sequence at a place, 0 where it is not well formed. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = promised(first);
  const second = bytes[at + 1] ?? 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}
