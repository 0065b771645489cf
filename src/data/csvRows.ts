/** Rows of CSV as rows of a table: the header's names, what counts as missing, and rows that are too short or too long. */
import { FormatError } from "../core/index.ts";
import type { CsvSink } from "./csvScanner.ts";
import { wordTest } from "./missingWords.ts";
import type { ChunkBuilder } from "./tableBuilder.ts";
import { MAX_COLUMNS, type TableNote } from "./tableLimits.ts";
import type { Value } from "./tableTypes.ts";

interface CsvRowsOptions {
  readonly name: string;
  readonly header: boolean;
  readonly ragged: "error" | "skip";
  readonly missing: readonly string[];
  readonly quotedMissing: boolean;
  readonly trim: boolean;
  readonly onNote: ((note: TableNote) => void) | undefined;
}

interface CsvRows extends CsvSink {
  /** @throws {FormatError} When there was no row at all. */
  end(): void;
}

export function csvRows(builder: ChunkBuilder, options: CsvRowsOptions): CsvRows {
  const { name, header, ragged, quotedMissing, trim, onNote } = options;
  const isMissing = wordTest(options.missing);
  /** The cells of the present row, and before the columns are known also their texts. */
  const row: Value[] = [];
  const texts: string[] = [];
  let width: number | undefined;
  let count = 0;
  let skipped = 0;
  let firstSkipped = 0;

  function begin(line: number, size: number): void {
    width = count;
    const names = header ? uniqueNames(texts, name, onNote) : texts.map((_, c) => `column${c + 1}`);
    for (const column of names) builder.addColumn(column);
    if (!header) builder.row(row, line, size);
  }

  function misfit(line: number, expected: number): void {
    if (ragged === "skip") {
      if (skipped++ === 0) firstSkipped = line;
      return;
    }
    throw new FormatError(
      `${name}:${line}: the row has ${count} ${count === 1 ? "cell" : "cells"}, expected ${expected} as the ` +
        `${header ? "header" : "first row"} has; mend the row (a cell that holds the delimiter needs quotes), or skip such rows (ragged: "skip").`,
      { line, column: Math.min(count, expected) + 1 },
    );
  }

  return {
    cell(text, quoted) {
      const place = count++;
      if (width !== undefined && place >= width) return;
      if (place === MAX_COLUMNS) {
        throw new FormatError(
          `${name}: the first row has more than ${MAX_COLUMNS} cells, expected at most so many columns; is the delimiter right?`,
          { column: place + 1 },
        );
      }
      const cell = trim && !quoted ? text.trim() : text;
      row[place] = (!quoted || quotedMissing) && isMissing(cell) ? null : cell;
      if (width === undefined) texts.push(cell);
    },
    row(line, size) {
      if (width === undefined) begin(line, size);
      else if (count !== width) misfit(line, width);
      else builder.row(row, line, size);
      count = 0;
    },
    end() {
      if (width === undefined) {
        throw new FormatError(
          `${name}: there is no row, expected ${header ? "a header with the names of the columns" : "at least one"}; the file is empty, look whether it is the right one.`,
          { line: 1, column: 1 },
        );
      }
      if (skipped === 0) return;
      const rows = skipped === 1 ? "1 row was" : `${skipped} rows were`;
      onNote?.({
        code: "skipped",
        message: `${name}: ${rows} skipped for not having ${width} cells, the first at line ${firstSkipped}.`,
        rows: skipped,
        line: firstSkipped,
      });
    },
  };
}

/** The names of a header, made unique: an empty one is called by its number, a second "a" is "a_2". */
function uniqueNames(
  given: readonly string[],
  name: string,
  onNote: ((note: TableNote) => void) | undefined,
): string[] {
  const taken = new Set(given);
  const seen = new Set<string>();
  /** The number to try next for a name, so that a thousand equal names cost a thousand tries. */
  const next = new Map<string, number>();
  const changed: number[] = [];
  const names = given.map((wanted, c) => {
    if (wanted !== "" && !seen.has(wanted)) {
      seen.add(wanted);
      return wanted;
    }
    changed.push(c + 1);
    const base = wanted === "" ? `column${c + 1}` : wanted;
    let unique = base;
    let number = next.get(base) ?? 2;
    while (taken.has(unique) || seen.has(unique)) unique = `${base}_${number++}`;
    next.set(base, number);
    seen.add(unique);
    return unique;
  });
  if (changed.length > 0) {
    const told = changed.slice(0, 5).map((c) => `column ${c} is now ${JSON.stringify(names[c - 1])}`);
    const more = changed.length > 5 ? ` and ${changed.length - 5} more` : "";
    onNote?.({
      code: "renamed",
      message: `${name}: names in the header that were empty or stood there twice were changed: ${told.join(", ")}${more}.`,
      columns: changed,
    });
  }
  return names;
}
