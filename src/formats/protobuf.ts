/**
 * Messages in the wire format of protocol buffers, written only: a field is its number and kind, then a whole number, four
 * bytes, or bytes with their length before them. A message is kept in pieces until the end, so that weights are copied once.
 *
 * Source: protobuf.dev/programming-guides/encoding.
 */

/** A field, or several fields one after the other, in pieces. */
export type Fields = readonly Uint8Array[];

const wireVarint = 0;
const wireLengthFirst = 2;
const wireFourBytes = 5;

/** A field of a whole number from 0 to 2^53 - 1. */
export function wholeField(field: number, value: number): Fields {
  return [varints(tag(field, wireVarint), value)];
}

/** A field of a float32 number. */
export function floatField(field: number, value: number): Fields {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varints(tag(field, wireFourBytes)), bytes];
}

export function bytesField(field: number, bytes: Uint8Array): Fields {
  return [varints(tag(field, wireLengthFirst), bytes.length), bytes];
}

/** A field of text, as UTF-8. */
export function textField(field: number, text: string): Fields {
  return bytesField(field, new TextEncoder().encode(text));
}

/** A field that is a message of its own. */
export function messageField(field: number, content: readonly Fields[]): Fields {
  const pieces = content.flat();
  return [varints(tag(field, wireLengthFirst), byteLength(pieces)), ...pieces];
}

/** A whole message as one array of bytes. */
export function messageBytes(content: readonly Fields[]): Uint8Array {
  const pieces = content.flat();
  const bytes = new Uint8Array(byteLength(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function tag(field: number, kind: number): number {
  return field * 8 + kind;
}

/** Seven bits a byte, the lowest first; all but the last byte of a number have the top bit set. */
function varints(...values: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const value of values) {
    let left = value;
    // Not by shifts, which end at 32 bits.
    for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
    bytes.push(left);
  }
  return Uint8Array.from(bytes);
}

function byteLength(pieces: Fields): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
