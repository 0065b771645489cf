/**
 * Random numbers by address: seed, stream, sub-stream and index name each number once and for all.
 *
 * Key = the 64-bit seed. Counter = (block low, block high, sub-stream, stream); element i of a sub-stream is word i mod 4
 * of block floor(i / 4), where `high` gives a second axis (the step, for dropout masks).
 */
import { OptionError } from "./errors.ts";
import { inverseNormal } from "./inverseNormal.ts";
import { multiplyHigh, philox4x32 } from "./philox.ts";

/** Which stream serves what; two uses never share one. */
export const streams = { weights: 0, shuffle: 1, data: 2, noise: 3, dropout: 4, guess: 5 } as const;

export type StreamName = keyof typeof streams;

/** A seed: a whole number from 0 to 2^53 - 1, or a bigint below 2^64. */
export type Seed = number | bigint;

/** The numbers of one sub-stream, each by its index from 0. */
export interface RandomStream {
  /** A word of 32 random bits. */
  word(index: number): number;
  /** Uniform in [0, 1), a multiple of 2^-24, exact in float32. */
  uniform(index: number): number;
  /** Standard normal, by the inverse distribution function of (word >>> 8) + 1/2 over 2^24: one draw, no rejection. */
  normal(index: number): number;
}

/** @throws {OptionError} When the seed is negative, fractional or too large. */
export function seedKey(seed: Seed): Uint32Array {
  const whole = typeof seed === "bigint" || Number.isSafeInteger(seed);
  if (!whole || seed < 0 || BigInt(seed) >= 1n << 64n) {
    throw new OptionError(
      "seed",
      `seed is ${String(seed)}, expected a whole number from 0 to 2^53 - 1 (or a bigint below 2^64); pass for example 1.`,
    );
  }
  const big = BigInt(seed);
  return Uint32Array.of(Number(big & 0xffffffffn), Number(big >> 32n));
}

/**
 * The random numbers of (seed, stream, sub-stream).
 *
 * @param subStream Layer, epoch or episode, as the stream has it; below 2^32.
 * @param high      Second axis of the address, below 2^32; 0 where there is none.
 */
export function randomStream(seed: Seed, stream: StreamName, subStream = 0, high = 0): RandomStream {
  const key = seedKey(seed);
  const counter = Uint32Array.of(0, high, subStream, streams[stream]);
  const block = new Uint32Array(4);
  let held = -1;
  const word = (index: number): number => {
    const wanted = Math.floor(index / 4);
    if (wanted !== held) {
      counter[0] = wanted;
      philox4x32(counter, key, block);
      held = wanted;
    }
    return block[index % 4] as number;
  };
  return {
    word,
    uniform: (index) => (word(index) >>> 8) / 0x1000000,
    normal: (index) => inverseNormal(((word(index) >>> 8) + 0.5) / 0x1000000),
  };
}

/**
 * The numbers 0 to count - 1 in an order drawn by seed and epoch.
 *
 * @param epoch The sub-stream; training counts epochs from 1, and 0 belongs to the split into training and validation rows.
 * @param part  Of what is shuffled in several parts, the second axis; 0.
 */
export function shuffledOrder(count: number, seed: Seed, epoch: number, part = 0): Uint32Array {
  return randomOrder(count, randomStream(seed, "shuffle", epoch, part));
}

/** The numbers 0 to count - 1 in the order that a stream draws: Fisher-Yates downwards, j = floor(word * (i + 1) / 2^32). */
export function randomOrder(count: number, { word }: RandomStream): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  for (let i = count - 1, draw = 0; i > 0; i--, draw++) {
    const j = multiplyHigh(word(draw), i + 1);
    const held = order[i] as number;
    order[i] = order[j] as number;
    order[j] = held;
  }
  return order;
}
