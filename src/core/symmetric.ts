/**
 * Small symmetric matrices, `[n, n]` row-major in float64: solving with them, and how they curve.
 *
 * Sources: Golub and Van Loan, Matrix Computations (2013), algorithms 4.2.1 (Cholesky) and 8.5.2 (cyclic Jacobi).
 */

/** Memory of a solution, for who solves many of one size. */
export interface SolveRoom {
  lower: Float64Array;
  x: Float64Array;
}

/**
 * Solves A x = b for a positive definite A by Cholesky's factors.
 *
 * @param a `[n, n]`, left as it is; only the lower triangle is read.
 * @param b `[n]`, left as it is.
 * @param room What is overwritten, made anew where absent: Cholesky's factor `[n, n]` and x `[n]`.
 * @returns x `[n]`, or undefined where A is not positive definite.
 */
export function solvePositiveDefinite(
  a: Float64Array,
  b: Float64Array,
  { lower, x }: SolveRoom = { lower: new Float64Array(b.length * b.length), x: new Float64Array(b.length) },
): Float64Array | undefined {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j]!;
      else if (sum > 0 && sum < Infinity) lower[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  x.set(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = x[i]! - lower[i * n + k]! * x[k]!;
    x[i] = x[i]! / lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = x[i]! - lower[k * n + i]! * x[k]!;
    x[i] = x[i]! / lower[i * n + i]!;
  }
  return x;
}

/** Sweeps over all pairs; each one squares what is left beside the diagonal, so that six or seven are enough. */
const MOST_SWEEPS = 60;

/**
 * The eigenvalues of a symmetric matrix, ascending, by cyclic Jacobi rotations.
 *
 * @param a `[n, n]`, left as it is; taken to be symmetric.
 */
export function symmetricEigenvalues(a: Float64Array, n: number): Float64Array {
  const m = a.slice();
  let size = 0;
  for (const value of m) size = Math.max(size, Math.abs(value));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let rest = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) rest = Math.max(rest, Math.abs(m[p * n + q]!));
    // Below half a unit of the last place of the largest number nothing changes any more.
    if (!(rest > size * 1e-17)) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(m, n, p, q);
  }
  return Float64Array.from({ length: n }, (_, i) => m[i * n + i]!).sort();
}

/** Turns the plane of p and q so that entry (p, q) becomes 0. */
function rotate(m: Float64Array, n: number, p: number, q: number): void {
  const off = m[p * n + q]!;
  if (off === 0) return;
  const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const kp = m[k * n + p]!;
    const kq = m[k * n + q]!;
    m[k * n + p] = c * kp - s * kq;
    m[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = m[p * n + k]!;
    const qk = m[q * n + k]!;
    m[p * n + k] = c * pk - s * qk;
    m[q * n + k] = s * pk + c * qk;
  }
}
