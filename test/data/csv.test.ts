import { FormatError, OptionError } from "talweg/core";
import { type CsvOptions, readCsv, type Table, type TableNote, type Value } from "talweg/data";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Rows as they stand in the file. */
const rowsOf = ({ columns, rows }: Table): Value[][] =>
  Array.from({ length: rows }, (_, row) => columns.map((column) => column[row] as Value));

/** Texts as they are, so that nothing is missing. */
const asText: CsvOptions = { missing: [] };

function refusal(source: string | Uint8Array, options: CsvOptions = {}): FormatError {
  const error = thrownBy(() => readCsv(source, { name: "a.csv", ...options }));
  expect(error).toBeInstanceOf(FormatError);
  return error as FormatError;
}

describe("the cases of RFC 4180", () => {
  test.each<[string, string, string[], string[][]]>([
    [
      "plain cells",
      "a,b\n1,2\n3,4\n",
      ["a", "b"],
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    ["lines that end in CRLF", "a,b\r\n1,2\r\n", ["a", "b"], [["1", "2"]]],
    [
      "lines that end in CR",
      "a,b\r1,2\r3,4",
      ["a", "b"],
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    ["no line end after the last row", "a,b\n1,2", ["a", "b"], [["1", "2"]]],
    ["a comma in quotes", 'first,last\nJohn,"Doe, Jr."\n', ["first", "last"], [["John", "Doe, Jr."]]],
    [
      "quotes twice",
      'a,b\n1,"ha ""ha"" ha"\n"""",3\n',
      ["a", "b"],
      [
        ["1", 'ha "ha" ha'],
        ['"', "3"],
      ],
    ],
    [
      "a line break in quotes",
      'a,b\n1,"Once\nupon"\r\n2,"a\r\ntime"',
      ["a", "b"],
      [
        ["1", "Once\nupon"],
        ["2", "a\r\ntime"],
      ],
    ],
    ["quotes and line breaks", 'a,b\n1,"ha\n""ha""\nha"\n', ["a", "b"], [["1", 'ha\n"ha"\nha']]],
    [
      "empty cells",
      'a,b,c\n1,"",""\n2,3,4\n,,\n',
      ["a", "b", "c"],
      [
        ["1", "", ""],
        ["2", "3", "4"],
        ["", "", ""],
      ],
    ],
    ["a cell at the end that is empty", "a,b\n1,", ["a", "b"], [["1", ""]]],
    ["JSON in a cell", 'k,v\n1,"{""a"": [1, 2]}"\n', ["k", "v"], [["1", '{"a": [1, 2]}']]],
    [
      "letters beyond ASCII",
      "a,b\nʤ,😀\nключ,é\n",
      ["a", "b"],
      [
        ["ʤ", "😀"],
        ["ключ", "é"],
      ],
    ],
    ["names in quotes", '"a,1","b ""2"""\n1,2', ["a,1", 'b "2"'], [["1", "2"]]],
    ["spaces, which belong to the cell", " a, b\n 1 , 2 ", [" a", " b"], [[" 1 ", " 2 "]]],
    ["two quotes in a cell without quotes", 'a,b\n"x""y",z""w', ["a", "b"], [['x"y', 'z""w']]],
    ["a quote inside of a cell without quotes", 'a,b\n5\'11",x"y"', ["a", "b"], [["5'11\"", 'x"y"']]],
    ["empty lines, which are no rows", "\n\na\n\n1\r\n\r\n2\n\n", ["a"], [["1"], ["2"]]],
  ])("%s", (_, text, names, rows) => {
    for (const source of [text, utf8(text), utf8(`\uFEFF${text}`), `\uFEFF${text}`]) {
      const table = readCsv(source, { ...asText, delimiter: "," });
      expect(table.names).toEqual(names);
      expect(rowsOf(table)).toEqual(rows);
    }
  });
});

test("a row knows the line on which it began, whatever ends the lines and stands in quotes", () => {
  const text = 'a,b\n1,"x\n\ny"\r\n\r\n"p\r\nq\rr",2\r3,4\n';
  expect(readCsv(text).lines).toEqual([2, 6, 9]);
});

test("the delimiter is the one that the first line has most often outside of quotes, and is told", () => {
  const cases: [string, string, string][] = [
    ["a;b,c;d\n1;2,5;3", ";", "a semicolon"],
    ["a\tb\n1\t2", "\t", "a tab"],
    ["\n\na|b|c\n1|2|3", "|", "a bar"],
    ['"a;b;c",d\n1,2', ",", "a comma"],
    ["a\n1;2", ",", "a comma"],
    ["a,b;c\n1,2", ",", "a comma"],
  ];
  for (const [text, delimiter, called] of cases) {
    const notes: TableNote[] = [];
    const table = readCsv(text, { name: "a.csv", onNote: (note) => notes.push(note), ragged: "skip" });
    expect(notes[0]).toEqual({
      code: "delimiter",
      delimiter,
      message: `a.csv: ${called} stands between the cells, seen from the first line.`,
    });
    expect(table.source).toBe("a.csv");
  }
  expect(readCsv("a;b,c\n1;2,3", { delimiter: "," }).names).toEqual(["a;b", "c"]);
  expect(readCsv("a:b\n1:2", { delimiter: ":" }).names).toEqual(["a", "b"]);
});

test("words for nothing become null, in quotes too unless that is switched off", () => {
  const text = 'a,b\nNA,"NA"\n,""\nN/A,null\nNaN,?\nna, NA\n';
  const nothing = [null, null];
  expect(rowsOf(readCsv(text))).toEqual([nothing, nothing, nothing, nothing, ["na", " NA"]]);
  expect(rowsOf(readCsv(text, { quotedMissing: false })).slice(0, 2)).toEqual([
    [null, "NA"],
    [null, ""],
  ]);
  expect(rowsOf(readCsv('a\n"NA"', { quotedMissing: false }))).toEqual([["NA"]]);
  expect(rowsOf(readCsv(text, { trim: true })).at(-1)).toEqual(["na", null]);
  expect(rowsOf(readCsv("a\n-999\n-99\n", { missing: ["-999"] }))).toEqual([[null], ["-99"]]);
});

test("names that are empty or stand twice are made unique, and that is told", () => {
  const notes: TableNote[] = [];
  const table = readCsv("a,,a,a_2,a,column2\n1,2,3,4,5,6", {
    name: "a.csv",
    onNote: (note) => notes.push(note),
  });
  expect(table.names).toEqual(["a", "column2_2", "a_3", "a_2", "a_4", "column2"]);
  expect(notes[1]).toEqual({
    code: "renamed",
    columns: [2, 3, 5],
    message:
      'a.csv: names in the header that were empty or stood there twice were changed: column 2 is now "column2_2", ' +
      'column 3 is now "a_3", column 5 is now "a_4".',
  });
  expect(readCsv("1,x\n2,NA", { header: false })).toMatchObject({
    names: ["column1", "column2"],
    columns: [
      ["1", "2"],
      ["x", null],
    ],
  });
});

test("names such as __proto__ and constructor are only names", () => {
  const table = readCsv("__proto__,constructor,__proto__,toString\n1,2,3,4");
  expect(table.names).toEqual(["__proto__", "constructor", "__proto___2", "toString"]);
  expect(rowsOf(table)).toEqual([["1", "2", "3", "4"]]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe("what cannot be read is refused with its place and a remedy", () => {
  test.each<[string, string | Uint8Array, CsvOptions, string, { line?: number; column?: number }]>([
    [
      "a row that is too short",
      'a,b,c\n1,2,3\n4,"5\n"\n',
      {},
      'a.csv:3: the row has 2 cells, expected 3 as the header has; mend the row (a cell that holds the delimiter needs quotes), or skip such rows (ragged: "skip").',
      { line: 3, column: 3 },
    ],
    [
      "a row that is too long",
      "1,2\n1,2,3",
      { header: false },
      'a.csv:2: the row has 3 cells, expected 2 as the first row has; mend the row (a cell that holds the delimiter needs quotes), or skip such rows (ragged: "skip").',
      { line: 2, column: 3 },
    ],
    [
      "a quote that is never closed",
      'a,b\n1,2\n3,"4\n5,6\n',
      {},
      "a.csv:3:2: the quote that opens here is never closed, expected a second one; close it, or take it away.",
      { line: 3, column: 2 },
    ],
    [
      "a quote that is never closed, in a row that began lines before",
      'a,b\n"1\n\n2","4\n5,6\n',
      {},
      "a.csv:4:2: the quote that opens here is never closed, expected a second one; close it, or take it away.",
      { line: 4, column: 2 },
    ],
    [
      "text after a closing quote",
      'a,b\n1,"2"x,3\n',
      {},
      'a.csv:2:2: "x,3\\n" follows a closing quote, expected "," or the end of the line; write a quote inside of quotes twice (""), or take the quotes around the cell away.',
      { line: 2, column: 2 },
    ],
    [
      "a byte that is not UTF-8",
      Uint8Array.of(...utf8("a,b\nx,y\n1,caf"), 0xe9, 0x0a),
      {},
      "a.csv:3:2: the byte 0xe9 is not UTF-8, expected text in UTF-8; save the file as UTF-8 (from Windows-1252: iconv -f WINDOWS-1252 -t UTF-8).",
      { line: 3, column: 2 },
    ],
    [
      "UTF-16",
      Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x2c, 0),
      {},
      'a.csv: the file is UTF-16 text, expected text in UTF-8; save it as UTF-8 ("CSV UTF-8" in spreadsheets).',
      { line: 1, column: 1 },
    ],
    [
      "UTF-16 without a mark",
      Uint8Array.of(0x61, 0, 0x2c, 0),
      {},
      "a.csv: the file begins with a zero byte, expected text in UTF-8, so it is UTF-16 or no text at all; save it as UTF-8.",
      { line: 1, column: 1 },
    ],
    [
      "a spreadsheet",
      Uint8Array.of(0x50, 0x4b, 3, 4, 5),
      {},
      "a.csv: the file is a ZIP file or a spreadsheet, expected text in UTF-8; unpack it, or export the sheet as CSV.",
      { line: 1, column: 1 },
    ],
    [
      "nothing",
      "\r\n\n",
      {},
      "a.csv: there is no row, expected a header with the names of the columns; the file is empty, look whether it is the right one.",
      { line: 1, column: 1 },
    ],
    [
      "a cell without end",
      `a,b\n1,"${"x\n".repeat(600_000)}`,
      {},
      "a.csv:2:2: the cell that begins here has more than 1048576 characters, expected no more; a closing quote is missing, perhaps; close it, or shorten the cell.",
      { line: 2, column: 2 },
    ],
    [
      "a row without end",
      `a\n1${`,${"x".repeat(1_000_000)}`.repeat(17)}`,
      {},
      "a.csv:2:18: the row has more than 16777216 characters, expected no more; is the delimiter right?",
      { line: 2, column: 18 },
    ],
    [
      "too many columns",
      ",".repeat(16_384),
      {},
      "a.csv: the first row has more than 16384 cells, expected at most so many columns; is the delimiter right?",
      { column: 16_385 },
    ],
  ])("%s", (_, source, options, message, place) => {
    const error = refusal(source, options);
    expect(error.message).toBe(message);
    expect({ line: error.line, column: error.column }).toEqual({
      line: undefined,
      column: undefined,
      ...place,
    });
  });
});

test("rows of another length are skipped on request, and counted with the first one's line", () => {
  const notes: TableNote[] = [];
  const table = readCsv("a,b\n1\n2,3\n4,5,6\n7,8", {
    ragged: "skip",
    name: "a.csv",
    onNote: (note) => notes.push(note),
  });
  expect(rowsOf(table)).toEqual([
    ["2", "3"],
    ["7", "8"],
  ]);
  expect(table.lines).toEqual([3, 5]);
  expect(notes.at(-1)).toEqual({
    code: "skipped",
    message: "a.csv: 2 rows were skipped for not having 2 cells, the first at line 2.",
    rows: 2,
    line: 2,
  });
});

test("options that cannot work are refused by name", () => {
  for (const delimiter of ["", ",,", '"', "\n", 5]) {
    const error = thrownBy(() => readCsv("a", { delimiter: delimiter as string }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as OptionError).option).toBe("delimiter");
    expect((error as OptionError).message).toBe(
      `CSV: delimiter is ${JSON.stringify(delimiter)}, expected one character that is no quote and ends no line; pass "," or ";" or "\\t".`,
    );
  }
  expect((thrownBy(() => readCsv("a", { ragged: "no" as "skip" })) as Error).message).toBe(
    'CSV: ragged is "no", expected "error" or "skip"; pass one of them, or nothing.',
  );
  expect((thrownBy(() => readCsv("a", { missing: "NA" as unknown as string[] })) as Error).message).toBe(
    'CSV: missing is "NA", expected a list of texts that stand for nothing; pass for example ["", "NA", "-"].',
  );
  expect((thrownBy(() => readCsv(5 as unknown as string)) as Error).message).toBe(
    "CSV: the source is a number, expected text or a Uint8Array; read the file first.",
  );
});
