/**
 * Vectors that live in a plan's memory, and the operations of `Elementwise` on them.
 *
 * An optimizer sees vectors and asks `elementwise(w)` for what it does with them; whether they lie in WebAssembly memory it
 * neither knows nor needs to know. The operations that find a foreign vector among theirs do the same in JavaScript.
 */
import type { Commands } from "./commands.ts";
import { elementwise32 } from "./updates32.ts";
import { settleVectors, type VectorHome } from "./vectorHomes.ts";

type V = Float32Array;

const f = Math.fround;

export class VectorMemory implements VectorHome {
  private readonly commands: Commands;
  private readonly buffer: ArrayBufferLike;
  private readonly leaves: number;
  private top: number;
  private readonly end: number;

  /**
   * @param leaves Address of a float64 for every 1,024 numbers of the longest vector.
   * @param from   Where vectors may lie; `to` is the first address beyond.
   */
  constructor(commands: Commands, leaves: number, from: number, to: number) {
    this.commands = commands;
    this.buffer = commands.memory.buffer;
    this.leaves = leaves;
    this.top = from;
    this.end = to;
    settleVectors(this.buffer, this);
  }

  /** A vector of zeros; outside of this memory where it is full, which costs time and changes nothing else. */
  zeros(length: number): V {
    const bytes = (4 * length + 127) & -64;
    if (this.top + bytes > this.end) return new Float32Array(length);
    const vector = new Float32Array(this.buffer as ArrayBuffer, this.top, length);
    this.top += bytes;
    return vector.fill(0);
  }

  owns(v: ArrayBufferView): boolean {
    return v.buffer === this.buffer;
  }

  descend(out: V, x: V, t: number, d: V): void {
    if (!this.own(out, x, d)) elementwise32.descend(out, x, t, d);
    else this.commands.vectors("descend", out.length, out.byteOffset, x.byteOffset, d.byteOffset, f(t));
  }

  descendBySign(out: V, x: V, t: number, d: V): void {
    if (!this.own(out, x, d)) elementwise32.descendBySign(out, x, t, d);
    else this.commands.vectors("descendBySign", out.length, out.byteOffset, x.byteOffset, d.byteOffset, f(t));
  }

  subtract(out: V, a: V, b: V): void {
    if (!this.own(out, a, b)) elementwise32.subtract(out, a, b);
    else this.commands.vectors("subtract", out.length, out.byteOffset, a.byteOffset, b.byteOffset);
  }

  mix(out: V, a: number, x: V, b: number, z: V): void {
    if (!this.own(out, x, z)) elementwise32.mix(out, a, x, b, z);
    else this.commands.vectors("mix", out.length, out.byteOffset, x.byteOffset, z.byteOffset, f(a), f(b));
  }

  approach(x: V, a: number, z: V): void {
    if (!this.own(x, z)) elementwise32.approach(x, a, z);
    else this.commands.vectors("approach", x.length, x.byteOffset, z.byteOffset, f(a));
  }

  accumulate(s: V, decay: number, c: number, g: V): void {
    if (!this.own(s, g)) elementwise32.accumulate(s, decay, c, g);
    else this.commands.vectors("accumulate", s.length, s.byteOffset, g.byteOffset, f(decay), f(c));
  }

  accumulateSquares(v: V, decay: number, c: number, g: V): void {
    if (!this.own(v, g)) elementwise32.accumulateSquares(v, decay, c, g);
    else this.commands.vectors("accumulateSquares", v.length, v.byteOffset, g.byteOffset, f(decay), f(c));
  }

  divideByRoot(out: V, m: V, v: V, inverse: number, epsilon: number): void {
    if (!this.own(out, m, v)) elementwise32.divideByRoot(out, m, v, inverse, epsilon);
    else
      this.commands.vectors(
        "divideByRoot",
        out.length,
        out.byteOffset,
        m.byteOffset,
        v.byteOffset,
        f(inverse),
        f(epsilon),
      );
  }

  momentum(w: V, g: V, velocity: V, rate: number, decay: number): void {
    if (!this.own(w, g, velocity)) elementwise32.momentum(w, g, velocity, rate, decay);
    else
      this.commands.vectors(
        "momentum",
        w.length,
        w.byteOffset,
        g.byteOffset,
        velocity.byteOffset,
        f(rate),
        f(decay),
      );
  }

  nesterov(w: V, g: V, velocity: V, rate: number, decay: number): void {
    if (!this.own(w, g, velocity)) elementwise32.nesterov(w, g, velocity, rate, decay);
    else
      this.commands.vectors(
        "nesterov",
        w.length,
        w.byteOffset,
        g.byteOffset,
        velocity.byteOffset,
        f(rate),
        f(decay),
      );
  }

  rmsProp(w: V, g: V, v: V, rate: number, decay: number, epsilon: number): void {
    if (!this.own(w, g, v)) elementwise32.rmsProp(w, g, v, rate, decay, epsilon);
    else
      this.commands.vectors(
        "rmsProp",
        w.length,
        w.byteOffset,
        g.byteOffset,
        v.byteOffset,
        f(rate),
        f(decay),
        f(1 - decay),
        f(epsilon),
      );
  }

  adam(
    w: V,
    g: V,
    m: V,
    v: V,
    rate: number,
    beta1: number,
    beta2: number,
    inverse2: number,
    epsilon: number,
  ): void {
    if (!this.own(w, g, m) || !this.owns(v)) {
      elementwise32.adam(w, g, m, v, rate, beta1, beta2, inverse2, epsilon);
      return;
    }
    this.commands.vectors(
      "adam",
      w.length,
      w.byteOffset,
      g.byteOffset,
      m.byteOffset,
      v.byteOffset,
      f(rate),
      f(inverse2),
      f(beta1),
      f(beta2),
      f(1 - beta1),
      f(1 - beta2),
      f(epsilon),
    );
  }

  accumulateAbsolute(s: V, decay: number, c: number, g: V): number {
    if (!this.own(s, g)) return elementwise32.accumulateAbsolute(s, decay, c, g);
    const { leaves } = this;
    this.commands.vectors("accumulateAbsolute", s.length, s.byteOffset, g.byteOffset, f(decay), f(c), leaves);
    return this.join(s.length);
  }

  dotDifference(g: V, x0: V, w: V): number {
    if (!this.own(g, x0, w)) return elementwise32.dotDifference(g, x0, w);
    const { leaves } = this;
    this.commands.vectors("dotDifference", g.length, g.byteOffset, x0.byteOffset, w.byteOffset, leaves);
    return this.join(g.length);
  }

  dot(a: V, b: V): number {
    if (!this.own(a, b)) return elementwise32.dot(a, b);
    this.commands.vectors("dot", a.length, a.byteOffset, b.byteOffset, this.leaves);
    return this.join(a.length);
  }

  absoluteSum(a: V): number {
    if (!this.own(a, a)) return elementwise32.absoluteSum(a);
    this.commands.vectors("absoluteSum", a.length, a.byteOffset, this.leaves);
    return this.join(a.length);
  }

  allFinite(a: V): boolean {
    if (!this.own(a, a)) return elementwise32.allFinite(a);
    return this.commands.ask("allFinite", a.length, a.byteOffset) === 1;
  }

  private join(n: number): number {
    return this.commands.ask("join", this.leaves, Math.ceil(n / 1024));
  }

  private own(a: V, b: V, c: V = a): boolean {
    return this.owns(a) && this.owns(b) && this.owns(c);
  }
}
