/**
 * Test functions with formulas written out, and beside them the residuals whose squares they add up; a test holds each pair
 * together. A formula needs no Jacobian, so that it takes any number of variables, and rounds as the published tables were made:
 * roots and products in the residuals would change last places. Where they change nothing there are residuals alone.
 *
 * Sources: Moré, Garbow and Hillstrom, "Testing Unconstrained Optimization Software" (1981), problems 1 (Rosenbrock),
 * 5 (Beale), 13 (Powell singular), 14 (Wood), 21 (extended Rosenbrock), with their starts; Himmelblau, "Applied Nonlinear
 * Programming" (1972); Booth as in Jamil and Yang, "A Literature Survey of Benchmark Functions" (2013). Those without a
 * customary start begin at 0 or at ones.
 */
import { mathematics64, OptionError } from "../core/index.ts";
import { at, one, type TestFunction, testFunction, zero } from "./functionsMake.ts";

const ROOT5 = Math.sqrt(5);
const ROOT10 = Math.sqrt(10);
const ROOT90 = Math.sqrt(90);

export const sphere: TestFunction = testFunction({
  name: "sphere",
  formula: "sum of x_i^2",
  dimension: 2,
  leastDimension: 1,
  start: one,
  minima: [zero],
  compute: () => (w, g) => {
    let sum = 0;
    for (let i = 0; i < w.length; i++) {
      const x = w[i]!;
      sum += x * x;
      if (g) g[i] = 2 * x;
    }
    return sum;
  },
  leastSquares: ({ dimension }) => ({
    residuals: dimension,
    evaluate: (w, r, jacobian) => {
      jacobian?.fill(0);
      for (let i = 0; i < dimension; i++) {
        r[i] = w[i]!;
        if (jacobian) jacobian[i * dimension + i] = 1;
      }
    },
  }),
});

export const rosenbrock: TestFunction = testFunction({
  name: "rosenbrock",
  formula: "sum of 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2",
  dimension: 2,
  leastDimension: 2,
  start: (index) => (index % 2 === 0 ? -1.2 : 1),
  minima: [one],
  compute: () => (w, g) => {
    let sum = 0;
    g?.fill(0);
    for (let i = 0; i + 1 < w.length; i++) {
      const x = w[i]!;
      const bend = w[i + 1]! - x * x;
      const rest = 1 - x;
      sum += 100 * bend * bend + rest * rest;
      if (!g) continue;
      g[i] = g[i]! - 400 * x * bend - 2 * rest;
      g[i + 1] = 200 * bend;
    }
    return sum;
  },
  leastSquares: ({ dimension: n }) => ({
    residuals: 2 * (n - 1),
    evaluate: (w, r, jacobian) => {
      jacobian?.fill(0);
      for (let i = 0; i + 1 < n; i++) {
        const x = w[i]!;
        r[2 * i] = 10 * (w[i + 1]! - x * x);
        r[2 * i + 1] = 1 - x;
        jacobian?.set([-20 * x, 10], 2 * i * n + i);
        jacobian?.set([-1], (2 * i + 1) * n + i);
      }
    },
  }),
});

export const beale: TestFunction = testFunction({
  name: "beale",
  formula: "(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2",
  dimension: 2,
  start: one,
  minima: [at(3, 0.5)],
  compute: () => (w, g) => {
    const [x, y] = [w[0]!, w[1]!];
    const a = 1.5 - x + x * y;
    const b = 2.25 - x + x * y * y;
    const c = 2.625 - x + x * y * y * y;
    if (g) {
      g[0] = 2 * (a * (y - 1) + b * (y * y - 1) + c * (y * y * y - 1));
      g[1] = 2 * x * (a + 2 * b * y + 3 * c * y * y);
    }
    return a * a + b * b + c * c;
  },
  leastSquares: () => ({
    residuals: 3,
    evaluate: (w, r, jacobian) => {
      const [x, y] = [w[0]!, w[1]!];
      const [y2, y3] = [y * y, y * y * y];
      r.set([1.5 - x + x * y, 2.25 - x + x * y2, 2.625 - x + x * y3]);
      jacobian?.set([y - 1, x, y2 - 1, 2 * x * y, y3 - 1, 3 * x * y2]);
    },
  }),
});

export const booth: TestFunction = testFunction({
  name: "booth",
  formula: "(x + 2 y - 7)^2 + (2 x + y - 5)^2",
  dimension: 2,
  start: zero,
  minima: [at(1, 3)],
  leastSquares: () => ({
    residuals: 2,
    evaluate: (w, r, jacobian) => {
      r.set([w[0]! + 2 * w[1]! - 7, 2 * w[0]! + w[1]! - 5]);
      jacobian?.set([1, 2, 2, 1]);
    },
  }),
});

export const himmelblau: TestFunction = testFunction({
  name: "himmelblau",
  formula: "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
  dimension: 2,
  start: zero,
  minima: [at(3, 2), at(-2.805118, 3.131312), at(-3.77931, -3.283186), at(3.584428, -1.848126)],
  leastSquares: () => ({
    residuals: 2,
    evaluate: (w, r, jacobian) => {
      const [x, y] = [w[0]!, w[1]!];
      r.set([x * x + y - 11, x + y * y - 7]);
      jacobian?.set([2 * x, 1, 1, 2 * y]);
    },
  }),
});

export const powellSingular: TestFunction = testFunction({
  name: "powellSingular",
  formula: "(x1 + 10 x2)^2 + 5 (x3 - x4)^2 + (x2 - 2 x3)^4 + 10 (x1 - x4)^4",
  dimension: 4,
  start: at(3, -1, 0, 1),
  minima: [zero],
  compute: () => (w, g) => {
    const a = w[0]! + 10 * w[1]!;
    const b = w[2]! - w[3]!;
    const c = w[1]! - 2 * w[2]!;
    const d = w[0]! - w[3]!;
    const c3 = c * c * c;
    const d3 = d * d * d;
    if (g) {
      g[0] = 2 * a + 40 * d3;
      g[1] = 20 * a + 4 * c3;
      g[2] = 10 * b - 8 * c3;
      g[3] = -10 * b - 40 * d3;
    }
    return a * a + 5 * b * b + c * c3 + 10 * d * d3;
  },
  leastSquares: () => ({
    residuals: 4,
    evaluate: (w, r, jacobian) => {
      const c = w[1]! - 2 * w[2]!;
      const d = w[0]! - w[3]!;
      r.set([w[0]! + 10 * w[1]!, ROOT5 * (w[2]! - w[3]!), c * c, ROOT10 * d * d]);
      jacobian?.set([1, 10, 0, 0, 0, 0, ROOT5, -ROOT5, 0, 2 * c, -4 * c, 0]);
      jacobian?.set([2 * ROOT10 * d, 0, 0, -2 * ROOT10 * d], 12);
    },
  }),
});

export const wood: TestFunction = testFunction({
  name: "wood",
  formula:
    "100 (x2 - x1^2)^2 + (1 - x1)^2 + 90 (x4 - x3^2)^2 + (1 - x3)^2 + 10 (x2 + x4 - 2)^2 + (x2 - x4)^2 / 10",
  dimension: 4,
  start: at(-3, -1, -3, -1),
  minima: [one],
  compute: () => (w, g) => {
    const [x1, x2, x3, x4] = [w[0]!, w[1]!, w[2]!, w[3]!];
    const a = x2 - x1 * x1;
    const b = x4 - x3 * x3;
    const sum = x2 + x4 - 2;
    const gap = x2 - x4;
    if (g) {
      g[0] = -400 * x1 * a - 2 * (1 - x1);
      g[1] = 200 * a + 20 * sum + 0.2 * gap;
      g[2] = -360 * x3 * b - 2 * (1 - x3);
      g[3] = 180 * b + 20 * sum - 0.2 * gap;
    }
    return (
      100 * a * a + (1 - x1) * (1 - x1) + 90 * b * b + (1 - x3) * (1 - x3) + 10 * sum * sum + 0.1 * gap * gap
    );
  },
  leastSquares: () => ({
    residuals: 6,
    evaluate: (w, r, jacobian) => {
      const [x1, x2, x3, x4] = [w[0]!, w[1]!, w[2]!, w[3]!];
      r.set([10 * (x2 - x1 * x1), 1 - x1, ROOT90 * (x4 - x3 * x3), 1 - x3]);
      r.set([ROOT10 * (x2 + x4 - 2), (x2 - x4) / ROOT10], 4);
      jacobian?.set([-20 * x1, 10, 0, 0, -1, 0, 0, 0, 0, 0, -2 * ROOT90 * x3, ROOT90, 0, 0, -1, 0]);
      jacobian?.set([0, ROOT10, 0, ROOT10, 0, 1 / ROOT10, 0, -1 / ROOT10], 16);
    },
  }),
});

/** c_i, the curvature along each axis. */
function curvatures(dimension: number, condition: number): Float64Array {
  return Float64Array.from({ length: dimension }, (_, i) =>
    i === dimension - 1 && i > 0
      ? condition
      : mathematics64.exp((mathematics64.log(condition) * i) / Math.max(1, dimension - 1)),
  );
}

export const quadratic: TestFunction = testFunction({
  name: "quadratic",
  formula: "half the sum of c_i x_i^2, with c_i from 1 to the condition in equal ratios",
  dimension: 2,
  leastDimension: 1,
  start: one,
  minima: [zero],
  compute: ({ dimension, condition = 100 }) => {
    if (!(condition >= 1 && condition < Infinity)) {
      throw new OptionError(
        "condition",
        `quadratic: condition is ${condition}, expected a finite number of at least 1, ` +
          "since it is the largest curvature over the smallest; pass for example 100.",
      );
    }
    const curvature = curvatures(dimension, condition);
    return (w, g) => {
      let sum = 0;
      for (let i = 0; i < w.length; i++) {
        const slope = curvature[i]! * w[i]!;
        sum += slope * w[i]!;
        if (g) g[i] = slope;
      }
      return sum / 2;
    };
  },
  leastSquares: ({ dimension: n, condition = 100 }) => {
    let roots: Float64Array | undefined;
    return {
      residuals: n,
      evaluate: (w, r, jacobian) => {
        roots ??= curvatures(n, condition).map((c) => Math.sqrt(c / 2));
        jacobian?.fill(0);
        for (let i = 0; i < n; i++) {
          r[i] = roots[i]! * w[i]!;
          if (jacobian) jacobian[i * n + i] = roots[i]!;
        }
      },
    };
  },
});
