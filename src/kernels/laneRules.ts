/**
 * The declared rules of updating parameters, four numbers at a time: the lines of `updates32.ts`. Operations on vectors
 * (`laneVectors.ts`) and whole runs of steps (`narrowRules.ts`) are both made of them.
 *
 * Never pass Lanes to a function of the generated code: rules are written out where they are used.
 */
import type { Place } from "./laneWalk.ts";
import type { Update } from "./updates.ts";
import type { Lanes } from "./wasmValues.ts";

/**
 * Constants that may change from step to step. With Adam's corrections `rate` is rate / correction1, `inverse2` is
 * 1 / correction2, and `weightDecay` the learning rate times the weight decay.
 */
type OfStep = "rate" | "decay" | "inverse2" | "weightDecay";

/** Constants of a whole run; `rest1` is 1 - beta1, taken in float64 and then rounded, and so is `rest2`. */
export type OfRun = "beta1" | "beta2" | "rest1" | "rest2" | "epsilon";

/** In all lanes; those that a rule does not name are absent. */
export type Constants = Readonly<Record<OfStep | OfRun, Lanes>>;

/** Computes a value once, however often it is used. */
type Held = (value: Lanes) => Lanes;

interface LaneRule {
  /** The vectors that it keeps beside w and g; a velocity is m, and so are mean squares without a mean. */
  readonly keeps: readonly ("m" | "v")[];
  readonly ofStep: readonly OfStep[];
  readonly ofRun: readonly OfRun[];
  /** Moves w by g at a few elements. */
  readonly move: (e: Record<"w" | "g" | "m" | "v", Place>, c: Constants, held: Held) => void;
}

const ofAdam: readonly OfRun[] = ["beta1", "beta2", "rest1", "rest2", "epsilon"];

const moveByAdam: LaneRule["move"] = (
  { w, g, m, v },
  { rate, inverse2, beta1, beta2, rest1, rest2, epsilon },
  held,
) => {
  const gi = held(g);
  const mi = held(beta1.times(m).plus(rest1.times(gi)));
  const vi = held(beta2.times(v).plus(rest2.times(gi.times(gi))));
  m.set(mi);
  v.set(vi);
  w.set(w.minus(rate.times(mi).over(inverse2.times(vi).squareRoot().plus(epsilon))));
};

export const laneRules: Readonly<Record<Update["rule"], LaneRule>> = {
  gradientDescent: {
    keeps: [],
    ofStep: ["rate"],
    ofRun: [],
    move: ({ w, g }, { rate }) => w.set(w.minus(rate.times(g))),
  },
  momentum: {
    keeps: ["m"],
    ofStep: ["rate", "decay"],
    ofRun: [],
    move: ({ w, g, m }, { rate, decay }, held) => {
      const next = held(decay.times(m).plus(g));
      m.set(next);
      w.set(w.minus(rate.times(next)));
    },
  },
  nesterov: {
    keeps: ["m"],
    ofStep: ["rate", "decay"],
    ofRun: [],
    move: ({ w, g, m }, { rate, decay }, held) => {
      const gi = held(g);
      const next = held(decay.times(m).plus(gi));
      m.set(next);
      w.set(w.minus(rate.times(gi.plus(decay.times(next)))));
    },
  },
  rmsProp: {
    keeps: ["m"],
    ofStep: ["rate"],
    ofRun: ["beta2", "rest2", "epsilon"],
    move: ({ w, g, m }, { rate, beta2, rest2, epsilon }, held) => {
      const gi = held(g);
      const squares = held(beta2.times(m).plus(rest2.times(gi.times(gi))));
      m.set(squares);
      w.set(w.minus(rate.times(gi).over(squares.squareRoot().plus(epsilon))));
    },
  },
  adam: { keeps: ["m", "v"], ofStep: ["rate", "inverse2"], ofRun: ofAdam, move: moveByAdam },
  adamW: {
    keeps: ["m", "v"],
    ofStep: ["rate", "inverse2", "weightDecay"],
    ofRun: ofAdam,
    move: (e, c, held) => {
      e.w.set(e.w.minus(c.weightDecay.times(e.w)));
      moveByAdam(e, c, held);
    },
  },
};
