/**
 * Curves fitted to data, and a valley along a helix: sums of squares that do not end at 0, or bend in space.
 *
 * Source, data, starts and minima: Moré, Garbow and Hillstrom, "Testing Unconstrained Optimization Software", ACM
 * Transactions on Mathematical Software 7 (1981), the problem's number beside each. The places of minima were computed to
 * more digits than the paper has, and agree with it in those that it has.
 */
import { mathematics64 } from "../core/index.ts";
import { at, type TestFunction, testFunction } from "./functionsMake.ts";

const { exp, sin, cos } = mathematics64;

const bardData: readonly number[] = [
  0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.1, 4.39,
];

/** Problem 8: a rational function through fifteen points. */
export const bard: TestFunction = testFunction({
  name: "bard",
  formula: "sum over 15 points of (y_i - x1 - u_i / (v_i x2 + w_i x3))^2",
  dimension: 3,
  start: () => 1,
  minima: [at(0.0824105597497892, 1.13303609202973, 2.34369517864253)],
  minimum: 8.21487730657897e-3,
  leastSquares: () => ({
    residuals: 15,
    evaluate: (x, r, jacobian) => {
      for (let i = 1; i <= 15; i++) {
        const v = 16 - i;
        const w = Math.min(i, v);
        const bottom = v * x[1]! + w * x[2]!;
        r[i - 1] = bardData[i - 1]! - x[0]! - i / bottom;
        const slope = i / (bottom * bottom);
        jacobian?.set([-1, slope * v, slope * w], 3 * (i - 1));
      }
    },
  }),
});

/** The first half of the data and its middle; the other half is the same backwards. */
const gaussianData: readonly number[] = [0.0009, 0.0044, 0.0175, 0.054, 0.1295, 0.242, 0.3521, 0.3989];

/** Problem 9: a bell curve through fifteen points. */
export const gaussian: TestFunction = testFunction({
  name: "gaussian",
  formula: "sum over 15 points of (x e^(-y (t_i - z)^2 / 2) - y_i)^2",
  dimension: 3,
  start: at(0.4, 1, 0),
  minima: [at(0.398956137838, 1.00001908448, 0)],
  minimum: 1.127932769618836e-8,
  leastSquares: () => ({
    residuals: 15,
    evaluate: (w, r, jacobian) => {
      for (let i = 1; i <= 15; i++) {
        const away = (8 - i) / 2 - w[2]!;
        const bell = exp((-w[1]! * away * away) / 2);
        r[i - 1] = w[0]! * bell - gaussianData[Math.min(i, 16 - i) - 1]!;
        jacobian?.set([bell, (-w[0]! * bell * away * away) / 2, w[0]! * bell * w[1]! * away], 3 * (i - 1));
      }
    },
  }),
});

const kowalikY: readonly number[] = [
  0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246,
];
const kowalikU: readonly number[] = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];

/** Problem 15: the speed of an enzyme reaction, eleven points. */
export const kowalikOsborne: TestFunction = testFunction({
  name: "kowalikOsborne",
  formula: "sum over 11 points of (y_i - x1 (u_i^2 + u_i x2) / (u_i^2 + u_i x3 + x4))^2",
  dimension: 4,
  start: at(0.25, 0.39, 0.415, 0.39),
  minima: [at(0.19280693457987, 0.191282328705815, 0.123056506914722, 0.136062330671942)],
  minimum: 3.0750560384924e-4,
  // Where x2 goes to infinity.
  localMinima: [1.02734e-3],
  leastSquares: () => ({
    residuals: 11,
    evaluate: (w, r, jacobian) => {
      for (let i = 0; i < 11; i++) {
        const u = kowalikU[i]!;
        const top = u * u + u * w[1]!;
        const bottom = u * u + u * w[2]! + w[3]!;
        const ratio = top / bottom;
        r[i] = kowalikY[i]! - w[0]! * ratio;
        const slope = (w[0]! * ratio) / bottom;
        jacobian?.set([-ratio, (-w[0]! * u) / bottom, slope * u, slope], 4 * i);
      }
    },
  }),
});

/**
 * The angle of (x, y) in turns, from -1/4 to 3/4; 0 at the origin.
 *
 * Method: from a first guess t the sine of what is missing is (y cos t - x sin t) / r, and asin(d) = d + d³/6 + …
 */
function turns(x: number, y: number): number {
  const radius = Math.sqrt(x * x + y * y);
  if (radius === 0) return 0;
  const [c, s] = [Math.abs(x) / radius, y / radius];
  // Within 0.004 of the angle in the right half-plane (Rajan and others, 2006), or of its complement.
  const steep = Math.abs(s) > c;
  const ratio = steep ? c / s : s / c;
  const near = ratio * (Math.PI / 4 + 0.273 * (1 - Math.abs(ratio)));
  let t = steep ? (s < 0 ? -Math.PI / 2 : Math.PI / 2) - near : near;
  for (let pass = 0; pass < 2; pass++) {
    const d = s * cos(t) - c * sin(t);
    t += d + (d * d * d) / 6;
  }
  const turn = t / (2 * Math.PI);
  return x < 0 ? 0.5 - turn : turn;
}

/** Problem 7. */
export const helicalValley: TestFunction = testFunction({
  name: "helicalValley",
  formula:
    "100 (z - 10 theta)^2 + 100 (r - 1)^2 + z^2, with theta in turns and r the polar coordinates of (x, y)",
  dimension: 3,
  start: at(-1, 0, 0),
  minima: [at(1, 0, 0)],
  leastSquares: () => ({
    residuals: 3,
    evaluate: (w, r, jacobian) => {
      const [x, y, z] = [w[0]!, w[1]!, w[2]!];
      const square = x * x + y * y;
      const radius = Math.sqrt(square);
      r.set([10 * (z - 10 * turns(x, y)), 10 * (radius - 1), z]);
      const turn = 50 / (Math.PI * square);
      jacobian?.set([turn * y, -turn * x, 10, (10 * x) / radius, (10 * y) / radius, 0, 0, 0, 1]);
    },
  }),
});
