/** The generated vector operations and sums against the scalar ones, bit for bit. */
import fc from "fast-check";
import { absoluteSum, dot, type Vector } from "talweg/core";
import type { Elementwise } from "talweg/kernels";
import { expect, test } from "vitest";
import { type VectorExports, vectorModule } from "../../src/kernels/laneVectors.ts";
import { elementwise32 } from "../../src/kernels/updates32.ts";
import { elementwise64 } from "../../src/kernels/updates64.ts";

const PAGES = 8;
const f = Math.fround;
const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
const floats = new Float32Array(memory.buffer);
const compiled = new WebAssembly.Module(vectorModule({ pages: PAGES, maximum: PAGES, shared: true }));
const run = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as VectorExports &
  Record<string, (...numbers: number[]) => number>;

/** Vectors lie one behind the other with a few numbers between them, which nothing may write to. */
const LEAVES = 64;
const GUARD = 123.25;
const placeOf = (vector: number, n: number): number => 1024 + vector * (n + 5);

const lengths = fc.oneof(
  fc.constantFrom(0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 1023, 1024, 1025, 2048, 3 * 1024 + 7, 5000),
  fc.integer({ min: 0, max: 60 }),
);
const threadCounts = fc.constantFrom(1, 2, 3, 8);
/** A factor such as an optimizer has, or any. */
const factor = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.float() },
);
const special = [0, -0, 1, -1, 2 ** -149, -(2 ** -140), 2 ** -126, 3.4e38, -3.4e38, Infinity, -Infinity, NaN];

/** A vector of n numbers by a seed; the second kind has special values among them, so that NaN does not hide all else. */
function material(n: number, seed: number, mixed: boolean): Float32Array {
  let state = seed | 0;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const x = (state / 2 ** 31) * 2 ** (((state >>> 3) % 24) - 12);
    const pick = (state >>> 9) % 40;
    return mixed && pick < special.length ? special[pick]! : x;
  });
}

const cases = fc.record({
  n: lengths,
  threads: threadCounts,
  seed: fc.integer(),
  mixed: fc.boolean(),
  constants: fc.tuple(factor, factor, factor, factor, factor),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/** Equal bits, where one NaN is as good as another. */
function expectSameBits(a: ArrayLike<number>, b: ArrayLike<number>, what: string): void {
  expect(a.length, what).toBe(b.length);
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) expect.fail(`${what}: element ${i} is ${a[i]}, expected ${b[i]}`);
  }
}

/** Puts vectors into the memory, with guards around them, and gives their addresses. */
function put(vectors: readonly Float32Array[], n: number): number[] {
  floats.fill(GUARD);
  return vectors.map((v, k) => {
    floats.set(v, placeOf(k, n));
    return 4 * placeOf(k, n);
  });
}

/** What lies in memory now: the vectors, each with the guard behind it. */
function taken(count: number, n: number): Float32Array[] {
  return Array.from({ length: count }, (_, k) => floats.slice(placeOf(k, n), placeOf(k, n) + n));
}

function expectGuards(count: number, n: number, what: string): void {
  const before = floats.slice(LEAVES / 4 + 2 * (Math.ceil(n / 1024) + 1), placeOf(0, n));
  expect(
    before.every((x) => x === GUARD),
    `${what}: before the vectors`,
  ).toBe(true);
  for (let k = 0; k < count; k++) {
    const behind = floats.slice(placeOf(k, n) + n, placeOf(k + 1, n));
    expect(Array.from(behind), `${what}: behind vector ${k}`).toEqual([GUARD, GUARD, GUARD, GUARD, GUARD]);
  }
}

type Vectors = readonly Float32Array[];
type Constants = readonly number[];

interface Operation {
  vectors: number;
  /** Numbers behind the addresses. */
  constants(c: Constants): Constants;
  /** The same in JavaScript; its result, if any, is a sum. */
  scalar(v: Vectors, c: Constants): unknown;
}

const two = (c: Constants): Constants => [f(c[0]!), f(c[1]!)];
const one = (c: Constants): Constants => [f(c[0]!)];
const none = (): Constants => [];
const e = elementwise32;

const operations: Record<string, Operation> = {
  descend: { vectors: 3, constants: one, scalar: ([out, x, d], [t]) => e.descend(out!, x!, t!, d!) },
  descendBySign: {
    vectors: 3,
    constants: one,
    scalar: ([out, x, d], [t]) => e.descendBySign(out!, x!, t!, d!),
  },
  subtract: { vectors: 3, constants: none, scalar: ([out, a, b]) => e.subtract(out!, a!, b!) },
  mix: { vectors: 3, constants: two, scalar: ([out, x, z], [a, b]) => e.mix(out!, a!, x!, b!, z!) },
  approach: { vectors: 2, constants: one, scalar: ([x, z], [a]) => e.approach(x!, a!, z!) },
  accumulate: {
    vectors: 2,
    constants: two,
    scalar: ([s, g], [decay, c]) => e.accumulate(s!, decay!, c!, g!),
  },
  accumulateSquares: {
    vectors: 2,
    constants: two,
    scalar: ([v, g], [decay, c]) => e.accumulateSquares(v!, decay!, c!, g!),
  },
  divideByRoot: {
    vectors: 3,
    constants: two,
    scalar: ([out, m, v], [inverse, epsilon]) => e.divideByRoot(out!, m!, v!, inverse!, epsilon!),
  },
  momentum: {
    vectors: 3,
    constants: two,
    scalar: ([w, g, velocity], [rate, decay]) => e.momentum(w!, g!, velocity!, rate!, decay!),
  },
  nesterov: {
    vectors: 3,
    constants: two,
    scalar: ([w, g, velocity], [rate, decay]) => e.nesterov(w!, g!, velocity!, rate!, decay!),
  },
  rmsProp: {
    vectors: 3,
    constants: ([rate, decay, epsilon]) => [rate!, decay!, 1 - decay!, epsilon!].map(f),
    scalar: ([w, g, v], [rate, decay, epsilon]) => e.rmsProp(w!, g!, v!, rate!, decay!, epsilon!),
  },
  adam: {
    vectors: 4,
    constants: ([rate, b1, b2, inverse2, epsilon]) =>
      [rate!, inverse2!, b1!, b2!, 1 - b1!, 1 - b2!, epsilon!].map(f),
    scalar: ([w, g, m, v], [rate, b1, b2, inverse2, epsilon]) =>
      e.adam(w!, g!, m!, v!, rate!, b1!, b2!, inverse2!, epsilon!),
  },
  add: { vectors: 3, constants: none, scalar: ([out, a, b]) => fill(out!, (i) => a![i]! + b![i]!) },
  scale: { vectors: 1, constants: one, scalar: ([a], [x]) => fill(a!, (i) => a![i]! * f(x!)) },
  fillZero: { vectors: 1, constants: none, scalar: ([a]) => fill(a!, () => 0) },
};

const sums: Record<string, Operation> = {
  dot: { vectors: 2, constants: none, scalar: ([a, b]) => dot(a!, b!) },
  absoluteSum: { vectors: 1, constants: none, scalar: ([a]) => absoluteSum(a!) },
  dotDifference: { vectors: 3, constants: none, scalar: ([g, x0, w]) => e.dotDifference(g!, x0!, w!) },
  accumulateAbsolute: {
    vectors: 2,
    constants: two,
    scalar: ([s, g], [decay, c]) => e.accumulateAbsolute(s!, decay!, c!, g!),
  },
};

function fill(out: Float32Array, of: (i: number) => number): void {
  for (let i = 0; i < out.length; i++) out[i] = of(i);
}

/** Each thread's call, the last thread first, as threads come in any order. */
function onThreads(name: string, threads: number, n: number, numbers: Constants): void {
  for (let thread = threads - 1; thread >= 0; thread--) run[name]!(thread, threads, n, ...numbers);
}

function materials({ n, seed, mixed }: Case, count: number): Float32Array[] {
  return Array.from({ length: count }, (_, k) => material(n, seed + 977 * k, mixed));
}

test.each(Object.entries(operations))(
  "%s gives the scalar bits on any number of threads",
  (name, operation) => {
    fc.assert(
      fc.property(cases, (given) => {
        const vectors = materials(given, operation.vectors);
        const addresses = put(vectors, given.n);
        onThreads(name, given.threads, given.n, [...addresses, ...operation.constants(given.constants)]);
        operation.scalar(vectors, given.constants);
        for (const [k, now] of taken(vectors.length, given.n).entries()) {
          expectSameBits(now, vectors[k]!, `${name}, vector ${k}`);
        }
        expectGuards(vectors.length, given.n, name);
      }),
      { numRuns: 150 },
    );
  },
);

test.each(Object.entries(sums))("%s gives the scalar bits on any number of threads", (name, operation) => {
  fc.assert(
    fc.property(cases, (given) => {
      const vectors = materials(given, operation.vectors);
      const addresses = put(vectors, given.n);
      const numbers = [...addresses, ...operation.constants(given.constants), LEAVES];
      onThreads(name, given.threads, given.n, numbers);
      const sum = run.join(LEAVES, Math.ceil(given.n / 1024));
      expectSameBits([sum], [operation.scalar(vectors, given.constants) as number], name);
      for (const [k, now] of taken(vectors.length, given.n).entries()) {
        expectSameBits(now, vectors[k]!, `${name}, vector ${k}`);
      }
      expectGuards(vectors.length, given.n, name);
    }),
    { numRuns: 150 },
  );
});

const withOut = ["descend", "descendBySign", "subtract", "mix", "divideByRoot", "add"];

test.each(withOut)("%s may write over either of its inputs", (name) => {
  const operation = operations[name]!;
  fc.assert(
    fc.property(cases, fc.constantFrom(1, 2), (given, input) => {
      const vectors = materials(given, 3);
      const aliased = vectors.with(0, vectors[input]!);
      const addresses = put(vectors, given.n);
      const numbers = [...addresses.with(0, addresses[input]!), ...operation.constants(given.constants)];
      onThreads(name, given.threads, given.n, numbers);
      operation.scalar(aliased, given.constants);
      for (const [k, now] of taken(3, given.n).entries()) expectSameBits(now, vectors[k]!, `vector ${k}`);
    }),
    { numRuns: 60 },
  );
});

test("one leaf's sum lies at 8 times its number, and join joins them as the tree of neighbors", () => {
  const n = 4 * 1024 + 11;
  const a = material(n, 5, false);
  const [address] = put([a], n) as [number];
  onThreads("absoluteSum", 3, n, [address, LEAVES]);
  const leaves = new Float64Array(memory.buffer, LEAVES, 5).slice();
  expectSameBits(
    leaves,
    [0, 1, 2, 3, 4].map((leaf) => absoluteSum(a.subarray(1024 * leaf, 1024 * (leaf + 1)))),
    "leaves",
  );
  const [l0, l1, l2, l3, l4] = leaves as unknown as [number, number, number, number, number];
  expect(run.join(LEAVES, 5)).toBe(l0 + l1 + (l2 + l3) + l4);
});

test.each([
  ["float32", e, Float32Array],
  ["float64", elementwise64, Float64Array],
] as const)("the fused operations are the separate passes in %s", (_, operations, Numbers) => {
  const n = 3 * 1024 + 5;
  const { subtract, accumulate, dotDifference, accumulateAbsolute } = operations as Elementwise;
  // Multiplied by what float32 does not hold, so that float64 has other bits.
  const [g, x0, w, s] = [1, 2, 3, 4].map(
    (seed) => new Numbers(Array.from(material(n, seed, false), (x) => x * 1.1)),
  ) as [Vector, Vector, Vector, Vector];
  const difference = new Numbers(n);
  subtract(difference, x0, w);
  expect(dotDifference(g, x0, w)).toBe(dot(g, difference));
  const separate = s.slice();
  accumulate(separate, 0.9, 0.3, g);
  expect(accumulateAbsolute(s, 0.9, 0.3, g)).toBe(absoluteSum(separate));
  expect(s).toEqual(separate);
});

test("allFinite finds NaN and both infinities wherever they are, and nothing else", () => {
  fc.assert(
    fc.property(lengths, fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity), (n, seed, bad) => {
      const a = material(n, seed, false);
      put([a], n);
      if (n > 0) floats[placeOf(0, n)] = 2 ** -149;
      // What lies beyond the vector does not count.
      floats[placeOf(0, n) + n] = bad;
      floats[placeOf(0, n) - 1] = bad;
      expect(run.allFinite(n, 4 * placeOf(0, n))).toBe(1);
      if (n === 0) return;
      floats[placeOf(0, n) + ((seed >>> 1) % n)] = bad;
      expect(run.allFinite(n, 4 * placeOf(0, n))).toBe(0);
    }),
  );
});
