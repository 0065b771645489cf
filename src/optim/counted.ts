/** Counting what a run spends, and asking nothing twice. */
import { countedSquares, type Objective, type Vector } from "../core/index.ts";

/** An Objective that counts, and remembers the last gradient that it took. */
export interface Counted extends Objective {
  /** Losses without gradient so far. */
  values: number;
  /** Losses with gradient so far. */
  gradients: number;
  /** Whether the step at hand asked for a gradient where it began, which was remembered; and whether it did so anywhere else. */
  here: boolean;
  elsewhere: boolean;
  /** The gradient at `w`, remembered: the step that begins there gets it for nothing. */
  measure(w: Vector): { loss: number; gradient: Vector };
  /** Whether `measure` at `w` would cost nothing. */
  knows(w: Vector): boolean;
}

export function counted(f: Objective, like: Vector): Counted {
  const point = like.slice();
  const gradient = like.slice();
  let loss = NaN;
  let known = false;
  const take = (w: Vector, g: Vector): void => {
    self.gradients += 1;
    loss = f.gradient(w, g);
    if (g !== gradient) gradient.set(g);
    point.set(w);
    known = true;
  };
  const spend = (values: number, gradients: number): void => {
    self.values += values;
    self.gradients += gradients;
  };
  const self: Counted = {
    dimension: f.dimension,
    values: 0,
    gradients: 0,
    here: false,
    elsewhere: false,
    value(w) {
      self.values += 1;
      return f.value(w);
    },
    gradient(w, g) {
      if (self.knows(w)) {
        self.here = true;
        g.set(gradient);
        return loss;
      }
      self.elsewhere = true;
      take(w, g);
      return loss;
    },
    knows: (w) => known && samePoint(w, point),
    measure(w) {
      if (!self.knows(w)) take(w, gradient);
      return { loss, gradient };
    },
    ...(f.leastSquares === undefined ? {} : { leastSquares: countedSquares(f.leastSquares, spend) }),
  };
  return self;
}

export function samePoint(a: Vector, b: Vector): boolean {
  // Object.is, since 0 and -0 are different points to a function like 1/x.
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** The Euclidean norm; finite wherever all numbers are and the result fits. */
export function euclideanNorm(g: Vector, squared: number): number {
  if (squared > 0 && squared < Infinity) return Math.sqrt(squared);
  let largest = 0;
  for (const gi of g) {
    if (Number.isNaN(gi)) return NaN;
    largest = Math.max(largest, Math.abs(gi));
  }
  if (largest === 0 || largest === Infinity) return largest;
  // Only squares that overflow or vanish come here; scaled ones cannot.
  let sum = 0;
  for (const gi of g) sum += (gi / largest) * (gi / largest);
  return largest * Math.sqrt(sum);
}
