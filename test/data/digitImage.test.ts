/** A picture of a digit becomes what a network trained on MNIST expects. */
import fc from "fast-check";
import { DataError, digitImage, type GrayImage, OptionError, ShapeError } from "talweg";
import { expect, test } from "vitest";

/** A bar of ink at a place of the field, light on dark. */
function bar(
  width: number,
  height: number,
  box: readonly [number, number, number, number],
): GrayImage & { pixels: Uint8Array } {
  const [left, top, wide, high] = box;
  const pixels = new Uint8Array(width * height);
  for (let y = top; y < top + high; y++) pixels.fill(255, y * width + left, y * width + left + wide);
  return { width, height, pixels };
}

function centerOf(input: Float32Array): [number, number, number] {
  let [mass, x, y] = [0, 0, 0];
  for (const [i, value] of input.entries()) {
    mass += value;
    x += value * ((i % 28) + 0.5);
    y += value * (Math.floor(i / 28) + 0.5);
  }
  return [x / mass, y / mass, mass];
}

test("wherever and however large a bar is drawn, it comes out 20 pixels high and centered", () => {
  const place = fc.record({
    side: fc.integer({ min: 60, max: 200 }),
    left: fc.double({ min: 0, max: 0.5, noNaN: true }),
    top: fc.double({ min: 0, max: 0.4, noNaN: true }),
    size: fc.double({ min: 0.35, max: 0.6, noNaN: true }),
  });
  fc.assert(
    fc.property(place, ({ side, left, top, size }) => {
      const high = Math.round(size * side);
      const wide = Math.max(2, Math.round(high / 4));
      const image = bar(side, side, [Math.round(left * side), Math.round(top * side), wide, high]);
      const { input } = digitImage(image, { ground: "dark" });
      const [x, y] = centerOf(input);
      expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.51);
      expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.51);
      const rows = Array.from({ length: 28 }, (_, row) => input.subarray(28 * row, 28 * row + 28));
      expect(rows.filter((row) => row.some((value) => value > 0.5))).toHaveLength(20);
    }),
    { numRuns: 50 },
  );
});

test("dark on light is the same digit as light on dark, and what the ground is can be told", () => {
  const image = bar(100, 120, [30, 20, 20, 70]);
  const negative = { ...image, pixels: Uint8Array.from(image.pixels, (value) => 255 - value) };
  const { input, steps } = digitImage(image);
  expect(digitImage(negative).input).toEqual(input);
  expect(digitImage(negative, { ground: "light" }).input).toEqual(input);
  expect(steps[0]).toBe("light digit on dark ground (by its border): taken as it is");
  // Ink along the whole border turns the picture over unless its ground is known.
  const framed = bar(100, 100, [0, 0, 100, 30]);
  framed.pixels.fill(255, 70 * 100);
  for (let y = 0; y < 100; y++) for (const x of [0, 99]) framed.pixels[y * 100 + x] = 255;
  const told = digitImage(framed, { ground: "dark" }).input;
  expect(digitImage(framed).input).not.toEqual(told);
});

test("a picture of 28 by 28 is taken as it is", () => {
  const image = bar(28, 28, [2, 3, 4, 5]);
  expect(digitImage(image).input).toEqual(Float32Array.from(image.pixels, (value) => value / 255));
});

test("refuses what is no picture of a digit, saying where and why", () => {
  const refusal = (image: GrayImage, options = {}): unknown => {
    try {
      return digitImage(image, options);
    } catch (error) {
      return error;
    }
  };
  const short = refusal({ width: 4, height: 4, pixels: [0, 1] });
  expect(short).toBeInstanceOf(ShapeError);
  expect((short as Error).message).toContain("2 pixels for 4 by 4");
  const hole = refusal({ width: 2, height: 2, pixels: [0, 1, Number.NaN, 3] });
  expect(hole).toBeInstanceOf(DataError);
  expect((hole as Error).message).toContain("row 1, column 0 (from 0) is NaN");
  const plain = refusal({ width: 40, height: 40, pixels: new Uint8Array(1600) });
  expect(plain).toBeInstanceOf(DataError);
  expect((plain as Error).message).toContain("one brightness all over");
  const ground = refusal(bar(40, 40, [5, 5, 10, 20]), { ground: "blue" });
  expect(ground).toBeInstanceOf(OptionError);
  expect((ground as Error).message).toContain('ground is "blue"');
});
