/**
 * The binary format of WebAssembly, as far as values need it: numbers as bytes, and the trees of bytes that values are made of.
 *
 * Source: the WebAssembly core specification 2.0, chapter 5 (binary format).
 */

/** Bytes, nested as the expressions are. */
export type Code = readonly (number | Uint8Array | Code)[];

const word = new DataView(new ArrayBuffer(8));

/** An unsigned whole number in LEB128: seven bits a byte, the lowest first. */
export function unsigned(n: number): number[] {
  const bytes: number[] = [];
  let rest = n >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** A signed 32-bit number in LEB128. */
export function signed(n: number): number[] {
  const bytes: number[] = [];
  let rest = n | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** The bytes of a float32, a float64 or an int32, least significant first. */
export function bytesOf(kind: "f32" | "f64" | "i32", x: number): number[] {
  if (kind === "f32") word.setFloat32(0, x, true);
  else if (kind === "f64") word.setFloat64(0, x, true);
  else word.setInt32(0, x, true);
  return Array.from({ length: kind === "f64" ? 8 : 4 }, (_, i) => word.getUint8(i));
}

/** Offset of a memory access; data need not be aligned to more than four bytes. */
export const place = (alignment: number, offset: number): Code => [alignment, unsigned(offset)];
export const simd = (opcode: number): Code => [0xfd, unsigned(opcode)];

export abstract class Value {
  readonly code: Code;
  constructor(code: Code) {
    this.code = code;
  }
}

/** A class of values: how a parameter, a local or a result is declared. */
export interface Kind<V extends Value = Value> {
  new (code: Code): V;
  /** Its byte in WebAssembly's binary format. */
  readonly type: number;
  /** The opcode that stores one, with the alignment of its address. */
  readonly storing: Code;
}
