/**
 * exp, expm1, tanh and the logistic function in float32.
 *
 * Every operation rounds to float32 and every whole number has 32 bits, so that SIMD lanes that take the same steps
 * give the same bits; a condition with two values is a select there. Nothing depends on more than the argument.
 *
 * Method: as exp.ts, with exp(r) = 1 + r + r² Q(r); the clamps keep k in range, and the scaling by 2^k in two steps
 * makes overflow and subnormal results by itself. tanh(x) is x + x³ T(x²) below 0.625 and 1 - 2 / (exp(2x) + 1) above
 * (Cody and Waite, Software Manual for the Elementary Functions, 1980, chapters 6 and 13).
 * Coefficients: tools/fit-mathematics.py, exp32, expm132 and tanh32.
 */
import { powerOfTwo32, scale32, sumLow32 } from "./bits32.ts";

const f: (x: number) => number = Math.fround;

const INVERSE_LN2: number = f(Math.LOG2E);
/** 15 bits of ln 2, so that k times it is exact; then the rest. */
const LN2_HIGH: number = f(0.69314575);
const LN2_LOW: number = f(1.4286068e-6);
/** 1.5 * 2^23: added and taken away, it leaves the nearest whole number. */
const ROUNDER = 12582912;
/** exp(89) overflows, exp(-104) is less than half of the smallest subnormal, and expm1(-17.5) is -1 to the last bit. */
const HIGHEST = 89;
const LOWEST = -104;
const LOWEST_EXPM1 = -17.5;
/** Where tanh changes its method, and where it is 1 to the last bit. */
const TANH_CHANGE = 0.625;
const TANH_HIGHEST = 10;

const Q0 = 0.5;
const Q1: number = f(0.16666576);
const Q2: number = f(0.041666556);
const Q3: number = f(0.008363179);
const Q4: number = f(0.0013926184);

/** e to the x. */
export function exp32(x: number): number {
  // NaN fails both tests and stays.
  const c = x > HIGHEST ? HIGHEST : x < LOWEST ? LOWEST : x;
  const k = f(f(f(c * INVERSE_LN2) + ROUNDER) - ROUNDER);
  const high = f(c - f(k * LN2_HIGH));
  const low = f(k * LN2_LOW);
  const r = f(high - low);
  let q = f(f(Q4 * r) + Q3);
  q = f(f(q * r) + Q2);
  q = f(f(q * r) + Q1);
  q = f(f(q * r) + Q0);
  const tail = f(f(f(r * r) * q) - low);
  return scale32(f(1 + f(high + tail)), k | 0);
}

const M0 = 0.5;
const M1: number = f(0.16666667);
const M2: number = f(0.041666467);
const M3: number = f(0.0083333105);
const M4: number = f(0.001393365);
const M5: number = f(0.00019890991);

/** exp(x) - 1, accurate near 0 too. */
export function expm132(x: number): number {
  const c = x > HIGHEST ? HIGHEST : x < LOWEST_EXPM1 ? LOWEST_EXPM1 : x;
  const k = f(f(f(c * INVERSE_LN2) + ROUNDER) - ROUNDER);
  const high = f(c - f(k * LN2_HIGH));
  const low = f(k * LN2_LOW);
  const r = f(high - low);
  let q = f(f(M5 * r) + M4);
  q = f(f(q * r) + M3);
  q = f(f(q * r) + M2);
  q = f(f(q * r) + M1);
  q = f(f(q * r) + M0);
  // What r lost when it was rounded counts here: exp(r + d) - exp(r) = d + r d + …
  const lost = f(f(high - r) - low);
  const tail = f(f(f(r * r) * q) - f(low - f(r * lost)));
  const e = f(high + tail);
  // exp(x) - 1 = 2^k ((1 - 2^-k) + e); beyond 2^-60 the share of 2^-k is far below the last bit.
  const n = k | 0;
  const power = powerOfTwo32(n > 60 ? -60 : -n);
  const constant = f(1 - power);
  const sum = f(constant + e);
  const rest = f(sumLow32(high, tail, e) + sumLow32(1, -power, constant));
  const y = scale32(f(sum + f(sumLow32(constant, e, sum) + rest)), n);
  // Below 2^-25 the result is x to the last bit, -0 included.
  return Math.abs(x) < 2.9802322387695312e-8 ? x : y;
}

const T0: number = f(-0.33333328);
const T1: number = f(0.1333277);
const T2: number = f(-0.05385085);
const T3: number = f(0.020996895);
const T4: number = f(-0.0060962997);

/** (exp(2x) - 1) / (exp(2x) + 1). */
export function tanh32(x: number): number {
  const a = Math.abs(x);
  if (a < TANH_CHANGE) {
    // 2^-13: below it tanh(x) is x to the last bit, -0 included.
    if (a < 0.0001220703125) return x;
    const z = f(x * x);
    let t = f(f(T4 * z) + T3);
    t = f(f(t * z) + T2);
    t = f(f(t * z) + T1);
    t = f(f(t * z) + T0);
    return f(x + f(x * f(z * t)));
  }
  const c = a > TANH_HIGHEST ? TANH_HIGHEST : a;
  const y = f(1 - f(2 / f(exp32(f(2 * c)) + 1)));
  return x < 0 ? -y : y;
}

/** 1 / (1 + exp(-x)). */
export function logistic32(x: number): number {
  const e = exp32(-Math.abs(x));
  return f((x < 0 ? e : 1) / f(1 + e));
}

/** The constants of this file for SIMD lanes that take the same steps; polynomials from the highest power down. */
export const exp32Constants: {
  readonly inverseLn2: number;
  readonly ln2High: number;
  readonly ln2Low: number;
  readonly rounder: number;
  readonly highest: number;
  readonly lowest: number;
  readonly lowestExpm1: number;
  readonly tanhChange: number;
  readonly tanhHighest: number;
  readonly exp: readonly number[];
  readonly expm1: readonly number[];
  readonly tanh: readonly number[];
} = {
  inverseLn2: INVERSE_LN2,
  ln2High: LN2_HIGH,
  ln2Low: LN2_LOW,
  rounder: ROUNDER,
  highest: HIGHEST,
  lowest: LOWEST,
  lowestExpm1: LOWEST_EXPM1,
  tanhChange: TANH_CHANGE,
  tanhHighest: TANH_HIGHEST,
  exp: [Q4, Q3, Q2, Q1, Q0],
  expm1: [M5, M4, M3, M2, M1, M0],
  tanh: [T4, T3, T2, T1, T0],
};
