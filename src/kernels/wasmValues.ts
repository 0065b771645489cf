/**
 * Values of a WebAssembly program, as expressions that read like the arithmetic they stand for:
 *
 *     sum.set(sum.plus(Lanes.splatAt(a, 0).times(Lanes.at(w, 16))));
 *
 * A value is the code that leaves it on WebAssembly's stack, a tree of byte lists that is written out once, when the
 * function is finished. Using a value twice computes it twice; a local (`wasmFunction.ts`) holds one.
 *
 * Int is i32; Single and Double are f32 and f64; Lanes, Ints and Doubles are views of the same v128: four f32, four i32,
 * two f64. A plain number stands for a constant wherever a value is expected.
 *
 * Source: the WebAssembly core specification 2.0, chapter 5 (binary format).
 */

import { bytesOf, type Code, type Kind, place, signed, simd, unsigned, Value } from "./wasmCode.ts";

export { type Code, type Kind, unsigned, Value };

/** i32: addresses, counts, conditions (0 is false). */
export class Int extends Value {
  static readonly type = 0x7f;
  static readonly storing: Code = [0x36, 2];
  static of(n: number): Int {
    return new Int([0x41, signed(n)]);
  }
  static at(address: Int, offset = 0): Int {
    return new Int([address.code, 0x28, place(2, offset)]);
  }
  /** The byte there, 0 to 255. */
  static byteAt(address: Int, offset = 0): Int {
    return new Int([address.code, 0x2d, place(0, offset)]);
  }
  plus(b: Int | number): Int {
    return b === 0 ? this : this.with(b, 0x6a);
  }
  minus(b: Int | number): Int {
    return this.with(b, 0x6b);
  }
  times(b: Int | number): Int {
    return b === 1 ? this : this.with(b, 0x6c);
  }
  /** Unsigned quotient, rounded down. */
  over(b: Int | number): Int {
    return this.with(b, 0x6e);
  }
  and(b: Int | number): Int {
    return this.with(b, 0x71);
  }
  or(b: Int | number): Int {
    return this.with(b, 0x72);
  }
  xor(b: Int | number): Int {
    return this.with(b, 0x73);
  }
  shiftLeft(b: Int | number): Int {
    return this.with(b, 0x74);
  }
  /** Fills up with zeros. */
  shiftRight(b: Int | number): Int {
    return this.with(b, 0x76);
  }
  equals(b: Int | number): Int {
    return this.with(b, 0x46);
  }
  differs(b: Int | number): Int {
    return this.with(b, 0x47);
  }
  /** As signed numbers. */
  less(b: Int | number): Int {
    return this.with(b, 0x48);
  }
  lessUnsigned(b: Int | number): Int {
    return this.with(b, 0x49);
  }
  /** The upper 32 bits of the unsigned 64-bit product. */
  timesHigh(b: Int | number): Int {
    return new Int([this.code, 0xad, int(b).code, 0xad, 0x7e, 0x42, 32, 0x88, 0xa7]);
  }
  /** How many zeros follow the lowest bit that is set. */
  trailingZeros(): Int {
    return new Int([this.code, 0x68]);
  }
  /** This where the condition holds, else `other`. */
  where(condition: Int, other: Int | number): Int {
    return new Int([this.code, int(other).code, condition.code, 0x1b]);
  }
  private with(b: Int | number, opcode: number): Int {
    return new Int([this.code, int(b).code, opcode]);
  }
}

const int = (b: Int | number): Int => (typeof b === "number" ? Int.of(b) : b);

/** f32. */
export class Single extends Value {
  static readonly type = 0x7d;
  static readonly storing: Code = [0x38, 2];
  static of(x: number): Single {
    return new Single([0x43, bytesOf("f32", x)]);
  }
  static at(address: Int, offset = 0): Single {
    return new Single([address.code, 0x2a, place(2, offset)]);
  }
  plus(b: Single): Single {
    return new Single([this.code, b.code, 0x92]);
  }
  minus(b: Single): Single {
    return new Single([this.code, b.code, 0x93]);
  }
  times(b: Single): Single {
    return new Single([this.code, b.code, 0x94]);
  }
  differs(b: Single): Int {
    return new Int([this.code, b.code, 0x5c]);
  }
  toDouble(): Double {
    return new Double([this.code, 0xbb]);
  }
  /** The same number in all four lanes. */
  splat(): Lanes {
    return new Lanes([this.code, simd(0x13)]);
  }
}

/** f64. */
export class Double extends Value {
  static readonly type = 0x7c;
  static readonly storing: Code = [0x39, 3];
  static of(x: number): Double {
    return new Double([0x44, bytesOf("f64", x)]);
  }
  static at(address: Int, offset = 0): Double {
    return new Double([address.code, 0x2b, place(3, offset)]);
  }
  plus(b: Double): Double {
    return new Double([this.code, b.code, 0xa0]);
  }
  minus(b: Double): Double {
    return new Double([this.code, b.code, 0xa1]);
  }
  times(b: Double): Double {
    return new Double([this.code, b.code, 0xa2]);
  }
  over(b: Double): Double {
    return new Double([this.code, b.code, 0xa3]);
  }
  /** Rounded to the nearest float32. */
  toSingle(): Single {
    return new Single([this.code, 0xb6]);
  }
  static fromInt(n: Int): Double {
    return new Double([n.code, 0xb8]);
  }
}

/** Sixteen bytes; what the three views of a v128 share. */
abstract class Vector128 extends Value {
  static readonly type = 0x7b;
  static readonly storing: Code = [simd(11), 2];
  asLanes(): Lanes {
    return new Lanes(this.code);
  }
  asInts(): Ints {
    return new Ints(this.code);
  }
  asDoubles(): Doubles {
    return new Doubles(this.code);
  }
  /** Code for this, `b` and an operation on them. */
  protected paired(b: Value, opcode: number): Code {
    return [this.code, b.code, simd(opcode)];
  }
}

/** v128 as four f32. Comparisons give all bits of a lane, or none. */
export class Lanes extends Vector128 {
  static of(x: number): Lanes {
    const lane = bytesOf("f32", x);
    return new Lanes([simd(12), lane, lane, lane, lane]);
  }
  static at(address: Int, offset = 0): Lanes {
    return new Lanes([address.code, simd(0), place(2, offset)]);
  }
  /** The one float32 there, in all four lanes. */
  static splatAt(address: Int, offset = 0): Lanes {
    return new Lanes([address.code, simd(9), place(2, offset)]);
  }
  plus(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0xe4));
  }
  minus(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0xe5));
  }
  times(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0xe6));
  }
  over(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0xe7));
  }
  squareRoot(): Lanes {
    return new Lanes([this.code, simd(0xe3)]);
  }
  absolute(): Lanes {
    return new Lanes([this.code, simd(0xe0)]);
  }
  negated(): Lanes {
    return new Lanes([this.code, simd(0xe1)]);
  }
  /** The larger one as Math.max has it: NaN where one is NaN, +0 above -0. */
  max(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0xe9));
  }
  /** This, or `b` where this is less; NaN stays. */
  atLeast(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0xeb));
  }
  /** This, or `b` where this is greater; NaN stays. */
  atMost(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0xea));
  }
  equals(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0x41));
  }
  differs(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0x42));
  }
  less(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0x43));
  }
  greater(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0x44));
  }
  lessOrEqual(b: Lanes | number): Lanes {
    return new Lanes(this.paired(lanes(b), 0x45));
  }
  and(b: Lanes): Lanes {
    return new Lanes(this.paired(b, 0x4e));
  }
  /** The bits of this that `b` does not have. */
  andNot(b: Lanes): Lanes {
    return new Lanes(this.paired(b, 0x4f));
  }
  or(b: Lanes): Lanes {
    return new Lanes(this.paired(b, 0x50));
  }
  /** This where the bits of `mask` are set, else `other`. */
  where(mask: Lanes, other: Lanes | number): Lanes {
    return new Lanes([this.code, lanes(other).code, mask.code, simd(0x52)]);
  }
  /** Lanes chosen out of this (0 to 3) and `b` (4 to 7). */
  shuffle(b: Lanes, from: readonly [number, number, number, number]): Lanes {
    const bytes = from.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
    return new Lanes([this.code, b.code, simd(13), bytes]);
  }
  lane(i: number): Single {
    return new Single([this.code, simd(0x1f), i]);
  }
  /** Whole part, as i32; what i32 cannot hold becomes its nearest number, NaN becomes 0. */
  toInts(): Ints {
    return new Ints([this.code, simd(0xf8)]);
  }
  /** Lanes 0 and 1 as f64. */
  lowDoubles(): Doubles {
    return new Doubles([this.code, simd(0x5f)]);
  }
  /** Lanes 2 and 3 as f64. */
  highDoubles(): Doubles {
    return this.shuffle(this, [2, 3, 2, 3]).lowDoubles();
  }
  /** One bit a lane: its sign, so all lanes of a comparison that held. */
  bitmask(): Int {
    return new Int([this.code, simd(0xa4)]);
  }
}

const lanes = (b: Lanes | number): Lanes => (typeof b === "number" ? Lanes.of(b) : b);

/** v128 as four i32. */
export class Ints extends Vector128 {
  static of(n: number): Ints {
    const lane = bytesOf("i32", n);
    return new Ints([simd(12), lane, lane, lane, lane]);
  }
  static at(address: Int, offset = 0): Ints {
    return new Ints([address.code, simd(0), place(2, offset)]);
  }
  static splat(n: Int): Ints {
    return new Ints([n.code, simd(0x11)]);
  }
  /** Four bytes there, each 0 to 255. */
  static bytesAt(address: Int, offset = 0): Ints {
    return new Ints([address.code, simd(0x5c), place(2, offset), simd(0x89), simd(0xa9)]);
  }
  plus(b: Ints | number): Ints {
    return new Ints(this.paired(ints(b), 0xae));
  }
  minus(b: Ints | number): Ints {
    return new Ints(this.paired(ints(b), 0xb1));
  }
  and(b: Ints | number): Ints {
    return new Ints(this.paired(ints(b), 0x4e));
  }
  or(b: Ints | number): Ints {
    return new Ints(this.paired(ints(b), 0x50));
  }
  xor(b: Ints): Ints {
    return new Ints(this.paired(b, 0x51));
  }
  /** The whole unsigned products of lanes 0 and 1, each of 64 bits, so in two lanes: lower half, upper half. */
  timesWideLow(b: Ints): Ints {
    return new Ints(this.paired(b, 0xde));
  }
  /** The same of lanes 2 and 3. */
  timesWideHigh(b: Ints): Ints {
    return new Ints(this.paired(b, 0xdf));
  }
  /** Lanes chosen out of this (0 to 3) and `b` (4 to 7). */
  shuffle(b: Ints, from: readonly [number, number, number, number]): Ints {
    return this.asLanes().shuffle(b.asLanes(), from).asInts();
  }
  equals(b: Ints | number): Ints {
    return new Ints(this.paired(ints(b), 0x37));
  }
  greater(b: Ints | number): Ints {
    return new Ints(this.paired(ints(b), 0x3b));
  }
  where(mask: Ints, other: Ints | number): Ints {
    return new Ints([this.code, ints(other).code, mask.code, simd(0x52)]);
  }
  shiftLeft(n: number): Ints {
    return new Ints([this.code, Int.of(n).code, simd(0xab)]);
  }
  /** Fills up with zeros. */
  shiftRight(n: number): Ints {
    return new Ints([this.code, Int.of(n).code, simd(0xad)]);
  }
  /** Keeps the sign. */
  shiftRightSigned(n: number): Ints {
    return new Ints([this.code, Int.of(n).code, simd(0xac)]);
  }
  /** With lane `i` replaced. */
  withLane(i: number, n: Int): Ints {
    return new Ints([this.code, n.code, simd(0x1c), i]);
  }
  /** Eight 16-bit numbers out of this and `b`, each the nearest that 16 bits can hold. */
  narrow(b: Ints): Ints {
    return new Ints(this.paired(b, 0x85));
  }
  /** Sixteen bytes out of eight 16-bit numbers of this and of `b`. */
  narrowBytes(b: Ints): Ints {
    return new Ints(this.paired(b, 0x65));
  }
  /** One bit for each of the sixteen bytes, set where it is not 0. */
  bytesNotZero(): Int {
    return new Int([this.paired(Ints.of(0), 0x24), simd(0x64)]);
  }
  /** The same numbers as float32, rounded to nearest. */
  toLanes(): Lanes {
    return new Lanes([this.code, simd(0xfa)]);
  }
}

const ints = (b: Ints | number): Ints => (typeof b === "number" ? Ints.of(b) : b);

/** v128 as two f64. */
export class Doubles extends Vector128 {
  static of(x: number): Doubles {
    const lane = bytesOf("f64", x);
    return new Doubles([simd(12), lane, lane]);
  }
  static at(address: Int, offset = 0): Doubles {
    return new Doubles([address.code, simd(0), place(2, offset)]);
  }
  plus(b: Doubles): Doubles {
    return new Doubles(this.paired(b, 0xf0));
  }
  times(b: Doubles): Doubles {
    return new Doubles(this.paired(b, 0xf2));
  }
  absolute(): Doubles {
    return new Doubles([this.code, simd(0xec)]);
  }
  /** With lane `i` replaced. */
  withLane(i: number, x: Double): Doubles {
    return new Doubles([this.code, x.code, simd(0x22), i]);
  }
  lane(i: number): Double {
    return new Double([this.code, simd(0x21), i]);
  }
}
