import fc from "fast-check";
import { FormatError, TalwegError } from "talweg/core";
import {
  collectTable,
  jsonLinesChunks,
  readJsonLines,
  type Table,
  type TableChunk,
  type Value,
} from "talweg/data";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const rowsOf = ({ columns, rows }: Table): Value[][] =>
  Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] as Value));

test("each line is a row, its keys are columns in order of first sight, and what a line lacks is null", () => {
  const text =
    '{"b": 1, "2": "x", "a": true}\n\n  \r\n { "a" : false , "c" : null , "d" : -1.5e3 }\r\n{}\n{"d":"","b":-0}';
  for (const source of [text, utf8(text), utf8(`\uFEFF${text}`)]) {
    const table = readJsonLines(source, { name: "a.jsonl" });
    expect(table.names).toEqual(["b", "2", "a", "c", "d"]);
    expect(rowsOf(table)).toEqual([
      [1, "x", true, null, null],
      [null, null, false, null, -1500],
      [null, null, null, null, null],
      [-0, null, null, null, ""],
    ]);
    expect(table.lines).toEqual([1, 4, 5, 6]);
    expect(table.source).toBe("a.jsonl");
  }
});

test("texts keep their escapes' meaning, and words for nothing become null only on request", () => {
  const text = '{"a": "\\u00e9 \\"q\\" \\n \\ud83d\\ude00", "b": "NA", "c": "😀 and a text of some length"}';
  expect(rowsOf(readJsonLines(text))).toEqual([['é "q" \n 😀', "NA", "😀 and a text of some length"]]);
  expect(rowsOf(readJsonLines(text, { missing: ["NA"] }))[0]?.[1]).toBeNull();
});

test("keys such as __proto__ are only names", () => {
  const table = readJsonLines('{"__proto__": 1, "constructor": 2}\n{"toString": 3, "__proto__": 4}\n');
  expect(table.names).toEqual(["__proto__", "constructor", "toString"]);
  expect(rowsOf(table)).toEqual([
    [1, 2, null],
    [4, null, 3],
  ]);
});

describe("what is no flat object is refused with line, character and a remedy", () => {
  const oneALine = "write one object a line";
  test.each<[string, string | Uint8Array, string]>([
    [
      "a list of objects",
      '[{"a": 1}]',
      `a.jsonl:1:1: "[{\\"a\\": 1}]" stands here, expected an object, {"name": value, …}; a list of objects becomes lines with: jq -c '.[]'.`,
    ],
    [
      "a number",
      '{"a": 1}\n5',
      'a.jsonl:2:1: "5" stands here, expected an object, {"name": value, …}; JSON lines have one object a line, without commas between them.',
    ],
    [
      "an object over several lines",
      '{\n"a": 1}',
      `a.jsonl:1:2: the line ends, expected a key in quotes; ${oneALine}, {"name": value, …}.`,
    ],
    [
      "a key without quotes",
      "{a: 1}",
      `a.jsonl:1:2: "a: 1}" stands here, expected a key in quotes; ${oneALine}, {"name": value, …}.`,
    ],
    [
      "a comma at the end",
      '{"a": 1, }',
      `a.jsonl:1:10: "}" stands here, expected a key in quotes; ${oneALine}, {"name": value, …}.`,
    ],
    ["no colon", '{"a" 1}', 'a.jsonl:1:6: "1}" stands here, expected a colon after the key "a"; write one.'],
    [
      "no comma",
      '{"a": 1 "b": 2}',
      `a.jsonl:1:9: "\\"b\\": 2}" stands here, expected a comma or } after the value of "a"; ${oneALine}.`,
    ],
    [
      "two objects",
      '{"a": 1},\n',
      `a.jsonl:1:9: "," stands here after the object, expected the end of the line; ${oneALine}.`,
    ],
    [
      "a list in a cell",
      '{"a": 1}\n{"a": [1]}',
      'a.jsonl:2:7: the value of "a" is a list, expected a number, a text, true, false or null, since a cell holds one value; give each part a key of its own.',
    ],
    [
      "an object in a cell",
      '{"a": {}}',
      'a.jsonl:1:7: the value of "a" is an object, expected a number, a text, true, false or null, since a cell holds one value; give each part a key of its own.',
    ],
    [
      "NaN",
      '{"a": NaN}',
      'a.jsonl:1:7: "NaN}" stands here, expected the value of "a": a number, a text in quotes, true, false or null; write null where there is none.',
    ],
    [
      "a number with a leading zero",
      '{"a": 01}',
      `a.jsonl:1:8: "1}" stands here, expected a comma or } after the value of "a"; ${oneALine}.`,
    ],
    [
      "a number beyond all numbers",
      '{"a": 1e999}',
      'a.jsonl:1:7: "1e999" is beyond what a number can hold (1.8e308), expected a finite one; write null or a smaller one.',
    ],
    [
      "a key twice",
      '{"a": 1, "b": 2, "\\u0061": 3}',
      'a.jsonl:1:18: the key "a" stands twice in the object, expected each key once, since two readers could take two values; keep one.',
    ],
    [
      "a text without end",
      '{"a": "x',
      "a.jsonl:1:7: the quote that opens here is never closed, expected a second one on the line; close it.",
    ],
    [
      "a tab in a text",
      '{"a": "x\ty"}',
      "a.jsonl:1:9: a control character (9) stands in a text, expected an escape such as \\t; write it so.",
    ],
    [
      "an escape that is none",
      '{"a": "\\x"}',
      'a.jsonl:1:7: "\\"\\\\x\\"" has an escape that JSON does not know, expected \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four digits; write a backslash twice.',
    ],
    [
      "a text that is too long",
      `{"a": "${"x".repeat(1_048_577)}"}`,
      "a.jsonl:1:7: the text that begins here has more than 1048576 characters, expected no more; shorten it.",
    ],
    [
      "a line that is too long",
      `{${" ".repeat(16_777_216)}}`,
      `a.jsonl:1: the line has more than 16777216 characters, expected no more; ${oneALine}.`,
    ],
    [
      "a byte that is not UTF-8",
      Uint8Array.of(...utf8('{"a": 1}\n{"a'), 0xc3, 0x28),
      "a.jsonl:2:4: the byte 0xc3 is not UTF-8, expected text in UTF-8; save the file as UTF-8 (from Windows-1252: iconv -f WINDOWS-1252 -t UTF-8).",
    ],
    [
      "nothing",
      " \n\n",
      "a.jsonl: there is no line, expected one object a line; the file is empty, look whether it is the right one.",
    ],
    [
      "too many keys",
      `{${Array.from({ length: 16_385 }, (_, i) => `"${i}":1`).join(",")}}`,
      'a.jsonl:1:152732: "16384" is key number 16385 of the file, expected at most 16384 columns; use the same keys on each line.',
    ],
    [
      "objects that share no keys",
      Array.from({ length: 16_385 }, (_, i) => `{"k${i}":1}`).join("\n"),
      "a.jsonl:1025: the objects so far have 1025 keys in all but 1.0 each on the average, expected at least one in 64, since all others are empty cells; give every object the same keys.",
    ],
  ])("%s", (_, source, message) => {
    const error = thrownBy(() => readJsonLines(source, { name: "a.jsonl" }));
    expect(error).toBeInstanceOf(FormatError);
    expect((error as FormatError).message).toBe(message);
    const [, line = "1", column = "1"] = /^a\.jsonl(?::(\d+)(?::(\d+))?)?/.exec(message) ?? [];
    expect([(error as FormatError).line, (error as FormatError).column]).toEqual([
      Number(line),
      Number(column),
    ]);
  });
});

test("lines far down may bring new columns; the chunks before keep the names that they had", async () => {
  const lines = [...Array.from({ length: 20_000 }, () => '{"a":1}'), '{"b":2,"a":3}', '{"b":4}'];
  const chunks: TableChunk[] = [];
  for await (const chunk of jsonLinesChunks([utf8(lines.join("\n"))])) chunks.push(chunk);
  expect(chunks.map(({ names, from, rows }) => ({ names, from, rows }))).toEqual([
    { names: ["a"], from: 0, rows: 16_384 },
    { names: ["a", "b"], from: 16_384, rows: 3618 },
  ]);
  const table = await collectTable(chunks);
  expect(table.columns[0]?.slice(-2)).toEqual([3, null]);
  expect(table.columns[1]?.filter((value) => value !== null)).toEqual([2, 4]);
  expect(table.columns[1]).toHaveLength(20_002);
  expect(table.lines?.at(-1)).toBe(20_002);
});

const value = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 4 }),
  fc.constantFrom("a", "1", "__proto__", "", "\n"),
);
const object = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 5 });
const line = (members: [string, Value][], space: string): string =>
  `{${members.map(([name, cell]) => `${JSON.stringify(name)}${space}:${space}${Object.is(cell, -0) ? "-0" : JSON.stringify(cell)}`).join(`${space},`)}${space}}`;

test("any flat objects are read as they were written", () => {
  fc.assert(
    fc.property(
      fc.array(object, { minLength: 1, maxLength: 5 }),
      fc.constantFrom("", " ", "\t \r"),
      (rows, space) => {
        const table = readJsonLines(rows.map((members) => line(members, space)).join("\n"));
        expect(table.names).toEqual([...new Set(rows.flat().map(([name]) => name))]);
        expect(rowsOf(table)).toEqual(
          rows.map((members) => table.names.map((name) => new Map(members).get(name) ?? null)),
        );
      },
    ),
    { numRuns: 1000 },
  );
});

/** As the reader should judge one line, by JSON.parse; objects that double a key are told by their length. */
function judged(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return "refused";
    const flat = Object.values(parsed).every(
      (cell) =>
        (typeof cell !== "object" || cell === null) && (typeof cell !== "number" || Number.isFinite(cell)),
    );
    return flat ? new Map(Object.entries(parsed)) : "refused";
  } catch {
    return "refused";
  }
}

test("any text of one line is taken or refused as JSON.parse does, save for double keys", () => {
  const letters = [...'{}[]":,\\/ \tab01.-+eEutrfnls€', '{"a":', '"b":', "true", "null", "\\u0061", "1e5"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...letters), { maxLength: 12 }), fc.boolean(), (parts, wrap) => {
      const text = wrap ? `{"a":${parts.join("")}}` : parts.join("");
      if (text.trim() === "") return;
      let read: unknown = "refused";
      try {
        const table = readJsonLines(text);
        read = new Map(table.names.map((name, c) => [name, table.columns[c]?.[0]]));
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        if (/ twice /.test((error as Error).message)) return;
      }
      const wanted = judged(text);
      expect(read instanceof Map).toBe(wanted instanceof Map);
      if (read instanceof Map)
        expect(new Map([...read].sort())).toEqual(new Map([...(wanted as typeof read)].sort()));
    }),
    { numRuns: 10_000 },
  );
});

test("wherever the bytes are cut and whatever they are, there is one table or one error of the library", async () => {
  const base = utf8(
    '{"a": 1, "é": "x\\n\\u00e9"}\r\n{"__proto__": -1.5e3, "a": null}\n\n{"a": "😀", "b": true}\n',
  );
  const part = fc.oneof(
    fc.constantFrom('"', "{", "}", "[", ",", ":", "\n", "\\", "1e999", "\0", "€", "[".repeat(99)).map(utf8),
    fc.uint8Array({ maxLength: 3 }),
  );
  const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 6 }), part });
  await fc.assert(
    fc.asyncProperty(
      fc.array(edit, { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      async (edits, places) => {
        let bytes = base;
        for (const { at, remove, part: inserted } of edits) {
          const from = at % (bytes.length + 1);
          bytes = Uint8Array.of(...bytes.subarray(0, from), ...inserted, ...bytes.subarray(from + remove));
        }
        const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
          (a, b) => a - b,
        );
        const pieces = ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
        const ended = async (source: Uint8Array[]): Promise<unknown> => {
          try {
            return await collectTable(jsonLinesChunks(source));
          } catch (error) {
            expect(error).toBeInstanceOf(TalwegError);
            return (error as Error).message;
          }
        };
        const begun = performance.now();
        expect(await ended(pieces)).toEqual(await ended([bytes]));
        expect(performance.now() - begun).toBeLessThan(1000);
      },
    ),
    { numRuns: 1000 },
  );
});
