/**
 * The loss along minus the gradient of the parameters on show, by the library, on the page: fast enough for a drag, since values
 * that were computed once are kept.
 */
import { explainLineSearch, type LineSearchExplanation, type Objective } from "talweg";

export interface SearchConstants {
  /** The first trial. */
  readonly initial: number;
  /** Share of the slope's promise that has to come true. */
  readonly c1: number;
  /** From one trial to the next. */
  readonly shrink: number;
}

/** phi(t) = f(w - t g), its start and its slope there. */
interface LossRay {
  readonly w: Float32Array;
  readonly g: Float32Array;
  readonly value: number;
  /** phi'(0): minus the gradient's squared norm. */
  readonly slope: number;
  readonly gradientNorm: number;
  phi(t: number): number;
  phiSlope(t: number): number;
}

export function lossRay(f: Objective, w: Float32Array): LossRay {
  const g = new Float32Array(w.length);
  const value = f.gradient(w, g);
  let square = 0;
  for (let i = 0; i < g.length; i += 1) square += g[i]! * g[i]!;
  const trial = new Float32Array(w.length);
  const back = new Float32Array(w.length);
  const known = new Map<number, number>([[0, value]]);
  return {
    w,
    g,
    value,
    slope: -square,
    gradientNorm: Math.sqrt(square),
    phi(t) {
      let found = known.get(t);
      if (found === undefined) {
        pointOn(w, g, t, trial);
        found = f.value(trial);
        known.set(t, found);
      }
      return found;
    },
    phiSlope(t) {
      pointOn(w, g, t, trial);
      f.gradient(trial, back);
      let sum = 0;
      for (let i = 0; i < g.length; i += 1) sum -= back[i]! * g[i]!;
      return sum;
    },
  };
}

/** out = w - t g, rounded as training rounds it. */
export function pointOn(w: Float32Array, g: Float32Array, t: number, out: Float32Array): Float32Array {
  for (let i = 0; i < w.length; i += 1) out[i] = w[i]! - t * g[i]!;
  return out;
}

/** Steps at which the curve is drawn, about; each costs one look at all examples. */
const SAMPLES = 80;

/** Armijo's search along the ray with every trial. @throws {LineSearchError} Where nothing descends. */
export function searchAlong(ray: LossRay, constants: SearchConstants): LineSearchExplanation {
  // The search knows one number only, the step: so the loss is a function of it.
  const alongRay: Objective = {
    dimension: 1,
    value: (t) => ray.phi(t[0]!),
    gradient(t, g) {
      g[0] = t[0] === 0 ? ray.slope : ray.phiSlope(t[0]!);
      return ray.phi(t[0]!);
    },
  };
  return explainLineSearch(alongRay, Float64Array.of(0), { direction: [1], samples: SAMPLES, ...constants });
}
