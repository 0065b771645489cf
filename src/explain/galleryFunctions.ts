/** Small functions, each chosen for the hypothesis of the proof that it breaks. */
import { mathematics64, type Objective, type Vector } from "../core/index.ts";

/** A function by its value and its gradient on plain numbers. */
function plainFunction(
  dimension: number,
  value: (...x: number[]) => number,
  gradient: (...x: number[]) => number[],
): Objective {
  return {
    dimension,
    value: (w: Vector) => value(...w),
    gradient(w: Vector, g: Vector) {
      g.set(gradient(...w));
      return value(...w);
    },
  };
}

/** The derivative of |x|, with 0 at the kink. */
function sign(x: number): number {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

const { exp } = mathematics64;

/** 5|x| + y²/2: the gradient jumps at x = 0; minimum 0 at (0, 0). After Wolfe (1975) and Asl and Overton (2020). */
export const ridge: Objective = plainFunction(
  2,
  (x, y) => 5 * Math.abs(x) + (y * y) / 2,
  (x, y) => [5 * sign(x), y],
);

/** |x|. */
export const absolute: Objective = plainFunction(
  1,
  (x) => Math.abs(x),
  (x) => [sign(x)],
);

/** e^-x: it falls for ever and never reaches its infimum 0. */
export const decay: Objective = plainFunction(
  1,
  (x) => exp(-x),
  (x) => [-exp(-x)],
);

/** x² e^-x: minimum 0 at 0, a maximum at 2, and behind it a slope without end. */
export const hill: Objective = plainFunction(
  1,
  (x) => x * x * exp(-x),
  (x) => [(2 * x - x * x) * exp(-x)],
);

/** x: it has no lower bound. */
export const line: Objective = plainFunction(
  1,
  (x) => x,
  () => [1],
);

/** x² + (y² - 1)²: minima 0 at (0, 1) and (0, -1), between them a saddle at (0, 0). */
export const twoValleys: Objective = plainFunction(
  2,
  (x, y) => x * x + (y * y - 1) * (y * y - 1),
  (x, y) => [2 * x, 4 * y * (y * y - 1)],
);

/** x² + y² - 3xy: it rises from (0, 0) along both axes and falls along x = y. */
export const crossTerm: Objective = plainFunction(
  2,
  (x, y) => x * x + y * y - 3 * x * y,
  (x, y) => [2 * x - 3 * y, 2 * y - 3 * x],
);

/** curvature / 2 x². */
export function parabolaOf(curvature: number): Objective {
  return plainFunction(
    1,
    (x) => (curvature / 2) * x * x,
    (x) => [curvature * x],
  );
}

/** (x² - 1)²: minima 0 at 1 and -1, between them a maximum 1 at 0. */
export const doubleWell: Objective = plainFunction(
  1,
  (x) => (x * x - 1) * (x * x - 1),
  (x) => [4 * x * (x * x - 1)],
);
