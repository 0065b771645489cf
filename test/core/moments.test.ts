/** Mean and standard deviation of numbers as they come. */
import fc from "fast-check";
import { Moments } from "talweg/core";
import { describe, expect, test } from "vitest";

describe("mean and deviation", () => {
  const moments = (numbers: readonly number[]): Moments => {
    const all = new Moments();
    for (const number of numbers) all.push(number);
    return all;
  };

  test("are those of two passes", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 }), (numbers) => {
        const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
        const square = numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numbers.length;
        const told = moments(numbers);
        expect(told.mean).toBeCloseTo(mean, 9);
        expect(told.deviation).toBeCloseTo(Math.sqrt(square), 6);
        expect([told.least, told.most]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
      }),
    );
  });

  test("scale with powers of two to the bit, where squares overflow or vanish too", () => {
    const numbers = [1.1, -0.3, 0.7, 5.9, 2.2];
    const { mean, deviation } = moments(numbers);
    for (const factor of [2 ** 1000, 2 ** -1000, 2 ** 300]) {
      const told = moments(numbers.map((v) => v * factor));
      expect(told.mean).toBe(mean * factor);
      expect(told.deviation).toBe(deviation * factor);
    }
  });

  test("are finite for any finite numbers, and the mean lies between them", () => {
    const any = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(any, (numbers) => {
        const { mean, deviation, least, most } = moments(numbers);
        expect(Number.isFinite(mean) && Number.isFinite(deviation) && deviation >= 0).toBe(true);
        expect(mean >= least && mean <= most).toBe(true);
      }),
    );
    const { mean, deviation } = moments([Number.MAX_VALUE, -Number.MAX_VALUE]);
    expect([mean, deviation]).toEqual([0, Number.MAX_VALUE]);
  });

  test("of equal numbers have no deviation, and nothing has mean 0", () => {
    expect(moments([0.1, 0.1, 0.1]).deviation).toBe(0);
    expect([new Moments().mean, new Moments().deviation]).toEqual([0, 0]);
  });
});
