/**
 * How many stationary points of a random function are minima, without looking for any.
 *
 * Kac and Rice's formula: the expected number of stationary points is an integral of |det H| over the Hessians that such a
 * function has where its gradient is zero; the minima are the part with positive H. For a Gaussian function that looks the
 * same in every direction, H = G + s I up to a factor: G symmetric with normal entries (variance 2 on the diagonal, 1 beside
 * it), s normal with variance 1, all independent. So share = E[|det H|, H > 0] / E[|det H|], which is 1/2 for n = 1, exactly
 * 1/4 for n = 2, and (29 sqrt 15 - 18 sqrt 10) / (116 sqrt 15) = 0.1233 for n = 3.
 *
 * Sources: Longuet-Higgins, Phil. Trans. A 249 (1957), for n = 2; Bardeen, Bond, Kaiser and Szalay, Astrophysical Journal
 * 304 (1986), for n = 3; Bray and Dean, Physical Review Letters 98, 150201 (2007), for large n.
 */
import { mathematics64, randomStream, symmetricEigenvalues } from "../core/index.ts";
import { type Ratio, ratioOfSums } from "./statistics.ts";

/** s from -REACH to REACH in steps of SPACING; beyond, the weight is below 1e-20. */
const REACH = 10;
const SPACING = 0.05;

/** Sub-streams 0 and 1 of the noise belong to data sets. */
const SUB_STREAM = 1000;

/** The normal density of s on the grid, up to a factor. */
const grid: readonly { s: number; weight: number }[] = Array.from(
  { length: 2 * Math.round(REACH / SPACING) + 1 },
  (_, i) => {
    const s = i * SPACING - REACH;
    return { s, weight: mathematics64.exp((-s * s) / 2) };
  },
);

/**
 * The expected share of minima among the stationary points of isotropic Gaussian functions of n variables.
 *
 * G is drawn, s is integrated over, so that the rare positive H are not waited for.
 *
 * @param samples Matrices G that are drawn.
 */
export function expectedShare(dimension: number, samples: number, seed = 0): Ratio {
  const n = dimension;
  const minima: number[] = [];
  const all: number[] = [];
  const matrix = new Float64Array(n * n);
  for (let sample = 0; sample < samples; sample++) {
    const { normal } = randomStream(seed, "noise", SUB_STREAM + n, sample);
    let draw = 0;
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = Math.SQRT2 * normal(draw++);
      for (let j = 0; j < i; j++) {
        const entry = normal(draw++);
        matrix[i * n + j] = entry;
        matrix[j * n + i] = entry;
      }
    }
    const eigenvalues = symmetricEigenvalues(matrix, n);
    const lowest = eigenvalues[0]!;
    const highest = eigenvalues[n - 1]!;
    let definite = 0;
    let sum = 0;
    for (const { s, weight } of grid) {
      let size = weight;
      for (const e of eigenvalues) size *= Math.abs(e + s);
      sum += size;
      if (lowest + s > 0 || highest + s < 0) definite += size;
    }
    // -H is as likely as H: maxima count as minima do, which halves the work.
    minima.push(definite / 2);
    all.push(sum);
  }
  return ratioOfSums(minima, all);
}
