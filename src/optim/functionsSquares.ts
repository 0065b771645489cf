/**
 * Sums of squares, each written once: its residuals with their Jacobian, of which value and gradient are made.
 *
 * Source, starts and minima: Moré, Garbow and Hillstrom, "Testing Unconstrained Optimization Software", ACM Transactions on
 * Mathematical Software 7 (1981), the problem's number beside each. Where the places of minima are not round numbers
 * they were computed to more digits than the paper has, and agree with it in those that it has.
 */
import { mathematics64 } from "../core/index.ts";
import { at, one, type TestFunction, testFunction, zero } from "./functionsMake.ts";

const { exp, sin, cos } = mathematics64;

/** Problem 2. */
export const freudensteinRoth: TestFunction = testFunction({
  name: "freudensteinRoth",
  formula: "(x + ((5 - y) y - 2) y - 13)^2 + (x + ((y + 1) y - 14) y - 29)^2",
  dimension: 2,
  start: at(0.5, -2),
  minima: [at(5, 4)],
  localMinima: [48.98425367924],
  leastSquares: () => ({
    residuals: 2,
    evaluate: (w, r, jacobian) => {
      const [x, y] = [w[0]!, w[1]!];
      r.set([x + ((5 - y) * y - 2) * y - 13, x + ((y + 1) * y - 14) * y - 29]);
      jacobian?.set([1, 10 * y - 3 * y * y - 2, 1, 3 * y * y + 2 * y - 14]);
    },
  }),
});

/** Problem 3. */
export const powellBadlyScaled: TestFunction = testFunction({
  name: "powellBadlyScaled",
  formula: "(10^4 x y - 1)^2 + (e^-x + e^-y - 1.0001)^2",
  dimension: 2,
  start: at(0, 1),
  minima: [at(1.0981593296998e-5, 9.1061467398665)],
  leastSquares: () => ({
    residuals: 2,
    evaluate: (w, r, jacobian) => {
      const [x, y] = [w[0]!, w[1]!];
      const [a, b] = [exp(-x), exp(-y)];
      r.set([1e4 * x * y - 1, a + b - 1.0001]);
      jacobian?.set([1e4 * y, 1e4 * x, -a, -b]);
    },
  }),
});

/** Problem 4. */
export const brownBadlyScaled: TestFunction = testFunction({
  name: "brownBadlyScaled",
  formula: "(x - 10^6)^2 + (y - 2 10^-6)^2 + (x y - 2)^2",
  dimension: 2,
  start: one,
  minima: [at(1e6, 2e-6)],
  leastSquares: () => ({
    residuals: 3,
    evaluate: (w, r, jacobian) => {
      const [x, y] = [w[0]!, w[1]!];
      r.set([x - 1e6, y - 2e-6, x * y - 2]);
      jacobian?.set([1, 0, 0, 1, y, x]);
    },
  }),
});

/** Problem 6, with ten terms. */
export const jennrichSampson: TestFunction = testFunction({
  name: "jennrichSampson",
  formula: "sum over i = 1 … 10 of (2 + 2 i - e^(i x) - e^(i y))^2",
  dimension: 2,
  start: at(0.3, 0.4),
  minima: [at(0.257825213670373, 0.257825213670373)],
  minimum: 124.3621823556148,
  leastSquares: () => ({
    residuals: 10,
    evaluate: (w, r, jacobian) => {
      for (let i = 1; i <= 10; i++) {
        const [a, b] = [exp(i * w[0]!), exp(i * w[1]!)];
        r[i - 1] = 2 + 2 * i - a - b;
        jacobian?.set([-i * a, -i * b], 2 * (i - 1));
      }
    },
  }),
});

/** Problem 12, with ten terms. Its value is 0 also wherever x = y and z = 0. */
export const box3d: TestFunction = testFunction({
  name: "box3d",
  formula: "sum over t = 0.1, 0.2 … 1 of (e^(-t x) - e^(-t y) - z (e^-t - e^(-10 t)))^2",
  dimension: 3,
  start: at(0, 10, 20),
  minima: [at(1, 10, 1), at(10, 1, -1)],
  leastSquares: () => ({
    residuals: 10,
    evaluate: (w, r, jacobian) => {
      for (let i = 1; i <= 10; i++) {
        const t = 0.1 * i;
        const [a, b] = [exp(-t * w[0]!), exp(-t * w[1]!)];
        const c = exp(-t) - exp(-10 * t);
        r[i - 1] = a - b - w[2]! * c;
        jacobian?.set([-t * a, t * b, -c], 3 * (i - 1));
      }
    },
  }),
});

/** Problem 16, with twenty terms. */
export const brownDennis: TestFunction = testFunction({
  name: "brownDennis",
  formula: "sum over t = 0.2, 0.4 … 4 of ((x1 + t x2 - e^t)^2 + (x3 + x4 sin t - cos t)^2)^2",
  dimension: 4,
  start: at(25, 5, -5, -1),
  minima: [at(-11.59443990476, 13.20363005121, -0.4034394881769, 0.2367787744557)],
  minimum: 85822.2016263563,
  leastSquares: () => ({
    residuals: 20,
    evaluate: (w, r, jacobian) => {
      for (let i = 1; i <= 20; i++) {
        const t = i / 5;
        const s = sin(t);
        const a = w[0]! + t * w[1]! - exp(t);
        const b = w[2]! + w[3]! * s - cos(t);
        r[i - 1] = a * a + b * b;
        jacobian?.set([2 * a, 2 * a * t, 2 * b, 2 * b * s], 4 * (i - 1));
      }
    },
  }),
});

const ROOT_A = Math.sqrt(1e-5);

/** Problem 23, in four variables, since its minimum depends on their number. */
export const penalty1: TestFunction = testFunction({
  name: "penalty1",
  formula: "sum of 10^-5 (x_i - 1)^2, plus (sum of x_i^2 - 1/4)^2, in 4 variables",
  dimension: 4,
  start: (index) => index + 1,
  minima: [() => 0.2500074995],
  minimum: 2.24997750089864e-5,
  leastSquares: () => ({
    residuals: 5,
    evaluate: (w, r, jacobian) => {
      jacobian?.fill(0);
      let sum = -0.25;
      for (let i = 0; i < 4; i++) {
        const x = w[i]!;
        r[i] = ROOT_A * (x - 1);
        sum += x * x;
        jacobian?.set([ROOT_A], 5 * i);
        jacobian?.set([2 * x], 16 + i);
      }
      r[4] = sum;
    },
  }),
});

/** Problem 25. */
export const variablyDimensioned: TestFunction = testFunction({
  name: "variablyDimensioned",
  formula: "sum of (x_i - 1)^2, plus s^2 + s^4 with s = sum of i (x_i - 1)",
  dimension: 10,
  leastDimension: 1,
  start: (index, dimension) => 1 - (index + 1) / dimension,
  minima: [one],
  leastSquares: ({ dimension: n }) => ({
    residuals: n + 2,
    evaluate: (w, r, jacobian) => {
      let s = 0;
      for (let i = 0; i < n; i++) {
        r[i] = w[i]! - 1;
        s += (i + 1) * r[i]!;
      }
      r[n] = s;
      r[n + 1] = s * s;
      if (!jacobian) return;
      jacobian.fill(0);
      for (let i = 0; i < n; i++) {
        jacobian[i * n + i] = 1;
        jacobian[n * n + i] = i + 1;
        jacobian[(n + 1) * n + i] = 2 * s * (i + 1);
      }
    },
  }),
});

/** Problem 26. */
export const trigonometric: TestFunction = testFunction({
  name: "trigonometric",
  formula: "sum of (n - sum of cos x_j + i (1 - cos x_i) - sin x_i)^2",
  dimension: 10,
  leastDimension: 1,
  start: (_, dimension) => 1 / dimension,
  minima: [zero],
  localMinima: [2.795056121876e-5],
  leastSquares: ({ dimension: n }) => ({
    residuals: n,
    evaluate: (w, r, jacobian) => {
      let sum = 0;
      for (const x of w) sum += cos(x);
      for (let i = 0; i < n; i++) {
        const [s, c] = [sin(w[i]!), cos(w[i]!)];
        r[i] = n - sum + (i + 1) * (1 - c) - s;
        if (!jacobian) continue;
        for (let k = 0; k < n; k++) jacobian[k * n + i] = s;
        jacobian[i * n + i] = s + (i + 1) * s - c;
      }
    },
  }),
});

/** Problem 27. */
export const brownAlmostLinear: TestFunction = testFunction({
  name: "brownAlmostLinear",
  formula: "sum over i < n of (x_i + sum of x_j - n - 1)^2, plus (product of x_j - 1)^2",
  dimension: 10,
  leastDimension: 1,
  start: () => 0.5,
  minima: [one],
  localMinima: [1],
  leastSquares: ({ dimension: n }) => ({
    residuals: n,
    evaluate: (w, r, jacobian) => {
      let sum = -n - 1;
      let product = 1;
      for (const x of w) {
        sum += x;
        product *= x;
      }
      for (let i = 0; i + 1 < n; i++) r[i] = w[i]! + sum;
      r[n - 1] = product - 1;
      if (!jacobian) return;
      jacobian.fill(1);
      for (let i = 0; i + 1 < n; i++) jacobian[i * n + i] = 2;
      // The product of all others: of those before, times those behind.
      let before = 1;
      for (let i = 0; i < n; i++) {
        jacobian[(n - 1) * n + i] = before;
        before *= w[i]!;
      }
      let behind = 1;
      for (let i = n - 1; i >= 0; i--) {
        jacobian[(n - 1) * n + i] = jacobian[(n - 1) * n + i]! * behind;
        behind *= w[i]!;
      }
    },
  }),
});
