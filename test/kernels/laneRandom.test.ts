/** The generated dropout masks against the scalar ones, bit for bit. */
import fc from "fast-check";
import { seedKey } from "talweg/core";
import { expect, test } from "vitest";
import { dropoutMask } from "../../src/kernels/dropout.ts";
import { dropThreshold, maskFunction } from "../../src/kernels/laneRandom.ts";
import { WasmModule } from "../../src/kernels/wasmModule.ts";
import { Int, Single } from "../../src/kernels/wasmValues.ts";

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const floats = new Float32Array(memory.buffer);
const drawMask = compile();

function compile(): (...numbers: number[]) => void {
  const module = new WasmModule();
  const inner = maskFunction(module);
  const parameters = [Int, Int, Int, Int, Int, Int, Int, Single, Int] as const;
  module.export("mask", parameters, undefined, (f, ...p): undefined => f.run(inner.call(...p)) as undefined);
  const bytes = module.finish({ pages: 1, maximum: 1, shared: false });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return exports.mask as (...numbers: number[]) => void;
}

/** Where the first wanted element is put. */
const PLACE = 100;
const GUARD = 7.5;

const word = fc.integer({ min: 0, max: 0xffffffff });
const from = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 2 ** 31 }));
const rate = fc.oneof(
  fc.constantFrom(0, 0.1, 0.3, 0.5, 0.8, 1 - 2 ** -24, 2 ** -24, 2 ** -30),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
);
const seed = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));

test("a mask has the scalar bits, and nothing beside it is written", () => {
  fc.assert(
    fc.property(
      seed,
      word,
      word,
      from,
      fc.integer({ min: 0, max: 70 }),
      rate,
      (anySeed, step, layer, first, count, share) => {
        const kept = Math.fround(1 / (1 - share));
        const [key0, key1] = seedKey(anySeed) as unknown as [number, number];
        floats.fill(GUARD);
        // Element `first` belongs to PLACE, so element 0 would lie this far before it, modulo 2^32.
        const out = 4 * PLACE - 4 * first;
        drawMask(key0, key1, step, layer, first, count, dropThreshold(share), kept, out);
        const expected = new Float32Array(count);
        dropoutMask(expected, kept, share, { seed: anySeed, step }, layer, first, count);
        const around = floats.slice(PLACE - 20, PLACE + count + 20);
        const guards = Array.from({ length: 20 }, () => GUARD);
        // In words of 32 bits, so that a -0 would show.
        expect(new Uint32Array(around.buffer)).toEqual(
          new Uint32Array(Float32Array.from([...guards, ...expected, ...guards]).buffer),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test("below the threshold is below the rate, for the whole numbers beside it", () => {
  fc.assert(
    fc.property(rate, (share) => {
      const threshold = dropThreshold(share);
      for (const n of [threshold - 2, threshold - 1, threshold, threshold + 1]) {
        expect(n < threshold, `${n}`).toBe(n / 2 ** 24 < share);
      }
    }),
  );
});

test("the threshold of rate 1 drops every element", () => {
  expect(dropThreshold(1)).toBe(2 ** 24);
});
