import fc from "fast-check";
import { FormatError, TalwegError } from "talweg/core";
import { collectTable, csvChunks, readCsv, type Table, toCsv } from "talweg/data";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Texts that try a reader of CSV: its own characters, words for nothing, letters of all lengths, halves of pairs. */
const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."a\",;\t|\r\n '=\uFEFF€😀"), maxLength: 6 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.constantFrom("NA", "", "null", "-5", "=1", "__proto__"),
);
const anyTable: fc.Arbitrary<Table> = fc
  .record({ width: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 0, max: 6 }) })
  .chain(({ width, rows }) =>
    fc.record({
      names: fc.uniqueArray(
        cell.filter((name) => name !== ""),
        { minLength: width, maxLength: width },
      ),
      rows: fc.constant(rows),
      columns: fc.array(fc.array(fc.option(cell), { minLength: rows, maxLength: rows }), {
        minLength: width,
        maxLength: width,
      }),
    }),
  );

/** The bytes in pieces that end at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
}

describe("for any table, text or bytes", () => {
  test("a table of texts and nulls is read back from what was written", () => {
    fc.assert(
      fc.property(anyTable, fc.constantFrom(",", ";", "\t", "|"), fc.boolean(), (table, delimiter, say) => {
        const text = toCsv(table, { delimiter, escapeFormulas: false });
        const options = { quotedMissing: false, ...(say || table.names.length === 1 ? { delimiter } : {}) };
        const { names, columns, rows } = readCsv(text, options);
        expect({ names, columns, rows }).toEqual(table);
      }),
      { numRuns: 1000 },
    );
  });

  test("wherever the bytes are cut, the rows are the same, or the same error with the same place", async () => {
    const source = fc.oneof(
      anyTable.map((table) => utf8(toCsv(table))),
      fc.string({ unit: fc.constantFrom(...'ab",;\r\n€😀'), maxLength: 40 }).map(utf8),
      fc.uint8Array({ maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(source, fc.array(fc.nat(), { maxLength: 60 }), async (bytes, places) => {
        const ended = async (pieces: Uint8Array[]): Promise<unknown> => {
          try {
            return await collectTable(csvChunks(pieces));
          } catch (error) {
            expect(error).toBeInstanceOf(TalwegError);
            const { message, line, column } = error as FormatError;
            // A text that follows a quote is shown as far as it is there.
            return { message: message.replace(/".*" follows/s, "… follows"), line, column };
          }
        };
        expect(await ended(cut(bytes, places))).toEqual(await ended([bytes]));
      }),
      { numRuns: 1500 },
    );
  });

  test("a byte that is not UTF-8 is found exactly where a strict decoder finds it", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(
              0x61,
              0x80,
              0xbf,
              0xc0,
              0xc2,
              0xe0,
              0xa0,
              0xed,
              0x9f,
              0xf0,
              0x90,
              0xf4,
              0x8f,
              0xf5,
              0xff,
            ),
            fc.integer({ min: 0x20, max: 0xff }),
          ),
          { maxLength: 12 },
        ),
        (tail) => {
          const bytes = Uint8Array.of(0x61, 0x61, 0x61, 0x61, ...tail.filter((byte) => byte !== 0x22));
          // A lenient decoder puts a mark in place of the first fault.
          const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
          const mark = text.indexOf("\uFFFD");
          const error = thrownBy(() => readCsv(bytes, { header: false, delimiter: "\t" }));
          if (mark < 0) {
            expect(error).toBeUndefined();
            return;
          }
          const fault = bytes[utf8(text.slice(0, mark)).length];
          expect(error).toBeInstanceOf(FormatError);
          expect((error as Error).message).toContain(`the byte 0x${fault?.toString(16)} is not UTF-8`);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("mutated files give a table or an error of the library, soon", () => {
    const base = utf8('\uFEFFname,x,"y ""z"""\r\nAnna,1.5,"two\nlines"\nÖzil,,😀\n"__proto__",-5,NA\n');
    const part = fc.oneof(
      fc
        .constantFrom('"', '""', ",", "\n", "\r", "\0", ";", "\uFEFF", "€", ",".repeat(50), '"'.repeat(33))
        .map(utf8),
      fc.uint8Array({ maxLength: 4 }),
    );
    const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 8 }), part });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.boolean(), (edits, skip) => {
        let bytes = base;
        for (const { at, remove, part: inserted } of edits) {
          const from = at % (bytes.length + 1);
          bytes = Uint8Array.of(...bytes.subarray(0, from), ...inserted, ...bytes.subarray(from + remove));
        }
        const begun = performance.now();
        try {
          const { names, rows, columns, lines } = readCsv(bytes, { ragged: skip ? "skip" : "error" });
          expect(names.length * rows).toBeLessThanOrEqual(bytes.length);
          expect(new Set(names).size).toBe(names.length);
          expect(columns.every((column) => column.length === rows)).toBe(true);
          expect(lines).toHaveLength(rows);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
          expect((error as Error).message).toMatch(/^CSV(:\d+){0,2}: .+[.?]$/s);
        }
        expect(performance.now() - begun).toBeLessThan(1000);
      }),
      { numRuns: 5000 },
    );
  });
});
