/**
 * Dropout masks in WebAssembly, the same bits as `dropout.ts`. Element i is word i mod 4 of Philox block floor(i / 4)
 * (`core/random.ts`); four blocks are drawn at a time, one in each lane, and turned round:
 *
 *                block 0 1 2 3
 *     word 0           0 4 8 12         0  1  2  3
 *     word 1           1 5 9 13    →    4  5  6  7     in memory, one after the other
 *     word 2           2 6 10 14        8  9  10 11
 *     word 3           3 7 11 15        12 13 14 15
 */
import { philoxConstants, streams } from "../core/index.ts";
import type { Local, Locals, WasmFunction } from "./wasmFunction.ts";
import type { Callable, WasmModule } from "./wasmModule.ts";
import { Int, Ints, Lanes, Single } from "./wasmValues.ts";

/**
 * uniform < rate, in whole numbers: uniform is (word >>> 8) / 2^24, so that word >>> 8 is below this threshold.
 *
 * @param rate From 0 to 1.
 */
export function dropThreshold(rate: number): number {
  return Math.ceil(rate * 0x1000000);
}

type I = typeof Int;
type Parameters = readonly [I, I, I, I, I, I, I, typeof Single, I];

/**
 * The function (key0, key1, step, layer, from, count, threshold, kept, out): element i, for i = from … from + count - 1,
 * becomes 0 or `kept`, at `out + 4 i`; nothing else is written. The keys are those of `seedKey`, the threshold is that of
 * `dropThreshold`.
 */
export function maskFunction(module: WasmModule): Callable<Parameters, undefined> {
  const parameters: Parameters = [Int, Int, Int, Int, Int, Int, Int, Single, Int];
  return module.inner(parameters, undefined, buildMask);
}

function buildMask(f: WasmFunction, ...parameters: Locals<Parameters>): undefined {
  const [key0, key1, step, layer, from, count, threshold, kept, out] = parameters;
  const end = f.local(Int, from.plus(count));
  const limits = f.local(Ints, Ints.splat(threshold));
  const keptLanes = f.local(Lanes, kept.splat());
  const i = f.local(Int);
  const blocks = new FourBlocks(f, key0, key1);
  const sixteen = (): void => {
    const first = Ints.splat(i.shiftRight(2)).plus(numbers);
    blocks.draw([first, Ints.splat(step), Ints.splat(layer), Ints.of(streams.dropout)]);
    const address = f.local(Int, out.plus(i.times(4)));
    const masks = blocks.turned().map((words) => {
      const dropped = limits.greater(words.shiftRight(8));
      return f.local(Lanes, keptLanes.andNot(dropped.asLanes()));
    });
    const storeAll = (): void => {
      for (const [block, mask] of masks.entries()) f.store(address, 16 * block, mask);
    };
    const storePart = (): void => {
      for (let k = 0; k < 16; k++) {
        // As a distance from `from`, the place of an element before it is a very large number.
        const wanted = i.plus(k).minus(from).lessUnsigned(count);
        f.if(wanted, () => f.storeLane(address, 4 * k, masks[k >> 2]!, k & 3));
      }
    };
    f.if(i.lessUnsigned(from).or(end.lessUnsigned(i.plus(16))), storePart, storeAll);
  };
  f.count(i, from.and(-16), end, 16, sixteen, true);
}

const numbers = Ints.of(0).withLane(1, Int.of(1)).withLane(2, Int.of(2)).withLane(3, Int.of(3));

/** Philox4x32-10 on four blocks at once: the lines of `philox4x32`. */
class FourBlocks {
  private readonly f: WasmFunction;
  private readonly key: readonly [Int, Int];
  private readonly c: readonly [Local<Ints>, Local<Ints>, Local<Ints>, Local<Ints>];
  private readonly k: readonly [Local<Ints>, Local<Ints>];
  private readonly multipliers: readonly [Ints, Ints];
  private readonly weyl: readonly [Ints, Ints];
  private readonly round: Local<Int>;

  constructor(f: WasmFunction, key0: Int, key1: Int) {
    const { multipliers, weyl } = philoxConstants;
    const held = (n: number): Ints => f.local(Ints, Ints.of(n));
    this.f = f;
    this.key = [key0, key1];
    this.c = [f.local(Ints), f.local(Ints), f.local(Ints), f.local(Ints)];
    this.k = [f.local(Ints), f.local(Ints)];
    this.multipliers = [held(multipliers[0]), held(multipliers[1])];
    this.weyl = [held(weyl[0]), held(weyl[1])];
    this.round = f.local(Int);
  }

  /** Draws the blocks of these counters, word by word. */
  draw(counter: readonly [Ints, Ints, Ints, Ints]): void {
    const [c0, c1, c2, c3] = this.c;
    const [k0, k1] = this.k;
    for (const [i, word] of this.c.entries()) word.set(counter[i]!);
    k0.set(Ints.splat(this.key[0]));
    k1.set(Ints.splat(this.key[1]));
    this.f.count(this.round, 0, philoxConstants.rounds, 1, () => {
      const first = this.product(c0, this.multipliers[0]);
      const second = this.product(c2, this.multipliers[1]);
      c0.set(second.high.xor(c1).xor(k0));
      c1.set(second.low);
      c2.set(first.high.xor(c3).xor(k1));
      c3.set(first.low);
      k0.set(k0.plus(this.weyl[0]));
      k1.set(k1.plus(this.weyl[1]));
    });
  }

  /** Upper and lower halves of the products. */
  private product(a: Ints, b: Ints): { high: Ints; low: Ints } {
    const front = this.f.local(Ints, a.timesWideLow(b));
    const back = this.f.local(Ints, a.timesWideHigh(b));
    return { low: front.shuffle(back, [0, 2, 4, 6]), high: front.shuffle(back, [1, 3, 5, 7]) };
  }

  /** Each block's four words. */
  turned(): Ints[] {
    const [c0, c1, c2, c3] = this.c;
    const pairs = (a: Ints, b: Ints, from: readonly [number, number, number, number]): Ints =>
      this.f.local(Ints, a.shuffle(b, from));
    const front01 = pairs(c0, c1, [0, 4, 1, 5]);
    const front23 = pairs(c2, c3, [0, 4, 1, 5]);
    const back01 = pairs(c0, c1, [2, 6, 3, 7]);
    const back23 = pairs(c2, c3, [2, 6, 3, 7]);
    return [
      front01.shuffle(front23, [0, 1, 4, 5]),
      front01.shuffle(front23, [2, 3, 6, 7]),
      back01.shuffle(back23, [0, 1, 4, 5]),
      back01.shuffle(back23, [2, 3, 6, 7]),
    ];
  }
}
