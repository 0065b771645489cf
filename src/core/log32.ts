/**
 * log and log1p in float32.
 *
 * Every operation rounds to float32 and every whole number has 32 bits, so that SIMD lanes that take the same steps
 * give the same bits; a condition with two values is a select there.
 *
 * Method: as log.ts. Coefficients: tools/fit-mathematics.py, log32.
 */
import { bitsOf32, fromBits32, sumLow32 } from "./bits32.ts";

const f: (x: number) => number = Math.fround;

const LN2_HIGH: number = f(0.69314575);
const LN2_LOW: number = f(1.4286068e-6);
const SMALLEST_NORMAL: number = f(1.1754943508222875e-38);
/** 2^23, which lifts a subnormal number. */
const LIFT = 8388608;
/** The bits of sqrt(1/2). */
const SQRT_HALF_BITS = 0x3f3504f3;

const W0: number = f(0.66666687);
const W1: number = f(0.39988777);
const W2: number = f(0.29580045);

/** k ln 2 + log(1 + g) + low. */
function logSum32(k: number, g: number, low: number): number {
  const s = f(g / f(2 + g));
  const z = f(s * s);
  const w = f(f(f(f(W2 * z) + W1) * z) + W0);
  const half = f(0.5 * f(g * g));
  const multiple = f(k * LN2_HIGH);
  const first = f(multiple + g);
  const rest = f(sumLow32(multiple, g, first) + f(f(k * LN2_LOW) + low));
  return f(first - f(half - f(f(s * f(half + f(z * w))) + rest)));
}

/** The natural logarithm. */
export function log32(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const lifted = x < SMALLEST_NORMAL;
  const bits = bitsOf32(lifted ? f(x * LIFT) : x);
  // x = 2^k m with m from sqrt(1/2) to sqrt(2): the shift rounds down.
  const k = (bits - SQRT_HALF_BITS) >> 23;
  const m = fromBits32(bits - (k << 23));
  return logSum32(lifted ? k - 23 : k, f(m - 1), 0);
}

/** log(1 + x), accurate near 0 too. */
export function log1p32(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  // Below 2^-25 the result is x to the last bit, -0 included.
  if (x === Infinity || Math.abs(x) < 2.9802322387695312e-8) return x;
  const u = f(1 + x);
  const bits = bitsOf32(u);
  const k = (bits - SQRT_HALF_BITS) >> 23;
  const m = fromBits32(bits - (k << 23));
  const near = k === 0;
  return logSum32(k, near ? x : f(m - 1), near ? 0 : f(sumLow32(1, x, u) / u));
}

/** The constants of this file for SIMD lanes that take the same steps; the polynomial from the highest power down. */
export const log32Constants: {
  readonly ln2High: number;
  readonly ln2Low: number;
  readonly smallestNormal: number;
  readonly lift: number;
  readonly sqrtHalfBits: number;
  readonly series: readonly number[];
} = {
  ln2High: LN2_HIGH,
  ln2Low: LN2_LOW,
  smallestNormal: SMALLEST_NORMAL,
  lift: LIFT,
  sqrtHalfBits: SQRT_HALF_BITS,
  series: [W2, W1, W0],
};
