/** The body of one WebAssembly function: locals, loops, stores, calls. */
import { type Code, Int, type Kind, unsigned, type Value } from "./wasmValues.ts";

/** A value with a place of its own: a local or a parameter. */
export type Local<V extends Value> = V & { set(value: V): void };

/** The locals that stand for parameters of these kinds. */
export type Locals<P extends readonly Kind[]> = {
  [I in keyof P]: P[I] extends Kind<infer V> ? Local<V> : never;
};

export class WasmFunction {
  private readonly parameters: number;
  private readonly locals: number[] = [];
  private readonly body: Code[] = [];

  constructor(parameters: number) {
    this.parameters = parameters;
  }

  /** A new local; without a value it is 0 at the function's start. */
  local<V extends Value>(kind: Kind<V>, value?: V): Local<V> {
    this.locals.push(kind.type);
    const local = this.at(kind, this.parameters + this.locals.length - 1);
    if (value !== undefined) local.set(value);
    return local;
  }

  /** The local or parameter with this number. */
  at<V extends Value>(kind: Kind<V>, index: number): Local<V> {
    const value = new kind([0x20, unsigned(index)]) as Local<V>;
    value.set = (next) => this.body.push([next.code, 0x21, unsigned(index)]);
    return value;
  }

  store(address: Int, offset: number, value: Value): void {
    const { storing } = value.constructor as unknown as Kind;
    this.body.push([address.code, value.code, storing, unsigned(offset)]);
  }

  /** The lowest byte of `value`. */
  storeByte(address: Int, offset: number, value: Int): void {
    this.body.push([address.code, value.code, 0x3a, 0, unsigned(offset)]);
  }

  /** One lane, 0 to 3, of four. */
  storeLane(address: Int, offset: number, value: Value, lane: number): void {
    this.body.push([address.code, value.code, 0xfd, 0x5a, 2, unsigned(offset), lane]);
  }

  /** Code that leaves nothing on the stack, such as a call without a result. */
  run(code: Code): void {
    this.body.push(code);
  }

  /** Repeats the body while the condition holds; it is asked for after each time, so the body runs at least once. */
  loop(body: () => Int): void {
    this.body.push([0x03, 0x40]);
    const again = body();
    this.body.push([again.code, 0x0d, 0, 0x0b]);
  }

  /** i = from, from + step, … below `to`; the body runs at least once unless `mayBeEmpty`. */
  count(
    i: Local<Int>,
    from: Int | number,
    to: Int | number,
    step: number,
    body: () => void,
    mayBeEmpty = false,
  ): void {
    i.set(typeof from === "number" ? Int.of(from) : from);
    const loop = (): void =>
      this.loop(() => {
        body();
        i.set(i.plus(step));
        return i.lessUnsigned(to);
      });
    if (mayBeEmpty) this.if(i.lessUnsigned(to), loop);
    else loop();
  }

  if(condition: Int, then: () => void, otherwise?: () => void): void {
    this.body.push([condition.code, 0x04, 0x40]);
    then();
    if (otherwise !== undefined) {
      this.body.push([0x05]);
      otherwise();
    }
    this.body.push([0x0b]);
  }

  /** The function's bytes, with its result, if any, at the end. */
  finish(result: Value | undefined): Code {
    return [
      unsigned(this.locals.length),
      this.locals.map((type) => [1, type]),
      this.body,
      result === undefined ? [] : result.code,
      0x0b,
    ];
  }
}
