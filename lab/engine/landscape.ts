/**
 * The loss on a plane through the parameters on show.
 *
 * The plane is that of two chosen parameters, or the one along which a path has moved most: the first two principal directions
 * of the path's points as seen from the end of it (Li et al., "Visualizing the Loss Landscape of Neural Nets", arXiv 1712.09913,
 * section 7.2). They come from the small matrix of the inner products of the points.
 */
import type { Objective } from "talweg";
import { symmetricEigenvectors } from "./eigenvectors.ts";

export type LandscapeAxes =
  /** Two places in the flat vector. */
  | { readonly kind: "parameters"; readonly first: number; readonly second: number }
  /** Parameters that the run has passed, at least two. */
  | { readonly kind: "path"; readonly path: readonly Float32Array[] };

/** Plain data. Places are `origin + first * directions[0] + second * directions[1]`. */
export interface Landscape {
  readonly size: number;
  /** Places along the two axes, `[size]`; 0 is the middle, the parameters on show. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  /** `[size * size]`, a row for each place of `second`; null where it is not finite. */
  readonly loss: readonly (number | null)[];
  /** At the middle. */
  readonly here: number | null;
  /** Of length 1. */
  readonly directions: readonly [Float32Array, Float32Array];
  /** The path's points on the plane, in order; empty for two chosen parameters. */
  readonly path: readonly (readonly [number, number])[];
  /** Shares of the path's squared distances that lie along each axis; null for two chosen parameters. */
  readonly shares: readonly [number, number] | null;
}

interface Ask {
  readonly parameters: Float32Array;
  readonly axes: LandscapeAxes;
  readonly size?: number;
  readonly reach?: readonly [number, number];
}

interface Plane {
  directions: [Float32Array, Float32Array];
  path: [number, number][];
  shares: [number, number] | null;
}

const SIZE = 41;
/** How far a single parameter is varied, at least, and how far beyond the path the picture goes. */
const LEAST_REACH = 0.5;
const BEYOND = 1.25;

/** @param given Asked between rows: whether to give up; then the answer is undefined. */
export async function landscapeOf(
  f: Objective,
  { parameters, axes, size = SIZE, reach }: Ask,
  given: () => Promise<boolean>,
): Promise<Landscape | undefined> {
  const plane = axes.kind === "path" ? pathPlane(parameters, axes.path) : parameterPlane(parameters, axes);
  const [reachFirst, reachSecond] = reach ?? reachOf(parameters, axes, plane);
  const first = places(size, reachFirst);
  const second = places(size, reachSecond);
  const [d, e] = plane.directions;
  const w = new Float32Array(f.dimension);
  const at = (a: number, b: number): number | null => {
    for (let i = 0; i < w.length; i++) w[i] = parameters[i]! + a * d[i]! + b * e[i]!;
    const loss = f.value(w);
    return Number.isFinite(loss) ? loss : null;
  };
  const loss: (number | null)[] = [];
  for (const b of second) {
    for (const a of first) loss.push(at(a, b));
    if (await given()) return undefined;
  }
  return { size, first, second, loss, here: at(0, 0), ...plane };
}

function places(size: number, reach: number): number[] {
  return Array.from({ length: size }, (_, i) => ((2 * i) / (size - 1) - 1) * reach);
}

function parameterPlane(
  { length }: Float32Array,
  { first, second }: { first: number; second: number },
): Plane {
  const unit = (index: number): Float32Array => {
    const direction = new Float32Array(length);
    direction[index] = 1;
    return direction;
  };
  return { directions: [unit(first), unit(second)], path: [], shares: null };
}

function reachOf(parameters: Float32Array, axes: LandscapeAxes, { path }: Plane): readonly [number, number] {
  if (axes.kind === "parameters") {
    const around = (index: number): number => Math.max(1, 1.5 * Math.abs(parameters[index]!));
    return [around(axes.first), around(axes.second)];
  }
  const furthest = (axis: 0 | 1): number => Math.max(...path.map((point) => Math.abs(point[axis])));
  const [a, b] = [BEYOND * furthest(0), BEYOND * furthest(1)];
  // A path that hardly leaves the first axis still gets a picture with two sides.
  const least = Math.max(LEAST_REACH / 10, a / 3);
  return [Math.max(a, LEAST_REACH / 10), Math.max(b, least)];
}

function pathPlane(parameters: Float32Array, path: readonly Float32Array[]): Plane {
  const steps = path.map((point) => Float64Array.from(point, (value, i) => value - parameters[i]!));
  const products = steps.map((a) => steps.map((b) => inner(a, b)));
  const total = products.reduce((sum, row, i) => sum + row[i]!, 0);
  const found = symmetricEigenvectors(products, 2);
  const directions = found.map(({ vector }, axis) => directionOf(steps, vector, axis, parameters.length));
  const [d, e] = [directions[0]!, straighten(directions[1]!, directions[0]!)];
  const shares = found.map(({ value }) => (total > 0 ? Math.max(0, value) / total : 0));
  return {
    directions: [d, e],
    path: steps.map((step) => [inner(step, d), inner(step, e)]),
    shares: [shares[0]!, shares[1]!],
  };
}

/** The points weighed by an eigenvector of their inner products, made of length 1; a coordinate's direction where there is none. */
function directionOf(
  steps: readonly Float64Array[],
  weights: readonly number[],
  axis: number,
  length: number,
): Float32Array {
  const direction = new Float64Array(length);
  for (const [k, step] of steps.entries()) {
    for (let i = 0; i < length; i++) direction[i] = direction[i]! + weights[k]! * step[i]!;
  }
  const size = Math.sqrt(inner(direction, direction));
  if (size > 1e-9) return Float32Array.from(direction, (value) => value / size);
  const unit = new Float32Array(length);
  unit[axis % length] = 1;
  return unit;
}

/** Takes out what lies along the other direction, which rounding leaves. */
function straighten(e: Float32Array, d: Float32Array): Float32Array {
  const along = inner(e, d);
  const rest = Float64Array.from(e, (value, i) => value - along * d[i]!);
  const size = Math.sqrt(inner(rest, rest));
  return size > 1e-3 ? Float32Array.from(rest, (value) => value / size) : e;
}

function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
