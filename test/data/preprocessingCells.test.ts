/** What single cells say. */
import fc from "fast-check";
import { type ColumnSummary, summarizeColumns, type Value } from "talweg";
import { describe, expect, test } from "vitest";
import { tableOf } from "./preprocessingMaterial.ts";

/** What is told of a column with this one cell. */
function factsOf(cell: Value): ColumnSummary {
  return summarizeColumns({ names: ["c"], rows: 1, columns: [[cell]] }).columns[0]!;
}

const numberIn = (cell: Value): number => factsOf(cell).number?.mean ?? Number.NaN;
const daysIn = (cell: Value): number => factsOf(cell).date?.mean ?? Number.NaN;

describe("cells", () => {
  test.each([
    ["1", 1],
    [" -2.50 ", -2.5],
    ["+3", 3],
    [".5", 0.5],
    ["5.", 5],
    ["1e3", 1000],
    ["-1E-3", -0.001],
    ["-0", 0],
    ["1e300", 1e300],
    [7, 7],
  ] as const)("the number in %j is %d", (cell, number) => {
    expect(numberIn(cell)).toBe(number);
  });

  test("a number of any digits, with and without a point, is the float64 that is nearest to it", () => {
    const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 18 });
    const sign = fc.constantFrom("", "-");
    fc.assert(
      fc.property(sign, digits, fc.nat({ max: 18 }), (minus, text, at) => {
        for (const cell of [minus + text, `${minus}${text.slice(0, at)}.${text.slice(at)}`]) {
          expect(numberIn(cell)).toBe(Number(cell) + 0);
        }
      }),
      { numRuns: 500 },
    );
    for (const cell of [".", "-", "-.", "1.2.3", "1-", "--1", "١"]) expect(factsOf(cell).numbers).toBe(0);
  });

  test.each(["1,5", "1 000", "0x10", "Infinity", "NaN", "1e999", "1e", ".", "-", "", "12 kg", "1_0", true])(
    "%j is no number",
    (cell) => {
      expect(numberIn(cell)).toBeNaN();
    },
  );

  test("a text of more than 400 letters is no number, so that no cell takes long", () => {
    expect(numberIn("1".repeat(300))).toBeGreaterThan(1e299);
    expect(numberIn("0".repeat(401))).toBeNaN();
  });

  test("true, yes and 1 are true, false, no and 0 false, in any case, and nothing else is either", () => {
    const truth = (cell: Value): string => {
      const { booleans, bits, trues } = factsOf(cell);
      return booleans + bits === 0 ? "neither" : trues === 1 ? "true" : "false";
    };
    for (const cell of ["true", "YES", "1", " True ", true]) expect(truth(cell), String(cell)).toBe("true");
    for (const cell of ["false", "No", "0", false]) expect(truth(cell), String(cell)).toBe("false");
    for (const cell of ["t", "on", "2", "", 2, 1, null]) expect(truth(cell), String(cell)).toBe("neither");
  });

  test.each([
    ["1970-01-01", 0],
    ["1970-01-02", 1],
    ["1969-12-31", -1],
    ["2000-02-29", 11016],
    ["2024-12-31T12:00", 20088.5],
    ["2024-12-31 06:00:00Z", 20088.25],
    ["1970-01-01T02:00:00+02:00", 0],
    ["1970-01-01T00:00:00-0600", 0.25],
    ["0000-03-01", -719468],
  ])("%s is day %d", (cell, days) => {
    expect(daysIn(cell)).toBe(days);
  });

  test.each([
    "2023-02-29",
    "1900-02-29",
    "2024-13-01",
    "2024-00-10",
    "2024-01-32",
    "2024-1-1",
    "31.12.2024",
    "2024-01-01T24:00",
    "2024-01-01T12:00:60",
    "2024-01-01T12:00+25:00",
    "Jan 1 2000",
    "20240101",
  ])("%s is no date", (cell) => {
    expect(daysIn(cell)).toBeNaN();
  });

  test("days agree with the calendar of the engine over 9000 years", () => {
    const day = fc.integer({ min: -719_162, max: 2_932_896 });
    fc.assert(
      fc.property(day, (days) => {
        expect(daysIn(new Date(days * 86_400_000).toISOString().slice(0, 10))).toBe(days);
      }),
    );
  });

  test("null, NaN and text of spaces are missing; 0, false and words are not", () => {
    for (const cell of [null, Number.NaN, "", "  \t"]) expect(factsOf(cell).missing).toBe(1);
    for (const cell of [0, false, "0", "NA"]) expect(factsOf(cell).missing).toBe(0);
  });

  test("a cell's text has no spaces around it, and -0 is 0", () => {
    const textIn = (cell: Value): string => factsOf(cell).values[0]!.value;
    expect([" a b ", -0, 1.5, true].map(textIn)).toEqual(["a b", "0", "1.5", "true"]);
  });

  test("decimal commas and local dates are not guessed at but hinted at", () => {
    const hintTo = (text: string): string | null => {
      const rows = [text, "b", text];
      return summarizeColumns({ names: ["c"], rows: 3, columns: [rows] }).columns[0]!.hint;
    };
    expect(hintTo("1,5")).toMatch(/: numbers have a point: write 1\.5, not 1,5$/);
    for (const text of ["31.12.2024", "12/31/24", "2015/01/01 01:00:00", "Jan 1 2000", "1 January 2000"]) {
      expect(hintTo(text), text).toMatch(/: dates are read as in ISO 8601: write 2024-12-31$/);
    }
    expect(hintTo("red")).toBeNull();
  });
});

test("a summary holds numbers that survive JSON", () => {
  const summary = summarizeColumns(
    tableOf(
      ["a", "b"],
      [
        ["-0", true],
        ["1e300", null],
        [-0, "x"],
      ],
    ),
  );
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
});
