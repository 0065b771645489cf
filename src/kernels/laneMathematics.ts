/**
 * The float32 elementary functions for four numbers at once.
 *
 * The steps are those of `core/exp32.ts`, `core/log32.ts` and `core/erf32.ts`, and so are the bits, for every argument.
 * A condition becomes a choice by bit mask: both ways are gone, and what a lane does not want is thrown away. Where the
 * scalar code takes care of a case that the range of an argument excludes here, that care is left out.
 */
import { erf32Constants, exp32Constants, log32Constants } from "../core/index.ts";
import type { Local, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Ints, Lanes } from "./wasmValues.ts";

type Steps = (f: WasmFunction, x: Local<Lanes>) => Lanes;

/** Only the sign of each lane. */
const SIGN: Lanes = Lanes.of(-0);

/**
 * Given `f`, the steps are written into that function in place: faster in a loop by a third to a half, since the constants
 * stay outside and nothing is called. Without, they are a function of the module, made when it is first asked for.
 */
export class LaneMathematics {
  private readonly module: WasmModule;
  private readonly defined = new Map<Steps, Callable<readonly [typeof Lanes], Lanes>>();

  constructor(module: WasmModule) {
    this.module = module;
  }

  exp(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(exp, x, f);
  }
  expm1(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(expm1, x, f);
  }
  log(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(log, x, f);
  }
  log1p(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(log1p, x, f);
  }
  /** log1p(exp(-|x|)). */
  log1pExp(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(log1pExp, x, f);
  }
  tanh(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(tanh, x, f);
  }
  /** 1 / (1 + exp(-x)). */
  logistic(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(logistic, x, f);
  }
  erf(x: Lanes, f?: WasmFunction): Lanes {
    return this.result(erf, x, f);
  }

  private result(steps: Steps, x: Lanes, f: WasmFunction | undefined): Lanes {
    if (f !== undefined) return steps(f, f.local(Lanes, x));
    let made = this.defined.get(steps);
    if (made === undefined) {
      made = this.module.inner([Lanes], Lanes, steps);
      this.defined.set(steps, made);
    }
    return made.call(x);
  }
}

/** By Horner's rule, from the highest power down. */
function polynomial([highest, ...others]: readonly number[], x: Lanes): Lanes {
  return others.reduce((sum, coefficient) => sum.times(x).plus(coefficient), Lanes.of(highest!));
}

/** What the sum a + b lost when it was rounded to `sum`, as sumLow32. */
function sumLow(f: WasmFunction, a: Lanes, b: Lanes, sum: Lanes): Lanes {
  const bRounded = f.local(Lanes, sum.minus(a));
  return a.minus(sum.minus(bRounded)).plus(b.minus(bRounded));
}

/*
 * exp and its kin: c = k ln 2 + r, and exp(c) = 2^k exp(r).
 *
 * The scalar code adds 1.5 * 2^23 to leave the nearest whole number; k then stands in the lowest bits of the float32
 * number, ready to become an exponent. 254 more, an even number so that ties fall as before, saves adding the exponent's
 * bias of 127 to both halves of k:
 *
 *     bits of c / ln 2 + 1.5 * 2^23 + 254:    0100 1011 0100 0000 0000 000 | k + 254 |
 *     (k + 254) >> 1                      =   (k >> 1) + 127
 *     (k + 254) - ((k + 254) >> 1)        =   (k - (k >> 1)) + 127
 *
 * A shift to the left by 23 makes 2^… of these and drops what stands above. NaN leaves k without a meaning, but is in r
 * as well, and 2^k times NaN is NaN whatever k is.
 */
const { inverseLn2, ln2High, ln2Low, rounder, highest, lowest } = exp32Constants;
const BIASES = 254;

interface Reduced {
  /** k + 254 in the lowest bits. */
  readonly shifted: Ints;
  /** r = high - low. */
  readonly high: Local<Lanes>;
  readonly low: Local<Lanes>;
  readonly r: Local<Lanes>;
}

function reduced(f: WasmFunction, c: Local<Lanes>): Reduced {
  const shifted = f.local(Lanes, c.times(inverseLn2).plus(rounder + BIASES));
  const k = f.local(Lanes, shifted.minus(rounder + BIASES));
  const high = f.local(Lanes, c.minus(k.times(ln2High)));
  const low = f.local(Lanes, k.times(ln2Low));
  const r = f.local(Lanes, high.minus(low));
  return { shifted: shifted.asInts(), high, low, r };
}

/** x * 2^k in two steps, as scale32. */
function scaled(f: WasmFunction, x: Lanes, shifted: Ints): Lanes {
  const half = f.local(Ints, shifted.shiftRightSigned(1));
  const rest = shifted.minus(half);
  return x.times(half.shiftLeft(23).asLanes()).times(rest.shiftLeft(23).asLanes());
}

/** exp(r), from 0.7 to 1.42. */
function expRest({ high, low, r }: Reduced): Lanes {
  const tail = r.times(r).times(polynomial(exp32Constants.exp, r)).minus(low);
  return Lanes.of(1).plus(high.plus(tail));
}

/** exp(c) for c from the lowest argument to the highest. */
function expClamped(f: WasmFunction, c: Local<Lanes>): Lanes {
  const parts = reduced(f, c);
  return scaled(f, expRest(parts), parts.shifted);
}

/** exp(c) for c from -87 to 88: 2^k and the result are normal numbers, so one step gives the bits of two. */
function expNormal(f: WasmFunction, c: Local<Lanes>): Lanes {
  const parts = reduced(f, c);
  return expRest(parts).times(parts.shifted.minus(127).shiftLeft(23).asLanes());
}

const exp: Steps = (f, x) => expClamped(f, f.local(Lanes, x.atMost(highest).atLeast(lowest)));

/** exp(-|x|). */
const expDown: Steps = (f, x) => expClamped(f, f.local(Lanes, x.or(SIGN).atLeast(lowest)));

const expm1: Steps = (f, x) => {
  const c = f.local(Lanes, x.atMost(highest).atLeast(exp32Constants.lowestExpm1));
  const { shifted, high, low, r } = reduced(f, c);
  const q = polynomial(exp32Constants.expm1, r);
  const lost = high.minus(r).minus(low);
  const tail = f.local(
    Lanes,
    r
      .times(r)
      .times(q)
      .minus(low.minus(r.times(lost))),
  );
  const e = f.local(Lanes, high.plus(tail));
  // 2^-k, but 2^-60 for every larger k; as floats the shifted numbers have the same order.
  const upTo60 = shifted.asLanes().atMost(rounder + BIASES + 60);
  const exponent = Ints.of(127 + BIASES).minus(upTo60.asInts());
  const minusPower = f.local(Lanes, exponent.shiftLeft(23).asLanes().or(SIGN));
  const constant = f.local(Lanes, Lanes.of(1).plus(minusPower));
  const sum = f.local(Lanes, constant.plus(e));
  const rest = sumLow(f, high, tail, e).plus(sumLow(f, Lanes.of(1), minusPower, constant));
  const y = scaled(f, sum.plus(sumLow(f, constant, e, sum).plus(rest)), shifted);
  // The sums make +0 of -0, the only small x that they do not give back.
  return y.or(x.and(SIGN));
};

/** For tanh and erf, odd functions: `near` where |x| is below `change`, else `far`, and the sign of x. */
function odd(near: Lanes, a: Lanes, change: number, far: Lanes, x: Lanes): Lanes {
  return near.where(a.less(change), far).or(x.and(SIGN));
}

// The scalar code gives back a small x itself, for the sake of -0; here the sign comes from `odd`.
const tanh: Steps = (f, x) => {
  const { tanhChange, tanhHighest } = exp32Constants;
  const a = f.local(Lanes, x.absolute());
  const z = f.local(Lanes, a.times(a));
  const near = f.local(Lanes, a.plus(a.times(z.times(polynomial(exp32Constants.tanh, z)))));
  const twice = f.local(Lanes, Lanes.of(2).times(a.atMost(tanhHighest)));
  const far = Lanes.of(1).minus(Lanes.of(2).over(expNormal(f, twice).plus(1)));
  return odd(near, a, tanhChange, far, x);
};

const logistic: Steps = (f, x) => {
  const e = f.local(Lanes, expDown(f, x));
  return e.where(x.less(0), 1).over(Lanes.of(1).plus(e));
};

const erf: Steps = (f, x) => {
  const a = f.local(Lanes, x.absolute());
  const z = f.local(Lanes, a.times(a));
  const near = f.local(Lanes, a.plus(a.times(polynomial(erf32Constants.near, z))));
  const c = f.local(Lanes, a.atMost(erf32Constants.highest));
  const u = f.local(Lanes, c.minus(2).over(c.plus(2)));
  const e = expNormal(f, f.local(Lanes, c.times(c).negated()));
  const far = Lanes.of(1).minus(e.times(polynomial(erf32Constants.far, u)));
  return odd(near, a, erf32Constants.change, far, x);
};

/** k ln 2 + log(1 + g) + low; without `low`, + 0. */
function logSum(f: WasmFunction, k: Local<Lanes>, g: Local<Lanes>, low?: Lanes): Lanes {
  const { series } = log32Constants;
  const s = f.local(Lanes, g.over(Lanes.of(2).plus(g)));
  const z = f.local(Lanes, s.times(s));
  const half = f.local(Lanes, Lanes.of(0.5).times(g.times(g)));
  const multiple = f.local(Lanes, k.times(log32Constants.ln2High));
  const first = f.local(Lanes, multiple.plus(g));
  // `multiple` is 0 or larger than g, so this is all that the sum lost (Dekker 1971), with no more steps.
  const lost = g.minus(first.minus(multiple));
  const kLow = k.times(log32Constants.ln2Low);
  const rest = lost.plus(low === undefined ? kLow : kLow.plus(low));
  return first.minus(half.minus(s.times(half.plus(z.times(polynomial(series, z)))).plus(rest)));
}

/** x = 2^k m with m from sqrt(1/2) to sqrt(2). */
function split(f: WasmFunction, x: Local<Lanes>): { k: Local<Ints>; m: Lanes } {
  const bits = x.asInts();
  const k = f.local(Ints, bits.minus(log32Constants.sqrtHalfBits).shiftRightSigned(23));
  return { k, m: bits.minus(k.shiftLeft(23)).asLanes() };
}

/** The logarithm y of x with its ends: Infinity, 0 and whatever has no logarithm. All bits set are a NaN. */
function logEnds(y: Lanes, x: Local<Lanes>): Lanes {
  const notPositive = Lanes.of(-Infinity).or(x.differs(0));
  return y.where(x.less(Infinity), x).where(x.greater(0), notPositive);
}

const log: Steps = (f, x) => {
  const { smallestNormal, lift } = log32Constants;
  const lifted = f.local(Lanes, x.less(smallestNormal));
  const { k, m } = split(f, f.local(Lanes, x.times(lift).where(lifted, x)));
  const kAll = f.local(Lanes, k.plus(lifted.asInts().and(-23)).toLanes());
  return logEnds(logSum(f, kAll, f.local(Lanes, m.minus(1))), x);
};

/** log(u), u = 1 + x rounded, for a u with a logarithm; `low` is what the rounding lost. */
function log1pSum(f: WasmFunction, x: Lanes, u: Local<Lanes>, low: Lanes): Lanes {
  const { k, m } = split(f, u);
  const near = f.local(Ints, k.equals(0)).asLanes();
  const g = f.local(Lanes, x.where(near, m.minus(1)));
  return logSum(f, f.local(Lanes, k.toLanes()), g, low.over(u).andNot(near));
}

const log1p: Steps = (f, x) => {
  const u = f.local(Lanes, Lanes.of(1).plus(x));
  const y = log1pSum(f, x, u, sumLow(f, Lanes.of(1), x, u));
  // The sum makes +0 of -0, the only small x that it does not give back.
  return logEnds(y, u).or(x.and(SIGN));
};

const log1pExp: Steps = (f, x) => {
  const e = f.local(Lanes, expDown(f, x));
  const u = f.local(Lanes, Lanes.of(1).plus(e));
  // e is at most 1, so this is all that the sum lost.
  return log1pSum(f, e, u, e.minus(u.minus(1)));
};
