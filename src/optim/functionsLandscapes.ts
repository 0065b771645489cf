/**
 * Functions of two variables with several valleys, that are no sums of squares.
 *
 * Source: Jamil and Yang, "A Literature Survey of Benchmark Functions for Global Optimization Problems" (2013, arXiv
 * 1308.4008), the function's number beside each. The survey has no starts, so they begin at 0 or at ones.
 */
import { at, one, type TestFunction, testFunction, zero } from "./functionsMake.ts";

/** Function 56. */
export const goldsteinPrice: TestFunction = testFunction({
  name: "goldsteinPrice",
  formula:
    "(1 + (x + y + 1)^2 (19 - 14 x + 3 x^2 - 14 y + 6 x y + 3 y^2)) (30 + (2 x - 3 y)^2 (18 - 32 x + 12 x^2 + 48 y - 36 x y + 27 y^2))",
  dimension: 2,
  start: zero,
  minima: [at(0, -1)],
  minimum: 3,
  localMinima: [30, 84, 840],
  compute: () => (w, g) => {
    const [x, y] = [w[0]!, w[1]!];
    // The first factor depends on the sum of both alone, the second on 2 x - 3 y.
    const s = x + y;
    const d = 2 * x - 3 * y;
    const p = 19 - 14 * s + 3 * s * s;
    const q = 18 - 16 * d + 3 * d * d;
    const a = 1 + (s + 1) * (s + 1) * p;
    const b = 30 + d * d * q;
    if (g) {
      const slopeA = 2 * (s + 1) * p + (s + 1) * (s + 1) * (6 * s - 14);
      const slopeB = 2 * d * q + d * d * (6 * d - 16);
      g[0] = slopeA * b + 2 * a * slopeB;
      g[1] = slopeA * b - 3 * a * slopeB;
    }
    return a * b;
  },
});

/** Function 144, in two variables, since its minimum depends on their number. */
export const styblinskiTang: TestFunction = testFunction({
  name: "styblinskiTang",
  formula: "half the sum of x_i^4 - 16 x_i^2 + 5 x_i, in 2 variables",
  dimension: 2,
  start: zero,
  minima: [() => -2.903534027771177],
  minimum: -78.33233140754285,
  localMinima: [-64.1956123643, -50.058893321],
  compute: () => (w, g) => {
    let sum = 0;
    for (let i = 0; i < 2; i++) {
      const x = w[i]!;
      const square = x * x;
      sum += square * square - 16 * square + 5 * x;
      if (g) g[i] = 2 * square * x - 16 * x + 2.5;
    }
    return sum / 2;
  },
});

/** Function 29. */
export const threeHumpCamel: TestFunction = testFunction({
  name: "threeHumpCamel",
  formula: "2 x^2 - 1.05 x^4 + x^6 / 6 + x y + y^2",
  dimension: 2,
  start: one,
  minima: [zero],
  localMinima: [0.298638442236861],
  compute: () => (w, g) => {
    const [x, y] = [w[0]!, w[1]!];
    const square = x * x;
    if (g) {
      g[0] = x * (4 - 4.2 * square + square * square) + y;
      g[1] = x + 2 * y;
    }
    return square * (2 - 1.05 * square + (square * square) / 6) + x * y + y * y;
  },
});
