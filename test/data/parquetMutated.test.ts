import fc from "fast-check";
import { TalwegError } from "talweg/core";
import { readParquet } from "talweg/data";
import { expect, test } from "vitest";
import { type Field, handMade, little, parquetFile, struct, utf8, withFooter } from "./parquetMaterial.ts";

async function refusal(reading: Promise<unknown>): Promise<Error> {
  return reading.then(
    () => new Error("nothing was refused"),
    (error: unknown) => error as Error,
  );
}

test("mutated files give a table or an error of the library, soon", async () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.constantFrom<Uint8Array[]>(
      Uint8Array.of(255, 255, 255, 255, 7),
      Uint8Array.of(0),
      Uint8Array.of(0xf9, 0xff, 0xff, 0x7f),
    ),
  );
  const edit = fc.record({ at: fc.nat(), fromEnd: fc.boolean(), remove: fc.nat({ max: 4 }), part });
  const names = ["types", "types-second", "deltas", "dictionaries", "zstd", "gzip", "nested"];
  const files = names.map(parquetFile);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: names.length - 1 }),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      async (which, edits) => {
        let bytes: Uint8Array = files[which] as Uint8Array;
        for (const { at, fromEnd, remove, part: inserted } of edits) {
          // Half of the faults are in the footer, which is the smaller part of most files.
          const from = fromEnd ? Math.max(0, bytes.length - 12 - (at % 800)) : at % bytes.length;
          bytes = Uint8Array.of(...bytes.subarray(0, from), ...inserted, ...bytes.subarray(from + remove));
        }
        let begun = performance.now();
        try {
          const { names: columnNames, rows, columns } = await readParquet(bytes);
          expect(columns).toHaveLength(columnNames.length);
          for (const cells of columns) {
            expect(cells).toHaveLength(rows);
            expect(
              cells.every((cell) => cell === null || ["string", "number", "boolean"].includes(typeof cell)),
            ).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TalwegError);
          expect((error as Error).message).toMatch(/^Parquet: .+\.$/s);
          expect((error as Error).message).not.toMatch(/undefined|NaN|\[object/);
        }
        if (performance.now() - begun > 500) {
          // Another process may have had the processor.
          begun = performance.now();
          await refusal(readParquet(bytes));
        }
        expect(performance.now() - begun).toBeLessThan(1000);
      },
    ),
    { numRuns: 500 },
  );
});

test("a header of a page that is longer than what is read at first is read whole", async () => {
  const plain = handMade({ type: 1, values: 1, page: little(4, 42) });
  expect((await readParquet(plain)).columns).toEqual([[42]]);
  // Statistics that nobody asks for lie in the header: 100,000 bytes of them.
  const header = struct([
    [1, 5, 0],
    [2, 5, 4],
    [3, 5, 4],
    [
      5,
      12,
      [
        [1, 5, 1],
        [2, 5, 0],
        [3, 5, 3],
        [4, 5, 3],
        [5, 12, [[1, 8, new Uint8Array(100_000)]]],
      ],
    ],
  ]);
  const body = [...header, ...little(4, 42)];
  const meta: Field[] = [
    [1, 5, 1],
    [4, 5, 0],
    [5, 6, 1],
    [7, 6, body.length],
    [9, 6, 4],
  ];
  const bytes = withFooter(body, [
    [
      2,
      9,
      [
        12,
        [
          [
            [4, 8, utf8("r")],
            [5, 5, 1],
          ],
          [
            [1, 5, 1],
            [3, 5, 0],
            [4, 8, utf8("x")],
          ],
        ],
      ],
    ],
    [3, 6, 1],
    [
      4,
      9,
      [
        12,
        [
          [
            [1, 9, [12, [[[3, 12, meta]]]]],
            [3, 6, 1],
          ],
        ],
      ],
    ],
  ]);
  expect((await readParquet(bytes)).columns).toEqual([[42]]);
});
