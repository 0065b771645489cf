/**
 * The activation functions and their derivatives for four numbers at once, one entry each: the lanes' side of the list in
 * `spec.ts`. Values and bits are those of the scalar table in `activations.ts`; softmax is in `laneOutputs.ts`.
 */
import { INVERSE_SQRT_2, INVERSE_SQRT_2_PI, LEAKY_SLOPE, SELU_ALPHA, SELU_SCALE } from "./activations.ts";
import type { LaneMathematics } from "./laneMathematics.ts";
import type { Activation } from "./spec.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import { Lanes } from "./wasmValues.ts";

export interface LaneActivation {
  /**
   * "a" where the derivative follows from a alone, so that z need not be kept: where the scalar code asks for z > 0,
   * a > 0 says the same. `derivative` may then be given a for both.
   */
  readonly derivativeFrom: "a" | "z";
  /** Whether value and derivative are a few operations, which a tile of a matrix product can take in. */
  readonly cheap: boolean;
  /** a = s(z). */
  value(m: LaneMathematics, f: WasmFunction, z: Local<Lanes>): Lanes;
  /** s'(z), where a = s(z). */
  derivative(m: LaneMathematics, f: WasmFunction, z: Local<Lanes>, a: Local<Lanes>): Lanes;
}

const SELU_SCALE_ALPHA = SELU_SCALE * SELU_ALPHA;

const one: Lanes = Lanes.of(1);

/** z where it is above 0, else +0; NaN becomes +0. */
export function positivePart(z: Lanes): Lanes {
  return z.and(z.greater(0));
}

/** The standard normal distribution function. */
function cumulative(m: LaneMathematics, f: WasmFunction, z: Lanes): Lanes {
  return one.plus(m.erf(z.times(INVERSE_SQRT_2), f)).times(0.5);
}

export const laneActivations: Readonly<Record<Exclude<Activation, "softmax">, LaneActivation>> = {
  linear: { derivativeFrom: "a", cheap: true, value: (_m, _f, z) => z, derivative: () => one },
  sigmoid: {
    derivativeFrom: "a",
    cheap: false,
    value: (m, f, z) => m.logistic(z, f),
    derivative: (_m, _f, _z, a) => a.times(one.minus(a)),
  },
  tanh: {
    derivativeFrom: "a",
    cheap: false,
    value: (m, f, z) => m.tanh(z, f),
    derivative: (_m, _f, _z, a) => one.minus(a.times(a)),
  },
  relu: {
    derivativeFrom: "a",
    cheap: true,
    // NaN is not less or equal, and stays.
    value: (_m, _f, z) => z.andNot(z.lessOrEqual(0)),
    derivative: (_m, _f, _z, a) => one.and(a.greater(0)),
  },
  leakyRelu: {
    derivativeFrom: "a",
    cheap: true,
    value: (_m, _f, z) => z.times(LEAKY_SLOPE).atLeast(z),
    derivative: (_m, _f, _z, a) => one.where(a.greater(0), LEAKY_SLOPE),
  },
  elu: {
    derivativeFrom: "a",
    cheap: false,
    value: (m, f, z) => z.where(z.greater(0), m.expm1(z, f)),
    derivative: (_m, _f, _z, a) => one.where(a.greater(0), a.plus(1)),
  },
  selu: {
    derivativeFrom: "a",
    cheap: false,
    value: (m, f, z) => z.times(SELU_SCALE).where(z.greater(0), m.expm1(z, f).times(SELU_SCALE_ALPHA)),
    derivative: (_m, _f, _z, a) => Lanes.of(SELU_SCALE).where(a.greater(0), a.plus(SELU_SCALE_ALPHA)),
  },
  gelu: {
    derivativeFrom: "z",
    cheap: false,
    value: (m, f, z) => z.times(cumulative(m, f, z)),
    derivative: (m, f, z) => {
      const density = m.exp(z.times(z).times(-0.5), f).times(INVERSE_SQRT_2_PI);
      return cumulative(m, f, z).plus(z.times(density));
    },
  },
  silu: {
    derivativeFrom: "z",
    cheap: false,
    value: (m, f, z) => z.times(m.logistic(z, f)),
    derivative: (m, f, z, a) => {
      const s = f.local(Lanes, m.logistic(z, f));
      return s.plus(a.times(one.minus(s)));
    },
  },
  softplus: {
    derivativeFrom: "z",
    cheap: false,
    value: (m, f, z) => positivePart(z).plus(m.log1pExp(z, f)),
    derivative: (m, f, z) => m.logistic(z, f),
  },
};
