/**
 * The error function in float32.
 *
 * Every operation rounds to float32, so that SIMD lanes that take the same steps give the same bits.
 *
 * Method: as erf.ts. Coefficients: tools/fit-mathematics.py, erf32 and erfcx32.
 */
import { exp32 } from "./exp32.ts";

const f: (x: number) => number = Math.fround;

const E0: number = f(0.12837917);
const E1: number = f(-0.37612626);
const E2: number = f(0.11283594);
const E3: number = f(-0.026854211);
const E4: number = f(0.0051890872);
const E5: number = f(-0.00080168643);
const E6: number = f(7.875875e-5);

const P0: number = f(0.25539568);
const P1: number = f(-0.42718598);
const P2: number = f(0.2416582);
const P3: number = f(-0.07896831);
const P4: number = f(0.0037323718);
const P5: number = f(0.00681114);
const P6: number = f(-0.0008379754);

/** Where the method changes, and where erf is 1 to the last bit. */
const CHANGE = 1;
const HIGHEST = 4;

/** 2 / sqrt(pi) times the integral of exp(-t²) from 0 to x. */
export function erf32(x: number): number {
  const a = Math.abs(x);
  if (a < CHANGE) {
    const z = f(x * x);
    let e = f(f(E6 * z) + E5);
    e = f(f(e * z) + E4);
    e = f(f(e * z) + E3);
    e = f(f(e * z) + E2);
    e = f(f(e * z) + E1);
    e = f(f(e * z) + E0);
    return f(x + f(x * e));
  }
  const c = a > HIGHEST ? HIGHEST : a;
  const u = f(f(c - 2) / f(c + 2));
  let p = f(f(P6 * u) + P5);
  p = f(f(p * u) + P4);
  p = f(f(p * u) + P3);
  p = f(f(p * u) + P2);
  p = f(f(p * u) + P1);
  p = f(f(p * u) + P0);
  const y = f(1 - f(exp32(-f(c * c)) * p));
  return x < 0 ? -y : y;
}

/** The constants of this file for SIMD lanes that take the same steps; polynomials from the highest power down. */
export const erf32Constants: {
  readonly change: number;
  readonly highest: number;
  readonly near: readonly number[];
  readonly far: readonly number[];
} = {
  change: CHANGE,
  highest: HIGHEST,
  near: [E6, E5, E4, E3, E2, E1, E0],
  far: [P6, P5, P4, P3, P2, P1, P0],
};
