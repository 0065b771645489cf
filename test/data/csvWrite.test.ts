import { type Table, toCsv, type Value } from "talweg/data";
import { describe, expect, test } from "vitest";
import { thrownBy } from "../formats/material.ts";

describe("writing", () => {
  const table = (...columns: Value[][]): Table => ({
    names: columns.map((_, c) => `c${c}`),
    rows: columns[0]?.length ?? 0,
    columns,
  });

  test("texts that a spreadsheet would run are written harmless, numbers as they are", () => {
    const texts = ["=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "\rx", "-5", "+3.2e-4", "a=b", "'x"];
    const numbers = [-1, -0, 1e21, 0.1, true, null, Number.NaN, 5, 6, 7];
    expect(toCsv(table(texts, numbers))).toBe(
      [
        "c0,c1",
        "'=1+1,-1",
        "'+SUM(A1),-0",
        "'-2+3,1e+21",
        "'@x,0.1",
        '"\'\tx",true',
        '"\'\rx",',
        "-5,",
        "+3.2e-4,5",
        "a=b,6",
        "'x,7",
        "",
      ].join("\n"),
    );
    expect(toCsv(table(["=1+1"]), { escapeFormulas: false })).toBe("c0\n=1+1\n");
    expect(toCsv({ names: ["=cmd"], rows: 0, columns: [[]] })).toBe("'=cmd\n");
  });

  test("a later chunk is written without a header, and a null alone in its row as NA", () => {
    expect(toCsv(table(["1", null, "NA", ""]), { header: false })).toBe('1\nNA\n"NA"\n""\n');
    expect(toCsv({ names: [], rows: 2, columns: [] })).toBe("");
    expect((thrownBy(() => toCsv(table(["1"]), { delimiter: ":" })) as Error).message).toBe(
      'toCsv: delimiter is ":", expected ",", ";", "\\t" or "|", which readers guess; pass one of them.',
    );
  });
});
