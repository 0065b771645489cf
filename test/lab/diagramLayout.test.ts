/** Where the network's picture puts things, and what a pointer finds there: numbers alone, without a browser. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { shortNumber, steadyNumber } from "../../lab/parts/chartScale.ts";
import { contourPath, type Field } from "../../lab/parts/decisionMapField.ts";
import { csvText } from "../../lab/parts/exportFigure.ts";
import { edgeHeight, endsOf, hitAt, layoutOf } from "../../lab/parts/networkDiagramLayout.ts";

const sizes = fc.array(fc.integer({ min: 1, max: 32 }), { minLength: 2, maxLength: 8 });

test("keeps every neuron within the picture and apart from its neighbors, from 300 to 1600 pixels", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 300, max: 1600 }), (columns, room) => {
      const layout = layoutOf(columns, room);
      for (const { x, y, half } of layout.neurons) {
        expect(x - half).toBeGreaterThanOrEqual(0);
        expect(x + half).toBeLessThanOrEqual(layout.width);
        expect(y - half).toBeGreaterThanOrEqual(-1);
        expect(y + half).toBeLessThanOrEqual(layout.height + 1);
      }
      for (const [layer, rows] of layout.rows.entries()) {
        for (let unit = 1; unit < rows.length; unit += 1) {
          expect(rows[unit]! - rows[unit - 1]!).toBeGreaterThanOrEqual(2 * layout.half[layer]!);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("finds each neuron at its middle, and an edge at every third of its way", () => {
  const layout = layoutOf([2, 4, 3, 1], 800);
  for (const { layer, unit, x, y } of layout.neurons) {
    expect(hitAt(layout, x, y, 7)).toEqual({ kind: "neuron", layer, unit });
  }
  for (const [layer, input, unit] of [
    [1, 0, 3],
    [2, 3, 0],
    [3, 1, 0],
  ] as const) {
    const ends = endsOf(layout, layer, input, unit);
    for (const share of [0.37, 0.63]) {
      const x = ends.x0 + share * (ends.x1 - ends.x0);
      const hit = hitAt(layout, x, edgeHeight(ends, x), 7);
      expect(hit?.kind).toBe("weight");
      // Where edges cross another may be as near.
      const found = hit?.kind === "weight" ? endsOf(layout, hit.layer, hit.input, hit.unit) : ends;
      expect(Math.abs(edgeHeight(found, x) - edgeHeight(ends, x))).toBeLessThan(1);
    }
  }
  expect(hitAt(layout, 5, 5, 7)).toBeUndefined();
});

test("finds a bias at the lower left corner of its neuron", () => {
  const layout = layoutOf([1, 4, 1], 700);
  const { x, y, half } = layout.neurons.find(({ layer, unit }) => layer === 1 && unit === 2)!;
  expect(hitAt(layout, x - half, y + half, 7)).toEqual({ kind: "bias", layer: 1, unit: 2 });
});

test("draws the line between classes where the field passes its level", () => {
  const side = 48;
  const field: Field = { side, outputs: 1, values: new Float32Array(side * side + 1) };
  const middle = (side - 1) / 2;
  for (let i = 0; i < side * side; i += 1) {
    const distance = Math.hypot(Math.floor(i / side) - middle, (i % side) - middle);
    field.values[i] = 1 - distance / side;
  }
  // Level 0.7: a circle of radius 0.3 sides around the center.
  const path = contourPath(field, 0.7, 100, 100);
  const points = [...path.matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
  expect(points.length).toBeGreaterThan(100);
  for (const [x, y] of points) expect(Math.abs(Math.hypot(x - 50, y - 50) - 30)).toBeLessThan(0.4);
  expect(contourPath({ ...field, values: field.values.fill(Number.NaN) }, 0.7, 100, 100)).toBe("");
});

test("writes numbers briefly, with a real minus, and never as e-notation or NaN", () => {
  expect(
    [0, -0.42, 1.5, 12.345, 1234.5, 2.1e-6, -1e9, Number.NaN, Number.NEGATIVE_INFINITY].map(shortNumber),
  ).toEqual([...["0", "−0.42", "1.5", "12.3", "1235", "2.1·10⁻⁶", "−10⁹", "not a number", "−∞"]]);
  expect([0.5, -0.0001, -2, 250.04].map((value) => steadyNumber(value))).toEqual([
    "0.500",
    "0.000",
    "−2.000",
    "250.0",
  ]);
});

test("writes rows as CSV with quotes where they are needed and nothing where there is no number", () => {
  expect(
    csvText([
      { a: 1, b: 'x,"y"' },
      { a: null, c: 2 },
    ]),
  ).toBe('a,b,c\r\n1,"x,""y""",\r\n,,2\r\n');
});
