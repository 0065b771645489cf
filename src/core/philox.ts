/**
 * Philox4x32-10, a counter-based generator: the n-th number of any stream costs the same as the first, so that
 * results cannot depend on the order in which things are drawn or on the number of threads.
 *
 * Source: Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3" (2011), section 3.3.
 */

// Signed words and halves of words, so that the engine stays in 32-bit integers; the bits are the same.
const MULTIPLIER_0 = 0xd2511f53 | 0;
const HIGH_0 = 0xd251;
const LOW_0 = 0x1f53;
const MULTIPLIER_1 = 0xcd9e8d57 | 0;
const HIGH_1 = 0xcd9e;
const LOW_1 = 0x8d57;
const WEYL_0 = 0x9e3779b9 | 0;
const WEYL_1 = 0xbb67ae85 | 0;
const ROUNDS = 10;

/** For those who write the generator in another language: factors of words 0 and 2, what the keys grow by, rounds. */
export const philoxConstants: {
  readonly multipliers: readonly [number, number];
  readonly weyl: readonly [number, number];
  readonly rounds: number;
} = { multipliers: [MULTIPLIER_0, MULTIPLIER_1], weyl: [WEYL_0, WEYL_1], rounds: ROUNDS };

/**
 * The upper 32 bits of the 64-bit product of two unsigned words: schoolbook multiplication in halves of 16 bits. The
 * products of halves, with the carries that are added to them, stay below 2^32.
 */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) >>> 16;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + carry) >>> 0;
}

/**
 * One block of four random words.
 *
 * @param counter `[4]` words, least significant first.
 * @param key     `[2]` words, least significant first.
 * @param out     `[4]` words, overwritten.
 */
export function philox4x32(counter: Uint32Array, key: Uint32Array, out: Uint32Array): void {
  let c0 = (counter[0] as number) | 0;
  let c1 = (counter[1] as number) | 0;
  let c2 = (counter[2] as number) | 0;
  let c3 = (counter[3] as number) | 0;
  let k0 = (key[0] as number) | 0;
  let k1 = (key[1] as number) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    // multiplyHigh written out: a run draws its first order of rows before the engine has warmed up, when calls are dear.
    let low = c0 & 0xffff;
    let high = c0 >>> 16;
    let middle = (Math.imul(HIGH_0, low) + (Math.imul(LOW_0, low) >>> 16)) | 0;
    let carry = (Math.imul(LOW_0, high) + (middle & 0xffff)) >>> 16;
    const high0 = Math.imul(HIGH_0, high) + (middle >>> 16) + carry;
    const low0 = Math.imul(MULTIPLIER_0, c0);
    low = c2 & 0xffff;
    high = c2 >>> 16;
    middle = (Math.imul(HIGH_1, low) + (Math.imul(LOW_1, low) >>> 16)) | 0;
    carry = (Math.imul(LOW_1, high) + (middle & 0xffff)) >>> 16;
    const high1 = Math.imul(HIGH_1, high) + (middle >>> 16) + carry;
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}
