/** The random functions, their stationary points, and the share of minima among them. */
import fc from "fast-check";
import { hessian } from "talweg/core";
import {
  expectedShare,
  quartiles,
  STATIONARY_GRADIENT,
  stationaryPoints,
  waveFunction,
  wilsonShare,
} from "talweg/experiment";
import { describe, expect, test } from "vitest";

const places = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 4, maxLength: 4 });

describe("a random function", () => {
  test("has the gradient and the Hessian that differences of its values give", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(1000), places, (n, seed, at) => {
        const f = waveFunction(n, seed, 3);
        const x = Float64Array.from(at.slice(0, n));
        const g = new Float64Array(n);
        const h = new Float64Array(n * n);
        const value = f.curve(x, g, h);
        expect(f.value(x)).toBe(value);
        for (let i = 0; i < n; i++) {
          const shifted = (t: number): number => f.value(x.map((xi, k) => (k === i ? xi + t : xi)));
          expect(Math.abs((shifted(1e-5) - shifted(-1e-5)) / 2e-5 - g[i]!)).toBeLessThan(1e-7);
        }
        for (const [i, entry] of hessian(f, x).entries()) expect(Math.abs(entry - h[i]!)).toBeLessThan(1e-7);
      }),
      { numRuns: 50 },
    );
  });

  test("repeats itself after a turn in every variable", () => {
    fc.assert(
      fc.property(fc.nat(1000), places, (seed, at) => {
        const f = waveFunction(4, seed);
        const turned = at.map((x, i) => x + 2 * Math.PI * (i - 1));
        expect(Math.abs(f.value(Float64Array.from(at)) - f.value(Float64Array.from(turned)))).toBeLessThan(
          1e-12,
        );
      }),
      { numRuns: 50 },
    );
  });

  test("is another one for another seed or index, and the same one for the same", () => {
    const at = Float64Array.of(0.3, -0.7);
    const values = [waveFunction(2, 1, 0), waveFunction(2, 1, 1), waveFunction(2, 2, 0)].map((f) =>
      f.value(at),
    );
    expect(new Set(values).size).toBe(3);
    expect(waveFunction(2, 1, 0).value(at)).toBe(values[0]);
  });
});

/** What values around a point say: do all rise, do all fall, or is there both? */
function bruteKind(n: number, point: readonly number[], value: (x: Float64Array) => number): string {
  const here = value(Float64Array.from(point));
  let [higher, lower] = [0, 0];
  for (let k = 0; k < 500; k++) {
    // Directions that fill the sphere: irrational steps through a cube.
    const d = Array.from({ length: n }, (_, i) => ((k * Math.sqrt(2 + 3 * i + i * i)) % 1) - 0.5);
    const length = Math.sqrt(d.reduce((sum, di) => sum + di * di, 0));
    if (length < 0.01) continue;
    if (value(Float64Array.from(point, (xi, i) => xi + (1e-3 * d[i]!) / length)) > here) higher += 1;
    else lower += 1;
  }
  return lower === 0 ? "minimum" : higher === 0 ? "maximum" : "saddle";
}

describe("the stationary points that are found", () => {
  test.each([1, 2, 3])(
    "have a gradient below the tolerance and the kind that values around them show, n = %i",
    (n) => {
      const f = waveFunction(n, 5);
      const { points, starts, failed } = stationaryPoints(f, 40, 5);
      expect(points.length).toBeGreaterThan(1);
      expect(points.reduce((sum, { hits }) => sum + hits, failed)).toBe(starts);
      let told = 0;
      for (const { point, value, gradientNorm, index, eigenvalues } of points) {
        const g = new Float64Array(n);
        expect(f.gradient(Float64Array.from(point), g)).toBeCloseTo(value, 10);
        expect(gradientNorm).toBeLessThanOrEqual(STATIONARY_GRADIENT);
        expect(Math.sqrt(g.reduce((sum, gi) => sum + gi * gi, 0))).toBeLessThan(1e-8);
        // Where one curvature is nearly zero, values this near cannot tell.
        if (Math.min(...eigenvalues.map(Math.abs)) < 0.1) continue;
        const kind = index === 0 ? "minimum" : index === n ? "maximum" : "saddle";
        expect(bruteKind(n, point, f.value)).toBe(kind);
        told++;
      }
      expect(told).toBeGreaterThan(points.length / 2);
    },
  );

  test.each([1, 2])(
    "are all of them where enough starts looked: on a torus the signs of the Hessians add up to 0, n = %i",
    (n) => {
      for (let index = 0; index < 4; index++) {
        const { points } = stationaryPoints(waveFunction(n, 1, index), 250, 1, index);
        const signs = points.reduce((sum, point) => sum + (point.index! % 2 === 0 ? 1 : -1), 0);
        expect(signs).toBe(0);
      }
    },
  );

  test("are one where the torus closes: -cos x has a minimum at 0, which is 2 pi, and a maximum at pi", () => {
    const f = {
      dimension: 1,
      value: (x: ArrayLike<number>) => -Math.cos(x[0]!),
      gradient: (x: ArrayLike<number>, g: Float64Array | Float32Array) => {
        g[0] = Math.sin(x[0]!);
        return -Math.cos(x[0]!);
      },
      curve: (x: Float64Array, g: Float64Array, h: Float64Array) => {
        g[0] = Math.sin(x[0]!);
        h[0] = Math.cos(x[0]!);
        return -Math.cos(x[0]!);
      },
    };
    const { points } = stationaryPoints(f, 40);
    expect(points.map(({ index }) => index).sort()).toEqual([0, 1]);
  });

  test("are the same bits again", () => {
    const run = (): unknown => stationaryPoints(waveFunction(3, 2), 20, 2);
    expect(run()).toEqual(run());
  });
});

test("the expected share of minima is what is known for one, two and three variables", () => {
  const three = (29 * Math.sqrt(15) - 18 * Math.sqrt(10)) / (116 * Math.sqrt(15));
  for (const [n, known] of [
    [1, 1 / 2],
    [2, 1 / 4],
    [3, three],
  ] as const) {
    const { value, standardError } = expectedShare(n, 20_000, 7);
    expect(standardError!).toBeLessThan(0.003);
    expect(Math.abs(value! - known)).toBeLessThanOrEqual(3 * standardError! + 1e-6);
  }
});

test("Wilson's interval is the textbook's and stays within 0 and 1", () => {
  expect(wilsonShare(5, 10)).toMatchObject({ share: 0.5, count: 5, of: 10 });
  expect(wilsonShare(5, 10).low).toBeCloseTo(0.2366, 4);
  expect(wilsonShare(5, 10).high).toBeCloseTo(0.7634, 4);
  expect(wilsonShare(0, 10).high).toBeCloseTo(0.2775, 4);
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (a, b) => {
      const { low, high, share } = wilsonShare(Math.min(a, b), Math.max(a, b));
      expect(0 <= low && low <= share && share <= high && high <= 1).toBe(true);
    }),
  );
});

test("quartiles lie on the line between neighbors", () => {
  expect(quartiles([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
  expect(quartiles([7])).toEqual({ low: 7, median: 7, high: 7 });
});
