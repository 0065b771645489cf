/**
 * Stationary points of a function whose Hessian is known, by making the squared norm of the gradient small:
 * Levenberg and Marquardt's method on the equations grad f = 0, whose Jacobian is the Hessian. It goes to minima, saddles and
 * maxima alike.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), sections 10.3 and 11.2.
 */
import { randomStream, solvePositiveDefinite, squaredNorm, symmetricEigenvalues } from "../core/index.ts";
import { type WaveFunction, waveSubStream } from "./waves.ts";

/** The norm of the gradient at which a point counts as stationary. */
export const STATIONARY_GRADIENT = 1e-9;

/** A Hessian with an eigenvalue smaller than this times its largest one is flat: its signs cannot be trusted. */
const FLAT = 1e-7;

export interface StationaryPoint {
  /** `[n]`, each in [0, 2 pi). */
  point: number[];
  value: number;
  gradientNorm: number;
  /** Of the Hessian, ascending. */
  eigenvalues: number[];
  /** Negative eigenvalues: 0 is a minimum, n a maximum, all between are saddles; null where the Hessian is singular. */
  index: number | null;
  /** Whether f curves upwards along each axis by itself, which every minimum does, and some saddles. */
  risesAlongAxes: boolean;
  /** Starts that led here. */
  hits: number;
}

export interface StationarySearch {
  points: StationaryPoint[];
  starts: number;
  /** Starts that ended where the gradient's norm has a minimum above zero. */
  failed: number;
}

const TURN = 2 * Math.PI;
/** Points of a torus that are nearer than this in each variable are one. */
const SAME_POINT = 1e-5;
const STEPS = 200;
/** How small H g must be against H and g. */
const STUCK = 1e-4;

/** Looks for stationary points from uniformly random starts of function `index` of a seed. */
export function stationaryPoints(f: WaveFunction, starts: number, seed = 0, index = 0): StationarySearch {
  const n = f.dimension;
  const { uniform } = randomStream(seed, "guess", waveSubStream(n, index));
  const points: StationaryPoint[] = [];
  let failed = 0;
  for (let start = 0; start < starts; start++) {
    const x = Float64Array.from({ length: n }, (_, i) => TURN * uniform(start * n + i));
    const found = solve(f, x);
    if (found === undefined) {
      failed += 1;
      continue;
    }
    const known = points.find(({ point }) => isSamePoint(point, found.point));
    if (known === undefined) points.push(found);
    else known.hits += 1;
  }
  return { points, starts, failed };
}

/** From `x`, which is overwritten, to a stationary point; undefined where the way ends elsewhere. */
function solve(f: WaveFunction, x: Float64Array): StationaryPoint | undefined {
  const n = f.dimension;
  let g = new Float64Array(n);
  let h = new Float64Array(n * n);
  let nextG = new Float64Array(n);
  let nextH = new Float64Array(n * n);
  let value = f.curve(x, g, h);
  let size = squaredNorm(g);
  let damping = 1e-3;
  for (let step = 0; step < STEPS; step++) {
    if (Math.sqrt(size) <= STATIONARY_GRADIENT) return described(f, x, value, g, h);
    if (isStuck(g, h)) return undefined;
    const d = newtonStep(g, h, damping);
    const next = d === undefined ? x : x.map((xi, i) => xi - d[i]!);
    const nextValue = f.curve(next, nextG, nextH);
    const nextSize = squaredNorm(nextG);
    if (d === undefined || !(nextSize < size)) {
      damping *= 8;
      if (damping > 1e12) return undefined;
      continue;
    }
    x.set(next);
    [g, nextG] = [nextG, g];
    [h, nextH] = [nextH, h];
    value = nextValue;
    size = nextSize;
    damping = Math.max(damping / 8, 1e-15);
  }
  return undefined;
}

/** Whether the norm of the gradient has a minimum above zero here: H g, half the gradient of its square, is as good as zero. */
function isStuck(g: Float64Array, h: Float64Array): boolean {
  const slope = times(h, g);
  return squaredNorm(slope) <= STUCK * STUCK * squaredNorm(h) * squaredNorm(g);
}

function times(h: Float64Array, g: Float64Array): Float64Array {
  const n = g.length;
  return g.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += h[i * n + k]! * g[k]!;
    return sum;
  });
}

/** (H H + damping I)^-1 H g. */
function newtonStep(g: Float64Array, h: Float64Array, damping: number): Float64Array | undefined {
  const n = g.length;
  const square = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += h[i * n + k]! * h[k * n + j]!;
      square[i * n + j] = sum + (i === j ? damping : 0);
    }
  }
  return solvePositiveDefinite(square, times(h, g));
}

function described(
  f: WaveFunction,
  x: Float64Array,
  value: number,
  g: Float64Array,
  h: Float64Array,
): StationaryPoint {
  const n = f.dimension;
  const eigenvalues = symmetricEigenvalues(h, n);
  const largest = Math.max(Math.abs(eigenvalues[0]!), Math.abs(eigenvalues[n - 1]!));
  const isFlat = eigenvalues.some((e) => Math.abs(e) <= FLAT * largest);
  return {
    point: Array.from(x, (xi) => xi - TURN * Math.floor(xi / TURN)),
    value,
    gradientNorm: Math.sqrt(squaredNorm(g)),
    eigenvalues: Array.from(eigenvalues),
    index: isFlat ? null : eigenvalues.filter((e) => e < 0).length,
    risesAlongAxes: Array.from({ length: n }, (_, i) => h[i * n + i]!).every((own) => own > 0),
    hits: 1,
  };
}

function isSamePoint(a: readonly number[], b: readonly number[]): boolean {
  return a.every((ai, i) => {
    const apart = Math.abs(ai - b[i]!);
    return Math.min(apart, TURN - apart) <= SAME_POINT;
  });
}
