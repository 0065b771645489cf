/**
 * How a function curves at a point: the eigenvalues of its matrix of second derivatives, and what they make of a stationary point.
 *
 * At a stationary point positive eigenvalues alone are enough for a minimum, one negative eigenvalue is enough against it, and where
 * some are zero the second derivatives do not decide. Looking along the coordinates is not enough: x² + y² - 3xy rises
 * along both axes and falls along x = y.
 *
 * Sources: Nocedal and Wright, Numerical Optimization (2006), theorems 2.3 and 2.4; for large functions Lanczos' method,
 * Golub and Van Loan, Matrix Computations (2013), section 10.1.
 */
import {
  dot,
  hessian,
  hessianTimes,
  NotFiniteError,
  type Objective,
  randomStream,
  type Seed,
  squaredNorm,
  symmetricEigenvalues,
} from "../core/index.ts";

export interface Curvature {
  /** What the point is if its gradient is zero; "flat" where the second derivatives do not decide. */
  kind: "minimum" | "saddle" | "maximum" | "flat";
  /** Ascending; null where there are too many parameters to find all. */
  eigenvalues: number[] | null;
  smallest: number;
  largest: number;
  /** An eigenvalue within plus or minus this counts as zero. */
  tolerance: number;
}

/** The most parameters whose whole matrix is taken: 2 n gradients and some 30 n³ operations. */
const MOST_FOR_ALL = 300;

/**
 * What an eigenvalue must exceed, as a share of the largest: central differences of the gradient have about ten right
 * digits, and three of them are left for functions that are less smooth.
 */
const SHARE = 1e-7;

/**
 * The curvature of `f` at `w`. Up to 300 parameters all eigenvalues; beyond that the smallest and the largest by
 * Lanczos' method, to some digits: both from within, so that a saddle is sure and a minimum is not.
 *
 * @param w `[n]`, left as it is.
 * @throws {NotFiniteError} When a second derivative is NaN or infinite.
 */
export function curvature(f: Objective, w: Float64Array): Curvature {
  const n = f.dimension;
  if (n > MOST_FOR_ALL) {
    const [smallest, largest] = extremes(f, w, 60, 0);
    return { ...kindOf(smallest, largest), eigenvalues: null };
  }
  const matrix = hessian(f, w);
  for (const value of matrix) requireFinite(value);
  const eigenvalues = Array.from(symmetricEigenvalues(matrix, n));
  return { ...kindOf(eigenvalues[0]!, eigenvalues.at(-1)!), eigenvalues };
}

/**
 * The largest eigenvalue of the matrix of second derivatives, by Lanczos' method: 2 gradients for each iteration. A fixed
 * learning rate above 2 over it makes gradient descent grow along that direction.
 *
 * @param w `[n]`, left as it is.
 * @param o `iterations` 40, at most; `seed` 0, of the first direction.
 * @throws {NotFiniteError} When a second derivative is NaN or infinite.
 */
export function largestCurvature(
  f: Objective,
  w: Float64Array,
  { iterations = 40, seed = 0 }: { iterations?: number; seed?: Seed } = {},
): number {
  return extremes(f, w, iterations, seed)[1];
}

/**
 * Smallest and largest eigenvalue by Lanczos' method: those of the small tridiagonal matrix that H is on the space of v, Hv, H²v, …
 * They never lie outside of H's, and come near to them long before the space is whole, whatever signs H's have; no vectors
 * are kept, since directions that are lost to rounding only repeat what was found.
 */
function extremes(f: Objective, w: Float64Array, iterations: number, seed: Seed): [number, number] {
  const draw = randomStream(seed, "guess");
  const size = Math.max(1, Math.min(iterations, w.length));
  const rows = new Float64Array(size * size);
  let before = new Float64Array(w.length);
  let next = Float64Array.from(w, (_, i) => draw.normal(i));
  let length = Math.sqrt(squaredNorm(next));
  let beta = 0;
  let largest = 0;
  let found = 0;
  for (; found < size && length > SPENT * largest; found++) {
    const v = next.map((x) => x / length);
    if (found > 0) {
      beta = length;
      rows[(found - 1) * size + found] = beta;
      rows[found * size + found - 1] = beta;
    }
    const product = hessianTimes(f, w, v);
    const alpha = dot(product, v);
    requireFinite(alpha);
    rows[found * size + found] = alpha;
    next = product.map((x, i) => x - alpha * v[i]! - beta * before[i]!);
    before = v;
    length = Math.sqrt(squaredNorm(next));
    largest = Math.max(largest, Math.abs(alpha), beta);
  }
  const tridiagonal = Float64Array.from(
    { length: found * found },
    (_, k) => rows[Math.floor(k / found) * size + (k % found)]!,
  );
  const values = symmetricEigenvalues(tridiagonal, found);
  return [values[0]!, values.at(-1)!];
}

/** A rest of this share is rounding of the differences: the space is whole. */
const SPENT = 1e-8;

function kindOf(smallest: number, largest: number): Omit<Curvature, "eigenvalues"> {
  const tolerance = SHARE * Math.max(Math.abs(smallest), Math.abs(largest));
  const named = (): Curvature["kind"] => {
    if (smallest > tolerance) return "minimum";
    if (largest < -tolerance) return "maximum";
    return smallest < -tolerance && largest > tolerance ? "saddle" : "flat";
  };
  return { kind: named(), smallest, largest, tolerance };
}

function requireFinite(value: number): void {
  if (Number.isFinite(value)) return;
  throw new NotFiniteError(
    `curvature: a second derivative is ${value}, expected finite numbers, since they tell a minimum from a saddle; ` +
      "choose a point around which the function is defined.",
  );
}
