/** The largest eigenvalues of a small symmetric matrix with their vectors, by the cyclic method of Jacobi (Golub and Van Loan, section 8.5). */

interface Eigenpair {
  readonly value: number;
  readonly vector: readonly number[];
}

const SWEEPS = 30;

/** @param a `[m][m]`, symmetric, left as it is. @returns `count` pairs, the largest value first; zeros where m is smaller. */
export function symmetricEigenvectors(a: readonly (readonly number[])[], count: number): Eigenpair[] {
  const m = a.length;
  const matrix = a.map((row) => [...row]);
  const vectors = matrix.map((_, i) => matrix.map((_, j) => (i === j ? 1 : 0)));
  const size = matrix.reduce((sum, row, i) => sum + Math.abs(row[i]!), 0);
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(matrix) > 1e-14 * size; sweep++) {
    for (let p = 0; p < m; p++) for (let q = p + 1; q < m; q++) rotate(matrix, vectors, p, q);
  }
  const pairs = matrix.map((row, i) => ({ value: row[i]!, vector: vectors.map((v) => v[i]!) }));
  pairs.sort((x, y) => y.value - x.value);
  const none = { value: 0, vector: Array.from({ length: m }, () => 0) };
  return Array.from({ length: count }, (_, i) => pairs[i] ?? none);
}

function offDiagonal(matrix: readonly (readonly number[])[]): number {
  let most = 0;
  for (const [i, row] of matrix.entries()) {
    for (let j = i + 1; j < row.length; j++) most = Math.max(most, Math.abs(row[j]!));
  }
  return most;
}

/** Turns the plane of p and q until their product is 0. */
function rotate(matrix: number[][], vectors: number[][], p: number, q: number): void {
  const apq = matrix[p]![q]!;
  if (apq === 0) return;
  const theta = (matrix[q]![q]! - matrix[p]![p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of matrix) turn(row, p, q, c, s);
  const [rowP, rowQ] = [matrix[p]!, matrix[q]!];
  for (let k = 0; k < rowP.length; k++) {
    const [x, y] = [rowP[k]!, rowQ[k]!];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
  for (const row of vectors) turn(row, p, q, c, s);
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p]!, row[q]!];
  row[p] = c * x - s * y;
  row[q] = s * x + c * y;
}
